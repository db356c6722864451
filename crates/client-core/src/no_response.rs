//! What there is instead of a response: a malformed one, none in time, none at all.
//!
//! Takes what came, how long it took, what the connection said. Returns errors without values.

use crate::context::CallContext;
use crate::not_sent::root_cause;
use crate::tokens::BoxError;
use reqwest::StatusCode;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// A response whose status says success and that is not what the vendor documents.
#[derive(Debug)]
#[non_exhaustive]
pub struct MalformedResponse {
    /// Which call it was.
    pub call: CallContext,
    /// The status.
    pub status: StatusCode,
    /// What is wrong.
    pub problem: ResponseProblem,
}

/// What makes a response malformed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseProblem {
    /// There is no body where one is documented.
    Empty,
    /// The body is larger than the client takes.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The body is not JSON.
    ContentType {
        /// What it says it is.
        found: String,
        /// Its beginning, without secrets and mark-up.
        excerpt: String,
    },
    /// The body is compressed, or text in another encoding than UTF-8.
    Encoding {
        /// What it is.
        found: String,
    },
    /// The body is no JSON text from its first byte to its last: it is broken, cut off, has numbers beyond those of JSON, half
    /// of a surrogate pair, or more than 128 levels.
    Syntax {
        /// Where, counted from 1.
        line: usize,
        /// Where, counted from 1.
        column: usize,
    },
    /// A value is not of the documented type.
    Type {
        /// The JSON pointer of the value.
        at: String,
        /// The documented type.
        expected: String,
        /// The kind of value found.
        found: &'static str,
    },
    /// A page of a list has the same items as the page before it.
    RepeatedPage {
        /// The query parameter that asks for a page.
        parameter: &'static str,
        /// The page that was asked for.
        page: i64,
    },
}

impl fmt::Display for MalformedResponse {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "the response of {} (status {}) is malformed: ", self.call, self.status.as_u16())?;
        match &self.problem {
            ResponseProblem::Empty => to.write_str("expected JSON, found an empty body")?,
            ResponseProblem::TooLarge { limit } => {
                write!(to, "it has more than {limit} bytes; `max_response_size` of the client's builder allows more")?;
            }
            ResponseProblem::ContentType { found, excerpt } => write!(to, "expected JSON, found {found}: {excerpt}")?,
            ResponseProblem::Encoding { found } => write!(to, "expected JSON in UTF-8, found {found}")?,
            ResponseProblem::Syntax { line, column } => {
                write!(to, "expected JSON, found text that is none at line {line}, column {column}")?;
            }
            ResponseProblem::Type { at, expected, found } => write!(to, "expected {expected} at {at}, found {found}")?,
            ResponseProblem::RepeatedPage { parameter, page } => {
                let before = page.saturating_sub(1);
                write!(
                    to,
                    "expected page {page}, found the items of page {before} once more, as if `{parameter}` had not been read; \
                     read this list by its own request, without `pages`"
                )?;
            }
        }
        to.write_str(self.call.effect())
    }
}

impl StdError for MalformedResponse {}

/// A call that took too long.
#[derive(Debug)]
#[non_exhaustive]
pub struct TimedOut {
    /// Which call it was.
    pub call: CallContext,
    /// Which limit it was.
    pub limit: TimeLimit,
    /// How long that is.
    pub after: Duration,
}

/// A limit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeLimit {
    /// Of the connection's set-up.
    Connect,
    /// Of one attempt.
    Attempt,
    /// Of the whole call.
    Deadline,
}

impl fmt::Display for TimedOut {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = match self.limit {
            TimeLimit::Connect => "no connection within",
            TimeLimit::Attempt => "no response within",
            TimeLimit::Deadline => "the deadline has passed after",
        };
        let effect = if self.call.may_have_arrived { self.call.effect() } else { "; nothing was sent" };
        write!(to, "{} timed out: {limit} {:?}{effect}", self.call, self.after)
    }
}

impl StdError for TimedOut {}

/// A call whose response was lost with its connection.
#[derive(Debug)]
#[non_exhaustive]
pub struct TransportError {
    /// Which call it was.
    pub call: CallContext,
    /// What happened to the connection.
    pub error: BoxError,
}

impl fmt::Display for TransportError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cause = root_cause(&*self.error);
        write!(to, "{} was sent, but its response was lost{}: {cause}", self.call, self.call.effect().replace(';', ","))
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.error)
    }
}
