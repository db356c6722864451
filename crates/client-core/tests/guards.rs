//! What is sent, to the byte, and what is refused before anything is sent.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::support::api::{self, AGENT, CREATE_USER, DELETE_USER, GET_USER, LOGIN, OPEN, PUT_USER, SCHEMES};
use crate::support::{Server, json};
use client_core::{ArgumentPlace, Client, Constraints, Credential, Error, Field, Json, RetryPolicy, Secret};
use std::fmt::Write as _;
use std::time::Duration;

type Outcome = Result<client_core::Response<Json>, Error<Json>>;

#[tokio::test]
async fn a_request_has_what_is_documented_and_nothing_else() {
    let server = Server::start(vec![json(200, "{}")]).await;
    let client = api::builder(&(server.url() + "/base/v1/"))
        .user_agent("vendor/1.2")
        .credential("basic", Credential::basic("ann", "pässword"))
        .credential("ticket", Credential::key("7T:abc"))
        .client_parameter("Accept-Language", "nb")
        .client_parameter("tenant", "Cust 1&2")
        .build()
        .unwrap();
    let user = api::user();
    let (none, some): (Field<String>, Field<String>) = (Field::Null, "x y".into());
    let list = vec![1, 2];
    let calls = [
        client.call(&GET_USER).path("userID", "ann").query("page", &2).query("q", &some).query("none", &none),
        client.call(&GET_USER).path("userID", "ann").query("id", &list).query("text", "a+b&c=d ü").header("x-ids", &list),
        client.call(&PUT_USER).path("userID", &7).json(&user).header("expired-id-token", &Some(Secret::from("old"))),
        client.call(&DELETE_USER).path("userID", "ann"),
        client.call(&CREATE_USER).json(&user),
        client.call(&LOGIN).form("grant type", "client_credentials").form("secret", &Secret::from("a&b")),
        client.call(&AGENT).json_optional(None::<&api::User>),
        client.call(&OPEN),
    ];
    for call in calls {
        call.send::<Json, Json>().await.unwrap();
    }
    insta::assert_snapshot!("requests", server.requests().join("\n----\n"));
}

#[tokio::test]
async fn path_values_arrive_intact_or_not_at_all() {
    let server = Server::start(vec![json(200, "{}")]).await;
    let client = api::builder(&(server.url() + "/v1")).build().unwrap();
    let values = [
        "ann",
        "a/b",
        "a?b#c",
        "100%",
        "%2e%2e",
        "%2F",
        "a b+c",
        "grüße",
        "ann@example.com",
        "a;b=c,d:e",
        "...",
        ".a",
        "a..b",
        "a\\b",
        "{x}",
        "~-_",
        "😀",
        "",
        ".",
        "..",
        "../x",
        "x/..",
        "a/../b",
        "..\\admin",
        "x\\..",
        ".\\x",
        "a\rb",
        "a\nb",
        "a\0b",
        "a\tb",
        "\u{7f}",
        "\u{85}",
    ];
    let mut report = String::new();
    for value in values {
        let before = server.requests().len();
        let outcome: Outcome = client.call(&DELETE_USER).path("userID", value).send().await;
        let lines = server.request_lines();
        match outcome {
            Ok(_) => writeln!(report, "{value:?} => {}", lines[before]),
            Err(error) => {
                assert_eq!(lines.len(), before, "nothing is sent");
                writeln!(report, "{value:?} => {}", error.violations().expect("a violation"))
            }
        }
        .unwrap();
    }
    insta::assert_snapshot!("path_values", report);
}

#[tokio::test]
async fn all_that_is_wrong_stands_in_one_error_and_nothing_is_sent() {
    let server = Server::start(vec![json(200, "{}")]).await;
    let client = api::builder(&server.url()).build().unwrap();
    let user = api::User { phone: "12".into(), ..api::User::default() };
    let calls = [
        client
            .call(&PUT_USER)
            .path("userID", "..")
            .header("x-one", "a\r\nx-evil: 1")
            .header("x-two", "nul\0")
            .header("x-three", "grüße")
            .check(ArgumentPlace::Header, "x-four", &Field::<String>::Absent, &Constraints::REQUIRED)
            .check(ArgumentPlace::Query, "size", &1000, &Constraints::NONE.maximum(100.0))
            .json(&user),
        client.call(&PUT_USER).json(&user),
        client.call(&GET_USER),
    ];
    let mut report = String::new();
    for call in calls {
        let error: Error = call.send::<Json, ()>().await.unwrap_err();
        assert!(!error.may_have_arrived() && error.attempts() == 0);
        writeln!(report, "{error}").unwrap();
    }
    assert!(server.requests().is_empty());
    insta::assert_snapshot!("all_violations", report);
}

#[tokio::test]
async fn missing_credentials_and_client_parameters_are_named_before_anything_is_sent() {
    let server = Server::start(vec![json(200, "{}")]).await;
    let bare = || Client::builder(server.url(), SCHEMES).retries(RetryPolicy::NONE);
    let database = || bare().client_parameter("X-Database", "ACME");
    let clients = [
        ("nothing", bare()),
        ("a client parameter", database()),
        ("half of a pair", database().credential("key", Credential::key("k"))),
        ("the other half", database().credential("bearer", Credential::token("t"))),
        ("a pair", database().credential("key", Credential::key("k")).credential("bearer", Credential::token("t"))),
        ("an alternative", database().credential("ticket", Credential::key("t"))),
        ("two alternatives", database().credential("ticket", Credential::key("t")).credential("sig", Credential::key("s 1"))),
    ];
    let mut report = String::new();
    for (name, builder) in clients {
        let client = builder.build().unwrap();
        writeln!(report, "{name}").unwrap();
        for operation in [&GET_USER, &LOGIN, &AGENT, &OPEN] {
            let before = server.requests().len();
            let outcome: Outcome = client.call(operation).path("userID", "ann").send().await;
            let requests = server.requests();
            match outcome {
                Ok(_) => {
                    let lines = requests[before].lines().filter(|line| !line.starts_with("host"));
                    let sent = lines.filter(|line| !line.starts_with("accept:") && !line.starts_with("user-agent"));
                    writeln!(report, "    {} sent: {}", operation.id, sent.collect::<Vec<_>>().join(" | "))
                }
                Err(error) => {
                    assert_eq!(requests.len(), before, "nothing is sent");
                    writeln!(report, "    {error}")
                }
            }
            .unwrap();
        }
    }
    insta::assert_snapshot!("credentials", report);
}

#[test]
fn a_client_that_would_leak_or_cannot_work_is_not_built() {
    let plain = |url: &str| Client::builder(url, SCHEMES);
    let urls = [
        "https://api.example.com/v1",
        "http://127.0.0.1:80",
        "http://127.1.2.3/",
        "http://[::1]:9/x",
        "http://localhost",
        "http://0x7f.1/",
        "http://api.example.com",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://[::ffff:1.2.3.4]",
        "https://ann:hunter2@api.example.com",
        "http://ann@localhost",
        "https://api.example.com/?key=hunter2",
        "https://api.example.com/#x",
        "ftp://api.example.com",
        "file:///etc/passwd",
        "api.example.com",
        "",
    ];
    let mut report = String::new();
    for url in urls {
        let outcome = plain(url).build().map_or_else(|error| error.to_string(), |_| "fine".to_owned());
        writeln!(report, "{url} => {outcome}").unwrap();
    }
    let https = || plain("https://api.example.com");
    let others = [
        ("allowed", plain("http://api.example.com").allow_insecure(true)),
        ("unknown scheme", https().credential("oauth", Credential::token("x"))),
        ("key for basic", https().credential("basic", Credential::key("x"))),
        ("basic for bearer", https().credential("bearer", Credential::basic("a", "b"))),
        ("user with a colon", https().credential("basic", Credential::basic("a:b", "c"))),
        ("key with a line end", https().credential("key", Credential::key("hunter2\r\nx: y"))),
        ("client parameter with NUL", https().client_parameter("x-database", "hunter2\0")),
        ("user agent", https().user_agent("a\nb")),
    ];
    for (name, builder) in others {
        let outcome = builder.build().map_or_else(|error| error.to_string(), |_| "fine".to_owned());
        writeln!(report, "{name} => {outcome}").unwrap();
    }
    assert!(!report.replace("ann:hunter2@", "").replace("?key=hunter2", "").contains("hunter2"));
    insta::assert_snapshot!("builds", report);
}

#[test]
fn calls_can_be_sent_from_any_thread_and_errors_are_small() {
    fn sendable(_: impl Send) {}
    let client = api::builder("https://api.example.com").build().unwrap();
    let user = api::user();
    sendable(client.call(&PUT_USER).json(&user).send::<api::User, api::Problem>());
    assert_eq!(size_of::<Error<api::Problem>>(), 16);
}

#[tokio::test]
async fn a_derived_client_has_the_same_transport_settings_and_credentials() {
    let server = Server::start(vec![json(200, "{}")]).await;
    let proxy = reqwest::Proxy::all(server.url()).unwrap();
    let base = api::builder("http://vendor.example/v1").allow_insecure(true).http(move |http| http.proxy(proxy)).build().unwrap();
    let derived = base.to_builder().credential("bearer", Credential::token("other")).client_parameter("x-database", "EMCA");
    let client = derived.base_url("http://login.example").build().unwrap();
    client.call(&GET_USER).path("userID", "ann").send::<Json, ()>().await.unwrap();
    let request = server.requests().concat();
    for part in
        ["GET http://login.example/users/ann ", "x-api-key: k3y-planted", "authorization: Bearer other", "x-database: EMCA"]
    {
        assert!(request.contains(part), "{request}");
    }
    assert!(!request.contains("ACME"), "{request}");

    let further = base.to_builder().connect_timeout(Duration::from_secs(7)).http(|http| http.http1_title_case_headers());
    further.build().unwrap().call(&OPEN).send::<Json, ()>().await.unwrap();
    let request = server.requests().pop().unwrap();
    assert!(request.starts_with("GET http://vendor.example/v1/open ") && request.contains("User-Agent: "), "{request}");
}
