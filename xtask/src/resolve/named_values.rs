//! Values that a description lists by number and name.
//!
//! Takes types and the samples of their values. `1=Internal, 2=External` in a description lists the names that travel, where a
//! sample sends one of them: the type becomes an enumeration of the names, and an assumption tells.

use super::made_up::properties_of;
use crate::{
    api::{Kind, Schema},
    document::Span,
    finding::{Finding, FindingKind},
    sample::{Node, Refined, Value},
};

/// Makes enumerations of the members of `schema` that `node` shows, and of what is in them.
pub(super) fn within(schema: &mut Schema, node: &Node<'_>, subject: &str, refined: &mut Refined<'_>) {
    let members = match (&mut schema.kind, &node.value) {
        (Kind::Array(item), Value::Array(nodes)) => {
            return nodes.iter().for_each(|node| within(item, node, subject, refined));
        }
        (Kind::Map(item), Value::Object(members)) => {
            return members.iter().for_each(|member| within(item, &member.node, subject, refined));
        }
        (_, Value::Object(members)) => members,
        _ => return,
    };
    for member in members {
        let Some((name, properties)) = properties_of(schema, refined.entities, subject) else { return };
        let Some(property) = properties.get_mut(&*member.key) else { continue };
        if let Value::String(shown) = &member.node.value {
            let found = enumerate(&mut property.schema, shown, member.node.span);
            refined.findings.extend(
                found.map(|(text, spans)| Finding::new(FindingKind::Assumption, format!("{name}.{}", member.key), text, spans)),
            );
        } else if let Some(mut reference) = reference(&property.schema) {
            within(&mut reference, &member.node, subject, refined);
        }
    }
}

/// A copy of what refers to an entity, itself or as the item of lists.
fn reference(schema: &Schema) -> Option<Schema> {
    schema.entity().is_some().then(|| Schema { kind: schema.kind.clone(), ..Schema::default() })
}

/// Makes an enumeration of the names that the description lists, if `shown` is one of them.
fn enumerate(schema: &mut Schema, shown: &str, span: Span) -> Option<(&'static str, Vec<Span>)> {
    if schema.kind != Kind::String || !schema.enumeration.is_empty() {
        return None;
    }
    let names = named_values(schema.description.as_deref().unwrap_or_default());
    if !names.contains(&shown) {
        return None;
    }
    schema.enumeration = names.iter().map(|name| serde_json::Value::String((*name).to_owned())).collect();
    let text = "the description lists values by number and name, the sample sends a name: it is an enumeration of the names";
    Some((text, schema.origin.spans.iter().copied().chain([span]).collect()))
}

/// The names in a description such as `User type: 1=Internal, 2=External`.
fn named_values(description: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for part in description.split([',', ';', ':']) {
        let Some((before, after)) = part.split_once('=') else { continue };
        let number = before.split_whitespace().next_back().is_some_and(|word| word.parse::<i64>().is_ok());
        let name = after.split_whitespace().next().unwrap_or_default().trim_end_matches('.');
        let word = name.starts_with(char::is_alphabetic) && name.chars().all(|char| char.is_alphanumeric() || char == '_');
        if number && word {
            names.push(name);
        }
    }
    if names.len() < 2 { Vec::new() } else { names }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_prose_are_named_by_number() {
        assert_eq!(named_values("User type: 1=Internal, 2=External"), ["Internal", "External"]);
        assert!(named_values("Sorted by a=b, c=d and 1=1").is_empty());
    }
}
