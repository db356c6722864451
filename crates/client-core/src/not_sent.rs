//! Why nothing was sent, or why there is no client.
//!
//! Input: what is missing or wrong on this side. Output: errors that name the scheme, header or field, and what to do.

use crate::context::CallContext;
use crate::operation::Place;
use crate::tokens::BoxError;
use crate::violations::Violations;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A call whose last attempt did not reach the vendor.
#[derive(Debug)]
#[non_exhaustive]
pub struct NotSent {
    /// Which call it was; an earlier attempt of it may have taken effect.
    pub call: CallContext,
    /// Why.
    pub cause: NotSentCause,
}

/// Why nothing was sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum NotSentCause {
    /// The request breaks documented constraints, or its values would address something else.
    Violations(Violations),
    /// The body cannot be written as JSON.
    Encoding(serde_json::Error),
    /// No credentials for any alternative that the operation documents.
    MissingCredentials {
        /// The alternatives: schemes that are needed together.
        needed: &'static [&'static [&'static str]],
        /// The schemes that the nearest alternative lacks.
        missing: Vec<&'static str>,
    },
    /// A value that is set once on the client has not been set.
    MissingParameter {
        /// Its name on the wire.
        name: &'static str,
        /// Where it travels.
        place: Place,
    },
    /// There is no connection.
    Connect(BoxError),
    /// The server's TLS or its certificate is not to be trusted. This does not change by itself, so it is not tried again.
    Tls(BoxError),
    /// The request could not be put together.
    Request(BoxError),
    /// The token source failed.
    TokenSource {
        /// The scheme or parameter it is for.
        name: &'static str,
        /// What the source says; it is this error's `source`, not part of its text.
        error: Arc<BoxError>,
    },
    /// An interceptor kept it from being sent; what it says is this error's `source`, not part of its text.
    Interceptor(BoxError),
    /// The rate limit would make it wait beyond its deadline.
    RateLimit {
        /// The wait.
        wait: Duration,
    },
    /// The call was made outside of a Tokio runtime.
    NoRuntime,
    /// There is no client.
    Build(BuildError),
}

impl fmt::Display for NotSent {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let again = if self.call.may_have_arrived { " again" } else { "" };
        write!(to, "{} was not sent{again}: ", self.call)?;
        match &self.cause {
            NotSentCause::Violations(violations) => violations.fmt(to),
            NotSentCause::Encoding(_) => to.write_str("the body cannot be written as JSON"),
            NotSentCause::MissingCredentials { needed, missing } => {
                let needed: Vec<_> = needed.iter().map(|together| together.join(" with ")).collect();
                let (needed, missing) = (needed.join(", or "), missing.join(" and "));
                write!(to, "it needs {needed}, and no credential is set for {missing}: give it to the client's builder")
            }
            NotSentCause::MissingParameter { name, place } => {
                let place = match place {
                    Place::Header => "header",
                    Place::Query => "query parameter",
                };
                write!(to, "it needs the {place} {name}, which is set once on the client's builder")
            }
            NotSentCause::Connect(error) => write!(to, "no connection: {}", root_cause(&**error)),
            NotSentCause::Tls(error) => write!(
                to,
                "no TLS with this server: {}; check the base URL's scheme, host and port and the server's certificate, or trust \
                 an authority of your own by `http` of the client's builder",
                root_cause(&**error)
            ),
            NotSentCause::Request(error) => write!(to, "the request cannot be put together: {}", root_cause(&**error)),
            NotSentCause::TokenSource { name, .. } => {
                write!(to, "the token source of {name} failed")
            }
            NotSentCause::Interceptor(_) => to.write_str("an interceptor kept it back"),
            NotSentCause::RateLimit { wait } => write!(to, "the rate limit asks for {wait:?}, which is beyond the deadline"),
            NotSentCause::NoRuntime => to.write_str(
                "it needs Tokio: call it within a Tokio runtime with timers and I/O, such as that of `#[tokio::main]`, or by \
                 `Runtime::block_on`",
            ),
            NotSentCause::Build(error) => error.fmt(to),
        }?;
        if self.call.may_have_arrived && !self.call.safe {
            to.write_str("; an earlier attempt may have taken effect")
        } else {
            Ok(())
        }
    }
}

impl StdError for NotSent {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.cause {
            NotSentCause::Encoding(error) => Some(error),
            NotSentCause::Connect(error) | NotSentCause::Tls(error) | NotSentCause::Request(error) => Some(&**error),
            NotSentCause::TokenSource { error, .. } => Some(&***error),
            NotSentCause::Interceptor(error) => Some(&**error),
            NotSentCause::Build(error) => error.source(),
            NotSentCause::Violations(_)
            | NotSentCause::MissingCredentials { .. }
            | NotSentCause::MissingParameter { .. }
            | NotSentCause::NoRuntime
            | NotSentCause::RateLimit { .. } => None,
        }
    }
}

/// The innermost cause: "Connection refused" rather than "error sending request".
pub(crate) fn root_cause<'a>(error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause
}

/// Why there is no client.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL is not one.
    BaseUrl {
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The base URL is neither https nor loopback.
    Insecure {
        /// The host.
        host: String,
    },
    /// A credential for a scheme that the vendor does not document.
    UnknownScheme {
        /// The name given.
        name: &'static str,
        /// The names there are.
        known: Vec<&'static str>,
    },
    /// A credential of another kind than the scheme takes.
    WrongCredential {
        /// The scheme.
        scheme: &'static str,
        /// What it takes.
        expected: &'static str,
        /// What was given.
        found: &'static str,
    },
    /// A value with characters that a header cannot carry.
    HeaderValue {
        /// The scheme or parameter it is for.
        name: &'static str,
    },
    /// A rate limit under which nothing could ever be sent.
    RateLimit {
        /// The requests per second that were asked for.
        per_second: f64,
    },
    /// The base URL is one of https, and no TLS is compiled in.
    NoTls {
        /// The host.
        host: String,
    },
    /// The HTTP client could not be set up.
    Http(BoxError),
}

impl fmt::Display for BuildError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaseUrl { problem } => write!(to, "the base URL {problem}; expected one like https://api.example.com/v1"),
            Self::Insecure { host } => {
                write!(to, "the base URL sends credentials to {host} without https: use https, or say `allow_insecure(true)`")
            }
            Self::UnknownScheme { name, known } => {
                write!(to, "there is no security scheme {name}; the documented ones are {}", known.join(", "))
            }
            Self::WrongCredential { scheme, expected, found } => {
                write!(to, "the security scheme {scheme} takes {expected}, not {found}")
            }
            Self::HeaderValue { name } => {
                write!(to, "the value for {name} has a character that a header cannot carry: visible ASCII is expected")
            }
            Self::RateLimit { per_second } => {
                write!(to, "the rate limit asks for {per_second} requests per second, expected a number above 0, or none at all")
            }
            Self::NoTls { host } => {
                write!(to, "https://{host} needs TLS, which is not compiled in: turn on the feature `rustls` or `native-tls`")
            }
            Self::Http(error) => write!(to, "the HTTP client cannot be set up: {}", root_cause(&**error)),
        }
    }
}

impl StdError for BuildError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Http(error) => Some(&**error),
            _ => None,
        }
    }
}
