//! One call: its values are collected, checked and encoded here, before it is sent.
//!
//! Takes an operation and the program's values. Building never fails: what is wrong is collected, so that one error tells it
//! all. Sends nothing.

use crate::check::Check;
use crate::client::Client;
use crate::constraints::Constraints;
use crate::operation::Operation;
use crate::param::Param;
use crate::secret::Secret;
use crate::target;
use crate::violations::{ArgumentPlace, At, Problem, Violations};
use bytes::Bytes;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A call that is being put together.
#[must_use = "nothing is sent before `send` or `send_empty`"]
pub struct Call<'a> {
    pub(crate) client: &'a Client,
    pub(crate) operation: &'static Operation,
    pub(crate) path: Vec<(&'static str, String)>,
    pub(crate) query: String,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Body,
    /// The media type of a JSON body, where it is documented as another than `application/json`.
    pub(crate) media_type: Option<&'static str>,
    /// The body before it was encoded, to find its secrets if a response must be shown.
    pub(crate) checked: Option<Arc<dyn Check + Send + Sync + 'a>>,
    pub(crate) violations: Violations,
    pub(crate) encoding: Option<serde_json::Error>,
    /// Secrets among the arguments.
    pub(crate) secrets: Vec<Secret>,
    pub(crate) options: Options,
}

/// What differs from what the client's builder says.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<bool>,
    pub(crate) keep_bytes: bool,
}

/// Most bodies fit: growing step by step takes longer than a little memory that is not used.
const INITIAL_BODY_CAPACITY: usize = 1 << 10;

#[derive(Clone)]
pub(crate) enum Body {
    None,
    /// Each attempt takes a copy, which is no more than a count.
    Json(Bytes),
    Form(String),
}

impl Client {
    /// Begins a call.
    pub fn call<'a>(&'a self, operation: &'static Operation) -> Call<'a> {
        Call {
            client: self,
            operation,
            path: Vec::new(),
            query: String::new(),
            headers: Vec::new(),
            body: Body::None,
            media_type: None,
            checked: None,
            violations: Violations::default(),
            encoding: None,
            secrets: Vec::new(),
            options: Options::default(),
        }
    }
}

impl<'a> Call<'a> {
    /// Sets the value of a part of the path. It stays one part: what would lead elsewhere is refused, the rest is encoded.
    pub fn path<P: Param + ?Sized>(mut self, name: &'static str, value: &P) -> Self {
        let mut text = String::new();
        value.each(&mut |part| text.push_str(part));
        self.note::<P>(&text);
        if let Some(problem) = target::path_problem(&text) {
            self.violations.add(&At::start(ArgumentPlace::Path).member(name), problem);
        }
        self.path.push((name, text));
        self
    }

    /// Sets how long one attempt may take, instead of what the client's builder says.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.options.timeout = Some(limit);
        self
    }

    /// Sets whether the call may be sent more than once. By default that is what is safe for the operation.
    pub fn retry(mut self, retry: bool) -> Self {
        self.options.retry = Some(retry);
        self
    }

    /// Keeps the bytes of the response's body, for [`Response::bytes`](crate::Response::bytes).
    pub fn keep_bytes(mut self) -> Self {
        self.options.keep_bytes = true;
        self
    }

    /// Sets a query parameter: not sent when absent, repeated for a list. The last value of a name counts.
    pub fn query<P: Param + ?Sized>(mut self, name: &'static str, value: &P) -> Self {
        target::remove_pairs(&mut self.query, name);
        value.each(&mut |text| {
            self.note::<P>(text);
            target::add_pair(&mut self.query, name, text);
        });
        self
    }

    /// Sets a header: not sent when absent, joined by commas for a list. The last value of a name counts.
    pub fn header<P: Param + ?Sized>(mut self, name: &'static str, value: &P) -> Self {
        let mut joined: Option<String> = None;
        value.each(&mut |text| match &mut joined {
            Some(joined) => {
                joined.push_str(", ");
                joined.push_str(text);
            }
            None => joined = Some(text.to_owned()),
        });
        if let Some(text) = joined {
            self.note::<P>(&text);
            let name_and_value = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| Problem::NotVisibleAscii)
                .and_then(|name| Ok((name, target::header_value(&text)?)));
            match name_and_value {
                Ok((name, mut value)) => {
                    value.set_sensitive(P::SECRET);
                    self.headers.retain(|(known, _)| *known != name);
                    self.headers.push((name, value));
                }
                Err(problem) => {
                    let start = At::start(ArgumentPlace::Header);
                    self.violations.add(&start.member(name), problem);
                }
            }
        }
        self
    }

    /// Holds an argument against its documented constraints.
    pub fn check<C: Check + ?Sized>(
        mut self,
        place: ArgumentPlace,
        name: &'static str,
        value: &C,
        constraints: &Constraints,
    ) -> Self {
        value.check(constraints, &At::start(place).member(name), &mut self.violations);
        self
    }

    /// Sets a JSON body. It is held against its documented constraints.
    pub fn json<B: Serialize + Check + Sync + ?Sized>(mut self, body: &'a B) -> Self {
        body.check(&Constraints::NONE, &At::start(ArgumentPlace::Body), &mut self.violations);
        let mut bytes = Vec::with_capacity(INITIAL_BODY_CAPACITY);
        match serde_json::to_writer(&mut bytes, body) {
            Ok(()) => self.body = Body::Json(bytes.into()),
            Err(error) => self.encoding = Some(error),
        }
        self.checked = Some(Arc::new(body));
        self
    }

    /// The media type that is documented for the JSON body, such as `application/json; charset=utf-8`; by default
    /// `application/json`. Visible ASCII; anything else is not sent.
    pub fn media_type(mut self, name: &'static str) -> Self {
        self.media_type = Some(name);
        self
    }

    /// A JSON body that may be left out.
    pub fn json_optional<B: Serialize + Check + Sync>(self, body: Option<&'a B>) -> Self {
        match body {
            Some(body) => self.json(body),
            None => self,
        }
    }

    /// One member of an `application/x-www-form-urlencoded` body: not sent when absent, repeated for a list.
    pub fn form<P: Param + ?Sized>(mut self, name: &'static str, value: &P) -> Self {
        let mut pairs = match std::mem::replace(&mut self.body, Body::None) {
            Body::Form(pairs) => pairs,
            Body::None | Body::Json(_) => String::new(),
        };
        value.each(&mut |text| {
            self.note::<P>(text);
            target::add_pair(&mut pairs, name, text);
        });
        self.body = Body::Form(pairs);
        self
    }

    /// The same call once more, for one that found nothing wrong with its values.
    pub(crate) fn again(&self) -> Self {
        Self {
            client: self.client,
            operation: self.operation,
            path: self.path.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            body: self.body.clone(),
            media_type: self.media_type,
            checked: self.checked.clone(),
            violations: Violations::default(),
            encoding: None,
            secrets: self.secrets.clone(),
            options: self.options,
        }
    }

    fn note<P: Param + ?Sized>(&mut self, text: &str) {
        if P::SECRET {
            self.secrets.push(text.into());
        }
    }
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Call").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}
