//! The types that values get, where progenitor's own choice would lose something.
//!
//! Timestamps keep their text, secrets stay out of sight. An object of which nothing is known is any value; a list of
//! unknown elements is a list of any values; formats that only describe a string do not shape it. A component that is no
//! object becomes a name for its type, which must not contain itself.

use serde_json::{Map, Value, json};

use super::{Log, Names, note, walk};

pub(super) fn pass(document: &mut Value, _: &Names, log: &mut Log) {
    walk::schemas(document, &mut |at, schema| {
        if schema.get("$ref").is_some() || schema.get("allOf").is_some() {
            return;
        }
        let Some(members) = schema.as_object_mut() else { return };
        if !members.contains_key("type") {
            let implied = [("properties", "object"), ("additionalProperties", "object"), ("items", "array")];
            if let Some((_, kind)) = implied.into_iter().find(|(key, _)| members.contains_key(*key)) {
                members.insert("type".to_owned(), Value::from(kind));
            }
        }
        if let Some(kind) = members.get("type").filter(|kind| !kind.is_string()) {
            log.problem(
                at,
                format!("expected one type of OpenAPI 3.0, found {kind}"),
                "write the type as a word, and `nullable: true` for null",
            );
            return;
        }
        let format = members.get("format").and_then(Value::as_str).unwrap_or_default().to_owned();
        match members.get("type").and_then(Value::as_str).unwrap_or_default() {
            "string" => {
                members.shift_remove("format");
                let (path, why) = match format.as_str() {
                    "date-time" => ("client_core::Timestamp", "`date-time` is a `Timestamp`, which keeps its text"),
                    "password" => ("client_core::Secret", "`password` is a `Secret`, which is never shown"),
                    "" => return,
                    other => {
                        return note(members, "rust_types", format_args!("`{other}` describes a string and does not shape it"));
                    }
                };
                note(members, "rust_types", why);
                members.insert("x-rust-type".to_owned(), json!({ "crate": "client-core", "version": "*", "path": path }));
            }
            "integer" if matches!(format.as_str(), "int32" | "int64" | "") => {}
            "integer" | "number" | "boolean" => {
                members.shift_remove("format");
                if members.get("type").is_some_and(|kind| kind == "number") {
                    note(members, "rust_types", "a number with a fraction is a `Number`, which keeps its digits");
                }
            }
            "array" => {
                members.entry("items").or_insert_with(|| json!({}));
            }
            "object" if !members.contains_key("properties") && !members.contains_key("additionalProperties") => {
                members.shift_remove("type");
                note(members, "rust_types", "an object of which nothing is known is any value");
            }
            "object" => {}
            "" => {
                note(members, "rust_types", "a value of unknown type is any value");
                members.shift_remove("nullable");
                members.shift_remove("format");
            }
            other => {
                let message = format!("expected a type of OpenAPI 3.0, found `{other}`");
                log.problem(at, message, "write string, number, integer, boolean, array or object");
            }
        }
    });
    let Some(schemas) = document.pointer("/components/schemas").and_then(Value::as_object) else { return };
    for (name, schema) in schemas.iter().filter(|(name, _)| contains_itself(name, schemas)) {
        let at = walk::join("/components/schemas", walk::text(schema, "x-wire").unwrap_or(name));
        log.problem(&at, format!("`{name}` is a list or a name of itself and nothing else"), "put an object in between");
    }
}

/// Whether a component leads back to itself without an object on the way.
fn contains_itself(start: &str, schemas: &Map<String, Value>) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    let mut here = schemas.get(start);
    while let Some(schema) = here {
        let wrapped = schema.get("allOf").and_then(|parts| parts.get(0));
        if let Some(name) = walk::component_of(schema) {
            if name == start {
                return true;
            }
            if seen.contains(&name) {
                return false;
            }
            seen.push(name);
            here = schemas.get(name);
        } else if schema.get("properties").is_some() {
            return false;
        } else {
            here = schema.get("items").or_else(|| schema.get("additionalProperties")).or(wrapped);
        }
    }
    false
}
