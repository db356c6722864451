//! One operation, from its heading to its samples.
//!
//! Input: lines. Output: an operation, its claims, findings and diagnostics. Knows nothing of other operations.

use super::{
    bodies,
    foreign::foreign,
    lines::{Heading, Lines, Mark, Text},
    samples,
    sections::Sections,
    security::security_lines,
    unfolded,
};
use crate::{
    api::{Operation, Origin},
    diagnostic::Diagnostic,
    dialect::{self, Page},
};

/// An operation, and what the page as a whole must still decide.
#[derive(Debug)]
pub(super) struct Read<'a> {
    pub(super) operation: Operation,
    /// Lines from the heading to the first section.
    pub(super) head: Vec<Text<'a>>,
    /// The samples of its bodies.
    pub(super) samples: Vec<dialect::Sample<'a>>,
}

/// Reads the next operation.
pub(super) fn read<'a>(lines: &mut Lines<'a>, page: &mut Page) -> Option<Read<'a>> {
    let head = head(lines);
    for line in &head {
        if matches!(line.mark, Mark::Heading(_)) {
            page.ledger.fact(line.span);
        } else {
            page.ledger.describe(lines.document(), line.span, foreign);
        }
    }
    let mut sections = Sections { page, security: None, parameters: Vec::new(), body: None, responses: Vec::new(), verb: None };
    sections.read(lines);
    let Sections { page, security, parameters, body, responses, verb, .. } = sections;
    let Some((method, path, span)) = verb else {
        let span = head.first().or(lines.peek(0).as_ref())?.span;
        let badge = |line: &&Text<'_>| line.text.trim_end().ends_with("Webhook") || line.text.contains("Webhook | ");
        if let Some(webhook) = head.iter().find(badge) {
            page.diagnostics.push(Diagnostic::new(
                webhook.span,
                "an operation that a client calls was expected, found a webhook, which the vendor sends and nobody can call",
                "leave this part of the page out: a client cannot call it",
            ));
            return None;
        }
        page.diagnostics.push(Diagnostic::new(
            span,
            "an operation starts here, and no line such as `get/path` ends it",
            "check that the document is whole: method and path stand behind an operation's responses; or save the page as HTML and give that",
        ));
        return None;
    };
    let mut operation = Operation {
        parameters,
        request_body: body,
        responses,
        security,
        ..Operation::new(method, path.to_owned(), Origin::stated(span))
    };
    let samples = read_samples(lines, &mut operation, page);
    // The structure of HTML tells which rows are unfolded.
    if !lines.marked() {
        unfolded::check_without_sample(lines.document(), &operation, page);
    }
    Some(Read { operation, head, samples })
}

/// What stands behind method and path: servers, then samples.
fn read_samples<'a>(lines: &mut Lines<'a>, operation: &mut Operation, page: &mut Page) -> Vec<dialect::Sample<'a>> {
    let mut shown = Vec::new();
    while let Some(line) = lines.adjacent(0).filter(|line| line.text.starts_with("https://") || line.text.starts_with("http://"))
    {
        page.ledger.boilerplate(line.span, "list of servers");
        lines.next();
    }
    let document = lines.document();
    while let Some(line) = lines.peek(0) {
        if !matches!(line.heading, Some(Heading::RequestSamples | Heading::ResponseSamples)) {
            break;
        }
        page.ledger.boilerplate(line.span, "heading of samples");
        lines.next();
        let sample = samples::read(lines, page);
        match line.heading {
            Some(Heading::RequestSamples) => shown.extend(bodies::request(document, operation, sample, page)),
            _ => shown.extend(bodies::response(document, operation, sample, page)),
        }
    }
    shown
}

/// The lines before the first section.
fn head<'a>(lines: &mut Lines<'a>) -> Vec<Text<'a>> {
    let mut head = Vec::new();
    while let Some(line) = lines.peek(0) {
        if line.heading.is_some() || security_lines(lines) > 0 {
            break;
        }
        head.push(line);
        lines.next();
    }
    head
}
