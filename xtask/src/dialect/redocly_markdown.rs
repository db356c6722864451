//! Redocly's Markdown page of an operation, as published or with all white space folded.
//!
//! Input: a document. Output: its operations. A page has `# heading`, text, `Endpoint:`, `Version:` and `Security:`
//! lines, then sections of fields, "- `name` (type, required)" with text and `Enum:`, `Example:` and `Default:` behind it.
//! Knows nothing of other dialects.

mod field;
mod heading;
mod operation;
mod prose;
mod relative;
mod row;
mod scan;
mod text;
mod tree;
mod uncallable;

use super::{Options, Page, Reading, pages};
use crate::{
    diagnostic::Diagnostic,
    document::{Document, Span},
};

/// Reads all operations of a page.
pub(super) fn read<'a>(document: &'a Document, _options: &Options) -> Reading<'a> {
    let mut reading = Reading::default();
    let page = &mut reading.page;
    let start = front_matter(document, page);
    let blocks = scan::blocks(document.text.get(start..).unwrap_or_default());
    if blocks.is_empty() {
        page.diagnostics.push(refusal(document, start));
        return reading;
    }
    page.api.operations.reserve_exact(blocks.len());
    for block in blocks {
        operation::read(document, start, &block, &mut reading);
    }
    reading
}

/// `---` lines around metadata that some tool has put in front of the page.
fn front_matter(document: &Document, page: &mut Page) -> usize {
    const FENCE: &str = "---";
    let text = &document.text;
    let start = text.len() - text.trim_start_matches(|char: char| char.is_whitespace() || char == '\u{feff}').len();
    let Some(inner) =
        text.get(start..).and_then(|text| text.strip_prefix(FENCE)).filter(|text| text.starts_with(char::is_whitespace))
    else {
        return 0;
    };
    let inner_start = text.len() - inner.len();
    let mut from = 0;
    while let Some(at) = inner.get(from..).and_then(|rest| rest.find(FENCE)).map(|at| from + at) {
        let end = inner_start + at + FENCE.len();
        let closes = text.get(end..).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
        if closes && text::starts_word(inner, at) {
            page.ledger.boilerplate(document.span(start..end), "front matter");
            return end;
        }
        from = at + 1;
    }
    0
}

fn refusal(document: &Document, start: usize) -> Diagnostic {
    let text = document.text.get(start..).unwrap_or_default();
    if let Some(what) = uncallable::in_text(text) {
        return uncallable::refusal(first_line(document, start), what);
    }
    Diagnostic::new(
        first_line(document, start),
        format!("an operation with a line such as `Endpoint: GET /path` was expected, found {}", pages::name_of(text)),
        "give the Markdown page of one operation; other pages and other dialects are not read here",
    )
}

/// The first line from `start` on that is not blank.
fn first_line(document: &Document, start: usize) -> Span {
    let at = text::skip_blank(&document.text, start);
    let rest = document.text.get(at..).unwrap_or_default();
    let len = rest.find('\n').unwrap_or(rest.len());
    document.span(at..at + len)
}
