//! The fault table: what goes wrong on the wire, what the caller gets, and what was sent.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::support::api::{self, AGENT, CREATE_USER, DELETE_USER, GET_USER, PUT_USER, Problem, User};
use crate::support::{Act, Server, answer, json, message};
use client_core::reqwest::dns::{Name, Resolve, Resolving};
use client_core::{Client, Error, Operation, RateLimit, Response};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

const USER: &str = r#"{"user_ID":"ann","error":null}"#;

type Outcome = Result<Response<User>, Error<Problem>>;

async fn call(client: &Client, operation: &'static Operation) -> Outcome {
    let user = api::user();
    let body = matches!(operation.id, "PutUser" | "CreateUser").then_some(&user);
    client.call(operation).path("userID", "ann").json_optional(body).send().await
}

fn shown(outcome: &Outcome) -> String {
    match outcome {
        Ok(response) => {
            format!("ok {} attempts={} {:?}", response.status().as_u16(), response.attempts(), response.user_id)
        }
        Err(error) => {
            let kind = match error {
                Error::NotSent(_) => "NotSent",
                Error::Response(_) => "Response",
                Error::Malformed(_) => "Malformed",
                Error::TimedOut(_) => "TimedOut",
                Error::Transport(_) => "Transport",
                _ => "?",
            };
            let body = error.error_response().map(|refusal| {
                let title = refusal.body.as_ref().map(|problem| problem.title.as_deref().unwrap_or("(no title)"));
                format!(" typed body={title:?}")
            });
            let (arrived, attempts) = (error.may_have_arrived(), error.attempts());
            format!("{kind}{} attempts={attempts} may_have_arrived={arrived}\n    {error}", body.unwrap_or_default())
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_caller_learns_what_happened_and_only_safe_calls_are_repeated() {
    let plain = |status, body| answer(status, &[("content-type", "text/plain")], body);
    let html =
        "<!doctype html><html><head><title>502</title><style>p{color:red}</style></head><body><h1>Bad Gateway</h1></body></html>";
    let page = |status| answer(status, &[("content-type", "text/html")], html);
    let problem = |status| json(status, r#"{"code":7,"title":"No","token":"t0ken-planted"}"#);
    let head = |body: &str, length| message(200, &[("content-type", "application/json")], body, length);
    let later = |status, after: &str, body| answer(status, &[("content-type", "application/json"), ("retry-after", after)], body);
    let date = httpdate::fmt_http_date(SystemTime::now() - Duration::from_secs(60));
    let bytes = |content_type: &str, body: &[u8]| {
        let mut response = message(200, &[("content-type", content_type)], "", body.len());
        response.extend_from_slice(body);
        Act::Answer(response)
    };
    let utf16: Vec<u8> = USER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let gzip = answer(200, &[("content-type", "application/json"), ("content-encoding", "gzip")], "\u{1f}not deflated");
    let deep = format!(r#"{{"x":{}{}}}"#, "[".repeat(130), "]".repeat(130));
    let table: Vec<(&str, &'static Operation, Vec<Act>)> = vec![
        ("success", &GET_USER, vec![json(200, USER)]),
        ("success with an undocumented status", &CREATE_USER, vec![json(201, USER)]),
        ("success as plain text", &GET_USER, vec![plain(200, USER)]),
        ("success without a type", &GET_USER, vec![answer(200, &[], USER)]),
        ("reset before the answer", &GET_USER, vec![Act::ResetBefore, json(200, USER)]),
        ("reset before the answer, never ending", &GET_USER, vec![Act::ResetBefore]),
        ("reset before the answer, not repeatable", &CREATE_USER, vec![Act::ResetBefore, json(200, USER)]),
        ("reset mid-head", &GET_USER, vec![Act::ResetAfter(b"HTTP/1.1 200 O".to_vec())]),
        ("reset mid-body", &GET_USER, vec![Act::ResetAfter(head(r#"{"user_"#, 100)), json(200, USER)]),
        ("reset mid-body, not repeatable", &CREATE_USER, vec![Act::ResetAfter(head(r#"{"user_"#, 100)), json(200, USER)]),
        ("closed mid-body", &CREATE_USER, vec![Act::Answer(head(r#"{"user_"#, 100))]),
        ("not HTTP", &CREATE_USER, vec![Act::Answer(b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec())]),
        ("stalled before the answer", &GET_USER, vec![Act::Stall]),
        ("stalled mid-body", &GET_USER, vec![Act::StallAfter(head(r#"{"user_"#, 100))]),
        ("truncated JSON", &GET_USER, vec![json(200, r#"{"user_ID":"an"#)]),
        (
            "another type",
            &GET_USER,
            vec![json(200, r#"{"user_ID":"x","Groups":[{"Name":"a"},{"Name":"t0ken-planted","Id":{}}]}"#)],
        ),
        ("another type with a secret value", &GET_USER, vec![json(200, r#"{"Level":"hunter2, expected i64"}"#)]),
        ("a number in words", &GET_USER, vec![json(200, r#"{"claim_Maximum":"one"}"#)]),
        ("an array for an object", &GET_USER, vec![json(200, "[]")]),
        (
            "wrong content type",
            &GET_USER,
            vec![answer(200, &[("content-type", "application/xml")], "<User>t0ken-planted</User>")],
        ),
        ("HTML with success", &GET_USER, vec![page(200)]),
        ("HTML with an error", &PUT_USER, vec![page(502), page(502), page(502)]),
        ("empty body", &GET_USER, vec![answer(200, &[("content-type", "application/json")], "")]),
        ("no content", &GET_USER, vec![answer(204, &[], "")]),
        ("null where nobody forbids it", &GET_USER, vec![json(200, "null")]),
        ("100 MB body", &GET_USER, vec![Act::Flood(200, 100 << 20)]),
        ("100 MB error", &CREATE_USER, vec![Act::Flood(500, 100 << 20)]),
        ("400 with a typed body", &CREATE_USER, vec![problem(400)]),
        ("400 with another body", &CREATE_USER, vec![json(400, r#"["hunter2-planted","why"]"#)]),
        ("400 with broken JSON", &CREATE_USER, vec![json(400, r#"{"Password":"hunter2-planted","#)]),
        ("401 with a fixed token", &GET_USER, vec![problem(401), json(200, USER)]),
        ("403", &GET_USER, vec![problem(403)]),
        ("404 empty", &GET_USER, vec![answer(404, &[], "")]),
        ("409", &PUT_USER, vec![problem(409)]),
        ("429 then success", &PUT_USER, vec![later(429, "0", "{}"), json(200, USER)]),
        ("429 with a date then success", &GET_USER, vec![later(429, &date, "{}"), json(200, USER)]),
        ("429 beyond the deadline", &GET_USER, vec![later(429, "3600", r#"{"title":"slow down"}"#)]),
        ("429 not repeatable", &CREATE_USER, vec![later(429, "0", "{}"), json(200, USER)]),
        ("500", &GET_USER, vec![problem(500), json(200, USER)]),
        ("503 then success", &DELETE_USER, vec![problem(503), problem(503), json(200, USER)]),
        ("503 never ending", &GET_USER, vec![problem(503)]),
        ("503 not repeatable", &CREATE_USER, vec![problem(503), json(200, USER)]),
        ("redirect", &GET_USER, vec![answer(302, &[("location", "/elsewhere")], "")]),
        ("a byte order mark", &GET_USER, vec![json(200, &format!("\u{feff}{USER}"))]),
        ("a byte order mark and a failure", &GET_USER, vec![json(200, "\u{feff}{\"error\":{\"title\":\"no\"}}")]),
        ("UTF-16", &GET_USER, vec![bytes("application/json; charset=utf-16", &utf16)]),
        ("latin-1", &GET_USER, vec![bytes("application/json; charset=iso-8859-1", b"{\"user_ID\":\"Bj\xf8rn\"}")]),
        ("gzip that was not asked for", &GET_USER, vec![gzip]),
        ("half of a surrogate pair", &GET_USER, vec![json(200, r#"{"user_ID":"a","x":"\ud83d"}"#)]),
        ("more than 128 levels", &GET_USER, vec![json(200, &deep)]),
        ("NaN", &GET_USER, vec![json(200, r#"{"user_ID":"a","x":NaN}"#)]),
        ("a number beyond all", &GET_USER, vec![json(200, r#"{"claim_Maximum":1e999}"#)]),
        ("a failure with half of a surrogate pair", &GET_USER, vec![json(200, r#"{"error":{"title":"\ud83d"}}"#)]),
        ("a failure beside a number beyond all", &GET_USER, vec![json(200, r#"{"error":{"title":"no"},"t":1e999}"#)]),
        ("a failure beside a value of another type", &GET_USER, vec![json(200, r#"{"error":{"title":"no"},"Level":{}}"#)]),
        ("two values", &GET_USER, vec![json(200, "{} {}")]),
        ("a number as text", &GET_USER, vec![json(200, r#"{"claim_Maximum":"100.50"}"#)]),
        ("a number that is too large", &GET_USER, vec![json(200, r#"{"user_ID":"a","Level":99999999999}"#)]),
        ("nulls in lists", &GET_USER, vec![json(200, r#"{"user_ID":"ann","Groups":[null,{"Id":"1"}],"Tags":["x",null]}"#)]),
        ("an object for a list", &GET_USER, vec![json(200, r#"{"user_ID":"a","Groups":{"Id":"1"}}"#)]),
        ("429 with a wait beyond 64 bits", &GET_USER, vec![later(429, "99999999999999999999999", "{}"), json(200, USER)]),
        ("reset, then 404", &DELETE_USER, vec![Act::ResetBefore, problem(404)]),
        ("404", &DELETE_USER, vec![problem(404)]),
        ("503, then 404", &DELETE_USER, vec![problem(503), problem(404)]),
        ("429, then 404", &DELETE_USER, vec![later(429, "0", "{}"), problem(404)]),
        ("reset, then 400", &PUT_USER, vec![Act::ResetBefore, problem(400)]),
        ("reset, then nobody listens", &PUT_USER, vec![Act::ResetAndLeave]),
        ("200 with a failure", &GET_USER, vec![json(200, r#"{"error":{"password":"p","title":"x"}}"#)]),
        ("200 with null", &AGENT, vec![json(200, "null")]),
        ("200 with a message", &AGENT, vec![json(200, r#"{"Message":"No such user","MessageDetail":""}"#)]),
    ];
    let mut report = String::new();
    for (name, operation, script) in table {
        let server = Server::start(script).await;
        let client = api::builder(&server.url()).build().unwrap();
        let outcome = call(&client, operation).await;
        let text = shown(&outcome);
        assert!(!text.contains("planted"), "{name}: {text}");
        writeln!(report, "{name}: {} -> {text}\n    sent: {}", operation.id, server.request_lines().join(", ")).unwrap();
    }
    insta::assert_snapshot!("faults", report);
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_even_for_what_must_not_be_repeated() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = api::builder(&format!("http://{closed}")).build().unwrap();
    for operation in [&GET_USER, &CREATE_USER] {
        let outcome = call(&client, operation).await;
        insta::allow_duplicates! {
            let text = shown(&outcome).replace(operation.id, "The call");
            insta::assert_snapshot!(text, @r"
            NotSent attempts=3 may_have_arrived=false
                The call at 127.0.0.1 was not sent: no connection: Connection refused (os error 111)
            ");
        }
    }
}

#[tokio::test]
async fn a_connection_that_takes_too_long_is_told_from_an_answer_that_does() {
    struct Never;
    impl Resolve for Never {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(std::future::pending())
        }
    }
    let client = api::builder("http://localhost:9")
        .connect_timeout(Duration::from_millis(50))
        .http(|http| http.dns_resolver(Arc::new(Never)))
        .build()
        .unwrap();
    let outcome = call(&client, &CREATE_USER).await;
    insta::assert_snapshot!(shown(&outcome), @r"
    TimedOut attempts=3 may_have_arrived=false
        CreateUser at localhost timed out: no connection within 50ms; nothing was sent
    ");
}

#[tokio::test]
async fn a_redirect_carries_nothing_to_another_origin() {
    let other = Server::start(vec![json(200, USER)]).await;
    for status in [301, 302, 303, 307, 308] {
        let first = Server::start(vec![answer(status, &[("location", &other.url())], "")]).await;
        let client = api::builder(&first.url())
            .http(|http| http.redirect(client_core::reqwest::redirect::Policy::limited(5)))
            .build()
            .unwrap();
        let error = call(&client, &PUT_USER).await.unwrap_err();
        assert!(error.to_string().contains("a redirect, which is not followed"), "{error}");
        assert_eq!(first.requests().len(), 1);
    }
    assert!(other.requests().is_empty(), "the other origin got {:?}", other.requests());
}

#[tokio::test]
async fn a_retry_waits_as_long_as_the_vendor_asks() {
    let later = answer(503, &[("retry-after", "1")], "");
    let server = Server::start(vec![later, json(200, USER)]).await;
    let client = api::builder(&server.url()).build().unwrap();
    let start = Instant::now();
    call(&client, &GET_USER).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn the_deadline_ends_a_call_whatever_it_waits_for() {
    let server = Server::start(vec![Act::Stall]).await;
    let builder = || api::builder(&server.url()).deadline(Duration::from_millis(200));
    let start = Instant::now();
    let stalled = call(&builder().build().unwrap(), &GET_USER).await;
    let slow = || async { std::future::pending().await };
    let waiting = builder().credential("bearer", client_core::Credential::source(slow)).build().unwrap();
    let waiting = call(&waiting, &GET_USER).await;
    let limited = builder().rate_limit(RateLimit { per_second: 0.1, burst: 1 }).build().unwrap();
    let _ = call(&limited, &GET_USER).await;
    let limited = call(&limited, &GET_USER).await;
    assert!(start.elapsed() < Duration::from_secs(3));
    let limited = shown(&limited);
    let limited = limited.split("asks for").next().unwrap();
    insta::assert_snapshot!(format!("{}\n{}\n{limited}", shown(&stalled), shown(&waiting)), @r"
    TimedOut attempts=1 may_have_arrived=true
        GetUser at 127.0.0.1 timed out: the deadline has passed after 200ms
    TimedOut attempts=0 may_have_arrived=false
        GetUser at 127.0.0.1 timed out: the deadline has passed after 200ms; nothing was sent
    NotSent attempts=0 may_have_arrived=false
        GetUser at 127.0.0.1 was not sent: the rate limit
    ");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn the_rate_limit_spaces_requests() {
    let server = Server::start(vec![json(200, USER)]).await;
    let client = api::builder(&server.url()).rate_limit(RateLimit { per_second: 20.0, burst: 2 }).build().unwrap();
    let start = Instant::now();
    for _ in 0..6 {
        call(&client, &GET_USER).await.unwrap();
    }
    assert!(start.elapsed() >= Duration::from_millis(190), "{:?}", start.elapsed());
}

#[tokio::test]
async fn where_no_body_is_documented_none_is_needed() {
    let table = [
        ("no content", answer(204, &[], ""), true),
        ("empty", answer(200, &[], ""), true),
        ("null", json(200, "null"), true),
        ("white space", answer(200, &[("content-type", "text/html")], " \r\n"), true),
        ("JSON", json(200, r#"{"done":true}"#), true),
        ("JSON as plain text", answer(200, &[("content-type", "text/plain")], "[]"), true),
        ("HTML", answer(200, &[("content-type", "text/html")], "<title>Sign in</title>"), false),
        ("HTML that says it is JSON", json(200, "<title>Sign in</title>"), false),
        ("text", answer(200, &[("content-type", "text/plain")], "OK"), false),
        ("a body that is too large", Act::Flood(200, 100 << 20), false),
        ("a failure", json(200, r#"{"Message":"no"}"#), false),
        ("an error", answer(404, &[], ""), false),
    ];
    for (name, act, expected) in table {
        let server = Server::start(vec![act]).await;
        let client = api::builder(&server.url()).build().unwrap();
        let outcome = client.call(&AGENT).send_empty::<()>().await;
        assert_eq!(outcome.is_ok(), expected, "{name}: {outcome:?}");
    }
}
