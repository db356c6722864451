//! Two versions of a specification, node by node.
//!
//! Input: the specification before and after. Output: the nodes that were added and removed, those that stand in both, and
//! each member of theirs that differs. Where a node comes from (`x-source` and its like) does not count. Knows nothing of
//! what a difference means.

use std::collections::{BTreeMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value;

use crate::nodes::{self, NodeKind, Pointer};

/// A node in one version.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands there.
    pub pointer: Pointer,
    /// `None` for the document itself.
    pub kind: Option<NodeKind>,
    /// What it says itself, nodes inside of it left out: values by their place in it.
    pub own: BTreeMap<String, Value>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// Only the newer version has the node.
    Added(Node),
    /// Only the older version has the node.
    Removed(Node),
    /// Both have the node, and one member of it differs.
    Changed {
        /// In the older version.
        before: Box<Node>,
        /// In the newer version.
        after: Box<Node>,
        /// The member, such as `maxLength` or `required/email`.
        member: String,
        /// What it was.
        from: Option<Value>,
        /// What it is.
        to: Option<Value>,
    },
}

/// All differences, and the nodes that stand in both versions.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// In the order of the newer version, removed nodes last.
    pub differences: Vec<Difference>,
    /// Where nodes stand before and after.
    pub kept: Vec<(Pointer, Pointer)>,
}

/// Compares two specifications.
#[must_use]
pub fn compare(before: &Value, after: &Value) -> Comparison {
    let (old, new) = (nodes(before), nodes(after));
    let mut comparison = Comparison::default();
    for (key, node) in &new {
        let Some(known) = old.get(key) else {
            // What stands in an added node is part of it.
            if holder(key, &new).is_none_or(|holder| old.contains_key(holder)) {
                comparison.differences.push(Difference::Added(node.clone()));
            }
            continue;
        };
        comparison.kept.push((known.pointer.clone(), node.pointer.clone()));
        let members: HashSet<&String> = known.own.keys().chain(node.own.keys()).collect();
        let mut members: Vec<&String> = members.into_iter().collect();
        members.sort();
        for member in members {
            let (from, to) = (known.own.get(member), node.own.get(member));
            // A property that came or went took its place in the list of required ones with it.
            let moved = member.strip_prefix("required/").is_some_and(|name| {
                let property = format!("{key}/properties/{}", token(name));
                old.contains_key(&property) != new.contains_key(&property)
            });
            if from != to && !moved {
                let (from, to) = (from.cloned(), to.cloned());
                let (before, after) = (Box::new(known.clone()), Box::new(node.clone()));
                comparison.differences.push(Difference::Changed { before, after, member: member.clone(), from, to });
            }
        }
    }
    for (key, node) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
        if holder(key, &old).is_none_or(|holder| new.contains_key(holder)) {
            comparison.differences.push(Difference::Removed(node.clone()));
        }
    }
    comparison
}

/// The nearest node around the one called `key`.
fn holder<'a>(key: &'a str, nodes: &IndexMap<String, Node>) -> Option<&'a str> {
    let above =
        std::iter::successors(key.rsplit_once('/').map(|(above, _)| above), |key| key.rsplit_once('/').map(|(above, _)| above));
    above.into_iter().find(|above| nodes.contains_key(*above))
}

/// All nodes by names that hold when lists are sorted in another way: a parameter is known by its name.
#[must_use]
pub fn nodes(specification: &Value) -> IndexMap<String, Node> {
    let mut pointers: Vec<(Pointer, Option<NodeKind>)> = vec![(Pointer::default(), None)];
    nodes::visit(specification, |pointer, kind, _| pointers.push((pointer.clone(), Some(kind))));
    let all: HashSet<Pointer> = pointers.iter().map(|(pointer, _)| pointer.clone()).collect();
    let mut nodes = IndexMap::new();
    for (pointer, kind) in pointers {
        let Some(value) = specification.pointer(pointer.as_str()) else { continue };
        let mut own = BTreeMap::new();
        flatten(value, &pointer, "", &all, &mut own);
        let mut key = key(specification, &pointer);
        while nodes.contains_key(&key) {
            key.push_str(" again");
        }
        nodes.insert(key, Node { pointer, kind, own });
    }
    nodes
}

fn key(specification: &Value, pointer: &Pointer) -> String {
    let mut at = Pointer::default();
    let mut key = String::new();
    let mut list = false;
    for name in pointer.tokens() {
        at.push(&name);
        let named = if list { specification.pointer(at.as_str()).and_then(name_of) } else { None };
        list = matches!(name.as_str(), "parameters" | "tags");
        key.push('/');
        key.push_str(&token(&named.unwrap_or(name)));
    }
    key
}

fn name_of(entry: &Value) -> Option<String> {
    let name = entry.get("name")?.as_str()?;
    Some(match entry.get("in").and_then(Value::as_str) {
        Some(place) => format!("{place} {name}"),
        None => name.to_owned(),
    })
}

fn token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Provenance, which moves with every line that a document gains, and the line for whoever opens the file.
const PASSED_OVER: [&str; 4] = ["x-source", "x-basis", "x-reason", "x-generated"];

/// Lists whose entries may be nodes or references to such.
const LISTS: [&str; 5] = ["parameters", "tags", "allOf", "anyOf", "oneOf"];

/// Members that are compared as one value.
const WHOLE: [&str; 3] = ["example", "x-sample", "default"];

fn flatten(value: &Value, pointer: &Pointer, path: &str, nodes: &HashSet<Pointer>, own: &mut BTreeMap<String, Value>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    let last = path.rsplit('/').next().unwrap_or(path);
    match value {
        Value::Object(members) if !WHOLE.contains(&last) => {
            for (name, member) in members.iter().filter(|(name, _)| !PASSED_OVER.contains(&name.as_str())) {
                let at = pointer.join(name);
                if !nodes.contains(&at) {
                    flatten(member, &at, &below(name), nodes, own);
                }
            }
        }
        Value::Array(names) if path == "required" => {
            for name in names.iter().filter_map(Value::as_str) {
                own.insert(format!("required/{name}"), Value::Bool(true));
            }
        }
        Value::Array(entries) if LISTS.contains(&last) && entries.iter().all(Value::is_object) => {
            for (index, entry) in entries.iter().enumerate() {
                let at = pointer.join(&index.to_string());
                if !nodes.contains(&at) {
                    flatten(entry, &at, &below(&index.to_string()), nodes, own);
                }
            }
        }
        plain => {
            own.insert(path.to_owned(), plain.clone());
        }
    }
}
