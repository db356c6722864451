//! The regular expression of a value, of which a page shows a long one cut.
//!
//! Input: the text behind a type. Output: the pattern, or that the page hides the rest of it. Knows nothing of types.

use crate::api::{Kind, Schema};

/// A regular expression as the page shows it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pattern<'a> {
    Whole(&'a str),
    /// Only its beginning: the page hides the rest until it is unfolded.
    Cut,
}

/// The button that unfolds a pattern, and the one that folds it again.
pub(super) const SHOWN_BY: &str = "Show pattern";
pub(super) const HIDDEN_BY: &str = "Hide pattern";

/// What is lost of a pattern that is cut.
pub(super) const CUT: &str = "a pattern of which only the beginning is shown";

impl<'a> Pattern<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        /// As many characters of a long pattern are shown before the dots.
        const SHOWN: usize = 45;
        if let Some(whole) = text.strip_suffix(HIDDEN_BY) {
            return Self::Whole(whole.trim_end());
        }
        let dots = |shown: &str| shown.encode_utf16().count() == SHOWN;
        if text.ends_with(SHOWN_BY) || text.strip_suffix("...").is_some_and(dots) { Self::Cut } else { Self::Whole(text) }
    }
}

/// Sets the pattern that a text shows; one of which a part is hidden would refuse what is allowed.
pub(super) fn constrain(text: &str, schema: &mut Schema, lost: &mut Vec<String>) {
    match Pattern::of(text.trim()) {
        Pattern::Whole(whole) => innermost(schema, |schema| schema.constraints.pattern = Some(whole.to_owned())),
        Pattern::Cut => lost.push(CUT.to_owned()),
    }
}

/// A list's format, pattern and lengths are those of its items.
pub(super) fn innermost<T>(schema: &mut Schema, change: impl FnOnce(&mut Schema) -> T) -> T {
    match &mut schema.kind {
        Kind::Array(item) => innermost(item, change),
        _ => change(schema),
    }
}
