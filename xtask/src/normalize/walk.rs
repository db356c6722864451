//! Where schemas and operations stand in a document.
//!
//! Input: a document. Output: every schema and every operation in it, in order, with its place; and which components lead
//! to which.

use std::{collections::HashSet, fmt};

use serde_json::{Map, Value};

use crate::{method::Method, nodes::escape};

/// Where a walk is. The JSON pointer is written out only where it is asked for: most places are never reported, and pointers are
/// long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'a> {
    above: Option<&'a At<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    /// The JSON pointer that the walk starts at.
    Start(&'a str),
    Member(&'a str),
    Item(usize),
}

impl<'a> At<'a> {
    pub(crate) fn start(pointer: &'a str) -> Self {
        Self { above: None, step: Step::Start(pointer) }
    }

    pub(crate) fn member(&'a self, name: &'a str) -> Self {
        Self { above: Some(self), step: Step::Member(name) }
    }

    pub(crate) fn item(&'a self, index: usize) -> Self {
        Self { above: Some(self), step: Step::Item(index) }
    }

    /// Whether the walk started here.
    pub(crate) fn is_start(&self) -> bool {
        self.above.is_none()
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(above) = self.above {
            above.fmt(to)?;
        }
        match self.step {
            Step::Start(pointer) => to.write_str(pointer),
            Step::Member(name) => write!(to, "/{}", escape(name)),
            Step::Item(index) => write!(to, "/{index}"),
        }
    }
}

/// `pointer` with one more member.
pub(crate) fn join(pointer: &str, member: &str) -> String {
    format!("{pointer}/{}", escape(member))
}

/// Calls `visit` for each operation with its pointer, path and method.
pub(crate) fn operations(document: &mut Value, mut visit: impl FnMut(&str, &str, &str, &mut Map<String, Value>)) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for (path, item) in paths.iter_mut() {
        let at = join("/paths", path);
        let Some(item) = item.as_object_mut() else { continue };
        for (method, operation) in item.iter_mut() {
            if let (true, Some(operation)) = (Method::of_member(method).is_some(), operation.as_object_mut()) {
                visit(&join(&at, method), path, method, operation);
            }
        }
    }
}

/// Calls `visit` for each schema of the document, a parent before its children, with its place.
pub(crate) fn schemas(document: &mut Value, visit: &mut dyn FnMut(&At<'_>, &mut Value)) {
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        for (name, schema) in schemas.iter_mut() {
            within(&At::start(&join("/components/schemas", name)), schema, visit);
        }
    }
    operations(document, |pointer, _, _, operation| operation_schemas(pointer, operation, visit));
}

/// The schemas of one operation: of its parameters, its body and its responses.
pub(crate) fn operation_schemas(pointer: &str, operation: &mut Map<String, Value>, visit: &mut dyn FnMut(&At<'_>, &mut Value)) {
    if let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) {
        for (index, parameter) in parameters.iter_mut().enumerate() {
            if let Some(schema) = parameter.get_mut("schema") {
                within(&At::start(&format!("{pointer}/parameters/{index}/schema")), schema, visit);
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

fn contents(pointer: &str, holder: &mut Value, visit: &mut dyn FnMut(&At<'_>, &mut Value)) {
    let Some(content) = holder.get_mut("content").and_then(Value::as_object_mut) else { return };
    for (media, value) in content.iter_mut() {
        if let Some(schema) = value.get_mut("schema") {
            within(&At::start(&format!("{}/schema", join(&format!("{pointer}/content"), media))), schema, visit);
        }
    }
}

/// `schema` and everything below it.
pub(crate) fn within(at: &At<'_>, schema: &mut Value, visit: &mut dyn FnMut(&At<'_>, &mut Value)) {
    visit(at, schema);
    let Some(members) = schema.as_object_mut() else { return };
    if members.contains_key("$ref") {
        return;
    }
    for (name, member) in members.iter_mut() {
        let at = at.member(name);
        match (name.as_str(), member) {
            ("properties", Value::Object(properties)) => {
                for (name, property) in properties.iter_mut() {
                    within(&at.member(name), property, visit);
                }
            }
            ("items" | "additionalProperties" | "not", member @ Value::Object(_)) => within(&at, member, visit),
            ("allOf" | "anyOf" | "oneOf", Value::Array(members)) => {
                for (index, member) in members.iter_mut().enumerate() {
                    within(&at.item(index), member, visit);
                }
            }
            _ => {}
        }
    }
}

/// The schemas of the components stand apart from the document while `work` changes the operations and looks them up.
pub(crate) fn beside_schemas(document: &mut Value, work: impl FnOnce(&mut Value, &mut Map<String, Value>)) {
    let mut apart = match document.pointer_mut("/components/schemas").map(Value::take) {
        Some(Value::Object(schemas)) => schemas,
        _ => Map::new(),
    };
    work(document, &mut apart);
    if let Some(place) = document.pointer_mut("/components/schemas") {
        *place = Value::Object(apart);
    }
}

/// The components that `schemas` lead to, at any depth.
pub(crate) fn reachable<'a>(
    schemas: impl IntoIterator<Item = &'a Value>,
    components: &'a Map<String, Value>,
) -> HashSet<&'a str> {
    let mut found = HashSet::new();
    let mut open: Vec<&Value> = schemas.into_iter().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                if let Some(name) = component_of(value).filter(|name| found.insert(*name)) {
                    open.extend(components.get(name));
                }
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

/// A copy with those members that `kept` keeps, by their name and the last `responses` or `requestBody` around them.
/// The names of properties are data: all of them are kept.
pub(crate) fn copy(node: &Value, within: Option<&str>, kept: &dyn Fn(&str, Option<&str>) -> bool) -> Value {
    match node {
        Value::Object(members) => {
            let mut copies = Map::with_capacity(members.len());
            let members = members.iter().filter(|(name, _)| kept(name, within));
            copies.extend(members.map(|(name, member)| {
                let copy = match (name.as_str(), member) {
                    ("properties", Value::Object(properties)) => {
                        properties.iter().map(|(name, property)| (name.clone(), copy(property, within, kept))).collect()
                    }
                    ("responses" | "requestBody", _) => copy(member, Some(name), kept),
                    _ => copy(member, within, kept),
                };
                (name.clone(), copy)
            }));
            Value::Object(copies)
        }
        Value::Array(items) => items.iter().map(|item| copy(item, within, kept)).collect(),
        plain => plain.clone(),
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
