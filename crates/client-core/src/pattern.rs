//! Documented patterns. They are ECMA-262, as OpenAPI says, look-ahead included, so they need an engine of that kind.
//!
//! Input: the pattern's text and a value. Output: whether it matches. Compiled at the first use, once per process.

use regress::Regex;
use std::fmt;
use std::sync::OnceLock;

/// A pattern of the specification, for use in a `static`.
#[derive(Debug)]
pub struct Pattern {
    text: &'static str,
    compiled: OnceLock<Result<Regex, InvalidPattern>>,
}

/// The documented pattern is not a regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPattern(String);

impl fmt::Display for InvalidPattern {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "not an ECMA-262 pattern: {}", self.0)
    }
}

impl std::error::Error for InvalidPattern {}

impl Pattern {
    /// Returns a pattern from its text; nothing is compiled yet.
    pub const fn new(text: &'static str) -> Self {
        Self { text, compiled: OnceLock::new() }
    }

    /// The pattern as it is documented.
    pub const fn as_str(&self) -> &'static str {
        self.text
    }

    /// Returns whether the pattern matches anywhere in the value, as OpenAPI defines it: only the pattern's own anchors tie it
    /// to an end.
    ///
    /// # Errors
    ///
    /// [`InvalidPattern`] where the documented pattern is no regular expression of ECMA 262.
    pub fn is_match(&self, value: &str) -> Result<bool, InvalidPattern> {
        let compiled = self
            .compiled
            .get_or_init(|| Regex::new(self.text).map_err(|error| InvalidPattern(format!("`{}`: {error}", self.text))));
        match compiled {
            Ok(regex) => Ok(regex.find(value).is_some()),
            Err(invalid) => Err(invalid.clone()),
        }
    }
}
