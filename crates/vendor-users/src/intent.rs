//! What is wanted of each attribute: keep, set, clear, or set only when creating.
//!
//! The same four in Rust, as text and as JSON. Knows no vendor.
//!
//! | intent | Rust | text | JSON |
//! |---|---|---|---|
//! | keep | not mentioned | not mentioned | not mentioned |
//! | set | [`Intent::Set`] | `title=Clerk` | `"title": "Clerk"` |
//! | clear | [`Intent::Clear`] | `!title` | `"title": null` |
//! | only when creating | [`Intent::OnCreate`] | `title?=Clerk` | `"title": { "on_create": "Clerk" }` |

use std::collections::BTreeMap;
use std::fmt;

use client_core::serde_json::{Map, Value as Json};

use crate::attribute::{Attribute, UnknownAttribute, Value};
use crate::value_error::ValueError;

/// What is wanted of an attribute that is mentioned; one that is not is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Intent {
    /// It gets this value.
    Set(Value<'static>),
    /// It gets no value.
    Clear,
    /// A user that is created gets this value; one that exists keeps its own.
    OnCreate(Value<'static>),
}

impl Intent {
    /// Returns the value, where there is one.
    #[must_use]
    pub const fn value(&self) -> Option<&Value<'static>> {
        match self {
            Self::Set(value) | Self::OnCreate(value) => Some(value),
            Self::Clear => None,
        }
    }
}

/// Why an assignment cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidIntent {
    /// No attribute has this name.
    UnknownAttribute(UnknownAttribute),
    /// The value does not fit the attribute.
    Value {
        /// The attribute.
        attribute: Attribute,
        /// What stands there.
        found: String,
        /// Why it does not fit.
        why: ValueError,
    },
    /// The text or the JSON has another form.
    Form {
        /// What stands there.
        found: String,
        /// What was expected.
        expected: &'static str,
    },
}

impl fmt::Display for InvalidIntent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownAttribute(unknown) => unknown.fmt(f),
            Self::Value { attribute, found, why } => write!(f, "`{attribute}` cannot be {found:?}: {why}"),
            Self::Form { found, expected } => write!(f, "found {found:?}, expected {expected}"),
        }
    }
}

impl std::error::Error for InvalidIntent {}

/// The attributes that are mentioned, and what is wanted of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Intents(BTreeMap<Attribute, Intent>);

const ASSIGNMENT: &str = "`name=value` to set, `!name` to clear, or `name?=value` to set only when creating";
const MEMBER: &str = "text, true or false to set, null to clear, or { \"on_create\": … } to set only when creating";

impl Intents {
    pub(crate) fn get(&self, attribute: Attribute) -> Option<&Intent> {
        self.0.get(&attribute)
    }

    pub(crate) fn put(&mut self, attribute: Attribute, intent: Intent) {
        self.0.insert(attribute, intent);
    }

    pub(crate) fn remove(&mut self, attribute: Attribute) {
        self.0.remove(&attribute);
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(Attribute) -> bool) {
        self.0.retain(|attribute, _| keep(*attribute));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Attribute, &Intent)> {
        self.0.iter().map(|(attribute, intent)| (*attribute, intent))
    }

    /// Sets the attribute to a value, after checking that it is of its kind.
    pub(crate) fn set(&mut self, attribute: Attribute, value: Value<'_>) -> Result<(), InvalidIntent> {
        self.0.insert(attribute, Intent::Set(accept(attribute, value)?));
        Ok(())
    }

    /// As [`set`](Self::set), for users that are created.
    pub(crate) fn on_create(&mut self, attribute: Attribute, value: Value<'_>) -> Result<(), InvalidIntent> {
        self.0.insert(attribute, Intent::OnCreate(accept(attribute, value)?));
        Ok(())
    }

    /// Takes an assignment as text.
    pub(crate) fn assign(&mut self, assignment: &str) -> Result<(), InvalidIntent> {
        let named = |name: &str| name.trim().parse::<Attribute>().map_err(InvalidIntent::UnknownAttribute);
        if let Some(name) = assignment.trim_start().strip_prefix('!') {
            self.put(named(name)?, Intent::Clear);
            return Ok(());
        }
        let form = || InvalidIntent::Form { found: assignment.to_owned(), expected: ASSIGNMENT };
        let (name, value) = assignment.split_once('=').ok_or_else(form)?;
        match name.strip_suffix('?') {
            Some(name) => self.on_create(named(name)?, Value::from(value)),
            None => self.set(named(name)?, Value::from(value)),
        }
    }

    pub(crate) fn to_json(&self) -> Map<String, Json> {
        let members = self.0.iter().map(|(attribute, intent)| {
            let intent = match intent {
                Intent::Set(value) => plain(value),
                Intent::Clear => Json::Null,
                Intent::OnCreate(value) => Json::Object(Map::from_iter([("on_create".to_owned(), plain(value))])),
            };
            (attribute.name().to_owned(), intent)
        });
        members.collect()
    }

    /// Takes one member of an object.
    pub(crate) fn take_member(&mut self, name: &str, member: &Json) -> Result<(), InvalidIntent> {
        let attribute: Attribute = name.parse().map_err(InvalidIntent::UnknownAttribute)?;
        let form = || InvalidIntent::Form { found: format!("{name}: {member}"), expected: MEMBER };
        match member {
            Json::Null => self.put(attribute, Intent::Clear),
            Json::Object(only) if only.len() == 1 => {
                let value = only.get("on_create").and_then(scalar).ok_or_else(form)?;
                self.on_create(attribute, value)?;
            }
            member => self.set(attribute, scalar(member).ok_or_else(form)?)?,
        }
        Ok(())
    }
}

fn accept(attribute: Attribute, value: Value<'_>) -> Result<Value<'static>, InvalidIntent> {
    let found = value.to_string();
    attribute.accept(value).map_err(|why| InvalidIntent::Value { attribute, found, why })
}

fn plain(value: &Value<'_>) -> Json {
    match value {
        Value::Text(text) => Json::String(text.to_string()),
        Value::Flag(flag) => Json::Bool(*flag),
    }
}

fn scalar(json: &Json) -> Option<Value<'_>> {
    match json {
        Json::String(text) => Some(Value::from(text.as_str())),
        Json::Bool(flag) => Some(Value::Flag(*flag)),
        _ => None,
    }
}

/// One assignment a line.
impl fmt::Display for Intents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (attribute, intent)) in self.0.iter().enumerate() {
            let line = if place == 0 { "" } else { "\n" };
            match intent {
                Intent::Set(value) => write!(f, "{line}{attribute}={value}")?,
                Intent::Clear => write!(f, "{line}!{attribute}")?,
                Intent::OnCreate(value) => write!(f, "{line}{attribute}?={value}")?,
            }
        }
        Ok(())
    }
}
