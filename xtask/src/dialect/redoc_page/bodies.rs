//! Samples and the bodies that they show.
//!
//! Input: an operation and its samples. Output: the operation with examples, and which of its bodies each sample shows. Knows
//! nothing of lines.

use super::{
    samples::{Body, Sample},
    unfolded,
};
use crate::{
    api::{Basis, Example, MediaType, Operation, Origin},
    dialect::{self, Page},
    document::{Document, Span},
    finding::{self, Finding},
};

pub(super) const JSON: &str = "application/json";
/// Why a media type is JSON's where the page names none.
pub(super) const INFERRED_JSON: &str = "the page names no media type; its sample and its fields are those of JSON";

/// The request's sample completes the request body.
pub(super) fn request<'a>(
    document: &Document,
    operation: &mut Operation,
    sample: Sample<'a>,
    page: &mut Page,
) -> Option<dialect::Sample<'a>> {
    let subject = subject(operation);
    let body = sample.body?;
    let copied = unfolded::is_copied(document, operation);
    let Some(media) = operation.request_body.as_mut().and_then(|request| request.content.first_mut()) else {
        let text = "the page shows a sample of a request, but no body of one: the sample is not carried";
        page.findings.push(Finding::new(finding::Kind::Loss, subject, text, vec![body.span()]));
        return None;
    };
    if let (Some((name, span)), Basis::Inferred) = (&sample.media, media.origin.basis) {
        media.name.clone_from(name);
        media.origin = Origin::stated(*span);
    }
    show(document, media, body, None, copied, page)
}

/// A response's sample belongs to the status of its tab, or to the first success; then its place is given back too.
pub(super) fn response<'a>(
    document: &Document,
    operation: &mut Operation,
    sample: Sample<'a>,
    page: &mut Page,
) -> (Option<dialect::Sample<'a>>, Option<Span>) {
    let subject = subject(operation);
    let Some(body) = sample.body else { return (None, None) };
    let copied = unfolded::is_copied(document, operation);
    let stated = sample.status.as_deref().and_then(|status| position(operation, |known| known == status));
    let success =
        position(operation, |status| status.starts_with('2')).or_else(|| position(operation, |status| status == "default"));
    let index = stated.or(success);
    let Some(response) = index.and_then(|index| operation.responses.get_mut(index)) else {
        let text = "the page shows a sample of a response, but no success that it could belong to: the sample is not carried";
        page.findings.push(Finding::new(finding::Kind::Loss, subject, text, vec![body.span()]));
        return (None, None);
    };
    let assumed = stated.is_none().then(|| body.span());
    if response.content.is_empty() {
        let (name, origin) = match &sample.media {
            Some((name, span)) => (name.clone(), Origin::stated(*span)),
            None => (JSON.to_owned(), Origin::inferred(body.span(), INFERRED_JSON)),
        };
        response.content.push(MediaType { name, schema: None, example: None, origin });
    }
    let media = response.content.first_mut();
    (media.and_then(|media| show(document, media, body, index, copied, page)), assumed)
}

/// One finding for all samples whose response had to be inferred.
pub(super) fn tell_assumed(spans: Vec<Span>, page: &mut Page) {
    if !spans.is_empty() {
        let text =
            "the page shows one sample of a response and does not say of which; it is taken to be that of the first success";
        page.findings.push(Finding::new(finding::Kind::Assumption, "samples of responses", text, spans));
    }
}

fn position(operation: &Operation, is: impl Fn(&str) -> bool) -> Option<usize> {
    operation.responses.iter().position(|response| is(&response.status))
}

fn subject(operation: &Operation) -> String {
    format!("{} {}", operation.method.name(), operation.path)
}

/// Adds the sample as an example; what it says of the type is for those who decide.
fn show<'a>(
    document: &Document,
    media: &mut MediaType,
    body: Body<'a>,
    response: Option<usize>,
    copied: bool,
    page: &mut Page,
) -> Option<dialect::Sample<'a>> {
    let (value, collapsed) = match &body {
        Body::Json(node) => (node.to_value(), node.is_collapsed()),
        Body::Text(span) => (serde_json::Value::String(document.slice(*span).to_owned()), false),
    };
    if let (Some(schema), Body::Json(_)) = (&media.schema, &body) {
        unfolded::check(schema, Some(&value), copied, page);
    }
    media.example = Some(Example { value, collapsed, origin: Origin::stated(body.span()) });
    let Body::Json(node) = body else { return None };
    Some(dialect::Sample { operation: 0, response, first_only: true, json: Some(node), xml: None })
}
