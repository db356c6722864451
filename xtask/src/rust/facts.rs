//! What is documented of a value beside its type.
//!
//! Input: a schema of the copy, and the components that it may name. Output: facts and constraints as data.

use serde_json::{Map, Value};

use super::model::{Bound, Constraints, Facts};
use crate::normalize::walk::{component_of, flag, text};

/// The facts of a schema; `required` is what the object or the operation around it says.
pub(super) fn facts(schema: &Value, required: bool, components: &Map<String, Value>) -> Facts {
    Facts {
        required,
        nullable: flag(schema, "x-nullable"),
        read_only: flag(schema, "readOnly"),
        deprecated: flag(schema, "deprecated"),
        constraints: constraints(schema, components),
    }
}

/// The constraints of `schema`, with those of the plain component that it names and of what it holds.
fn constraints(schema: &Value, components: &Map<String, Value>) -> Constraints {
    let named = component_of(schema).and_then(|name| components.get(name));
    let own = schema.get("x-constraints").or_else(|| named.and_then(|named| named.get("x-constraints")));
    let whole = |key: &str| own?.get(key)?.as_u64();
    let bound = |key: &str, exclusive: &str| {
        let value = own?.get(key)?.as_number()?.clone();
        Some(Bound { value, exclusive: own.is_some_and(|own| flag(own, exclusive)) })
    };
    let target = named.unwrap_or(schema);
    let inner = target.get("items").or_else(|| target.get("additionalProperties"));
    let each = inner.map(|inner| constraints(inner, components)).filter(|each| *each != Constraints::default());
    Constraints {
        min_length: whole("minLength"),
        max_length: whole("maxLength"),
        min_items: whole("minItems"),
        max_items: whole("maxItems"),
        minimum: bound("minimum", "exclusiveMinimum"),
        maximum: bound("maximum", "exclusiveMaximum"),
        pattern: own.and_then(|own| text(own, "pattern")).map(str::to_owned),
        uuid: own.is_some_and(|own| flag(own, "uuid")),
        each: each.map(Box::new),
    }
}

/// Whether nothing but a sample shows the type of a property, or of what it holds: a sample is no promise.
pub(super) fn is_sampled(schema: &Value, components: &Map<String, Value>) -> bool {
    let of_sample = |schema: &Value| text(schema, "x-basis") == Some("sample");
    of_sample(schema)
        || component_of(schema).and_then(|name| components.get(name)).is_some_and(of_sample)
        || ["items", "additionalProperties"].iter().filter_map(|key| schema.get(key)).any(|held| is_sampled(held, components))
}
