//! One attempt: its request goes out and its response comes in, up to the limit of its size.
//!
//! Takes a request. Returns the response as bytes, or how the attempt was lost. Knows neither operations nor types.

use crate::client::Settings;
use crate::not_sent::root_cause;
use bytes::{Buf, Bytes};
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, Entry, HeaderMap, SET_COOKIE};
use reqwest::{Client, Request, Response, StatusCode};
use std::error::Error as StdError;
use std::io;

/// A response as it came.
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// Without a byte order mark.
    pub(crate) body: Bytes,
    /// The body is larger than the client takes; what is here is its beginning.
    pub(crate) truncated: bool,
    pub(crate) attempts: u32,
    /// Whether an earlier attempt may have taken effect.
    pub(crate) earlier: bool,
}

/// How one attempt was lost.
pub(crate) enum Lost {
    /// There was no connection: nothing left.
    #[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "a browser does not tell"))]
    Connect(reqwest::Error),
    /// The proxy demands other credentials: nothing was sent on to the vendor, and nothing will be on another attempt.
    #[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "a browser does not tell"))]
    Proxy(reqwest::Error),
    /// The server's identity or its TLS is not to be trusted: nothing left, and nothing will on another attempt.
    #[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "a browser does not tell"))]
    Tls(reqwest::Error),
    /// The request is not one.
    Request(reqwest::Error),
    /// The connection was lost after the request had left.
    Response(reqwest::Error),
}

/// Sends one request and receives its response.
pub(crate) async fn attempt(http: &Client, request: Request, settings: &Settings) -> Result<Received, Lost> {
    #[cfg(target_arch = "wasm32")]
    let request = {
        let mut request = request;
        *request.timeout_mut() = Some(settings.timeout);
        request
    };
    let mut response = http.execute(request).await.map_err(lost)?;
    let status = response.status();
    let mut headers = std::mem::take(response.headers_mut());
    if let Entry::Occupied(mut cookies) = headers.entry(SET_COOKIE) {
        // Debug shows a header map whole, but for what is marked.
        cookies.iter_mut().for_each(|cookie| cookie.set_sensitive(true));
    }
    let (mut body, truncated) = read(response, settings.max_response_size).await.map_err(lost)?;
    if body.starts_with(b"\xef\xbb\xbf") {
        // .NET servers send a byte order mark before JSON (RFC 8259, section 8.1, lets a reader ignore it).
        body.advance(3);
    }
    Ok(Received { status, headers, body, truncated, attempts: 0, earlier: false })
}

#[cfg(not(target_arch = "wasm32"))]
async fn read(mut response: Response, limit: usize) -> Result<(Bytes, bool), reqwest::Error> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let mut body = response.chunk().await?.unwrap_or_default();
    let mut parts = Vec::new();
    // Most bodies are one chunk, which is taken as it came.
    while body.len() <= limit
        && let Some(chunk) = response.chunk().await?
    {
        if parts.is_empty() {
            // A length that the vendor announces is a hint, not a reason to reserve it all.
            parts.reserve(announced.min(limit).min(64 << 10));
            parts.extend_from_slice(&body);
        }
        let room = limit - parts.len();
        parts.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if chunk.len() > room {
            return Ok((parts.into(), true));
        }
    }
    if !parts.is_empty() {
        body = parts.into();
    }
    let truncated = body.len() > limit;
    body.truncate(limit);
    Ok((body, truncated))
}

/// The browser gives the body whole: its size is known too late to save memory.
#[cfg(target_arch = "wasm32")]
async fn read(response: Response, limit: usize) -> Result<(Bytes, bool), reqwest::Error> {
    let mut body = response.bytes().await?;
    let truncated = body.len() > limit;
    body.truncate(limit);
    Ok((body, truncated))
}

fn lost(error: reqwest::Error) -> Lost {
    // The URL has path and query values in it.
    let error = error.without_url();
    #[cfg(not(target_arch = "wasm32"))]
    if error.is_connect() {
        return if is_tls(&error) {
            Lost::Tls(error)
        } else if is_proxy_authentication(&error) {
            Lost::Proxy(error)
        } else {
            Lost::Connect(error)
        };
    }
    if error.is_builder() { Lost::Request(error) } else { Lost::Response(error) }
}

/// Whether a connection failed in its TLS handshake. rustls reports what it refuses as invalid data; the platforms' own
/// libraries have no error that is known here, but each names the certificate, SSL or TLS.
#[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "a browser does not tell"))]
fn is_tls(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(error) = cause {
        let io = error.downcast_ref::<io::Error>();
        let kind = io.map(io::Error::kind);
        if kind == Some(io::ErrorKind::InvalidData) {
            return true;
        }
        // What an I/O error holds is not its source, but itself in other words.
        let held = io.and_then(io::Error::get_ref).map(|held| held as &(dyn StdError + 'static));
        cause = held.or_else(|| error.source());
        if cause.is_none() && kind.is_none_or(|kind| kind == io::ErrorKind::Other) {
            let text = error.to_string().to_ascii_lowercase();
            return ["certificate", "ssl", "tls"].iter().any(|word| text.contains(word));
        }
    }
    false
}

/// Whether a proxy refused the tunnel for want of credentials (407). The error's type is private to hyper-util, so its words tell.
#[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "a browser does not tell"))]
fn is_proxy_authentication(error: &reqwest::Error) -> bool {
    root_cause(error).to_string().ends_with("proxy authorization required")
}

impl Received {
    /// The content type without its parameters, if it is not one of JSON. Some vendors serve JSON as plain text, or do not say
    /// what it is.
    pub(crate) fn other_content_type(&self) -> Option<&[u8]> {
        let (name, _) = self.content_type()?;
        let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
        let is_json = [&b"application/json"[..], b"", b"text/json", b"text/plain"].into_iter().any(is)
            || name.last_chunk::<5>().is_some_and(|suffix| suffix.eq_ignore_ascii_case(b"+json"));
        (!is_json).then_some(name)
    }

    /// What the bytes are if they are no UTF-8 text as JSON is: a compressed body, or one in another encoding.
    pub(crate) fn encoding(&self) -> Option<String> {
        let text = |value: &[u8]| String::from_utf8_lossy(value).to_ascii_lowercase();
        if let Some(encoding) = self.headers.get(CONTENT_ENCODING).filter(|encoding| *encoding != "identity") {
            return Some(format!("a body encoded as {}, which was not asked for", text(encoding.as_bytes())));
        }
        let wide = |even: usize| self.body.len() > 1 && self.body.iter().skip(even).step_by(2).take(8).all(|byte| *byte == 0);
        if wide(0) || wide(1) || self.body.starts_with(b"\xff\xfe") || self.body.starts_with(b"\xfe\xff") {
            return Some("UTF-16".to_owned());
        }
        std::str::from_utf8(&self.body).err()?;
        let charset = self.content_type().map(|(_, parameters)| text(parameters)).filter(|text| text.contains("charset"));
        Some(charset.map_or("bytes that are no UTF-8".to_owned(), |charset| {
            format!("bytes that are no UTF-8 (the content type says {})", charset.trim())
        }))
    }

    fn content_type(&self) -> Option<(&[u8], &[u8])> {
        let value = self.headers.get(CONTENT_TYPE)?.as_bytes();
        let end = memchr::memchr(b';', value).unwrap_or(value.len());
        Some((value.get(..end).unwrap_or_default().trim_ascii(), value.get(end + 1..).unwrap_or_default()))
    }
}
