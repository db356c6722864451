//! A JSON number, kept as it was written: 100 stays 100, 100.0 stays 100.0, and no digit is lost.
//!
//! Input: a number in a body or from the program. Output: the same digits.

use crate::json::check_whole;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// A JSON number of any precision, verbatim; one that came as text stays text. Two numbers are equal when they are written the same.
#[derive(Clone)]
pub struct Number(Box<RawValue>);

impl Number {
    /// Returns the digits as they came.
    pub fn as_str(&self) -> &str {
        // Some vendors send a number as text; it is serialized as text again.
        self.0.get().trim_matches('"')
    }

    /// Returns the number, if it is whole and fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_str().parse().ok()
    }

    /// Returns the number, if it is whole, not negative and fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_str().parse().ok()
    }

    /// Returns the nearest floating point number.
    pub fn as_f64(&self) -> f64 {
        self.as_str().parse().unwrap_or(f64::NAN)
    }

    fn read(text: Box<RawValue>) -> Result<Self, NotANumber> {
        let digits = text.get();
        let quoted = digits.strip_prefix('"').and_then(|digits| digits.strip_suffix('"'));
        let fits = match quoted {
            Some(digits) => serde_json::from_str::<serde_json::Number>(digits).is_ok() && digits.trim().len() == digits.len(),
            // JSON text that starts like a number is one, but may be larger than any.
            None => digits.starts_with(|first: char| first == '-' || first.is_ascii_digit()) && check_whole(digits).is_ok(),
        };
        if fits { Ok(Self(text)) } else { Err(NotANumber(())) }
    }

    fn from_digits(digits: String) -> Result<Self, NotANumber> {
        if digits.starts_with('"') {
            return Err(NotANumber(()));
        }
        RawValue::from_string(digits).map_err(|_| NotANumber(())).and_then(Self::read)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Default for Number {
    /// Zero.
    fn default() -> Self {
        0.into()
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.as_str())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.as_str())
    }
}

macro_rules! from_integer {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Number {
            fn from(value: $integer) -> Self {
                // An integer's digits are JSON; the other branch is never taken.
                Self(RawValue::from_string(value.to_string()).unwrap_or_else(|_| RawValue::NULL.to_owned()))
            }
        }
    )*};
}
from_integer!(i8 i16 i32 i64 u8 u16 u32 u64);

/// The text or value is not a JSON number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANumber(());

impl fmt::Display for NotANumber {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("not a JSON number: expected digits as in -12.5e3, neither infinite nor NaN")
    }
}

impl std::error::Error for NotANumber {}

impl TryFrom<f64> for Number {
    type Error = NotANumber;

    fn try_from(value: f64) -> Result<Self, NotANumber> {
        let number = serde_json::Number::from_f64(value).ok_or(NotANumber(()))?;
        Self::from_digits(number.to_string())
    }
}

impl FromStr for Number {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        Self::from_digits(text.to_owned()).and_then(|number| {
            // White space around it would be taken away in silence.
            if number.as_str().len() == text.len() { Ok(number) } else { Err(NotANumber(())) }
        })
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let found = match raw.get().as_bytes().first() {
            Some(b'"') => de::Unexpected::Other("string"),
            Some(b'{') => de::Unexpected::Map,
            Some(b'[') => de::Unexpected::Seq,
            Some(b'n') => de::Unexpected::Other("null"),
            Some(b'-' | b'0'..=b'9') => de::Unexpected::Other("number"),
            _ => de::Unexpected::Other("boolean"),
        };
        Self::read(raw).map_err(|_| de::Error::invalid_type(found, &"a number"))
    }
}
