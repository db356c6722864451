//! Entities of the tables: one type for each name.
//!
//! Input: the rows of a property table. Output: the entity with all that its tables know together, and a finding for each
//! difference. Of samples it knows where they show that a table cannot be taken at its word.

use super::{Reader, blocks::Row, body::entity_of, elements::is_made_up, markup, types};
use crate::{
    api::{Kind, Named, Origin, Property, Schema, named, observe},
    dialect::Page,
    document::Span,
    finding::{self, Finding},
    sample::{Node, Value, kind_name},
};

impl<'a> Reader<'a> {
    /// Adds the rows to the entity `name`.
    pub(super) fn entity(&mut self, name: &str, rows: &[Row<'a>], heading: Span) {
        let entity = self.object(rows, heading);
        match self.page.api.schemas.get_mut(name) {
            Some(known) => unite(known, entity, name, &mut self.page.findings),
            None => {
                self.page.api.schemas.insert(name.to_owned(), entity);
            }
        }
    }

    /// The rows as a type.
    pub(super) fn object(&mut self, rows: &[Row<'a>], heading: Span) -> Schema {
        let mut properties = named(rows.len());
        let mut span = heading;
        for row in rows {
            span = span.to(row.span);
            let Some(cell) = row.cell(0) else {
                self.nameless(row.span);
                continue;
            };
            let property = self.property(row, cell.text);
            observe(&mut properties, cell.text.to_owned(), property);
        }
        Schema::new(Kind::Object(properties), Origin::stated(span))
    }

    fn property(&mut self, row: &Row<'a>, name: &str) -> Property {
        let mut schema = self.typed(row, name);
        schema.description = row.cell(2).map(|cell| markup::cell(cell.text)).filter(|text| !text.is_empty());
        Property::new(schema, false)
    }

    /// Some tables name a wrong type for a dictionary, which the names in the sample give away: `Tags1`, `Tags2` for `Tags`.
    pub(super) fn shown_dictionaries(&mut self, schema: &mut Schema, node: &Node<'_>, subject: &str) {
        let node = match &node.value {
            Value::Array(items) => items.first().unwrap_or(node),
            _ => node,
        };
        let Value::Object(members) = &node.value else { return };
        let Page { api, findings, .. } = &mut self.page;
        let Some((name, properties)) = properties_of(schema, &mut api.schemas, subject) else { return };
        for member in members {
            let (Some(property), Value::Object(entries)) = (properties.get_mut(&*member.key), &member.node.value) else {
                continue;
            };
            let schema = &mut property.schema;
            let Kind::Reference(named) = &schema.kind else { continue };
            if entries.is_empty() || !entries.iter().all(|entry| is_made_up(&entry.key, &member.key)) {
                continue;
            }
            let text = format!(
                "the table names `{named}`, the sample shows a dictionary with names made up from the property's: it is one"
            );
            let spans = std::iter::once(member.node.span).chain(schema.origin.spans.first().copied()).collect();
            findings.push(Finding::new(finding::Kind::Contradiction, format!("{name}.{}", member.key), text, spans));
            schema.kind = Kind::Map(Box::new(Schema::new(Kind::Unknown, Origin::stated(member.node.span))));
        }
    }

    /// `1=Internal, 2=External` in a description lists the names that travel, where a sample sends one of them.
    pub(super) fn named_values(&mut self, schema: &mut Schema, node: &Node<'_>, subject: &str) {
        let members = match (&mut schema.kind, &node.value) {
            (Kind::Array(item), Value::Array(nodes)) => {
                return nodes.iter().for_each(|node| self.named_values(item, node, subject));
            }
            (Kind::Map(item), Value::Object(members)) => {
                return members.iter().for_each(|member| self.named_values(item, &member.node, subject));
            }
            (_, Value::Object(members)) => members,
            _ => return,
        };
        for member in members {
            let Page { api, findings, .. } = &mut self.page;
            let Some((name, properties)) = properties_of(schema, &mut api.schemas, subject) else { return };
            let Some(property) = properties.get_mut(&*member.key) else { continue };
            if let Value::String(shown) = &member.node.value {
                let found = enumerate(&mut property.schema, shown, member.node.span);
                findings.extend(
                    found.map(|(text, spans)| {
                        Finding::new(finding::Kind::Assumption, format!("{name}.{}", member.key), text, spans)
                    }),
                );
            } else if entity_of(&property.schema).is_some() {
                let mut schema = property.schema.clone();
                self.named_values(&mut schema, &member.node, subject);
            }
        }
    }
}

/// The members of a type and what it is called: of the entity that it refers to, or its own, under `subject`.
fn properties_of<'s>(
    schema: &'s mut Schema,
    entities: &'s mut Named<Schema>,
    subject: &str,
) -> Option<(String, &'s mut Named<Property>)> {
    let mut schema = schema;
    loop {
        match &mut schema.kind {
            Kind::Array(item) | Kind::Map(item) => schema = item,
            Kind::Object(properties) => return Some((subject.to_owned(), properties)),
            Kind::Reference(name) => {
                return match &mut entities.get_mut(name)?.kind {
                    Kind::Object(properties) => Some((name.clone(), properties)),
                    _ => None,
                };
            }
            _ => return None,
        }
    }
}

/// Makes an enumeration of the names that the description lists, if `shown` is one of them.
fn enumerate(schema: &mut Schema, shown: &str, span: Span) -> Option<(&'static str, Vec<Span>)> {
    if schema.kind != Kind::String || !schema.enumeration.is_empty() {
        return None;
    }
    let names = types::named_values(schema.description.as_deref().unwrap_or_default());
    if !names.contains(&shown) {
        return None;
    }
    schema.enumeration = names.iter().map(|name| serde_json::Value::String((*name).to_owned())).collect();
    let text = "the description lists values by number and name, the sample sends a name: it is an enumeration of the names";
    Some((text, schema.origin.spans.iter().copied().chain([span]).collect()))
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
        findings.push(Finding::new(finding::Kind::Contradiction, subject, text, places));
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
            findings.push(Finding::new(finding::Kind::Contradiction, subject, text, spans));
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
