//! HTTP for the emulators.
//!
//! From connections to requests as data for the vendor, and from its replies to the wire. Knows no vendor.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use client_core::serde_json::{self, Value};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::exchange::{Exchange, Reply, Request};
use super::{Shared, Vendor, fault, lock};

/// Serves until it is dropped.
pub(super) async fn serve<V: Vendor>(listener: TcpListener, shared: Arc<Shared<V>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let service = service_fn(|request| respond(request, &shared));
            // A client that went away is nothing to report.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn respond<V: Vendor>(request: hyper::Request<Incoming>, shared: &Shared<V>) -> io::Result<hyper::Response<Full<Bytes>>> {
    let request = read::<V>(request).await;
    let happening = request.as_ref().map(|request| fault::happening(&mut lock(&shared.faults), request)).unwrap_or_default();
    if let Some(delay) = happening.delay {
        tokio::time::sleep(delay).await;
    }
    let reset = || io::Error::from(io::ErrorKind::ConnectionReset);
    if happening.reset_before {
        return Err(reset());
    }
    let reply = match (&request, happening.reply) {
        (Some(_), Some(reply)) => reply,
        (Some(request), None) => lock(&shared.vendor).respond(request),
        (None, _) => Reply::empty(400),
    };
    if let Some(request) = request {
        lock(&shared.exchanges).push(Exchange { request, reply: reply.clone() });
    }
    if happening.reset_after {
        return Err(reset());
    }
    let mut response = hyper::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    let body = match &reply.body {
        Some(body) => {
            response = response.header("content-type", "application/json; charset=utf-8");
            Full::new(Bytes::from(body.to_string()))
        }
        None => Full::default(),
    };
    Ok(response.body(body).unwrap_or_default())
}

async fn read<V: Vendor>(request: hyper::Request<Incoming>) -> Option<Request> {
    let (head, body) = request.into_parts();
    let bytes = body.collect().await.ok()?.to_bytes();
    let path = head.uri.path().strip_prefix(V::BASE)?;
    let header = |name: &hyper::header::HeaderName, value: &hyper::header::HeaderValue| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    let headers: BTreeMap<_, _> = head.headers.iter().filter_map(|(name, value)| header(name, value)).collect();
    let text = String::from_utf8_lossy(&bytes);
    let body = if headers.get("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        Value::Object(pairs(&text).into_iter().map(|(name, value)| (name, Value::String(value))).collect())
    } else {
        serde_json::from_slice(&bytes).unwrap_or_default()
    };
    Some(Request {
        method: head.method.as_str().to_owned(),
        path: path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect(),
        query: head.uri.query().map(pairs).unwrap_or_default(),
        headers,
        body,
    })
}

fn pairs(text: &str) -> BTreeMap<String, String> {
    let members = text.split('&').filter(|member| !member.is_empty());
    members
        .map(|member| {
            let (name, value) = member.split_once('=').unwrap_or((member, ""));
            (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
        })
        .collect()
}

/// Undoes percent-encoding; what is not encoded well stays as it is.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let pair = tail.get(..2).and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        match (first, pair) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The header of Basic.
#[allow(dead_code, reason = "which vendors use Basic depends on the features")]
pub(super) fn basic((user, password): (&str, &str)) -> String {
    format!("Basic {}", base64::Engine::encode(&base64::engine::general_purpose::STANDARD, format!("{user}:{password}")))
}
