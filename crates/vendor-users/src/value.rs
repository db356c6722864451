//! Conversions between SCIM's values and the fields of vendors' types.
//!
//! Takes a field, and for writing a value; returns the value, or changes the field, or says why the value does not fit. Called
//! by generated code. Knows no vendor.

use std::borrow::Cow;

use client_core::{Field, Number, Timestamp};

use crate::attribute::Value;
pub use crate::value_error::ValueError;

/// A type of a property that reads as text.
pub trait AsText: Sized {
    /// The text; digits for numbers.
    fn as_text(&self) -> Cow<'_, str>;
    /// The value that reads as `text`.
    ///
    /// # Errors
    ///
    /// The text is not of this type.
    fn from_text(text: &str) -> Result<Self, ValueError>;
}

impl AsText for String {
    fn as_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }

    fn from_text(text: &str) -> Result<Self, ValueError> {
        Ok(text.to_owned())
    }
}

impl AsText for Timestamp {
    fn as_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }

    fn from_text(text: &str) -> Result<Self, ValueError> {
        Ok(Self::verbatim(text))
    }
}

impl AsText for Number {
    fn as_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }

    fn from_text(text: &str) -> Result<Self, ValueError> {
        text.parse().map_err(|_| ValueError::NotAnInteger)
    }
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl AsText for $type {
            fn as_text(&self) -> Cow<'_, str> {
                Cow::Owned(self.to_string())
            }

            fn from_text(text: &str) -> Result<Self, ValueError> {
                text.parse().map_err(|_| ValueError::NotAnInteger)
            }
        }
    )*};
}
integers!(i8, i16, i32, i64, u8, u16, u32, u64);

/// Reads a field as text.
pub fn read<T: AsText>(field: &Field<T>) -> Option<Cow<'_, str>> {
    field.as_ref().map(AsText::as_text)
}

/// Reads a field whose type is a closed list of names.
pub fn read_name<T>(field: &Field<T>, name: impl FnOnce(&T) -> Cow<'_, str>) -> Option<Cow<'_, str>> {
    field.as_ref().map(name)
}

/// Reads a flag; `not` turns it round.
pub fn read_flag(field: &Field<bool>, not: bool) -> Option<bool> {
    field.as_ref().map(|flag| *flag != not)
}

/// Writes text into a field; `None` clears it.
///
/// # Errors
///
/// The value does not fit, or cannot be cleared.
pub fn write<T: AsText>(field: &mut Field<T>, value: Option<&Value<'_>>, nullable: bool) -> Result<(), ValueError> {
    put(field, value, nullable, |value| match value {
        Value::Text(text) => T::from_text(text),
        Value::Flag(_) => Err(ValueError::NotText),
    })
}

/// Writes a name into a field whose type is a closed list of names; unknown ones are kept.
///
/// # Errors
///
/// The value is not text, or cannot be cleared.
pub fn write_name<T: for<'t> From<&'t str>>(
    field: &mut Field<T>,
    value: Option<&Value<'_>>,
    nullable: bool,
) -> Result<(), ValueError> {
    put(field, value, nullable, |value| match value {
        Value::Text(text) => Ok(T::from(text)),
        Value::Flag(_) => Err(ValueError::NotText),
    })
}

/// Writes a flag into a field; `not` turns it round.
///
/// # Errors
///
/// The value is not a flag, or cannot be cleared.
pub fn write_flag(field: &mut Field<bool>, value: Option<&Value<'_>>, not: bool, nullable: bool) -> Result<(), ValueError> {
    put(field, value, nullable, |value| match value {
        Value::Flag(flag) => Ok(*flag != not),
        Value::Text(_) => Err(ValueError::NotAFlag),
    })
}

fn put<T>(
    field: &mut Field<T>,
    value: Option<&Value<'_>>,
    nullable: bool,
    convert: impl FnOnce(&Value<'_>) -> Result<T, ValueError>,
) -> Result<(), ValueError> {
    *field = match value {
        Some(value) => Field::Value(convert(value)?),
        None if nullable => Field::Null,
        None => return Err(ValueError::NotNullable),
    };
    Ok(())
}

/// Returns the word that a flag is written as, where only the word for `true` is known.
///
/// # Errors
///
/// The value is `false`, or not a flag.
pub fn word(value: Option<&Value<'_>>, word: &'static str) -> Result<Option<Value<'static>>, ValueError> {
    match value {
        None => Ok(None),
        Some(Value::Flag(true)) => Ok(Some(Value::from(word))),
        Some(Value::Flag(false)) => Err(ValueError::NoWord),
        Some(Value::Text(_)) => Err(ValueError::NotAFlag),
    }
}

/// Fills a field from the defaults where it is absent.
pub fn fill<T: Clone>(field: &mut Field<T>, default: &Field<T>) {
    if field.is_absent() {
        field.clone_from(default);
    }
}
