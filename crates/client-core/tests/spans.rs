//! A call leaves one span: operation, method, status, attempts, and nothing that a caller or vendor put in.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::support::api::{self, PUT_USER};
use crate::support::{Server, json};
use client_core::Json;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes down the client's own spans and events.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, what: &str, record: impl FnOnce(&mut dyn Visit)) {
        let mut line = Line(what.to_owned());
        record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!(" {field}={value:?}"));
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("client_core")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.add(&format!("span {}", span.metadata().name()), |line| span.record(line));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.add("record", |line| values.record(line));
    }

    fn event(&self, event: &Event<'_>) {
        self.add("event", |line| event.record(line));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_span_tells_operation_status_and_attempts_without_values() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    // Other tests of this binary may have found just before that nobody listens.
    tracing::callsite::rebuild_interest_cache();
    let server = Server::start(vec![json(503, r#"{"token":"planted"}"#), json(200, "{}")]).await;
    let client = api::builder(&server.url()).build().unwrap();
    let user = api::user();
    client.call(&PUT_USER).path("userID", "planted").query("q", "planted").json(&user).send::<Json, ()>().await.unwrap();
    let lines = log.0.lock().unwrap().join("\n");
    assert!(!lines.contains("planted"), "{lines}");
    let port = server.address.port().to_string();
    let waits = lines.find("wait_ms=").map(|at| at + "wait_ms=".len()).unwrap();
    let wait: String = lines[waits..].chars().take_while(char::is_ascii_digit).collect();
    insta::assert_snapshot!(lines.replace(&format!("wait_ms={wait}"), "wait_ms=N").replace(&port, "PORT"), @r#"
    span call otel.kind="client" peer.service="" operation.name="PutUser" http.request.method="PUT" url.template="/users/{userID}" server.address="127.0.0.1" server.port=PORT
    event message=trying again attempts=1 wait_ms=N
    record http.response.status_code=200
    record http.request.resend_count=1
    "#);
}
