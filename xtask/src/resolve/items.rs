//! What the items of a list are, where the page only says that it is one.
//!
//! Takes types, and the examples of lists by the places of their rows. Values that are listed for a list are those of its items; the
//! type of these is that of the values, or of what the example shows.

use foldhash::HashMap;
use serde_json::Value;

use super::subject::each_schema;
use crate::{
    api::{Alternative, Api, Kind, Origin, Schema},
    document::Span,
    sample::{self, Node},
};

/// Completes the items of all lists of `api`.
pub(super) fn settle(api: &mut Api, examples: Vec<(Span, Node<'_>)>) {
    let examples: HashMap<Span, Node<'_>> = examples.into_iter().collect();
    each_schema(api, |schema, _| within(schema, &examples));
}

fn within(schema: &mut Schema, examples: &HashMap<Span, Node<'_>>) {
    let span = schema.origin.spans.first().copied();
    match &mut schema.kind {
        Kind::Array(item) => {
            if item.kind == Kind::Unknown
                && let Some(span) = span
            {
                let kind = item_of(&schema.enumeration, span).or_else(|| shown(&schema.enumeration, examples.get(&span)?));
                if let Some(known) = kind {
                    **item = Schema { enumeration: std::mem::take(&mut item.enumeration), ..known };
                }
            }
            let whole = matches!(item.kind, Kind::Object(_) | Kind::Reference(_) | Kind::AnyOf(_));
            if !whole && item.enumeration.is_empty() && schema.enumeration.iter().any(|value| !value.is_array()) {
                item.enumeration = std::mem::take(&mut schema.enumeration);
            }
            within(item, examples);
        }
        Kind::Map(inner) => within(inner, examples),
        Kind::Object(properties) => {
            for property in properties.values_mut() {
                within(&mut property.schema, examples);
                property.repeated.iter_mut().flat_map(|rows| rows.iter_mut()).for_each(|row| within(&mut row.schema, examples));
            }
        }
        Kind::AnyOf(alternatives) => {
            alternatives.iter_mut().for_each(|Alternative { schema, .. }| within(schema, examples));
        }
        _ => {}
    }
}

/// The type of the values that are listed.
fn item_of(values: &[Value], span: Span) -> Option<Schema> {
    let mut kinds = values.iter().filter(|value| !value.is_null()).map(kind_of);
    let first = kinds.next()??;
    let kind = kinds.try_fold(first, |one, other| (Some(&one) == other.as_ref()).then_some(one))?;
    Some(Schema::new(kind, Origin::inferred(span, "the values that are listed are of this type")))
}

/// The type that an example shows, where no values are listed.
fn shown(values: &[Value], example: &Node<'_>) -> Option<Schema> {
    if values.iter().any(|value| !value.is_null()) {
        return None;
    }
    match sample::schema(example).kind {
        Kind::Array(item) if item.kind != Kind::Unknown => Some(*item),
        _ => None,
    }
}

fn kind_of(value: &Value) -> Option<Kind> {
    match value {
        Value::String(_) => Some(Kind::String),
        Value::Bool(_) => Some(Kind::Boolean),
        Value::Number(number) if number.is_f64() => Some(Kind::Number),
        Value::Number(_) => Some(Kind::Integer),
        _ => None,
    }
}
