//! Nothing that a program prints shows a secret: errors with their sources, clients, calls, values, spans.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::support::api::{self, AGENT, CREATE_USER, GET_USER, LOGIN, OPEN, PUT_USER, Problem, User};
use crate::support::{Act, Server, answer, json};
use client_core::{BoxError, Credential, Error, Field, Json, Secret, Token};
use std::fmt::{Debug, Write as _};

/// Every planted secret has this in it, in one form or another.
const PLANTED: [&str; 4] = ["planted", "cGxhbnRlZ", "hbnRlZ", "4711"];

fn user() -> User {
    let mut user = User { pin: "4711".into(), ..api::user() };
    user.extra.insert("undocumented_token", "planted-extra");
    user
}

fn all_of(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        write!(text, "{error}\n{error:?}\n{error:#?}\n").unwrap();
        next = error.source();
    }
    text
}

fn hold(report: &mut String, name: &str, text: &str) {
    let leaked: Vec<_> = PLANTED.iter().filter(|planted| text.contains(**planted)).collect();
    assert!(leaked.is_empty(), "{name} shows {leaked:?}: {text}");
    let line = format!("{name}: {}\n", text.lines().next().unwrap_or_default());
    // The same line twice tells a reader nothing.
    if !report.contains(&line) {
        report.push_str(&line);
    }
}

#[tokio::test]
async fn errors_show_no_secret_however_the_vendor_returns_it() {
    let echo = r#"{"detail":["k3y-planted",4711,{"Pin":"x"}],"idToken":"planted-by-the-vendor","title":"password hunter2-planted is weak"}"#;
    let html = "<p>Your password=planted-by-the-vendor, Bearer t0ken-planted, pin 4711</p><!-- k3y-planted -->";
    let basic = "Authorization: Basic YW5uOmNsZWFyLXBsYW50ZWQ= was clear-planted";
    let text = |body| answer(500, &[("content-type", "text/plain"), ("set-cookie", "sid=planted")], body);
    let acts = vec![
        ("echo in an error", json(400, echo)),
        ("echo in a failure", json(200, &format!(r#"{{"error":{echo}}}"#))),
        ("echo in another type", json(200, r#"{"Level":"hunter2-planted, expected nothing at line 4711"}"#)),
        ("echo in broken JSON", json(200, r#"{"Password":"hunter2-planted"#)),
        ("echo in broken JSON of an error", json(500, r#"{"Password":"planted-by-the-vendor"#)),
        ("echo in HTML", answer(500, &[("content-type", "text/html")], html)),
        ("echo in HTML of a success", answer(200, &[("content-type", "text/html")], html)),
        ("echo in text", text(basic)),
        ("echo in a content type", answer(200, &[("content-type", "hunter2-planted")], "x")),
        ("echo in a redirect", answer(302, &[("location", "https://x/?token=planted")], "t0ken-planted")),
        ("lost", Act::ResetBefore),
        ("stalled", Act::Stall),
    ];
    let mut report = String::new();
    let body = user();
    for (name, act) in acts {
        let server = Server::start(vec![act]).await;
        let client = api::builder(&server.url())
            .credential("basic", Credential::basic("ann", "clear-planted"))
            .client_parameter("x-database", Secret::from("planted-constant"))
            .build()
            .unwrap();
        let secret = Secret::from("planted-argument");
        let call = client.call(&PUT_USER).path("userID", "ann").query("code", &secret).header("x-old", &secret).json(&body);
        hold(&mut String::new(), &format!("{name}: call"), &format!("{call:?} {client:?}"));
        let error = call.send::<User, Problem>().await.unwrap_err();
        hold(&mut report, name, &all_of(&error));
        let login = client.call(&LOGIN).form("weak", &Secret::from("hunter2-planted")).form("short", &Secret::from("4711"));
        hold(&mut report, &format!("{name}: login"), &all_of(&login.send::<User, Problem>().await.unwrap_err()));
    }
    insta::assert_snapshot!("errors", report);
}

#[tokio::test]
async fn what_is_not_sent_shows_no_secret_either() {
    let failing = || async { Err::<Token, _>(BoxError::from("no luck")) };
    let broken = || async { Ok::<_, BoxError>(Token::new("planted\n")) };
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let builder = || api::builder(&format!("http://{closed}"));
    let clients = [
        builder(),
        builder().credential("bearer", Credential::source(failing)),
        builder().credential("bearer", Credential::source(broken)),
        builder().credential("ticket", Credential::key("planted")),
    ];
    let wrong = User { password: "planted".into(), phone: "planted".into(), ..User::default() };
    let mut report = String::new();
    for builder in clients {
        hold(&mut report, "builder", &format!("{builder:?}"));
        let client = builder.build().unwrap();
        for operation in [&GET_USER, &CREATE_USER, &LOGIN, &AGENT, &OPEN] {
            let call = client.call(operation).path("userID", "planted").query("q", "planted");
            let error: Error = call.send::<Json, ()>().await.unwrap_err();
            hold(&mut report, operation.id, &all_of(&error).replace(&closed.port().to_string(), "PORT"));
        }
        let error: Error = client.call(&PUT_USER).path("userID", "planted/..").json(&wrong).send::<Json, ()>().await.unwrap_err();
        hold(&mut report, "violations", &all_of(&error));
    }
    for builder in [
        api::builder("https://planted:planted@x/?planted"),
        api::builder("http://").client_parameter("x", "planted"),
        api::builder("https://x").credential("key", Credential::key("planted\0")),
        api::builder("https://x").credential("basic", Credential::basic("planted:", "planted")),
    ] {
        hold(&mut report, "unbuilt builder", &format!("{builder:?}"));
        hold(&mut report, "unbuilt client", &all_of(&builder.build().unwrap_err()));
    }
    insta::assert_snapshot!("not_sent", report);
}

#[test]
fn values_show_no_secret() {
    let user = user();
    let values: [(&str, &dyn Debug); 7] = [
        ("record", &user),
        ("field", &Field::Value(Secret::from("planted"))),
        ("credential", &Credential::basic("ann", "planted")),
        ("key", &Credential::key("planted")),
        ("source", &Credential::source(|| async { Ok::<_, BoxError>(Token::new("planted")) })),
        ("token", &Token::new("planted")),
        ("json", &Json::from("planted")),
    ];
    let mut report = String::new();
    for (name, value) in values {
        hold(&mut report, name, &format!("{value:?}"));
        assert!(!format!("{value:#?}").contains("planted"));
    }
    insta::assert_snapshot!("values", report);
}

#[tokio::test]
async fn an_answer_shows_its_typed_body_without_headers_and_secrets() {
    let body = r#"{"user_ID":"ann","Password":"planted","Pin":"4711","new":"planted"}"#;
    let headers = [("content-type", "application/json"), ("set-cookie", "sid=planted"), ("x-pagination", "{}")];
    let server = Server::start(vec![answer(200, &headers, body)]).await;
    let client = api::builder(&server.url()).build().unwrap();
    let response = client.call(&OPEN).send::<User, ()>().await.unwrap();
    assert_eq!((response.header("x-pagination"), response.password.as_ref().map(Secret::expose)), (Some("{}"), Some("planted")));
    hold(&mut String::new(), "response", &format!("{response:?} {:?}", response.headers()));
}
