//! Rows that a page shows below an unfolded row, which its text has without their indentation.
//!
//! Input: an operation with its rows and samples. Output: diagnostics where a sample has a row within the value of a row above
//! it, and a finding where no sample tells. Knows nothing of lines.

use serde_json::Value;

use crate::{
    api::{Kind, MediaType, Named, Operation, Property, Schema},
    diagnostic::Diagnostic,
    dialect::Page,
    document::{Document, Span},
    finding::{Finding, FindingKind},
};

/// Whether a browser's copy is read, which has method and path on a line each.
pub(super) fn is_copied(document: &Document, operation: &Operation) -> bool {
    operation.origin.spans.iter().any(|span| document.slice(*span).contains('\n'))
}

/// Refuses a body whose rows belong to each other in a way that the text does not show.
pub(super) fn check(schema: &Schema, sample: Option<&Value>, copied: bool, page: &mut Page) {
    let Some(Inner { name, above, span }) = members(schema).and_then(|rows| inner(rows, sample.map(first), copied)) else {
        return;
    };
    let text = format!(
        "rows of one object were expected, and `{name}` is a member of `{above}` above it: that row was unfolded when the page was \
         copied, and the text does not show where its members end"
    );
    let help = "save the page as HTML and give that, or fold all rows and copy it once more";
    page.diagnostics.push(Diagnostic::new(span, text, help));
}

/// Does so for the bodies of an operation that have no sample, and tells what is taken for granted there.
pub(super) fn check_without_sample(document: &Document, operation: &Operation, page: &mut Page) {
    let copied = is_copied(document, operation);
    let bodies = operation.request_body.iter().flat_map(|body| &body.content);
    // A sample without a status may show any success.
    let open = operation.responses.iter().any(|response| response.status.is_empty());
    let unseen = operation.responses.iter().filter(|response| !open || response.status.starts_with(['3', '4', '5']));
    let bodies = bodies.chain(unseen.flat_map(|response| &response.content));
    for media in bodies.filter(|media| media.example.is_none()) {
        let Some(schema) = &media.schema else { continue };
        check(schema, None, copied, page);
        page.findings.extend(members(schema).filter(|_| copied).and_then(|rows| assumed(media, rows)));
    }
}

/// A row that belongs to another one.
struct Inner<'a> {
    name: &'a str,
    above: &'a str,
    span: Span,
}

fn inner<'a>(properties: &'a Named<Property>, sample: Option<&Value>, copied: bool) -> Option<Inner<'a>> {
    let mut above: Vec<&str> = Vec::new();
    for (name, property) in properties {
        let found = |above| {
            let rows = property.repeated.iter().flat_map(|rows| rows.iter());
            let span = rows.chain([property]).find_map(|row| row.schema.origin.spans.first().copied())?;
            Some(Inner { name, above, span })
        };
        let sample = sample.and_then(Value::as_object);
        if let Some(members) = sample.filter(|members| !members.contains_key(name.as_str())) {
            let holds = |above: &&&str| {
                let value = members.get(**above).map(first).and_then(Value::as_object);
                value.is_some_and(|value| value.contains_key(name.as_str()) || copied && value.is_empty())
            };
            if let Some(above) = above.iter().rev().find(holds) {
                return found(above);
            }
        }
        if unfolds(&property.schema) {
            above.push(name);
        }
    }
    // A name that stands twice, with a row between that can be unfolded, stands there as a member of that row.
    let mut repeated = properties.iter().filter_map(|(name, property)| {
        let again = property.repeated.as_ref()?.first()?.schema.origin.spans.first()?;
        let before = |other: &Property| other.schema.origin.spans.first().is_some_and(|at| at.start < again.start);
        let above = properties.iter().rfind(|(_, other)| unfolds(&other.schema) && before(other))?;
        Some(Inner { name, above: above.0, span: *again })
    });
    repeated.next()
}

/// What a reader should know of a body that was copied without its sample.
fn assumed(media: &MediaType, properties: &Named<Property>) -> Option<Finding> {
    let last = properties.len().checked_sub(1)?;
    let (_, (name, property)) = properties.iter().enumerate().find(|(at, (_, row))| *at < last && unfolds(&row.schema))?;
    let text = "the rows below this one are taken to stand beside it; were it unfolded when the page was copied, the text would be \
                the same, and no sample tells";
    let spans = property.schema.origin.spans.iter().copied().collect();
    Some(Finding::new(FindingKind::Assumption, format!("{} {name}", media.name), text, spans))
}

/// Whether the page can unfold a row, and shows no members of its own there.
fn unfolds(schema: &Schema) -> bool {
    match &schema.kind {
        Kind::Object(members) => members.is_empty(),
        Kind::Array(item) => unfolds(item),
        Kind::AnyOf(_) => true,
        _ => false,
    }
}

fn members(schema: &Schema) -> Option<&Named<Property>> {
    match &schema.kind {
        Kind::Object(members) => Some(members),
        Kind::Array(item) => members(item),
        _ => None,
    }
}

/// The value of a list's items.
fn first(value: &Value) -> &Value {
    value.as_array().and_then(|items| items.first()).map_or(value, first)
}
