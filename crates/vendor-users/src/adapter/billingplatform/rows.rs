//! Rows of a query as records.
//!
//! No page says whether a number comes as a number or as text, so that both are taken.

use client_core::serde_json::{self, Map, Value};
use client_core::{Json, Map as Row};

use crate::attribute::Attribute;
use crate::record::Record;

/// The columns of a list: what has a meaning here, and what a record must have.
pub(super) fn columns<R: Record>() -> Vec<&'static str> {
    let mut columns = Vec::new();
    let carried = R::SHAPE.carries.iter().map(|(_, property)| *property);
    for column in carried.chain(R::SHAPE.required.iter().copied()) {
        // An attribute that is made of several properties has no column of its own.
        if R::SHAPE.properties.contains(&column) && !columns.contains(&column) {
            columns.push(column);
        }
    }
    columns
}

/// The record of a row, or what is wrong with it. Every row has an identifier.
pub(super) fn record<R: Record>(row: Row<Json>) -> Result<R, String> {
    let row: Map<String, Value> = row.into_iter().filter_map(|(name, value)| Some((name, value?.value()))).collect();
    let record: R = match typed(row.clone()) {
        Some(record) => record,
        None => {
            let members = row.into_iter().filter_map(|(name, value)| fitting::<R>(name, value).transpose());
            typed(members.collect::<Result<_, _>>()?).ok_or("a row that is no user")?
        }
    };
    if record.id().is_none_or(|id| id.is_empty()) {
        return Err(format!("a row without `{}`", R::SHAPE.property(Attribute::Id).unwrap_or_default()));
    }
    Ok(record)
}

fn typed<R: Record>(row: Map<String, Value>) -> Option<R> {
    serde_json::from_value(Value::Object(row)).ok()
}

/// The member in the type that the record has; none for an empty text in the place of a number.
fn fitting<R: Record>(name: String, value: Value) -> Result<Option<(String, Value)>, String> {
    let other = match &value {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => text.parse::<i64>().ok().map(Value::from),
        Value::Number(number) => Some(Value::from(number.to_string())),
        _ => None,
    };
    let is_empty = matches!(&value, Value::String(text) if text.is_empty());
    for value in [Some(value), other].into_iter().flatten() {
        if typed::<R>(Map::from_iter([(name.clone(), value.clone())])).is_some() {
            return Ok(Some((name, value)));
        }
    }
    if is_empty { Ok(None) } else { Err(format!("`{name}` of another type than documented")) }
}
