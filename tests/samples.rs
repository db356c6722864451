//! Every JSON sample of the committed specifications goes through the generated types and comes back equal.
//!
//! Equal as JSON: nulls, empty lists, properties that nobody documented, the digits of timestamps and of numbers. Each
//! sample also goes through twisted in many ways, since responses differ from samples.

use std::collections::BTreeSet;

use client_core::serde::{Serialize, de::DeserializeOwned};
use serde_json::{Error, Map, Value, json};

use crate::support::{
    calls::{self, Setup},
    socket::Recorder,
    workspace,
};

type Through = fn(&str) -> Result<String, Error>;

/// The type of each schema that a sample is of, a list of them in brackets.
const TYPES: [(&str, &str, Through); 13] = [
    ("superoffice", "User", through::<superoffice::types::User>),
    ("twosms", "ResponseOfUser", through::<twosms::types::ResponseOfUser>),
    ("twosms", "User", through::<twosms::types::User>),
    ("vbasoftware", "BatchEnvelope", through::<vbasoftware::types::BatchEnvelope>),
    ("vbasoftware", "ChangeTemporaryPasswordRequest", through::<vbasoftware::types::ChangeTemporaryPasswordRequest>),
    ("vbasoftware", "ConfirmForgotPasswordRequest", through::<vbasoftware::types::ConfirmForgotPasswordRequest>),
    ("vbasoftware", "Envelope", through::<vbasoftware::types::Envelope>),
    ("vbasoftware", "ForgotPasswordRequest", through::<vbasoftware::types::ForgotPasswordRequest>),
    ("vbasoftware", "SubmitMFACodeRequest", through::<vbasoftware::types::SubmitMfaCodeRequest>),
    ("vbasoftware", "TextEnvelope", through::<vbasoftware::types::TextEnvelope>),
    ("vbasoftware", "User", through::<vbasoftware::types::User>),
    ("vbasoftware", "UserChangePasswordRequest", through::<vbasoftware::types::UserChangePasswordRequest>),
    ("vbasoftware", "UserEnvelope", through::<vbasoftware::types::UserEnvelope>),
];

/// Lists that are bodies by themselves.
const LISTS: [(&str, &str, Through); 1] = [("vbasoftware", "[User]", through::<client_core::List<vbasoftware::types::User>>)];

fn through<T: Serialize + DeserializeOwned>(text: &str) -> Result<String, Error> {
    serde_json::to_string(&serde_json::from_str::<T>(text)?)
}

#[test]
fn the_table_of_types_covers_every_sample_and_no_more() {
    let sampled: BTreeSet<_> = samples().into_iter().map(|sample| (sample.vendor, sample.schema)).collect();
    let listed = TYPES.iter().chain(&LISTS).map(|(vendor, schema, _)| ((*vendor).to_owned(), (*schema).to_owned()));
    assert_eq!(sampled, listed.collect());
}

#[test]
fn samples_come_back_equal() {
    for sample in samples() {
        sample.check(&sample.value, "as documented");
    }
}

#[test]
fn samples_come_back_equal_with_properties_that_nobody_documented() {
    let unknown = json!({ "deep": [null, { "a": 1.50, "b": 100.0, "c": 12345678901234567890_u64 }], "": "\u{202e}\"\\\n" });
    for sample in samples() {
        each_place(&sample.value, &mut |pointer, value| {
            if value.is_object() && !is_dictionary(pointer) {
                let mut twisted = sample.value.clone();
                let members = twisted.pointer_mut(pointer).and_then(Value::as_object_mut).expect("the same place");
                members.insert("x Unknown-property".to_owned(), unknown.clone());
                // One whose name differs from a documented one by its case alone.
                if let Some(name) = value.as_object().and_then(|members| members.keys().next()) {
                    members.insert(name.to_uppercase() + "_", Value::Null);
                    members.insert(swapped(name), Value::from("another"));
                }
                sample.check(&twisted, &format!("with unknown properties at {pointer:?}"));
            }
        });
    }
}

#[test]
fn samples_come_back_equal_with_any_property_null_or_absent() {
    for sample in samples() {
        each_place(&sample.value, &mut |pointer, _| {
            let Some((parent, name)) = pointer.rsplit_once('/') else { return };
            let mut twisted = sample.value.clone();
            if let Some(members) = twisted.pointer_mut(parent).and_then(Value::as_object_mut) {
                members[name] = Value::Null;
                sample.check(&twisted, &format!("with null at {pointer:?}"));
                let members = twisted.pointer_mut(parent).and_then(Value::as_object_mut).expect("as above");
                members.remove(name);
                sample.check(&twisted, &format!("without {pointer:?}"));
            }
        });
    }
}

#[test]
fn samples_come_back_equal_with_empty_and_longer_lists_and_texts() {
    for sample in samples() {
        each_place(&sample.value, &mut |pointer, value| {
            let others = match value {
                Value::Array(items) => vec![json!([]), items.iter().chain(items).cloned().collect()],
                Value::String(_) => vec![json!(""), json!("\u{0}\u{1f600} \"\\/\u{2028}"), json!("x".repeat(70_000))],
                Value::Number(number) if number.is_f64() => vec![json!(0.1), json!(100.0), json!(1e300), json!(-0.0)],
                Value::Number(_) => vec![json!(0), json!(-1), json!(i32::MAX)],
                Value::Object(_) if !pointer.is_empty() => vec![json!({})],
                _ => Vec::new(),
            };
            for other in others {
                let mut twisted = sample.value.clone();
                *twisted.pointer_mut(pointer).expect("the same place") = other;
                sample.check(&twisted, &format!("with another value at {pointer:?}"));
            }
        });
    }
}

/// One value of each kind, and numbers that no documented type takes.
fn kinds() -> [Value; 8] {
    [json!(true), json!(7), json!(-1.5), json!(1e30), json!(99_999_999_999_i64), json!("text"), json!([]), json!({})]
}

#[test]
fn what_does_not_fit_is_named_by_its_pointer() {
    let mut named = 0;
    for sample in samples() {
        each_place(&sample.value, &mut |pointer, _| {
            for other in kinds() {
                let mut twisted = sample.value.clone();
                *twisted.pointer_mut(pointer).expect("the same place") = other.clone();
                let Err(error) = sample.through(&twisted) else { continue };
                let text = error.to_string();
                let at = text.strip_prefix("at ").and_then(|text| text.split_once(": ")).map_or("", |(at, _)| at);
                assert_eq!(at, pointer, "{} {} with {other}: {text}", sample.vendor, sample.at);
                named += 1;
            }
        });
    }
    assert!(named > 1000, "{named} are too few");
}

#[test]
fn nulls_in_lists_come_back_where_they_stood() {
    let mut lists = 0;
    for sample in samples() {
        each_place(&sample.value, &mut |pointer, value| {
            let Some(items) = value.as_array() else { return };
            for place in 0..=items.len() {
                let mut twisted = sample.value.clone();
                let items = twisted.pointer_mut(pointer).and_then(Value::as_array_mut).expect("the same place");
                items.insert(place, Value::Null);
                // A body that is a list by itself is sent, and never comes.
                if !pointer.is_empty() {
                    sample.check(&twisted, &format!("with null as item {place} of {pointer:?}"));
                    lists += 1;
                }
            }
        });
    }
    assert!(lists > 10, "{lists} are too few");
}

#[test]
fn what_only_a_sample_shows_may_be_anything() {
    let specifications = workspace::specifications();
    let mut twists = 0;
    for sample in samples() {
        let (_, document) =
            specifications.iter().find(|(vendor, _)| *vendor == sample.vendor).expect("the sample's specification");
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        let is_sampled = |name: &str| {
            let mut properties = schemas.values().filter_map(|schema| schema["properties"].get(name)).peekable();
            properties.peek().is_some() && properties.all(|property| property["x-basis"] == "sample")
        };
        each_place(&sample.value, &mut |pointer, _| {
            let name = pointer.rsplit('/').next().unwrap_or_default();
            for other in kinds().into_iter().filter(|_| is_sampled(name)) {
                let mut twisted = sample.value.clone();
                *twisted.pointer_mut(pointer).expect("the same place") = other.clone();
                sample.check(&twisted, &format!("with {other} at {pointer:?}"));
                twists += 1;
            }
        });
    }
    assert!(twists > 100, "{twists} are too few");
}

/// Timestamps as vendors write them, some of them no RFC 3339.
const TIMESTAMPS: [&str; 8] = [
    "2024-03-28T08:12:49.3595132+00:00",
    "2024-03-28T08:12:49.1000000Z",
    "2024-03-28T08:12:49.000+05:30",
    "2024-03-28t08:12:49z",
    "2024-03-28T08:12:49.123456789012-11:00",
    "2024-03-28T08:12:49",
    "0001-01-01T00:00:00",
    "2024-03-28",
];

#[test]
fn timestamps_come_back_digit_by_digit() {
    let mut timestamps = 0;
    for sample in samples() {
        each_place(&sample.value, &mut |pointer, value| {
            if value.as_str().is_some_and(|text| text.starts_with("20") && text.contains('T')) {
                for timestamp in TIMESTAMPS {
                    let mut twisted = sample.value.clone();
                    *twisted.pointer_mut(pointer).expect("the same place") = timestamp.into();
                    sample.check(&twisted, &format!("with {timestamp} at {pointer:?}"));
                    timestamps += 1;
                }
            }
        });
    }
    assert!(timestamps > 100, "{timestamps} are too few");
}

#[test]
fn numbers_come_back_digit_by_digit() {
    for number in ["100", "100.0", "100.00", "1e2", "0.10", "12345678901234567890.123456789"] {
        let text = format!(r#"{{"claim_Maximum":{number}}}"#);
        assert_eq!(through::<vbasoftware::types::User>(&text).expect("a number"), text);
    }
}

#[tokio::test]
async fn reading_a_user_and_changing_one_field_changes_that_field_only() {
    let sample = samples().into_iter().find(|sample| (sample.vendor.as_str(), sample.schema.as_str()) == ("vbasoftware", "User"));
    let mut stored = sample.expect("a sample of a user").value;
    stored["fax"] = Value::Null;
    stored["claim_Maximum"] = json!(100.0);
    stored["update_Date"] = json!("2019-08-24T14:15:22.1234500-07:00");
    stored["new_Property"] = json!({ "a": [null, 1.5] });
    let members: &mut Map<String, Value> = stored.as_object_mut().expect("an object");
    members.remove("zip_Code");
    let recorder = Recorder::start(&[(200, &json!({ "data": stored, "error": null, "debug": null }).to_string())]).await;

    let setup = Setup { url: recorder.url(), schemes: vec!["apiKeyAuth".to_owned(), "bearerAuth".to_owned()], without: None };
    let client = calls::vbasoftware(&setup).expect("a client");
    let mut user = client.get_user("ann").await.expect("a user").into_body().data.into_option().expect("the user");
    user.city.set("Oslo");
    client.update_user("ann", &user).await.expect("a response");

    let sent: Value = serde_json::from_str(&recorder.requests()[1].body).expect("JSON");
    stored["city"] = json!("Oslo");
    assert_eq!(sent, stored);
}

/// A JSON sample and where it stands.
struct Sample {
    vendor: String,
    at: String,
    schema: String,
    value: Value,
}

impl Sample {
    fn through(&self, value: &Value) -> Result<String, Error> {
        let mut types = TYPES.iter().chain(&LISTS);
        let listed = types.find(|(vendor, schema, _)| (*vendor, *schema) == (self.vendor.as_str(), self.schema.as_str()));
        let (_, _, through) = listed.unwrap_or_else(|| panic!("{} of {} has no type in the table", self.schema, self.vendor));
        through(&value.to_string())
    }

    fn check(&self, value: &Value, how: &str) {
        let at = format!("{} {} {how}", self.vendor, self.at);
        let back = self.through(value).unwrap_or_else(|error| panic!("{at}: {error}"));
        let back: Value = serde_json::from_str(&back).unwrap_or_else(|error| panic!("{at}: {error}"));
        assert_eq!(&back, value, "{at}");
    }
}

/// Every sample of a JSON media type, wherever it stands.
fn samples() -> Vec<Sample> {
    fn walk(vendor: &str, at: &str, node: &Value, found: &mut Vec<Sample>) {
        if let Some(content) = node.get("content").and_then(Value::as_object) {
            for (media, node) in content.iter().filter(|(media, _)| media.contains("json")) {
                let schema = &node["schema"];
                let name =
                    |schema: &Value| schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()).map(ToOwned::to_owned);
                let schema = name(schema).or_else(|| Some(format!("[{}]", name(&schema["items"])?)));
                let examples = node["examples"].as_object().into_iter().flat_map(Map::values).map(|example| &example["value"]);
                for value in ["example", "x-sample"].into_iter().filter_map(|key| node.get(key)).chain(examples) {
                    let at = format!("{at} {media}");
                    let schema = schema.clone().unwrap_or_else(|| panic!("{at}: a sample of a schema without a name"));
                    found.push(Sample { vendor: vendor.to_owned(), at, schema, value: value.clone() });
                }
            }
        }
        match node {
            Value::Object(members) => {
                members.iter().for_each(|(name, member)| walk(vendor, &format!("{at}/{name}"), member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(vendor, at, item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for (vendor, document) in workspace::called() {
        walk(&vendor, "", &document["paths"], &mut found);
        walk(&vendor, "", &document["components"], &mut found);
    }
    found
}

/// Whether an object is a dictionary, whose members all have the documented type and are no properties.
fn is_dictionary(pointer: &str) -> bool {
    ["CustomFields", "ExtraFields", "FieldProperties"].iter().any(|name| pointer.ends_with(name))
}

/// Calls `see` with the pointer and the value of every place, the root first.
fn each_place(value: &Value, see: &mut dyn FnMut(&str, &Value)) {
    fn walk(at: &str, value: &Value, see: &mut dyn FnMut(&str, &Value)) {
        see(at, value);
        match value {
            Value::Object(members) => members.iter().for_each(|(name, member)| walk(&format!("{at}/{name}"), member, see)),
            Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| walk(&format!("{at}/{index}"), item, see)),
            _ => {}
        }
    }
    walk("", value, see);
}

/// A name with its first letter in the other case.
fn swapped(name: &str) -> String {
    let (first, rest) = name.split_at(name.chars().next().map_or(0, char::len_utf8));
    if first.to_lowercase() == first { first.to_uppercase() + rest } else { first.to_lowercase() + rest }
}
