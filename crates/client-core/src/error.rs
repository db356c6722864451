//! How a call fails, told apart by what the caller can do about it.
//!
//! Takes what went wrong, where, after how many attempts. Returns errors for people and programs. None of them shows a secret, a
//! whole body or a URL with values: their Display and Debug are written by hand and need nothing of the body's type.

use crate::context::CallContext;
use crate::no_response::{MalformedResponse, TimedOut, TransportError};
use crate::not_sent::{BuildError, NotSent, NotSentCause};
use crate::violations::Violations;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// Why a call gave no result. `E` is the body that the vendor documents for error responses, `()` where it documents none.
#[non_exhaustive]
pub enum Error<E = ()> {
    /// The last attempt did not reach the vendor: the request was wrong or incomplete, or there was no connection.
    NotSent(Box<NotSent>),
    /// The vendor returned an error: by its status, or in the body of a response whose status says success.
    Response(Box<ErrorResponse<E>>),
    /// The vendor returned a success that is not what it documents.
    Malformed(Box<MalformedResponse>),
    /// The time ran out.
    TimedOut(Box<TimedOut>),
    /// The request was sent and the connection lost: whether it took effect is unknown.
    Transport(Box<TransportError>),
}

impl<E> Error<E> {
    #[cfg(feature = "tracing")]
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::NotSent(_) => "not_sent",
            Self::Response(_) => "error_response",
            Self::Malformed(_) => "malformed_response",
            Self::TimedOut(_) => "timed_out",
            Self::Transport(_) => "transport_error",
        }
    }

    /// Returns the vendor, host, operation and attempts of the call.
    pub fn call(&self) -> &CallContext {
        match self {
            Self::NotSent(error) => &error.call,
            Self::Response(error) => &error.call,
            Self::Malformed(error) => &error.call,
            Self::TimedOut(error) => &error.call,
            Self::Transport(error) => &error.call,
        }
    }

    /// Returns the status, where there was a response.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Response(error) => Some(error.status),
            Self::Malformed(error) => Some(error.status),
            Self::NotSent(_) | Self::TimedOut(_) | Self::Transport(_) => None,
        }
    }

    /// Returns the vendor's error response, if it is one.
    pub fn error_response(&self) -> Option<&ErrorResponse<E>> {
        match self {
            Self::Response(error) => Some(error),
            _ => None,
        }
    }

    /// Returns what is wrong with the request, if that is the reason.
    pub fn violations(&self) -> Option<&Violations> {
        match self {
            Self::NotSent(not_sent) => match &not_sent.cause {
                NotSentCause::Violations(violations) => Some(violations),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns whether any attempt of the call may have taken effect.
    ///
    /// False when none reached the vendor, or each that did was told no by a status between 400 and 499. A DELETE whose first
    /// attempt was lost and whose second one finds nothing (404) may have been the one that deleted: this is true then, and
    /// false where there was nothing from the start.
    pub fn may_have_arrived(&self) -> bool {
        self.call().may_have_arrived
    }

    /// Returns how often the request was sent, or a connection for it tried.
    pub fn attempts(&self) -> u32 {
        self.call().attempts
    }

    /// Returns the `operationId`.
    pub fn operation(&self) -> &'static str {
        self.call().operation
    }

    /// Changes the type of the body.
    pub fn map_body<F>(self, change: impl FnOnce(E) -> F) -> Error<F> {
        self.and_then_body(|body| Some(change(body)))
    }

    /// Drops the typed body: the excerpt stays.
    pub fn without_body(self) -> Error<()> {
        self.and_then_body(|_| None)
    }

    pub(crate) fn and_then_body<F>(self, change: impl FnOnce(E) -> Option<F>) -> Error<F> {
        match self {
            Self::NotSent(error) => Error::NotSent(error),
            Self::Malformed(error) => Error::Malformed(error),
            Self::TimedOut(error) => Error::TimedOut(error),
            Self::Transport(error) => Error::Transport(error),
            Self::Response(response) => {
                let ErrorResponse { call, status, headers, retry_after, body, excerpt, reason } = *response;
                let body = body.and_then(change);
                Error::Response(Box::new(ErrorResponse { call, status, headers, retry_after, body, excerpt, reason }))
            }
        }
    }
}

impl<E> From<BuildError> for Error<E> {
    fn from(error: BuildError) -> Self {
        let call = CallContext {
            vendor: "",
            host: "".into(),
            operation: "the client",
            attempts: 0,
            may_have_arrived: false,
            safe: false,
        };
        Self::NotSent(Box::new(NotSent { call, cause: NotSentCause::Build(error) }))
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(error) => error.fmt(to),
            Self::Response(error) => error.fmt(to),
            Self::Malformed(error) => error.fmt(to),
            Self::TimedOut(error) => error.fmt(to),
            Self::Transport(error) => error.fmt(to),
        }
    }
}

impl<E> fmt::Debug for Error<E> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(error) => fmt::Debug::fmt(error, to),
            Self::Response(error) => fmt::Debug::fmt(error, to),
            Self::Malformed(error) => fmt::Debug::fmt(error, to),
            Self::TimedOut(error) => fmt::Debug::fmt(error, to),
            Self::Transport(error) => fmt::Debug::fmt(error, to),
        }
    }
}

impl<E> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::NotSent(error) => error.source(),
            Self::Transport(error) => error.source(),
            Self::Response(_) | Self::Malformed(_) | Self::TimedOut(_) => None,
        }
    }
}

/// An error that the vendor returned.
#[non_exhaustive]
pub struct ErrorResponse<E> {
    /// Which call it was.
    pub call: CallContext,
    /// The status; one of success if the body tells the failure.
    pub status: StatusCode,
    /// The response's headers.
    pub headers: HeaderMap,
    /// The wait that the vendor asks for.
    pub retry_after: Option<Duration>,
    /// The body, if it is what the vendor documents.
    pub body: Option<E>,
    /// The beginning of the body, without secrets and mark-up.
    pub excerpt: String,
    /// What makes the response an error.
    pub reason: Reason,
}

/// What makes a response an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Its status.
    Status,
    /// It points elsewhere. Redirects are not followed: they would carry credentials to another place.
    Redirect,
    /// A failure in the body of a response whose status says success; the pointer of the rule that found it.
    Failure(&'static str),
}

impl<E> fmt::Display for ErrorResponse<E> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} returned status {}", self.call, self.status.as_u16())?;
        match self.reason {
            Reason::Status => {}
            Reason::Redirect => to.write_str(", a redirect, which is not followed: check the base URL")?,
            Reason::Failure("") => to.write_str(" and an empty (null) body")?,
            Reason::Failure(at) => write!(to, " and a failure at {at}")?,
        }
        if let Some(wait) = self.retry_after {
            write!(to, ", to be tried again after {} s", wait.as_secs())?;
        }
        if self.call.attempts > 1 {
            write!(to, ", after {} attempts", self.call.attempts)?;
        }
        if self.status.is_client_error() && self.call.may_have_arrived && !self.call.safe {
            to.write_str(", of which an earlier one was lost and may have taken effect")?;
        }
        if self.excerpt.is_empty() { Ok(()) } else { write!(to, ": {}", self.excerpt) }
    }
}

impl<E> fmt::Debug for ErrorResponse<E> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("ErrorResponse")
            .field("call", &self.call)
            .field("status", &self.status.as_u16())
            .field("reason", &self.reason)
            .field("retry_after", &self.retry_after)
            .field("typed_body", &self.body.is_some())
            .field("excerpt", &self.excerpt)
            .finish()
    }
}
