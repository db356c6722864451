//! Names of security schemes that stand side by side on a page, and glued in its text.
//!
//! Input: the operations of a page with the names as they stand there. Output: the names, told apart by the schemes that other
//! operations of the page name; a finding where a name looks like two and nothing tells.

use super::operation::Read;
use crate::{
    dialect::Page,
    finding::{self, Finding},
};

/// Words that names of schemes are made of.
const WORDS: [&str; 11] = ["key", "oauth2", "oauth", "basic", "bearer", "token", "jwt", "openid", "session", "cookie", "auth"];

/// Tells glued names apart.
pub(super) fn split(operations: &mut [Read<'_>], page: &mut Page) {
    let known: Vec<String> = page.api.security_schemes.keys().cloned().collect();
    let mut glued: Vec<(String, Option<String>)> = Vec::new();
    for read in operations {
        let Some(alternatives) = &mut read.operation.security else { continue };
        let mut found: Vec<Vec<String>> = Vec::new();
        for alternative in std::mem::take(alternatives) {
            let names = match alternative.as_slice() {
                // Where none is needed stands `None`.
                [name] if behind_none(name, &known).is_some() => {
                    let rest = behind_none(name, &known).unwrap_or_default();
                    glued.push((name.clone(), Some(rest.to_owned())));
                    vec![Vec::new(), vec![rest.to_owned()]]
                }
                [name] => {
                    let group = name.strip_prefix('(').and_then(|name| name.strip_suffix(')'));
                    let whole = group.unwrap_or(name);
                    match (parts(whole, &known), group) {
                        (Some(parts), group) => {
                            glued.push((whole.to_owned(), None));
                            if group.is_some() { vec![parts] } else { parts.into_iter().map(|part| vec![part]).collect() }
                        }
                        (None, _) => vec![vec![whole.to_owned()]],
                    }
                }
                _ => vec![alternative],
            };
            for names in names {
                if !found.contains(&names) {
                    found.push(names);
                }
            }
        }
        *alternatives = found;
    }
    for (name, rest) in glued {
        if let Some(scheme) = page.api.security_schemes.shift_remove(&name) {
            let text = match rest {
                Some(_) => "the page shows `None` beside the name of a scheme: it is taken to be needed or not",
                None => {
                    "the page shows the names of schemes side by side: they are told apart by those that its other operations name"
                }
            };
            page.findings.push(Finding::new(finding::Kind::Assumption, name, text, scheme.origin.spans.to_vec()));
            if let Some(rest) = rest {
                page.api.security_schemes.entry(rest).or_insert(scheme);
            }
        }
    }
    for (name, scheme) in &page.api.security_schemes {
        if looks_like_two(name) {
            let text = "this looks like the names of two schemes, which a page's text shows glued; it is taken to be one, since the page names neither alone";
            page.findings.push(Finding::new(finding::Kind::Assumption, name, text, scheme.origin.spans.to_vec()));
        }
    }
}

/// The scheme's name that `None` is glued to.
fn behind_none<'a>(name: &'a str, known: &[String]) -> Option<&'a str> {
    let rest = name.strip_prefix("None").or(name.strip_suffix("None"))?;
    let stands_alone = rest.starts_with(|char: char| char.is_ascii_uppercase()) || known.iter().any(|other| other == rest);
    (!rest.is_empty() && stands_alone).then_some(rest)
}

/// Two or more of the known names that a name is made of.
fn parts(name: &str, known: &[String]) -> Option<Vec<String>> {
    let first = known.iter().filter(|part| part.as_str() != name && name.starts_with(part.as_str()));
    for part in first {
        let rest = name.get(part.len()..)?;
        if known.iter().any(|other| other == rest) {
            return Some(vec![part.clone(), rest.to_owned()]);
        }
        if let Some(mut more) = parts(rest, known) {
            more.insert(0, part.clone());
            return Some(more);
        }
    }
    None
}

fn looks_like_two(name: &str) -> bool {
    const ENDS: [&str; 4] = ["auth", "oauth2", "key", "token"];
    const STARTS: [&str; 8] = ["bearer", "basic", "oauth", "apikey", "api_key", "jwt", "openid", "http"];
    let lower = name.to_ascii_lowercase();
    let meet = |end: &str| {
        lower
            .match_indices(end)
            .any(|(at, _)| STARTS.iter().any(|start| lower.get(at + end.len()..).is_some_and(|rest| rest.starts_with(start))))
    };
    if ENDS.into_iter().any(meet) {
        return true;
    }
    // Two words with a mark or a capital letter between them are one name.
    let words = name.split(|char: char| !char.is_ascii_alphanumeric() || char.is_ascii_uppercase());
    words.into_iter().any(|word| WORDS.iter().filter_map(|first| word.strip_prefix(first)).any(|rest| WORDS.contains(&rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_stands_beside_a_name() {
        let known = ["key".to_owned()];
        for (name, rest) in [
            ("NoneApiKey", Some("ApiKey")),
            ("Nonekey", Some("key")),
            ("keyNone", Some("key")),
            ("Nonesuch", None),
            ("None", None),
        ] {
            assert_eq!(behind_none(name, &known), rest, "{name}");
        }
    }

    #[test]
    fn glued_names_are_told_apart_by_known_ones() {
        let known = ["key", "oauth", "key_two", "keyoauth"].map(str::to_owned);
        for (name, expected) in [("keyoauth", "key oauth"), ("oauthkey_two", "oauth key_two"), ("oauth", ""), ("keyx", "")] {
            assert_eq!(parts(name, &known).unwrap_or_default().join(" "), expected, "{name}");
        }
        for (name, two) in [
            ("keyoauth", true),
            ("api_key", false),
            ("basicAuth", false),
            ("bearer", false),
            ("oauth2", false),
            ("ApiKeyAuthBearerAuth", true),
            ("OAuth2ApiKey", true),
        ] {
            assert_eq!(looks_like_two(name), two, "{name}");
        }
    }
}
