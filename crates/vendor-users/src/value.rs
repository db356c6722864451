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

/// Returns which of two words a flag reads as; `None` where it is neither.
#[must_use]
pub fn flag(text: Option<Cow<'_, str>>, yes: &str, no: &str) -> Option<bool> {
    let text = text?;
    let text = text.trim();
    if text == yes { Some(true) } else { (text == no).then_some(false) }
}

/// Returns the word that a flag is written as.
///
/// # Errors
///
/// The value is not a flag.
pub fn word_of(value: Option<&Value<'_>>, yes: &'static str, no: &'static str) -> Result<Option<Value<'static>>, ValueError> {
    match value {
        None => Ok(None),
        Some(Value::Flag(flag)) => Ok(Some(Value::from(if *flag { yes } else { no }))),
        Some(Value::Text(_)) => Err(ValueError::NotAFlag),
    }
}

/// Returns texts with a blank between; `None` where there is none of them.
#[must_use]
pub fn joined<const PARTS: usize>(parts: [Option<Cow<'_, str>>; PARTS]) -> Option<Cow<'static, str>> {
    let texts = parts.iter().flatten().map(|part| part.trim()).filter(|part| !part.is_empty());
    let texts: Vec<&str> = texts.collect();
    (!texts.is_empty()).then(|| Cow::Owned(texts.join(" ")))
}

/// Takes the value that an attribute has for all users of the type, and no other.
///
/// # Errors
///
/// It is another value, or none.
pub fn constant(value: Option<&Value<'_>>, constant: &'static str) -> Result<(), ValueError> {
    match value {
        Some(Value::Text(text)) if text.trim() == constant => Ok(()),
        Some(Value::Flag(_)) => Err(ValueError::NotText),
        _ => Err(ValueError::Constant { value: Cow::Borrowed(constant) }),
    }
}

/// Writes into an object, which is made where it is not there; what is cleared needs none.
///
/// # Errors
///
/// Those of `write`; the object is then as it was.
pub fn write_within<T: Default + Clone>(
    object: &mut Field<T>,
    value: Option<&Value<'_>>,
    write: impl FnOnce(&mut T, Option<&Value<'_>>) -> Result<(), ValueError>,
) -> Result<(), ValueError> {
    if value.is_none() && object.as_ref().is_none() {
        return Ok(());
    }
    let mut inner = object.as_ref().cloned().unwrap_or_default();
    write(&mut inner, value)?;
    *object = Field::Value(inner);
    Ok(())
}

/// Writes an object that only points to something else: what it said of the former is left out.
///
/// # Errors
///
/// Those of `write`; the object is then as it was.
pub fn write_reference<T: Default>(
    object: &mut Field<T>,
    value: Option<&Value<'_>>,
    write: impl FnOnce(&mut T, Option<&Value<'_>>) -> Result<(), ValueError>,
) -> Result<(), ValueError> {
    let mut inner = T::default();
    write(&mut inner, value)?;
    *object = Field::Value(inner);
    Ok(())
}

/// Fills a field from the defaults where it is absent.
pub fn fill<T: Clone>(field: &mut Field<T>, default: &Field<T>) {
    if field.is_absent() {
        field.clone_from(default);
    }
}
