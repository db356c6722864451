//! The documents' own samples against what the documents say.
//!
//! Input: a specification whose media types and schemas carry `example`. Output: the same, in which a sample that breaks the
//! schema it stands beside, or hides what the schema requires, is `x-sample` instead, since OpenAPI's `example` promises
//! to be an instance; likewise a `default`, which is `x-default` then; and what they break, with both places. Knows nothing of documents: it only compares one node with another.

use regress::Regex;
use serde_json::{Map, Number, Value};

use crate::nodes::{self, NodeKind, Pointer, sources};

/// A sample that breaks its own documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The property, such as `User.EmailAddress`, or the body.
    pub subject: String,
    /// What the sample breaks.
    pub rule: String,
    /// Which member was the sample.
    member: &'static str,
    /// `x-source` of the media type and of the schema.
    pub places: Vec<String>,
}

impl Broken {
    /// What was found and decided.
    #[must_use]
    pub fn text(&self) -> String {
        let (what, kept) = if self.member == "default" { ("default", "x-default") } else { ("sample", "x-sample") };
        format!("in the document's own {what} it {}: what is said counts, and the {what} is kept as `{kept}`", self.rule)
    }
}

/// References may go in circles; a sample that is nested deeper is compared down to here.
const MAX_DEPTH: usize = 60;

/// Tells the samples that break their schemas from those that do not.
pub fn settle(specification: &mut Value) -> Vec<Broken> {
    let mut broken = Vec::new();
    let mut moved = Vec::new();
    nodes::visit(specification, |pointer, kind, node| {
        for member in ["example", "default"] {
            let Some(example) = node.get(member) else { continue };
            let sent = pointer.tokens().any(|token| token == "requestBody");
            let mut comparison =
                Comparison { specification, sent, member, places: sources(node), broken: Vec::new(), hides: false };
            match (kind, node.get("schema")) {
                (NodeKind::MediaType, Some(schema)) => comparison.value(example, schema, "body", 0),
                (NodeKind::Schema, _) => comparison.own(example, node, &subject(pointer)),
                _ => return,
            }
            if comparison.hides || !comparison.broken.is_empty() {
                moved.push((pointer.clone(), member));
                broken.append(&mut comparison.broken);
            }
        }
    });
    for (pointer, member) in moved {
        rename(specification, &pointer, member);
    }
    broken.dedup();
    broken
}

fn rename(specification: &mut Value, pointer: &Pointer, member: &str) {
    let kept = if member == "default" { "x-default" } else { "x-sample" };
    let Some(Value::Object(media)) = specification.pointer_mut(pointer.as_str()) else { return };
    *media = std::mem::take(media)
        .into_iter()
        .map(|(key, value)| (if key == member { kept.to_owned() } else { key }, value))
        .collect();
}

/// `User.Email` of the pointer to a property; the last name on the way to anything else.
fn subject(pointer: &Pointer) -> String {
    const KEYWORDS: [&str; 9] =
        ["components", "schemas", "properties", "items", "additionalProperties", "schema", "content", "anyOf", "paths"];
    let tokens: Vec<String> = pointer.tokens().collect();
    let schema = tokens.iter().position(|token| token == "schemas").map_or(0, |at| at + 1);
    let names = tokens.iter().skip(schema).filter(|token| !KEYWORDS.contains(&token.as_str())).cloned();
    names.collect::<Vec<_>>().join(".")
}

struct Comparison<'a> {
    specification: &'a Value,
    sent: bool,
    member: &'static str,
    places: Vec<String>,
    broken: Vec<Broken>,
    /// A collapsed object stands where members are required.
    hides: bool,
}

impl<'a> Comparison<'a> {
    /// The example that a schema has of itself.
    fn own(&mut self, value: &Value, schema: &'a Map<String, Value>, subject: &str) {
        self.object(value, schema, subject, 0);
    }

    fn value(&mut self, value: &Value, schema: &'a Value, subject: &str, depth: usize) {
        let Some(schema) = schema.as_object().filter(|_| depth < MAX_DEPTH) else { return };
        self.object(value, schema, subject, depth);
    }

    fn object(&mut self, value: &Value, schema: &'a Map<String, Value>, subject: &str, depth: usize) {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let name = target.rsplit('/').next().unwrap_or(target);
            if let Some(target) = target.strip_prefix('#').and_then(|pointer| self.specification.pointer(pointer)) {
                self.value(value, target, name, depth + 1);
            }
            return;
        }
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.value(value, part, subject, depth + 1);
        }
        if value.is_null() {
            if schema.get("type").is_some() && schema.get("nullable") != Some(&Value::Bool(true)) {
                self.breaks(subject, "is null, which the document does not provide for", schema);
            }
            return;
        }
        if let Some(name) = schema.get("type").and_then(Value::as_str)
            && !is_of(value, name)
        {
            self.breaks(subject, &format!("is no {name}"), schema);
            return;
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array)
            && !values.contains(value)
        {
            self.breaks(subject, "is none of the documented values", schema);
        }
        match value {
            Value::String(text) => self.text(text, schema, subject),
            Value::Number(number) => self.number(number, schema, subject),
            Value::Array(items) => {
                if let Some(of) = schema.get("items") {
                    items.iter().for_each(|item| self.value(item, of, subject, depth + 1));
                }
            }
            Value::Object(members) => self.members(members, schema, subject, depth),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, schema: &Map<String, Value>, subject: &str) {
        let length = text.chars().count() as u64;
        let limit = |key: &str| schema.get(key).and_then(Value::as_u64);
        if limit("minLength").is_some_and(|least| length < least) || limit("maxLength").is_some_and(|most| length > most) {
            self.breaks(subject, "is not of the documented length", schema);
        }
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
            && Regex::new(pattern).is_ok_and(|regex| regex.find(text).is_none())
        {
            self.breaks(subject, &format!("does not match `{pattern}`"), schema);
        }
        match schema.get("format").and_then(Value::as_str) {
            Some("email") if !text.contains('@') => self.breaks(subject, "is no email address", schema),
            Some("uuid") if !is_uuid(text) => self.breaks(subject, "is no UUID", schema),
            _ => {}
        }
    }

    fn number(&mut self, number: &Number, schema: &Map<String, Value>, subject: &str) {
        let (Some(number), flag) = (number.as_f64(), |key: &str| schema.get(key) == Some(&Value::Bool(true))) else { return };
        let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
        let below = limit("minimum").is_some_and(|least| number < least || number == least && flag("exclusiveMinimum"));
        let above = limit("maximum").is_some_and(|most| number > most || number == most && flag("exclusiveMaximum"));
        if below || above {
            self.breaks(subject, "is not within the documented range", schema);
        }
    }

    fn members(&mut self, members: &Map<String, Value>, schema: &'a Map<String, Value>, subject: &str, depth: usize) {
        // A collapsed sample hides its members; it does not say that there are none.
        let required = schema.get("required").and_then(Value::as_array);
        if members.is_empty() {
            self.hides |= required.is_some_and(|names| !names.is_empty());
            return;
        }
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                self.breaks(&format!("{subject}.{name}"), "is missing although it is required", schema);
            }
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, value) in members {
            let subject = format!("{subject}.{name}");
            let property = properties.and_then(|properties| properties.get(name)).or(schema.get("additionalProperties"));
            let Some(property) = property else { continue };
            if self.sent && property.get("readOnly") == Some(&Value::Bool(true)) {
                self.breaks(&subject, "is sent although it is read-only", property.as_object().unwrap_or(schema));
            }
            self.value(value, property, &subject, depth + 1);
        }
    }

    fn breaks(&mut self, subject: &str, rule: &str, schema: &Map<String, Value>) {
        let places = self.places.iter().cloned().chain(sources(schema)).collect();
        let broken = Broken { subject: subject.to_owned(), rule: rule.to_owned(), member: self.member, places };
        if !self.broken.contains(&broken) {
            self.broken.push(broken);
        }
    }
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text
            .char_indices()
            .all(|(at, char)| if matches!(at, 8 | 13 | 18 | 23) { char == '-' } else { char.is_ascii_hexdigit() })
}
