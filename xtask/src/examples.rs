//! The documents' own values against what the documents say: samples, defaults and the values of enumerations.
//!
//! Input: a specification. Output: the same, in which a sample that breaks the schema it stands beside, or hides what the schema
//! requires, is `x-sample`, and a default that breaks its schema `x-default`, since OpenAPI's `example` and `default` promise to
//! be instances; and each contradiction, with its places. Knows nothing of documents: it only compares one node with another.

use regress::Regex;
use serde_json::{Map, Number, Value};

use crate::{
    document::Span,
    finding::{Finding, FindingKind},
    nodes::{self, NodeKind, Pointer, sources},
};

/// A value that breaks its own documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Broken {
    /// The property, such as `User.EmailAddress`, or the body.
    subject: String,
    /// What the value breaks, and what becomes of it.
    text: String,
    /// `x-source` of what holds the value and of the schema.
    places: Vec<String>,
}

/// Which of a node's own values is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Sample,
    Default,
    Listed,
}

impl Role {
    /// The member that holds the value, and the one that keeps it where it is no instance.
    const fn members(self) -> (&'static str, &'static str) {
        match self {
            Self::Sample => ("example", "x-sample"),
            Self::Default => ("default", "x-default"),
            Self::Listed => ("enum", "enum"),
        }
    }

    fn tell(self, value: &Value, rule: &str) -> String {
        match self {
            Self::Sample => {
                format!("in the document's own sample it {rule}: what is said counts, and the sample is kept as `x-sample`")
            }
            Self::Default => format!("its default {} {rule}: it is kept as `x-default`", code(value)),
            Self::Listed => format!("{}, which is listed among its values, {rule}: it is kept there", code(value)),
        }
    }
}

/// References may go in circles; a sample that is nested deeper is compared down to here.
const MAX_DEPTH: usize = 60;

/// Sets aside the values that break their schemas, and tells of each as a contradiction; `find` gives the span of an `x-source`.
pub fn settle(specification: &mut Value, find: impl Fn(&str) -> Option<Span>) -> Vec<Finding> {
    let mut broken = Vec::new();
    let mut moved = Vec::new();
    nodes::visit(specification, |pointer, kind, node| {
        if !matches!(kind, NodeKind::MediaType | NodeKind::Schema) {
            return;
        }
        for role in [Role::Sample, Role::Default, Role::Listed] {
            let Some(value) = node.get(role.members().0) else { continue };
            let sent = pointer.tokens().any(|token| token == "requestBody");
            let mut comparison =
                Comparison { specification, sent, role, places: sources(node), broken: Vec::new(), hides: false };
            match (kind, role, node.get("schema")) {
                (NodeKind::MediaType, Role::Sample, Some(schema)) => comparison.value(value, schema, "body", 0),
                (NodeKind::Schema, Role::Listed, _) => comparison.listed(value, node, || subject(specification, pointer)),
                (NodeKind::Schema, ..) => comparison.object(value, node, &subject(specification, pointer), 0),
                _ => continue,
            }
            if role != Role::Listed && (comparison.hides || !comparison.broken.is_empty()) {
                moved.push((pointer.clone(), role));
            }
            broken.append(&mut comparison.broken);
        }
    });
    for (pointer, role) in moved {
        rename(specification, &pointer, role);
    }
    broken.dedup();
    let found = broken.into_iter().map(|Broken { subject, text, places }| {
        let spans = places.iter().filter_map(|place| find(place)).collect();
        Finding::new(FindingKind::Contradiction, subject, text, spans)
    });
    found.collect()
}

fn rename(specification: &mut Value, pointer: &Pointer, role: Role) {
    let Some(Value::Object(node)) = specification.pointer_mut(pointer.as_str()) else { return };
    let (from, to) = role.members();
    *node = std::mem::take(node).into_iter().map(|(key, value)| (if key == from { to.to_owned() } else { key }, value)).collect();
}

/// A value as code of Markdown, cut to what fits into a sentence.
fn code(value: &Value) -> String {
    const MOST: usize = 60;
    let text = value.to_string().replace('`', "'");
    let shown: String = text.chars().take(MOST).collect();
    format!("`{shown}{}`", if shown.len() < text.len() { "…" } else { "" })
}

/// `User.Email` of the pointer to a property; the last name on the way to anything else.
fn subject(specification: &Value, pointer: &Pointer) -> String {
    const KEYWORDS: [&str; 9] =
        ["components", "schemas", "properties", "items", "additionalProperties", "schema", "content", "anyOf", "paths"];
    let tokens: Vec<String> = pointer.tokens().collect();
    if let [paths, path, method, parameters, index, rest @ ..] = tokens.as_slice()
        && paths == "paths"
        && parameters == "parameters"
    {
        let parameter = [paths, path, method, parameters, index].into_iter().fold(Pointer::default(), |at, name| at.join(name));
        let name = specification.pointer(parameter.as_str()).and_then(|parameter| parameter.get("name")?.as_str());
        let names = name.into_iter().chain(rest.iter().map(String::as_str).filter(|token| !KEYWORDS.contains(token)));
        return format!("{} {path} {}", method.to_uppercase(), names.collect::<Vec<_>>().join("."));
    }
    let schema = tokens.iter().position(|token| token == "schemas").map_or(0, |at| at + 1);
    let names = tokens.iter().skip(schema).filter(|token| !KEYWORDS.contains(&token.as_str())).cloned();
    names.collect::<Vec<_>>().join(".")
}

struct Comparison<'a> {
    specification: &'a Value,
    sent: bool,
    role: Role,
    places: Vec<String>,
    broken: Vec<Broken>,
    /// A collapsed object stands where members are required.
    hides: bool,
}

impl<'a> Comparison<'a> {
    /// The values of an enumeration; they are of its type, or null.
    fn listed(&mut self, values: &Value, schema: &'a Map<String, Value>, subject: impl Fn() -> String) {
        let Some(name) = schema.get("type").and_then(Value::as_str) else { return };
        let nullable = schema.get("nullable") == Some(&Value::Bool(true));
        for value in values.as_array().into_iter().flatten() {
            if value.is_null() && !nullable {
                self.breaks(value, &subject(), "is not provided for by its type", schema);
            } else if !value.is_null() && !is_of(value, name) {
                self.breaks(value, &subject(), &fault(value, name), schema);
            }
        }
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
                self.breaks(value, subject, "is null, which the document does not provide for", schema);
            }
            return;
        }
        if let Some(name) = schema.get("type").and_then(Value::as_str)
            && !is_of(value, name)
        {
            self.breaks(value, subject, &fault(value, name), schema);
            return;
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array)
            && !values.contains(value)
        {
            self.breaks(value, subject, "is none of the documented values", schema);
        }
        match value {
            Value::String(text) => self.text(value, text, schema, subject),
            Value::Number(number) => self.number(value, number, schema, subject),
            Value::Array(items) => {
                if let Some(of) = schema.get("items") {
                    items.iter().for_each(|item| self.value(item, of, subject, depth + 1));
                }
            }
            Value::Object(members) => self.members(members, schema, subject, depth),
            _ => {}
        }
    }

    fn text(&mut self, value: &Value, text: &str, schema: &Map<String, Value>, subject: &str) {
        let length = text.chars().count() as u64;
        let limit = |key: &str| schema.get(key).and_then(Value::as_u64);
        if limit("minLength").is_some_and(|least| length < least) || limit("maxLength").is_some_and(|most| length > most) {
            self.breaks(value, subject, "is not of the documented length", schema);
        }
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
            && Regex::new(pattern).is_ok_and(|regex| regex.find(text).is_none())
        {
            self.breaks(value, subject, &format!("does not match `{pattern}`"), schema);
        }
        match schema.get("format").and_then(Value::as_str) {
            Some("email") if !text.contains('@') => self.breaks(value, subject, "is no email address", schema),
            Some("byte") if !is_base64(text) => self.breaks(value, subject, "is no base64", schema),
            Some("uuid") if !is_uuid(text) => self.breaks(value, subject, "is no UUID", schema),
            _ => {}
        }
    }

    fn number(&mut self, value: &Value, number: &Number, schema: &Map<String, Value>, subject: &str) {
        let Some(number) = number.as_f64() else { return };
        let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
        let is_exclusive = |key: &str| schema.get(key) == Some(&Value::Bool(true));
        let below = limit("minimum").is_some_and(|least| number < least || number == least && is_exclusive("exclusiveMinimum"));
        let above = limit("maximum").is_some_and(|most| number > most || number == most && is_exclusive("exclusiveMaximum"));
        if below || above {
            self.breaks(value, subject, "is not within the documented range", schema);
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
                self.breaks(&Value::Null, &format!("{subject}.{name}"), "is missing although it is required", schema);
            }
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, value) in members {
            let subject = format!("{subject}.{name}");
            let property = properties.and_then(|properties| properties.get(name)).or(schema.get("additionalProperties"));
            let Some(property) = property else { continue };
            if self.sent && property.get("readOnly") == Some(&Value::Bool(true)) {
                self.breaks(value, &subject, "is sent although it is read-only", property.as_object().unwrap_or(schema));
            }
            self.value(value, property, &subject, depth + 1);
        }
    }

    fn breaks(&mut self, value: &Value, subject: &str, rule: &str, schema: &Map<String, Value>) {
        let mut places = self.places.clone();
        places.extend(sources(schema).into_iter().filter(|place| !self.places.contains(place)));
        let broken = Broken { subject: subject.to_owned(), text: self.role.tell(value, rule), places };
        if !self.broken.contains(&broken) {
            self.broken.push(broken);
        }
    }
}

/// Why a value is not of the type called `name`.
fn fault(value: &Value, name: &str) -> String {
    let digits = value.as_str().map(|text| text.strip_prefix('-').unwrap_or(text)).unwrap_or_default();
    if name == "integer" && digits.len() > 18 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return "is more than 64 bits hold, and so stands as text".to_owned();
    }
    format!("is no {name}")
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

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    text.len().is_multiple_of(4) && text.len() - digits.len() < 3 && digits.bytes().all(is_digit)
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text
            .char_indices()
            .all(|(at, char)| if matches!(at, 8 | 13 | 18 | 23) { char == '-' } else { char.is_ascii_hexdigit() })
}
