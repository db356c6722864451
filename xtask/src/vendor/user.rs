//! The `[user.<schema>]` tables: which property of a vendor's user is which of SCIM's attributes.
//!
//! Input: TOML. Output: attributes and the properties they read, each with its span in the manifest. Whether the
//! properties exist and fit is checked against the specification by `facade::fit`.
//!
//! ```toml
//! email = "Person/Email"                                              # a member of an object that the record has
//! active = { property = "State", words = { true = "IN", false = "OUT" } }
//! active = { property = "State", words = "settings" }                 # no page names the words: the settings do
//! active = { property = "Locked", not = true, ambiguous = "it is set after wrong passwords as well" }
//! role = { property = "Role/Id", reference = true }                   # the object points to something: it is replaced whole
//! user_type = { constant = "external" }                               # all of these users are that
//! display_name = { join = ["First", "Last"] }                         # read from two properties, never written
//! display_name = { property = "Name", from = ["given_name", "family_name"] }    # made for a new user without one
//! external_id = { property = "Federation", write = "explicit", effect = "it is what the user signs in with" }
//! title = { property = "Rank/Title", write = "never", reason = "another operation writes it" }
//! ```

use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;
use toml::Spanned;

use crate::{
    attributes::Attribute,
    nodes::{escape, unescape},
};

/// One `[user.<schema>]` table; at most one source per attribute, in the order of the manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct UserMap {
    /// The span of a key is the attribute's name, the span of a value all of its right-hand side.
    pub attributes: IndexMap<Spanned<Attribute>, Spanned<Source>>,
}

impl UserMap {
    /// Whether it says where `attribute` is.
    #[must_use]
    pub fn carries(&self, attribute: Attribute) -> bool {
        self.attributes.keys().any(|known| *known.get_ref() == attribute)
    }
}

/// Where an attribute's value is read, and what becomes of it when it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where the value stands.
    pub place: Place,
    /// What is read from it.
    pub reading: Reading,
    /// Whether and how it is written.
    pub writing: Writing,
    /// Attributes of a new user that its value is made of, where the caller gives none.
    pub composed_of: Vec<Attribute>,
    /// Why a user that reads as inactive may be locked out instead.
    pub ambiguous: Option<String>,
}

/// Where the value of an attribute stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a property: the names of the members on the way to it, as they are on the wire.
    Property(Path),
    /// In several properties, read with a blank between.
    Joined(Vec<Path>),
    /// Nowhere: it is the same for all users.
    Constant(String),
}

/// The names of the members on the way to a property, as they are on the wire; in a manifest with slashes between, and `~1` and
/// `~0` for a slash and a tilde in a name, as in JSON pointers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(pub Vec<String>);

impl Path {
    fn read(text: &str) -> Self {
        Self(text.split('/').map(unescape).collect())
    }

    /// The name of the record's own property that it leads into.
    #[must_use]
    pub fn first(&self) -> &str {
        self.0.first().map(String::as_str).unwrap_or_default()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.0.iter().map(|name| escape(name)).collect();
        formatter.write_str(&names.join("/"))
    }
}

impl Source {
    /// The properties that are read.
    #[must_use]
    pub fn paths(&self) -> &[Path] {
        match &self.place {
            Place::Property(path) => std::slice::from_ref(path),
            Place::Joined(paths) => paths,
            Place::Constant(_) => &[],
        }
    }
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
    /// Which of two words it holds, where the pages say both.
    Words {
        /// The word for true.
        yes: String,
        /// The word for false.
        no: String,
    },
    /// Which of two words it holds, where no page says them and the settings of an instance do.
    WordsOfSettings,
}

/// Whether and how a property is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writing {
    /// As its name says.
    Plain,
    /// Only where the settings of an instance say so, since it does this beyond the attribute's name.
    Explicit(String),
    /// Never, for this reason.
    Never(String),
    /// With the object that it stands in, which only points to something else: what the object said of the former is left out.
    Reference,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    property: Option<String>,
    join: Option<Vec<String>>,
    constant: Option<String>,
    equals: Option<Value>,
    not: Option<bool>,
    words: Option<WordsForm>,
    write: Option<WriteForm>,
    effect: Option<String>,
    reason: Option<String>,
    #[serde(default)]
    reference: bool,
    #[serde(default)]
    from: Vec<Attribute>,
    ambiguous: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum WriteForm {
    Explicit,
    Never,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WordsForm {
    Setting(SettingForm),
    Documented(Words),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum SettingForm {
    Settings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(rename = "true")]
    yes: String,
    #[serde(rename = "false")]
    no: String,
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
        formatter.write_str("a property's name, or a table with `property`, `join` or `constant`")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Source, E> {
        let (place, reading, writing) = (Place::Property(Path::read(name)), Reading::Value, Writing::Plain);
        Ok(Source { place, reading, writing, composed_of: Vec::new(), ambiguous: None })
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Source, A::Error> {
        let form = Form::deserialize(de::value::MapAccessDeserializer::new(map))?;
        let reading = reading(form.equals, form.not, form.words).map_err(de::Error::custom)?;
        let writing = match (form.write, form.effect, form.reason, form.reference) {
            (None, None, None, false) => Writing::Plain,
            (None, None, None, true) => Writing::Reference,
            (Some(WriteForm::Explicit), Some(effect), None, false) => Writing::Explicit(effect),
            (Some(WriteForm::Never), None, Some(reason), false) => Writing::Never(reason),
            (_, _, _, true) => return Err(de::Error::custom("`reference` and `write` exclude each other")),
            (Some(WriteForm::Never), ..) | (None, _, Some(_), _) => {
                return Err(de::Error::custom("`write = \"never\"` and `reason`, which says why, go together"));
            }
            _ => return Err(de::Error::custom("`write = \"explicit\"` and `effect`, which says why, go together")),
        };
        let is_plain = reading == Reading::Value && writing == Writing::Plain && form.from.is_empty() && form.ambiguous.is_none();
        let place = match (form.property, form.join, form.constant) {
            (Some(property), None, None) => Place::Property(Path::read(&property)),
            (None, Some(parts), None) if is_plain && parts.len() > 1 => {
                Place::Joined(parts.iter().map(|part| Path::read(part)).collect())
            }
            (None, Some(_), None) => {
                return Err(de::Error::custom("`join` stands alone, with two or more properties"));
            }
            (None, None, Some(value)) if is_plain => Place::Constant(value),
            (None, None, Some(_)) => return Err(de::Error::custom("`constant` stands alone")),
            _ => return Err(de::Error::custom("give one of `property`, `join` and `constant`")),
        };
        Ok(Source { place, reading, writing, composed_of: form.from, ambiguous: form.ambiguous })
    }
}

fn reading(equals: Option<Value>, not: Option<bool>, words: Option<WordsForm>) -> Result<Reading, &'static str> {
    match (equals, not, words) {
        (None, None | Some(false), None) => Ok(Reading::Value),
        (None, Some(true), None) => Ok(Reading::Not),
        (Some(value @ (Value::String(_) | Value::Number(_) | Value::Bool(_))), None, None) => Ok(Reading::Equals(value)),
        (Some(_), None, None) => Err("`equals` must be a string, a number or a boolean"),
        (None, None, Some(WordsForm::Setting(SettingForm::Settings))) => Ok(Reading::WordsOfSettings),
        (None, None, Some(WordsForm::Documented(Words { yes, no }))) if yes != no => Ok(Reading::Words { yes, no }),
        (None, None, Some(WordsForm::Documented(_))) => Err("`words` must be two different ones"),
        (_, _, None) => Err("`equals` and `not` exclude each other"),
        (_, _, Some(_)) => Err("`words` excludes `equals` and `not`"),
    }
}
