//! A list in pages is read to its end, or says why not.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::support::api::{self, OPEN};
use crate::support::{Act, Server, json};
use client_core::{Json, Pages, Stream};
use std::time::Duration;

const ONE: &str = r#"{"data":[{"id":"ann"},{"id":"bob"}]}"#;
const TWO: &str = r#"{"data" : [ {"id":"cid"} ] }"#;
const NONE: &str = r#"{"data":[ ]}"#;

/// What the stream says, a line each, and what it asked for.
async fn read(script: Vec<Act>, items: &'static str) -> (Vec<String>, Vec<String>) {
    let server = Server::start(script).await;
    let client = api::builder(&server.url()).build().unwrap();
    let mut pages = client.call(&OPEN).query("size", &2).pages::<Json, Json>("page", 1, items);
    let mut told = Vec::new();
    while let Some(page) = pages.next().await {
        told.push(match page {
            Ok(page) => page.into_body().as_str().to_owned(),
            Err(error) => error.to_string().replace(&server.address.to_string(), "HOST"),
        });
        assert!(told.len() < 10, "no end: {told:?}");
    }
    assert!(pages.next().await.is_none(), "an end is an end");
    let asked = server.requests().iter().filter_map(|request| request.lines().next().map(str::to_owned)).collect();
    (told, asked)
}

#[tokio::test]
async fn pages_are_read_until_one_is_empty() {
    let (told, asked) = read(vec![json(200, ONE), json(200, TWO), json(200, ONE), json(200, NONE)], "/data").await;
    assert_eq!(told, [ONE, TWO, ONE]);
    let expected: Vec<_> = (1..=4).map(|page| format!("GET /open?size=2&page={page} HTTP/1.1")).collect();
    assert_eq!(asked, expected);
    let (told, asked) = read(vec![json(200, NONE)], "/data").await;
    assert_eq!((told.len(), asked.len()), (0, 1));
    let (told, _) = read(vec![json(200, r#"{"a/b":{"list":[1]}}"#), json(200, r#"{"a/b":{"list":[]}}"#)], "/a~1b/list").await;
    assert_eq!(told.len(), 1);
    let (told, _) = read(vec![json(200, "[1,2]"), json(200, "\u{feff}[]")], "").await;
    assert_eq!(told, ["[1,2]"]);
}

#[tokio::test]
async fn what_is_no_page_is_an_error_and_the_end() {
    let type_error = "the response of Open at 127.0.0.1 (status 200) is malformed: expected an array of items at /data, found";
    let table: &[(Act, &str)] = &[
        (json(400, "{}"), "status 400"),
        (json(200, "{}"), &format!("{type_error} nothing")),
        (json(200, r#"{"data":null}"#), &format!("{type_error} null")),
        (json(200, r#"{"data":{}}"#), &format!("{type_error} an object")),
        (json(200, r#"{"data":7}"#), &format!("{type_error} a whole number")),
        (json(200, "[]"), &format!("{type_error} no object around it")),
        (json(200, ONE), "expected page 2, found the items of page 1 once more, as if `page` had not been read"),
        // The same users in an envelope that differs.
        (json(200, &ONE.replace("{\"data\"", r#"{"took":7,"data""#)), "found the items of page 1 once more"),
    ];
    for (act, expected) in table {
        let (told, asked) = read(vec![json(200, ONE), act.clone(), json(200, NONE)], "/data").await;
        assert_eq!((told.len(), asked.len()), (2, 2), "{act:?}: {told:?}");
        assert_eq!(told[0], ONE);
        assert!(told[1].contains(expected), "{expected}: {told:?}");
    }
}

#[tokio::test]
async fn options_count_for_every_page() {
    let server = Server::start(vec![json(200, ONE), json(200, TWO), Act::Stall]).await;
    let client = api::builder(&server.url()).timeout(Duration::from_secs(60)).build().unwrap();
    let call = client.call(&OPEN).header("x-trace", "7").timeout(Duration::from_millis(100)).keep_bytes().query("page", &9);
    let mut pages = call.pages::<Json, Json>("page", 0, "/data");
    for (number, body) in [ONE, TWO].iter().enumerate() {
        let page = pages.next().await.unwrap().unwrap();
        assert_eq!(page.bytes(), Some(body.as_bytes()), "page {number}");
    }
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("no response within 100ms"), "{error}");
    assert!(pages.next().await.is_none());
    let requests = server.requests();
    assert!(requests.len() >= 3);
    for (number, request) in requests.iter().enumerate().take(3) {
        assert!(request.contains(&format!("/open?page={number} ")) && request.contains("x-trace: 7"), "{request}");
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_told_once() {
    let client = api::builder("http://127.0.0.1:9").build().unwrap();
    let mut pages = client.call(&OPEN).header("x-trace", "a\nb").pages::<Json, Json>("page", 1, "/data");
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("was not sent"), "{error}");
    assert!(pages.next().await.is_none());
}

#[test]
fn a_stream_can_be_moved_to_another_thread() {
    fn check<S: Stream + Send + Unpin>(_: S) {}
    let client = api::builder("http://127.0.0.1:9").build().unwrap();
    let pages: Pages<'_, Json, Json> = client.call(&OPEN).pages("page", 1, "/data");
    check(pages);
}
