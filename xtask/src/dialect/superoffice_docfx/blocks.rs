//! The blocks of a docfx page.
//!
//! Input: a document. Output: its front matter, headings, fences, tables and lines of prose, each with its place. Knows
//! Markdown as far as these pages use it, and nothing of what the blocks mean.

use smallvec::SmallVec;

use crate::document::{Document, Line, Span};

/// Trimmed text and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell<'a> {
    pub(super) span: Span,
    pub(super) text: &'a str,
}

/// A row of a table; a row whose cell holds line breaks spans several lines.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    pub(super) span: Span,
    cells: SmallVec<[Cell<'a>; 3]>,
}

impl<'a> Row<'a> {
    /// The cell of a column; `None` where it is empty or absent.
    pub(super) fn cell(&self, column: usize) -> Option<Cell<'a>> {
        self.cells.get(column).copied().filter(|cell| !cell.text.is_empty())
    }
}

/// One block.
#[derive(Clone, Debug)]
pub(super) struct Block<'a> {
    pub(super) span: Span,
    pub(super) kind: BlockKind<'a>,
}

/// What a [`Block`] is.
#[derive(Clone, Debug)]
pub(super) enum BlockKind<'a> {
    /// `key: value` between two lines of dashes.
    FrontMatter(Vec<(&'a str, Cell<'a>)>),
    Heading(Cell<'a>),
    Fence {
        info: &'a str,
        lines: Vec<Cell<'a>>,
        closed: bool,
    },
    /// Column names, and the rows under them.
    Table {
        columns: Vec<&'a str>,
        rows: Vec<Row<'a>>,
    },
    /// The text stands in another file.
    Include,
    Text,
}

/// Cuts a document into blocks.
pub(super) fn blocks(document: &Document) -> Vec<Block<'_>> {
    let lines: Vec<Cell<'_>> = document.lines().map(|line| trimmed(document, line)).collect();
    let mut blocks = Vec::new();
    let mut at = lines.iter().position(|line| !line.text.is_empty()).unwrap_or(lines.len());
    if let Some((block, next)) = front_matter(document, &lines, at) {
        blocks.push(block);
        at = next;
    }
    while let Some(line) = lines.get(at) {
        if line.text.is_empty() {
            at += 1;
            continue;
        }
        let (block, next) = if let Some(info) = line.text.strip_prefix("```") {
            fence(&lines, at, info)
        } else if line.text.starts_with('|') {
            table(document, &lines, at)
        } else {
            let kind = match line.text.trim_start_matches('#') {
                rest if rest.len() < line.text.len() && rest.starts_with([' ', '\t']) => {
                    BlockKind::Heading(part(document, rest.trim()).unwrap_or(*line))
                }
                _ if is_include(line.text) => BlockKind::Include,
                _ => BlockKind::Text,
            };
            (Block { span: line.span, kind }, at + 1)
        };
        blocks.push(block);
        at = next;
    }
    blocks
}

/// The line without the white space (and the byte order mark) around it.
fn trimmed<'a>(document: &Document, line: Line<'a>) -> Cell<'a> {
    let text = line.text.trim_start_matches('\u{feff}').trim();
    Cell { span: document.span_of(text).unwrap_or(line.span), text }
}

fn part<'a>(document: &Document, text: &'a str) -> Option<Cell<'a>> {
    Some(Cell { span: document.span_of(text)?, text })
}

fn is_include(text: &str) -> bool {
    text.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("[!include[")) && text.ends_with(")]")
}

fn front_matter<'a>(document: &'a Document, lines: &[Cell<'a>], at: usize) -> Option<(Block<'a>, usize)> {
    let open = lines.get(at).filter(|line| line.text == "---")?;
    let rest = lines.get(at + 1..)?;
    let length = rest.iter().position(|line| line.text == "---")?;
    let entries = rest.get(..length)?.iter().filter_map(|line| {
        let (key, value) = line.text.split_once(':')?;
        Some((key.trim(), part(document, value.trim().trim_matches('"'))?))
    });
    let kind = BlockKind::FrontMatter(entries.collect());
    Some((Block { span: open.span.to(rest.get(length)?.span), kind }, at + length + 2))
}

fn fence<'a>(lines: &[Cell<'a>], at: usize, info: &'a str) -> (Block<'a>, usize) {
    let rest = lines.get(at + 1..).unwrap_or_default();
    let closing = rest.iter().position(|line| line.text.starts_with("```"));
    let length = closing.unwrap_or(rest.len());
    let body = rest.get(..length).unwrap_or_default();
    let open = lines.get(at).map_or(Span { document: 0, start: 0, end: 0 }, |line| line.span);
    let last = rest.get(length).or(body.last()).map_or(open, |line| line.span);
    let kind = BlockKind::Fence { info: info.trim(), lines: body.to_vec(), closed: closing.is_some() };
    (Block { span: open.to(last), kind }, at + 1 + length + usize::from(closing.is_some()))
}

fn table<'a>(document: &'a Document, lines: &[Cell<'a>], at: usize) -> (Block<'a>, usize) {
    let start = lines.get(at).map_or(Span { document: document.id, start: 0, end: 0 }, |line| line.span);
    let columns: Vec<&str> = lines.get(at).map(|line| pieces(line.text).collect()).unwrap_or_default();
    let mut next = at + 1;
    let mut span = start;
    if let Some(rule) = lines.get(next).filter(|line| line.text.starts_with('|') && is_rule(line.text)) {
        span = span.to(rule.span);
        next += 1;
    }
    let mut rows = Vec::new();
    while let Some(line) = lines.get(next).filter(|line| line.text.starts_with('|')) {
        next += 1;
        let mut row = line.span;
        // A row without its last pipe goes on: its cell holds line breaks.
        if !line.text.ends_with('|') {
            let more = lines.get(next..).unwrap_or_default().iter();
            let mut open = more.take(MAX_ROW_LINES).take_while(|line| !line.text.starts_with(['|', '#', '`']));
            if let Some((end, last)) = open.by_ref().enumerate().find(|(_, line)| line.text.ends_with('|')) {
                row = row.to(last.span);
                next += end + 1;
            }
        }
        span = span.to(row);
        rows.push(self::row(document, row, columns.len()));
    }
    (Block { span, kind: BlockKind::Table { columns, rows } }, next)
}

/// Whether a line stands between column words and rows.
pub(super) fn is_rule(text: &str) -> bool {
    text.contains("--") && text.chars().all(|char| matches!(char, '-' | '|' | ' ' | ':' | '\t'))
}

/// A cell with more line breaks than this has lost its end.
const MAX_ROW_LINES: usize = 50;

/// Cells between pipes; pipes beyond the last column are part of its text.
fn row<'a>(document: &'a Document, span: Span, columns: usize) -> Row<'a> {
    let text = document.slice(span);
    let mut cells: SmallVec<[Cell<'a>; 3]> =
        pieces(text).map(|piece| Cell { span: document.span_of(piece).unwrap_or(span), text: piece }).collect();
    if let Some(extra) = cells.get(columns.max(1)..).and_then(<[_]>::last).copied() {
        cells.truncate(columns.max(1));
        if let Some(last) = cells.last_mut() {
            last.span = last.span.to(extra.span);
            last.text = document.slice(last.span);
        }
    }
    // How a name looks is no part of it.
    if let Some(name) = cells.first_mut()
        && let Some(text) = ["**", "__", "`"].iter().find_map(|mark| name.text.strip_prefix(mark)?.strip_suffix(mark))
        && let Some(plain) = part(document, text).filter(|plain| !plain.text.is_empty())
    {
        *name = plain;
    }
    Row { span, cells }
}

/// What stands between the pipes of a row, trimmed; `\|` is no such pipe.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let text = text.strip_prefix('|').unwrap_or(text);
    let text = if text.ends_with("\\|") { text } else { text.strip_suffix('|').unwrap_or(text) };
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let bytes = text.as_bytes();
        let pipe = memchr::memchr_iter(b'|', bytes).find(|&at| at == 0 || bytes.get(at - 1) != Some(&b'\\'));
        rest = pipe.and_then(|at| text.get(at + 1..));
        Some(pipe.and_then(|at| text.get(..at)).unwrap_or(text).trim())
    })
}
