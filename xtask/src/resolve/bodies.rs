//! What a page leaves open about what is sent and what comes back.
//!
//! Takes operations and the samples of their bodies. Leaves each status once, a success where the page has none, a description and
//! a media type wherever the page is silent. A body of which the page does not say in which response it comes is that of the first
//! success that can have one.

use indexmap::{IndexMap, map::Entry};

use super::subject::title;
use crate::{
    api::{Basis, Kind, MediaType, Operation, Origin, RequestBody, Response, Schema},
    dialect::{Page, Sample},
    document::Span,
    finding::{Finding, FindingKind},
    words::status_phrase,
};

const NO_STATUS: &str = "the page documents no status: success is taken to be 200";
const NO_MEDIA_TYPE: &str = "the page names no media type for this body: it is taken to be JSON";
const DOCUMENTED: &str = "the page does not say whether a body must be sent: one that it documents is taken to be required";
const FIRST_SUCCESS: &str =
    "the page shows one sample of a response and does not say of which; it is taken to be that of the first success";

/// Settles the bodies of all operations of `page`, and which of them `samples` belong to.
pub(super) fn settle(page: &mut Page, samples: &mut Vec<Sample<'_>>) {
    let mut assumed = Vec::new();
    let mut places = Vec::with_capacity(page.api.operations.len());
    for operation in &mut page.api.operations {
        places.push(responses(operation, &mut assumed, &mut page.findings));
        describe(operation, &mut page.findings);
        let received = operation.responses.iter_mut().flat_map(|response| &mut response.content);
        received.for_each(name_media_type);
        if let Some(body) = &mut operation.request_body {
            body.content.iter_mut().for_each(name_media_type);
            require(body);
        }
    }
    samples.retain_mut(|sample| {
        let (Some(response), Some(places)) = (sample.response, places.get(sample.operation)) else { return true };
        sample.response = places.get(response).copied().flatten();
        sample.response.is_some()
    });
    if !assumed.is_empty() {
        page.findings.push(Finding::new(FindingKind::Assumption, "samples of responses", FIRST_SUCCESS, assumed));
    }
}

/// Leaves each status once. Returns the new position of each response, or none where it was left out.
fn responses(operation: &mut Operation, assumed: &mut Vec<Span>, findings: &mut Vec<Finding>) -> Vec<Option<usize>> {
    let mut once: IndexMap<String, Response> = IndexMap::new();
    let mut places = Vec::with_capacity(operation.responses.len());
    let mut open = Vec::new();
    for (index, response) in std::mem::take(&mut operation.responses).into_iter().enumerate() {
        if response.status.is_empty() {
            places.push(None);
            open.push((index, response));
            continue;
        }
        match once.entry(response.status.clone()) {
            Entry::Vacant(free) => {
                places.push(Some(free.index()));
                free.insert(response);
            }
            Entry::Occupied(mut known) => {
                places.push(Some(known.index()));
                join(known.get_mut(), response, operation, findings);
            }
        }
    }
    if once.is_empty() {
        let (spans, description) = match open.first() {
            Some((_, first)) => (first.origin.spans.clone(), first.description.clone()),
            None => (operation.origin.spans.clone(), String::new()),
        };
        let origin = Origin { spans, basis: Basis::Inferred, reason: Some(NO_STATUS.into()) };
        once.insert("200".to_owned(), Response { status: "200".to_owned(), description, content: Vec::new(), origin });
    }
    for (index, response) in open {
        let place = place(operation, &once, response, assumed, findings);
        if let Some((at, mut response)) = place {
            if let Some(slot) = places.get_mut(index) {
                *slot = Some(at);
            }
            if let Some((_, known)) = once.get_index_mut(at) {
                complete(known, &mut response);
            }
        }
    }
    operation.responses = once.into_values().collect();
    places
}

/// The response that one without a status is, and what is left of it to be added there.
fn place(
    operation: &Operation,
    known: &IndexMap<String, Response>,
    mut response: Response,
    assumed: &mut Vec<Span>,
    findings: &mut Vec<Finding>,
) -> Option<(usize, Response)> {
    let carries = |status: &&String| status.starts_with('2') && !matches!(status.as_str(), "204" | "205");
    let success = known.keys().position(|status| carries(&status)).or_else(|| known.get_index_of("default"));
    if known.values().any(|one| one.description == response.description) {
        response.description.clear();
    }
    if response.content.is_empty() {
        return Some((success.unwrap_or(0), response));
    }
    let shows = |media: &MediaType| media.schema.is_some() || media.example.is_some();
    if success.is_none() && !response.content.iter().any(shows) {
        // Only a media type is named.
        response.content.clear();
        return Some((0, response));
    }
    let spans = response.content.iter().filter_map(|media| media.example.as_ref()?.origin.spans.first().copied());
    let Some(success) = success else {
        let named = response.content.iter().find_map(|media| media.schema.as_ref()?.entity());
        let named = named.map(|name| format!(" of the type `{name}`")).unwrap_or_default();
        let statuses: Vec<&str> = known.keys().map(String::as_str).collect();
        let text = format!(
            "the page has a body of a response{named}, but none of its responses ({}) can have one: it is left out",
            statuses.join(", ")
        );
        let spans = response.origin.spans.iter().copied().chain(spans).collect();
        findings.push(Finding::new(FindingKind::Contradiction, title(operation), text, spans));
        return None;
    };
    let only_shown = response.content.iter().all(|media| media.schema.is_none());
    if only_shown && known.get_index(success).is_some_and(|(_, response)| response.origin.basis == Basis::Stated) {
        assumed.extend(spans);
    }
    Some((success, response))
}

/// Adds what the page says without a status.
fn complete(known: &mut Response, more: &mut Response) {
    let described = !known.content.is_empty();
    for media in more.content.drain(..) {
        let same = known.content.iter().position(|one| one.name == media.name);
        // A sample alone says no more of its media type than that the body is shown so.
        let same = same.or((described && media.schema.is_none() && media.example.is_some()).then_some(0));
        match same.and_then(|at| known.content.get_mut(at)) {
            Some(one) => add(one, media),
            None => known.content.push(media),
        }
    }
    // A line under the heading repeats a row, or says more about success.
    if known.description.is_empty() {
        known.description = std::mem::take(&mut more.description);
    } else if !more.description.is_empty() && known.description != more.description {
        known.description = format!("{}\n\n{}", known.description, more.description);
    }
}

fn add(known: &mut MediaType, more: MediaType) {
    known.schema = known.schema.take().or(more.schema);
    known.example = known.example.take().or(more.example);
}

/// Two responses of one status.
fn join(known: &mut Response, other: Response, operation: &Operation, findings: &mut Vec<Finding>) {
    known.origin.spans.extend(other.origin.spans);
    if known.description.is_empty() {
        known.description = other.description;
    } else if !other.description.is_empty() && known.description != other.description {
        let text = "the page describes this twice in different words: the first ones are kept";
        let subject = format!("{} {}", title(operation), known.status);
        findings.push(Finding::new(FindingKind::Contradiction, subject, text, known.origin.spans.to_vec()));
    }
    for media in other.content {
        match known.content.iter_mut().find(|one| one.name == media.name) {
            Some(one) => add(one, media),
            None => known.content.push(media),
        }
    }
}

/// OpenAPI demands a description of each response.
fn describe(operation: &mut Operation, findings: &mut Vec<Finding>) {
    let silent = operation.responses.iter().filter(|response| response.description.is_empty());
    let all = silent.clone().count() == operation.responses.len();
    let stated = silent.filter(|response| response.origin.basis == Basis::Stated);
    let spans: Vec<Span> = stated.filter_map(|response| response.origin.spans.first().copied()).collect();
    if !spans.is_empty() {
        let which = if all { "its" } else { "these" };
        let text =
            format!("the page does not describe {which} responses; each is described by the standard phrase of its status");
        findings.push(Finding::new(FindingKind::Assumption, format!("{} responses", title(operation)), text, spans));
    }
    for response in operation.responses.iter_mut().filter(|response| response.description.is_empty()) {
        response.description = status_phrase(&response.status).to_owned();
    }
}

fn name_media_type(media: &mut MediaType) {
    if media.name.is_empty() {
        media.name = "application/json".to_owned();
        media.origin.infer(NO_MEDIA_TYPE);
    }
}

/// Whether a body must be sent, where the page does not say.
fn require(body: &mut RequestBody) {
    if body.required.is_some() {
        return;
    }
    body.required = Some(true);
    match body.content.iter().find_map(|media| demanded(media.schema.as_ref()?)) {
        Some(name) => body
            .origin
            .infer(format!("the page does not say whether a body must be sent; it must, as its field `{name}` is required")),
        None => body.origin.infer(DOCUMENTED),
    }
}

/// The first member of a type that is required, at any depth.
fn demanded(schema: &Schema) -> Option<String> {
    match &schema.kind {
        Kind::Object(members) => members.iter().find_map(|(name, member)| match member.required {
            true => Some(name.clone()),
            false => demanded(&member.schema).map(|inner| format!("{name}.{inner}")),
        }),
        Kind::Array(item) | Kind::Map(item) => demanded(item),
        _ => None,
    }
}
