//! How a vendor's pages are written: the entry `dialect` of a manifest.
//!
//! Input: the name of a dialect, or a table with that name and the words that only this vendor's pages have. Output: both, every
//! word with its span. Whether the dialect knows such words is checked elsewhere.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, IntoDeserializer, MapAccess, value::MapAccessDeserializer},
};
use toml::Spanned;

use crate::dialect::{Dialect, Options};

/// Words of a manifest.
type Words = Vec<Spanned<String>>;

/// A dialect, and what the vendor's pages have of their own.
#[derive(Clone, Debug)]
pub struct Pages {
    /// The dialect.
    pub dialect: Dialect,
    words: Table,
}

/// The long form, in which `name` is the dialect.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Table {
    name: Option<Dialect>,
    #[serde(default)]
    credential_headers: Words,
    #[serde(default)]
    further_credential_headers: Words,
}

impl Pages {
    /// Every option that is given, by its name.
    pub(super) fn words(&self) -> impl Iterator<Item = (&'static str, &Spanned<String>)> {
        let Table { credential_headers, further_credential_headers, .. } = &self.words;
        [("credential-headers", credential_headers), ("further-credential-headers", further_credential_headers)]
            .into_iter()
            .flat_map(|(name, words)| words.iter().map(move |word| (name, word)))
    }

    /// The words without their places.
    #[must_use]
    pub fn options(&self) -> Options {
        let plain = |words: &Words| words.iter().map(|word| word.get_ref().clone()).collect();
        Options {
            credential_headers: plain(&self.words.credential_headers),
            further_credential_headers: plain(&self.words.further_credential_headers),
        }
    }
}

impl<'de> Deserialize<'de> for Pages {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = Pages;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a dialect, or a table with it as `name`")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Pages, E> {
        let words = Table { name: None, credential_headers: Words::new(), further_credential_headers: Words::new() };
        Ok(Pages { dialect: Dialect::deserialize(name.into_deserializer())?, words })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Pages, A::Error> {
        let words = Table::deserialize(MapAccessDeserializer::new(map))?;
        let dialect = words.name.ok_or_else(|| de::Error::missing_field("name"))?;
        Ok(Pages { dialect, words })
    }
}
