//! Sending: credentials, the rate limit, attempts and waits, until there is an answer or a reason why there is none.
//!
//! In: a call. Out: the answer's bytes if they are a success, or an error whose body is still bytes. Nothing here depends on
//! the types of a vendor, so it is compiled once.

use crate::call::{Body, Call};
use crate::client::{Granted, Slot};
use crate::clock::{self, CAN_WAIT, Moment};
use crate::error::{Error, Reason};
use crate::lost::{Interrupted, TimeLimit, TimedOut};
use crate::not_sent::{NotSent, NotSentCause};
use crate::operation::{Method, Retry};
use crate::retry;
use crate::tokens::{Fetched, Provided, SharedTokenSource};
use crate::violations::{ArgumentPlace, At, Problem};
use crate::{answer, target};
use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::{Request, StatusCode};
use std::sync::Arc;
use std::time::Duration;

/// An answer as it came.
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body is larger than the client takes; what is here is its beginning.
    pub(crate) truncated: bool,
    pub(crate) attempts: u32,
}

/// How one attempt went wrong.
pub(crate) enum Lost {
    /// There was no connection: nothing left.
    #[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "a browser does not tell"))]
    Connect(reqwest::Error),
    /// The request is not one.
    Request(reqwest::Error),
    /// The connection was lost after the request had left.
    Answer(reqwest::Error),
}

type Grants<'a> = Vec<(Slot<'a>, &'a Granted)>;
/// What was fetched for one attempt: each source once, however many credentials share it.
type Tokens<'a> = Vec<(&'a SharedTokenSource, Arc<Fetched>)>;

impl Call<'_> {
    /// Sends as often as it is safe and useful. `reads_body`: whether a success has a body that is to be read.
    pub(crate) async fn exchange(&mut self, reads_body: bool) -> Result<Received, Error<Bytes>> {
        #[cfg(feature = "tracing")]
        {
            use tracing::Instrument as _;
            let (operation, method) = (self.operation.id, self.operation.method.as_str());
            let empty = tracing::field::Empty;
            let span = tracing::info_span!("call", operation, method, status = empty, attempts = empty);
            let outcome = self.attempts(reads_body).instrument(span.clone()).await;
            let (status, attempts) = match &outcome {
                Ok(received) => (Some(received.status), received.attempts),
                Err(error) => (error.status(), error.attempts()),
            };
            if let Some(status) = status {
                span.record("status", status.as_u16());
            }
            span.record("attempts", attempts);
            outcome
        }
        #[cfg(not(feature = "tracing"))]
        self.attempts(reads_body).await
    }

    async fn attempts(&mut self, reads_body: bool) -> Result<Received, Error<Bytes>> {
        let client = self.client.inner();
        let settings = &client.settings;
        let http = client.transport.http().map_err(|cause| self.not_sent(0, cause))?;
        let deadline = Moment::now().after(settings.deadline);
        let path = self.prepare().map_err(|cause| self.not_sent(0, cause))?;
        let grants = client.grants(self.operation).map_err(|cause| self.not_sent(0, cause))?;
        // Most calls need none.
        let mut delays = None;
        let mut next_delay = || delays.get_or_insert_with(|| retry::delays(&settings.retries)).next();
        let mut attempts = 0;
        let mut refused = None;
        loop {
            let mut tokens = Tokens::new();
            if sourced(&grants).next().is_some() {
                match clock::within(deadline, fetch(&grants, deadline)).await {
                    Ok(Ok(fetched)) => tokens = fetched,
                    // The refusal says more than that there is no other token.
                    Ok(Err(cause)) => match refused {
                        Some(received) => return self.judge(received, reads_body),
                        None => return Err(self.not_sent(attempts, cause)),
                    },
                    Err(_) => return Err(self.timed_out(TimeLimit::Deadline, settings.deadline, false, attempts)),
                }
            }
            if let Some(bucket) = &client.bucket {
                let taken = bucket.take(deadline).await;
                taken.map_err(|wait| self.not_sent(attempts, NotSentCause::RateLimit { wait }))?;
            }
            let request = self.request(&path, &grants, &tokens);
            attempts += 1;
            let limit = Moment::now().after(settings.timeout).min(deadline);
            let Ok(outcome) = clock::within(limit, answer::fetch(&http, request, settings)).await else {
                return Err(if limit == deadline {
                    self.timed_out(TimeLimit::Deadline, settings.deadline, true, attempts)
                } else {
                    self.timed_out(TimeLimit::Attempt, settings.timeout, true, attempts)
                });
            };
            if let Ok(received) = &outcome
                && received.status != StatusCode::UNAUTHORIZED
            {
                tokens.iter().for_each(|(source, token)| source.accept(token));
            }
            let repeatable = self.operation.retry == Retry::Idempotent;
            let wait = match &outcome {
                Ok(received) if received.status == StatusCode::UNAUTHORIZED && refused.is_none() && !tokens.is_empty() => {
                    // A refused token did nothing, so this repetition is safe for every operation.
                    tokens.iter().for_each(|(source, token)| source.discard(token));
                    refused = outcome.ok().map(|received| Received { attempts, ..received });
                    continue;
                }
                Ok(received) if repeatable && retry::asks_for_later(received.status) => {
                    let asked = retry::retry_after(&received.headers);
                    // `Retry-After: 0` does not mean that everybody comes back at once.
                    next_delay().map(|delay| asked.map_or(delay, |asked| asked.max(delay)))
                }
                Ok(_) | Err(Lost::Request(_)) => None,
                Err(Lost::Answer(error)) if error.is_timeout() => None,
                // What never left can be sent again, whatever it is.
                Err(Lost::Connect(_)) => next_delay(),
                Err(Lost::Answer(_)) => next_delay().filter(|_| repeatable),
            };
            if let Some(wait) = wait.filter(|wait| CAN_WAIT && *wait < deadline.since(Moment::now())) {
                #[cfg(feature = "tracing")]
                tracing::debug!(attempts, wait_ms = wait.as_millis(), "trying again");
                clock::pause(wait).await;
                continue;
            }
            return match outcome {
                Ok(received) => self.judge(Received { attempts, ..received }, reads_body),
                Err(lost) => Err(self.lost(lost, attempts)),
            };
        }
    }

    /// All that can be said before anything is sent.
    fn prepare(&mut self) -> Result<String, NotSentCause> {
        let path = target::fill(&self.client.inner().base_path, self.operation.path, &self.path);
        if let Err(name) = path {
            self.violations.add(&At::start(ArgumentPlace::Path).member(name), Problem::NoPathValue);
        }
        if !self.violations.is_empty() {
            return Err(NotSentCause::Violations(std::mem::take(&mut self.violations)));
        }
        match self.encoding.take() {
            Some(error) => Err(NotSentCause::Encoding(error)),
            None => Ok(path.unwrap_or_default()),
        }
    }

    fn request(&self, path: &str, grants: &Grants<'_>, tokens: &Tokens<'_>) -> Request {
        let client = self.client.inner();
        let mut url = client.base.clone();
        url.set_path(path);
        let mut headers = HeaderMap::with_capacity(4 + self.headers.len() + grants.len());
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, client.user_agent.clone());
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        let mut query = std::borrow::Cow::Borrowed(&self.query);
        for (slot, granted) in grants {
            let (header, secret) = match &granted.value {
                Provided::Fixed(ready) => (Some(ready.header.clone()), &ready.secret),
                Provided::Sourced { tokens: source, prefix } => match tokens.iter().find(|(known, _)| known.is(source)) {
                    Some((_, token)) => (token.header(prefix), &token.secret),
                    None => continue,
                },
            };
            match (slot, header) {
                (Slot::Header(name), Some(header)) => drop(headers.insert((*name).clone(), header)),
                (Slot::Header(_), None) => {}
                (Slot::Query(name), _) => target::add_pair(query.to_mut(), name, secret.expose()),
            }
        }
        if !query.is_empty() {
            url.set_query(Some(&query));
        }
        let mut request = Request::new(self.operation.method.wire(), url);
        let body = match &self.body {
            Body::None => {
                // Some servers want to be told that nothing follows (RFC 9110, section 8.6).
                if matches!(self.operation.method, Method::Post | Method::Put | Method::Patch) {
                    headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
                }
                None
            }
            Body::Json(bytes) => {
                let other = self.media_type.and_then(|name| HeaderValue::from_str(name).ok());
                Some((other.unwrap_or(HeaderValue::from_static("application/json")), bytes.clone()))
            }
            Body::Form(pairs) => Some((HeaderValue::from_static("application/x-www-form-urlencoded"), pairs.clone().into())),
        };
        if let Some((content_type, body)) = body {
            headers.insert(CONTENT_TYPE, content_type);
            *request.body_mut() = Some(body.into());
        }
        *request.headers_mut() = headers;
        request
    }

    /// Whether an answer is a success, and if not, why.
    fn judge(&self, received: Received, reads_body: bool) -> Result<Received, Error<Bytes>> {
        let status = received.status;
        let reason = if status.is_success() || self.operation.success.contains(&status.as_u16()) {
            match answer::failure(self.operation.failures, &received, reads_body) {
                None => return Ok(received),
                Some(at) => Reason::Failure(at),
            }
        } else if matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            Reason::Redirect
        } else {
            Reason::Status
        };
        Err(self.refused(received, reason))
    }

    fn not_sent(&self, attempts: u32, cause: NotSentCause) -> Error<Bytes> {
        Error::NotSent(Box::new(NotSent { operation: self.operation.id, attempts, cause }))
    }

    fn timed_out(&self, limit: TimeLimit, after: Duration, sent: bool, attempts: u32) -> Error<Bytes> {
        Error::TimedOut(Box::new(TimedOut { operation: self.operation.id, limit, after, sent, attempts }))
    }

    fn lost(&self, lost: Lost, attempts: u32) -> Error<Bytes> {
        match lost {
            Lost::Connect(error) if error.is_timeout() => {
                let limit = self.client.inner().settings.connect_timeout;
                self.timed_out(TimeLimit::Connect, limit, false, attempts)
            }
            Lost::Connect(error) => self.not_sent(attempts, NotSentCause::Connect(error)),
            Lost::Request(error) => self.not_sent(attempts, NotSentCause::Request(error)),
            // A browser limits the attempt itself.
            Lost::Answer(error) if error.is_timeout() => {
                let limit = self.client.inner().settings.timeout;
                self.timed_out(TimeLimit::Attempt, limit, true, attempts)
            }
            Lost::Answer(error) => Error::Interrupted(Box::new(Interrupted { operation: self.operation.id, error, attempts })),
        }
    }
}

/// The grants that have a source.
fn sourced<'a>(grants: &'a Grants<'_>) -> impl Iterator<Item = (&'static str, &'a SharedTokenSource)> {
    grants.iter().filter_map(|(_, granted)| match &granted.value {
        Provided::Fixed(_) => None,
        Provided::Sourced { tokens, .. } => Some((granted.name, tokens)),
    })
}

async fn fetch<'a>(grants: &'a Grants<'_>, deadline: Moment) -> Result<Tokens<'a>, NotSentCause> {
    let mut fetched = Tokens::new();
    for (name, source) in sourced(grants) {
        // One token in two places is the same one in both, even if somebody else renews it meanwhile.
        if !fetched.iter().any(|(known, _)| known.is(source)) {
            let token = source.get(deadline).await.map_err(|error| NotSentCause::TokenSource { name, error })?;
            fetched.push((source, token));
        }
    }
    Ok(fetched)
}
