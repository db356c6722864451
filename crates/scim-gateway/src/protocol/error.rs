//! Errors as RFC 7644, section 3.12, has them.

use std::fmt;
use std::time::Duration;

use serde_json::{Value as Json, json};

/// The kinds of errors that SCIM has a name for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScimType {
    /// The filter cannot be parsed or is not supported.
    InvalidFilter,
    /// Too many results, or the request is too large to be worked on.
    TooMany,
    /// Another resource has this value.
    Uniqueness,
    /// The attribute cannot be changed.
    Mutability,
    /// The body is not what was expected.
    InvalidSyntax,
    /// The path of a PATCH operation is wrong.
    InvalidPath,
    /// The path of a PATCH operation finds nothing.
    NoTarget,
    /// A value is missing or does not fit.
    InvalidValue,
}

impl ScimType {
    /// Returns its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
        }
    }
}

/// An error response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScimError {
    /// The HTTP status.
    pub status: u16,
    /// SCIM's name of the kind, where it has one.
    pub scim_type: Option<ScimType>,
    /// What was expected, what was found, and what to do next.
    pub detail: String,
    /// When the request may be sent again.
    pub retry_after: Option<Duration>,
}

impl ScimError {
    /// Returns an error with this status and text.
    #[must_use]
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self { status, scim_type: None, detail: detail.into(), retry_after: None }
    }

    /// A request that is wrong in this way: 400, or 409 for [`ScimType::Uniqueness`].
    #[must_use]
    pub fn of(scim_type: ScimType, detail: impl Into<String>) -> Self {
        let status = if scim_type == ScimType::Uniqueness { 409 } else { 400 };
        Self { scim_type: Some(scim_type), ..Self::new(status, detail) }
    }

    /// Adds the time after which the request may be sent again.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Returns the body of the response.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let mut json = json!({ "schemas": [super::ERROR], "status": self.status.to_string(), "detail": self.detail });
        if let Some(scim_type) = self.scim_type {
            json["scimType"] = Json::from(scim_type.name());
        }
        json
    }
}

impl fmt::Display for ScimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status, self.detail)
    }
}

impl std::error::Error for ScimError {}

/// `text` for an error's detail: shortened, so that nobody's long input comes back whole.
pub(crate) fn shortened(text: &str) -> String {
    const LIMIT: usize = 80;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
