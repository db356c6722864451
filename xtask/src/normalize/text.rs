//! Descriptions that stay text wherever they are put.
//!
//! A description is untrusted Markdown; `markup` makes of it what may stand in a doc comment. The API's title is a name,
//! which is escaped where it is written. Other titles go: they would override the names of types.

use serde_json::Value;

use super::{Log, Names};
use crate::markup::clean;

pub(super) fn pass(document: &mut Value, _: &Names, _: &mut Log) {
    let Some(document) = document.as_object_mut() else { return };
    for (key, value) in document.iter_mut() {
        // `info.title` is a name, any other title is a second one.
        let title = if key == "info" { value.get("title").cloned() } else { None };
        texts(value);
        if let (Some(title @ Value::String(_)), Some(info)) = (title, value.as_object_mut()) {
            info.insert("title".to_owned(), title);
        }
    }
}

fn texts(node: &mut Value) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(texts),
        Value::Object(members) => {
            if members.get("title").is_some_and(Value::is_string) {
                members.shift_remove("title");
            }
            for (key, value) in members.iter_mut() {
                match (key.as_str(), value) {
                    ("example" | "examples" | "default" | "enum", _) => {}
                    ("description" | "summary", Value::String(text)) => *text = clean(text),
                    (_, value) => texts(value),
                }
            }
        }
        _ => {}
    }
}
