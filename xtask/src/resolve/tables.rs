//! Tables of one type that a page has twice.
//!
//! Takes the types of a page and further tables of them, in the order in which they were read: what comes back stands before
//! what is sent. Leaves one type for each name, with all that its tables know together, and a contradiction for each difference.

use crate::{
    api::{Api, Kind, Schema},
    document::Span,
    finding::{Finding, FindingKind},
    sample::kind_name,
};

/// Joins `tables` with the types of `api` that have their names.
pub(super) fn settle(api: &mut Api, tables: Vec<(String, Schema)>, findings: &mut Vec<Finding>) {
    for (name, table) in tables {
        match api.schemas.get_mut(&name) {
            Some(known) => unite(known, table, &name, findings),
            None => {
                api.schemas.insert(name, table);
            }
        }
    }
}

/// Two tables of the same entity: what one leaves open, the other says.
fn unite(known: &mut Schema, other: Schema, subject: &str, findings: &mut Vec<Finding>) {
    known.origin.spans.extend(other.origin.spans);
    let mut path = format!("{subject}.");
    let (Kind::Object(properties), Kind::Object(more)) = (&mut known.kind, other.kind) else { return };
    for (name, property) in more {
        match properties.get_mut(&name) {
            Some(known) => {
                path.truncate(subject.len() + 1);
                path.push_str(&name);
                unite_property(&mut known.schema, property.schema, &path, findings);
            }
            None => {
                properties.insert(name, property);
            }
        }
    }
}

/// The more specific type wins; of two that are equally so, the response's, which was read first.
fn unite_property(known: &mut Schema, other: Schema, subject: &str, findings: &mut Vec<Finding>) {
    let places =
        |known: &Schema, other: &Schema| -> Vec<Span> { known.origin.spans.iter().chain(&other.origin.spans).copied().collect() };
    let differ = known.kind != other.kind && !same_form(&known.kind, &other.kind);
    let format = known.format != other.format && !matches!(known.kind, Kind::Integer | Kind::Number);
    if differ || format {
        let wins = specific(&other) > specific(known);
        let (winner, loser) = if wins { (&other, &*known) } else { (&*known, &other) };
        let text = format!(
            "one table says {}, another {}: the first is believed, since {}",
            said(winner),
            said(loser),
            if specific(winner) == specific(loser) { "it is the response's" } else { "it says more" }
        );
        let mut places = places(known, &other);
        if wins {
            places.reverse();
        }
        findings.push(Finding::new(FindingKind::Contradiction, subject, text, places));
    }
    if specific(&other) > specific(known) {
        known.kind = other.kind;
        known.format = other.format;
        known.enumeration = other.enumeration;
    }
    match (&known.description, other.description) {
        (None, description) => known.description = description,
        (Some(mine), Some(theirs)) if *mine != theirs => {
            let text = "the tables describe it in different words: those of the response are kept";
            let spans = known.origin.spans.iter().chain(&other.origin.spans).copied().collect();
            findings.push(Finding::new(FindingKind::Contradiction, subject, text, spans));
        }
        _ => {}
    }
    known.origin.spans.extend(other.origin.spans);
}

/// Whether both are lists or both dictionaries: their items are told apart later.
fn same_form(one: &Kind, other: &Kind) -> bool {
    matches!((one, other), (Kind::Array(_), Kind::Array(_)) | (Kind::Map(_), Kind::Map(_)))
}

fn specific(schema: &Schema) -> u8 {
    match schema.kind {
        Kind::Unknown => 0,
        Kind::String if schema.format.is_none() && schema.enumeration.is_empty() => 1,
        Kind::Integer | Kind::Number if schema.format.is_none() => 1,
        Kind::Map(_) => 1,
        _ => 2,
    }
}

fn said(schema: &Schema) -> String {
    match &schema.format {
        Some(format) => format!("{} ({format})", kind_name(&schema.kind)),
        None => kind_name(&schema.kind),
    }
}
