//! Parameters, bodies, responses and path items in place of references to them; parameters of a path at its operations.
//!
//! References to schemas stay, and are checked: a client's types are made from them.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Log, Names, walk};
use crate::method::Method;

/// Longest chain of references that is followed.
const DEPTH: usize = 8;

pub(super) fn pass(document: &mut Value, _: &Names, log: &mut Log) {
    let version = walk::text(document, "openapi").unwrap_or_default();
    if !version.starts_with("3.0.") {
        log.problem("/openapi", format!("expected OpenAPI 3.0, found `{version}`"), "write the specification as OpenAPI 3.0.3");
        return;
    }
    let components = document.get_mut("components").map(Value::take).unwrap_or_default();
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths.iter_mut() {
            path_item(&walk::join("/paths", path), item, &components, log);
        }
    }
    if let (Some(place), Value::Object(mut components)) = (document.get_mut("components"), components) {
        components.retain(|kind, _| kind == "schemas" || kind == "securitySchemes");
        *place = Value::Object(components);
    }
    check_schemas(document, log);
}

fn path_item(pointer: &str, item: &mut Value, components: &Value, log: &mut Log) {
    let Some(item) = item.as_object_mut() else { return };
    if item.contains_key("$ref") {
        log.problem(pointer, "a path item in another place is not followed", "write the operations at the path itself");
        return;
    }
    let shared = item.shift_remove("parameters").and_then(|list| list.as_array().cloned()).unwrap_or_default();
    let names: Vec<String> = item.keys().filter(|key| Method::of_member(key).is_some()).cloned().collect();
    for name in names {
        let Some(operation) = item.get_mut(&name).and_then(Value::as_object_mut) else { continue };
        let at = walk::join(pointer, &name);
        parameters(&at, operation, (pointer, &shared), components, log);
        if let Some(body) = operation.get_mut("requestBody") {
            resolve(&format!("{at}/requestBody"), body, components, log);
        }
        if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
            for (status, response) in responses.iter_mut() {
                resolve(&walk::join(&format!("{at}/responses"), status), response, components, log);
            }
        }
    }
}

/// `shared` are those of the path, and where it stands.
fn parameters(
    pointer: &str,
    operation: &mut Map<String, Value>,
    (above, shared): (&str, &[Value]),
    components: &Value,
    log: &mut Log,
) {
    let mut own = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut shared = shared.to_vec();
    for (pointer, list) in [(pointer, &mut own), (above, &mut shared)] {
        for (index, parameter) in list.iter_mut().enumerate() {
            let at = format!("{pointer}/parameters/{index}");
            let at = resolve(&at, parameter, components, log).unwrap_or(at);
            if let Some(members) = parameter.as_object_mut() {
                members.insert("x-pointer".to_owned(), Value::String(at));
            }
        }
    }
    let key =
        |parameter: &Value| (walk::text(parameter, "name").map(str::to_owned), walk::text(parameter, "in").map(str::to_owned));
    let known: Vec<_> = own.iter().map(key).collect();
    own.extend(shared.into_iter().filter(|parameter| !known.contains(&key(parameter))));
    if !own.is_empty() {
        operation.insert("parameters".to_owned(), Value::Array(own));
    }
}

/// Puts what a reference names in its place, and says where that stands.
fn resolve(pointer: &str, node: &mut Value, components: &Value, log: &mut Log) -> Option<String> {
    let mut stands = None;
    for _ in 0..DEPTH {
        let Some(reference) = walk::text(node, "$ref") else { return stands };
        let target = reference.strip_prefix("#/components").and_then(|rest| components.pointer(rest));
        let Some(target) = target else {
            log.problem(pointer, format!("`{reference}` names nothing"), "add the component, or name one that is there");
            return None;
        };
        stands = reference.strip_prefix('#').map(str::to_owned);
        *node = target.clone();
    }
    log.problem(pointer, "references lead to each other without end", "let one of them say what it is");
    None
}

fn check_schemas(document: &mut Value, log: &mut Log) {
    let components = document.pointer("/components/schemas").and_then(Value::as_object);
    let known: HashSet<String> = components.into_iter().flat_map(Map::keys).cloned().collect();
    walk::schemas(document, &mut |at, schema| {
        if !schema.is_object() {
            log.problem(at, "expected a schema", "write an object; `{}` says that nothing is known");
        } else if let Some(reference) = schema.get("$ref") {
            let found = walk::component_of(schema).is_some_and(|name| known.contains(name));
            if !found {
                log.problem(at, format!("{reference} names no schema"), "name one of `#/components/schemas`");
            }
        }
    });
}
