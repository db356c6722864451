//! A short table of what a specification says, for a person who checks whether the pages were understood.
//!
//! Takes an OpenAPI document. Returns its operations with what they take and return, and its types. Knows nothing of pages.

use std::fmt::Write as _;

use serde_json::Value;

use crate::{diagnostic::printable, method::Method, nodes::members_at};

/// The operations and types of `specification`, a line each.
#[must_use]
pub fn summary(specification: &Value) -> String {
    let mut text = String::new();
    let operations = members_at(specification, "/paths").flat_map(|(path, item)| {
        let of = move |method: Method| item.get(method.member()).map(|operation| (method, path, operation));
        Method::ALL.into_iter().filter_map(of)
    });
    for (method, path, operation) in operations {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
        let _ = writeln!(text, "{} {}  {}", method.name(), printable(path), printable(id));
        let parameters: Vec<String> = list(operation, "parameters")
            .map(|parameter| {
                let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
                format!("{}: {}", printable(name), kind(parameter.get("schema")))
            })
            .collect();
        if !parameters.is_empty() {
            let _ = writeln!(text, "  takes {}", parameters.join(", "));
        }
        if let Some(body) = operation.get("requestBody") {
            let _ = writeln!(text, "  body {}", content(body));
        }
        for (status, response) in members_at(operation, "/responses") {
            let _ = writeln!(text, "  {status} {}", content(response));
        }
    }
    for (name, schema) in members_at(specification, "/components/schemas") {
        let required = list(schema, "required").count();
        let _ = match schema.get("properties").and_then(Value::as_object) {
            Some(properties) => {
                writeln!(text, "type {}: {} properties, {required} required", printable(name), properties.len())
            }
            None => writeln!(text, "type {}: {}", printable(name), kind(Some(schema))),
        };
    }
    text
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// The media types of a body, each with its type.
fn content(body: &Value) -> String {
    let each =
        members_at(body, "/content").map(|(media, content)| format!("{} {}", printable(media), kind(content.get("schema"))));
    let all: Vec<String> = each.collect();
    if all.is_empty() { "without content".to_owned() } else { all.join(", ") }
}

/// A schema in a word or two.
fn kind(schema: Option<&Value>) -> String {
    /// What nests deeper is not told apart.
    const DEEPEST: usize = 4;
    fn within(schema: Option<&Value>, depth: usize) -> String {
        let Some(schema) = schema.filter(|_| depth < DEEPEST) else { return "of unknown type".to_owned() };
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return printable(reference.rsplit('/').next().unwrap_or_default());
        }
        for (word, name) in [("all of", "allOf"), ("any of", "anyOf"), ("one of", "oneOf")] {
            let parts: Vec<String> = list(schema, name).map(|part| within(Some(part), depth + 1)).collect();
            match parts.as_slice() {
                [] => {}
                [one] => return one.clone(),
                _ => return format!("{word} {}", parts.join(", ")),
            }
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("array") => format!("list of {}", within(schema.get("items"), depth + 1)),
            Some(name) => {
                let format = schema.get("format").and_then(Value::as_str);
                format.map_or_else(|| printable(name), |format| format!("{} ({})", printable(name), printable(format)))
            }
            None => "of unknown type".to_owned(),
        }
    }
    within(schema, 0)
}
