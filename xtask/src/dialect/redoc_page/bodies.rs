//! Samples and the bodies that they show.
//!
//! Input: an operation and its samples. Output: the operation with examples, and which of its bodies each sample shows. Knows
//! nothing of lines.

use super::{
    samples::{Body, Sample},
    unfolded,
};
use crate::{
    api::{Example, MediaType, Operation, Origin, Response},
    dialect::{self, Page},
    document::Document,
    finding::{Finding, FindingKind},
};

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
        page.findings.push(Finding::new(FindingKind::Loss, subject, text, vec![body.span()]));
        return None;
    };
    if let (Some((name, span)), true) = (&sample.media, media.name.is_empty()) {
        media.name.clone_from(name);
        media.origin = Origin::stated(*span);
    }
    if let (Some(schema), Body::Json(node)) = (&media.schema, &body) {
        unfolded::check(schema, Some(&node.to_value()), copied, page);
    }
    show(document, media, body, None)
}

/// A response's sample belongs to the status of its tab; without one the page does not say to which.
pub(super) fn response<'a>(
    document: &Document,
    operation: &mut Operation,
    sample: Sample<'a>,
    page: &mut Page,
) -> Option<dialect::Sample<'a>> {
    let body = sample.body?;
    let span = body.span();
    let copied = unfolded::is_copied(document, operation);
    let stated = sample.status.as_deref();
    let stated = stated.and_then(|status| operation.responses.iter().position(|response| response.status == status));
    if let Body::Json(node) = &body {
        let value = node.to_value();
        let shown = operation.responses.iter().enumerate().filter(|(index, response)| match stated {
            Some(stated) => stated == *index,
            None => !response.status.starts_with(['3', '4', '5']),
        });
        let schemas = shown.filter_map(|(_, response)| response.content.first()?.schema.as_ref());
        schemas.for_each(|schema| unfolded::check(schema, Some(&value), copied, page));
    }
    let index = stated.unwrap_or(operation.responses.len());
    if stated.is_none() {
        let (status, description) = (String::new(), String::new());
        operation.responses.push(Response { status, description, content: Vec::new(), origin: Origin::stated(span) });
    }
    let content = &mut operation.responses.get_mut(index)?.content;
    if content.is_empty() {
        let (name, span) = sample.media.unwrap_or_else(|| (String::new(), span));
        content.push(MediaType { name, schema: None, example: None, origin: Origin::stated(span) });
    }
    show(document, content.first_mut()?, body, Some(index))
}

fn subject(operation: &Operation) -> String {
    format!("{} {}", operation.method.name(), operation.path)
}

/// Adds the sample as an example; what it shows of the type is decided in `resolve`.
fn show<'a>(document: &Document, media: &mut MediaType, body: Body<'a>, response: Option<usize>) -> Option<dialect::Sample<'a>> {
    let (value, collapsed) = match &body {
        Body::Json(node) => (node.to_value(), node.is_collapsed()),
        Body::Text(span) => (serde_json::Value::String(document.slice(*span).to_owned()), false),
    };
    media.example = Some(Example { value, collapsed, origin: Origin::stated(body.span()) });
    let Body::Json(node) = body else { return None };
    Some(dialect::Sample { operation: 0, response, first_only: true, json: Some(node), xml: None })
}
