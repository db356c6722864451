//! The text of a Redoc page.
//!
//! Input: a document. Output: the operations of a group, which the first line names. Each has a heading, text, security,
//! tables of fields, responses, then method and path, then samples. Knows nothing of other dialects.

mod bodies;
mod checks;
mod foreign;
mod heads;
mod lines;
mod operation;
mod pattern;
mod rows;
mod samples;
mod sections;
mod security;
mod shape;
mod types;
mod unfolded;
mod union;
mod values;

use super::{Options, Page, Reading, Sample, pages};
use crate::{diagnostic::Diagnostic, document::Document};
use lines::Lines;

/// Reads all operations of a page.
pub(super) fn read<'a>(document: &'a Document, _options: &Options) -> Reading<'a> {
    let mut page = Page::default();
    let mut lines = Lines::new(document);
    if !lines::has_verb(document) {
        let span = lines.peek(0).map_or(document.span(0..0), |line| line.span);
        page.diagnostics.push(Diagnostic::new(
            span,
            format!("an operation with a line such as `get/path` was expected, found {}", pages::name_of(&document.text)),
            "give the whole text of the page, samples included, or the page saved as HTML; other pages and other dialects are not read here",
        ));
        return page.into();
    }
    let mut operations = Vec::new();
    while lines.peek(0).is_some() {
        operations.extend(operation::read(&mut lines, &mut page));
    }
    if lines.marked() {
        heads::name_marked(document, &mut operations, &mut page);
    } else {
        heads::name(document, &mut operations, &mut page);
    }
    let mut reading = Reading::default();
    page.api.operations.reserve_exact(operations.len());
    for (index, read) in operations.into_iter().enumerate() {
        reading.samples.extend(read.samples.into_iter().map(|sample| Sample { operation: index, ..sample }));
        page.api.operations.push(read.operation);
    }
    Reading { page, ..reading }
}
