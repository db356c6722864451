//! Which nodes of a specification an action has touched, and what they say about it.
//!
//! Takes a specification and the changes of one action, additions done and removals still to do. Returns the same
//! specification, its touched nodes marked. A node is touched where it was added, or where something of it was changed that is no node itself.

use indexmap::IndexSet;
use serde_json::{Map, Value};

use super::{
    Change,
    action::{Action, WEAK},
};
use crate::nodes::{self, Pointer};

/// Writes `x-source`, `x-basis`, `x-reason` and `x-confidence` into the nodes that `changes` touched.
pub(super) fn mark(specification: &mut Value, changes: &[Change], source: &str, action: &Action) {
    let mut touched: IndexSet<Pointer> = IndexSet::new();
    for change in changes {
        let (mut around, mut inside) = (None, Vec::new());
        nodes::visit_around(specification, &change.pointer, |pointer| match pointer {
            pointer if change.before.is_none() && pointer.is_within(&change.pointer) => inside.push(pointer.clone()),
            // What is removed is not itself touched.
            pointer if change.after.is_none() && *pointer == change.pointer => {}
            pointer if change.pointer.is_within(pointer) => around = Some(pointer.clone()),
            _ => {}
        });
        // An addition that holds nodes marks these, and not the node around them.
        if inside.is_empty() {
            touched.extend(around);
        }
        touched.extend(inside);
    }
    for pointer in touched {
        if let Some(Value::Object(object)) = specification.pointer_mut(pointer.as_str()) {
            stamp(object, source, &action.reason, action.weak);
        }
    }
}

fn stamp(object: &mut Map<String, Value>, source: &str, reason: &str, weak: bool) {
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
    if weak {
        object.insert("x-confidence".to_owned(), Value::from(WEAK));
    }
}
