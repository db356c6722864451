//! References and plain schemas in place of compositions.
//!
//! `allOf` around one reference becomes that reference, with description and source beside it (which OpenAPI 3.0 forbids
//! and the copy needs); `allOf` of objects becomes one object; `anyOf` and `oneOf` of one member become that member, of
//! several become an unknown value, which is a loss.

use serde_json::{Map, Value};

use super::{Log, Names, walk};

/// Deepest nesting of `allOf` that is followed, so that schemas that contain themselves end.
const DEPTH: usize = 16;

pub(super) fn pass(document: &mut Value, _: &Names, log: &mut Log) {
    // Only several parts are merged, which few documents have; the components are copied for them alone.
    let components = document.pointer("/components/schemas").filter(|_| merges(document)).cloned().unwrap_or_default();
    walk::schemas(document, &mut |at, schema| {
        let Some(members) = schema.as_object_mut() else { return };
        // What a composition unfolds to may be one itself.
        let _ = (0..DEPTH).take_while(|_| unfold(at, members, &components, log)).count();
    });
}

/// Whether an `allOf` anywhere in `value` is more than a reference with something beside it.
fn merges(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            let parts = members.get("allOf").and_then(Value::as_array);
            parts.is_some_and(|parts| is_merge(parts, members)) || members.values().any(merges)
        }
        Value::Array(items) => items.iter().any(merges),
        _ => false,
    }
}

fn is_merge(parts: &[Value], beside: &Map<String, Value>) -> bool {
    parts.len() != 1 || beside.contains_key("properties")
}

/// Whether there was anything to unfold.
fn unfold(at: &walk::At<'_>, members: &mut Map<String, Value>, components: &Value, log: &mut Log) -> bool {
    members.shift_remove("not");
    members.shift_remove("discriminator");
    let mut found = false;
    for key in ["oneOf", "anyOf"] {
        let Some(Value::Array(choices)) = members.shift_remove(key) else { continue };
        found = true;
        match choices.as_slice() {
            [only] => put(members, only.clone()),
            _ => {
                let beside = Value::Object(members.clone());
                log.loss(at, &beside, format!("`{key}` of several types; the client reads any value"));
                members.retain(|key, _| key.starts_with("x-") || key == "description");
                super::note(members, "compositions", format_args!("`{key}` of several types is any value"));
            }
        }
    }
    if let Some(Value::Array(parts)) = members.shift_remove("allOf") {
        found = true;
        if is_merge(&parts, members) {
            for (index, part) in parts.iter().enumerate() {
                let at = || at.member("allOf").item(index).to_string();
                merge(members, part, components, &at, DEPTH);
            }
            super::note(members, "compositions", "the parts of `allOf` are one object");
        } else {
            parts.into_iter().for_each(|only| put(members, only));
        }
    }
    found
}

/// `inner` with what stood around it.
fn put(members: &mut Map<String, Value>, inner: Value) {
    let Value::Object(inner) = inner else { return };
    for (key, value) in inner {
        members.entry(key).or_insert(value);
    }
}

/// Adds what `part` says, which stands `at` a place or refers to another one.
fn merge(members: &mut Map<String, Value>, part: &Value, components: &Value, at: &dyn Fn() -> String, depth: usize) {
    let named = walk::component_of(part).and_then(|name| Some((name, components.get(name)?)));
    let target = named.map_or(part, |(_, target)| target);
    let at = || named.map_or_else(at, |(name, _)| walk::join("/components/schemas", name));
    let Some(part) = target.as_object() else { return };
    if let (Some(Value::Array(parts)), Some(depth)) = (part.get("allOf"), depth.checked_sub(1)) {
        for (index, part) in parts.iter().enumerate() {
            merge(members, part, components, &|| format!("{}/allOf/{index}", at()), depth);
        }
    }
    for (key, value) in part {
        match (key.as_str(), value) {
            ("allOf" | "$ref", _) => {}
            ("properties", Value::Object(theirs)) => {
                if let Value::Object(mine) = members.entry("properties").or_insert_with(|| Value::Object(Map::new())) {
                    let at = format!("{}/properties", at());
                    for (name, property) in theirs {
                        mine.entry(name).or_insert_with(|| remembering(property, &walk::join(&at, name)));
                    }
                }
            }
            ("required", Value::Array(theirs)) => {
                if let Value::Array(mine) = members.entry("required").or_insert_with(|| Value::Array(Vec::new())) {
                    mine.extend(theirs.iter().filter(|name| !mine.contains(name)).cloned().collect::<Vec<_>>());
                }
            }
            _ => {
                members.entry(key).or_insert_with(|| value.clone());
            }
        }
    }
}

/// A property that moves to another object, and where it stood.
fn remembering(property: &Value, at: &str) -> Value {
    let mut property = property.clone();
    if let Some(members) = property.as_object_mut() {
        members.entry("x-pointer").or_insert_with(|| Value::String(at.to_owned()));
    }
    property
}
