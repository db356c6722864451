//! What makes a response a refusal although its status says success: the rules of `x-failure`.
//!
//! A failure rule `present` does not count for an operation whose own response documents a plain value at that place, unless
//! every response of the vendor does: a `Message` that one entity documents is data there, and a sign of failure where no
//! `Message` belongs. An object at that place (the `error` of an envelope) is what the rule is about, documented or not.
//!
//! Input: the document and the operations. Output: rules as code, and which of them count for an operation.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value};

use super::model::Operation;
use crate::normalize::{
    Problem,
    walk::{component_of, text},
};

/// A rule of `x-failure`.
pub(super) struct Rule {
    pub(super) at: String,
    pub(super) code: TokenStream,
    present: bool,
    /// Whether the response of every operation documents something there.
    everywhere: bool,
}

impl Rule {
    /// Whether the rule counts for `operation`.
    pub(super) fn counts(&self, operation: &Operation, components: &Map<String, Value>) -> bool {
        let own = operation.response.as_ref().and_then(|response| plain_at(response, &self.at, components));
        !self.present || self.everywhere || own != Some(true)
    }
}

/// The rules of a document; what is wrong with them becomes problems.
pub(super) fn rules(
    document: &Value,
    components: &Map<String, Value>,
    operations: &[Operation],
    problems: &mut Vec<Problem>,
) -> Vec<Rule> {
    let listed = document.get("x-failure").and_then(Value::as_array);
    let rules = listed.into_iter().flatten().enumerate().filter_map(|(index, node)| {
        let mut rule = rule(node)
            .map_err(|message| {
                let help = "write {at: \"<JSON pointer>\", when: \"null\" | \"present\" | {not: [values]}}";
                problems.push(Problem::new(format!("/x-failure/{index}"), message, help));
            })
            .ok()?;
        let mut responses = operations.iter().filter_map(|operation| operation.response.as_ref());
        rule.everywhere = responses.all(|response| plain_at(response, &rule.at, components).is_some());
        Some(rule)
    });
    rules.collect()
}

fn rule(node: &Value) -> Result<Rule, String> {
    let at = text(node, "at").ok_or("expected `at`, a JSON pointer")?;
    if !(at.is_empty() || at.starts_with('/')) {
        return Err(format!("`{at}` is no JSON pointer"));
    }
    let (when, present) = match node.get("when") {
        Some(Value::String(word)) if word == "null" => (quote!(When::Null), false),
        Some(Value::String(word)) if word == "present" => (quote!(When::Present), true),
        Some(Value::Object(object)) => {
            let values = object.get("not").and_then(Value::as_array).ok_or("expected `not` with a list of values")?;
            let values = values.iter().map(scalar).collect::<Result<Vec<_>, _>>()?;
            (quote!(When::Not(&[#(#values),*])), false)
        }
        other => return Err(format!("expected `when`, found {}", other.unwrap_or(&Value::Null))),
    };
    let pointer = Literal::string(at);
    Ok(Rule { at: at.to_owned(), code: quote!(Failure::new(#pointer, #when)), present, everywhere: false })
}

fn scalar(value: &Value) -> Result<TokenStream, String> {
    match value {
        Value::String(text) => Ok(quote!(Scalar::Text(#text))),
        Value::Bool(flag) => Ok(quote!(Scalar::Bool(#flag))),
        Value::Number(number) => match number.as_i64() {
            Some(number) => {
                let number = Literal::i64_unsuffixed(number);
                Ok(quote!(Scalar::Integer(#number)))
            }
            None => Err(format!("expected a whole number, found {number}")),
        },
        other => Err(format!("expected a string, a number or a boolean, found {other}")),
    }
}

/// Whether a schema documents a plain value at a pointer; `None` where it documents nothing there.
fn plain_at(schema: &Value, pointer: &str, components: &Map<String, Value>) -> Option<bool> {
    fn resolved<'a>(schema: &'a Value, components: &'a Map<String, Value>) -> &'a Value {
        component_of(schema).and_then(|name| components.get(name)).unwrap_or(schema)
    }
    let mut here = resolved(schema, components);
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let properties = here.get("properties").and_then(Value::as_object);
        let named =
            properties.and_then(|properties| properties.values().find(|property| text(property, "x-wire") == Some(&step)));
        let next = named.or_else(|| here.get("items")).or_else(|| here.get("additionalProperties"))?;
        here = resolved(next, components);
    }
    Some(matches!(text(here, "type"), Some("string" | "number" | "integer" | "boolean")))
}
