//! One action on one value.
//!
//! Input: the value that an action selects, what is to become of it, and what it is expected to be. Output: the
//! changed value and each single change, or why the action does not fit. Knows nothing of OpenAPI.

use serde_json::Value;

use super::{
    Change,
    yaml::{Content, Node, describe},
};
use crate::{diagnostic::Diagnostic, nodes::Pointer};

/// Merges `update` into `value` as the Overlay Specification says: objects member by member, lists by appending.
pub(super) fn update(
    value: &mut Value,
    update: &Node,
    expect: Option<&Node>,
    at: &Pointer,
    changes: &mut Vec<Change>,
) -> Result<(), Diagnostic> {
    match value {
        Value::Array(array) => {
            append(array, update, at, changes);
            Ok(())
        }
        Value::Object(_) if matches!(update.kind, Content::Map(_)) => merge(value, update, expect, at, changes),
        _ => Err(Diagnostic::new(
            update.span,
            format!("the target at {at} is {}, it cannot be updated with {}", describe(value), update.describe()),
            "select the object that holds what is to change, and update that with a map",
        )),
    }
}

fn append(array: &mut Vec<Value>, entry: &Node, at: &Pointer, changes: &mut Vec<Change>) {
    let entry = entry.to_json();
    changes.push(Change { pointer: at.join(&array.len().to_string()), before: None, after: Some(entry.clone()) });
    array.push(entry);
}

fn merge(
    value: &mut Value,
    update: &Node,
    expect: Option<&Node>,
    at: &Pointer,
    changes: &mut Vec<Change>,
) -> Result<(), Diagnostic> {
    match (value, &update.kind) {
        (Value::Object(object), Content::Map(members)) => {
            for member in members {
                let at = at.join(&member.key);
                match object.get_mut(&member.key) {
                    Some(value) => {
                        let expect = expect.and_then(|expect| expect.get(&member.key)).map(|expected| &expected.node);
                        merge(value, &member.node, expect, &at, changes)?;
                    }
                    None => {
                        let added = member.node.to_json();
                        changes.push(Change { pointer: at, before: None, after: Some(added.clone()) });
                        object.insert(member.key.clone(), added);
                    }
                }
            }
            Ok(())
        }
        (Value::Array(array), Content::List(entries)) => {
            for entry in entries {
                append(array, entry, at, changes);
            }
            Ok(())
        }
        (value @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)), Content::Scalar(new)) => {
            if same(value, new) {
                return Ok(());
            }
            if expect.is_none() {
                return Err(Diagnostic::new(
                    update.span,
                    format!("this replaces {} at {at}, and `x-expect` does not say so", shown(value)),
                    format!("give the value that is replaced under `x-expect`, in the form of `update`: {}", shown(value)),
                ));
            }
            changes.push(Change { pointer: at.clone(), before: Some(value.clone()), after: Some(new.clone()) });
            *value = new.clone();
            Ok(())
        }
        (value, _) => Err(Diagnostic::new(
            update.span,
            format!("at {at} stands {}, it cannot be merged with {}", describe(value), update.describe()),
            "remove the old value in an action of its own, then add the new one",
        )),
    }
}

/// Whether what `expect` says of `value` holds: of an object only the members that it names, of all else the whole.
pub(super) fn verify(value: &Value, expect: &Node, at: &Pointer) -> Result<(), Diagnostic> {
    match (value, &expect.kind) {
        (Value::Object(object), Content::Map(members)) => {
            if members.is_empty() && !object.is_empty() {
                return Err(Diagnostic::new(expect.span, "`x-expect` says nothing", "name the members that show what is meant"));
            }
            members.iter().try_for_each(|member| {
                let at = at.join(&member.key);
                match object.get(&member.key) {
                    Some(value) => verify(value, &member.node, &at),
                    None => Err(out_of_date(&member.node, "nothing", &at)),
                }
            })
        }
        (Value::Array(array), Content::List(entries)) if array.len() == entries.len() => array
            .iter()
            .zip(entries)
            .enumerate()
            .try_for_each(|(index, (value, entry))| verify(value, entry, &at.join(&index.to_string()))),
        (value, Content::Scalar(expected)) if same(value, expected) => Ok(()),
        _ => Err(out_of_date(expect, &shown(value), at)),
    }
}

fn out_of_date(expect: &Node, found: &str, at: &Pointer) -> Diagnostic {
    Diagnostic::new(
        expect.span,
        format!("this correction is out of date: at {at} it expects {}, and there is {found}", shown(&expect.to_json())),
        "look whether the documents say it right by now: if so, delete the action; if not, correct `x-expect`",
    )
}

/// Numbers are the same where their values are: YAML and JSON may write one differently.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

/// A value in one line, cut to what a message can carry.
pub(super) fn shown(value: &Value) -> String {
    const MOST: usize = 120;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((cut, _)) => format!("`{}…`", text.get(..cut).unwrap_or_default()),
        None => format!("`{text}`"),
    }
}
