//! Why a body is not what its type says: where, what was expected, what kind of value was found.
//!
//! In: serde's error and the body. Out: the same without values. serde prints the value that it did not expect, which may be
//! a secret, so its text is taken apart; the JSON pointer is found by walking the body up to the error's place.

use crate::lost::AnswerProblem;
use serde_json::error::Category;

/// The kinds as serde prints them, each before the value itself, and as JSON calls them.
const KINDS: &[(&str, &str)] = &[
    ("string", "a string"),
    ("integer", "a whole number"),
    ("floating point", "a number with a fraction"),
    ("number", "a number"),
    ("boolean", "a boolean"),
    ("sequence", "an array"),
    ("map", "an object"),
    ("null", "null"),
    ("unit", "null"),
];

/// What is wrong with the body.
pub(crate) fn explain(error: &serde_json::Error, body: &[u8]) -> AnswerProblem {
    let (line, column) = (error.line(), error.column());
    if error.classify() != Category::Data {
        return AnswerProblem::Syntax { line, column };
    }
    let text = error.to_string();
    // The last one is serde's own: what was expected comes from types, not from the body.
    let (found, expected) = text.rsplit_once(", expected ").unwrap_or((text.as_str(), "another value"));
    let expected = expected.rsplit_once(" at line ").map_or(expected, |(expected, _)| expected);
    let found = found.split_once(": ").map_or(found, |(_, found)| found);
    let kind = KINDS.iter().find(|(serde, _)| found.starts_with(serde));
    AnswerProblem::Type {
        at: pointer(body, line, column),
        expected: readable(expected).to_owned(),
        found: kind.map_or("something else", |(_, json)| json),
    }
}

/// Rust's names of numbers are nobody's words.
fn readable(expected: &str) -> &str {
    match expected {
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" => "a whole number",
        "f32" | "f64" => "a number",
        other => other,
    }
}

enum Level {
    Object(String),
    Array(usize),
}

/// The JSON pointer of what stands at this place. The body is well-formed up to there.
fn pointer(body: &[u8], line: usize, column: usize) -> String {
    let start: usize = body.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    let end = (start + column).min(body.len());
    let mut levels: Vec<Level> = Vec::new();
    let before = body.get(..end).unwrap_or(body).trim_ascii_end();
    // serde may have looked at what follows the value: a comma, or the bracket around it.
    let mut bytes = before.strip_suffix(b",").unwrap_or(before).iter().copied();
    let mut last_string = Vec::new();
    while let Some(byte) = bytes.next() {
        match byte {
            _ if bytes.len() == 0 && byte != b'"' => {}
            b'{' => levels.push(Level::Object(String::new())),
            b'[' => levels.push(Level::Array(0)),
            b'}' | b']' => drop(levels.pop()),
            b',' => {
                if let Some(Level::Array(index)) = levels.last_mut() {
                    *index += 1;
                }
            }
            b':' => {
                if let Some(Level::Object(name)) = levels.last_mut() {
                    *name = String::from_utf8_lossy(&last_string).into_owned();
                }
            }
            b'"' => {
                last_string.clear();
                while let Some(byte) = bytes.next().filter(|byte| *byte != b'"') {
                    last_string.push(byte);
                    if byte == b'\\' {
                        last_string.extend(bytes.next());
                    }
                }
            }
            _ => {}
        }
    }
    if levels.is_empty() {
        return "the top of the body".to_owned();
    }
    levels.iter().fold(String::new(), |path, level| match level {
        Level::Object(name) => format!("{path}/{name}"),
        Level::Array(index) => format!("{path}/{index}"),
    })
}
