//! Errors of clients as errors of directories: the kind that a status or a cause stands for, and the vendor's words.

use client_core::serde_json::Value;
use client_core::{NotSentCause, Reason};

use super::{Error, ErrorKind, Problem};
use crate::instance::Instance;

/// Members of error responses that hold words, the most telling first; those of one group are said together.
const WORDS: &[&[&str]] = &[
    &["title", "detail"],
    &["Message", "MessageDetail"],
    &["error_description"],
    &["ErrorText", "ErrorElementField"],
    &["ErrorReason"],
    &["message"],
    &["ErrorMessage"],
    &["Reason"],
    &["error"],
];

/// How deep words are looked for.
const DEPTH: usize = 5;

impl Error {
    /// Creates the error of a call of a vendor's client that failed.
    #[must_use]
    pub fn call<E>(instance: &Instance, error: client_core::Error<E>) -> Self {
        let error = error.without_body();
        let arrived = error.may_have_arrived();
        let response = error.error_response();
        let wait = response.and_then(|response| response.retry_after);
        let words = response.and_then(|response| words(&response.excerpt));
        let kind = match kind(&error) {
            // A 404 in the vendor's own words is about the request; one of anything else, about the address.
            ErrorKind::Misconfigured if words.is_some() && error.status().is_some() => ErrorKind::Refused,
            kind => kind,
        };
        let mut error = Self::of(kind, instance, Problem::Call { error, words }).with_may_have_arrived(arrived);
        error.0.retry_after = wait;
        error
    }

    /// Creates the error of a login that failed: nothing of a user was sent, and credentials that the vendor refuses are not
    /// permitted.
    #[must_use]
    pub fn login<E>(instance: &Instance, error: client_core::Error<E>) -> Self {
        let error = Self::call(instance, error).with_may_have_arrived(false);
        if error.kind() == ErrorKind::Refused { error.with_kind(ErrorKind::NotPermitted) } else { error }
    }

    /// Creates the error of a client that could not be built.
    #[must_use]
    pub fn build(instance: &Instance, error: &client_core::BuildError) -> Self {
        Self::new(ErrorKind::Misconfigured, instance, error.to_string())
    }

    /// The same, of another kind: a status may mean something of its own at one operation.
    #[must_use]
    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }
}

fn kind(error: &client_core::Error<()>) -> ErrorKind {
    match error {
        client_core::Error::NotSent(not_sent) => match &not_sent.cause {
            NotSentCause::Violations(_) | NotSentCause::Encoding(_) => ErrorKind::Invalid,
            NotSentCause::RateLimit { .. } => ErrorKind::RateLimited,
            NotSentCause::Connect(_) => ErrorKind::Unavailable,
            NotSentCause::TokenSource { error, .. } => error.downcast_ref::<Error>().map_or(ErrorKind::NotPermitted, Error::kind),
            _ => ErrorKind::Misconfigured,
        },
        client_core::Error::Response(response) => match (response.reason, response.status.as_u16()) {
            (Reason::Redirect, _) | (_, 404 | 405 | 410) => ErrorKind::Misconfigured,
            (_, 401 | 403 | 407) => ErrorKind::NotPermitted,
            (_, 409) => ErrorKind::Conflict,
            (_, 412) => ErrorKind::Changed,
            (_, 429) => ErrorKind::RateLimited,
            (_, 408 | 425 | 500..) => ErrorKind::Unavailable,
            _ => ErrorKind::Refused,
        },
        client_core::Error::TimedOut(_) | client_core::Error::Transport(_) => ErrorKind::Unavailable,
        _ => ErrorKind::MalformedResponse,
    }
}

/// The words of an error response as a sentence. The excerpt has lost its secrets already; one that is no JSON, or was cut,
/// has no sentence.
fn words(excerpt: &str) -> Option<String> {
    let body: Value = client_core::serde_json::from_str(excerpt).ok()?;
    sentence(&body, DEPTH)
}

/// The words in a body.
pub(crate) fn sentence(body: &Value, depth: usize) -> Option<String> {
    match body {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Array(elements) => elements.iter().find_map(|element| sentence(element, depth.checked_sub(1)?)),
        Value::Object(members) => {
            for group in WORDS {
                let said: Vec<String> = group.iter().filter_map(|name| text(members.get(*name)?)).collect();
                if !said.is_empty() {
                    return Some(said.join(": "));
                }
            }
            members.values().filter(|member| !member.is_string()).find_map(|member| sentence(member, depth.checked_sub(1)?))
        }
        _ => None,
    }
}

fn text(member: &Value) -> Option<String> {
    match member {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Array(elements) => {
            let said: Vec<String> = elements.iter().filter_map(text).collect();
            Some(said.join(", ")).filter(|text| !text.is_empty())
        }
        _ => None,
    }
}
