//! A client on no runtime, on several, and on one that stands still.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::support::api::{self, OPEN};
use client_core::{BuildError, Json, RateLimit};
use std::io::{Read as _, Write as _};
use std::task::{Context, Poll, Waker};
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A server that keeps its connections, on threads of its own.
fn keeping() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let kept = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let (mut stream, mut bytes) = (stream, [0; 4096]);
                while stream.read(&mut bytes).is_ok_and(|read| read > 0) && stream.write_all(kept).is_ok() {}
            });
        }
    });
    url
}

#[test]
fn a_client_works_on_another_runtime_whether_the_first_one_is_gone_or_stands_still() {
    let client = api::builder(&keeping()).build().unwrap();
    let call = |runtime: &Runtime| runtime.block_on(client.call(&OPEN).send::<Json, ()>()).map(|response| response.attempts());
    let idle = runtime();
    assert_eq!(call(&idle).unwrap(), 1);
    assert_eq!(call(&runtime()).unwrap(), 1, "the first runtime has the connection, and drives it no longer");
    assert_eq!(call(&runtime()).unwrap(), 1);
    assert_eq!(call(&idle).unwrap(), 1);
}

#[test]
fn a_call_outside_of_a_runtime_is_an_error_that_names_tokio() {
    let client = api::builder("http://127.0.0.1:9").build().unwrap();
    let mut call = Box::pin(client.call(&OPEN).send::<Json, ()>());
    let Poll::Ready(Err(error)) = call.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("expected an error at once");
    };
    assert!(error.to_string().starts_with("Open at 127.0.0.1 was not sent: it needs Tokio"), "{error}");
    assert!(!error.may_have_arrived());
}

#[test]
fn a_rate_under_which_nothing_is_ever_sent_is_refused() {
    for per_second in [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let outcome = api::builder("http://127.0.0.1:9").rate_limit(RateLimit { per_second, burst: 1 }).build();
        assert!(matches!(outcome, Err(BuildError::RateLimit { .. })), "{per_second}");
    }
    assert!(api::builder("http://127.0.0.1:9").rate_limit(RateLimit { per_second: 1e-300, burst: 0 }).build().is_ok());
}
