//! Interceptors see each attempt, and credentials only where they ask for them.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::support::api::{self, GET_USER, LOGIN};
use crate::support::{Act, Server, answer, json};
use client_core::{Attempt, AttemptOutcome, BoxError, Credential, HeaderMap, Interceptor, Json, Secret, StatusCode};
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }
}

impl Interceptor for Log {
    fn request(&self, attempt: &mut Attempt<'_>) -> Result<(), BoxError> {
        attempt.set_header("traceparent", "00-1-2-01")?;
        self.add(format!("{} {} {} {attempt:?} {:?}", attempt.number(), attempt.method(), attempt.path(), attempt.headers()));
        Ok(())
    }

    fn response(&self, attempt: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
        let told = format!("{} {outcome} {outcome:?} {:?} {}", attempt.number(), outcome.headers(), outcome.excerpt());
        self.add(told);
    }
}

/// Signs with what it asks for.
struct Sign;

impl Interceptor for Sign {
    fn request(&self, attempt: &mut Attempt<'_>) -> Result<(), BoxError> {
        let key = attempt.expose_headers().get("x-api-key").and_then(|key| key.to_str().ok()).unwrap_or_default().len();
        let signature = format!("{}-{key}-{}", attempt.expose_body().len(), attempt.expose_url().len());
        attempt.set_header("x-signature", &signature)
    }
}

#[tokio::test]
async fn each_attempt_is_seen_without_secrets() {
    let echo = answer(503, &[("set-cookie", "sid=planted")], r#"{"idToken":"planted","title":"k3y-planted"}"#);
    let server = Server::start(vec![echo, Act::ResetBefore, json(200, "{}")]).await;
    let log = Log::default();
    let builder = api::builder(&server.url()).interceptor(log.clone()).interceptor(Sign);
    let client = builder.credential("sig", Credential::key("planted")).build().unwrap();
    client.call(&GET_USER).path("userID", "ann").header("x-pin", &Secret::from("planted")).send::<Json, ()>().await.unwrap();
    let told = log.0.lock().unwrap().join("\n");
    assert!(!told.contains("planted"), "{told}");
    let expected = ["1 GET /users", "1 status 503", "2 GET /users", "2 the connection", "3 GET /users", "3 status 200"];
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{told}");
    for (line, start) in lines.iter().zip(expected) {
        assert!(line.starts_with(start), "{line} instead of {start}");
    }
    for request in server.requests() {
        assert!(request.contains("traceparent: 00-1-2-01") && request.contains("x-signature: 0-11-"), "{request}");
    }
}

#[tokio::test]
async fn derived_clients_have_the_same_interceptors_and_one_may_answer_or_refuse() {
    struct Cache;
    impl Interceptor for Cache {
        fn request(&self, attempt: &mut Attempt<'_>) -> Result<(), BoxError> {
            match attempt.operation() {
                "GetUser" => attempt.respond(StatusCode::OK, HeaderMap::new(), r#"{"from":"cache"}"#),
                other => return Err(format!("{other} is not for this program").into()),
            }
            Ok(())
        }
    }
    let base = api::builder("http://127.0.0.1:9").interceptor(Cache).build().unwrap();
    let client = base.to_builder().credential("basic", Credential::basic("ann", "x")).build().unwrap();
    let response = client.call(&GET_USER).path("userID", "ann").send::<Json, ()>().await.unwrap();
    assert_eq!(serde_json::to_string(response.body()).unwrap(), r#"{"from":"cache"}"#);
    let error = client.call(&LOGIN).send::<Json, ()>().await.unwrap_err();
    assert_eq!(error.to_string(), "Login at 127.0.0.1 was not sent: an interceptor kept it back");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "Login is not for this program");
}
