//! Why a directory did not do what it was asked to: a kind for programs and a text for people. Knows no vendor.

use std::fmt;
use std::time::Duration;

use crate::attribute::Attribute;
use crate::capabilities::Capabilities;
use crate::capability::Verb;
use crate::instance::Instance;
use crate::switch::Taken;
use crate::value_error::ValueError;

mod call;
mod problem;
mod text;

pub use problem::{Candidate, MissingField, Problem};

#[allow(unused_imports, reason = "only adapters of vendors with outcomes of their own use it")]
pub(crate) use call::sentence;

/// What a program can do about an [`Error`].
///
/// | kind | what happened | what to do |
/// |---|---|---|
/// | `NotFound` | the vendor says that there is no such user | create it, or forget it |
/// | `AlreadyExists` | a user that was to be created is there | save or update it |
/// | `Changed` | somebody changed the user meanwhile; nothing was written | read it again and decide |
/// | `Conflict` | two users, or two parts of the input, claim the same | ask a person |
/// | `Invalid` | the input does not fit; nothing was sent | correct the fields |
/// | `Refused` | a rule of the vendor forbids it | correct the fields, see [`words`](Error::words) |
/// | `NotPermitted` | the credentials are wrong or may not do this | correct the settings or the rights |
/// | `RateLimited` | too many requests | wait for [`retry_after`](Error::retry_after) |
/// | `Unavailable` | the vendor cannot be reached or fails | try later |
/// | `Misconfigured` | the settings cannot work | correct them |
/// | `Unsupported` | the directory cannot do it at all | see [`manual_step`](Error::manual_step) |
/// | `MalformedResponse` | the response is not what the vendor documents | read the user and see; report it |
/// | `Unverified` | it was done, and a read does not show it | look again later |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the table above")]
pub enum ErrorKind {
    NotFound,
    AlreadyExists,
    Changed,
    Conflict,
    Invalid,
    Refused,
    NotPermitted,
    RateLimited,
    Unavailable,
    Misconfigured,
    Unsupported,
    MalformedResponse,
    Unverified,
}

/// Why a directory did not do what it was asked to.
///
/// A program acts on its [`kind`](Error::kind); the text names the instance, the verb, the user, the operation and what to do.
///
/// ```
/// use vendor_users::{Error, ErrorKind, Instance};
///
/// let error = Error::new(ErrorKind::RateLimited, &Instance::new("staff", "Staff register"), "ten requests a second are allowed")
///     .with_retry_after(std::time::Duration::from_secs(2));
/// assert!(error.is_retryable() && !error.may_have_arrived());
/// assert_eq!(error.to_string(), "Staff register: ten requests a second are allowed; try again after 2 s");
/// ```
pub struct Error(Box<Parts>);

struct Parts {
    instance: Instance,
    kind: ErrorKind,
    verb: Option<Verb>,
    user: Option<String>,
    problem: Problem,
    may_have_arrived: bool,
    retry_after: Option<Duration>,
    preconditions: Vec<String>,
    unsaid: Vec<String>,
    taken: Vec<Taken>,
}

impl Error {
    /// Creates an error of a directory, in its own words.
    #[must_use]
    pub fn new(kind: ErrorKind, instance: &Instance, words: impl Into<String>) -> Self {
        Self::of(kind, instance, Problem::Words(words.into()))
    }

    pub(crate) fn of(kind: ErrorKind, instance: &Instance, problem: Problem) -> Self {
        Self(Box::new(Parts {
            instance: instance.clone(),
            kind,
            verb: None,
            user: None,
            problem,
            may_have_arrived: false,
            retry_after: None,
            preconditions: Vec::new(),
            unsaid: Vec::new(),
            taken: Vec::new(),
        }))
    }

    /// Creates an error that says that the directory cannot do `verb`: what is missing, what can be done by hand, and what it
    /// can do.
    #[must_use]
    pub fn unsupported(capabilities: &Capabilities, verb: Verb) -> Self {
        use crate::capability::Means;
        let (missing, manual) = match &capabilities.of(verb).means {
            Means::Unsupported { missing, manual } => (missing.to_string(), manual.as_ref().map(ToString::to_string)),
            _ => ("the directory does not offer it".to_owned(), None),
        };
        let supported = capabilities.supported().map(|(verb, _)| (verb, capabilities.operation(verb).cloned())).collect();
        let problem = Problem::Unsupported { missing, manual, supported };
        Self::of(ErrorKind::Unsupported, capabilities.instance(), problem).during(verb)
    }

    /// Creates an error that says that there is no user `id`.
    #[must_use]
    pub fn not_found(instance: &Instance, id: impl Into<String>) -> Self {
        Self::of(ErrorKind::NotFound, instance, Problem::NotFound).about(id)
    }

    /// Creates an error that says that the response is not what the vendor documents.
    #[must_use]
    pub fn malformed(instance: &Instance, expected: impl Into<String>, found: impl Into<String>) -> Self {
        let problem = Problem::Malformed { expected: expected.into(), found: found.into() };
        Self::of(ErrorKind::MalformedResponse, instance, problem)
    }

    /// Creates an error that says that the vendor refused one user, in these words.
    #[must_use]
    pub fn refused(instance: &Instance, status: Option<u16>, words: impl Into<String>) -> Self {
        Self::of(ErrorKind::Refused, instance, Problem::Refused { status, words: words.into(), fields: Vec::new() })
    }

    pub(crate) fn value(instance: &Instance, attribute: Attribute, property: Option<&str>, why: ValueError) -> Self {
        let problem = Problem::Value { attribute, property: property.map(str::to_owned), why };
        Self::of(ErrorKind::Invalid, instance, problem)
    }

    /// Sets the verb, unless one is set already.
    #[must_use]
    pub fn during(mut self, verb: Verb) -> Self {
        self.0.verb.get_or_insert(verb);
        self
    }

    /// Sets the user that it is about, unless one is set already.
    #[must_use]
    pub fn about(mut self, user: impl Into<String>) -> Self {
        let user = user.into();
        if self.0.user.is_none() && !user.is_empty() {
            self.0.user = Some(user);
        }
        self
    }

    /// Sets the wait that the vendor asks for.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Sets whether a request that changes something was sent and may have taken effect.
    #[must_use]
    pub fn with_may_have_arrived(mut self, may_have_arrived: bool) -> Self {
        self.0.may_have_arrived = may_have_arrived;
        self
    }

    /// The same, where what was asked for has preconditions that may be why the vendor refuses, or where no page says what it
    /// demands of the caller.
    pub(crate) fn under(mut self, capabilities: &Capabilities, verb: Verb) -> Self {
        if matches!(self.0.kind, ErrorKind::Refused | ErrorKind::NotPermitted | ErrorKind::MalformedResponse) {
            self.0.preconditions = capabilities.preconditions(verb).into_iter().map(str::to_owned).collect();
        }
        if self.0.kind == ErrorKind::NotPermitted {
            self.0.unsaid = capabilities.unsaid().map(str::to_owned).collect();
        }
        self
    }

    /// Sets what the user had and may have lost.
    #[must_use]
    pub fn with_taken(mut self, taken: Vec<Taken>) -> Self {
        self.0.taken = taken;
        self
    }

    /// Returns what a program can do about it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns what exactly is wrong.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.0.problem
    }

    /// Returns where it happened.
    #[must_use]
    pub fn instance(&self) -> &Instance {
        &self.0.instance
    }

    /// Returns what was asked for.
    #[must_use]
    pub fn verb(&self) -> Option<Verb> {
        self.0.verb
    }

    /// Returns whose record it is about, where it is about one.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.0.user.as_deref()
    }

    /// Returns whether a request that changes something may have taken effect although this error came. Then find first what
    /// the vendor has, and decide.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        self.0.may_have_arrived
    }

    /// Returns what the user had and may have lost, where it may have been switched off: a second call can no longer say it.
    #[must_use]
    pub fn taken(&self) -> &[Taken] {
        &self.0.taken
    }

    /// Returns whether the same call may be made again as it is: the cause may pass, and a second call does no harm.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let passes = matches!(self.0.kind, ErrorKind::RateLimited | ErrorKind::Unavailable);
        passes && (!self.0.may_have_arrived || self.0.verb.is_none_or(Verb::is_idempotent))
    }

    /// Returns the wait that the vendor asks for.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the fields or attributes that it is about, by the vendor's names where they have one.
    #[must_use]
    pub fn fields(&self) -> Vec<String> {
        match &self.0.problem {
            Problem::Missing(missing) => missing.iter().map(|missing| missing.field.clone()).collect(),
            Problem::Value { attribute, property, .. } => {
                vec![property.clone().unwrap_or_else(|| attribute.name().to_owned())]
            }
            Problem::Constraints(violations) => violations.iter().map(|violation| violation.path.clone()).collect(),
            Problem::Changed(fields) | Problem::WouldReplace(fields) | Problem::Refused { fields, .. } => fields.clone(),
            _ => Vec::new(),
        }
    }

    /// Returns the users that the match keys found, where they are in conflict.
    #[must_use]
    pub fn candidates(&self) -> &[Candidate] {
        match &self.0.problem {
            Problem::Candidates(candidates) => candidates,
            _ => &[],
        }
    }

    /// Returns the vendor's own words, without secrets, where it gave some.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        match &self.0.problem {
            Problem::Words(words) | Problem::Refused { words, .. } => Some(words),
            Problem::Call { words, .. } => words.as_deref(),
            _ => None,
        }
    }

    /// Returns what a person can do by hand, where the directory cannot do it.
    #[must_use]
    pub fn manual_step(&self) -> Option<&str> {
        match &self.0.problem {
            Problem::Unsupported { manual, .. } => manual.as_deref(),
            _ => None,
        }
    }

    /// Returns the HTTP status, where there was a response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.0.problem {
            Problem::Refused { status, .. } => *status,
            Problem::Call { error, .. } => error.status().map(|status| status.as_u16()),
            _ => None,
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("instance", &self.0.instance)
            .field("verb", &self.0.verb)
            .field("user", &self.0.user)
            .field("problem", &self.0.problem)
            .field("may_have_arrived", &self.0.may_have_arrived)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.problem {
            Problem::Call { error, .. } => Some(error),
            Problem::Value { why, .. } => Some(why),
            _ => None,
        }
    }
}
