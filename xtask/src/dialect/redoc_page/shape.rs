//! What a type line says, before anything else is known of its row.
//!
//! Input: the words for types. Output: a type, and what a schema cannot carry of it. Knows nothing of how a line is read.

use crate::api::{Kind, Named, Schema};

/// Which kind of value a type line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// One that the page would unfold: an object, or a list of objects.
    Expandable,
    Plain,
}

/// What a type line says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shape {
    /// Without places; [`Shape::stamp`] sets them.
    pub(super) schema: Schema,
    /// What the line says and a schema cannot carry.
    pub(super) lost: Vec<String>,
}

impl Shape {
    pub(super) fn line(&self) -> Line {
        match &self.schema.kind {
            Kind::Object(_) => Line::Expandable,
            Kind::Array(item) if matches!(item.kind, Kind::Object(_) | Kind::Array(_)) => Line::Expandable,
            _ => Line::Plain,
        }
    }
}

/// Deeper lists than any API has.
pub(super) const MAX_DEPTH: usize = 16;

/// A type's word, singular or plural; `Some(None)` is null.
pub(super) fn kind(word: &str) -> Option<Option<Kind>> {
    Some(Some(match word {
        "null" => return Some(None),
        "string" | "strings" | "file" | "files" => Kind::String,
        "integer" | "integers" => Kind::Integer,
        "number" | "numbers" => Kind::Number,
        "boolean" | "booleans" => Kind::Boolean,
        "object" | "objects" => Kind::Object(Named::default()),
        "array" | "arrays" => Kind::Array(Box::default()),
        "any" => Kind::Unknown,
        _ => return None,
    }))
}
