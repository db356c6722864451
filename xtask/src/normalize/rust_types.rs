//! The types that values get, where progenitor's own choice would lose something.
//!
//! Timestamps keep their text, secrets stay out of sight. An object of which nothing is known is any value; a list of
//! unknown elements is a list of any values; formats that only describe a string do not shape it.

use serde_json::{Value, json};

use super::{Log, Names, walk};

pub(super) fn pass(document: &mut Value, _: &Names, log: &mut Log) {
    walk::schemas(document, &mut |pointer, schema| {
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
        let format = members.get("format").and_then(Value::as_str).unwrap_or_default().to_owned();
        match members.get("type").and_then(Value::as_str).unwrap_or_default() {
            "string" => {
                members.shift_remove("format");
                let path = match format.as_str() {
                    "date-time" => "client_core::Timestamp",
                    "password" => "client_core::Secret",
                    _ => return,
                };
                members.insert("x-rust-type".to_owned(), json!({ "crate": "client-core", "version": "*", "path": path }));
            }
            "integer" if matches!(format.as_str(), "int32" | "int64" | "") => {}
            "integer" | "number" | "boolean" => {
                members.shift_remove("format");
            }
            "array" => {
                members.entry("items").or_insert_with(|| json!({}));
            }
            "object" if !members.contains_key("properties") && !members.contains_key("additionalProperties") => {
                members.shift_remove("type");
            }
            "object" => {}
            "" => {
                members.shift_remove("nullable");
                members.shift_remove("format");
            }
            other => {
                let message = format!("expected a type of OpenAPI 3.0, found `{other}`");
                log.problem(pointer, message, "write string, number, integer, boolean, array or object");
            }
        }
    });
}
