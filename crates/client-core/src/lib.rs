#![doc = include_str!("../README.md")]

pub use builder::ClientBuilder;
pub use call::Call;
pub use check::Check;
pub use client::Client;
pub use clock::pause;
pub use constraints::Constraints;
pub use context::CallContext;
pub use credentials::Credential;
pub use error::{Error, ErrorResponse, Reason};
pub use field::Field;
pub use futures_core::Stream;
pub use http::{HeaderMap, StatusCode};
pub use interceptor::{Attempt, AttemptOutcome, Interceptor};
pub use json::{Extra, Json, NotJson};
pub use list::List;
pub use map::Map;
pub use mask::Mask;
pub use no_response::{MalformedResponse, ResponseProblem, TimeLimit, TimedOut, TransportError};
pub use not_sent::{BuildError, NotSent, NotSentCause};
pub use number::{NotANumber, Number};
pub use operation::{
    ClientParameter, Failure, Method, Operation, Place, RateLimit, Retry, RetryPolicy, Scalar, Scheme, SchemeKind, When,
};
pub use pages::Pages;
pub use param::Param;
pub use pattern::{InvalidPattern, Pattern};
pub use response::Response;
pub use secret::Secret;
pub use string_enum::Unknown;
pub use target::url_part;
pub use timestamp::{NotATimestamp, Timestamp};
pub use tokens::{BoxError, BoxFuture, SharedTokenSource, Token, TokenSource};
pub use violations::{ArgumentPlace, At, Problem, Violation, Violations};
pub use {reqwest, serde, serde_json};

#[doc(hidden)]
pub mod convert;
pub mod object;
#[doc(hidden)]
pub mod request;
#[doc(hidden)]
pub mod string_enum;

mod assemble;
mod builder;
mod call;
mod check;
mod client;
mod clock;
mod constraints;
mod context;
mod credentials;
mod error;
mod excerpt;
mod failure;
mod field;
mod intercept;
mod interceptor;
mod json;
mod levels;
mod list;
mod malformed;
mod map;
mod mask;
mod needles;
mod no_response;
mod not_sent;
mod number;
mod operation;
mod pages;
mod param;
mod parse;
mod pattern;
mod pointer;
mod rate;
mod receive;
mod response;
mod retry;
mod secret;
mod secret_words;
mod send;
mod settings;
mod span;
mod target;
mod timestamp;
mod tokens;
mod transport;
mod violations;
