//! One way of being absent, one of being null.
//!
//! A client's field tells apart absent, null and a value, whatever the specification allows. So in the copy every property
//! is required and none nullable; `x-required` and `x-nullable` keep what is documented. Objects are open: what is not
//! documented is kept by the client, and `additionalProperties` stays only where it is all there is.

use serde_json::{Map, Value, json};

use super::{Log, Names, note, walk};

pub(super) fn pass(document: &mut Value, _: &Names, _: &mut Log) {
    let nullable = nullable_components(document);
    walk::schemas(document, &mut |at, schema| {
        let Some(members) = schema.as_object_mut() else { return };
        // The null of a whole body is the client's to tell: by a rule for failures, or by the type of a value.
        if at.is_start() {
            members.shift_remove("nullable");
        }
        let documented: Vec<String> = match members.shift_remove("required") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        if let Some(properties) = members.get_mut("properties").and_then(Value::as_object_mut) {
            for (name, property) in properties.iter_mut() {
                let via_component = walk::component_of(property).is_some_and(|name| nullable.iter().any(|it| it == name));
                let Some(property) = property.as_object_mut() else { continue };
                let required = documented.contains(name);
                let own = take(property, "nullable");
                let null = match (own, via_component) {
                    (true, _) => "null is a value",
                    (false, true) => "null is a value, since its type takes null",
                    (false, false) => "null is not documented",
                };
                let presence = if required { "required" } else { "not required" };
                note(
                    property,
                    "optional",
                    format_args!("{presence}, and {null}; a `Field` tells absent, null and a value apart whatever the page says"),
                );
                if own || via_component {
                    property.insert("x-nullable".to_owned(), Value::Bool(true));
                }
                if required {
                    property.insert("x-required".to_owned(), Value::Bool(true));
                }
            }
            let names: Vec<Value> = properties.keys().cloned().map(Value::String).collect();
            if !names.is_empty() {
                members.insert("required".to_owned(), Value::Array(names));
                members.shift_remove("additionalProperties");
            } else if members.get("additionalProperties").is_none() {
                members.shift_remove("properties");
            }
        }
        if members.get("additionalProperties") == Some(&Value::Bool(false)) {
            members.shift_remove("additionalProperties");
        } else if members.get("additionalProperties") == Some(&Value::Bool(true)) {
            members.insert("additionalProperties".to_owned(), json!({}));
        }
        for key in ["items", "additionalProperties"] {
            if let Some(inner) = members.get_mut(key).and_then(Value::as_object_mut) {
                // A dictionary is an object whose names are data: its values may be null as a field's may.
                if key == "additionalProperties" && (inner.contains_key("type") || inner.contains_key("$ref")) {
                    inner.insert("nullable".to_owned(), Value::Bool(true));
                }
                elements(inner);
            }
        }
    });
}

/// Elements that may be null: beside a reference the copy needs a composition to say so.
fn elements(inner: &mut Map<String, Value>) {
    if inner.contains_key("$ref") && take(inner, "nullable") {
        let reference = inner.shift_remove("$ref").unwrap_or_default();
        inner.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
        inner.insert("nullable".to_owned(), Value::Bool(true));
    }
}

fn take(members: &mut Map<String, Value>, key: &str) -> bool {
    members.shift_remove(key) == Some(Value::Bool(true))
}

fn nullable_components(document: &Value) -> Vec<String> {
    let Some(schemas) = document.pointer("/components/schemas").and_then(Value::as_object) else { return Vec::new() };
    schemas.iter().filter(|(_, schema)| walk::flag(schema, "nullable")).map(|(name, _)| name.clone()).collect()
}
