//! A successful response: its body, and what stood around it.

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use std::fmt;
use std::ops::Deref;

/// A successful response with its parsed body. It derefs to the body.
#[derive(Clone)]
pub struct Response<T> {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) attempts: u32,
    pub(crate) bytes: Option<Bytes>,
    pub(crate) body: T,
}

impl<T> Response<T> {
    /// Returns the status.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns a header's text, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns how often the request was sent.
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the bytes of the body, if the request asked to keep them; without a byte order mark.
    pub fn bytes(&self) -> Option<&[u8]> {
        self.bytes.as_deref()
    }

    /// Returns the body.
    pub const fn body(&self) -> &T {
        &self.body
    }

    /// Returns the body alone.
    pub fn into_body(self) -> T {
        self.body
    }

    /// Returns the same response with another body.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        let Self { status, headers, attempts, bytes, body } = self;
        Response { status, headers, attempts, bytes, body: change(body) }
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    /// Without the headers: they may set cookies.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, attempts, body, headers: _, bytes: _ } = self;
        to.debug_struct("Response").field("status", &status.as_u16()).field("attempts", attempts).field("body", body).finish()
    }
}
