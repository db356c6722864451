//! Where a request goes and what its values may be: the operation's path, the query, the text of headers.
//!
//! Input: the path template and the program's values. Output: a path below the base URL, never another place, and header values. URL parsers undo
//! percent-encoded dots, so values that would climb are refused rather than encoded.

use crate::violations::Problem;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::HeaderValue;

/// Everything but letters, digits and what no server gives a meaning of its own.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@');

/// As [`VALUE`], and what stands before it may not become a user's name.
const HOST: &AsciiSet = &VALUE.add(b'@');

/// A value that stands in the address of a server, such as a tenant: everything that could end the host's name or lead to
/// another one is encoded, and an encoded host is refused when the client is built.
///
/// ```
/// assert_eq!(client_core::codegen::url_part("Cust12345"), "Cust12345");
/// assert_eq!(client_core::codegen::url_part("evil.example/"), "evil.example%2F");
/// ```
#[must_use]
pub fn url_part(value: &str) -> String {
    utf8_percent_encode(value, HOST).to_string()
}

/// What is wrong with a value that is to stand in the path.
pub(crate) fn path_problem(value: &str) -> Option<Problem> {
    if value.is_empty() {
        Some(Problem::EmptyPathValue)
    } else if value.chars().any(char::is_control) {
        Some(Problem::ControlCharacter)
    } else if value.split(['/', '\\']).any(|part| matches!(part, "." | "..")) {
        // Servers that decode before they route take both kinds of slash for their own.
        Some(Problem::DotSegment)
    } else {
        None
    }
}

/// The path below the base path, each value encoded; the name of the first part that has no value as an error.
pub(crate) fn fill(base_path: &str, template: &'static str, values: &[(&'static str, String)]) -> Result<String, &'static str> {
    let mut path = String::with_capacity(base_path.len() + template.len() + 32);
    path.push_str(base_path);
    let mut rest = template;
    // Not `split_once` of a `char`, which takes several times longer on texts as short as these.
    let split = |text: &'static str, at: u8| memchr::memchr(at, text.as_bytes()).and_then(|at| text.split_at_checked(at));
    while let Some((literal, from_name)) = split(rest, b'{') {
        path.push_str(literal);
        let from_name = from_name.get(1..).unwrap_or_default();
        let (name, after) = split(from_name, b'}').unwrap_or((from_name, ""));
        let (_, value) = values.iter().find(|(known, _)| *known == name).ok_or(name)?;
        path.extend(utf8_percent_encode(value, VALUE));
        rest = after.get(1..).unwrap_or_default();
    }
    path.push_str(rest);
    Ok(path)
}

/// Adds `name=value` to a query or a form.
pub(crate) fn add_pair(pairs: &mut String, name: &str, value: &str) {
    if !pairs.is_empty() {
        pairs.push('&');
    }
    pairs.extend(utf8_percent_encode(name, VALUE));
    pairs.push('=');
    pairs.extend(utf8_percent_encode(value, VALUE));
}

/// Removes all pairs of this name from a query.
pub(crate) fn remove_pairs(pairs: &mut String, name: &str) {
    if pairs.is_empty() {
        return;
    }
    let start = format!("{}=", utf8_percent_encode(name, VALUE));
    let kept: Vec<&str> = pairs.split('&').filter(|pair| !pair.starts_with(&start)).collect();
    *pairs = kept.join("&");
}

/// The header value, if it is visible ASCII and spaces: the meaning of other bytes is not defined.
pub(crate) fn header_value(text: &str) -> Result<HeaderValue, Problem> {
    if text.chars().any(char::is_control) {
        return Err(Problem::ControlCharacter);
    }
    let value = HeaderValue::from_str(text).ok().filter(|_| text.is_ascii());
    value.ok_or(Problem::NotVisibleAscii)
}
