//! One type for the response of an operation, and one for its error response; types that nothing needs then are left out.
//!
//! The first success with a body gives the type of the response, the first error response with a body that of the error; others
//! that differ are losses (responses are read leniently, so nothing that they say is lost). Error responses that have one shape
//! under several names get a name that fits them all. `x-success` keeps every documented status of a success, `x-statuses` every
//! one. In the copy a success is `200` and an error response `400`, whatever they were.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{Log, Names, walk};

pub(super) fn pass(document: &mut Value, _: &Names, log: &mut Log) {
    walk::beside_schemas(document, |document, schemas| {
        operations(document, schemas, log);
        leave_out_unused(document, schemas);
    });
}

fn operations(document: &mut Value, schemas: &mut Map<String, Value>, log: &mut Log) {
    let mut shared = Shared::default();
    walk::operations(document, |pointer, _, _, operation| {
        let responses = match operation.shift_remove("responses") {
            Some(Value::Object(responses)) => responses,
            _ => Map::new(),
        };
        let at = format!("{pointer}/responses");
        let all: Vec<Value> = responses.keys().cloned().map(Value::String).collect();
        operation.insert("x-statuses".to_owned(), Value::Array(all));
        let (successes, errors): (Vec<_>, Vec<_>) = responses.into_iter().partition(|(status, _)| is_success(status));
        let statuses: Vec<u16> = successes.iter().filter_map(|(status, _)| status.parse().ok()).collect();
        let empty: Vec<_> = successes.iter().filter(|(_, response)| schema(response).is_none()).cloned().collect();
        let mut kept = Map::new();
        let response = choose(&at, successes, "response", schemas, log);
        if response.as_ref().is_some_and(|response| schema(response).is_some()) {
            for (status, response) in empty {
                let at = walk::join(&at, &status);
                log.loss(
                    &at,
                    &response,
                    format!(
                        "status {status} has no body although others have one; the client reports it as a malformed response"
                    ),
                );
            }
        }
        kept.insert("200".to_owned(), response.unwrap_or_else(|| json!({ "description": "" })));
        let all = errors.clone();
        if let Some(mut error) = choose(&at, errors, "error response", schemas, log) {
            let names = alike(&error, &all, schemas);
            if names.len() > 1 {
                shared.rename(&at, &mut error, &names, schemas, log);
            }
            kept.insert("400".to_owned(), error);
        }
        operation.insert("x-success".to_owned(), Value::from(statuses));
        operation.insert("responses".to_owned(), Value::Object(kept));
    });
    schemas.extend(shared.schemas.into_iter().map(|(name, _, schema)| (name, schema)));
}

/// Error responses of one shape that the specification tells apart by name.
#[derive(Default)]
struct Shared {
    /// Name, shape, and the schema under that name.
    schemas: Vec<(String, Value, Value)>,
}

impl Shared {
    fn rename(&mut self, pointer: &str, response: &mut Value, names: &[String], schemas: &Map<String, Value>, log: &mut Log) {
        let Some(schema) = response.pointer_mut("/content/application~1json/schema") else { return };
        let shape = bare(schema, schemas);
        let known = self.schemas.iter().find(|(_, known, _)| *known == shape).map(|(name, ..)| name.clone());
        let name = known.unwrap_or_else(|| {
            let taken = |name: &str| schemas.get(name).is_some() || self.schemas.iter().any(|(known, ..)| known == name);
            let name = (1..)
                .map(|n| if n == 1 { "ErrorResponse".to_owned() } else { format!("ErrorResponse{n}") })
                .find(|name| !taken(name));
            let name = name.unwrap_or_default();
            self.schemas.push((name.clone(), shape.clone(), shape.clone()));
            name
        });
        if let Some((_, _, schema)) = self.schemas.iter_mut().find(|(known, ..)| *known == name) {
            also(schema, names);
        }
        let apart = names.join("`, `");
        log.loss(
            pointer,
            schema,
            format!("`{apart}` differ in words only; all are read as `{name}`, and the status tells which it is"),
        );
        *schema = json!({ "$ref": format!("#/components/schemas/{name}") });
    }
}

/// Notes which components are read as `schema`.
fn also(schema: &mut Value, names: &[String]) {
    let Some(members) = schema.as_object_mut() else { return };
    if let Value::Array(known) = members.entry("x-also").or_insert_with(|| json!([])) {
        let new = names.iter().filter(|name| !known.iter().any(|known| known.as_str() == Some(name)));
        let new: Vec<Value> = new.cloned().map(Value::String).collect();
        known.extend(new);
    }
    super::note(members, "responses", format_args!("`{}` have one shape and are read as one type", names.join("`, `")));
}

/// The components of the shape of `response` that `others` refer to, each once.
fn alike(response: &Value, others: &[(String, Value)], schemas: &Map<String, Value>) -> Vec<String> {
    let shape = schema(response).map(|schema| bare(schema, schemas));
    let mut names: Vec<String> = Vec::new();
    for schema in others.iter().filter_map(|(_, response)| schema(response)) {
        let name = walk::component_of(schema).filter(|name| !names.iter().any(|known| known == name));
        if let Some(name) = name.filter(|_| Some(bare(schema, schemas)) == shape) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Takes out the components that no operation leads to.
fn leave_out_unused(document: &Value, schemas: &mut Map<String, Value>) {
    let used: HashSet<String> = walk::reachable(document.get("paths"), schemas).into_iter().map(str::to_owned).collect();
    schemas.retain(|name, _| used.contains(name));
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

fn schema(response: &Value) -> Option<&Value> {
    response.pointer("/content/application~1json/schema")
}

/// The first of `responses` with a body, or the first.
fn choose(
    pointer: &str,
    responses: Vec<(String, Value)>,
    what: &str,
    schemas: &Map<String, Value>,
    log: &mut Log,
) -> Option<Value> {
    let chosen = responses.iter().position(|(_, response)| schema(response).is_some()).unwrap_or(0);
    let (status, first) = responses.get(chosen)?.clone();
    for (other, response) in responses.iter().skip(chosen + 1) {
        let (Some(mine), Some(theirs)) = (schema(&first), schema(response)) else { continue };
        if bare(mine, schemas) != bare(theirs, schemas) {
            let at = walk::join(pointer, other);
            log.loss(
                &at,
                response,
                format!("the {what} with status {other} has a type of its own; it is read as that of {status}"),
            );
        }
    }
    Some(first)
}

/// What a schema says about the shape of values alone, one reference followed.
fn bare(schema: &Value, schemas: &Map<String, Value>) -> Value {
    let target = walk::component_of(schema).and_then(|name| schemas.get(name)).unwrap_or(schema);
    let mut bare = target.clone();
    walk::within(&walk::At::start(""), &mut bare, &mut |_, schema| {
        if let Some(members) = schema.as_object_mut() {
            members.retain(|key, _| {
                !key.starts_with("x-") && !matches!(key.as_str(), "description" | "title" | "example" | "default")
            });
        }
    });
    bare
}
