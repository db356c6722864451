//! The tables of a help page in the ways that extraction renders them.
//!
//! Input: the lines of a section. Output: its rows with the place of each cell. The glued form has one line for each
//! cell; the two forms with pipes differ in a leading pipe, and both drop an empty cell and pad the row's end; in a browser's
//! copy a tab closes a cell. Knows the template's columns and the vocabulary of the last one.

mod head;
mod tabs;

use smallvec::SmallVec;

use self::head::Form;
pub(super) use self::head::{Head, head, is_rule};
use super::{
    sections::foreign,
    types::{is_annotation, is_simple, is_type, starts_generic},
};
use crate::document::{Document, Line, Span};

/// What stands in one cell, line by line; most cells have one or two.
pub(super) type Cell<'a> = SmallVec<[Line<'a>; 2]>;

/// Where something is no row, and what was expected there.
type Refusal = (Span, &'static str);

const TYPE_EXPECTED: &str = "the type of the row was expected between its name and its additional information";
const NAME_EXPECTED: &str = "a row that begins with a name was expected";

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    /// All of it.
    pub(super) span: Span,
    pub(super) name: Line<'a>,
    pub(super) description: Cell<'a>,
    /// The older template has no such column.
    pub(super) kind: Option<Line<'a>>,
    /// One line for each annotation, or several of them; empty only where the document was cut.
    pub(super) additional: Cell<'a>,
}

/// The rows under `head`, or the place of what is no row.
pub(super) fn rows<'a>(document: &'a Document, lines: &[Line<'a>], head: &Head<'_>) -> Result<Vec<Row<'a>>, Refusal> {
    let lines = lines.get(head.line + 1..).unwrap_or_default();
    let rows = match head.form {
        Form::Glued | Form::Spaced => {
            let aligned = |line: &&Line<'_>| head.form == Form::Spaced && line.text.contains("   ") && !starts_generic(line.text);
            if let Some(line) = lines.iter().find(aligned) {
                return Err((line.span, "columns that are aligned by blanks do not show where their cells end"));
            }
            match lines.first() {
                Some(first) if head.typed && first.text.contains(' ') => joined(document, lines)?,
                _ => glued(document, lines, head.typed)?,
            }
        }
        Form::Tabs => tabs::rows(document, lines, head.typed)?,
        Form::Pipes { leading } => {
            let lines = match lines.split_first() {
                Some((rule, rest)) if is_rule(rule.text) => rest,
                _ => lines,
            };
            pipes(document, lines, leading, head.typed)?
        }
    };
    // Cells that ran into each other show in what no cell has.
    for line in rows.iter().flat_map(|row| row.description.iter().chain(unknown(row))) {
        let marks = foreign(line.text).filter(|what| *what != "a row of a table");
        if marks.is_some() {
            return Err((line.span, "a row seems to end before this line, which is no part of a description"));
        }
    }
    Ok(rows)
}

/// Additional information that is not of the template's vocabulary.
fn unknown<'r, 'a>(row: &'r Row<'a>) -> impl Iterator<Item = &'r Line<'a>> {
    row.additional.iter().filter(|line| !is_annotation(line.text))
}

/// The lines that are a type together, as its arguments may stand on lines of their own, and those before it.
pub(super) fn split_type<'l, 'a>(document: &'a Document, lines: &'l [Line<'a>]) -> Option<(&'l [Line<'a>], Line<'a>)> {
    let (last, before) = lines.split_last()?;
    let first = lines.iter().rposition(|line| starts_generic(line.text));
    if let Some((first, start)) = first.and_then(|at| Some((at, lines.get(at)?))) {
        // `Collection of` may stand before the line that `Dictionary of` starts.
        let whole = |start: &Line<'a>| {
            let span = start.span.to(last.span);
            let text = document.slice(span);
            is_type(text).then_some(Line { span, text })
        };
        let earliest = (0..=first).find_map(|at| {
            let line = lines.get(at).filter(|line| starts_generic(line.text))?;
            Some((at, whole(line)?))
        });
        if let Some((at, line)) = earliest.or_else(|| Some((first, whole(start)?))) {
            return Some((lines.get(..at)?, line));
        }
    }
    is_type(last.text).then_some((before, *last))
}

/// Each cell is a line or several; a row ends behind the last of its annotations.
fn glued<'a>(document: &'a Document, lines: &[Line<'a>], typed: bool) -> Result<Vec<Row<'a>>, Refusal> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    let mut at = 0;
    while let Some(first) = lines.get(at) {
        if first.text.contains(' ') {
            // No name has a space: it is an annotation of the row before that the template does not know.
            let row = rows.last_mut().ok_or((first.span, NAME_EXPECTED))?;
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
        let (kind, description) = match between.last() {
            None if typed => return Err((first.span, "a type was expected behind this name")),
            Some(last) if typed => {
                let (description, kind) = split_type(document, between)
                    .ok_or((last.span, "the type of the row was expected here, before its additional information"))?;
                (Some(kind), description)
            }
            _ => (None, between),
        };
        if let Some(stray) = description.iter().skip(1).find(|line| is_simple(line.text)) {
            return Err((stray.span, "two rows seem to run into each other here"));
        }
        let last = tail.get(..words + annotations).and_then(<[_]>::last).unwrap_or(first);
        rows.push(Row {
            span: first.span.to(last.span),
            name: *first,
            description: description.into(),
            kind,
            additional: tail.get(words..words + annotations).unwrap_or_default().into(),
        });
        at += 1 + words + annotations;
    }
    Ok(rows)
}

/// The name and what follows it share a line; annotations stand behind a blank line, and nothing before them does.
fn joined<'a>(document: &'a Document, lines: &[Line<'a>]) -> Result<Vec<Row<'a>>, Refusal> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    let mut at = 0;
    while let Some(first) = lines.get(at) {
        let (name, rest) = first.text.split_once(' ').ok_or((first.span, NAME_EXPECTED))?;
        let line = |text: &'a str| document.span_of(text).map(|span| Line { span, text });
        let (name, rest) = line(name).zip(line(rest.trim_start())).ok_or((first.span, NAME_EXPECTED))?;
        let tail = lines.get(at + 1..).unwrap_or_default();
        let gap = |index: usize| {
            let before = lines.get(index.checked_sub(1)?)?;
            Some(Span { start: before.span.end, end: lines.get(index)?.span.start, ..before.span })
        };
        let is_gap = |index: usize| gap(index).is_some_and(|gap| document.slice(gap).matches('\n').count() > 1);
        let close = (0..tail.len()).take_while(|index| !is_gap(at + 1 + index)).count();
        let mut between = vec![rest];
        between.extend(tail.get(..close).unwrap_or_default());
        let (description, kind) = split_type(document, &between).ok_or((first.span, TYPE_EXPECTED))?;
        let behind = tail.get(close..).unwrap_or_default();
        let additional = behind.iter().take_while(|line| is_annotation(line.text) || !line.text.contains(' ')).count();
        if additional == 0 && !behind.is_empty() {
            return Err((behind.first().map_or(kind.span, |line| line.span), "the row's additional information was expected"));
        }
        let additional: Cell<'a> = behind.get(..additional).unwrap_or_default().into();
        let end = additional.last().map_or(kind.span, |line| line.span);
        at += 1 + close + additional.len();
        let (description, kind) = (description.into(), Some(kind));
        rows.push(Row { span: first.span.to(end), name, description, kind, additional });
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
fn pipes<'a>(document: &'a Document, lines: &[Line<'a>], leading: bool, typed: bool) -> Result<Vec<Row<'a>>, Refusal> {
    let columns = if typed { 4 } else { 3 };
    let mut rows = Vec::new();
    let mut cells: Cells<'a> = SmallVec::new();
    let mut cell: Cell<'a> = SmallVec::new();
    let mut row_span: Option<Span> = None;
    let mut fresh = true;
    for line in lines {
        if let Some(cells) = whole_row(document, *line, leading, columns).filter(|_| cells.is_empty() && cell.is_empty()) {
            rows.push(row(document, cells, Some(line.span), typed, line.span)?);
            (fresh, row_span) = (true, None);
            continue;
        }
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
                rows.push(row(document, std::mem::take(&mut cells), row_span.take(), typed, line.span)?);
                fresh = true;
            }
        }
    }
    if !cell.is_empty() {
        cells.push(cell);
    }
    if !cells.is_empty() {
        let last = lines.last().map_or(Span { document: document.id, start: 0, end: 0 }, |line| line.span);
        rows.push(row(document, cells, row_span, typed, last)?);
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

fn row<'a>(
    document: &'a Document,
    mut cells: Cells<'a>,
    span: Option<Span>,
    typed: bool,
    place: Span,
) -> Result<Row<'a>, Refusal> {
    let span = span.unwrap_or(place);
    if cells.first().is_none_or(|name| name.is_empty()) {
        return Err((span, NAME_EXPECTED));
    }
    cells.retain(|cell| !cell.is_empty());
    let full = if typed { 4 } else { 3 };
    let described = cells.len() >= full;
    let mut cells = cells.into_iter();
    let name = match cells.next().as_deref() {
        // No name has a blank: the row has lost the cell before this one.
        Some([name]) if !name.text.contains(' ') => *name,
        _ => return Err((span, NAME_EXPECTED)),
    };
    let description = if described { cells.next().unwrap_or_default() } else { Cell::new() };
    let kind = match cells.next() {
        cell if typed => match split_type(document, cell.as_deref().unwrap_or_default()) {
            Some(([], kind)) => Some(kind),
            _ => return Err((span, TYPE_EXPECTED)),
        },
        additional => return Ok(Row { span, name, description, kind: None, additional: additional.unwrap_or_default() }),
    };
    Ok(Row { span, name, description, kind, additional: cells.next().unwrap_or_default() })
}

/// The cells of a row that stands on one line with all its pipes, the empty ones in their places.
fn whole_row<'a>(document: &'a Document, line: Line<'a>, leading: bool, columns: usize) -> Option<Cells<'a>> {
    let mut ends: SmallVec<[usize; 5]> = pieces(line.text).filter(|(_, closed)| *closed).map(|(at, _)| at).collect();
    let mut start = 0;
    if leading {
        if ends.first() != Some(&0) {
            return None;
        }
        start = ends.remove(0) + 1;
    }
    let closed = line.text.ends_with('|');
    if ends.len() + usize::from(!closed) != columns || !closed && leading {
        return None;
    }
    ends.extend((!closed).then_some(line.text.len()));
    let mut cells: Cells<'a> = SmallVec::new();
    for end in ends {
        let text = line.text.get(start..end)?.trim();
        let span = document.span_of(text)?;
        cells.push(if text.is_empty() { Cell::new() } else { SmallVec::from_iter([Line { span, text }]) });
        start = end + 1;
    }
    // Extraction that drops an empty cell pads the row: then the places say nothing, except that the name comes first.
    cells.last().is_some_and(|last| !last.is_empty()).then_some(cells)
}
