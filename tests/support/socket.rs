//! A server on 127.0.0.1 that keeps what it is sent and answers from a table.
//!
//! Input: the answers, one per connection. Output: the requests, byte for byte. Knows nothing of vendors or clients.

use std::{
    fmt::{self, Display, Formatter},
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};

/// Longer than any exchange takes on a busy machine, so that a fault ends a test instead of hanging it.
const PATIENCE: Duration = Duration::from_secs(20);

/// One request as it went over the wire.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    /// The values of one header, whatever its case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(sent, _)| sent.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn parse(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let mut first = lines.next()?.split(' ');
        let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
        let headers = lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_owned(), value.to_owned()));
        Some(Self { method, target, headers: headers.collect(), body: body.to_owned() })
    }

    /// Sends this request as it is and gives the status and body of the answer.
    pub(crate) async fn send(&self, to: SocketAddr) -> (u16, String) {
        let mut message = format!("{} {} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            if !["host", "connection", "content-length"].contains(&name.to_ascii_lowercase().as_str()) {
                message += &format!("{name}: {value}\r\n");
            }
        }
        message += &format!("content-length: {}\r\n\r\n{}", self.body.len(), self.body);
        let exchange = async {
            let mut stream = TcpStream::connect(to).await?;
            stream.write_all(message.as_bytes()).await?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await?;
            std::io::Result::Ok(String::from_utf8_lossy(&answer).into_owned())
        };
        let answer = timeout(PATIENCE, exchange).await.expect("an answer in time").expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an HTTP answer");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status line");
        (status, body.to_owned())
    }
}

/// The headers in the order of their names, since that in which they go out means nothing.
impl Display for Request {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        writeln!(to, "{} {}", self.method, self.target)?;
        let mut headers = self.headers.clone();
        headers.sort();
        for (name, value) in headers {
            writeln!(to, "{name}: {value}")?;
        }
        if self.body.is_empty() { Ok(()) } else { writeln!(to, "\n{}", self.body) }
    }
}

/// A running server; it ends when it is dropped.
pub(crate) struct Recorder {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
    task: JoinHandle<()>,
}

impl Recorder {
    /// Answers each connection with the next status and JSON body; the last is repeated.
    pub(crate) async fn start(answers: &[(u16, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let answers: Vec<(u16, String)> = answers.iter().map(|(status, body)| (*status, (*body).to_owned())).collect();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            for number in 0..1000 {
                let Ok((stream, _)) = listener.accept().await else { return };
                let Some((status, body)) = answers.get(number).or(answers.last()) else { return };
                let _ = timeout(PATIENCE, serve(stream, *status, body, &log)).await;
            }
        });
        Self { address, seen, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What came so far, with the port's number taken out.
    pub(crate) fn requests(&self) -> Vec<Request> {
        let mut requests = self.seen.lock().expect("no server panicked").clone();
        for (_, value) in requests.iter_mut().flat_map(|request| &mut request.headers) {
            *value = value.replace(&self.address.to_string(), "127.0.0.1:PORT");
        }
        requests
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, status: u16, body: &str, log: &Mutex<Vec<Request>>) {
    let Some(request) = read(&mut stream).await else { return };
    log.lock().expect("no other server panicked").push(request);
    let mut answer = format!("HTTP/1.1 {status} Recorded\r\nconnection: close\r\n");
    // A 204 must have neither.
    if status != 204 {
        answer += &format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
    }
    let _ = stream.write_all(format!("{answer}\r\n{body}").as_bytes()).await;
    let _ = stream.shutdown().await;
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&buffer[..read]);
        let Some(request) = std::str::from_utf8(&bytes).ok().and_then(Request::parse) else { continue };
        let length = request.header("content-length").map_or(0, |length| length.parse().expect("a length"));
        if request.body.len() >= length {
            return Some(request);
        }
    }
}
