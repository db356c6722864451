//! What is wrong with an input, for the person who has to mend it.
//!
//! Input: a place, what was expected and found, and what to do. Output: `path:line:column: message`, the line with
//! the place marked under it, and the help. Knows nothing of what the input means.

use std::fmt::Write as _;

use crate::document::{Document, Place, Span};

/// One thing that is wrong, at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where.
    pub span: Span,
    /// What was expected and what was found.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Diagnostic {
    /// A diagnostic at `span`.
    #[must_use]
    pub fn new(span: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: help.into() }
    }

    /// The text for a terminal, without colour; ends with a line break.
    #[must_use]
    pub fn render(&self, document: &Document) -> String {
        self.render_in(document, &document.path)
    }

    /// The same, with `file` as the path that a person can open.
    #[must_use]
    pub fn render_in(&self, document: &Document, file: &str) -> String {
        let Place { line, column } = document.place(self.span.start);
        let mut text = format!("{}:{line}:{column}: {}\n", printable(file), printable(&self.message));
        text.push_str(&marked(document, self.span));
        let _ = writeln!(text, "  = help: {}", printable(&self.help));
        text
    }
}

/// Characters shown before the place and in all; documents have lines of several kilobytes.
const BEFORE: usize = 40;
const WIDTH: usize = 110;

/// The line of `span`, cut to what fits a terminal, and a second one that underlines the place.
#[must_use]
pub fn marked(document: &Document, span: Span) -> String {
    let line = document.line_at(span.start);
    let place = document.place(span.start);
    let first = (place.column - 1).saturating_sub(BEFORE);
    let shown: String = line.text.chars().skip(first).take(WIDTH).map(visible).collect();
    let in_line = document.slice(Span { end: span.end.min(line.span.end).max(span.start), ..span });
    let start = place.column - 1 - first;
    let marks = in_line.chars().count().clamp(1, WIDTH.saturating_sub(start).max(1));
    let (lead, tail) = (if first > 0 { "…" } else { "" }, if line.text.chars().count() > first + WIDTH { "…" } else { "" });
    let number = place.line.to_string();
    format!(
        "{number} | {lead}{shown}{tail}\n{:width$} | {}{}\n",
        "",
        " ".repeat(start + lead.chars().count()),
        "^".repeat(marks),
        width = number.len()
    )
}

/// Text that cannot move the cursor or turn the direction of what stands around it.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars().map(visible).collect()
}

fn visible(char: char) -> char {
    match char {
        '\t' => ' ',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' => '\u{fffd}',
        char if char.is_control() => '\u{fffd}',
        char => char,
    }
}
