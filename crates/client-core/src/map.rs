//! `Map`: a JSON object whose names are data, not documented members.
//!
//! Takes the members of a response, null or of one type. Serializes them in the order of their names. Knows no constraints.

use crate::check::Check;
use crate::constraints::Constraints;
use crate::field::Field;
use crate::pointer::at;
use crate::violations::{At, Violations};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// A JSON object with any names. It derefs to a `BTreeMap` of values that are `None` where null stands.
///
/// ```
/// use client_core::Map;
///
/// let mut fields: Map<String> = serde_json::from_str(r#"{"a":"1","b":null}"#)?;
/// assert_eq!(fields["a"].as_deref(), Some("1"));
/// fields.insert("c".to_owned(), Some("3".to_owned()));
/// assert_eq!(serde_json::to_string(&fields)?, r#"{"a":"1","b":null,"c":"3"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Map<T>(BTreeMap<String, Option<T>>);

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Deref for Map<T> {
    type Target = BTreeMap<String, Option<T>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> DerefMut for Map<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<T> From<BTreeMap<String, Option<T>>> for Map<T> {
    fn from(members: BTreeMap<String, Option<T>>) -> Self {
        Self(members)
    }
}

impl<T> From<BTreeMap<String, Option<T>>> for Field<Map<T>> {
    fn from(members: BTreeMap<String, Option<T>>) -> Self {
        Self::Value(members.into())
    }
}

impl<T> FromIterator<(String, Option<T>)> for Map<T> {
    fn from_iter<I: IntoIterator<Item = (String, Option<T>)>>(members: I) -> Self {
        Self(members.into_iter().collect())
    }
}

impl<T> IntoIterator for Map<T> {
    type Item = (String, Option<T>);
    type IntoIter = std::collections::btree_map::IntoIter<String, Option<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Map<T> {
    type Item = (&'a String, &'a Option<T>);
    type IntoIter = std::collections::btree_map::Iter<'a, String, Option<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for Map<T> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(to)
    }
}

impl<T: Check> Check for Map<T> {
    fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations) {
        for (name, value) in &self.0 {
            value.check(constraints.of_each(), &at.member(name), found);
        }
    }
}

impl<T: Serialize> Serialize for Map<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Map<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MapVisitor(PhantomData))
    }
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for MapVisitor<T> {
    type Value = Map<T>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Map<T>, A::Error> {
        let mut map = Map::default();
        while let Some(name) = members.next_key::<String>()? {
            match members.next_value() {
                Ok(value) => map.insert(name, value),
                Err(error) => return Err(at(error, &name)),
            };
        }
        Ok(map)
    }
}
