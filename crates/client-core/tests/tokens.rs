//! Tokens from a source: fetched once for all who wait, again after their time or a 401, and never for nothing.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::support::api::{self, CREATE_USER, GET_USER};
use crate::support::{Act, Server, json};
use client_core::{BoxError, Client, Credential, Error, Json, SharedTokenSource, Token, TokenSource};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

type Outcome = Result<client_core::Response<Json>, Error>;

/// A source that takes a while, gives `token-1`, `token-2` and so on, and fails as often as it is told to.
fn source(fetches: &Arc<AtomicU32>, failures: u32, lifetime: Option<Duration>) -> impl TokenSource + use<> {
    let fetches = Arc::clone(fetches);
    move || {
        let fetches = Arc::clone(&fetches);
        async move {
            let number = fetches.fetch_add(1, Ordering::SeqCst) + 1;
            tokio::time::sleep(Duration::from_millis(30)).await;
            if number <= failures {
                return Err(BoxError::from("the login page is down"));
            }
            let token = Token::new(format!("token-{number}"));
            Ok(match lifetime {
                Some(lifetime) => token.expires_in(lifetime),
                None => token,
            })
        }
    }
}

async fn get(client: &Client) -> Outcome {
    client.call(&GET_USER).path("userID", "ann").send().await
}

async fn many(client: &Client, calls: usize) -> Vec<Outcome> {
    let tasks: Vec<_> = (0..calls)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { get(&client).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

fn tokens_sent(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let header = |request: &String| {
        let line = request.lines().find_map(|line| line.strip_prefix("authorization: Bearer "));
        line.unwrap_or("none").to_owned()
    };
    requests.iter().map(header).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_callers_share_one_fetch() {
    let fetches = Arc::new(AtomicU32::new(0));
    let server = Server::start(vec![json(200, "{}")]).await;
    let client = api::builder(&server.url()).credential("bearer", Credential::source(source(&fetches, 0, None))).build().unwrap();
    let outcomes = many(&client, 20).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(fetches.load(Ordering::SeqCst), 1);
    assert_eq!(tokens_sent(&server), vec!["token-1"; 20]);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_callers_share_one_refresh_after_a_401() {
    let fetches = Arc::new(AtomicU32::new(0));
    let stale = Act::If("token-1", Box::new(json(401, "{}")), Box::new(json(200, "{}")));
    let script = vec![json(200, "{}"), stale];
    let server = Server::start(script).await;
    let client = api::builder(&server.url()).credential("bearer", Credential::source(source(&fetches, 0, None))).build().unwrap();
    get(&client).await.unwrap();
    let outcomes = many(&client, 8).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(fetches.load(Ordering::SeqCst), 2, "one for the start, one for all eight refusals");
}

#[tokio::test]
async fn a_401_is_answered_with_one_new_token_and_one_repetition() {
    let fetches = Arc::new(AtomicU32::new(0));
    let server = Server::start(vec![json(401, r#"{"message":"token-1 and token-2 are stale"}"#)]).await;
    let client = api::builder(&server.url()).credential("bearer", Credential::source(source(&fetches, 0, None))).build().unwrap();
    let user = api::user();
    let error = client.call(&CREATE_USER).json(&user).send::<Json, ()>().await.unwrap_err();
    assert_eq!(tokens_sent(&server), ["token-1", "token-2"]);
    assert_eq!(error.attempts(), 2);
    assert!(!error.to_string().contains("token-2"), "{error}");
}

#[tokio::test]
async fn a_token_is_fetched_again_before_its_time_is_over() {
    let fetches = Arc::new(AtomicU32::new(0));
    let server = Server::start(vec![json(200, "{}")]).await;
    let lifetime = Some(Duration::from_millis(300));
    let source = Credential::source(source(&fetches, 0, lifetime));
    let client = api::builder(&server.url()).credential("bearer", source).build().unwrap();
    get(&client).await.unwrap();
    get(&client).await.unwrap();
    tokio::time::sleep(Duration::from_millis(310)).await;
    get(&client).await.unwrap();
    assert_eq!(tokens_sent(&server), ["token-1", "token-1", "token-2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_fetch_is_shared_by_who_waited_and_tried_again_by_who_comes_later() {
    let fetches = Arc::new(AtomicU32::new(0));
    let server = Server::start(vec![json(200, "{}")]).await;
    let client = api::builder(&server.url()).credential("bearer", Credential::source(source(&fetches, 1, None))).build().unwrap();
    let outcomes = many(&client, 5).await;
    for outcome in outcomes {
        let error = outcome.unwrap_err();
        assert_eq!(error.to_string(), "GetUser at 127.0.0.1 was not sent: the token source of bearer failed");
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the login page is down");
    }
    assert_eq!((fetches.load(Ordering::SeqCst), server.requests().len()), (1, 0));
    get(&client).await.unwrap();
    assert_eq!(tokens_sent(&server), ["token-2"]);
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_hold_up_the_others() {
    let fetches = Arc::new(AtomicU32::new(0));
    let server = Server::start(vec![json(200, "{}")]).await;
    let client = api::builder(&server.url()).credential("bearer", Credential::source(source(&fetches, 0, None))).build().unwrap();
    assert!(tokio::time::timeout(Duration::from_millis(5), get(&client)).await.is_err());
    get(&client).await.unwrap();
    assert_eq!(tokens_sent(&server), ["token-2"]);
}

#[tokio::test]
async fn a_session_can_be_a_client_parameter_that_is_fetched() {
    let fetches = Arc::new(AtomicU32::new(0));
    let server = Server::start(vec![json(401, "{}"), json(200, "{}")]).await;
    let client = api::builder(&server.url()).client_parameter_from("x-database", source(&fetches, 0, None)).build().unwrap();
    get(&client).await.unwrap();
    let sessions: Vec<_> = server.requests().iter().map(|request| request.contains("x-database: token-2")).collect();
    assert_eq!(sessions, [false, true]);
}

#[tokio::test]
async fn a_token_that_no_header_can_carry_is_not_sent() {
    let server = Server::start(vec![Act::ResetBefore]).await;
    let broken = || async { Ok::<_, BoxError>(Token::new("a\r\nx-evil: planted")) };
    let client = api::builder(&server.url()).credential("bearer", Credential::source(broken)).build().unwrap();
    let error = get(&client).await.unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "the token has characters that a header cannot carry");
    assert!(server.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_token_in_two_places_is_fetched_once_and_the_same_in_both() {
    let fetches = Arc::new(AtomicU32::new(0));
    let stale = Act::If("Bearer token-1", Box::new(json(401, "{}")), Box::new(json(200, "{}")));
    let server = Server::start(vec![stale]).await;
    let session = SharedTokenSource::new(source(&fetches, 0, None));
    let builder = api::builder(&server.url()).credential("bearer", Credential::source(session.clone()));
    let client = builder.client_parameter_from("x-database", session).build().unwrap();
    let outcomes = many(&client, 8).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(fetches.load(Ordering::SeqCst), 2, "one for the start, one for all refusals");
    for request in server.requests() {
        let both = ["token-1", "token-2"].map(|token| request.matches(token).count());
        assert!(both == [2, 0] || both == [0, 2], "{request}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_refused_logins_callers_wait_instead_of_logging_in_each() {
    let fetches = Arc::new(AtomicU32::new(0));
    let server = Server::start(vec![json(200, "{}")]).await;
    let builder = api::builder(&server.url()).deadline(Duration::from_millis(1200));
    let client = builder.credential("bearer", Credential::source(source(&fetches, u32::MAX, None))).build().unwrap();
    let start = std::time::Instant::now();
    for _ in 0..20 {
        for outcome in many(&client, 5).await {
            let error = outcome.unwrap_err();
            assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the login page is down");
        }
    }
    // At once, after half a second, after one more; the next wait is longer than the deadline, so nobody begins it.
    assert_eq!(fetches.load(Ordering::SeqCst), 3);
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_vendor_that_takes_no_token_is_not_asked_for_one_per_call() {
    let fetches = Arc::new(AtomicU32::new(0));
    let server = Server::start(vec![json(401, "{}")]).await;
    let builder = api::builder(&server.url()).deadline(Duration::from_millis(700));
    let client = builder.credential("bearer", Credential::source(source(&fetches, 0, None))).build().unwrap();
    for _ in 0..10 {
        let error = get(&client).await.unwrap_err();
        assert!(error.status().is_some_and(|status| status == 401) || error.to_string().contains("token source"), "{error}");
    }
    assert!(fetches.load(Ordering::SeqCst) <= 4, "{fetches:?}");
}
