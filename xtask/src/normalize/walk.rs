//! Where schemas and operations stand in a document.
//!
//! Enters: a document. Leaves: every schema and every operation in it, in order, with its JSON pointer.

use serde_json::{Map, Value};

/// The methods that OpenAPI knows, as they are written in a path item.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// `pointer` with one more member.
pub(crate) fn join(pointer: &str, member: &str) -> String {
    format!("{pointer}/{}", member.replace('~', "~0").replace('/', "~1"))
}

/// Calls `visit` for each operation with its pointer, path and method.
pub(crate) fn operations(document: &mut Value, mut visit: impl FnMut(&str, &str, &str, &mut Map<String, Value>)) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for (path, item) in paths.iter_mut() {
        let at = join("/paths", path);
        let Some(item) = item.as_object_mut() else { continue };
        for (method, operation) in item.iter_mut() {
            if let (true, Some(operation)) = (METHODS.contains(&method.as_str()), operation.as_object_mut()) {
                visit(&join(&at, method), path, method, operation);
            }
        }
    }
}

/// Calls `visit` for each schema of the document, a parent before its children, with its pointer.
pub(crate) fn schemas(document: &mut Value, visit: &mut dyn FnMut(&str, &mut Value)) {
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        for (name, schema) in schemas.iter_mut() {
            within(&join("/components/schemas", name), schema, visit);
        }
    }
    operations(document, |pointer, _, _, operation| operation_schemas(pointer, operation, visit));
}

/// The schemas of one operation: of its parameters, its body and its answers.
pub(crate) fn operation_schemas(pointer: &str, operation: &mut Map<String, Value>, visit: &mut dyn FnMut(&str, &mut Value)) {
    if let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) {
        for (index, parameter) in parameters.iter_mut().enumerate() {
            if let Some(schema) = parameter.get_mut("schema") {
                within(&format!("{pointer}/parameters/{index}/schema"), schema, visit);
            }
        }
    }
    if let Some(body) = operation.get_mut("requestBody") {
        contents(&format!("{pointer}/requestBody"), body, visit);
    }
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        for (status, response) in responses.iter_mut() {
            contents(&join(&format!("{pointer}/responses"), status), response, visit);
        }
    }
}

fn contents(pointer: &str, holder: &mut Value, visit: &mut dyn FnMut(&str, &mut Value)) {
    let Some(content) = holder.get_mut("content").and_then(Value::as_object_mut) else { return };
    for (media, value) in content.iter_mut() {
        if let Some(schema) = value.get_mut("schema") {
            within(&format!("{}/schema", join(&format!("{pointer}/content"), media)), schema, visit);
        }
    }
}

/// `schema` and everything below it.
pub(crate) fn within(pointer: &str, schema: &mut Value, visit: &mut dyn FnMut(&str, &mut Value)) {
    visit(pointer, schema);
    let Some(members) = schema.as_object_mut() else { return };
    if members.contains_key("$ref") {
        return;
    }
    for (name, member) in members.iter_mut() {
        let at = join(pointer, name);
        match (name.as_str(), member) {
            ("properties", Value::Object(properties)) => {
                for (name, property) in properties.iter_mut() {
                    within(&join(&at, name), property, visit);
                }
            }
            ("items" | "additionalProperties" | "not", member @ Value::Object(_)) => within(&at, member, visit),
            ("allOf" | "anyOf" | "oneOf", Value::Array(members)) => {
                for (index, member) in members.iter_mut().enumerate() {
                    within(&format!("{at}/{index}"), member, visit);
                }
            }
            _ => {}
        }
    }
}

/// The component that a bare or decorated reference names.
pub(crate) fn component_of(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")
}

/// The string under `key`.
pub(crate) fn text<'a>(node: &'a Value, key: &str) -> Option<&'a str> {
    node.get(key).and_then(Value::as_str)
}

/// Whether `key` is true.
pub(crate) fn flag(node: &Value, key: &str) -> bool {
    node.get(key).and_then(Value::as_bool).unwrap_or(false)
}
