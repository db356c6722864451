//! The samples behind an operation's method and path.
//!
//! Input: the lines from there on. Output: the samples with their media types, and the claims of what surrounds them.
//! Knows nothing of which body a sample belongs to.

use super::lines::{self, COMPARE, Heading, Lines, Mark, Text};
use crate::{
    diagnostic::Diagnostic,
    dialect::Page,
    document::{Document, Line, Span},
    sample::{self, Node},
};

/// A sample, and what stands around it.
#[derive(Debug, Default)]
pub(super) struct Sample<'a> {
    /// The media type, where a line names it.
    pub(super) media: Option<(String, Span)>,
    /// The status of the tab that is open, where there are tabs.
    pub(super) status: Option<String>,
    pub(super) body: Option<Body<'a>>,
}

/// What a sample shows.
#[derive(Debug)]
pub(super) enum Body<'a> {
    Json(Node<'a>),
    Text(Span),
}

impl Body<'_> {
    pub(super) fn span(&self) -> Span {
        match self {
            Self::Json(node) => node.span,
            Self::Text(span) => *span,
        }
    }
}

/// The page's own buttons, which also stand together on one line.
const BUTTONS: [&str; 5] = ["Copied", "Copy", "Expand all", "Collapse all", "Content type"];
/// Its tabs.
const TABS: [&str; 18] = [
    "No sample",
    "Payload",
    "Example",
    "curl",
    "cURL",
    "Shell",
    "JavaScript",
    "TypeScript",
    "Node.js",
    "Python",
    "Python3",
    "Java",
    "C#",
    "PHP",
    "Go",
    "Ruby",
    "R",
    "Kotlin",
];

/// Reads what stands under `Request samples` or `Response samples`; the heading is already read.
pub(super) fn read<'a>(lines: &mut Lines<'a>, page: &mut Page) -> Sample<'a> {
    let mut sample = Sample::default();
    while let Some(line) = lines.peek(0) {
        if line.heading.is_some() || matches!(line.mark, Mark::Heading(_)) {
            break;
        }
        if lines.marked() && matches!(line.text, "```" | "~~~") {
            sample.body = fenced(lines, line, page);
            break;
        }
        if starts_json(line.text) {
            sample.body = json(lines, line, page);
            break;
        }
        // Everything else stands close to the heading; behind a gap the next operation begins.
        if line.gap && !is_boilerplate(line.text) && !lines::is_media(line.text) {
            break;
        }
        if let Some(status) = tabs_of_statuses(line.text) {
            sample.status.get_or_insert(status);
            page.ledger.boilerplate(line.span, "tab of a sample");
        } else if line.text == "Example" && is_named(lines) {
            page.ledger.boilerplate(line.span, "label of a sample");
            lines.next();
            if let Some(name) = lines.peek(0) {
                page.ledger.boilerplate(name.span, "name of a sample");
            }
        } else if let Some(media) = media(line.text) {
            page.ledger.fact(line.span);
            sample.media = Some((media.to_owned(), line.span));
        } else if is_boilerplate(line.text) {
            page.ledger.boilerplate(line.span, "button of a sample");
        } else {
            let named = sample.media.is_some();
            sample.body = text(lines, page, named);
            break;
        }
        lines.next();
    }
    sample
}

/// The first of the tabs of responses, which a copy shows glued: `200404`. The first one is open.
fn tabs_of_statuses(line: &str) -> Option<String> {
    let mut first = None;
    let mut rest = line;
    while !rest.is_empty() {
        let length = if rest.starts_with("default") { "default".len() } else { 3 };
        let (tab, after) = rest.split_at_checked(length)?;
        let status = crate::words::status(tab)?;
        first = first.or(Some(status));
        rest = after.trim_start();
    }
    first
}

/// Whether the line behind the next one is the name of an example, which the page's buttons or the sample follow.
fn is_named(lines: &Lines<'_>) -> bool {
    let Some(name) = lines.adjacent(1) else { return false };
    let closes = |line: Text<'_>| is_boilerplate(line.text) || starts_json(line.text);
    name.heading.is_none() && !starts_json(name.text) && !is_boilerplate(name.text) && lines.peek(2).is_some_and(closes)
}

fn media(line: &str) -> Option<&str> {
    let media = line.strip_prefix("Content type").map_or(line, str::trim);
    lines::is_media(media).then_some(media)
}

pub(super) fn is_boilerplate(line: &str) -> bool {
    let mut rest = line;
    while let Some(after) = BUTTONS.into_iter().find_map(|button| rest.strip_prefix(button)) {
        rest = after.trim_start();
    }
    rest.is_empty() || is_tabs(line)
}

/// Tabs, which a copy shows glued: `PayloadcURL`. What else stands behind the first one is the name of a language.
fn is_tabs(line: &str) -> bool {
    if line.strip_prefix("Payload").is_some_and(|rest| !rest.starts_with(char::is_whitespace)) {
        return true;
    }
    let mut rest = line;
    while let Some(after) = TABS.into_iter().filter_map(|tab| rest.strip_prefix(tab)).min_by_key(|after| after.len()) {
        rest = after.trim_start();
    }
    rest.is_empty()
}

fn starts_json(line: &str) -> bool {
    line.starts_with(['{', '[', '"'])
        || matches!(line, "true" | "false" | "null")
        || (line.starts_with(|char: char| char == '-' || char.is_ascii_digit())
            && tabs_of_statuses(line).is_none()
            && serde_json::from_str::<serde_json::Number>(line).is_ok())
}

/// A sample between two fences, as it stands there.
fn fenced<'a>(lines: &mut Lines<'a>, fence: Text<'_>, page: &mut Page) -> Option<Body<'a>> {
    let document = lines.document();
    let text = document.text.get(fence.span.end as usize..).unwrap_or_default();
    let Some(length) = text.match_indices(fence.text).find_map(|(at, _)| text.get(..at)?.ends_with('\n').then_some(at)) else {
        let (message, help) = ("this fence is not closed", "check that the document is whole");
        page.diagnostics.push(Diagnostic::new(fence.span, message, help));
        lines.skip_to(u32::MAX);
        return None;
    };
    let start = fence.span.end as usize;
    let close = document.span(start + length..start + length + fence.text.len());
    page.ledger.boilerplate(fence.span, "fence of a sample");
    page.ledger.boilerplate(close, "fence of a sample");
    lines.skip_to(close.end);
    let line = Line { span: document.span(start..start + length), text: text.get(..length).unwrap_or_default() };
    let inner = line.trimmed(char::is_whitespace);
    page.ledger.fact(inner.span);
    if !starts_json(inner.text.lines().next().unwrap_or_default().trim()) {
        return Some(Body::Text(inner.span));
    }
    match sample::json(document, inner.span) {
        Ok(node) => Some(Body::Json(node)),
        Err(diagnostic) => {
            page.diagnostics.push(diagnostic);
            None
        }
    }
}

fn json<'a>(lines: &mut Lines<'a>, first: Text<'_>, page: &mut Page) -> Option<Body<'a>> {
    let document = lines.document();
    let Some(end) = end_of_json(document, first.span) else {
        page.diagnostics.push(Diagnostic::new(
            first.span,
            "a JSON sample starts here, and the document ends before the sample does",
            "check that the document is whole",
        ));
        lines.skip_to(u32::MAX);
        return None;
    };
    let span = Span { end, ..first.span };
    lines.skip_to(end);
    match sample::json(document, span) {
        Ok(node) => {
            page.ledger.fact(span);
            Some(Body::Json(node))
        }
        Err(diagnostic) => {
            page.diagnostics.push(diagnostic);
            None
        }
    }
}

/// Where the value that starts at `span` ends: with its bracket, or with its line.
fn end_of_json(document: &Document, span: Span) -> Option<u32> {
    let text = document.text.get(span.start as usize..)?;
    if !text.starts_with(['{', '[']) {
        return Some(span.end);
    }
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => {
                depth -= 1;
                if depth == 0 {
                    return u32::try_from(span.start as usize + at + 1).ok();
                }
            }
            _ => {}
        }
    }
    None
}

/// A sample of another format ends with its last line before a gap. What belongs to the page or is JSON by itself is no line of
/// one, unless a media type is `named` above it.
fn text<'a>(lines: &mut Lines<'_>, page: &mut Page, named: bool) -> Option<Body<'a>> {
    let mut span: Option<Span> = None;
    let document = lines.document();
    while let Some(line) = lines.peek(0) {
        if span.is_some() && (line.gap || line.heading.is_some_and(|heading| heading != Heading::Request)) {
            break;
        }
        if !named && (lines::is_media(line.text) || BUTTONS.contains(&line.text)) {
            page.diagnostics.push(Diagnostic::new(line.span, "a line of a sample was expected, found one of the page", COMPARE));
        } else if matches!(line.text.as_bytes(), [b'{' | b'['] | [b'{', b'"', ..])
            && let Some(end) = end_of_json(document, line.span)
            && sample::json(document, Span { end, ..line.span }).is_ok()
        {
            page.diagnostics.push(Diagnostic::new(
                line.span,
                "a sample of JSON starts here, below a line that is none of it",
                COMPARE,
            ));
        }
        span = Some(span.map_or(line.span, |span| span.to(line.span)));
        lines.next();
    }
    let span = span?;
    page.ledger.fact(span);
    Some(Body::Text(span))
}
