//! Which nodes of a specification an action has touched, and what they say about it.
//!
//! Enters: a specification and the changes of one action, additions done and removals still to do. Leaves: the same specification, its touched
//! nodes marked. A node is touched where it was added, or where something of it was changed that is no node itself.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Change;
use crate::nodes::{self, Pointer};

/// Writes `x-source`, `x-basis` and `x-reason` into the nodes that `changes` touched.
pub(super) fn mark(specification: &mut Value, changes: &[Change], source: &str, reason: &str) {
    let added: HashSet<&str> =
        changes.iter().filter(|change| change.before.is_none()).map(|change| change.pointer.as_str()).collect();
    let mut all = HashSet::new();
    let mut touched = Vec::new();
    // Additions that hold nodes mark these, and not the node around them.
    let mut told = HashSet::new();
    nodes::visit(specification, |pointer, _, _| {
        all.insert(pointer.as_str().to_owned());
        if let Some(addition) = upwards(pointer.as_str()).find(|above| added.contains(above)) {
            told.insert(addition.to_owned());
            touched.push(pointer.clone());
        }
    });
    let mut around = HashSet::new();
    for change in changes {
        let text = change.pointer.as_str();
        if change.before.is_none() && told.contains(text) {
            continue;
        }
        // What is removed is not itself touched.
        let from = usize::from(change.after.is_none());
        if let Some(node) = upwards(text).skip(from).find(|above| all.contains(*above))
            && around.insert(node.to_owned())
        {
            touched.extend(Pointer::parse(node));
        }
    }
    for pointer in touched {
        if let Some(Value::Object(object)) = specification.pointer_mut(pointer.as_str()) {
            stamp(object, source, reason);
        }
    }
}

/// The pointer and all those above it, the nearest first.
fn upwards(pointer: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pointer), |pointer| pointer.rsplit_once('/').map(|(above, _)| above))
}

fn stamp(object: &mut Map<String, Value>, source: &str, reason: &str) {
    let source = Value::from(source);
    // Taken in place, so that members keep their order.
    let sources = match object.get_mut("x-source").map(Value::take) {
        None => source,
        Some(Value::Array(mut sources)) => {
            if !sources.contains(&source) {
                sources.push(source);
            }
            Value::Array(sources)
        }
        Some(before) if before == source => source,
        Some(before) => Value::Array(vec![before, source]),
    };
    let reasons = match object.get("x-reason").and_then(Value::as_str) {
        None => reason.to_owned(),
        Some(before) if before.contains(reason) => before.to_owned(),
        Some(before) => format!("{} {reason}", super::ended(before)),
    };
    object.insert("x-source".to_owned(), sources);
    object.insert("x-basis".to_owned(), Value::from("overlay"));
    object.insert("x-reason".to_owned(), Value::from(reasons));
}
