//! The words that the pages have for types.
//!
//! Input: the text of a type cell. Output: schemas. Knows
//! nothing of tables or of samples.

use serde_json::{Number, Value};
use smallvec::SmallVec;

use super::blocks::Cell;
use crate::api::{Kind, Origin, Schema};
use crate::words::pascal_case;

/// The schema of a type's word; `None` where the word is not known.
pub(super) fn schema(cell: Option<Cell<'_>>, origin: Origin) -> Option<Schema> {
    let Some(cell) = cell else { return Some(Schema::new(Kind::Unknown, origin)) };
    read(cell.text, &origin)
}

fn read(text: &str, origin: &Origin) -> Option<Schema> {
    let text = text.trim_matches('`');
    let item = text.strip_suffix("[]").or_else(|| text.strip_prefix("Array of ")).or_else(|| text.strip_prefix("array of "));
    if let Some(item) = item {
        // Lists of lists do not occur; a word that repeats itself must not be followed down.
        let nested = item.ends_with("[]") || item.contains(" of ");
        let item = if nested { Schema::new(Kind::Unknown, origin.clone()) } else { read(item, origin)? };
        return Some(Schema::new(Kind::Array(Box::new(item)), origin.clone()));
    }
    if let Some(values) = text.strip_prefix("Enum:") {
        let values = values.split(',').map(str::trim).filter(|value| !value.is_empty());
        let enumeration = values.map(|value| Value::String(value.to_owned())).collect();
        return Some(Schema { enumeration, ..Schema::new(Kind::String, origin.clone()) });
    }
    let unknown = || Box::new(Schema::new(Kind::Unknown, origin.clone()));
    const LONGEST: usize = 9;
    let lower: SmallVec<[u8; LONGEST + 1]> = text.bytes().take(LONGEST + 1).map(|byte| byte.to_ascii_lowercase()).collect();
    let (kind, format) = match lower.as_slice() {
        b"string" => (Kind::String, None),
        b"integer" | b"int" => (Kind::Integer, None),
        b"int16" | b"short" => (Kind::Integer, Some("int16")),
        b"int32" => (Kind::Integer, Some("int32")),
        b"int64" | b"long" => (Kind::Integer, Some("int64")),
        b"bool" | b"boolean" => (Kind::Boolean, None),
        b"number" | b"decimal" => (Kind::Number, None),
        b"double" => (Kind::Number, Some("double")),
        b"float" | b"single" => (Kind::Number, Some("float")),
        b"date-time" | b"datetime" => (Kind::String, Some("date-time")),
        b"date" => (Kind::String, Some("date")),
        b"time" | b"timespan" | b"time-span" => (Kind::String, None),
        b"uuid" | b"guid" => (Kind::String, Some("uuid")),
        b"uri" => (Kind::String, Some("uri")),
        b"byte" => (Kind::String, Some("byte")),
        b"binary" | b"file" | b"stream" => (Kind::String, Some("binary")),
        b"array" => (Kind::Array(unknown()), None),
        // A type with members of its own has a name; `object` is a dictionary.
        b"object" => (Kind::Map(unknown()), None),
        b"any" => (Kind::Unknown, None),
        _ if is_entity(text) => (Kind::Reference(text.rsplit('.').next().unwrap_or(text).to_owned()), None),
        // A generic type: its words make one name.
        _ if text.starts_with(|char: char| char.is_ascii_uppercase()) && !text.contains(char::is_whitespace) => {
            (Kind::Reference(pascal_case(text)), None)
        }
        _ => return None,
    };
    Some(Schema { format: format.map(str::to_owned), ..Schema::new(kind, origin.clone()) })
}

/// Whether a text can be the name of an entity.
pub(super) fn is_entity(text: &str) -> bool {
    let last = text.rsplit('.').next().unwrap_or_default();
    last.starts_with(|char: char| char.is_ascii_uppercase())
        && text.chars().all(|char| char.is_ascii_alphanumeric() || "_.".contains(char))
}

/// A value that a line of an address shows, as its schema would have it.
pub(super) fn example(text: &str, schema: &Schema) -> Option<Value> {
    match schema.kind {
        Kind::Integer => text.parse::<i64>().ok().map(|value| Value::Number(Number::from(value))),
        Kind::Number => text.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number),
        Kind::Boolean => text.to_ascii_lowercase().parse().ok().map(Value::Bool),
        Kind::String => Some(Value::String(text.to_owned())),
        _ => None,
    }
}
