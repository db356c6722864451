//! Every object and every enumeration is a component with a name of its own.
//!
//! An inline one is named after where it stands: `UpdateUserRequest`, `UserAddress`, `UserGroupsItem`. Where that name is
//! taken by another shape, a number follows: progenitor would take two types of one name for one, and lose the second.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{
    Log, Names, naming,
    walk::{self, At},
};

pub(super) fn pass(document: &mut Value, _: &Names, _: &mut Log) {
    let components = match document.pointer_mut("/components/schemas").map(Value::take) {
        Some(Value::Object(schemas)) => schemas,
        _ => Map::new(),
    };
    let names: Vec<String> = components.keys().cloned().collect();
    let mut pool = Pool { taken: names.iter().map(|name| naming::type_name(name)).collect(), schemas: components };
    for name in names {
        if let Some(mut schema) = pool.schemas.get_mut(&name).map(Value::take) {
            let at = walk::join("/components/schemas", &name);
            children(&At::start(&at), &naming::type_name(&name), &mut schema, &mut pool);
            pool.schemas.insert(name, schema);
        }
    }
    walk::operations(document, |pointer, _, _, operation| {
        let name = naming::type_name(operation.get("operationId").and_then(Value::as_str).unwrap_or_default());
        if let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) {
            for parameter in parameters {
                let own = naming::type_name(walk::text(parameter, "name").unwrap_or_default());
                let at = walk::text(parameter, "x-pointer").unwrap_or(pointer).to_owned();
                slot(&At::start(&at).member("schema"), parameter.get_mut("schema"), &format!("{name}{own}"), &mut pool);
            }
        }
        let at = format!("{pointer}/requestBody/content/application~1json/schema");
        slot(&At::start(&at), content(operation.get_mut("requestBody")), &format!("{name}Request"), &mut pool);
        if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
            for (status, response) in responses.iter_mut() {
                let role = if status.starts_with('2') { "Response" } else { "Error" };
                let at = format!("{pointer}/responses/{status}/content/application~1json/schema");
                slot(&At::start(&at), content(Some(response)), &format!("{name}{role}"), &mut pool);
            }
        }
    });
    if let Some(document) = document.as_object_mut() {
        let components = document.entry("components").or_insert_with(|| json!({}));
        if let Some(components) = components.as_object_mut() {
            components.insert("schemas".to_owned(), Value::Object(pool.schemas));
        }
    }
}

fn content(holder: Option<&mut Value>) -> Option<&mut Value> {
    holder?.pointer_mut("/content/application~1json/schema")
}

struct Pool {
    schemas: Map<String, Value>,
    /// Their names as types.
    taken: HashSet<String>,
}

impl Pool {
    /// Adds `schema` under `name` or a name near it, and says which; one of the same shape is shared.
    fn add(&mut self, name: &str, schema: Value) -> String {
        let same = |other: &Value| shape(other) == shape(&schema);
        if self.schemas.get(name).is_some_and(same) {
            return name.to_owned();
        }
        let name = naming::unique(name, "", |name| self.taken.contains(name));
        self.taken.insert(name.clone());
        self.schemas.insert(name.clone(), schema);
        name
    }
}

/// A schema without what differs by place alone.
fn shape(schema: &Value) -> Value {
    let mut shape = schema.clone();
    if let Some(members) = shape.as_object_mut() {
        members.retain(|key, _| {
            !matches!(key.as_str(), "description" | "example" | "x-source" | "x-basis" | "nullable" | "x-pointer" | "x-rules")
        });
    }
    shape
}

/// Moves the schema in `place` out where it needs a name; a reference takes its place, its description stays.
fn slot(at: &At<'_>, place: Option<&mut Value>, name: &str, pool: &mut Pool) {
    let Some(schema) = place else { return };
    if schema.get("$ref").is_some() {
        return;
    }
    children(at, name, schema, pool);
    if !needs_name(schema) {
        return;
    }
    let mut inner = schema.clone();
    let mut outer = Map::new();
    if let Some(members) = inner.as_object_mut() {
        members.shift_remove("nullable");
        members.entry("x-pointer").or_insert_with(|| Value::String(at.to_string()));
        for key in ["description", "nullable", "x-source", "x-basis", "readOnly", "deprecated", "x-pointer"] {
            if let Some(value) = schema.get(key) {
                outer.insert(key.to_owned(), value.clone());
            }
        }
    }
    let name = pool.add(name, inner);
    super::note(&mut outer, "hoist", format_args!("what stands here without a name of its own is the type `{name}`"));
    outer.shift_insert(0, "$ref".to_owned(), Value::String(format!("#/components/schemas/{name}")));
    *schema = Value::Object(outer);
}

fn children(at: &At<'_>, name: &str, schema: &mut Value, pool: &mut Pool) {
    if schema.get("$ref").is_some() {
        return;
    }
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        let at = at.member("properties");
        for (property, value) in properties.iter_mut() {
            slot(&at.member(property), Some(value), &format!("{name}{}", naming::type_name(property)), pool);
        }
    }
    slot(&at.member("items"), schema.get_mut("items"), &format!("{name}Item"), pool);
    let values = schema.get_mut("additionalProperties").filter(|value| value.is_object());
    slot(&at.member("additionalProperties"), values, &format!("{name}Value"), pool);
}

fn needs_name(schema: &Value) -> bool {
    let object = schema.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty());
    let enumeration = schema.get("enum").and_then(Value::as_array).is_some_and(|values| values.iter().any(Value::is_string));
    object || enumeration
}
