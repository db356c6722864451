//! Why a body is not what its type says: where, what was expected, what kind of value was found.
//!
//! Takes serde_json's error. Returns the same without values: serde_json prints the value that it did not expect, which may
//! be a secret, so its text is taken apart.

use crate::no_response::ResponseProblem;
use crate::pointer;
use serde_json::error::Category;

/// The kinds as serde prints them, each before the value itself, and as JSON calls them.
const KINDS: &[(&str, &str)] = &[
    ("string", "a string"),
    ("integer", "a whole number"),
    ("floating point", "a number with a fraction, an exponent or more than 64 bits"),
    ("number", "a number"),
    ("boolean", "a boolean"),
    ("sequence", "an array"),
    ("map", "an object"),
    ("null", "null"),
    ("unit", "null"),
];

/// Explains what is wrong with a body.
pub(crate) fn explain(error: &serde_json::Error) -> ResponseProblem {
    let (line, column) = (error.line(), error.column());
    if error.classify() != Category::Data {
        return ResponseProblem::Syntax { line, column };
    }
    let text = error.to_string();
    let (at, text) = pointer::split(&text);
    // The last one is serde's own: what was expected comes from types, not from the body.
    let (found, expected) = text.rsplit_once(", expected ").unwrap_or((text, "another value"));
    let expected = expected.rsplit_once(" at line ").map_or(expected, |(expected, _)| expected);
    let out_of_range = found.starts_with("invalid value: integer");
    let found = found.split_once(": ").map_or(found, |(_, found)| found);
    let kind = KINDS.iter().find(|(serde, _)| found.starts_with(serde));
    ResponseProblem::Type {
        at: if at.is_empty() { "the top of the body".to_owned() } else { at.to_owned() },
        expected: number(expected, out_of_range).unwrap_or_else(|| expected.to_owned()),
        found: match kind {
            Some(_) if out_of_range => "a whole number outside of that range",
            Some((_, json)) => json,
            None => "something else",
        },
    }
}

/// Rust's names of numbers are nobody's words. The range is named where that is what a value does not fit into.
fn number(expected: &str, range: bool) -> Option<String> {
    let (min, max) = match expected {
        "i8" => (i128::from(i8::MIN), i128::from(i8::MAX)),
        "i16" => (i128::from(i16::MIN), i128::from(i16::MAX)),
        "i32" => (i128::from(i32::MIN), i128::from(i32::MAX)),
        "i64" => (i128::from(i64::MIN), i128::from(i64::MAX)),
        "u8" => (0, i128::from(u8::MAX)),
        "u16" => (0, i128::from(u16::MAX)),
        "u32" => (0, i128::from(u32::MAX)),
        "u64" => (0, i128::from(u64::MAX)),
        "f32" | "f64" => return Some("a number".to_owned()),
        _ => return None,
    };
    Some(if range { format!("a whole number from {min} to {max}") } else { "a whole number".to_owned() })
}
