//! A stretch of a document, shown whole.
//!
//! Input: a document and a span. Output: its range, and its lines with their numbers, long ones wrapped.

use std::fmt::Write as _;

use crate::{
    diagnostic::printable,
    document::{Document, Span},
};

/// Characters in one line for a terminal; a document may be one line of several kilobytes.
const WIDTH: usize = 100;

/// Lines shown of one span.
const LINES: usize = 24;

/// `path:line:column-line:column`, and the text there.
#[must_use]
pub fn excerpt(document: &Document, span: Span) -> String {
    format!("{}\n{}", range(document, span), passage(document, span))
}

/// `path:line:column-line:column`.
#[must_use]
pub fn range(document: &Document, span: Span) -> String {
    let end = document.place(span.end);
    match span.start < span.end {
        true => format!("{}-{}:{}", document.source(span), end.line, end.column),
        false => document.source(span),
    }
}

/// The text of a span, each line behind its number, blank lines left out.
fn passage(document: &Document, span: Span) -> String {
    // A place without an end is where something begins: its line tells what.
    let shown = if span.start < span.end { span } else { Span { end: document.line_at(span.start).span.end, ..span } };
    let first = document.place(shown.start).line;
    let lines = document.slice(shown).lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let mut pieces: Vec<(Option<usize>, String)> = Vec::new();
    for (offset, line) in lines {
        let wrapped = wrapped(line.trim());
        pieces.extend(wrapped.into_iter().enumerate().map(|(index, piece)| ((index == 0).then_some(first + offset), piece)));
    }
    let width = pieces.iter().filter_map(|(number, _)| *number).max().unwrap_or(first).to_string().len();
    let mut text = String::new();
    for (number, piece) in pieces.iter().take(LINES) {
        let number = number.map(|number| number.to_string()).unwrap_or_default();
        let _ = writeln!(text, "{number:width$} | {}", printable(piece));
    }
    if let Some(rest) = pieces.get(LINES..).filter(|rest| !rest.is_empty()) {
        let characters: usize = rest.iter().map(|(_, piece)| piece.chars().count()).sum();
        let _ = writeln!(text, "… and {characters} more characters");
    }
    text
}

/// A line in pieces that fit a terminal, broken between words where there are any.
fn wrapped(line: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut width = 0;
    for word in line.split_inclusive(' ') {
        let length = word.trim_end().chars().count();
        if width > 0 && width + length > WIDTH {
            pieces.push(String::new());
            width = 0;
        }
        for char in word.chars() {
            if width == WIDTH {
                pieces.push(String::new());
                width = 0;
            }
            if let Some(piece) = pieces.last_mut() {
                piece.push(char);
            }
            width += 1;
        }
    }
    pieces.iter().map(|piece| piece.trim_end().to_owned()).filter(|piece| !piece.is_empty()).collect()
}
