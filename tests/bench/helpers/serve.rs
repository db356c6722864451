//! A vendor's server for one operation, in a process of its own: `serve PATH EXPECTED ANSWER [HEADER VALUE]…`.
//!
//! Input: the path, files with the body that is expected and the one that is answered, and the headers that must come
//! with it. Output: its address on standard output. Whatever lacks anything gets 400 and the reason, so that no client is
//! measured that sends less than the others. Ends with its standard input, and after ten minutes at the latest.

use std::{
    env,
    error::Error,
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process, thread,
    time::Duration,
};

use serde_json::Value;

const LIMIT: Duration = Duration::from_secs(600);

struct Expected {
    path: String,
    body: Value,
    headers: Vec<(String, String)>,
    response: Vec<u8>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [path, body, response, headers @ ..] = arguments.as_slice() else {
        return Err("serve PATH EXPECTED ANSWER [HEADER VALUE]…".into());
    };
    let headers = headers.chunks_exact(2).map(|pair| (pair[0].to_ascii_lowercase(), pair[1].clone())).collect();
    let expected: &'static Expected = Box::leak(Box::new(Expected {
        path: path.clone(),
        body: serde_json::from_slice(&fs::read(body)?)?,
        headers,
        response: fs::read(response)?,
    }));
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    thread::spawn(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(0);
    });
    thread::spawn(|| {
        thread::sleep(LIMIT);
        process::exit(1);
    });
    for connection in listener.incoming() {
        let connection = connection?;
        thread::spawn(move || {
            if let Err(error) = serve(connection, expected) {
                eprintln!("{error}");
            }
        });
    }
    Ok(())
}

/// Answers until the client has had enough.
fn serve(mut connection: TcpStream, expected: &Expected) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut reader = BufReader::new(connection.try_clone()?);
    let mut head = String::new();
    loop {
        head.clear();
        while reader.read_line(&mut head)? > 0 && !head.ends_with("\r\n\r\n") {}
        if head.is_empty() {
            return Ok(());
        }
        let mut body = vec![0; header(&head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0)];
        reader.read_exact(&mut body)?;
        let (status, response) = match missing(&head, &body, expected) {
            None => ("200 OK", expected.response.as_slice()),
            Some(what) => {
                eprintln!("{what}");
                ("400 Bad Request", b"{}".as_slice())
            }
        };
        // In one piece, so that every client reads as often as the others.
        let mut whole = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json; charset=utf-8\r\nserver: bench\r\n\
             date: Thu, 01 Jan 1970 00:00:00 GMT\r\ncontent-length: {}\r\n\r\n",
            response.len()
        )
        .into_bytes();
        whole.extend_from_slice(response);
        connection.write_all(&whole)?;
    }
}

/// What the request lacks.
fn missing(head: &str, body: &[u8], expected: &Expected) -> Option<String> {
    let line = head.lines().next().unwrap_or_default();
    if line != format!("PUT {} HTTP/1.1", expected.path) {
        return Some(format!("expected PUT {}, found {line}", expected.path));
    }
    for (name, value) in &expected.headers {
        match header(head, name) {
            Some(found) if found.starts_with(value.as_str()) => {}
            found => return Some(format!("expected {name}: {value}, found {found:?}")),
        }
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(found) if found == expected.body => None,
        Ok(found) => Some(format!("expected the body {}, found {found}", expected.body)),
        Err(error) => Some(format!("the body is not JSON: {error}")),
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
}
