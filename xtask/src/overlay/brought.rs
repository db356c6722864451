//! Operations and components that an action brings whole, from elsewhere than the documents.
//!
//! Takes a specification, the target of an action and its update. Returns what the update would add whole although it is
//! there: a newer document brings it by now, and the two must not be mixed. An operation is brought whole by an
//! `operationId`; its path is the same whatever its parameters are called. A component is brought whole by the member
//! that each of its kind must have.

use serde_json::Value;

use super::yaml::{Content, Member, Node};
use crate::{
    diagnostic::Diagnostic,
    document::Span,
    nodes::{self, Pointer},
};

/// Something that an update brings and that is there.
#[derive(Debug)]
pub(super) struct Present {
    /// Where the update brings it.
    span: Span,
    /// What it is, for a person.
    what: String,
    /// Where it stands.
    pointer: Pointer,
}

impl Present {
    /// Why the action does not fit.
    pub(super) fn problem(&self) -> Diagnostic {
        let message = format!("this brings {}, which is there: {}", self.what, self.pointer);
        let help =
            "if the documents have it by now, delete the action; to correct what they say, update only that, with `x-expect`";
        Diagnostic::new(self.span, message, help)
    }
}

/// The first thing that `update` at `target` brings whole although it is there.
pub(super) fn present(specification: &Value, target: &Pointer, update: &Node) -> Option<Present> {
    let steps: Vec<String> = target.tokens().collect();
    match (steps.as_slice(), &update.kind) {
        ([], Content::Map(members)) => below(specification, target, members),
        ([root], Content::Map(members)) if root == "paths" || root == "components" => below(specification, target, members),
        ([root, _], Content::Map(members)) if root == "components" => below(specification, target, members),
        ([root, template], Content::Map(members)) if root == "paths" => {
            members.iter().find_map(|member| operation(specification, template, member))
        }
        ([root, template, method], _) if root == "paths" => brings_operation(specification, template, method, update)
            .or_else(|| present(specification, &target.join("parameters"), &update.get("parameters")?.node)),
        ([root, _, _], _) if root == "components" => component(specification, target, update),
        ([.., list], Content::List(entries)) if list == "parameters" => {
            entries.iter().find_map(|entry| parameter(specification, target, entry))
        }
        ([.., list], _) if list == "parameters" => parameter(specification, target, update),
        _ => None,
    }
}

fn below(specification: &Value, target: &Pointer, members: &[Member]) -> Option<Present> {
    members.iter().find_map(|member| present(specification, &target.join(&member.key), &member.node))
}

fn operation(specification: &Value, template: &str, member: &Member) -> Option<Present> {
    brings_operation(specification, template, &member.key, &member.node)
}

fn brings_operation(specification: &Value, template: &str, method: &str, update: &Node) -> Option<Present> {
    let id = update.get("operationId")?;
    let paths = specification.get("paths")?.as_object()?;
    let shape = nodes::path_shape(template);
    let (path, _) = paths.iter().find(|(path, item)| item.get(method).is_some() && nodes::path_shape(path) == shape)?;
    let pointer = ["paths", path, method].iter().fold(Pointer::default(), |pointer, step| pointer.join(step));
    let what = format!("the operation `{} {template}` (`{}`)", method.to_uppercase(), id.node.as_str().unwrap_or_default());
    Some(Present { span: id.node.span, what, pointer })
}

/// The members without which nothing is a component of a kind.
const DEFINING: [&str; 8] = ["type", "allOf", "anyOf", "oneOf", "enum", "in", "content", "$ref"];

fn component(specification: &Value, target: &Pointer, update: &Node) -> Option<Present> {
    let defining = DEFINING.iter().find_map(|key| update.get(key))?;
    let there = specification.pointer(target.as_str())?;
    // What has none of them yet is only completed.
    if !DEFINING.iter().any(|key| there.get(key).is_some()) {
        return None;
    }
    let name = target.split().map(|(_, name)| name).unwrap_or_default();
    Some(Present { span: defining.key_span, what: format!("the component `{name}`"), pointer: target.clone() })
}

/// Parameters are appended to a list, one by one or as a list.
fn parameter(specification: &Value, target: &Pointer, update: &Node) -> Option<Present> {
    let list = specification.pointer(target.as_str())?.as_array()?;
    let (location, name) = (update.get("in")?.node.as_str()?, update.get("name")?);
    let index = list.iter().position(|there| {
        there.get("in").and_then(Value::as_str) == Some(location)
            && there.get("name").and_then(Value::as_str) == name.node.as_str()
    })?;
    let what = format!("the {location} parameter `{}`", name.node.as_str().unwrap_or_default());
    Some(Present { span: name.node.span, what, pointer: target.join(&index.to_string()) })
}
