//! A stretch of a document, shown whole.
//!
//! Input: a document and a span. Output: its range, and its lines in pieces that fit a terminal, each underlined.

use crate::{
    diagnostic::marked,
    document::{Document, Span},
};

/// Characters underlined in one piece; a document may be one line of several kilobytes.
const PIECE: usize = 68;

/// Pieces shown of one span.
const PIECES: usize = 8;

/// `path:line:column-line:column`, and the text under it.
#[must_use]
pub fn excerpt(document: &Document, span: Span) -> String {
    let end = document.place(span.end);
    let mut text = match span.start < span.end {
        true => format!("{}-{}:{}\n", document.source(span), end.line, end.column),
        false => format!("{}\n", document.source(span)),
    };
    let pieces = pieces(document, span);
    for piece in pieces.iter().take(PIECES) {
        text.push_str(&marked(document, *piece));
    }
    if let Some(rest) = pieces.get(PIECES..).filter(|rest| !rest.is_empty()) {
        let characters: usize = rest.iter().map(|piece| document.slice(*piece).chars().count()).sum();
        text.push_str(&format!("… and {characters} more characters\n"));
    }
    text
}

/// The span line by line, blank lines left out, long lines cut.
fn pieces(document: &Document, span: Span) -> Vec<Span> {
    let mut pieces = Vec::new();
    let mut at = span.start;
    loop {
        let line = document.line_at(at).span;
        let end = line.end.min(span.end).max(at);
        let text = document.slice(Span { start: at, end, ..span });
        let blank = text.len() - text.trim_start().len();
        let text = text.trim();
        let mut start = at + blank as u32;
        let mut rest = text;
        while !rest.is_empty() {
            let cut = rest.char_indices().nth(PIECE).map_or(rest.len(), |(cut, _)| cut);
            pieces.push(Span { start, end: start + cut as u32, ..span });
            start += cut as u32;
            rest = rest.get(cut..).unwrap_or_default();
        }
        // Past the line's break; the last line has none.
        let next = document
            .text
            .get(line.end as usize..)
            .and_then(|rest| rest.find('\n'))
            .map(|break_at| line.end + break_at as u32 + 1);
        match next {
            Some(next) if next < span.end => at = next,
            _ => break,
        }
    }
    if pieces.is_empty() { vec![span] } else { pieces }
}
