//! One type for what an operation gives, and one for how it refuses.
//!
//! The first success with a body gives the type of an answer, the first refusal with a body that of a refusal; others that
//! differ are losses (answers are read leniently, so what they say arrives all the same). `x-success` keeps every documented
//! status of a success. In the copy a success is `200`, a refusal `400`, whatever they were.

use serde_json::{Map, Value, json};

use super::{Log, Names, walk};

pub(super) fn pass(document: &mut Value, _: &Names, log: &mut Log) {
    let schemas = document.pointer("/components/schemas").cloned().unwrap_or_default();
    walk::operations(document, |pointer, _, _, operation| {
        let responses = match operation.shift_remove("responses") {
            Some(Value::Object(responses)) => responses,
            _ => Map::new(),
        };
        let at = format!("{pointer}/responses");
        let (successes, refusals): (Vec<_>, Vec<_>) = responses.into_iter().partition(|(status, _)| is_success(status));
        let statuses: Vec<u16> = successes.iter().filter_map(|(status, _)| status.parse().ok()).collect();
        let empty: Vec<_> = successes.iter().filter(|(_, response)| schema(response).is_none()).cloned().collect();
        let mut kept = Map::new();
        let answer = choose(&at, successes, "answer", &schemas, log);
        if answer.as_ref().is_some_and(|answer| schema(answer).is_some()) {
            for (status, response) in empty {
                let at = walk::join(&at, &status);
                log.loss(&at, &response, format!("status {status} brings no body; as others do, it is reported as unreadable"));
            }
        }
        kept.insert("200".to_owned(), answer.unwrap_or_else(|| json!({ "description": "" })));
        if let Some(refusal) = choose(&at, refusals, "refusal", &schemas, log) {
            kept.insert("400".to_owned(), refusal);
        }
        operation.insert("x-success".to_owned(), Value::from(statuses));
        operation.insert("responses".to_owned(), Value::Object(kept));
    });
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

fn schema(response: &Value) -> Option<&Value> {
    response.pointer("/content/application~1json/schema")
}

/// The first of `responses` with a body, or the first.
fn choose(pointer: &str, responses: Vec<(String, Value)>, what: &str, schemas: &Value, log: &mut Log) -> Option<Value> {
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
fn bare(schema: &Value, schemas: &Value) -> Value {
    let target = walk::component_of(schema).and_then(|name| schemas.get(name)).unwrap_or(schema);
    let mut bare = target.clone();
    walk::within("", &mut bare, &mut |_, schema| {
        if let Some(members) = schema.as_object_mut() {
            members.retain(|key, _| {
                !key.starts_with("x-") && !matches!(key.as_str(), "description" | "title" | "example" | "default")
            });
        }
    });
    bare
}
