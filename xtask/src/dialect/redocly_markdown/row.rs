//! A field of a section with all that it says, before it has its place among the others.

use std::borrow::Cow;

use super::field::{Types, Values};
use crate::document::Span;

/// How the rows under a row make its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// `one of:`, `any of:`
    Alternatives,
    /// `all of:`
    Composition,
}

/// In the name of an alternative, which no field has.
pub(super) const ALTERNATIVE: char = '\u{1}';

const UNNAMED: &str = "the page names no alternative here: the fields are taken to be those of one";

/// A field and all that it says.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// From the outermost field on.
    pub(super) name: Cow<'a, str>,
    pub(super) types: Types<'a>,
    pub(super) values: Values<'a>,
    pub(super) description: Option<String>,
    /// All of it.
    pub(super) span: Span,
    /// The JSON of its example.
    pub(super) example: Option<Span>,
    /// What ends its text and names the alternative that follows.
    pub(super) label: Option<(&'a str, Span)>,
    /// How the rows under it make its type, where the page says so.
    pub(super) choice: Option<Choice>,
    /// The member whose value tells the alternatives apart.
    pub(super) discriminator: Option<String>,
    /// Why it stands where it does, if the page does not say so itself.
    pub(super) assumed: Option<&'static str>,
}

impl<'a> Row<'a> {
    /// A row for one alternative, whose members stand under it.
    pub(super) fn alternative(name: String, label: Option<&'a str>, span: Span) -> Self {
        Self {
            name: Cow::Owned(name),
            types: Types::object(),
            values: Values::default(),
            description: label.map(str::to_owned),
            span,
            example: None,
            label: None,
            choice: None,
            discriminator: None,
            assumed: label.is_none().then_some(UNNAMED),
        }
    }
}
