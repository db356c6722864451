//! A scripted server on 127.0.0.1: takes what is sent, answers with bytes, and ends with its test.
//!
//! Input: one action per connection. Output: the requests as they came. Each connection serves one request, so that a script
//! reads as a list of attempts.

#![allow(clippy::unwrap_used, reason = "a broken test server has to stop its test")]

pub(crate) mod api;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server does with one connection.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Answers with these bytes and closes.
    Answer(Vec<u8>),
    /// The first act for a request that has this text in it, the second one for others.
    If(&'static str, Box<Act>, Box<Act>),
    /// Takes the request and resets the connection.
    ResetBefore,
    /// The same, and nobody listens any more.
    ResetAndLeave,
    /// Sends these bytes and resets the connection.
    ResetAfter(Vec<u8>),
    /// Takes the request and says nothing.
    Stall,
    /// Sends these bytes and says nothing more.
    StallAfter(Vec<u8>),
    /// Announces and sends a body of so many bytes, with this status.
    Flood(u16, usize),
}

/// An answer with a JSON body.
pub(crate) fn json(status: u16, body: &str) -> Act {
    answer(status, &[("content-type", "application/json; charset=utf-8")], body)
}

/// An answer with these headers.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Act {
    Act::Answer(message(status, headers, body, body.len()))
}

/// The bytes of an answer that announces a body of `length` bytes.
pub(crate) fn message(status: u16, headers: &[(&str, &str)], body: &str, length: usize) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} Scripted\r\nconnection: close\r\ncontent-length: {length}\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

/// A running server.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Serves one connection per act, in order; the last act is repeated, up to fifty connections in all.
    pub(crate) async fn start(script: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            for attempt in 0..50 {
                let Ok((stream, _)) = listener.accept().await else {
                    return;
                };
                let act = script.get(attempt).or(script.last()).cloned().unwrap_or(Act::ResetBefore);
                let log = Arc::clone(&log);
                if matches!(act, Act::ResetAndLeave) {
                    drop(listener);
                    let _ = tokio::time::timeout(Duration::from_secs(20), serve(stream, act, log)).await;
                    return;
                }
                tokio::spawn(tokio::time::timeout(Duration::from_secs(20), serve(stream, act, log)));
            }
        });
        Self { address, seen, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far, each as its head and body, without what changes from run to run.
    pub(crate) fn requests(&self) -> Vec<String> {
        let port = self.address.port().to_string();
        self.seen.lock().unwrap().iter().map(|request| request.replace(&port, "PORT")).collect()
    }

    /// The first lines of the requests so far.
    pub(crate) fn request_lines(&self) -> Vec<String> {
        self.requests().iter().map(|request| request.lines().next().unwrap_or_default().to_owned()).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, act: Act, log: Arc<Mutex<Vec<String>>>) {
    let Some(request) = read_request(&mut stream).await else {
        return;
    };
    let act = match act {
        Act::If(text, then, _) if request.contains(text) => *then,
        Act::If(_, _, otherwise) => *otherwise,
        act => act,
    };
    log.lock().unwrap().push(request);
    match act {
        Act::If(..) => {}
        Act::Answer(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Act::ResetBefore | Act::ResetAndLeave => reset(stream),
        Act::ResetAfter(bytes) => {
            let _ = stream.write_all(&bytes).await;
            // The client has to read what was sent before the reset drops it.
            tokio::time::sleep(Duration::from_millis(50)).await;
            reset(stream);
        }
        Act::Stall => tokio::time::sleep(Duration::from_secs(20)).await,
        Act::StallAfter(bytes) => {
            let _ = stream.write_all(&bytes).await;
            tokio::time::sleep(Duration::from_secs(20)).await;
        }
        Act::Flood(status, length) => {
            let head = message(status, &[("content-type", "application/json")], "\"", length);
            let _ = stream.write_all(&head).await;
            let block = vec![b'x'; 1 << 16];
            for _ in 0..=length / block.len() {
                if stream.write_all(&block).await.is_err() {
                    return;
                }
            }
        }
    }
}

fn reset(stream: TcpStream) {
    stream.set_zero_linger().unwrap();
}

async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    // A request of the tests has far fewer than a thousand pieces.
    for _ in 0..1000 {
        let read = stream.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
            if body.len() >= length {
                return Some(text.replace("\r\n", "\n").trim_end().to_owned());
            }
        }
    }
    None
}
