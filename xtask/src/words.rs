//! Words that every reference shares: names in PascalCase, singular forms, and the standard phrases of HTTP.
//!
//! Input: words as documents write them, or a status. Output: a name or a phrase. Knows nothing of any dialect or of
//! Rust's names.

use http::StatusCode;
use serde_json::Value;

/// `Create or Update Batch Users` → `CreateOrUpdateBatchUsers`; letters that are already capital stay so, except in a
/// word that is all capitals and longer than three letters (`APPLICATION_USER` → `ApplicationUser`). What is not ASCII
/// separates words: names of components are ASCII.
#[must_use]
pub fn component_name(text: &str) -> String {
    text.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(capitalized).collect()
}

/// A word with a capital; one that is shouted is lowered.
pub(crate) fn capitalized(word: &str) -> String {
    let shouted = word.len() > 3 && !word.chars().any(char::is_lowercase);
    let mut chars = word.chars();
    let Some(first) = chars.next() else { return String::new() };
    let rest = chars.as_str();
    first.to_uppercase().chain(if shouted { rest.to_lowercase() } else { rest.to_owned() }.chars()).collect()
}

/// `LicenseOwners` → `LicenseOwner`, `TicketCategories` → `TicketCategory`; a word that is not a plural stays.
#[must_use]
pub fn singular(word: &str) -> String {
    const HISSING: [&str; 4] = ["sses", "xes", "ches", "shes"];
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    if HISSING.iter().any(|end| word.ends_with(end)) {
        return word.strip_suffix("es").unwrap_or(word).to_owned();
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.ends_with(['s', 'u', 'i']) && stem.len() > 1 => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// All white space as single blanks, none at the ends.
#[must_use]
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A heading as one word that keeps the heading's own capitals (what components are called: [`component_name`]), such as `CreateOrUpdateBatchUsers`
/// for `Create or Update Batch Users`.
#[must_use]
pub fn pascal_case(heading: &str) -> String {
    let mut name = String::with_capacity(heading.len());
    for word in heading.split(|char: char| !char.is_alphanumeric()) {
        let mut chars = word.chars();
        name.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(chars.as_str());
    }
    name
}

/// A value that was read from `text`. An integer that no 64 bits hold stays as its digits, in a string: as a number it would be
/// rounded, and nothing would say so.
#[must_use]
pub fn exact(value: Value, text: &str) -> Value {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_integer = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_integer && value.is_f64() { Value::String(text.to_owned()) } else { value }
}

/// The name of an operation that its page does not name: its method and the words of its path, without `api` and the version. `GET`
/// of `/api/v1/users/{id}` is `GetUsersById`; words keep their own capitals, as those of a heading do.
#[must_use]
pub fn name_from_path(method: &str, path: &str) -> String {
    let version = |part: &str| {
        part.strip_prefix(['v', 'V']).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
    };
    let parts = path.split('/').filter(|part| !part.eq_ignore_ascii_case("api") && !version(part));
    let words = parts.fold(method.to_lowercase(), |words, part| words + " " + &part.replace('{', " by "));
    pascal_case(&words)
}

/// What RFC 9110 and its registry call a status.
#[must_use]
pub fn status_phrase(status: &str) -> &'static str {
    match status {
        "default" => "Any other response",
        // As RFC 9110 calls them; the crate `http` has their older names.
        "203" => "Non-Authoritative Information",
        "413" => "Content Too Large",
        "422" => "Unprocessable Content",
        _ => StatusCode::from_bytes(status.as_bytes())
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or_else(|| class(status)),
    }
}

/// What the statuses of a class have in common.
fn class(status: &str) -> &'static str {
    match status.as_bytes().first() {
        Some(b'1') => "Informational",
        Some(b'2') => "Success",
        Some(b'3') => "Redirection",
        Some(b'4') => "Client error",
        Some(b'5') => "Server error",
        _ => "Response",
    }
}

/// A status as OpenAPI writes it: three digits, `default`, or a range such as `4XX`.
#[must_use]
pub fn status(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    match bytes {
        _ if text.eq_ignore_ascii_case("default") => Some("default".to_owned()),
        [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] => Some(text.to_owned()),
        [class @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => Some(format!("{}XX", char::from(*class))),
        _ => None,
    }
}

/// Whether a text is a token of RFC 9110, as names of headers are.
#[must_use]
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Whether `word`, which is in lower case, stands anywhere in a text of any case; only ASCII letters have cases here.
#[must_use]
pub fn says(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let Some(first) = word.first() else { return true };
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), text)
        .any(|at| text.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word)))
}

/// Whether a line holds a table in HTML, which a reader of tables in text would not see.
#[must_use]
pub fn is_html_table(line: &str) -> bool {
    let mut tags = memchr::memchr_iter(b'<', line.as_bytes()).filter_map(|at| line.get(at + 1..));
    tags.any(|tag| {
        ["table", "tr", "td", "th"].iter().any(|name| tag.strip_prefix(name).is_some_and(|rest| rest.starts_with(['>', ' '])))
    })
}

/// Whether `words` stand at the byte `at`, and begin or end the text there or are glued to another word.
#[must_use]
pub fn is_exposed(text: &str, at: usize, words: &str) -> bool {
    let (before, rest) = text.split_at_checked(at).unwrap_or_default();
    rest.strip_prefix(words).is_some_and(|after| {
        before.is_empty()
            || after.is_empty()
            || before.ends_with(char::is_alphanumeric)
            || after.starts_with(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_have_a_singular() {
        for (plural, one) in [
            ("LicenseOwners", "LicenseOwner"),
            ("TicketCategories", "TicketCategory"),
            ("Addresses", "Address"),
            ("Courses", "Course"),
            ("Sizes", "Size"),
            ("Boxes", "Box"),
            ("Status", "Status"),
            ("value", "value"),
        ] {
            assert_eq!(singular(plural), one);
        }
    }

    #[test]
    fn headings_become_names() {
        for (heading, name) in [
            ("Create or Update Batch Users", "CreateOrUpdateBatchUsers"),
            ("Submit MFA Code", "SubmitMFACode"),
            ("Set license of {systemId}", "SetLicenseOfSystemId"),
            ("  ", ""),
        ] {
            assert_eq!(pascal_case(heading), name);
        }
        for (method, path, name) in [
            ("GET", "/users/{id}/roles", "GetUsersByIdRoles"),
            ("PUT", "/api/v1/admin/users/{id}", "PutAdminUsersById"),
            ("DELETE", "/v2/api/api-credentials/{id}", "DeleteApiCredentialsById"),
            ("GET", "/files({id})/{*rest}", "GetFilesByIdByRest"),
            ("GET", "/ships/{URI}", "GetShipsByURI"),
            ("GET", "/", "Get"),
        ] {
            assert_eq!(name_from_path(method, path), name);
        }
    }
}
