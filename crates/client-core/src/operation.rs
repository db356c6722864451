//! An operation as the specification describes it, as constant data: what the generator writes and the core reads.
//!
//! Holds no behaviour and knows no vendor.

use std::time::Duration;

/// One operation of a vendor's API.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The `operationId`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path with `{name}` where a value goes; it starts with `/`.
    pub path: &'static str,
    /// Alternatives of schemes that are needed together. Empty: none is needed. An empty alternative: none is fine too.
    pub security: &'static [&'static [&'static str]],
    /// Values that are the same for every call of a client.
    pub client_parameters: &'static [ClientParameter],
    /// The documented statuses of success. Every 2xx counts as success anyway; this adds others.
    pub success: &'static [u16],
    /// Whether a repetition is safe.
    pub retry: Retry,
    /// What makes a response an error response although its status is a success.
    pub failures: &'static [Failure],
}

impl Operation {
    /// One that needs no credential, takes nothing from the client, and may not be retried.
    pub const fn new(id: &'static str, method: Method, path: &'static str) -> Self {
        Self { id, method, path, security: &[], client_parameters: &[], success: &[], retry: Retry::Never, failures: &[] }
    }

    /// Sets the alternatives of schemes that are needed together.
    #[must_use]
    pub const fn security(self, security: &'static [&'static [&'static str]]) -> Self {
        Self { security, ..self }
    }

    /// Sets what it takes from the client.
    #[must_use]
    pub const fn client_parameters(self, client_parameters: &'static [ClientParameter]) -> Self {
        Self { client_parameters, ..self }
    }

    /// Sets the documented statuses of success.
    #[must_use]
    pub const fn success(self, success: &'static [u16]) -> Self {
        Self { success, ..self }
    }

    /// Sets whether it may be retried.
    #[must_use]
    pub const fn retry(self, retry: Retry) -> Self {
        Self { retry, ..self }
    }

    /// Sets what makes a response a failure although its status says success.
    #[must_use]
    pub const fn failures(self, failures: &'static [Failure]) -> Self {
        Self { failures, ..self }
    }
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// GET
    Get,
    /// PUT
    Put,
    /// POST
    Post,
    /// DELETE
    Delete,
    /// PATCH
    Patch,
    /// HEAD
    Head,
    /// OPTIONS
    Options,
}

impl Method {
    /// Returns the method's name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Patch => "PATCH",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
        }
    }

    pub(crate) const fn wire(self) -> reqwest::Method {
        match self {
            Self::Get => reqwest::Method::GET,
            Self::Put => reqwest::Method::PUT,
            Self::Post => reqwest::Method::POST,
            Self::Delete => reqwest::Method::DELETE,
            Self::Patch => reqwest::Method::PATCH,
            Self::Head => reqwest::Method::HEAD,
            Self::Options => reqwest::Method::OPTIONS,
        }
    }
}

/// Whether sending an operation twice does what sending it once does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// It does: the call is repeated after 429, 502, 503, 504 and lost connections.
    Idempotent,
    /// It does not: the call is repeated only when it never left, or was refused for an expired token.
    Never,
}

/// A value that is set once on the client and sent with every operation that documents it.
#[derive(Clone, Copy, Debug)]
pub struct ClientParameter {
    /// The name on the wire.
    pub name: &'static str,
    /// Where it travels.
    pub place: Place,
    /// Whether the operation fails without it.
    pub required: bool,
}

impl ClientParameter {
    /// One in a header, that may be left out.
    pub const fn header(name: &'static str) -> Self {
        Self { name, place: Place::Header, required: false }
    }

    /// One in the query string, that may be left out.
    pub const fn query(name: &'static str) -> Self {
        Self { name, place: Place::Query, required: false }
    }

    /// The operation fails without it.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

/// Where a client parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In a header.
    Header,
    /// In the query string.
    Query,
}

/// A rule that tells a failure in an answer whose status says success.
#[derive(Clone, Copy, Debug)]
pub struct Failure {
    /// A JSON pointer; `*` stands for any member or item, the empty one for the whole body.
    pub at: &'static str,
    /// What makes the value there a failure.
    pub when: When,
}

impl Failure {
    /// Returns a rule for the place that a JSON pointer names.
    pub const fn new(at: &'static str, when: When) -> Self {
        Self { at, when }
    }
}

/// What makes a value a failure.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// It is null.
    Null,
    /// It is there: neither null nor an empty object, array or string.
    Present,
    /// It is there, not null, and none of these.
    Not(&'static [Scalar]),
}

/// A plain JSON value in a rule.
#[derive(Clone, Copy, Debug)]
pub enum Scalar {
    /// A string.
    Text(&'static str),
    /// A whole number.
    Integer(i64),
    /// A boolean.
    Bool(bool),
}

/// A security scheme.
#[derive(Clone, Copy, Debug)]
pub struct Scheme {
    /// The name in the specification.
    pub name: &'static str,
    /// How the credential travels.
    pub kind: SchemeKind,
}

impl Scheme {
    /// In the header `header`, behind `prefix`.
    pub const fn header(name: &'static str, header: &'static str, prefix: &'static str) -> Self {
        Self { name, kind: SchemeKind::Header { header, prefix } }
    }

    /// In the query parameter `parameter`.
    pub const fn query(name: &'static str, parameter: &'static str) -> Self {
        Self { name, kind: SchemeKind::Query { name: parameter } }
    }

    /// As user and password.
    pub const fn basic(name: &'static str) -> Self {
        Self { name, kind: SchemeKind::Basic }
    }

    /// As a bearer token.
    pub const fn bearer(name: &'static str) -> Self {
        Self { name, kind: SchemeKind::Bearer }
    }
}

/// How a credential travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// In a header of its own, after a prefix.
    Header {
        /// The header's name.
        header: &'static str,
        /// What stands before the value, its space included.
        prefix: &'static str,
    },
    /// In the query string.
    Query {
        /// The parameter's name.
        name: &'static str,
    },
    /// As user and password in `Authorization: Basic`.
    Basic,
    /// As `Authorization: Bearer`.
    Bearer,
}

/// How many requests a vendor takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    /// Requests per second, sustained.
    pub per_second: f64,
    /// Requests at once after a pause.
    pub burst: u32,
}

/// How a repeatable call is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Repetitions after the first attempt.
    pub max_retries: u32,
    /// The wait before the first repetition; each further one doubles. Up to as much again is added by chance.
    pub first_delay: Duration,
    /// The longest wait, apart from what a vendor asks for with Retry-After.
    pub max_delay: Duration,
}

impl RetryPolicy {
    /// No repetition at all.
    pub const NONE: Self = Self { max_retries: 0, first_delay: Duration::ZERO, max_delay: Duration::ZERO };
}

impl Default for RetryPolicy {
    /// Three repetitions, from a quarter of a second up to ten seconds.
    fn default() -> Self {
        Self { max_retries: 3, first_delay: Duration::from_millis(250), max_delay: Duration::from_secs(10) }
    }
}
