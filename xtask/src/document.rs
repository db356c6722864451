//! A document, places in it, and the ledger of what has been read.
//!
//! Input: the text of a file. Output: spans with line and column, and the stretches of text that nothing has claimed.
//! Knows nothing of dialects or of OpenAPI.

mod invisible;
mod ledger;

use std::{borrow::Borrow, collections::HashMap, ops::Range};

pub use self::ledger::Ledger;

/// A stretch of one document, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The [`Document::id`] it belongs to.
    pub document: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes it covers.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The document among `documents` that it is of; most often each stands where its id says.
    pub fn of<'a, D: Borrow<Document>>(self, documents: &'a [D]) -> Option<&'a Document> {
        let is_it = |document: &&'a Document| document.id == self.document;
        let there = documents.get(self.document as usize).map(Borrow::borrow).filter(is_it);
        there.or_else(|| documents.iter().map(Borrow::borrow).find(is_it))
    }

    /// The smallest span that covers both; `other` must be of the same document.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { document: self.document, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether both cover a common byte; an empty one counts as the byte that it stands before.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        let end = |span: Self| span.end.max(span.start + 1);
        self.document == other.document && self.start < end(other) && other.start < end(self)
    }
}

/// Line and column, both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// A line of a document without its line break, or a part of one.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Where it stands.
    pub span: Span,
    /// What it says.
    pub text: &'a str,
}

impl Line<'_> {
    /// The same without what is `blank` around it.
    #[must_use]
    pub fn trimmed(self, blank: impl Fn(char) -> bool) -> Self {
        // Most lines start and end with a character that is never blank.
        if let [first, .., last] = self.text.as_bytes()
            && first.is_ascii_graphic()
            && last.is_ascii_graphic()
        {
            return self;
        }
        let rest = self.text.trim_start_matches(&blank);
        let start = self.span.start + (self.text.len() - rest.len()) as u32;
        let text = rest.trim_end_matches(blank);
        Self { span: Span { start, end: start + text.len() as u32, ..self.span }, text }
    }
}

/// A file's text with an index of its lines.
#[derive(Debug)]
pub struct Document {
    /// Number of the document within one run; its spans carry it.
    pub id: u32,
    /// The path as people are shown it, such as `docs/user.txt`.
    pub path: String,
    /// The text as it is read; of a page, without what nobody sees in it.
    pub text: String,
    line_starts: Vec<u32>,
    /// Positions in the text before which the file has a character that nobody sees, in order. Places count it.
    left_out: Vec<u32>,
    elsewhere: Option<String>,
}

/// Spans count bytes in 32 bits; a larger document is refused before it is read.
pub const MAX_BYTES: usize = u32::MAX as usize;

impl Document {
    /// Indexes the text of a page. What browsers and editors put into it unseen is left out.
    #[must_use]
    pub fn new(id: u32, path: impl Into<String>, text: String) -> Self {
        let (text, left_out) = invisible::without(text);
        Self { left_out, ..Self::verbatim(id, path, text) }
    }

    /// Indexes `text` as it stands, cut at [`MAX_BYTES`]: that of a file which something else reads too, and counts its bytes.
    #[must_use]
    pub fn verbatim(id: u32, path: impl Into<String>, mut text: String) -> Self {
        if text.len() > MAX_BYTES {
            let cut = (0..=MAX_BYTES).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
            text.truncate(cut);
        }
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes());
        let mut line_starts = Vec::with_capacity(breaks.clone().count() + 1);
        line_starts.push(0);
        line_starts.extend(breaks.map(|at| at as u32 + 1));
        Self { id, path: path.into(), text, line_starts, left_out: Vec::new(), elsewhere: None }
    }

    /// The same text, which does not lie at [`Document::path`] but in `file`: a newer version that has not been taken yet.
    #[must_use]
    pub fn from_file(mut self, file: String) -> Self {
        self.elsewhere = Some(file);
        self
    }

    /// The file to open; `folder` is where [`Document::path`] starts.
    #[must_use]
    pub fn file(&self, folder: &str) -> String {
        self.elsewhere.clone().unwrap_or_else(|| format!("{folder}/{}", self.path))
    }

    /// A span of this document from byte positions, clamped to the text.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        let end = range.end.min(self.text.len());
        Span { document: self.id, start: range.start.min(end) as u32, end: end as u32 }
    }

    /// The span of `part`, which must be a slice of [`Document::text`]; `None` where it is not.
    #[must_use]
    pub fn span_of(&self, part: &str) -> Option<Span> {
        let start = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let end = start.checked_add(part.len())?;
        (end <= self.text.len()).then(|| self.span(start..end))
    }

    /// What a span says; empty where the span is not of this document.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Line and column of a byte position, in the file.
    #[must_use]
    pub fn place(&self, at: u32) -> Place {
        let line = self.line_starts.partition_point(|&start| start <= at);
        let start = self.line_starts.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start as usize..at as usize).unwrap_or_default();
        Place { line: line.max(1), column: before.chars().count() + self.left_out_between(start, at) + 1 }
    }

    /// `path:line:column` of where a span starts: the form of `x-source`.
    #[must_use]
    pub fn source(&self, span: Span) -> String {
        let Place { line, column } = self.place(span.start);
        format!("{}:{line}:{column}", self.path)
    }

    /// The byte position of a place such as `12:3`; `None` where the document has no such place.
    #[must_use]
    pub fn offset(&self, place: Place) -> Option<u32> {
        let line = self.nth_line(place.line.checked_sub(1)?)?;
        let column = place.column.checked_sub(1)?;
        let ends = line.text.char_indices().map(|(at, _)| line.span.start + at as u32).chain([line.span.end]);
        ends.enumerate().find(|(index, at)| index + self.left_out_between(line.span.start, *at) >= column).map(|(_, at)| at)
    }

    /// How many characters of the file between two positions nobody sees.
    fn left_out_between(&self, start: u32, end: u32) -> usize {
        let up_to = |at: u32| self.left_out.partition_point(|&position| position <= at);
        up_to(end) - start.checked_sub(1).map_or(0, up_to)
    }

    /// The empty span at a place in the form of `x-source`; `None` where it is of another document or nowhere.
    #[must_use]
    pub fn find(&self, source: &str) -> Option<Span> {
        let rest = source.strip_prefix(self.path.as_str())?.strip_prefix(':')?;
        let (line, column) = rest.split_once(':')?;
        let at = self.offset(Place { line: line.parse().ok()?, column: column.parse().ok()? })?;
        Some(Span { document: self.id, start: at, end: at })
    }

    /// The whole line (without its break) that a byte position stands in.
    #[must_use]
    pub fn line_at(&self, at: u32) -> Line<'_> {
        self.line(self.line_starts.partition_point(|&start| start <= at).saturating_sub(1))
    }

    /// All lines in order; CRLF and LF both end a line.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = Line<'_>> + ExactSizeIterator {
        (0..self.line_starts.len()).map(|index| self.line(index))
    }

    /// How many lines start before a byte position.
    #[must_use]
    pub fn lines_before(&self, at: u32) -> usize {
        self.line_starts.partition_point(|&start| start < at)
    }

    /// The line of that number, from 0.
    #[must_use]
    pub fn nth_line(&self, index: usize) -> Option<Line<'_>> {
        (index < self.line_starts.len()).then(|| self.line(index))
    }

    fn line(&self, index: usize) -> Line<'_> {
        let start = self.line_starts.get(index).map_or(self.text.len(), |&at| at as usize);
        let end = self.line_starts.get(index + 1).map_or(self.text.len(), |&next| next as usize - 1);
        let text = self.text.get(start..end).unwrap_or_default();
        let text = text.strip_suffix('\r').unwrap_or(text);
        Line { span: self.span(start..start + text.len()), text }
    }
}

/// Documents by their paths, for places in the form of `x-source`.
#[derive(Debug)]
pub struct Places<'a>(HashMap<&'a str, &'a Document>);

impl<'a> Places<'a> {
    /// The places of `documents`, no two of which have one path.
    #[must_use]
    pub fn of(documents: impl Iterator<Item = &'a Document>) -> Self {
        Self(documents.map(|document| (document.path.as_str(), document)).collect())
    }

    /// The empty span at a place; `None` where it is in none of the documents.
    #[must_use]
    pub fn find(&self, source: &str) -> Option<Span> {
        let (line, _) = source.rsplit_once(':')?;
        let (path, _) = line.rsplit_once(':')?;
        self.0.get(path)?.find(source)
    }
}

/// White space, and the byte order mark that some editors put first.
#[must_use]
pub fn is_blank(char: char) -> bool {
    char.is_whitespace() || char == '\u{feff}'
}
