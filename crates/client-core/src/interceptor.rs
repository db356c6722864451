//! Interceptors: code of the program that sees each attempt on its way out, and what came of it.
//!
//! In: requests and responses. Out: the same, with further headers, or a response that stands in for the vendor's. What is secret
//! is shown only to who asks for it by a method that says `expose`.

use crate::call::Call;
use crate::credentials::BoxError;
use crate::excerpt;
use crate::receive::{Lost, Received};
use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
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
    operation: &'static str,
    method: &'static str,
    number: u32,
    request: &'a mut Request,
    response: Option<(StatusCode, HeaderMap, Bytes)>,
}

impl Attempt<'_> {
    /// The `operationId`.
    pub const fn operation(&self) -> &'static str {
        self.operation
    }

    /// The method.
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// Which attempt of its call it is, counted from 1.
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// The host that it is sent to.
    pub fn host(&self) -> &str {
        self.request.url().host_str().unwrap_or_default()
    }

    /// The path. The query is left out, since credentials travel in it.
    pub fn path(&self) -> &str {
        self.request.url().path()
    }

    /// The headers, with `***` in place of credentials and other secrets.
    pub fn headers(&self) -> HeaderMap {
        masked(self.request.headers())
    }

    /// The headers as they are sent, credentials included. Mind where they go.
    pub fn expose_headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// The URL as it is sent, with a query that credentials may travel in. Mind where it goes.
    pub fn expose_url(&self) -> &str {
        self.request.url().as_str()
    }

    /// The body as it is sent; passwords may be in it. Mind where it goes.
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
    call: &'a Call<'a>,
    /// None if there was none in time.
    outcome: Option<&'a Result<Received, Lost>>,
}

impl AttemptOutcome<'_> {
    /// The status, if there was a response.
    pub fn status(&self) -> Option<StatusCode> {
        self.received().map(|received| received.status)
    }

    /// The headers of the response, with `***` in place of cookies.
    pub fn headers(&self) -> HeaderMap {
        self.received().map(|received| masked(&received.headers)).unwrap_or_default()
    }

    /// The beginning of the body, without secrets and mark-up.
    pub fn excerpt(&self) -> String {
        self.received().map(|received| excerpt::of(&self.call.mask(), &received.body, true)).unwrap_or_default()
    }

    /// The body as it came; tokens may be in it. Mind where it goes.
    pub fn expose_body(&self) -> &[u8] {
        self.received().map(|received| received.body.as_ref()).unwrap_or_default()
    }

    fn received(&self) -> Option<&Received> {
        self.outcome.and_then(|outcome| outcome.as_ref().ok())
    }
}

impl fmt::Display for AttemptOutcome<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.outcome {
            None => to.write_str("no response in time"),
            Some(Ok(received)) => write!(to, "status {}", received.status.as_u16()),
            Some(Err(Lost::Connect(_))) => to.write_str("no connection"),
            Some(Err(Lost::Request(_))) => to.write_str("the request cannot be put together"),
            Some(Err(Lost::Tls(_))) => to.write_str("the server cannot be trusted"),
            Some(Err(Lost::Response(_))) => to.write_str("the connection was lost"),
        }
    }
}

impl fmt::Debug for AttemptOutcome<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "AttemptOutcome({self})")
    }
}

impl Call<'_> {
    /// Shows an attempt to all interceptors before it is sent; one of them may have the response already.
    pub(crate) fn before(&self, number: u32, request: &mut Request) -> Result<Option<Received>, BoxError> {
        let mut attempt = self.attempt(number, request);
        for interceptor in &self.client.inner().interceptors {
            interceptor.request(&mut attempt)?;
        }
        let received =
            |(status, headers, body)| Received { status, headers, body, truncated: false, attempts: 0, earlier: false };
        Ok(attempt.response.take().map(received))
    }

    /// Shows all interceptors what came of an attempt.
    pub(crate) fn after(&self, number: u32, request: &mut Request, outcome: Option<&Result<Received, Lost>>) {
        let (attempt, outcome) = (self.attempt(number, request), AttemptOutcome { call: self, outcome });
        for interceptor in self.client.inner().interceptors.iter().rev() {
            interceptor.response(&attempt, &outcome);
        }
    }

    fn attempt<'a>(&self, number: u32, request: &'a mut Request) -> Attempt<'a> {
        let (operation, method) = (self.operation.id, self.operation.method.as_str());
        Attempt { operation, method, number, request, response: None }
    }
}

fn masked(headers: &HeaderMap) -> HeaderMap {
    let stars = HeaderValue::from_static("***");
    let shown = |(name, value): (&HeaderName, &HeaderValue)| {
        let secret = value.is_sensitive() || *name == SET_COOKIE;
        (name.clone(), if secret { stars.clone() } else { value.clone() })
    };
    headers.iter().map(shown).collect()
}
