//! Words that every reference shares: names in PascalCase, singular forms, and the standard phrases of HTTP.
//!
//! Input: words as documents write them, or a status. Output: a name or a phrase. Knows nothing of any dialect or of
//! Rust's names.

use serde_json::Value;

/// `Create or Update Batch Users` → `CreateOrUpdateBatchUsers`; letters that are already capital stay so, except in a
/// word that is all capitals and longer than three letters (`APPLICATION_USER` → `ApplicationUser`). What is not ASCII
/// separates words: names of components are ASCII.
#[must_use]
pub fn pascal(text: &str) -> String {
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

/// A heading as one word that keeps the heading's own capitals (a name of a component: [`pascal`]), such as `CreateOrUpdateBatchUsers` for `Create or Update Batch Users`.
#[must_use]
pub fn pascal_case(heading: &str) -> String {
    let mut name = String::with_capacity(heading.len());
    push_pascal_case(heading, &mut name);
    name
}

/// The same, behind what `name` has already.
pub fn push_pascal_case(heading: &str, name: &mut String) {
    for word in heading.split(|char: char| !char.is_alphanumeric()) {
        let mut chars = word.chars();
        name.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(chars.as_str());
    }
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

/// The name of an operation whose page has no heading: its verb and the words of its path.
#[must_use]
pub fn name_from_path(method: &str, path: &str) -> String {
    let mut words = method.to_lowercase();
    for segment in path.split('/') {
        words.push(' ');
        words.push_str(if segment.starts_with('{') { "by " } else { "" });
        words.push_str(segment);
    }
    pascal_case(&words)
}

/// What RFC 9110 and its registry call a status.
#[must_use]
pub fn status_phrase(status: &str) -> &'static str {
    match status {
        "default" => "Any other response",
        "100" => "Continue",
        "101" => "Switching Protocols",
        "102" => "Processing",
        "103" => "Early Hints",
        "200" => "OK",
        "201" => "Created",
        "202" => "Accepted",
        "203" => "Non-Authoritative Information",
        "204" => "No Content",
        "205" => "Reset Content",
        "206" => "Partial Content",
        "207" => "Multi-Status",
        "208" => "Already Reported",
        "226" => "IM Used",
        "300" => "Multiple Choices",
        "301" => "Moved Permanently",
        "302" => "Found",
        "303" => "See Other",
        "304" => "Not Modified",
        "305" => "Use Proxy",
        "307" => "Temporary Redirect",
        "308" => "Permanent Redirect",
        "400" => "Bad Request",
        "401" => "Unauthorized",
        "402" => "Payment Required",
        "403" => "Forbidden",
        "404" => "Not Found",
        "405" => "Method Not Allowed",
        "406" => "Not Acceptable",
        "407" => "Proxy Authentication Required",
        "408" => "Request Timeout",
        "409" => "Conflict",
        "410" => "Gone",
        "411" => "Length Required",
        "412" => "Precondition Failed",
        "413" => "Content Too Large",
        "414" => "URI Too Long",
        "415" => "Unsupported Media Type",
        "416" => "Range Not Satisfiable",
        "417" => "Expectation Failed",
        "421" => "Misdirected Request",
        "422" => "Unprocessable Content",
        "423" => "Locked",
        "424" => "Failed Dependency",
        "425" => "Too Early",
        "426" => "Upgrade Required",
        "428" => "Precondition Required",
        "429" => "Too Many Requests",
        "431" => "Request Header Fields Too Large",
        "451" => "Unavailable For Legal Reasons",
        "500" => "Internal Server Error",
        "501" => "Not Implemented",
        "502" => "Bad Gateway",
        "503" => "Service Unavailable",
        "504" => "Gateway Timeout",
        "505" => "HTTP Version Not Supported",
        "506" => "Variant Also Negotiates",
        "507" => "Insufficient Storage",
        "508" => "Loop Detected",
        "511" => "Network Authentication Required",
        _ => match status.as_bytes().first() {
            Some(b'1') => "Informational",
            Some(b'2') => "Success",
            Some(b'3') => "Redirection",
            Some(b'4') => "Client error",
            Some(b'5') => "Server error",
            _ => "Response",
        },
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
        assert_eq!(name_from_path("GET", "/users/{id}/roles"), "GetUsersByIdRoles");
    }
}
