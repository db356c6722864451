//! Interceptors: code of the program that sees each attempt on its way out, and what came of it.
//!
//! Input: requests and responses. Output: the same, with further headers, or a response that stands in for the vendor's. What is secret
//! is shown only by methods with `expose` in their names.

use crate::excerpt;
use crate::mask::Mask;
use crate::tokens::BoxError;
use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, StatusCode};
use std::fmt;
use std::sync::Arc;

/// Sees each attempt of each call of a client, and of the clients that are derived from it, logins included: to sign, log, audit
/// or cache. Set by [`ClientBuilder::interceptor`](crate::ClientBuilder::interceptor).
///
/// Both methods are called on the task of the call, and neither may block.
///
/// # Examples
///
/// Hands the trace of the request that is being served on to the vendor, and counts what fails:
///
/// ```
/// use client_core::{Attempt, AttemptOutcome, BoxError, Client, Interceptor};
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// tokio::task_local! {
///     /// Set by the server around each request, from its own `traceparent` header.
///     static TRACEPARENT: String;
/// }
///
/// #[derive(Default)]
/// struct Tracing {
///     failures: AtomicU32,
/// }
///
/// impl Interceptor for Tracing {
///     fn request(&self, attempt: &mut Attempt<'_>) -> Result<(), BoxError> {
///         match TRACEPARENT.try_with(Clone::clone) {
///             Ok(parent) => attempt.set_header("traceparent", &parent),
///             Err(_) => Ok(()),
///         }
///     }
///
///     fn response(&self, attempt: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
///         if outcome.status().is_none_or(|status| !status.is_success()) {
///             self.failures.fetch_add(1, Ordering::Relaxed);
///             eprintln!("attempt {} of {}: {outcome}", attempt.number(), attempt.operation());
///         }
///     }
/// }
///
/// let client = Client::builder("https://api.example.com", &[]).interceptor(Tracing::default()).build()?;
/// # Ok::<_, client_core::BuildError>(())
/// ```
pub trait Interceptor: Send + Sync {
    /// Called before an attempt is sent. Interceptors are called in the order in which they were set.
    ///
    /// # Errors
    ///
    /// An error keeps the attempt from being sent, and is the `source` of the call's error.
    fn request(&self, attempt: &mut Attempt<'_>) -> Result<(), BoxError> {
        let _ = attempt;
        Ok(())
    }

    /// Called when an attempt has ended, in the reverse order.
    fn response(&self, attempt: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
        let _ = (attempt, outcome);
    }
}

pub(crate) type Interceptors = Vec<Arc<dyn Interceptor>>;

/// A request as it is sent once.
pub struct Attempt<'a> {
    pub(crate) operation: &'static str,
    pub(crate) method: &'static str,
    pub(crate) number: u32,
    pub(crate) request: &'a mut Request,
    /// What an interceptor answers in place of the vendor.
    pub(crate) response: Option<(StatusCode, HeaderMap, Bytes)>,
}

impl Attempt<'_> {
    /// Returns the `operationId`.
    pub const fn operation(&self) -> &'static str {
        self.operation
    }

    /// Returns the method.
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// Returns which attempt of its call it is, counted from 1.
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// The host that it is sent to.
    pub fn host(&self) -> &str {
        self.request.url().host_str().unwrap_or_default()
    }

    /// Returns the path. The query is left out, since credentials travel in it.
    pub fn path(&self) -> &str {
        self.request.url().path()
    }

    /// Returns the headers, with `***` in place of credentials and other secrets.
    pub fn headers(&self) -> HeaderMap {
        masked(self.request.headers())
    }

    /// The headers as they are sent, credentials included. They must not be logged.
    pub fn expose_headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// The URL as it is sent, with a query that credentials may travel in. It must not be logged.
    pub fn expose_url(&self) -> &str {
        self.request.url().as_str()
    }

    /// The body as it is sent; passwords may be in it. It must not be logged.
    pub fn expose_body(&self) -> &[u8] {
        self.request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default()
    }

    /// Sets a header, in place of one of this name.
    ///
    /// # Errors
    ///
    /// The name or value is none that a header can have.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<(), BoxError> {
        let (name, value) = (HeaderName::from_bytes(name.as_bytes())?, HeaderValue::from_str(value)?);
        self.request.headers_mut().insert(name, value);
        Ok(())
    }

    /// Answers in place of the vendor, such as from a cache: nothing is sent. The response is read as the vendor's would be.
    pub fn respond(&mut self, status: StatusCode, headers: HeaderMap, body: impl Into<Vec<u8>>) {
        self.response = Some((status, headers, body.into().into()));
    }
}

impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut attempt = to.debug_struct("Attempt");
        attempt.field("operation", &self.operation).field("method", &self.method).field("number", &self.number);
        attempt.finish_non_exhaustive()
    }
}

/// What came of an attempt. Its Display says it without secrets.
pub struct AttemptOutcome<'a> {
    pub(crate) response: Option<(StatusCode, &'a HeaderMap, &'a [u8])>,
    /// Why there is no response.
    pub(crate) lost: &'static str,
    pub(crate) mask: &'a dyn Fn() -> Mask,
}

impl AttemptOutcome<'_> {
    /// Returns the status, if there was a response.
    pub fn status(&self) -> Option<StatusCode> {
        self.response.map(|(status, ..)| status)
    }

    /// Returns the headers of the response, with `***` in place of cookies.
    pub fn headers(&self) -> HeaderMap {
        self.response.map(|(_, headers, _)| masked(headers)).unwrap_or_default()
    }

    /// Returns the beginning of the body, without secrets and mark-up.
    pub fn excerpt(&self) -> String {
        excerpt::of(&(self.mask)(), self.expose_body(), true)
    }

    /// Returns the body as it came; tokens may be in it. It must not be logged.
    pub fn expose_body(&self) -> &[u8] {
        self.response.map(|(.., body)| body).unwrap_or_default()
    }
}

impl fmt::Display for AttemptOutcome<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.response {
            Some((status, ..)) => write!(to, "status {}", status.as_u16()),
            None => to.write_str(self.lost),
        }
    }
}

impl fmt::Debug for AttemptOutcome<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "AttemptOutcome({self})")
    }
}

fn masked(headers: &HeaderMap) -> HeaderMap {
    let stars = HeaderValue::from_static("***");
    let shown = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.clone(), if value.is_sensitive() { stars.clone() } else { value.clone() })
    };
    headers.iter().map(shown).collect()
}
