//! What is documented as read-only and stands in a request all the same.
//!
//! The client sends what a record has: an object that was read is sent back whole. So `readOnly` only becomes a word of the
//! documentation, which is a loss wherever a request leads to the property.

use serde_json::{Map, Value};

use super::{Log, Names, walk};

pub(super) fn pass(document: &mut Value, _: &Names, log: &mut Log) {
    let sent = sent_components(document);
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten().filter(|(name, _)| sent.contains(name)) {
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (property, value) in properties.into_iter().flatten() {
            if walk::flag(value, "readOnly") {
                let at = walk::join(&format!("{}/properties", walk::join("/components/schemas", name)), property);
                log.loss(at, value, format!("`{property}` is read-only; the client sends it where the caller sets it"));
                if let Some(members) = value.as_object_mut() {
                    super::note(members, "read_only", "the vendor sets it; it is sent all the same where the caller sets it");
                }
            }
        }
    }
}

/// The components that requests lead to.
fn sent_components(document: &Value) -> Vec<String> {
    let Some(components) = document.pointer("/components/schemas").and_then(Value::as_object) else { return Vec::new() };
    let items = document.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let operations = items.filter_map(Value::as_object).flat_map(Map::values);
    let sent = walk::reachable(operations.filter_map(|operation| operation.get("requestBody")), components);
    sent.into_iter().map(str::to_owned).collect()
}
