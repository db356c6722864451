//! Validation constraints beside the types instead of in them.
//!
//! progenitor makes a type of every constraint, which then rejects responses too. In the copy `x-constraints` keeps them for the check of
//! requests; what else does not shape a type (defaults, examples, XML) goes, since a default would be sent as a value.

use serde_json::{Map, Value};

use super::{Log, Names, walk};

/// What `x-constraints` keeps.
const CONSTRAINTS: [&str; 12] = [
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
    "multipleOf",
    "uniqueItems",
    "minProperties",
];

/// What does not shape a type.
const ASIDE: [&str; 6] = ["default", "example", "examples", "externalDocs", "xml", "maxProperties"];

/// What is documented, and what nothing checks before sending.
const UNCHECKED: [&str; 4] = ["multipleOf", "uniqueItems", "minProperties", "maxProperties"];

pub(super) fn pass(document: &mut Value, _: &Names, log: &mut Log) {
    walk::schemas(document, &mut |at, schema| {
        for key in UNCHECKED {
            if schema.get(key).is_some_and(|value| value != &Value::Bool(false)) {
                log.loss(at, schema, format!("`{key}` is documented; requests are not checked for it"));
            }
        }
        if let (Some(pattern), true) = (walk::text(schema, "pattern"), schema.get("type").is_some_and(|kind| kind != "string")) {
            log.loss(at, schema, format!("the pattern `{pattern}` on what is no string is not checked"));
        }
        let Some(members) = schema.as_object_mut() else { return };
        let mut constraints = Map::new();
        for key in CONSTRAINTS {
            if let Some(value) = members.shift_remove(key)
                && !UNCHECKED.contains(&key)
            {
                constraints.insert(key.to_owned(), value);
            }
        }
        if members.get("format").and_then(Value::as_str) == Some("uuid") {
            members.shift_remove("format");
            constraints.insert("uuid".to_owned(), Value::Bool(true));
        }
        for key in ASIDE {
            if members.shift_remove(key).is_some() && key == "default" {
                super::note(members, "constraints", "a documented default is the vendor's to set: it is not sent");
            }
        }
        if !constraints.is_empty() {
            let keys: Vec<&str> = constraints.keys().map(String::as_str).collect();
            super::note(members, "constraints", format_args!("checked before sending, never on reading: {}", keys.join(", ")));
            members.insert("x-constraints".to_owned(), Value::Object(constraints));
        }
    });
}
