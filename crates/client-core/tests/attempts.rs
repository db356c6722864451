//! What all attempts of a call have done is told by its error, whatever the last one of them came to.

use crate::support::api::{self, CREATE_USER, PUT_USER, Problem, User};
use crate::support::{Act, Server, json};
use client_core::{BoxError, BuildError, Client, Credential, Error, NotSentCause, Operation, RateLimit, Response, Token};
use std::io::Write as _;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

async fn call(client: &Client, operation: &'static Operation) -> Result<Response<User>, Error<Problem>> {
    client.call(operation).path("userID", "ann").json(&api::user()).send().await
}

/// A source whose first token is refused or lost, and that fails from then on.
fn failing() -> Credential {
    let asked = AtomicU32::new(0);
    Credential::source(move || {
        let first = asked.fetch_add(1, Ordering::SeqCst) == 0;
        async move { if first { Ok(Token::new("first").expires_in(Duration::ZERO)) } else { Err::<_, BoxError>("gone".into()) } }
    })
}

#[tokio::test]
async fn what_fails_before_a_second_attempt_leaves_the_first_one_told() {
    let table =
        [("lost", Act::ResetBefore, true), ("served a 503", json(503, "{}"), true), ("refused by a 429", json(429, "{}"), false)];
    for (name, first, arrived) in table {
        let server = Server::start(vec![first]).await;
        let source = api::builder(&server.url()).credential("bearer", failing()).build().unwrap();
        let limited = api::builder(&server.url()).deadline(Duration::from_millis(400));
        let limited = limited.rate_limit(RateLimit { per_second: 0.01, burst: 1 }).build().unwrap();
        for client in [source, limited] {
            let error = call(&client, &PUT_USER).await.unwrap_err();
            assert!(matches!(&error, Error::NotSent(_)), "{name}: {error}");
            assert_eq!((error.may_have_arrived(), error.attempts()), (arrived, 1), "{name}: {error}");
            assert_eq!(error.to_string().contains("an earlier attempt may have taken effect"), arrived, "{name}: {error}");
        }
    }
}

#[tokio::test]
async fn a_tls_handshake_that_fails_is_not_tried_again_and_says_what_to_do() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let connections = std::sync::Arc::new(AtomicU32::new(0));
    let counted = std::sync::Arc::clone(&connections);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten().take(5) {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut stream = stream;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        }
    });
    let client = api::builder(&format!("https://localhost:{port}")).build().unwrap();
    let error = call(&client, &CREATE_USER).await.unwrap_err();
    let Error::NotSent(not_sent) = &error else { panic!("{error}") };
    assert!(matches!(not_sent.cause, NotSentCause::Tls(_)), "{error:?}");
    assert_eq!((error.attempts(), connections.load(Ordering::SeqCst), error.may_have_arrived()), (1, 1, false));
    assert!(error.to_string().contains("check the base URL's scheme") && error.to_string().contains("`http`"), "{error}");
}

#[test]
fn without_tls_https_is_refused_before_anything_is_sent() {
    let error = BuildError::NoTls { host: "api.example.com".to_owned() };
    assert!(error.to_string().contains("`rustls` or `native-tls`"), "{error}");
    let built = Client::builder("https://api.example.com", &[]).build();
    let has_tls = cfg!(any(feature = "rustls", feature = "native-tls"));
    assert_eq!(matches!(built, Err(BuildError::NoTls { .. })), !has_tls, "{built:?}");
}

#[tokio::test]
async fn errors_name_the_vendor_the_operation_and_the_host() {
    let server = Server::start(vec![json(400, "{}")]).await;
    let client = api::builder(&server.url()).vendor("Example").build().unwrap();
    let error = call(&client, &PUT_USER).await.unwrap_err();
    assert_eq!(error.to_string(), "Example PutUser at 127.0.0.1 returned status 400: {}");
    assert_eq!((error.call().vendor, &*error.call().host), ("Example", "127.0.0.1"));
}
