//! Whether a difference breaks callers.
//!
//! Input: one difference between two specifications and what of them is sent. Output: the level by the rules of semantic
//! versioning, with the rule. Knows nothing of documents; what Rust itself makes of a difference is added by the caller.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{compare::Difference, node::Node};
use crate::nodes::{self, NodeKind, Pointer};

/// Which number of a version must grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Callers see other words at most.
    Patch,
    /// Callers can do more.
    Minor,
    /// Some caller's code or call no longer works.
    Major,
}

impl Level {
    /// The word for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// What is known around a difference.
#[derive(Clone, Debug)]
pub struct Surroundings<'a> {
    before: &'a Value,
    after: &'a Value,
    sent: BTreeSet<String>,
}

impl<'a> Surroundings<'a> {
    /// Two versions of a specification.
    #[must_use]
    pub fn new(before: &'a Value, after: &'a Value) -> Self {
        let mut sent = sent(before);
        sent.extend(self::sent(after));
        Self { before, after, sent }
    }

    /// The level of a difference, and why.
    #[must_use]
    pub fn judge(&self, difference: &Difference) -> (Level, &'static str) {
        match difference {
            Difference::Added(node) => self.added(node),
            Difference::Removed(node) => removed(node),
            Difference::Renamed { .. } => (Level::Major, "its field has another name"),
            Difference::Changed { after, member, from, to, .. } => self.changed(after, member, from.as_ref(), to.as_ref()),
        }
    }

    fn added(&self, node: &Node) -> (Level, &'static str) {
        let required =
            || self.after.pointer(node.pointer.as_str()).and_then(|node| node.get("required")) == Some(&Value::Bool(true));
        match node.kind {
            Some(NodeKind::Operation) => (Level::Minor, "a new operation"),
            Some(NodeKind::Parameter) if required() => (Level::Major, "a call needs it"),
            Some(NodeKind::Parameter) => (Level::Minor, "a new optional parameter"),
            Some(NodeKind::RequestBody) if required() => (Level::Major, "a call needs it"),
            Some(NodeKind::Schema) => match property(&node.pointer) {
                Some((object, name)) if self.is_sent(&node.pointer) && is_required(self.after, &object, &name) => {
                    (Level::Major, "a request needs it")
                }
                Some(_) => (Level::Minor, "a new optional property"),
                None => (Level::Minor, "a new type"),
            },
            Some(NodeKind::Info | NodeKind::Tag) => (Level::Patch, "words only"),
            _ => (Level::Minor, "it says more"),
        }
    }

    fn changed(&self, node: &Node, member: &str, from: Option<&Value>, to: Option<&Value>) -> (Level, &'static str) {
        let sent = self.is_sent(&node.pointer);
        let first = member.split('/').next().unwrap_or(member);
        let yes = |value: Option<&Value>| value == Some(&Value::Bool(true));
        if matches!(node.kind, Some(NodeKind::Info | NodeKind::Tag)) {
            return (Level::Patch, "words only");
        }
        match first {
            "description" | "summary" | "example" | "x-sample" | "x-collapsed" | "tags" | "title" | "externalDocs" => {
                (Level::Patch, "words only")
            }
            "default" | "x-default" | "openapi" => (Level::Patch, "no call changes"),
            "operationId" => (Level::Major, "its method has another name"),
            "required" if member != "required" => match (to.is_some(), sent) {
                (true, true) => (Level::Major, "a request needs it now"),
                (true, false) => (Level::Patch, "a response promises more"),
                (false, true) => (Level::Major, "it is no longer a field of the struct of required ones"),
                (false, false) => (Level::Minor, "a response may lack it"),
            },
            "required" if yes(to) => (Level::Major, "a call needs it now"),
            "required" => (Level::Minor, "a call may leave it out now"),
            "type"
            | "$ref"
            | "items"
            | "allOf"
            | "anyOf"
            | "oneOf"
            | "not"
            | "properties"
            | "additionalProperties"
            | "schema" => (Level::Major, "its type changes"),
            "in" | "name" | "scheme" => (Level::Major, "it travels elsewhere"),
            "nullable" if self.was_required(&node.pointer) => (Level::Major, "its field in the struct of required ones changes"),
            "nullable" if yes(to) => (Level::Minor, "null is a value now"),
            "nullable" if sent => (Level::Major, "null is no value any more"),
            "security" => credentials(from, to),
            "enum" => values(from, to, sent),
            "maxLength" | "maximum" | "maxItems" | "maxProperties" => limit(from, to, sent, |old, new| new >= old),
            "minLength" | "minimum" | "minItems" | "minProperties" => limit(from, to, sent, |old, new| new <= old),
            "pattern" | "multipleOf" | "uniqueItems" | "exclusiveMinimum" | "exclusiveMaximum" if sent && to.is_some() => {
                (Level::Major, "what was sent before may be refused now")
            }
            "pattern" | "multipleOf" | "uniqueItems" | "exclusiveMinimum" | "exclusiveMaximum" | "format" => {
                (Level::Minor, "other values are right")
            }
            _ => (Level::Minor, "the client behaves otherwise"),
        }
    }

    fn is_sent(&self, pointer: &Pointer) -> bool {
        let tokens: Vec<String> = pointer.tokens().collect();
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        match tokens.as_slice() {
            ["components", "schemas", name, ..] => self.sent.contains(*name),
            ["paths", _, _, part, ..] => matches!(*part, "parameters" | "requestBody"),
            _ => false,
        }
    }

    /// Whether the node at `pointer` of the older version is a property that a request needs.
    fn was_required(&self, pointer: &Pointer) -> bool {
        self.is_sent(pointer) && property(pointer).is_some_and(|(object, name)| is_required(self.before, &object, &name))
    }
}

fn removed(node: &Node) -> (Level, &'static str) {
    let last = node.pointer.split().map(|(_, last)| last).unwrap_or_default();
    match node.kind {
        Some(NodeKind::Operation) => (Level::Major, "its method goes"),
        Some(NodeKind::Parameter) => (Level::Major, "its argument goes"),
        Some(NodeKind::Schema) if property(&node.pointer).is_some() => (Level::Major, "its field goes"),
        Some(NodeKind::Schema) => (Level::Major, "its type goes"),
        Some(NodeKind::SecurityScheme) => (Level::Major, "its credential goes"),
        Some(NodeKind::RequestBody) => (Level::Major, "nothing is sent any more"),
        Some(NodeKind::MediaType) if last.contains("json") => (Level::Major, "its body goes"),
        Some(NodeKind::Response) if last.starts_with('2') => (Level::Major, "a success is no longer documented"),
        Some(NodeKind::Info | NodeKind::Tag) => (Level::Patch, "words only"),
        _ => (Level::Minor, "it says less"),
    }
}

/// The object and the name, where the pointer is one of a property.
fn property(pointer: &Pointer) -> Option<(Pointer, String)> {
    let (properties, name) = pointer.split()?;
    let (object, member) = properties.split()?;
    (member == "properties").then_some((object, name))
}

fn is_required(specification: &Value, object: &Pointer, name: &str) -> bool {
    let list = specification.pointer(object.as_str()).and_then(|object| object.get("required")?.as_array());
    list.is_some_and(|list| list.iter().any(|one| one.as_str() == Some(name)))
}

fn entries(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn credentials(from: Option<&Value>, to: Option<&Value>) -> (Level, &'static str) {
    let none = entries(to).is_empty();
    let still = !entries(from).is_empty() && entries(from).iter().all(|one| entries(to).contains(one));
    if none || still { (Level::Minor, "more credentials do") } else { (Level::Major, "calls need other credentials") }
}

fn values(from: Option<&Value>, to: Option<&Value>, sent: bool) -> (Level, &'static str) {
    let gone = from.is_none() || entries(from).iter().any(|value| !entries(to).contains(value));
    match (gone, to.is_some(), sent) {
        (true, false, _) => (Level::Major, "its type changes"),
        (true, true, true) => (Level::Major, "values that were sent before are not documented any more"),
        (true, true, false) => (Level::Major, "a variant goes"),
        (false, ..) => (Level::Minor, "more values are documented"),
    }
}

fn limit(from: Option<&Value>, to: Option<&Value>, sent: bool, wider: fn(f64, f64) -> bool) -> (Level, &'static str) {
    let number = |value: Option<&Value>| value.and_then(Value::as_f64);
    let narrows = match (number(from), number(to)) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(old), Some(new)) => !wider(old, new),
    };
    match (narrows, sent) {
        (true, true) => (Level::Major, "what was sent before may be refused now"),
        (true, false) => (Level::Patch, "only responses are narrower"),
        (false, _) => (Level::Minor, "more values are right"),
    }
}

/// The components that requests carry.
fn sent(specification: &Value) -> BTreeSet<String> {
    let mut starts = Vec::new();
    nodes::visit(specification, |pointer, kind, _| {
        if matches!(kind, NodeKind::RequestBody | NodeKind::Parameter) {
            starts.push(pointer.as_str().to_owned());
        }
    });
    let mut names = BTreeSet::new();
    let mut next: Vec<&Value> = starts.iter().filter_map(|start| specification.pointer(start)).collect();
    while let Some(value) = next.pop() {
        match value {
            Value::Object(members) => {
                let name = members.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix("#/components/schemas/"));
                if let Some(name) = name.filter(|name| names.insert((*name).to_owned())) {
                    next.extend(specification.pointer("/components/schemas").and_then(|schemas| schemas.get(name)));
                }
                next.extend(members.values());
            }
            Value::Array(entries) => next.extend(entries),
            _ => {}
        }
    }
    names
}
