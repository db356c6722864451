//! What a table says, completed by what its sample shows.
//!
//! Input: a schema read from a table, the entities that it refers to, and a sample. Output: the schema with element
//! types, members and nulls that only the sample shows, and a finding for each contradiction. The table wins, unless it
//! only names a type.

use super::{Node, Value, is_integer, merge, schema, schema::SHOWN, text_format};
use crate::{
    api::{Basis, Kind, Named, Origin, Property, Schema},
    finding::{Finding, FindingKind},
};

/// Where [`refine`] and [`refine_xml`](super::refine_xml) read and write entities and findings.
#[derive(Debug)]
pub struct Refined<'a> {
    /// Entities that references point to.
    pub entities: &'a mut Named<Schema>,
    /// What was found on the way.
    pub findings: &'a mut Vec<Finding>,
}

/// Completes `table` (and the entities that it refers to) by `sample`; `subject` names it in findings, such as `User`.
pub fn refine(table: &mut Schema, sample: &Node<'_>, subject: &str, refined: &mut Refined<'_>) {
    let mut queue = Vec::new();
    refine_one(table, sample, &mut subject.to_owned(), refined.findings, &mut queue);
    // A reference is followed by its name, not by recursion: an entity may contain itself.
    while let Some((mut name, node)) = queue.pop() {
        let Some(entity) = refined.entities.get_mut(&name) else { continue };
        refine_one(entity, node, &mut name, refined.findings, &mut queue);
    }
}

type Queue<'n> = Vec<(String, &'n Node<'n>)>;

/// `subject` grows by the name of each member on the way down, and is as it was on the way back.
fn refine_one<'n>(
    table: &mut Schema,
    sample: &'n Node<'n>,
    subject: &mut String,
    findings: &mut Vec<Finding>,
    queue: &mut Queue<'n>,
) {
    match (&mut table.kind, &sample.value) {
        (Kind::Unknown, Value::Null) => table.nullable = true,
        (_, Value::Null) => {
            if !std::mem::replace(&mut table.nullable, true) && table.origin.basis != Basis::Sample {
                let spans = std::iter::once(sample.span).chain(table.origin.spans.first().copied()).collect();
                let text = "the sample shows null here: the value is taken to be nullable";
                findings.push(Finding::new(FindingKind::Assumption, subject.as_str(), text, spans));
            }
        }
        (Kind::Reference(name), _) => queue.push((name.clone(), sample)),
        // A sample shows one of them, and which one it does not say.
        (Kind::AnyOf(_), _) => {}
        (Kind::Array(element), Value::Array(items)) => {
            for item in items {
                refine_one(element, item, subject, findings, queue);
            }
        }
        (Kind::Map(value), Value::Object(members)) => {
            for member in members {
                refine_one(value, &member.node, subject, findings, queue);
            }
        }
        (Kind::Object(properties), Value::Object(members)) => {
            // A table without a row (its head alone) says nothing that a sample could contradict.
            let tabled =
                (table.origin.basis != Basis::Sample && !properties.is_empty()).then(|| table.origin.spans.first().copied());
            for member in members {
                if let Some(property) = properties.get_mut(&*member.key) {
                    let length = subject.len();
                    subject.push('.');
                    subject.push_str(&member.key);
                    refine_one(&mut property.schema, &member.node, subject, findings, queue);
                    subject.truncate(length);
                    continue;
                }
                let mut schema = schema(&member.node);
                let span = member.key_span.to(member.node.span);
                if let Some(first) = schema.origin.spans.first_mut() {
                    *first = span;
                }
                properties.insert(member.key.to_string(), Property::new(schema, false));
                if let Some(table) = tabled {
                    let text =
                        "the table does not have this member of the sample: it is kept, since the vendor's serializer knows it";
                    let spans = std::iter::once(span).chain(table).collect();
                    findings.push(Finding::new(FindingKind::Contradiction, format!("{subject}.{}", member.key), text, spans));
                }
            }
        }
        (Kind::Unknown, _) => adopt(table, sample),
        _ if table.origin.basis == Basis::Sample => merge(table, schema(sample)),
        (Kind::String, Value::String(text)) => timestamp(table, text, sample, subject, findings),
        (Kind::Boolean, Value::Bool(_)) | (Kind::Number, Value::Number(_)) => {}
        (Kind::Integer, Value::Number(text)) if is_integer(text) => {}
        (kind, _) => {
            let text = format!(
                "the table says {}, the sample shows {}: the table is believed, since samples are made by a machine",
                kind_name(kind),
                sample.kind_name()
            );
            let spans = table.origin.spans.first().copied().into_iter().chain([sample.span]).collect();
            findings.push(Finding::new(FindingKind::Contradiction, subject.as_str(), text, spans));
        }
    }
}

/// The table only names the type: the sample says what it is.
fn adopt(table: &mut Schema, sample: &Node<'_>) {
    let shown = schema(sample);
    let collapsed = shown.kind == Kind::Unknown;
    table.kind = shown.kind;
    table.nullable |= shown.nullable;
    if table.format.is_none() {
        table.format = shown.format;
    }
    if collapsed {
        return;
    }
    // The table's place stays first: it is where the value is named.
    let named = std::mem::take(&mut table.origin.spans);
    table.origin = Origin { spans: named, ..Origin::sample(sample.span, SHOWN) };
    if !table.origin.spans.contains(&sample.span) {
        table.origin.spans.push(sample.span);
    }
}

/// A table's `date` whose sample has a time of day is a timestamp.
fn timestamp(table: &mut Schema, text: &str, sample: &Node<'_>, subject: &str, findings: &mut Vec<Finding>) {
    if table.format.as_deref() != Some("date") || text_format(text) != Some("date-time") {
        return;
    }
    table.format = Some("date-time".to_owned());
    let text = "the table says date, the sample shows a time of day too: the value is a timestamp (date-time), since a date could not carry it";
    table.origin.infer(text);
    let spans = std::iter::once(sample.span).chain(table.origin.spans.first().copied()).collect();
    findings.push(Finding::new(FindingKind::Contradiction, subject, text, spans));
}

/// A type for people.
pub(crate) fn kind_name(kind: &Kind) -> String {
    match kind {
        Kind::Unknown => "no type".to_owned(),
        Kind::Boolean => "a boolean".to_owned(),
        Kind::Integer => "an integer".to_owned(),
        Kind::Number => "a number".to_owned(),
        Kind::String => "a string".to_owned(),
        Kind::Array(_) => "an array".to_owned(),
        Kind::Object(_) => "an object".to_owned(),
        Kind::Map(_) => "a dictionary".to_owned(),
        Kind::Reference(name) => format!("`{name}`"),
        Kind::AnyOf(_) => "one of several types".to_owned(),
    }
}
