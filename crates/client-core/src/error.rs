//! How a call fails, told apart by what the caller can do about it.
//!
//! In: what went wrong, where, after how many attempts. Out: errors for people and programs. None of them shows a secret, a
//! whole body or a URL with values: their Display and Debug are written by hand and need nothing of the body's type.

use crate::lost::{Interrupted, TimedOut, Unreadable};
use crate::not_sent::{BuildError, NotSent, NotSentCause};
use crate::violations::Violations;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// Why a call gave no answer. `E` is the body that the vendor documents for refusals, `()` where it documents none.
#[non_exhaustive]
pub enum Error<E = ()> {
    /// Nothing reached the vendor: the request was wrong or incomplete, or there was no connection.
    NotSent(Box<NotSent>),
    /// The vendor answered, and the answer is no.
    Refused(Box<Refusal<E>>),
    /// The vendor answered with success, but the answer is not what it documents.
    Unreadable(Box<Unreadable>),
    /// The time ran out.
    TimedOut(Box<TimedOut>),
    /// The request was sent and the connection lost: whether it took effect is unknown.
    Interrupted(Box<Interrupted>),
}

impl<E> Error<E> {
    /// The status, where there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.status),
            Self::Unreadable(unreadable) => Some(unreadable.status),
            Self::NotSent(_) | Self::TimedOut(_) | Self::Interrupted(_) => None,
        }
    }

    /// The vendor's refusal, if it is one.
    pub fn refusal(&self) -> Option<&Refusal<E>> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// What is wrong with the request, if that is the reason.
    pub fn violations(&self) -> Option<&Violations> {
        match self {
            Self::NotSent(not_sent) => match &not_sent.cause {
                NotSentCause::Violations(violations) => Some(violations),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the operation may have taken effect. False when nothing reached the vendor, or a status outside of 2xx and 5xx says no.
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::NotSent(_) => false,
            Self::Refused(refusal) => refusal.status.is_success() || refusal.status.is_server_error(),
            Self::TimedOut(timed_out) => timed_out.sent,
            Self::Unreadable(_) | Self::Interrupted(_) => true,
        }
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        match self {
            Self::NotSent(error) => error.attempts,
            Self::Refused(error) => error.attempts,
            Self::Unreadable(error) => error.attempts,
            Self::TimedOut(error) => error.attempts,
            Self::Interrupted(error) => error.attempts,
        }
    }

    /// The `operationId`.
    pub fn operation(&self) -> &'static str {
        match self {
            Self::NotSent(error) => error.operation,
            Self::Refused(error) => error.operation,
            Self::Unreadable(error) => error.operation,
            Self::TimedOut(error) => error.operation,
            Self::Interrupted(error) => error.operation,
        }
    }

    /// The same error with another type of body.
    pub fn map_body<F>(self, change: impl FnOnce(E) -> F) -> Error<F> {
        self.and_then_body(|body| Some(change(body)))
    }

    /// The same error without the typed body: the excerpt stays.
    pub fn without_body(self) -> Error<()> {
        self.and_then_body(|_| None)
    }

    pub(crate) fn and_then_body<F>(self, change: impl FnOnce(E) -> Option<F>) -> Error<F> {
        match self {
            Self::NotSent(error) => Error::NotSent(error),
            Self::Unreadable(error) => Error::Unreadable(error),
            Self::TimedOut(error) => Error::TimedOut(error),
            Self::Interrupted(error) => Error::Interrupted(error),
            Self::Refused(refusal) => {
                let Refusal { operation, status, headers, retry_after, body, excerpt, reason, attempts } = *refusal;
                let body = body.and_then(change);
                Error::Refused(Box::new(Refusal { operation, status, headers, retry_after, body, excerpt, reason, attempts }))
            }
        }
    }
}

impl<E> From<BuildError> for Error<E> {
    fn from(error: BuildError) -> Self {
        let cause = NotSentCause::Build(error);
        Self::NotSent(Box::new(NotSent { operation: "the client", attempts: 0, cause }))
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(error) => error.fmt(to),
            Self::Refused(error) => error.fmt(to),
            Self::Unreadable(error) => error.fmt(to),
            Self::TimedOut(error) => error.fmt(to),
            Self::Interrupted(error) => error.fmt(to),
        }
    }
}

impl<E> fmt::Debug for Error<E> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(error) => fmt::Debug::fmt(error, to),
            Self::Refused(error) => fmt::Debug::fmt(error, to),
            Self::Unreadable(error) => fmt::Debug::fmt(error, to),
            Self::TimedOut(error) => fmt::Debug::fmt(error, to),
            Self::Interrupted(error) => fmt::Debug::fmt(error, to),
        }
    }
}

impl<E> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::NotSent(error) => error.source(),
            Self::Interrupted(error) => error.source(),
            Self::Refused(_) | Self::Unreadable(_) | Self::TimedOut(_) => None,
        }
    }
}

/// A refusal: what the vendor said no with.
#[non_exhaustive]
pub struct Refusal<E> {
    /// The `operationId`.
    pub operation: &'static str,
    /// The status; one of success if the body tells the failure.
    pub status: StatusCode,
    /// The answer's headers.
    pub headers: HeaderMap,
    /// The wait that the vendor asks for.
    pub retry_after: Option<Duration>,
    /// The body, if it is what the vendor documents.
    pub body: Option<E>,
    /// The beginning of the body, without secrets and mark-up.
    pub excerpt: String,
    /// What makes the answer a refusal.
    pub reason: Reason,
    /// How often the request was sent.
    pub attempts: u32,
}

/// What makes an answer a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Its status.
    Status,
    /// It points elsewhere. Redirects are not followed: they would carry credentials to another place.
    Redirect,
    /// A failure in the body of an answer whose status says success; the pointer of the rule that found it.
    Failure(&'static str),
}

impl<E> fmt::Display for Refusal<E> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} was refused with status {}", self.operation, self.status.as_u16())?;
        match self.reason {
            Reason::Status => {}
            Reason::Redirect => to.write_str(", a redirect, which is not followed: check the base URL")?,
            Reason::Failure("") => to.write_str(" and an empty (null) body")?,
            Reason::Failure(at) => write!(to, " and a failure at {at}")?,
        }
        if let Some(wait) = self.retry_after {
            write!(to, ", to be tried again after {} s", wait.as_secs())?;
        }
        if self.attempts > 1 {
            write!(to, ", after {} attempts", self.attempts)?;
        }
        if self.excerpt.is_empty() { Ok(()) } else { write!(to, ": {}", self.excerpt) }
    }
}

impl<E> fmt::Debug for Refusal<E> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Refused")
            .field("operation", &self.operation)
            .field("status", &self.status.as_u16())
            .field("reason", &self.reason)
            .field("retry_after", &self.retry_after)
            .field("typed_body", &self.body.is_some())
            .field("excerpt", &self.excerpt)
            .field("attempts", &self.attempts)
            .finish()
    }
}
