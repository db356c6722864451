//! Conversations of identity providers with the gateway, over sockets: each file is one, held at every instance that it names.
//!
//! A step is sent and its response compared: `status` and `expect` (values by JSON pointer) may differ by instance (`at`). What a
//! step keeps (`keep`) stands in double braces in those behind it; `each` repeats a step for every word of a list.

use std::collections::BTreeMap;
use std::path::Path;

use provisioning::config::{Authority, Mapping};
use provisioning::mapping::Expression;
use provisioning::place::Place;
use scim_gateway::InstanceSettings;
use scim_gateway::settings::{Adopt, OnDelete};
use serde_json::Value as Json;
use vendor_users::Attribute;

use crate::support::{Response, Served, encoded, instances};

/// What has been kept, by name.
type Kept = BTreeMap<String, String>;

#[tokio::test]
async fn identity_providers_are_answered_as_they_expect() {
    assert!(hold_all("tests/conversations").await >= 4);
}

#[tokio::test]
async fn the_tables_of_the_standard_hold() {
    assert!(hold_all("tests/rfc").await >= 6);
}

/// Holds all conversations of a folder, and returns how many there were.
async fn hold_all(folder: &str) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    files.sort();
    for file in &files {
        let text = std::fs::read_to_string(file).expect("text");
        let conversation: Json = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        for instance in conversation["at"].as_array().expect("instances").iter().filter_map(Json::as_str) {
            hold(&format!("{name} at {instance}"), instance, &conversation).await;
        }
    }
    files.len()
}

async fn hold(name: &str, instance: &str, conversation: &Json) {
    let all = instances::all().await.expect("emulators");
    let served = Served::start(all, settings(&conversation["settings"])).await;
    let mut kept = Kept::new();
    for step in conversation["steps"].as_array().expect("steps") {
        for word in step["each"].as_array().unwrap_or(&vec![Json::Null]) {
            kept.insert("each".to_owned(), word.as_str().unwrap_or_default().to_owned());
            let said = filled(step, &kept);
            let response = send(&served, instance, &said).await;
            compare(&format!("{name}: {} {}", said["send"], said["query"]), instance, &said, &response);
            for (name, pointer) in members(&said["keep"]) {
                let value = response.body.pointer(pointer.as_str().unwrap_or_default()).and_then(Json::as_str);
                kept.insert(name, value.unwrap_or_else(|| panic!("{pointer} in {response:?}")).to_owned());
            }
        }
    }
}

async fn send(served: &Served, instance: &str, step: &Json) -> Response {
    let (method, path) = step["send"].as_str().and_then(|send| send.split_once(' ')).expect("a method and a path");
    let query: Vec<String> = members(&step["query"])
        .map(|(name, value)| format!("{name}={}", encoded(&value.as_str().map_or_else(|| value.to_string(), str::to_owned))))
        .collect();
    let path = format!("v/{instance}/{path}{}{}", if query.is_empty() { "" } else { "?" }, query.join("&"));
    let headers: Vec<(String, String)> =
        members(&step["headers"]).map(|(name, value)| (name, value.as_str().unwrap_or_default().to_owned())).collect();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    served.request(method, &path, &headers, &step["body"]).await
}

fn compare(name: &str, instance: &str, step: &Json, response: &Response) {
    let own = |what: &str| {
        let own = step.pointer(&format!("/by_instance/{instance}/{what}"));
        own.unwrap_or(&step[what]).clone()
    };
    let context = format!("{name}\n{response:#?}");
    assert_eq!(Json::from(response.status), own("status"), "{context}");
    for (pointer, expected) in members(&own("expect")) {
        let found = response.body.pointer(&pointer).unwrap_or(&Json::Null);
        assert_eq!(*found, expected, "{pointer}: {context}");
    }
    for pointer in own("absent").as_array().into_iter().flatten().filter_map(Json::as_str) {
        assert_eq!(response.body.pointer(pointer), None, "{pointer}: {context}");
    }
    for (pointer, part) in members(&own("contains")) {
        let found = response.body.pointer(&pointer).and_then(Json::as_str).unwrap_or_default();
        assert!(found.contains(part.as_str().unwrap_or_default()), "{pointer}: {context}");
    }
    for (header, expected) in members(&own("expect_headers")) {
        assert_eq!(response.headers.get(&header).map(String::as_str), expected.as_str(), "{header}: {context}");
    }
    if let Some(names) = own("names").as_array() {
        let found = response.body["Resources"].as_array().into_iter().flatten().map(|user| user["userName"].clone());
        assert_eq!(found.collect::<Vec<_>>(), *names, "{context}");
    }
    if response.status >= 400 {
        assert_eq!(response.body["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:Error", "{context}");
        assert_eq!(response.body["status"], response.status.to_string(), "{context}");
        assert!(response.body["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{context}");
    }
}

fn settings(json: &Json) -> InstanceSettings {
    let mut settings = InstanceSettings::default();
    if json["adopt"] == "matching" {
        settings = settings.adopt(Adopt::Matching);
    }
    if json["on_delete"] == "delete" {
        settings = settings.on_delete(OnDelete::Delete);
    }
    if let Some(limit) = json["max_deactivations_per_hour"].as_u64() {
        settings = settings.max_deactivations_per_hour(Some(limit));
    }
    let mapping = |(name, text): (String, Json)| {
        let attribute: Attribute = name.parse().expect("an attribute");
        let expression = Expression::compile(text.as_str().unwrap_or_default(), Place::default()).expect("an expression");
        (attribute, Mapping { expression, authority: Authority::Always })
    };
    settings.map(members(&json["map"]).map(mapping))
}

fn members(json: &Json) -> impl Iterator<Item = (String, Json)> {
    json.as_object().cloned().unwrap_or_default().into_iter()
}

/// The step with what was kept in its place.
fn filled(step: &Json, kept: &Kept) -> Json {
    match step {
        Json::String(text) => {
            Json::from(kept.iter().fold(text.clone(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value)))
        }
        Json::Array(elements) => elements.iter().map(|element| filled(element, kept)).collect(),
        Json::Object(members) => members.iter().map(|(name, value)| (name.clone(), filled(value, kept))).collect(),
        other => other.clone(),
    }
}
