//! Only what differs from call to call stays an argument.
//!
//! Out go what is set once on the client (`x-client-parameter`, kept in the operation's `x-client-parameters`), credentials (headers
//! that a security scheme fills), headers that belong to the client (`Accept`, `Content-Type`, `User-Agent`) and cookies.
//! A parameter that is written as `content` is read as its schema, one of unknown type as text, and so is an object, which is
//! a loss. Those of the path come first, in the order of the path.

use serde_json::{Map, Value, json};

use super::{Log, Names, walk};

/// Headers that the client itself decides on; OpenAPI says that such parameters shall be ignored.
const OWN: [&str; 4] = ["accept", "content-type", "authorization", "user-agent"];

pub(super) fn pass(document: &mut Value, _: &Names, log: &mut Log) {
    let filled = scheme_headers(document);
    walk::beside_schemas(document, |document, schemas| operations(document, schemas, &filled, log));
}

fn operations(document: &mut Value, schemas: &Map<String, Value>, filled: &[String], log: &mut Log) {
    walk::operations(document, |pointer, path, _, operation| {
        let Some(Value::Array(parameters)) = operation.shift_remove("parameters") else {
            missing(pointer, path, &[], log);
            return;
        };
        let mut kept = Vec::new();
        let mut client_parameters = Vec::new();
        for (index, mut parameter) in parameters.into_iter().enumerate() {
            let at = format!("{pointer}/parameters/{index}");
            let name = walk::text(&parameter, "name").unwrap_or_default().to_owned();
            let lower = name.to_ascii_lowercase();
            match walk::text(&parameter, "in").unwrap_or_default() {
                "cookie" => log.loss(&at, &parameter, format!("the cookie `{name}` is documented; the client sends no cookies")),
                "header" if OWN.contains(&lower.as_str()) || filled.contains(&lower) => {}
                "header" | "query" if walk::flag(&parameter, "x-client-parameter") => client_parameters.push(parameter),
                "path" | "query" | "header" => {
                    content_to_schema(&mut parameter);
                    if let Some(schema) = parameter.get_mut("schema")
                        && !is_plain(schema, schemas, DEPTH)
                    {
                        let known = schema.as_object().is_some_and(|members| !members.is_empty());
                        *schema = json!({ "type": "string" });
                        if let Some(members) = schema.as_object_mut() {
                            super::note(
                                members,
                                "parameters",
                                "only plain values and lists of them can stand here: it is sent as text",
                            );
                        }
                        if known {
                            log.loss(
                                &at,
                                &parameter,
                                format!("`{name}` is an object beside the body; the client sends it as text"),
                            );
                        }
                    }
                    kept.push(parameter);
                }
                other => {
                    log.problem(&at, format!("expected `in` to be path, query, header or cookie, found `{other}`"), "correct it")
                }
            }
        }
        missing(pointer, path, &kept, log);
        let order = placeholders(path);
        let rank = |it: &Value| {
            order.iter().position(|name| walk::text(it, "in") == Some("path") && walk::text(it, "name") == Some(*name))
        };
        kept.sort_by_key(|parameter| rank(parameter).unwrap_or(order.len()));
        if !kept.is_empty() {
            operation.insert("parameters".to_owned(), Value::Array(kept));
        }
        if !client_parameters.is_empty() {
            operation.insert("x-client-parameters".to_owned(), Value::Array(client_parameters));
        }
    });
}

/// Longest chain of references and lists that is followed.
const DEPTH: usize = 16;

/// Headers and query parameters that security schemes fill, in lower case.
fn scheme_headers(document: &Value) -> Vec<String> {
    let Some(schemes) = document.pointer("/components/securitySchemes").and_then(Value::as_object) else { return Vec::new() };
    schemes.values().filter_map(|scheme| walk::text(scheme, "name")).map(str::to_ascii_lowercase).collect()
}

fn content_to_schema(parameter: &mut Value) {
    let Some(parameter) = parameter.as_object_mut() else { return };
    if let Some(content) = parameter.shift_remove("content") {
        let schema = content.as_object().and_then(|content| content.values().next()).and_then(|media| media.get("schema"));
        parameter.insert("schema".to_owned(), schema.cloned().unwrap_or_else(|| json!({ "type": "string" })));
    }
    parameter.entry("schema").or_insert_with(|| json!({ "type": "string" }));
}

/// Whether a value of the schema can be written as text: a plain value, or a list of such.
fn is_plain(schema: &Value, schemas: &Map<String, Value>, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    if let Some(target) = walk::component_of(schema) {
        return schemas.get(target).is_some_and(|target| is_plain(target, schemas, depth));
    }
    if let Some([only]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        return is_plain(only, schemas, depth);
    }
    match schema.get("type") {
        Some(Value::String(kind)) if kind == "array" => schema.get("items").is_some_and(|items| is_plain(items, schemas, depth)),
        Some(Value::String(kind)) => kind != "object",
        Some(_) => true,
        None => schema.get("enum").is_some(),
    }
}

/// Each `{name}` of a path needs its parameter, and the other way round.
fn missing(pointer: &str, path: &str, parameters: &[Value], log: &mut Log) {
    let in_path: Vec<&str> =
        parameters.iter().filter(|it| walk::text(it, "in") == Some("path")).filter_map(|it| walk::text(it, "name")).collect();
    let placeholders = placeholders(path);
    for name in &placeholders {
        if !in_path.contains(name) {
            log.problem(pointer, format!("the path says `{{{name}}}`, no path parameter has that name"), "add the parameter");
        }
    }
    for name in in_path {
        if !placeholders.contains(&name) {
            log.problem(pointer, format!("the path parameter `{name}` does not stand in `{path}`"), "put it into the path");
        }
    }
}

/// The names between braces, in order.
pub(super) fn placeholders(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

/// The parameters that are left, for the passes behind this one.
pub(super) fn each(operation: &mut Map<String, Value>) -> impl Iterator<Item = &mut Value> {
    operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten()
}
