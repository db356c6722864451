//! `List`: a JSON array that may have nulls among its items.
//!
//! Takes the items of a response, gives them without the nulls, and serializes them with the nulls where they stood. Knows
//! nothing of names and constraints.

use crate::check::Check;
use crate::constraints::Constraints;
use crate::field::Field;
use crate::pointer::at;
use crate::violations::{At, Violations};
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeSeq, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// A JSON array. It derefs to the `Vec` of its items.
///
/// A null among the items makes no response unreadable: it is left out of the items, and serialized again where it stood.
///
/// ```
/// use client_core::List;
///
/// let mut tags: List<String> = serde_json::from_str(r#"["a",null,"b"]"#)?;
/// assert_eq!(*tags, ["a", "b"]);
/// tags.push("c".to_owned());
/// assert_eq!(serde_json::to_string(&tags)?, r#"["a",null,"b","c"]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct List<T> {
    items: Vec<T>,
    /// Where nulls stand in the serialized array, in ascending order.
    nulls: Vec<usize>,
}

impl<T> List<T> {
    /// Returns an empty list.
    pub const fn new() -> Self {
        Self { items: Vec::new(), nulls: Vec::new() }
    }

    /// Returns where nulls stood in the array as it came, in ascending order.
    pub fn nulls(&self) -> &[usize] {
        &self.nulls
    }

    /// Returns the items.
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for List<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.items
    }
}

impl<T> DerefMut for List<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.items
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, nulls: Vec::new() }
    }
}

impl<T> From<Vec<T>> for Field<List<T>> {
    fn from(items: Vec<T>) -> Self {
        Self::Value(items.into())
    }
}

impl<T> From<List<T>> for Vec<T> {
    fn from(list: List<T>) -> Self {
        list.items
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Vec::from_iter(items).into()
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(to)
    }
}

impl<T: Check> Check for List<T> {
    fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations) {
        self.items.as_slice().check(constraints, at, found);
    }
}

impl<T: Serialize> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.items.len() + self.nulls.len()))?;
        let mut nulls = self.nulls.iter().peekable();
        let mut place = 0;
        for item in &self.items {
            while nulls.next_if_eq(&&place).is_some() {
                sequence.serialize_element(&())?;
                place += 1;
            }
            sequence.serialize_element(item)?;
            place += 1;
        }
        // Those that stood behind the last item, and those whose place is gone.
        nulls.try_for_each(|_| sequence.serialize_element(&()))?;
        sequence.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Reader(PhantomData))
    }
}

struct Reader<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
    type Value = List<T>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<List<T>, A::Error> {
        let mut list = List::new();
        loop {
            let place = list.items.len() + list.nulls.len();
            match sequence.next_element::<Option<T>>() {
                Ok(Some(Some(item))) => list.items.push(item),
                Ok(Some(None)) => list.nulls.push(place),
                Ok(None) => return Ok(list),
                Err(error) => return Err(at(error, &place.to_string())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_come_back_where_they_stood() {
        for text in ["[]", "[null]", "[1,null,null,2]", "[null,1,null]", "[1,2]"] {
            let list: List<i32> = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&list).unwrap(), text);
        }
        let mut list: List<i32> = serde_json::from_str("[1,2,null]").unwrap();
        list.clear();
        assert_eq!(serde_json::to_string(&list).unwrap(), "[null]", "its place is gone, not the null");
    }
}
