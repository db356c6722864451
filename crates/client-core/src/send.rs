//! Sending: credentials, the rate limit, attempts and waits, until there is a response or a reason why there is none.
//!
//! Takes a call. Returns its typed response or an error. What does not depend on a vendor's types is compiled once.

use crate::assemble::{Tokens, fetch, sourced};
use crate::call::Call;
use crate::clock::{self, CAN_WAIT, Moment};
use crate::context::CallContext;
use crate::error::{Error, ErrorResponse, Reason};
use crate::excerpt;
use crate::malformed;
use crate::mask::Mask;
use crate::no_response::{MalformedResponse, ResponseProblem, TimeLimit, TimedOut, TransportError};
use crate::not_sent::{NotSent, NotSentCause};
use crate::operation::{Method, Retry};
use crate::parse::{self, Parsed};
use crate::receive::{self, Lost, Received};
use crate::response::Response;
use crate::retry;
use crate::span::Span;
use bytes::Bytes;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// What the attempts of a call have done so far.
#[derive(Clone, Copy, Default)]
struct Attempts {
    count: u32,
    /// Whether one of them may have taken effect.
    arrived: bool,
}

impl Call<'_> {
    /// Sends the call and parses the response's body.
    ///
    /// # Errors
    ///
    /// Every variant of [`Error`]; [`Error::Malformed`] where the body is not one JSON value of the type `T`.
    pub async fn send<T: DeserializeOwned, E: DeserializeOwned>(mut self) -> Result<Response<T>, Error<E>> {
        let (received, span) = self.exchange().await;
        let outcome = received.and_then(|received| self.parse(received));
        span.end(&outcome);
        outcome.map_err(typed)
    }

    /// Sends, where no body is documented: none is needed, and one that comes has to be JSON that tells of no failure.
    ///
    /// # Errors
    ///
    /// Every variant of [`Error`]; [`Error::Malformed`] where there is a body that is no JSON.
    pub async fn send_empty<E: DeserializeOwned>(mut self) -> Result<Response<()>, Error<E>> {
        let (received, span) = self.exchange().await;
        let outcome = received.and_then(|received| self.parse_empty(received));
        span.end(&outcome);
        outcome.map_err(typed)
    }

    fn parse<T: DeserializeOwned>(&self, received: Received) -> Result<Response<T>, Error<Bytes>> {
        if let Some(problem) = self.unfit(&received) {
            return Err(self.malformed(&received, problem));
        }
        match parse::parse(&received.body, self.operation.failures) {
            Ok(Parsed::Value(body)) => {
                let Received { status, headers, attempts, body: bytes, .. } = received;
                let bytes = self.options.keep_bytes.then_some(bytes);
                Ok(Response { status, headers, attempts, body, bytes })
            }
            Ok(Parsed::Failure(at)) => Err(self.error_response(received, Reason::Failure(at))),
            Err(error) => Err(self.not_json(&received, &error)),
        }
    }

    fn parse_empty(&self, received: Received) -> Result<Response<()>, Error<Bytes>> {
        let failure = match self.unfit(&received) {
            Some(ResponseProblem::Empty) => None,
            Some(problem) => return Err(self.malformed(&received, problem)),
            None if received.body.trim_ascii() == b"null" => None,
            None => {
                let found = parse::find(&received.body, self.operation.failures);
                found.map_err(|error| self.not_json(&received, &error))?
            }
        };
        match failure {
            Some(at) => Err(self.error_response(received, Reason::Failure(at))),
            None => {
                let Received { status, headers, attempts, body, .. } = received;
                let bytes = self.options.keep_bytes.then_some(body);
                Ok(Response { status, headers, attempts, body: (), bytes })
            }
        }
    }

    /// Why the body of a success cannot be parsed, as far as that is known without parsing it.
    fn unfit(&self, received: &Received) -> Option<ResponseProblem> {
        if received.truncated {
            return Some(ResponseProblem::TooLarge { limit: self.client.inner().settings.max_response_size });
        }
        if received.body.iter().all(u8::is_ascii_whitespace) {
            return Some(ResponseProblem::Empty);
        }
        let found = received.other_content_type()?;
        let excerpt = excerpt::of(&self.mask(), &received.body, false);
        Some(ResponseProblem::ContentType {
            found: self.mask().text(&String::from_utf8_lossy(found).to_ascii_lowercase()),
            excerpt,
        })
    }

    fn not_json(&self, received: &Received, error: &serde_json::Error) -> Error<Bytes> {
        let problem = match received.encoding() {
            Some(found) => ResponseProblem::Encoding { found: self.mask().text(&found) },
            None => malformed::explain(error),
        };
        self.malformed(received, problem)
    }

    fn malformed(&self, received: &Received, problem: ResponseProblem) -> Error<Bytes> {
        let call = self.context(Attempts { count: received.attempts, arrived: true });
        Error::Malformed(Box::new(MalformedResponse { call, status: received.status, problem }))
    }

    /// A response that was parsed, and is not what the call needs.
    pub(crate) fn unexpected<T, E>(&self, response: &Response<T>, problem: ResponseProblem) -> Error<E> {
        let call = self.context(Attempts { count: response.attempts, arrived: true });
        Error::Malformed(Box::new(MalformedResponse { call, status: response.status, problem }))
    }

    fn error_response(&self, received: Received, reason: Reason) -> Error<Bytes> {
        let json = received.other_content_type().is_none() && !received.truncated;
        let excerpt = excerpt::of(&self.mask(), &received.body, json);
        let retry_after = retry::retry_after(&received.headers);
        let Received { status, headers, body, attempts, earlier, .. } = received;
        let call = self.context(Attempts { count: attempts, arrived: earlier || may_have_acted(status) });
        let body = json.then_some(body);
        Error::Response(Box::new(ErrorResponse { call, status, headers, retry_after, body, excerpt, reason }))
    }

    /// All that must not be seen in what a vendor says: the client's secrets, and those of this request.
    pub(crate) fn mask(&self) -> Mask {
        let mut mask = self.client.inner().mask();
        self.secrets.iter().for_each(|secret| mask.add(secret));
        match &self.checked {
            Some(body) => mask.with(&**body),
            None => mask,
        }
    }

    /// Sends within the span, which is given back for what the response's body tells.
    async fn exchange(&mut self) -> (Result<Received, Error<Bytes>>, Span) {
        let span = Span::of(self);
        #[cfg(feature = "tracing")]
        let outcome = tracing::Instrument::instrument(self.attempts(), span.0.clone()).await;
        #[cfg(not(feature = "tracing"))]
        let outcome = self.attempts().await;
        (outcome, span)
    }

    /// Sends as often as it is safe and useful. Returns the response if its status says success.
    async fn attempts(&mut self) -> Result<Received, Error<Bytes>> {
        let client = self.client.inner();
        let settings = &client.settings;
        let mut so_far = Attempts::default();
        let http = client.transport.http().map_err(|cause| self.not_sent(so_far, cause))?;
        let deadline = Moment::now().after(settings.deadline);
        let path = self.prepare().map_err(|cause| self.not_sent(so_far, cause))?;
        let credential_values = client.credential_values(self.operation).map_err(|cause| self.not_sent(so_far, cause))?;
        let timeout = self.options.timeout.unwrap_or(settings.timeout);
        // Most calls need none.
        let mut delays = None;
        let mut next_delay = || delays.get_or_insert_with(|| retry::delays(&settings.retries)).next();
        let (mut renewed, mut refused) = (false, None);
        loop {
            let mut tokens = Tokens::new();
            if sourced(&credential_values).next().is_some() {
                match clock::within(deadline, fetch(&credential_values, deadline)).await {
                    Ok(Ok(fetched)) => tokens = fetched,
                    // That the last token was refused says more than that there is no other one.
                    Ok(Err(cause)) => match refused {
                        Some(received) => return self.classify(received),
                        None => return Err(self.not_sent(so_far, cause)),
                    },
                    Err(_) => return Err(self.timed_out(TimeLimit::Deadline, settings.deadline, so_far)),
                }
            }
            if let Some(bucket) = &client.bucket {
                let taken = bucket.take(deadline).await;
                taken.map_err(|wait| self.not_sent(so_far, NotSentCause::RateLimit { wait }))?;
            }
            refused = None;
            let mut request = self.request(&path, &credential_values, &tokens);
            let mut seen = None;
            let mut known = None;
            if !client.interceptors.is_empty() {
                let answered = self.before(so_far.count + 1, &mut request);
                known = answered.map_err(|error| self.not_sent(so_far, NotSentCause::Interceptor(error)))?;
                seen = request.try_clone();
            }
            so_far.count += 1;
            let limit = Moment::now().after(timeout).min(deadline);
            let outcome = match known {
                Some(received) => Some(Ok(received)),
                None => clock::within(limit, receive::attempt(&http, request, settings)).await.ok(),
            };
            if let Some(request) = &mut seen {
                self.after(so_far.count, request, outcome.as_ref());
            }
            let Some(outcome) = outcome else {
                so_far.arrived = true;
                return Err(if limit == deadline {
                    self.timed_out(TimeLimit::Deadline, settings.deadline, so_far)
                } else {
                    self.timed_out(TimeLimit::Attempt, timeout, so_far)
                });
            };
            if let Ok(received) = &outcome
                && received.status != StatusCode::UNAUTHORIZED
            {
                tokens.iter().for_each(|(source, token)| source.accept(token));
            }
            let repeatable = self.options.retry.unwrap_or(self.operation.retry == Retry::Idempotent);
            let wait = match &outcome {
                Ok(received) if received.status == StatusCode::UNAUTHORIZED && !renewed && !tokens.is_empty() => {
                    // A refused token did nothing, so another attempt is safe for every operation.
                    tokens.iter().for_each(|(source, token)| source.discard(token));
                    renewed = true;
                    let (attempts, earlier) = (so_far.count, so_far.arrived);
                    refused = outcome.ok().map(|received| Received { attempts, earlier, ..received });
                    continue;
                }
                Ok(received) if repeatable && retry::asks_for_later(received.status) => {
                    let asked = retry::retry_after(&received.headers);
                    // `Retry-After: 0` does not mean that everybody comes back at once.
                    next_delay().map(|delay| asked.map_or(delay, |asked| asked.max(delay)))
                }
                Ok(_) | Err(Lost::Request(_) | Lost::Tls(_) | Lost::Proxy(_)) => None,
                Err(Lost::Response(error)) if error.is_timeout() => None,
                // What never left can be sent again, whatever it is.
                Err(Lost::Connect(_)) => next_delay().filter(|_| self.options.retry != Some(false)),
                Err(Lost::Response(_)) => next_delay().filter(|_| repeatable),
            };
            if let Some(wait) = wait.filter(|wait| CAN_WAIT && *wait < deadline.since(Moment::now())) {
                so_far.arrived |= match &outcome {
                    Ok(received) => may_have_acted(received.status),
                    Err(lost) => matches!(lost, Lost::Response(_)),
                };
                #[cfg(feature = "tracing")]
                tracing::debug!(attempts = so_far.count, wait_ms = wait.as_millis(), "trying again");
                clock::pause(wait).await;
                continue;
            }
            return match outcome {
                Ok(received) => self.classify(Received { attempts: so_far.count, earlier: so_far.arrived, ..received }),
                Err(lost) => Err(self.lost(lost, so_far)),
            };
        }
    }

    /// Returns the response if its status says success. What its body says is decided when it is parsed.
    fn classify(&self, received: Received) -> Result<Received, Error<Bytes>> {
        let status = received.status;
        let reason = match status.as_u16() {
            _ if status.is_success() => return Ok(received),
            code if self.operation.success.contains(&code) => return Ok(received),
            301 | 302 | 303 | 307 | 308 => Reason::Redirect,
            _ => Reason::Status,
        };
        Err(self.error_response(received, reason))
    }

    fn context(&self, attempts: Attempts) -> CallContext {
        let client = self.client.inner();
        CallContext {
            vendor: client.vendor,
            host: client.host.clone(),
            operation: self.operation.id,
            attempts: attempts.count,
            may_have_arrived: attempts.arrived,
            safe: matches!(self.operation.method, Method::Get | Method::Head),
        }
    }

    fn not_sent(&self, attempts: Attempts, cause: NotSentCause) -> Error<Bytes> {
        Error::NotSent(Box::new(NotSent { call: self.context(attempts), cause }))
    }

    fn timed_out(&self, limit: TimeLimit, after: Duration, attempts: Attempts) -> Error<Bytes> {
        Error::TimedOut(Box::new(TimedOut { call: self.context(attempts), limit, after }))
    }

    fn lost(&self, lost: Lost, so_far: Attempts) -> Error<Bytes> {
        let sent = Attempts { arrived: true, ..so_far };
        let settings = &self.client.inner().settings;
        match lost {
            Lost::Connect(error) if error.is_timeout() => self.timed_out(TimeLimit::Connect, settings.connect_timeout, so_far),
            Lost::Connect(error) | Lost::Proxy(error) => self.not_sent(so_far, NotSentCause::Connect(error.into())),
            Lost::Tls(error) => self.not_sent(so_far, NotSentCause::Tls(error.into())),
            Lost::Request(error) => self.not_sent(so_far, NotSentCause::Request(error.into())),
            // A browser limits the attempt itself.
            Lost::Response(error) if error.is_timeout() => self.timed_out(TimeLimit::Attempt, settings.timeout, sent),
            Lost::Response(error) => Error::Transport(Box::new(TransportError { call: self.context(sent), error: error.into() })),
        }
    }
}

/// Whether a request may have taken effect that was responded to with this status: a 4xx alone says that it has not.
fn may_have_acted(status: StatusCode) -> bool {
    !status.is_client_error()
}

/// Parses the body of an error response, if it is what the vendor documents.
fn typed<E: DeserializeOwned>(error: Error<Bytes>) -> Error<E> {
    error.and_then_body(|body| serde_json::from_slice(&body).ok())
}
