//! Requests and responses as data. Knows no vendor.

use std::collections::BTreeMap;

use client_core::serde_json::Value;

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Such as `PUT`.
    pub method: String,
    /// Segments of the path below the vendor's base, decoded.
    pub path: Vec<String>,
    /// Members of the query, decoded.
    pub query: BTreeMap<String, String>,
    /// Headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body: parsed where it is JSON, an object of strings where it is a form, null where there is none.
    pub body: Value,
}

impl Request {
    /// Returns a header's value; empty where it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Method and segments, to match on.
    #[must_use]
    pub fn route(&self) -> (&str, Vec<&str>) {
        (&self.method, self.path.iter().map(String::as_str).collect())
    }
}

/// A response.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers beside the content type.
    pub headers: Vec<(&'static str, String)>,
    /// JSON, or nothing.
    pub body: Option<Value>,
}

impl Reply {
    /// Returns a response with JSON.
    #[must_use]
    pub fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body: Some(body) }
    }

    /// Returns a response without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: None }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// One request and its response.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The request.
    pub request: Request,
    /// The response.
    pub reply: Reply,
}
