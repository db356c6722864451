//! One media type per body, and that is JSON.
//!
//! `application/json`, `text/json` and anything that ends in `+json` (patches aside) are JSON, with whatever parameters.
//! JSON without a schema gets the empty one: any value. An operation that takes a body and no JSON is left out.

use serde_json::{Map, Value, json};

use super::{Log, Names, walk};

/// The one name that the copy uses.
const JSON: &str = "application/json";

/// Marks an operation that the copy cannot hold, until all have been looked at.
const LEFT_OUT: &str = "x-left-out";

pub(super) fn pass(document: &mut Value, _: &Names, log: &mut Log) {
    walk::operations(document, |pointer, _, _, operation| {
        if let Some(body) = operation.get_mut("requestBody") {
            let had = body.get("content").and_then(Value::as_object).is_some_and(|content| !content.is_empty());
            if !one(&format!("{pointer}/requestBody"), body, log) && had {
                log.loss(pointer, body, "the operation takes no JSON, and the client speaks JSON only".to_owned());
                operation.insert(LEFT_OUT.to_owned(), true.into());
                return;
            }
        }
        if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
            for (status, response) in responses.iter_mut() {
                one(&walk::join(&format!("{pointer}/responses"), status), response, log);
            }
        }
    });
    for item in document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        if let Some(item) = item.as_object_mut() {
            item.retain(|_, operation| operation.get(LEFT_OUT).is_none());
        }
    }
}

/// Leaves the best JSON in `holder`, or nothing; says whether there is any.
fn one(pointer: &str, holder: &mut Value, log: &mut Log) -> bool {
    let Some(holder) = holder.as_object_mut() else { return false };
    let Some(Value::Object(content)) = holder.shift_remove("content") else { return false };
    let best = content.keys().filter_map(|name| rank(name).map(|rank| (rank, name))).min().map(|(_, name)| name.clone());
    let mut kept = None;
    for (name, mut media) in content {
        if Some(&name) == best.as_ref() {
            if let Some(media) = media.as_object_mut() {
                media.entry("schema").or_insert_with(|| json!({}));
                if name != JSON {
                    media.insert("x-media-type".to_owned(), name.into());
                }
            }
            kept = Some(media);
        } else if rank(&name).is_none() {
            let at = walk::join(&format!("{pointer}/content"), &name);
            log.loss(&at, &media, format!("`{name}` is documented; the client speaks JSON only"));
        }
    }
    let Some(kept) = kept else { return false };
    holder.insert("content".to_owned(), Value::Object(Map::from_iter([(JSON.to_owned(), kept)])));
    true
}

/// How well a media type stands for JSON, the least the best; `None` where it does not.
fn rank(media_type: &str) -> Option<usize> {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        JSON => Some(0),
        "text/json" => Some(1),
        "application/json-patch+json" | "application/merge-patch+json" => None,
        "*/*" | "application/*" => Some(3),
        other => other.ends_with("+json").then_some(2),
    }
}
