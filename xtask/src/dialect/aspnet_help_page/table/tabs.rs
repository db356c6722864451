//! Tables in which a tab closes a cell, as browsers copy them.
//!
//! Input: the lines under the column names. Output: rows. A cell of one piece of text ends with a tab, also where the line
//! ends behind it; one of several paragraphs ends with a blank line instead, so that only the names and the types of rows
//! are sure to be followed by a tab.

use super::{Cell, NAME_EXPECTED, Refusal, Row, TYPE_EXPECTED, is_type, split_type};
use crate::document::{Document, Line, Span};

/// A piece of a line, and whether a tab closes it.
#[derive(Clone, Copy)]
struct Piece<'a> {
    line: Line<'a>,
    closed: bool,
}

pub(super) fn rows<'a>(document: &'a Document, lines: &[Line<'a>], typed: bool) -> Result<Vec<Row<'a>>, Refusal> {
    let mut pieces = Vec::with_capacity(2 * lines.len());
    lines.iter().for_each(|line| cut(document, *line, &mut pieces));
    let mut rows = Vec::new();
    let mut at = 0;
    while let Some(name) = pieces.get(at) {
        let name_line = name.line;
        if !name.closed || name_line.text.is_empty() {
            return Err((name_line.span, NAME_EXPECTED));
        }
        let rest = pieces.get(at + 1..).unwrap_or_default();
        // What is closed and stands before something open is the last cell but one.
        let end = (0..rest.len()).find(|index| {
            rest.get(*index).is_some_and(|piece| piece.closed) && rest.get(index + 1).is_none_or(|next| !next.closed)
        });
        let (before, behind) = match end.and_then(|end| rest.split_at_checked(end + 1)) {
            Some(parts) => parts,
            // The older template's only other closed cell may be one of paragraphs.
            None if !typed => rest.split_at(0),
            None => return Err((name_line.span, TYPE_EXPECTED)),
        };
        let closed = before.iter().filter(|piece| piece.closed).count();
        let described: Cell<'a> = before.iter().map(|piece| piece.line).filter(|line| !line.text.is_empty()).collect();
        let most = if typed { 2 } else { 1 };
        let (description, kind): (Cell<'a>, _) = match split_type(document, &described) {
            Some((description, kind)) if typed => (description.into(), Some(kind)),
            None if typed => return Err((described.last().map_or(name_line.span, |line| line.span), TYPE_EXPECTED)),
            _ => (described.as_slice().into(), None),
        };
        if closed > most {
            return Err((name_line.span, "a row of this table has more cells than columns"));
        }
        let additional: Cell<'a> = behind.iter().take_while(|piece| !piece.closed).map(|piece| piece.line).collect();
        if let Some(stray) = additional.iter().skip(1).find(|line| typed && is_type(line.text) && line.text != "Required") {
            return Err((stray.span, "two rows seem to run into each other here"));
        }
        at += 1 + before.len() + additional.len();
        let span = before.iter().map(|piece| piece.line).chain(additional.iter().copied());
        let span = span.map(|line| line.span).fold(name_line.span, Span::to);
        rows.push(Row { span, name: name_line, description, kind, additional });
    }
    Ok(rows)
}

/// Adds the pieces of a line; its own trimming has taken a tab from its end.
fn cut<'a>(document: &'a Document, line: Line<'a>, pieces: &mut Vec<Piece<'a>>) {
    let behind = document.line_at(line.span.start);
    let rest = behind.text.get((line.span.end - behind.span.start) as usize..).unwrap_or_default();
    let tabs = rest.bytes().filter(|byte| *byte == b'\t').count();
    let mut texts = line.text.split('\t').peekable();
    while let Some(text) = texts.next() {
        let text = text.trim();
        let closed = texts.peek().is_some() || tabs > 0;
        if closed || !text.is_empty() {
            let span = document.span_of(text).unwrap_or(line.span);
            pieces.push(Piece { line: Line { span, text }, closed });
        }
    }
    // Further tabs at the end close cells that are empty.
    let empty = Piece { line: Line { span: Span { start: line.span.end, ..line.span }, text: "" }, closed: true };
    pieces.extend(std::iter::repeat_n(empty, tabs.saturating_sub(1)));
}
