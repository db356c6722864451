//! What each node of a specification says itself.
//!
//! Input: a specification. Output: its nodes by names that hold when lists are sorted in another way. Where a node comes from
//! (`x-source` and its like) does not count. Knows nothing of other versions.

use std::collections::{BTreeMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value;

use crate::nodes::{self, NodeKind, Pointer, escape};

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
        key.push_str(&escape(&named.unwrap_or(name)));
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

/// Provenance, which moves with every line that a document gains, and the line that says what made the file.
const PASSED_OVER: [&str; 4] = ["x-source", "x-basis", "x-reason", "x-generated"];

/// Lists whose entries may be nodes or references to such.
const LISTS: [&str; 5] = ["parameters", "tags", "allOf", "anyOf", "oneOf"];

/// Members that are compared as one value.
const WHOLE: [&str; 4] = ["example", "x-sample", "default", "x-default"];

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
