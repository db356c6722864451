//! What a document allows of a value: its length, its range, its pattern.

use std::{
    fmt,
    ops::{Deref, DerefMut},
};

/// Constraints on a value, as far as the document states them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraints {
    /// Least number of characters.
    pub min_length: Option<u64>,
    /// Largest number of characters.
    pub max_length: Option<u64>,
    /// ECMA-262 regular expression.
    pub pattern: Option<String>,
    /// Least value.
    pub minimum: Option<serde_json::Number>,
    /// Whether [`Constraints::minimum`] itself is too small.
    pub exclusive_minimum: bool,
    /// Largest value.
    pub maximum: Option<serde_json::Number>,
    /// Whether [`Constraints::maximum`] itself is too large.
    pub exclusive_maximum: bool,
    /// Step between values.
    pub multiple_of: Option<serde_json::Number>,
    /// Least number of items.
    pub min_items: Option<u64>,
    /// Largest number of items.
    pub max_items: Option<u64>,
    /// No item may stand twice.
    pub unique_items: bool,
}

/// Constraints as a schema holds them: few values have any, and those that have none take no room for them.
#[derive(Clone, Default)]
pub struct RareConstraints(Option<Box<Constraints>>);

impl Deref for RareConstraints {
    type Target = Constraints;

    fn deref(&self) -> &Constraints {
        const NONE: &Constraints = &Constraints {
            min_length: None,
            max_length: None,
            pattern: None,
            minimum: None,
            exclusive_minimum: false,
            maximum: None,
            exclusive_maximum: false,
            multiple_of: None,
            min_items: None,
            max_items: None,
            unique_items: false,
        };
        self.0.as_deref().unwrap_or(NONE)
    }
}

impl DerefMut for RareConstraints {
    fn deref_mut(&mut self) -> &mut Constraints {
        self.0.get_or_insert_default()
    }
}

impl From<Constraints> for RareConstraints {
    fn from(constraints: Constraints) -> Self {
        Self(Some(Box::new(constraints)))
    }
}

impl PartialEq for RareConstraints {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for RareConstraints {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}
