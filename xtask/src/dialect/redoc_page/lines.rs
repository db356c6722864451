//! The lines of a page that are not blank, and what headings and types stand among them.
//!
//! Input: a document. Output: lines with the gaps between them, read one after the other. Knows nothing of operations.

use super::{
    shape::{self, Shape},
    types,
};
use crate::{
    api::{Location, Method},
    document::{Document, Line, Span, is_blank},
};

/// What to do about a place that is not understood.
pub(super) const COMPARE: &str = "save the page as HTML and give that, since its structure is read; if it is one, the dialect's reader has to be extended by the form";

/// A line that is not blank, trimmed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    pub(super) text: &'a str,
    pub(super) span: Span,
    /// A blank line, or nothing, stands before it.
    pub(super) gap: bool,
    /// What heading it is.
    pub(super) heading: Option<Heading<'a>>,
    /// Which kind of type line it is.
    pub(super) kind: Option<shape::Line>,
    /// What the extraction from HTML has marked it as; the text has no mark.
    pub(super) mark: Mark,
    /// Where its type stands among [`Lines::shapes`], or the next one behind it.
    shape: usize,
}

/// What stands before a line in the text that was made of a page's HTML, whose structure tells what each line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mark {
    #[default]
    None,
    /// `#` of the page and its sections, `##` of a group, `###` of an operation.
    Heading(usize),
    /// `-` before the name of a row, which stands so many columns further in.
    Row(usize),
    /// `>` before a line of prose.
    Prose,
}

/// Reads lines in order, some of them at once.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    document: &'a Document,
    /// Whether its lines have marks.
    marked: bool,
    /// Several readers look at each line: what it is, is told once.
    lines: Vec<Text<'a>>,
    /// The types of type lines, in their order.
    shapes: Vec<Shape>,
    /// Which one is next.
    at: usize,
    /// Number in the document of the line behind the last one.
    line: usize,
    /// A blank line, or nothing, stands before that line.
    gap: bool,
}

/// No reader looks farther ahead.
const AHEAD: usize = 16;
/// How many lines are read at once. Those of long samples are never looked at.
const MOST: usize = 64;

impl<'a> Lines<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let marked = document.text.starts_with("# ") && memchr::memmem::find(document.text.as_bytes(), b"\n### ").is_some();
        let lines = Vec::with_capacity(MOST.min(document.lines().len()));
        let mut lines = Self { document, marked, lines, shapes: Vec::new(), at: 0, line: 0, gap: true };
        lines.fill();
        lines
    }

    /// Reads on before readers can look behind the last line.
    fn read_ahead(&mut self) {
        if self.lines.len() < self.at + AHEAD {
            self.fill();
        }
    }

    fn fill(&mut self) {
        let Some(mut line) = self.document.nth_line(self.line) else { return };
        let read = self.lines.get(self.at).map_or(self.shapes.len(), |next| next.shape);
        self.shapes.drain(..read);
        self.lines.drain(..self.at);
        self.lines.iter_mut().for_each(|line| line.shape -= read);
        self.at = 0;
        loop {
            self.line += 1;
            let trimmed = line.trimmed(|char| is_blank(char) || char == '\u{200b}');
            if self.marked {
                self.push_marked(line, trimmed)
            } else {
                self.push(trimmed)
            }
            match self.document.nth_line(self.line) {
                Some(next) if self.lines.len() < MOST => line = next,
                _ => return,
            }
        }
    }

    fn push(&mut self, line: Line<'a>) {
        if line.text.is_empty() {
            self.gap = true;
            return;
        }
        // A browser's copy has method and path on a line each.
        if line.text.starts_with('/') && !self.gap && self.lines.len() > self.at {
            let before = self.lines.last().filter(|before| Method::from_name(before.text).is_some()).map(|before| before.span);
            let span = before.map(|before| before.to(line.span));
            let verb = span.and_then(|span| Some((span, verb(self.document.slice(span))?)));
            if let (Some((span, (method, path))), Some(last)) = (verb, self.lines.last_mut()) {
                (last.text, last.span, last.heading) = (self.document.slice(span), span, Some(Heading::Verb(method, path)));
                return;
            }
        }
        let (heading, read) = (heading(line.text), types::read(line.text));
        let (kind, shape) = (read.as_ref().map(Shape::line), self.shapes.len());
        self.shapes.extend(read);
        self.lines.push(Text { text: line.text, span: line.span, gap: self.gap, heading, kind, mark: Mark::None, shape });
        self.gap = false;
    }

    /// A line whose mark tells what it is; one without a mark is a section's, a type or a label.
    fn push_marked(&mut self, whole: Line<'a>, line: Line<'a>) {
        let level = line.text.bytes().take_while(|byte| *byte == b'#').count();
        let rest = |mark: &str| line.text.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        // The text keeps its mark, so that nobody takes it for a label or a type.
        let mark = if rest(">") {
            Mark::Prose
        } else if rest("-") {
            Mark::Row((line.span.start - whole.span.start) as usize)
        } else if level > 0 && line.text.get(level..).is_some_and(|rest| rest.starts_with(' ')) {
            Mark::Heading(level)
        } else {
            return self.push(line);
        };
        let shape = self.shapes.len();
        self.lines.push(Text { text: line.text, span: line.span, gap: self.gap, heading: None, kind: None, mark, shape });
        self.gap = false;
    }

    /// Whether the text was made of a page's HTML.
    pub(super) fn marked(&self) -> bool {
        self.marked
    }

    /// What a stretch of prose says, without its marks.
    pub(super) fn said(&self, span: Span) -> String {
        said(self.document, self.marked, span)
    }

    pub(super) fn document(&self) -> &'a Document {
        self.document
    }

    /// The line `ahead` of the next one.
    pub(super) fn peek(&self, ahead: usize) -> Option<Text<'a>> {
        debug_assert!(ahead < AHEAD, "no more lines are held");
        self.lines.get(self.at + ahead).copied()
    }

    pub(super) fn next(&mut self) -> Option<Text<'a>> {
        let line = self.peek(0)?;
        self.at += 1;
        self.read_ahead();
        Some(line)
    }

    /// The next line as a type, where it is one; it is the reader's then.
    pub(super) fn next_type(&mut self) -> Option<(Text<'a>, Shape)> {
        let line = self.peek(0).filter(|line| line.kind.is_some())?;
        let shape = self.shapes.get_mut(line.shape).map(std::mem::take)?;
        self.next();
        Some((line, shape))
    }

    /// The next line, if it follows the one before without a gap.
    pub(super) fn adjacent(&self, ahead: usize) -> Option<Text<'a>> {
        self.peek(ahead).filter(|line| !line.gap)
    }

    /// Goes on behind the byte `end`, up to which lines are not blank.
    pub(super) fn skip_to(&mut self, end: u32) {
        while self.peek(0).is_some_and(|line| line.span.start < end) {
            self.at += 1;
        }
        let behind = self.document.lines_before(end);
        if self.at == self.lines.len() && self.line < behind {
            (self.line, self.gap) = (behind, false);
        }
        self.read_ahead();
    }
}

/// What a stretch of prose says, without the marks of its lines.
pub(super) fn said(document: &Document, marked: bool, span: Span) -> String {
    let text = document.slice(span);
    if !marked {
        return text.to_owned();
    }
    let line = |line: &str| {
        let line = line.trim_start();
        line.strip_prefix("> ").or(line.strip_prefix('>')).unwrap_or(line).to_owned()
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Whether method and path stand on a line of a document that has nothing else.
pub(super) fn has_verb(document: &Document) -> bool {
    memchr::memchr_iter(b'/', document.text.as_bytes()).any(|slash| {
        let before = document.text.get(..slash).unwrap_or_default().trim_end();
        let letters = before.bytes().rev().take(LONGEST_METHOD + 1).take_while(u8::is_ascii_alphabetic).count();
        // Few words before a slash are methods: only then the line is looked at.
        let method = before.get(before.len() - letters..).and_then(Method::from_name);
        let line = document.line_at(slash as u32).text.trim();
        method.is_some() && (verb(line).is_some() || line.starts_with('/'))
    })
}

pub(super) const LONGEST_METHOD: usize = 7;

/// Lines that structure a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading<'a> {
    Request,
    Parameters(Location),
    Body(Option<&'a str>),
    Responses,
    ResponseHeaders,
    ResponseSchema(Option<&'a str>),
    Callbacks,
    Verb(Method, &'a str),
    RequestSamples,
    ResponseSamples,
}

/// What heading a line is; case does not matter, since pages show some of them in capitals.
fn heading(line: &str) -> Option<Heading<'_>> {
    if let Some((method, path)) = verb(line) {
        return Some(Heading::Verb(method, path));
    }
    if !line.starts_with(['R', 'r', 'P', 'p', 'Q', 'q', 'H', 'h', 'C', 'c']) {
        return None;
    }
    let name = line.trim_end_matches(':');
    if let Some(media) = labelled(line, "Request Body schema") {
        return Some(Heading::Body(media));
    }
    if let Some(media) = labelled(line, "Response Schema") {
        return Some(Heading::ResponseSchema(media));
    }
    let is = |heading: &str| name.eq_ignore_ascii_case(heading);
    let parameters = [
        ("path Parameters", Location::Path),
        ("query Parameters", Location::Query),
        ("header Parameters", Location::Header),
        ("cookie Parameters", Location::Cookie),
    ];
    if let Some((_, location)) = parameters.into_iter().find(|(heading, _)| is(heading)) {
        return Some(Heading::Parameters(location));
    }
    Some(match line {
        "Request" => Heading::Request,
        _ if is("Responses") => Heading::Responses,
        _ if is("Response Headers") => Heading::ResponseHeaders,
        _ if is("Callbacks") => Heading::Callbacks,
        _ if is("Request samples") => Heading::RequestSamples,
        _ if is("Response samples") => Heading::ResponseSamples,
        _ if is("Callback payload samples") => Heading::Callbacks,
        _ => return None,
    })
}

/// `One of` above its tabs, whose names a copy shows glued, as in `One of DogCat`.
pub(super) fn is_choice(line: &str) -> bool {
    let Some(tabs) = ["One of", "Any of"].into_iter().find_map(|words| line.strip_prefix(words)) else { return false };
    let named = tabs.starts_with(' ') && tabs.trim_start().starts_with(|char: char| char.is_uppercase());
    let glued = tabs
        .as_bytes()
        .windows(2)
        .any(|pair| matches!(pair, [before, after] if before.is_ascii_lowercase() && after.is_ascii_uppercase()));
    tabs.is_empty() || named && glued && !tabs.ends_with(['.', ':'])
}

/// `label: media`, `label:` or `label`.
fn labelled<'a>(line: &'a str, label: &str) -> Option<Option<&'a str>> {
    let start = line.get(..label.len())?;
    let rest = line.get(label.len()..)?;
    if !start.eq_ignore_ascii_case(label) || !(rest.is_empty() || rest.starts_with(':')) {
        return None;
    }
    let media = rest.trim_start_matches(':').trim();
    Some((!media.is_empty()).then_some(media))
}

/// `post/users/{userID}`: method and path, glued as the page shows them side by side.
fn verb(line: &str) -> Option<(Method, &str)> {
    let end = line.bytes().take(LONGEST_METHOD + 1).position(|byte| !byte.is_ascii_alphabetic())?;
    let (name, rest) = line.split_at_checked(end)?;
    let path = Some(rest.trim_start()).filter(|path| path.starts_with('/'))?;
    let method = Method::from_name(name)?;
    let mut depth = 0_usize;
    let spaces = path.chars().any(|char| {
        match char {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        char.is_whitespace() && depth == 0
    });
    (!spaces).then_some((method, path))
}

/// Whether a line is a media type such as `application/json; charset=utf-8`.
pub(super) fn is_media(line: &str) -> bool {
    const TOP: [&str; 9] = ["application", "audio", "font", "image", "message", "model", "multipart", "text", "video"];
    let essence = line.split(';').next().unwrap_or_default().trim();
    essence.split_once('/').is_some_and(|(top, sub)| {
        let token = |char: char| char.is_ascii_alphanumeric() || "!#$&^_.+-*".contains(char);
        (TOP.contains(&top) || essence == "*/*") && !sub.is_empty() && sub.chars().all(token)
    })
}

/// A status at the start of a line, and what stands behind it.
pub(super) fn status(line: &str) -> Option<(String, &str)> {
    if !line.starts_with(|char: char| char.is_ascii_digit() || matches!(char, 'd' | 'D')) {
        return None;
    }
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    crate::words::status(word).filter(|_| word != "Default").map(|status| (status, rest.trim()))
}
