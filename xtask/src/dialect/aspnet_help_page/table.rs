//! The tables of a help page in the ways that extraction renders them.
//!
//! Enters: the lines of a section. Leaves: its rows with the place of each cell. The glued form has one line for each
//! cell; the two forms with pipes differ in a leading pipe, and both drop an empty cell and pad the row's end. Knows the
//! template's columns and the vocabulary of the last one.

use smallvec::SmallVec;

use super::types::{is_annotation, is_simple, is_type};
use crate::document::{Document, Line, Span};

/// What stands in one cell, line by line; most cells have one or two.
pub(super) type Cell<'a> = SmallVec<[Line<'a>; 2]>;

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    /// All of it.
    pub(super) span: Span,
    pub(super) name: Line<'a>,
    pub(super) description: Cell<'a>,
    /// The older template has no such column.
    pub(super) kind: Option<Line<'a>>,
    /// One line for each annotation; empty only where the document was cut.
    pub(super) additional: Cell<'a>,
}

/// Where a section's table begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<'a> {
    /// Index of the line with the column names.
    pub(super) line: usize,
    /// The type's name, which stands right before the first column's in one line.
    pub(super) glued_name: Option<Line<'a>>,
    /// The column names.
    pub(super) span: Span,
    form: Form,
    typed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Glued,
    Pipes { leading: bool },
}

const HEADS: [(&str, Form, bool); 6] = [
    ("NameDescriptionTypeAdditional information", Form::Glued, true),
    ("NameDescriptionAdditional information", Form::Glued, false),
    ("| Name | Description | Type | Additional information |", Form::Pipes { leading: true }, true),
    ("| Name | Description | Additional information |", Form::Pipes { leading: true }, false),
    ("Name | Description | Type | Additional information |", Form::Pipes { leading: false }, true),
    ("Name | Description | Additional information |", Form::Pipes { leading: false }, false),
];

/// The first line that names the columns.
pub(super) fn head<'a>(document: &Document, lines: &[Line<'a>]) -> Option<Head<'a>> {
    lines.iter().enumerate().find_map(|(line, Line { span, text })| {
        HEADS.iter().find_map(|&(head, form, typed)| {
            let before = text.strip_suffix(head)?;
            let at = span.start as usize + before.len();
            let name = before.trim_end();
            let glued_name = (!name.is_empty())
                .then(|| Line { span: document.span(span.start as usize..span.start as usize + name.len()), text: name });
            Some(Head { line, glued_name, span: document.span(at..span.end as usize), form, typed })
        })
    })
}

/// The rows under `head`, or the place of what is no row.
pub(super) fn rows<'a>(document: &Document, lines: &[Line<'a>], head: &Head<'_>) -> Result<Vec<Row<'a>>, (Span, &'static str)> {
    let lines = lines.get(head.line + 1..).unwrap_or_default();
    match head.form {
        Form::Glued => glued(lines, head.typed),
        Form::Pipes { leading } => {
            let lines = match lines.split_first() {
                Some((rule, rest)) if is_rule(rule.text) => rest,
                _ => lines,
            };
            pipes(document, lines, leading, head.typed)
        }
    }
}

/// The line under the column names of a table with pipes.
pub(super) fn is_rule(text: &str) -> bool {
    text.contains('-') && text.chars().all(|char| matches!(char, '-' | '|' | ' ' | ':'))
}

/// Each cell is a line or several; a row ends behind the last of its annotations.
fn glued<'a>(lines: &[Line<'a>], typed: bool) -> Result<Vec<Row<'a>>, (Span, &'static str)> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    let mut at = 0;
    while let Some(first) = lines.get(at) {
        if first.text.contains(' ') {
            // No name has a space: it is an annotation of the row before that the template does not know.
            let row = rows.last_mut().ok_or((first.span, "a row that begins with a name was expected"))?;
            row.additional.push(*first);
            row.span = row.span.to(first.span);
            at += 1;
            continue;
        }
        let tail = lines.get(at + 1..).unwrap_or_default();
        // The first line behind the name is never an annotation where a type must follow.
        let words = tail.iter().take_while(|line| !is_annotation(line.text)).count();
        let annotations = annotations(tail.get(words..).unwrap_or_default());
        let between = tail.get(..words).unwrap_or_default();
        let (kind, description) = match between.split_last() {
            Some((kind, description)) if typed => (Some(kind), description),
            None if typed => return Err((first.span, "a type was expected behind this name")),
            _ => (None, between),
        };
        if let Some(kind) = kind.filter(|kind| !is_type(kind.text)) {
            return Err((kind.span, "the type of the row was expected here, before its additional information"));
        }
        if let Some(stray) = description.iter().skip(1).find(|line| is_simple(line.text)) {
            return Err((stray.span, "two rows seem to run into each other here"));
        }
        let last = tail.get(..words + annotations).and_then(<[_]>::last).unwrap_or(first);
        rows.push(Row {
            span: first.span.to(last.span),
            name: *first,
            description: description.into(),
            kind: kind.copied(),
            additional: tail.get(words..words + annotations).unwrap_or_default().into(),
        });
        at += 1 + words + annotations;
    }
    Ok(rows)
}

/// How many of these lines belong to one row: `None.` stands alone, and `Required` only comes first. What else reads so is
/// the name of the next row.
fn annotations(lines: &[Line<'_>]) -> usize {
    if lines.first().is_some_and(|line| line.text == "None.") {
        return 1;
    }
    let names =
        |(at, line): (usize, &Line<'_>)| is_annotation(line.text) && (at == 0 || !matches!(line.text, "Required" | "None."));
    lines.iter().enumerate().take_while(|(at, line)| names((*at, line))).count()
}

/// Cells end with a pipe; a row has four of them, and one without a description has its padding at its end.
fn pipes<'a>(document: &Document, lines: &[Line<'a>], leading: bool, typed: bool) -> Result<Vec<Row<'a>>, (Span, &'static str)> {
    let columns = if typed { 4 } else { 3 };
    let mut rows = Vec::new();
    let mut cells: Cells<'a> = SmallVec::new();
    let mut cell: Cell<'a> = SmallVec::new();
    let mut row_span: Option<Span> = None;
    let mut fresh = true;
    for line in lines {
        let mut start = 0;
        for (end, closed) in pieces(line.text) {
            let piece = line.text.get(start..end).unwrap_or_default();
            let text = piece.trim();
            if !text.is_empty() {
                let at = line.span.start as usize + start + (piece.len() - piece.trim_start().len());
                cell.push(Line { span: document.span(at..at + text.len()), text });
            }
            start = end + 1;
            row_span = Some(row_span.map_or(line.span, |span| span.to(line.span)));
            if !closed {
                continue;
            }
            if fresh && leading && cell.is_empty() {
                fresh = false;
                continue;
            }
            fresh = false;
            cells.push(std::mem::take(&mut cell));
            if cells.len() == columns {
                rows.push(row(std::mem::take(&mut cells), row_span.take(), typed, line.span)?);
                fresh = true;
            }
        }
    }
    if !cell.is_empty() {
        cells.push(cell);
    }
    if !cells.is_empty() {
        let last = lines.last().map_or(Span { document: document.id, start: 0, end: 0 }, |line| line.span);
        rows.push(row(cells, row_span, typed, last)?);
    }
    Ok(rows)
}

/// Where each piece of a line ends, and whether a pipe closes it. A pipe within a word is part of the word.
fn pieces(text: &str) -> impl Iterator<Item = (usize, bool)> {
    let bytes = text.as_bytes();
    let blank = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
    let ends = memchr::memchr_iter(b'|', bytes).filter(move |&at| (at == 0 || blank(at - 1)) && blank(at + 1));
    // What a pipe ends the line with is closed by it.
    let open = !(bytes.last() == Some(&b'|') && (bytes.len() == 1 || blank(bytes.len() - 2)));
    ends.map(|at| (at, true)).chain(open.then_some((text.len(), false)))
}

/// The cells of one row.
type Cells<'a> = SmallVec<[Cell<'a>; 4]>;

fn row<'a>(mut cells: Cells<'a>, span: Option<Span>, typed: bool, place: Span) -> Result<Row<'a>, (Span, &'static str)> {
    cells.retain(|cell| !cell.is_empty());
    let span = span.unwrap_or(place);
    let full = if typed { 4 } else { 3 };
    let described = cells.len() >= full;
    let mut cells = cells.into_iter();
    let name = match cells.next().as_deref() {
        Some([name]) => *name,
        _ => return Err((span, "a row that begins with a name was expected")),
    };
    let description = if described { cells.next().unwrap_or_default() } else { Cell::new() };
    let kind = if typed {
        match cells.next().as_deref() {
            Some([kind]) if is_type(kind.text) => Some(*kind),
            _ => return Err((span, "the type of the row was expected between its name and its additional information")),
        }
    } else {
        None
    };
    Ok(Row { span, name, description, kind, additional: cells.next().unwrap_or_default() })
}
