//! Lines that no description has, and lines that are no names.
//!
//! Takes one line. Returns what it is instead, where a page has a form for it: text in which the reader failed to see a part of
//! the page, and which must not pass for prose.

use super::{
    lines::{LONGEST_METHOD, is_choice, status},
    pattern, types,
};
use crate::{api::Method, words::is_exposed};

/// What a line is that no description has; `None` where it may be a line of one.
pub(super) fn foreign(line: &str) -> Option<&'static str> {
    // The mark of prose says that it is a line of a description.
    if line.starts_with("> ") {
        return None;
    }
    // All begin with the same letter.
    const SECTIONS: [&str; 6] = [
        "Request Body schema",
        "Response Schema",
        "Request samples",
        "Response samples",
        "REQUEST BODY SCHEMA",
        "RESPONSE SCHEMA",
    ];
    if line.starts_with('#') && line.trim_start_matches('#').starts_with(' ') {
        return Some("a heading that Redoc does not have");
    }
    // Only a row that was unfolded shows the list that it holds.
    if line == "Array" || line.strip_prefix("Array (").is_some_and(|rest| rest.ends_with(')')) {
        return Some("the mark of an unfolded row");
    }
    if matches!(line, "required" | "additional property") {
        return Some("the mark of a row");
    }
    if types::read(line).is_some() || line.ends_with(pattern::SHOWN_BY) || line.ends_with(pattern::HIDDEN_BY) {
        return Some("the type of a row");
    }
    if is_choice(line) {
        return Some("the tabs of alternatives");
    }
    if has_glued_pattern(line) {
        return Some("a type with its pattern");
    }
    let described = |label: &str| line.strip_prefix(label).is_some_and(|rest| rest.trim() == "Description");
    if ["Enum", "Items Enum", "Value", "Items Value", "Enum Value"].into_iter().any(described) {
        return Some("a table of values");
    }
    if ["Enum:", "Items Enum:", "Default: \""].iter().any(|label| line.starts_with(label)) {
        return Some("the values of a row");
    }
    if status(line).is_some_and(|(status, rest)| rest.is_empty() || rest == crate::words::status_phrase(&status)) {
        return Some("the status of a response");
    }
    if is_rest_of_type(line) {
        return Some("the rest of a row's type");
    }
    if has_verb_at_start(line) {
        return Some("verb and path with something else");
    }
    let held = memchr::memchr_iter(b'R', line.as_bytes()).any(|at| SECTIONS.into_iter().any(|name| is_exposed(line, at, name)));
    held.then_some("the name of a section")
}

/// What stands behind a type on its line, such as `<int32>` or `[ 1 .. 5 ] characters`, and nothing else.
fn is_rest_of_type(line: &str) -> bool {
    if !line.starts_with(['<', '>', '[', '=']) {
        return matches!(line, "non-empty" | "unique");
    }
    let items = line.ends_with("items") || line.contains("item ");
    // A link or a list in brackets is no constraint.
    let known = line.contains("..") || line.starts_with('<') && line.ends_with('>') || line.starts_with(['>', '=']) || items;
    known && types::read(&format!("{} {line}", if items { "Array of any" } else { "string" })).is_some()
}

/// Verb and path glued as the page has them, whatever stands around them.
fn has_verb_at_start(line: &str) -> bool {
    let line = line.trim_start_matches(['*', '_', '#', ' ']);
    let letters = line.bytes().take(LONGEST_METHOD + 1).take_while(u8::is_ascii_lowercase).count();
    let rest = line.get(letters..).unwrap_or_default();
    rest.starts_with('/') && rest.len() > 1 && line.get(..letters).and_then(Method::from_name).is_some()
}

/// Whether a line can be no name, such as a sentence or a line of another kind of page.
pub(super) fn is_no_name(line: &str) -> bool {
    let sentence =
        line.ends_with(['.', ',', ':', ';', '!', '?']) && line.contains(' ') || line.contains(": ") || line.contains(". ");
    sentence || line.starts_with(['*', '#', '|', '>', '-', '`', '"']) || line.contains(['|', '`', '"', '\t', '“', '”'])
}

/// Whether a line can be the name of a row and is no sentence.
pub(super) fn is_like_name(line: &str) -> bool {
    const LONGEST: usize = 60;
    let sound = |char: char| char.is_alphanumeric() || "_-.$@:[]".contains(char);
    (1..=LONGEST).contains(&line.len()) && line.chars().all(sound) && !line.ends_with(['.', ':'])
}

/// Whether a line begins as the type of a row does.
pub(super) fn starts_like_type(line: &str) -> bool {
    let line = line.strip_prefix('(').unwrap_or(line);
    const TYPES: [&str; 8] = ["Array of ", "string", "integer", "number", "boolean", "object", "array", "any"];
    let rest = TYPES.into_iter().find_map(|name| line.strip_prefix(name).map(|rest| (name, rest)));
    // A style may show it in capitals.
    let capitals =
        || line.split([' ', '<']).next().filter(|word| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase()));
    rest.is_some_and(|(name, rest)| name.ends_with(' ') || !rest.starts_with(|char: char| char.is_alphanumeric()))
        || capitals().is_some_and(|word| TYPES.contains(&word.to_ascii_lowercase().as_str()) || line.starts_with("ARRAY OF "))
}

/// `stringabc|def`: a type to which a copy glues a regular expression that begins as a word does.
fn has_glued_pattern(line: &str) -> bool {
    const TYPES: [&str; 3] = ["string", "strings", "Array of strings"];
    let glued = |name: &str| {
        let rest = line.strip_prefix(name)?;
        let starts = rest.starts_with(|char: char| char.is_alphanumeric());
        (starts && !rest.contains(' ') && rest.contains(['|', '\\', '[', '^', '$', '*', '+', '{'])).then_some(())
    };
    TYPES.into_iter().any(|name| glued(name).is_some())
}
