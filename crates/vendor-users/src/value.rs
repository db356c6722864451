//! Between SCIM's values and the fields of vendors' types.
//!
//! In: a field, and for writing a value. Out: the value, or the field changed, or why the value does not fit. Called by
//! generated code. Knows no vendor.

use std::borrow::Cow;

use client_core::{Field, Number, Timestamp};

use crate::attribute::Value;

/// Why a value cannot stand in a vendor's field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unfit {
    /// The vendor has no property for the attribute.
    NoProperty,
    /// The vendor writes it itself.
    Assigned,
    /// The property takes whole numbers only.
    NotAnInteger,
    /// The attribute takes yes or no only.
    NotAFlag,
    /// The attribute takes text only.
    NotText,
    /// Only one word of the property is known, and it means the opposite.
    NoWord,
    /// No null is documented, so the attribute cannot be cleared.
    NotNullable,
    /// Another attribute has put another value into the same property.
    Occupied {
        /// The value that stands there.
        by: String,
    },
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoProperty => f.write_str("the vendor documents no property for it"),
            Self::Assigned => f.write_str("the vendor writes it itself"),
            Self::NotAnInteger => f.write_str("a whole number was expected"),
            Self::NotAFlag => f.write_str("true or false was expected"),
            Self::NotText => f.write_str("text was expected"),
            Self::NoWord => f.write_str("only the vendor's word for active is known, not the one for the opposite"),
            Self::NotNullable => f.write_str("the vendor documents no null for it, so it cannot be cleared; give it a new value"),
            Self::Occupied { by } => {
                write!(f, "the same property carries `{by}` for another attribute; give both the same value, or only one")
            }
        }
    }
}

/// A type of a property that reads as text.
pub trait AsText: Sized {
    /// The text; digits for numbers.
    fn as_text(&self) -> Cow<'_, str>;
    /// The value that reads as `text`.
    ///
    /// # Errors
    ///
    /// The text is not of this type.
    fn from_text(text: &str) -> Result<Self, Unfit>;
}

impl AsText for String {
    fn as_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }

    fn from_text(text: &str) -> Result<Self, Unfit> {
        Ok(text.to_owned())
    }
}

impl AsText for Timestamp {
    fn as_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }

    fn from_text(text: &str) -> Result<Self, Unfit> {
        Ok(Self::verbatim(text))
    }
}

impl AsText for Number {
    fn as_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }

    fn from_text(text: &str) -> Result<Self, Unfit> {
        text.parse().map_err(|_| Unfit::NotAnInteger)
    }
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl AsText for $type {
            fn as_text(&self) -> Cow<'_, str> {
                Cow::Owned(self.to_string())
            }

            fn from_text(text: &str) -> Result<Self, Unfit> {
                text.parse().map_err(|_| Unfit::NotAnInteger)
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
pub fn write<T: AsText>(field: &mut Field<T>, value: Option<&Value<'_>>, nullable: bool) -> Result<(), Unfit> {
    put(field, value, nullable, |value| match value {
        Value::Text(text) => T::from_text(text),
        Value::Flag(_) => Err(Unfit::NotText),
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
) -> Result<(), Unfit> {
    put(field, value, nullable, |value| match value {
        Value::Text(text) => Ok(T::from(text)),
        Value::Flag(_) => Err(Unfit::NotText),
    })
}

/// Writes a flag into a field; `not` turns it round.
///
/// # Errors
///
/// The value is not a flag, or cannot be cleared.
pub fn write_flag(field: &mut Field<bool>, value: Option<&Value<'_>>, not: bool, nullable: bool) -> Result<(), Unfit> {
    put(field, value, nullable, |value| match value {
        Value::Flag(flag) => Ok(*flag != not),
        Value::Text(_) => Err(Unfit::NotAFlag),
    })
}

fn put<T>(
    field: &mut Field<T>,
    value: Option<&Value<'_>>,
    nullable: bool,
    convert: impl FnOnce(&Value<'_>) -> Result<T, Unfit>,
) -> Result<(), Unfit> {
    *field = match value {
        Some(value) => Field::Value(convert(value)?),
        None if nullable => Field::Null,
        None => return Err(Unfit::NotNullable),
    };
    Ok(())
}

/// The word that a flag is written as, where only the word for `true` is known.
///
/// # Errors
///
/// The value is `false`, or not a flag.
pub fn word(value: Option<&Value<'_>>, word: &'static str) -> Result<Option<Value<'static>>, Unfit> {
    match value {
        None => Ok(None),
        Some(Value::Flag(true)) => Ok(Some(Value::from(word))),
        Some(Value::Flag(false)) => Err(Unfit::NoWord),
        Some(Value::Text(_)) => Err(Unfit::NotAFlag),
    }
}

/// Fills a field from the defaults where it is absent.
pub fn fill<T: Clone>(field: &mut Field<T>, default: &Field<T>) {
    if field.is_absent() {
        field.clone_from(default);
    }
}
