//! Names in the spelling that OpenAPI documents use.
//!
//! Enters: words as documents write them. Leaves: PascalCase names and singular forms. Knows nothing of Rust's names.

/// `Create or Update Batch Users` → `CreateOrUpdateBatchUsers`; letters that are already capital stay so, except in a
/// word that is all capitals and longer than three letters (`APPLICATION_USER` → `ApplicationUser`). What is not ASCII
/// separates words: names of components are ASCII.
#[must_use]
pub fn pascal(text: &str) -> String {
    text.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(capitalized).collect()
}

fn capitalized(word: &str) -> String {
    let shouted = word.len() > 3 && !word.chars().any(char::is_lowercase);
    let mut chars = word.chars();
    let Some(first) = chars.next() else { return String::new() };
    let rest = chars.as_str();
    first.to_uppercase().chain(if shouted { rest.to_lowercase() } else { rest.to_owned() }.chars()).collect()
}

/// `LicenseOwners` → `LicenseOwner`, `TicketCategories` → `TicketCategory`; a word that is not a plural stays.
#[must_use]
pub fn singular(word: &str) -> String {
    const HISSING: [&str; 5] = ["ses", "xes", "zes", "ches", "shes"];
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    if HISSING.iter().any(|end| word.ends_with(end))
        && !word.ends_with("nses")
        && !word.ends_with("uses")
        && !word.ends_with("ases")
    {
        return word.strip_suffix("es").unwrap_or(word).to_owned();
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.ends_with(['s', 'u', 'i']) && stem.len() > 1 => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// What HTTP calls a status, such as `Not Found` (RFC 9110 and RFC 4918, 6585).
#[must_use]
pub fn status_phrase(status: &str) -> Option<&'static str> {
    Some(match status {
        "200" => "OK",
        "201" => "Created",
        "202" => "Accepted",
        "203" => "Non-Authoritative Information",
        "204" => "No Content",
        "206" => "Partial Content",
        "207" => "Multi-Status",
        "301" => "Moved Permanently",
        "302" => "Found",
        "303" => "See Other",
        "304" => "Not Modified",
        "400" => "Bad Request",
        "401" => "Unauthorized",
        "402" => "Payment Required",
        "403" => "Forbidden",
        "404" => "Not Found",
        "405" => "Method Not Allowed",
        "406" => "Not Acceptable",
        "408" => "Request Timeout",
        "409" => "Conflict",
        "410" => "Gone",
        "411" => "Length Required",
        "412" => "Precondition Failed",
        "413" => "Content Too Large",
        "415" => "Unsupported Media Type",
        "416" => "Range Not Satisfiable",
        "422" => "Unprocessable Content",
        "423" => "Locked",
        "424" => "Failed Dependency",
        "428" => "Precondition Required",
        "429" => "Too Many Requests",
        "431" => "Request Header Fields Too Large",
        "500" => "Internal Server Error",
        "501" => "Not Implemented",
        "502" => "Bad Gateway",
        "503" => "Service Unavailable",
        "504" => "Gateway Timeout",
        _ => return None,
    })
}
