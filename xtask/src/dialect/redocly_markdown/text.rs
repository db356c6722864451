//! Where words begin in a text.
//!
//! Input: a text and a place in it. Output: places. A line break is white space like any other. Knows nothing of pages.

/// Whether the text before `at` ends a word.
pub(super) fn starts_word(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|before| before.chars().next_back().is_none_or(|char| char.is_whitespace() || char == '\u{feff}'))
}

/// The first place from `at` on that is not blank.
pub(super) fn skip_blank(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + (rest.len() - rest.trim_start().len())
}

/// Text without the white space around it; `None` where nothing is left.
pub(super) fn text_of(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
