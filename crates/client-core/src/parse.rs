//! One parse of a response body, which decides both its value and whether it tells of a failure.
//!
//! Takes the body of a response whose status says success, and the vendor's rules. Returns the value, the rule that found a
//! failure, or why the body cannot be parsed whole. Each member of the body that a rule is about is taken as text while the
//! body is parsed, held against the rule, and then parsed on as what its type says.

use crate::failure;
use crate::json::Whole;
use crate::operation::{Failure, When};
use serde::de::value::{BorrowedStrDeserializer, StringDeserializer};
use serde::de::{Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Error, Value};
use std::fmt;

/// What a body is.
#[derive(Debug)]
pub(crate) enum Parsed<T> {
    /// A value, and no rule finds a failure in it.
    Value(T),
    /// A failure; the pointer of the first rule that finds it.
    Failure(&'static str),
}

/// Parses a body with the rules that apply to it.
///
/// # Errors
///
/// When the body is not one JSON value from its first byte to its last, or not of the type `T` and no failure either.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8], rules: &'static [Failure]) -> Result<Parsed<T>, Error> {
    let mut watch = Watch { rules, first: None, visited: rules.is_empty() };
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let parsed = T::deserialize(Watched { inner: &mut deserializer, watch: &mut watch });
    let parsed = parsed.and_then(|value| deserializer.end().map(|()| value));
    match (parsed, watch.first()) {
        (Ok(_), Some(at)) => Ok(Parsed::Failure(at)),
        (Ok(value), None) if watch.visited => Ok(Parsed::Value(value)),
        // The type keeps members as text, or has none.
        (Ok(value), None) => Ok(find(body, rules)?.map_or(Parsed::Value(value), Parsed::Failure)),
        (Err(error), _) => {
            // That it is no JSON at all is said before anything else, and where.
            serde_json::from_slice::<Whole>(body)?;
            find(body, rules)?.map(Parsed::Failure).ok_or(error)
        }
    }
}

/// Parses a body that has no documented type: any JSON value. Returns the pointer of the first rule that finds a failure.
///
/// # Errors
///
/// When the body is not one JSON value from its first byte to its last.
pub(crate) fn find(body: &[u8], rules: &'static [Failure]) -> Result<Option<&'static str>, Error> {
    let mut watch = Watch { rules, first: None, visited: false };
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let parsed = Whole::deserialize(Watched { inner: &mut deserializer, watch: &mut watch });
    parsed.and_then(|Whole| deserializer.end()).or_else(|error| {
        serde_json::from_slice::<Whole>(body)?;
        Err(error)
    })?;
    if watch.visited { Ok(watch.first()) } else { Ok(failure::find(rules, &serde_json::from_slice(body)?)) }
}

/// Which rules have found a failure so far.
struct Watch {
    rules: &'static [Failure],
    /// The index of the first one.
    first: Option<usize>,
    /// Whether the members of the body have been looked at.
    visited: bool,
}

impl Watch {
    fn first(&self) -> Option<&'static str> {
        self.first.and_then(|index| self.rules.get(index)).map(|rule| rule.at)
    }

    /// Holds a member of the body against the rules that are about it.
    fn look(&mut self, name: &str, raw: &str) -> Result<(), Error> {
        let mut parsed = None;
        for (index, rule) in self.rules.iter().enumerate().filter(|(_, rule)| is_about(rule, name)) {
            let value = match &parsed {
                Some(value) => value,
                None => parsed.insert(if raw == "null" { Value::Null } else { serde_json::from_str(raw)? }),
            };
            if failure::matches_below(rule, value) {
                self.first = Some(self.first.map_or(index, |first| first.min(index)));
            }
        }
        Ok(())
    }
}

/// Whether the rule's pointer goes through this member of the body.
fn is_about(rule: &Failure, name: &str) -> bool {
    let first = rule.at.get(1..).unwrap_or_default();
    let first = memchr::memchr(b'/', first.as_bytes()).and_then(|end| first.get(..end)).unwrap_or(first);
    !rule.at.is_empty() && (first == name || first == "*" || (first.contains('~') && failure::unescaped(first) == name))
}

/// A deserializer that watches the members of the outermost object.
struct Watched<'w, D> {
    inner: D,
    watch: &'w mut Watch,
}

macro_rules! forwarded {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.inner.$method(visitor)
        }
    )*};
}

impl<'de, D: Deserializer<'de, Error = Error>> Deserializer<'de> for Watched<'_, D> {
    type Error = Error;

    forwarded! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64
        deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf deserialize_option
        deserialize_unit deserialize_seq deserialize_identifier deserialize_ignored_any
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.inner.deserialize_any(WatchedVisitor { inner: visitor, watch: self.watch })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.inner.deserialize_map(WatchedVisitor { inner: visitor, watch: self.watch })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.inner.deserialize_struct(name, fields, WatchedVisitor { inner: visitor, watch: self.watch })
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.inner.deserialize_unit_struct(name, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.inner.deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Error> {
        self.inner.deserialize_tuple(length, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, name: &'static str, length: usize, visitor: V) -> Result<V::Value, Error> {
        self.inner.deserialize_tuple_struct(name, length, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.inner.deserialize_enum(name, variants, visitor)
    }
}

struct WatchedVisitor<'w, V> {
    inner: V,
    watch: &'w mut Watch,
}

macro_rules! passed_on {
    ($($method:ident: $type:ty)*) => {$(
        fn $method<E: serde::de::Error>(self, value: $type) -> Result<V::Value, E> {
            self.inner.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for WatchedVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(to)
    }

    passed_on! { visit_bool: bool visit_i64: i64 visit_u64: u64 visit_f64: f64 visit_str: &str visit_borrowed_str: &'de str }

    fn visit_unit<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(sequence)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        // A rule about the body as a whole finds nothing in an object, unless it demands a member.
        self.watch.visited = self.watch.rules.iter().all(|rule| !rule.at.is_empty() || matches!(rule.when, When::Null));
        self.inner.visit_map(WatchedMembers { inner: members, watch: self.watch, watched: None })
    }
}

struct WatchedMembers<'w, A> {
    inner: A,
    watch: &'w mut Watch,
    /// The name of the member whose value comes next, if a rule is about it.
    watched: Option<String>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for WatchedMembers<'_, A> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some(name) = self.inner.next_key::<Name<'de>>()? else { return Ok(None) };
        let text = match &name {
            Name::Borrowed(text) => text,
            Name::Owned(text) => text.as_str(),
        };
        self.watched = self.watch.rules.iter().any(|rule| is_about(rule, text)).then(|| text.to_owned());
        match name {
            Name::Borrowed(text) => seed.deserialize(BorrowedStrDeserializer::new(text)).map(Some),
            Name::Owned(text) => seed.deserialize(StringDeserializer::new(text)).map(Some),
        }
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let Some(name) = self.watched.take() else { return self.inner.next_value_seed(seed) };
        let raw: &'de RawValue = self.inner.next_value()?;
        self.watch.look(&name, raw.get()).map_err(A::Error::custom)?;
        seed.deserialize(&mut serde_json::Deserializer::from_str(raw.get())).map_err(A::Error::custom)
    }
}

enum Name<'de> {
    Borrowed(&'de str),
    Owned(String),
}

impl<'de> Deserialize<'de> for Name<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a member's name")
            }

            #[inline]
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Name<'de>, E> {
                Ok(Name::Borrowed(text))
            }

            fn visit_str<E>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name::Owned(text.to_owned()))
            }
        }
        deserializer.deserialize_identifier(NameVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Scalar;
    use crate::{Extra, Field, Json};

    #[derive(Debug, Default)]
    struct Envelope {
        data: Field<i32>,
        error: Field<Json>,
        extra: Extra,
    }
    crate::__object!(Envelope { data = "data", error = "error" });

    static NULL: Failure = Failure::new("", When::Null);
    static ERROR: Failure = Failure::new("/error", When::Present);
    static FIRST: Failure = Failure::new("/errors/0", When::Present);
    static ESCAPED: Failure = Failure::new("/a~1b", When::Present);
    static CODE: Failure = Failure::new("/loginResponse/*/ErrorCode", When::Not(&[Scalar::Text("0"), Scalar::Integer(0)]));
    static ANYWHERE: Failure = Failure::new("/*/*/ErrorCode", When::Not(&[Scalar::Text("0")]));

    #[test]
    fn rules_find_what_they_describe_and_nothing_else_however_the_body_is_parsed() {
        let deep = format!(r#"{{"error":{{"title":"no"}},"debug":{}{}}}"#, "[".repeat(130), "]".repeat(130));
        let some = Some(true);
        // `None`: neither a success nor a failure, but an error.
        let table: &[(&'static Failure, &str, Option<bool>)] = &[
            (&NULL, "null", some),
            (&NULL, " null\n", some),
            (&NULL, "{}", Some(false)),
            (&NULL, "", None),
            (&ERROR, r#"{"data":1,"error":null}"#, Some(false)),
            (&ERROR, r#"{"data":1}"#, Some(false)),
            (&ERROR, r#"{"error":{}}"#, Some(false)),
            (&ERROR, r#"{"error" : { } }"#, Some(false)),
            (&ERROR, r#"{"error":""}"#, Some(false)),
            (&ERROR, r#"{"error":{"title":"no"}}"#, some),
            (&ERROR, r#"{"\u0065rror":{"title":"no"}}"#, some),
            (&ERROR, r#"{"error":{"title":"no"},"error":null}"#, some),
            (&ERROR, r#"{"error":{"title":"no"},"data":"no number"}"#, some),
            (&ERROR, r#"{"error":false}"#, some),
            (&ERROR, r#"{"x":{"error":"inner"}}"#, Some(false)),
            (&ERROR, r#"{"x":"\"error\":1","error":null}"#, Some(false)),
            (&ERROR, r#"{"note":"error"}"#, Some(false)),
            (&ERROR, r#"{"error":{"cut"#, None),
            (&ERROR, r#"{"error":{"title":"User \ud83d is locked"}}"#, None),
            (&ERROR, r#"{"error":{"title":"no"},"t":1e999}"#, None),
            (&ERROR, r#"{"error":null,"t":1e999}"#, None),
            (&ERROR, r#"{"error":null,"t":{"u":[-1e999]}}"#, None),
            (&ERROR, r#"{"error":null,"t":"\ud83d"}"#, None),
            (&ERROR, r#"{"error":null,"t":{"\ud83d":1}}"#, None),
            (&ERROR, r#"{"error":{"title":"no","retryIn":NaN}}"#, None),
            (&ERROR, r#"{"error":null} {"error":1}"#, None),
            (&ERROR, &deep, None),
            (&FIRST, r#"{"errors":["x"]}"#, some),
            (&FIRST, r#"{"errors":[]}"#, Some(false)),
            (&ESCAPED, r#"{"a/b":1}"#, some),
            (&CODE, r#"{"loginResponse":[{"ErrorCode":"0","SessionID":"x"}]}"#, Some(false)),
            (&CODE, r#"{"loginResponse":[{"ErrorCode":0}]}"#, Some(false)),
            (&CODE, r#"{"loginResponse":[{"ErrorCode":null}]}"#, Some(false)),
            (&CODE, r#"{"loginResponse":[{"ErrorCode":"0"},{"ErrorCode":"07"}]}"#, some),
            (&CODE, r#"{"loginResponse":[{"ErrorCode":10}]}"#, some),
            (&CODE, r#"{"loginResponse":[]}"#, Some(false)),
            (&ANYWHERE, r#"{"any":{"x":{"ErrorCode":"7"}}}"#, some),
            (&ANYWHERE, r#"[[{"ErrorCode":"7"}]]"#, some),
        ];
        let name = |outcome: Option<bool>| match outcome {
            Some(true) => "a failure",
            Some(false) => "a success",
            None => "an error",
        };
        for (rule, body, expected) in table {
            let rules = std::slice::from_ref(*rule);
            let typed = parse::<Envelope>(body.as_bytes(), rules).ok().map(|parsed| matches!(parsed, Parsed::Failure(_)));
            let json = parse::<Json>(body.as_bytes(), rules).ok().map(|parsed| matches!(parsed, Parsed::Failure(_)));
            let value = parse::<Value>(body.as_bytes(), rules).ok().map(|parsed| matches!(parsed, Parsed::Failure(_)));
            let any = find(body.as_bytes(), rules).ok().map(|found| found.is_some());
            assert_eq!(name(json), name(*expected), "{} in {body} as any JSON", rule.at);
            assert_eq!(name(value), name(*expected), "{} in {body} as a value", rule.at);
            if body.starts_with('{') {
                assert_eq!(name(typed), name(*expected), "{} in {body} as a type", rule.at);
            }
            assert_eq!(name(any), name(*expected), "{} in {body} without a type", rule.at);
        }
    }
}
