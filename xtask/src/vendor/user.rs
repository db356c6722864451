//! The `[user.<schema>]` tables: which property of a vendor's user is which of SCIM's attributes.
//!
//! Input: TOML. Output: attributes and the properties they read, each with its span in the manifest. Whether the
//! properties exist and fit is for those to say who know the specification.

use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;
use toml::Spanned;

use crate::attributes::Attribute;

/// One `[user.<schema>]` table; at most one source per attribute, in the order of the manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct UserMap {
    /// The span of a key is the attribute's name, the span of a value all of its right-hand side.
    pub attributes: IndexMap<Spanned<Attribute>, Spanned<Source>>,
}

/// Where an attribute's value is read.
///
/// In a manifest: `"Name"`, `{ property = "Status", equals = "ACTIVE" }` or `{ property = "Blocked", not = true }`; with
/// `write = "explicit"` and its `effect`, where writing the property does more than the attribute's name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The property's name on the wire.
    pub property: String,
    /// What is read from it.
    pub reading: Reading,
    /// What writing it does beyond the attribute's name: then it is written only where the settings of an instance say so.
    pub explicit: Option<String>,
}

/// What is read from a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Its value.
    Value,
    /// Whether it has this value: a string, a number or a boolean.
    Equals(Value),
    /// The opposite of the boolean that it holds.
    Not,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    property: String,
    equals: Option<Value>,
    not: Option<bool>,
    write: Option<Writing>,
    effect: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Writing {
    Explicit,
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SourceVisitor)
    }
}

struct SourceVisitor;

impl<'de> de::Visitor<'de> for SourceVisitor {
    type Value = Source;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a property's name, or a table with `property` and `equals` or `not`")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Source, E> {
        Ok(Source { property: name.to_owned(), reading: Reading::Value, explicit: None })
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Source, A::Error> {
        let form = Form::deserialize(de::value::MapAccessDeserializer::new(map))?;
        let reading = match (form.equals, form.not) {
            (None, None | Some(false)) => Reading::Value,
            (None, Some(true)) => Reading::Not,
            (Some(value @ (Value::String(_) | Value::Number(_) | Value::Bool(_))), None) => Reading::Equals(value),
            (Some(_), None) => return Err(de::Error::custom("`equals` must be a string, a number or a boolean")),
            (Some(_), Some(_)) => return Err(de::Error::custom("`equals` and `not` exclude each other")),
        };
        let explicit = match (form.write, form.effect) {
            (None, None) => None,
            (Some(Writing::Explicit), Some(effect)) => Some(effect),
            _ => return Err(de::Error::custom("`write = \"explicit\"` and `effect`, which says why, go together")),
        };
        Ok(Source { property: form.property, reading, explicit })
    }
}
