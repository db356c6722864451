//! A specification as text that a reviewer can read: operations with what they take and give, then the types.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// One line per operation, parameter, body, response, type and property.
pub(crate) fn outline(specification: &Value) -> String {
    let mut text = String::new();
    for (path, item) in object(specification, "paths") {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let _ = writeln!(text, "{} {path} = {}", method.to_uppercase(), string(operation, "operationId"));
            if let Some(security) = operation.get("security") {
                let _ = writeln!(text, "  security {}", alternatives(security));
            }
            for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
                let required = if parameter.get("required").is_some() { ", required" } else { "" };
                let constant = if parameter.get("x-client-parameter").is_some() { ", set once" } else { "" };
                let schema = type_of(parameter.get("schema").unwrap_or(&Value::Null));
                let _ =
                    writeln!(text, "  {} {}: {schema}{required}{constant}", string(parameter, "in"), string(parameter, "name"));
            }
            if let Some(body) = operation.get("requestBody") {
                let _ = writeln!(text, "  sends {}", content(body));
            }
            for (status, response) in object(operation, "responses") {
                let _ = writeln!(text, "  {status} {}: {}", string(response, "description"), content(response));
            }
        }
    }
    for (name, schema) in specification.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten() {
        let _ = writeln!(text, "{name}: {}", type_of(schema));
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        for (property, schema) in object(schema, "properties") {
            let demanded = if required.contains(&property.as_str()) { ", required" } else { "" };
            let _ = writeln!(text, "  {property}: {}{demanded}", type_of(schema));
        }
    }
    for (name, scheme) in specification.pointer("/components/securitySchemes").and_then(Value::as_object).into_iter().flatten() {
        let words = ["type", "scheme", "in", "name", "x-prefix"].map(|key| string(scheme, key));
        let _ = writeln!(text, "credential {name}: {}", words.join(" ").split_whitespace().collect::<Vec<_>>().join(" "));
    }
    text
}

fn object<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flatten()
}

fn string<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn alternatives(security: &Value) -> String {
    let all = security.as_array().into_iter().flatten().filter_map(Value::as_object);
    all.map(|together| together.keys().cloned().collect::<Vec<_>>().join(" + ")).collect::<Vec<_>>().join(" | ")
}

/// Media types that share a type stand together.
fn content(holder: &Value) -> String {
    let mut parts: Vec<(String, Vec<&str>)> = Vec::new();
    for (media, body) in object(holder, "content") {
        let schema = body.get("schema").map_or_else(|| "nothing known".to_owned(), type_of);
        match parts.iter_mut().find(|(known, _)| *known == schema) {
            Some((_, names)) => names.push(media),
            None => parts.push((schema, vec![media])),
        }
    }
    if parts.is_empty() {
        return "no body".to_owned();
    }
    parts.into_iter().map(|(schema, names)| format!("{schema} as {}", names.join(", "))).collect::<Vec<_>>().join("; ")
}

fn type_of(schema: &Value) -> String {
    let Some(schema) = schema.as_object() else { return "unknown".to_owned() };
    let reference = |schema: &Map<String, Value>| Some(schema.get("$ref")?.as_str()?.rsplit('/').next()?.to_owned());
    let wrapped = || reference(schema.get("allOf")?.as_array()?.first()?.as_object()?);
    let named = match schema.get("type").and_then(Value::as_str) {
        Some("array") => format!("array of {}", type_of(schema.get("items").unwrap_or(&Value::Null))),
        Some("object") if schema.contains_key("additionalProperties") => {
            format!("map of {}", type_of(schema.get("additionalProperties").unwrap_or(&Value::Null)))
        }
        Some(name) => name.to_owned(),
        None => reference(schema).or_else(wrapped).unwrap_or_else(|| "unknown".to_owned()),
    };
    let mut words = vec![named];
    const SHOWN: [&str; 13] = [
        "format",
        "nullable",
        "minLength",
        "maxLength",
        "pattern",
        "minimum",
        "maximum",
        "enum",
        "default",
        "readOnly",
        "deprecated",
        "x-basis",
        "minItems",
    ];
    words.extend(SHOWN.iter().filter_map(|key| Some(format!("{key}={}", schema.get(*key)?).replace('"', ""))));
    words.join(" ")
}
