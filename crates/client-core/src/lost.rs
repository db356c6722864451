//! What there is instead of an answer: an unreadable one, none in time, none at all.
//!
//! In: what came, how long it took, what the connection said. Out: errors without values.

use crate::not_sent::root_cause;
use reqwest::StatusCode;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// An answer with success that cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unreadable {
    /// The `operationId`.
    pub operation: &'static str,
    /// The status.
    pub status: StatusCode,
    /// What is wrong.
    pub problem: AnswerProblem,
    /// How often the request was sent.
    pub attempts: u32,
}

/// What makes an answer unreadable.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerProblem {
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
    /// The body says it is JSON, but it is broken or cut off.
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
}

impl fmt::Display for Unreadable {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "the answer of {} (status {}) cannot be read: ", self.operation, self.status.as_u16())?;
        match &self.problem {
            AnswerProblem::Empty => to.write_str("expected JSON, found an empty body"),
            AnswerProblem::TooLarge { limit } => {
                write!(to, "it has more than {limit} bytes; `max_answer_size` of the client's builder allows more")
            }
            AnswerProblem::ContentType { found, excerpt } => {
                write!(to, "expected JSON, found {found}: {excerpt}")
            }
            AnswerProblem::Syntax { line, column } => {
                write!(to, "broken JSON at line {line}, column {column}")
            }
            AnswerProblem::Type { at, expected, found } => write!(to, "expected {expected} at {at}, found {found}"),
        }
    }
}

impl StdError for Unreadable {}

/// A call that took too long.
#[derive(Debug)]
#[non_exhaustive]
pub struct TimedOut {
    /// The `operationId`.
    pub operation: &'static str,
    /// Which limit it was.
    pub limit: TimeLimit,
    /// How long that is.
    pub after: Duration,
    /// Whether the request may have reached the vendor.
    pub sent: bool,
    /// How often the request was sent.
    pub attempts: u32,
}

/// A limit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
            TimeLimit::Attempt => "no answer within",
            TimeLimit::Deadline => "the deadline has passed after",
        };
        let sent = if self.sent { "it may have taken effect" } else { "nothing was sent" };
        write!(to, "{} timed out: {limit} {:?}; {sent}", self.operation, self.after)
    }
}

impl StdError for TimedOut {}

/// A call whose answer was lost.
#[derive(Debug)]
#[non_exhaustive]
pub struct Interrupted {
    /// The `operationId`.
    pub operation: &'static str,
    /// What happened to the connection.
    pub error: reqwest::Error,
    /// How often the request was sent.
    pub attempts: u32,
}

impl fmt::Display for Interrupted {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cause = root_cause(&self.error);
        write!(to, "{} was sent, but its answer was lost, so it may have taken effect: {cause}", self.operation)
    }
}

impl StdError for Interrupted {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.error)
    }
}
