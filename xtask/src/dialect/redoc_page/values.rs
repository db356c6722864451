//! Values that a row shows behind a label.
//!
//! Input: what stands behind the label. Output: JSON. Knows nothing of rows.

use serde_json::Value;

use crate::{api::Kind, words};

/// The values without the button behind them, and whether it hides some.
pub(super) fn shown_values(text: &str) -> (&str, bool) {
    if let Some(shown) = more(text) {
        return (shown, true);
    }
    let shown = text.strip_suffix("Hide").filter(|shown| shown.ends_with(['"', ' '])).map(str::trim_end);
    (shown.filter(|shown| !shown.is_empty()).unwrap_or(text), false)
}

/// What stands before `… 3 more`.
pub(super) fn more(text: &str) -> Option<&str> {
    let (shown, count) = text.strip_suffix(" more")?.rsplit_once("… ")?;
    count.bytes().all(|byte| byte.is_ascii_digit()).then(|| shown.trim_end())
}

/// A value as the page shows it: JSON, or bare text.
pub(super) fn one(text: &str, kind: &Kind) -> Value {
    let unquoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let bare = || Value::String(unquoted.unwrap_or(text).to_owned());
    // A parser's error about a bare word costs more than the look at how it starts.
    let json = |char: char| char.is_ascii_digit() || matches!(char, '"' | '{' | '[' | '-' | 't' | 'f' | 'n');
    if !text.trim_start().starts_with(json) {
        return bare();
    }
    match (serde_json::from_str(text), kind) {
        (Ok(value @ Value::String(_)), _) => value,
        (Ok(_), Kind::String) => bare(),
        (Ok(value), _) => words::exact(value, text),
        (Err(_), _) => bare(),
    }
}

/// Values that stand side by side, with or without commas.
pub(super) fn several(text: &str, kind: &Kind) -> Vec<Value> {
    let mut values = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let mut json = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let (value, end) = match rest.starts_with('"').then(|| json.next()) {
            Some(Some(Ok(value))) => (Some(value), json.byte_offset()),
            Some(_) => (None, rest.len()),
            None => (None, rest.find(|char: char| char.is_whitespace() || char == ',').unwrap_or(rest.len())),
        };
        let (text, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if !text.is_empty() {
            values.push(value.unwrap_or_else(|| one(text, kind)));
        }
        rest = after.trim_start_matches(|char: char| char.is_whitespace() || char == ',');
    }
    values
}
