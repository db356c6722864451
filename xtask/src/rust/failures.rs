//! What makes a response an error although its status says success: the rules of `x-failure`.
//!
//! A rule `present` does not count for an operation whose own response documents a plain value at that place, unless
//! every response of the vendor does: a `Message` that one entity documents is data there, and a sign of failure where no
//! `Message` belongs. An object at that place (the `error` of an envelope) is what the rule is about, documented or not.
//!
//! Input: the copy, then the types and the responses. Output: the rules, and which of them count for an operation.

use serde_json::Value;

use super::{
    model::{Failure, Model, Type, When},
    types::RustType,
};
use crate::{
    nodes::Pointer,
    normalize::{Loss, Problem, walk::text},
};

/// The rules of a document; what is wrong with them becomes problems.
pub(super) fn rules(document: &Value, problems: &mut Vec<Problem>) -> Vec<Failure> {
    let listed = document.get("x-failure").and_then(Value::as_array);
    let rules = listed.into_iter().flatten().enumerate().filter_map(|(index, node)| {
        rule(node)
            .map_err(|message| {
                let help = "write {at: \"<JSON pointer>\", when: \"null\" | \"present\" | {not: [values]}}";
                problems.push(Problem::new(format!("/x-failure/{index}"), message, help));
            })
            .ok()
    });
    rules.collect()
}

fn rule(node: &Value) -> Result<Failure, String> {
    let at = text(node, "at").ok_or("expected `at`, a JSON pointer")?;
    if Pointer::parse(at).is_none() {
        return Err(format!("`{at}` is no JSON pointer"));
    }
    let when = match node.get("when") {
        Some(Value::String(word)) if word == "null" => When::Null,
        Some(Value::String(word)) if word == "present" => When::Present,
        Some(Value::Object(object)) => {
            let values = object.get("not").and_then(Value::as_array).ok_or("expected `not` with a list of values")?;
            When::Not(values.iter().map(scalar).collect::<Result<Vec<_>, _>>()?)
        }
        other => return Err(format!("expected `when`, found {}", other.unwrap_or(&Value::Null))),
    };
    Ok(Failure { at: at.to_owned(), when })
}

fn scalar(value: &Value) -> Result<Value, String> {
    match value {
        Value::String(_) | Value::Bool(_) => Ok(value.clone()),
        Value::Number(number) if number.as_i64().is_some() => Ok(value.clone()),
        Value::Number(number) => Err(format!("expected a whole number, found {number}")),
        other => Err(format!("expected a string, a number or a boolean, found {other}")),
    }
}

/// Says of each operation which rules count for it, and where one does not.
pub(super) fn assign(model: &mut Model) -> Vec<Loss> {
    let mut losses = Vec::new();
    let mut counting: Vec<Vec<usize>> = model.operations.iter().map(|_| Vec::new()).collect();
    for (index, rule) in model.failures.iter().enumerate() {
        let own: Vec<Option<bool>> =
            model.operations.iter().map(|operation| plain_at(&operation.response, &rule.at, model)).collect();
        let answered = model.operations.iter().zip(&own).filter(|(operation, _)| operation.response != RustType::Unit);
        let everywhere = answered.into_iter().all(|(_, plain)| plain.is_some());
        for ((operation, plain), counting) in model.operations.iter().zip(own).zip(&mut counting) {
            if rule.when != When::Present || everywhere || plain != Some(true) {
                counting.push(index);
                continue;
            }
            losses.push(Loss {
                pointer: "/x-failure".to_owned(),
                text: format!("`{}` documents `{}` as data, so its presence is no failure there", operation.id, rule.at),
                sources: operation.sources.clone(),
            });
        }
    }
    for (operation, counting) in model.operations.iter_mut().zip(counting) {
        operation.failures = counting;
    }
    losses
}

/// Whether a type documents a plain value at a pointer; `None` where it documents nothing there.
fn plain_at(ty: &RustType, pointer: &str, model: &Model) -> Option<bool> {
    let mut here = model.resolved(ty.unboxed());
    for step in Pointer::parse(pointer)?.tokens() {
        let fields = here.own().map(|name| model.fields(name)).unwrap_or_default();
        let named = fields.iter().find(|field| field.wire == step).map(|field| &field.ty);
        here = model.resolved(named.or_else(|| here.element())?.unboxed());
    }
    Some(match here {
        RustType::Plain(_) => true,
        RustType::Prelude(name, _) => name == "String",
        RustType::Core(name, _) => matches!(name.as_str(), "Number" | "Secret" | "Timestamp"),
        RustType::Own(name) => model.types.get(name).is_some_and(Type::is_enumeration),
        _ => false,
    })
}
