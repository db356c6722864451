//! Dictionaries, which a sample shows as objects with names that it has made up.
//!
//! Takes types and the samples of their values, and which names the dialect's samples make up. Leaves maps in the place of such
//! objects; where a table names another type, a contradiction tells.

use crate::{
    api::{Basis, Kind, Named, Origin, Property, Schema},
    finding::{Finding, FindingKind},
    sample::{Node, Refined, Value, merge},
};

/// Whether a name of an entry is made up, given that of the dictionary.
pub(super) type MadeUp = fn(&str, &str) -> bool;

/// Makes maps of all that only a sample shows with made-up names, within `schema`, which is called `name`.
pub(super) fn within(schema: &mut Schema, name: &str, made_up: MadeUp) {
    let shown = schema.origin.basis == Basis::Sample;
    match &mut schema.kind {
        Kind::Object(properties) => {
            if shown && !properties.is_empty() && properties.keys().all(|key| made_up(key, name)) {
                let mut values = std::mem::take(properties).into_values().map(|property| property.schema);
                let mut value = values.next().unwrap_or_default();
                values.for_each(|other| merge(&mut value, other));
                within(&mut value, name, made_up);
                schema.kind = Kind::Map(Box::new(value));
                return;
            }
            for (key, property) in properties {
                within(&mut property.schema, key, made_up);
            }
        }
        Kind::Array(item) | Kind::Map(item) => within(item, name, made_up),
        _ => {}
    }
}

/// Some tables name a wrong type for a dictionary, which the names in the sample give away: `Tags1`, `Tags2` for `Tags`.
pub(super) fn against_tables(schema: &mut Schema, node: &Node<'_>, subject: &str, made_up: MadeUp, refined: &mut Refined<'_>) {
    let node = match &node.value {
        Value::Array(items) => items.first().unwrap_or(node),
        _ => node,
    };
    let Value::Object(members) = &node.value else { return };
    let Some((name, properties)) = properties_of(schema, refined.entities, subject) else { return };
    for member in members {
        let (Some(property), Value::Object(entries)) = (properties.get_mut(&*member.key), &member.node.value) else {
            continue;
        };
        let schema = &mut property.schema;
        let Kind::Reference(named) = &schema.kind else { continue };
        if entries.is_empty() || !entries.iter().all(|entry| made_up(&entry.key, &member.key)) {
            continue;
        }
        let text =
            format!("the table names `{named}`, the sample shows a dictionary with names made up from the property's: it is one");
        let spans = std::iter::once(member.node.span).chain(schema.origin.spans.first().copied()).collect();
        let subject = format!("{name}.{}", member.key);
        refined.findings.push(Finding::new(FindingKind::Contradiction, subject, text, spans));
        schema.kind = Kind::Map(Box::new(Schema::new(Kind::Unknown, Origin::stated(member.node.span))));
    }
}

/// The members of a type and what it is called: of the entity that it refers to, or its own, under `subject`.
pub(super) fn properties_of<'s>(
    schema: &'s mut Schema,
    entities: &'s mut Named<Schema>,
    subject: &'s str,
) -> Option<(&'s str, &'s mut Named<Property>)> {
    let mut schema = schema;
    loop {
        match &mut schema.kind {
            Kind::Array(item) | Kind::Map(item) => schema = item,
            Kind::Object(properties) => return Some((subject, properties)),
            Kind::Reference(name) => {
                return match &mut entities.get_mut(name.as_str())?.kind {
                    Kind::Object(properties) => Some((name, properties)),
                    _ => None,
                };
            }
            _ => return None,
        }
    }
}
