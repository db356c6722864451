//! The attributes of a user, in the words of SCIM (RFC 7643).
//!
//! Their names, here and in SCIM, and the values they take. `specs/attributes.toml` lists them. Knows no vendor.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use client_core::serde::de::Error as _;
use client_core::serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::value_error::ValueError;

#[rustfmt::skip]
mod generated;

pub use generated::Attribute;

impl Attribute {
    /// Returns the value that `text` stands for: text as it is; `true` or `false`, in any case, for a flag.
    ///
    /// # Errors
    ///
    /// [`ValueError::NotAFlag`] where the attribute is a flag and the text is neither `true` nor `false`.
    pub fn value_of(self, text: impl Into<String>) -> Result<Value<'static>, ValueError> {
        let text = text.into();
        if !self.is_flag() {
            return Ok(Value::Text(Cow::Owned(text)));
        }
        match text.trim() {
            flag if flag.eq_ignore_ascii_case("true") => Ok(Value::Flag(true)),
            flag if flag.eq_ignore_ascii_case("false") => Ok(Value::Flag(false)),
            _ => Err(ValueError::NotAFlag),
        }
    }

    /// Checks that `value` is of the attribute's kind, and reads a flag from text.
    ///
    /// # Errors
    ///
    /// [`ValueError::NotText`] for a flag where text belongs, [`ValueError::NotAFlag`] for text that is no flag.
    pub fn accept(self, value: Value<'_>) -> Result<Value<'static>, ValueError> {
        match value {
            Value::Text(text) => self.value_of(text),
            Value::Flag(flag) if self.is_flag() => Ok(Value::Flag(flag)),
            Value::Flag(_) => Err(ValueError::NotText),
        }
    }
}

/// A name that no attribute has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAttribute {
    /// The name.
    pub name: String,
}

impl fmt::Display for UnknownAttribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known: Vec<&str> = Attribute::ALL.iter().map(|attribute| attribute.name()).collect();
        write!(f, "there is no attribute `{}`; attributes are {}", self.name, known.join(", "))
    }
}

impl std::error::Error for UnknownAttribute {}

impl FromStr for Attribute {
    type Err = UnknownAttribute;

    fn from_str(name: &str) -> Result<Self, UnknownAttribute> {
        let found = Self::ALL.iter().copied().find(|attribute| attribute.name() == name);
        found.ok_or_else(|| UnknownAttribute { name: name.to_owned() })
    }
}

impl Serialize for Attribute {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Attribute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The value of an attribute: text, except where it [is a flag](Attribute::is_flag).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Text, as the vendor writes it.
    Text(Cow<'a, str>),
    /// Yes or no.
    Flag(bool),
}

impl Value<'_> {
    /// Returns the same value with a life of its own.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Flag(flag) => Value::Flag(flag),
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Flag(flag) => flag.fmt(f),
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}
