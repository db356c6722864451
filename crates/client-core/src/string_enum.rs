//! `string_enum!`: a closed list of words that a vendor may open at any time.
//!
//! Input: an enum whose last variant is `Unknown(Unknown)`, and its words. Output: the impls that read, write and print it.
//! An unknown word, or a number where a word is documented, is kept and written back as it came.

use crate::check::Check;
use crate::constraints::Constraints;
use crate::violations::{At, Violations};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;

/// A value that the documents do not list: a word, or an integer where words are documented.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Unknown {
    text: Box<str>,
    integer: bool,
}

impl Unknown {
    /// Returns the word, or the integer's digits.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the integer, if one arrived.
    pub fn as_integer(&self) -> Option<i64> {
        if self.integer { self.text.parse().ok() } else { None }
    }
}

impl fmt::Debug for Unknown {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.integer { to.write_str(&self.text) } else { fmt::Debug::fmt(&*self.text, to) }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.text)
    }
}

impl From<&str> for Unknown {
    fn from(text: &str) -> Self {
        Self { text: text.into(), integer: false }
    }
}

impl From<String> for Unknown {
    fn from(text: String) -> Self {
        Self { text: text.into(), integer: false }
    }
}

impl From<i64> for Unknown {
    fn from(value: i64) -> Self {
        Self { text: value.to_string().into(), integer: true }
    }
}

impl Serialize for Unknown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_integer() {
            Some(integer) => serializer.serialize_i64(integer),
            None => serializer.serialize_str(&self.text),
        }
    }
}

impl Check for Unknown {
    #[inline]
    fn check(&self, _: &Constraints, _: &At<'_>, _: &mut Violations) {}
}

impl<'de> Deserialize<'de> for Unknown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordReader(|text: &str| Self::from(text)))
    }
}

/// Reads a word, known or not, or an integer.
#[doc(hidden)]
pub fn read_word<'de, D: Deserializer<'de>, T: From<Unknown>>(deserializer: D, word: fn(&str) -> T) -> Result<T, D::Error> {
    deserializer.deserialize_any(WordReader(word))
}

struct WordReader<T>(fn(&str) -> T);

impl<T: From<Unknown>> Visitor<'_> for WordReader<T> {
    type Value = T;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a string or an integer")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        Ok((self.0)(text))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<T, E> {
        Ok(Unknown::from(value).into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<T, E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => Err(E::invalid_value(de::Unexpected::Other("integer beyond 64 bits"), &self)),
        }
    }
}

/// Implements reading, writing and printing for an enum of documented words.
///
/// The enum has `Clone, Debug, PartialEq, Eq` and ends with `Unknown(client_core::Unknown)`.
///
/// ```
/// #[derive(Clone, Debug, PartialEq, Eq)]
/// pub enum UserType {
///     InternalAssociate,
///     Unknown(client_core::Unknown),
/// }
/// client_core::codegen::string_enum!(UserType { InternalAssociate = "InternalAssociate" });
///
/// assert_eq!(UserType::from("InternalAssociate"), UserType::InternalAssociate);
/// let new: UserType = serde_json::from_str("7")?;
/// assert_eq!(serde_json::to_string(&new)?, "7");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __string_enum {
    ($name:ident { $($variant:ident = $wire:literal),* $(,)? }) => {
        impl $name {
            /// The documented words.
            pub const KNOWN: &'static [&'static str] = &[$($wire),*];

            /// The word as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unknown(unknown) => unknown.as_str(),
                }
            }
        }

        impl ::core::convert::From<$crate::Unknown> for $name {
            fn from(unknown: $crate::Unknown) -> Self {
                Self::Unknown(unknown)
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($wire => Self::$variant,)*
                    _ => Self::Unknown(text.into()),
                }
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok(text.into())
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, to: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                to.write_str(self.as_str())
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    Self::Unknown(unknown) => $crate::serde::Serialize::serialize(unknown, serializer),
                    known => serializer.serialize_str(known.as_str()),
                }
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                $crate::codegen::read_word(deserializer, |text| text.into())
            }
        }

        impl $crate::Check for $name {
            fn check(&self, constraints: &$crate::Constraints, at: &$crate::At<'_>, found: &mut $crate::Violations) {
                $crate::Check::check(self.as_str(), constraints, at, found);
            }
        }

        impl $crate::Param for $name {
            fn each(&self, put: &mut dyn FnMut(&str)) {
                put(self.as_str());
            }
        }
    };
}
