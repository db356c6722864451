//! JSON that nobody documented: kept as the text that arrived and written back unchanged.
//!
//! Input: any JSON value, or the members of an object that its type does not know. Output: the same text.
//! It is parsed when it is first read as a value. `Debug` never shows it, since what is secret in it is not known.

use crate::pointer::at;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// Any JSON value, verbatim: the digits of numbers, the order of members and the white space stay as they came.
#[derive(Clone)]
pub struct Json(Box<RawValue>);

impl Json {
    /// Reads a JSON text and keeps it.
    ///
    /// ```
    /// use client_core::Json;
    ///
    /// let kept = Json::from_text(r#"{"claim_Maximum": 1.50}"#)?;
    /// assert_eq!(kept.as_str(), r#"{"claim_Maximum": 1.50}"#);
    /// assert!(Json::from_text("{").is_err());
    /// # Ok::<_, client_core::NotJson>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotJson`] where the text is not one whole JSON value.
    pub fn from_text(text: impl Into<String>) -> Result<Self, NotJson> {
        let raw = RawValue::from_string(text.into()).map_err(|_| NotJson(()))?;
        check_whole(raw.get()).map_err(|_| NotJson(()))?;
        Ok(Self(raw))
    }

    /// Returns the text as it came.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Returns the value, parsed.
    pub fn value(&self) -> Value {
        serde_json::from_str(self.0.get()).unwrap_or_default()
    }

    /// Deserializes the value as a `T`.
    ///
    /// # Errors
    ///
    /// That of [`serde_json`] where the value is of another shape. Its words may hold a part of the value: do not log them where
    /// the value may be secret.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.0.get())
    }

    /// Returns whether it is `null`.
    pub fn is_null(&self) -> bool {
        self.0.get() == "null"
    }

    fn kind(&self) -> &'static str {
        match self.0.get().as_bytes().first() {
            Some(b'{') => "object",
            Some(b'[') => "array",
            Some(b'"') => "string",
            Some(b't' | b'f') => "boolean",
            Some(b'n') => "null",
            _ => "number",
        }
    }
}

/// The text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson(());

impl fmt::Display for NotJson {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("the text is not one JSON value")
    }
}

impl std::error::Error for NotJson {}

impl Default for Json {
    fn default() -> Self {
        Self(RawValue::NULL.to_owned())
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Json({}, {} bytes)", self.kind(), self.0.get().len())
    }
}

impl PartialEq for Json {
    /// The same text, or the same value written differently.
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str() || {
            let parsed = |json: &Self| serde_json::from_str::<Value>(json.as_str());
            matches!((parsed(self), parsed(other)), (Ok(one), Ok(two)) if one == two)
        }
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        RawValue::from_string(value.to_string()).map(Self).unwrap_or_default()
    }
}

impl From<&str> for Json {
    /// A JSON string of this text.
    fn from(value: &str) -> Self {
        Value::from(value).into()
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Value::from(value).into()
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Value::from(value).into()
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        check_whole(raw.get()).map_err(D::Error::custom)?;
        Ok(Self(raw))
    }
}

/// Checks what serde_json passes over while it takes a value as text: the code points behind `\u`, the size of numbers, the
/// depth.
///
/// # Errors
///
/// When the text cannot be parsed as a value.
pub(crate) fn check_whole(raw: &str) -> Result<(), serde_json::Error> {
    let bytes = raw.as_bytes();
    let plain = match bytes.first() {
        Some(b'"') => memchr::memchr(b'\\', bytes).is_none(),
        Some(b'{' | b'[') => bytes.len() == 2,
        Some(b'n' | b't' | b'f') => true,
        // The largest number has 309 digits.
        _ => bytes.len() < 309 && memchr::memchr2(b'e', b'E', bytes).is_none(),
    };
    if plain { Ok(()) } else { serde_json::from_str::<Whole>(raw).map(|Whole| ()) }
}

/// Any JSON value, parsed to its last character and forgotten.
pub(crate) struct Whole;

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WholeVisitor)
    }
}

struct WholeVisitor;

macro_rules! forgotten {
    ($($method:ident: $type:ty)*) => {$(
        fn $method<E>(self, _: $type) -> Result<Whole, E> {
            Ok(Whole)
        }
    )*};
}

impl<'de> Visitor<'de> for WholeVisitor {
    type Value = Whole;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a JSON value")
    }

    forgotten! { visit_bool: bool visit_i64: i64 visit_u64: u64 visit_f64: f64 visit_str: &str }

    fn visit_unit<E>(self) -> Result<Whole, E> {
        Ok(Whole)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Whole, A::Error> {
        while items.next_element::<Whole>()?.is_some() {}
        Ok(Whole)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Whole, A::Error> {
        while members.next_entry::<Whole, Whole>()?.is_some() {}
        Ok(Whole)
    }
}

/// The members of an object that its type does not know. They are written back as they came, in the order of their names.
///
/// Debug shows names only.
#[derive(Clone, Default, PartialEq)]
pub struct Extra(BTreeMap<String, Json>);

impl Extra {
    /// Returns the value of a member, parsed.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.0.get(name).map(Json::value)
    }

    /// Returns the value of a member as the text that came.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Json::as_str)
    }

    /// Returns the value of a member, as it came.
    #[doc(hidden)]
    pub fn json(&self, name: &str) -> Option<&Json> {
        self.0.get(name)
    }

    /// Adds a member or replaces it; gives back what was there.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Json>) -> Option<Json> {
        self.0.insert(name.into(), value.into())
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        self.0.remove(name)
    }

    /// Returns whether there is a member of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Returns the names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns the members, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Returns how many members there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads the value of a member that has no field of its own.
    #[doc(hidden)]
    pub fn read<'de, A: MapAccess<'de>>(&mut self, name: String, members: &mut A) -> Result<(), A::Error> {
        match members.next_value::<Json>() {
            Ok(value) => {
                self.insert(name, value);
                Ok(())
            }
            Err(error) => Err(at(error, &name)),
        }
    }

    /// Writes the members into the object around them, those aside that have a field of their own.
    #[doc(hidden)]
    #[inline]
    pub fn put<M: SerializeMap>(&self, into: &mut M, documented: &[&str]) -> Result<(), M::Error> {
        if self.is_empty() {
            return Ok(());
        }
        self.put_all(into, documented)
    }

    fn put_all<M: SerializeMap>(&self, into: &mut M, documented: &[&str]) -> Result<(), M::Error> {
        self.iter().filter(|(name, _)| !documented.contains(name)).try_for_each(|(name, value)| into.serialize_entry(name, value))
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_set().entries(self.0.keys()).finish()
    }
}
