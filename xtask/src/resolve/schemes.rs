//! Names of security schemes that a page has side by side.
//!
//! Takes a page whose operations have the names as they stand there. Leaves each name alone: those with commas between, which are
//! taken to be needed together, and those that a page's text shows glued, which are told apart by the schemes that its other
//! operations name. A finding tells where a name looks like two and nothing tells them apart.

use indexmap::map::Entry;

use crate::{
    api::{Api, Operation},
    dialect::Page,
    finding::{Finding, FindingKind},
};

/// Words that names of schemes are made of.
const WORDS: [&str; 11] = ["key", "oauth2", "oauth", "basic", "bearer", "token", "jwt", "openid", "session", "cookie", "auth"];

/// Tells the names of all operations apart.
pub(super) fn settle(page: &mut Page) {
    listed(&mut page.api, &mut page.findings);
    glued(&mut page.api, &mut page.findings);
    for (name, scheme) in &page.api.security_schemes {
        if looks_like_two(name) {
            let text = "this looks like the names of two schemes, which a page's text shows glued; it is taken to be one, since the page names neither alone";
            page.findings.push(Finding::new(FindingKind::Assumption, name, text, scheme.origin.spans.to_vec()));
        }
    }
}

/// Names with commas between.
fn listed(api: &mut Api, findings: &mut Vec<Finding>) {
    let Api { operations, security_schemes, .. } = api;
    let schemes = std::mem::take(security_schemes);
    for (name, scheme) in schemes {
        for name in names(&name) {
            if let Entry::Vacant(free) = security_schemes.entry(name) {
                free.insert(scheme.clone());
            }
        }
    }
    for operation in operations {
        let Operation { method, path, security: Some(alternatives), origin, .. } = operation else { continue };
        for alternative in &mut *alternatives {
            let [list] = alternative.as_slice() else { continue };
            let apart = names(list);
            if apart.len() > 1 {
                let text = format!(
                    "the page lists {} and does not say whether one is enough; they are taken to be needed together, so that a \
                     call without one of them is refused before it is sent",
                    apart.join(", ")
                );
                let subject = format!("{} {path} security", method.name());
                findings.push(Finding::new(FindingKind::Assumption, subject, text, origin.spans.to_vec()));
            }
            *alternative = apart;
        }
        once(alternatives);
    }
}

/// The names of a list, each once.
fn names(list: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Leaves each alternative once.
fn once(alternatives: &mut Vec<Vec<String>>) {
    let mut found: Vec<Vec<String>> = Vec::with_capacity(alternatives.len());
    for names in alternatives.drain(..) {
        if !found.contains(&names) {
            found.push(names);
        }
    }
    *alternatives = found;
}

/// Names without anything between.
fn glued(api: &mut Api, findings: &mut Vec<Finding>) {
    let known: Vec<String> = api.security_schemes.keys().cloned().collect();
    let mut glued: Vec<(String, Option<String>)> = Vec::new();
    for operation in &mut api.operations {
        let Some(alternatives) = &mut operation.security else { continue };
        let mut found: Vec<Vec<String>> = Vec::new();
        for alternative in std::mem::take(alternatives) {
            let [name] = alternative.as_slice() else {
                found.push(alternative);
                continue;
            };
            // Where none is needed stands `None`.
            if let Some(rest) = behind_none(name, &known).map(str::to_owned) {
                glued.push((name.clone(), Some(rest.clone())));
                found.extend([Vec::new(), vec![rest]]);
                continue;
            }
            // All of a group in parentheses are needed.
            let group = name.strip_prefix('(').and_then(|name| name.strip_suffix(')'));
            let whole = group.unwrap_or(name);
            let Some(parts) = parts(whole, &known) else {
                found.push(vec![whole.to_owned()]);
                continue;
            };
            glued.push((whole.to_owned(), None));
            match group {
                Some(_) => found.push(parts),
                None => found.extend(parts.into_iter().map(|part| vec![part])),
            }
        }
        *alternatives = found;
        once(alternatives);
    }
    for (name, rest) in glued {
        if let Some(scheme) = api.security_schemes.shift_remove(&name) {
            let text = match rest {
                Some(_) => "the page shows `None` beside the name of a scheme: it is taken to be needed or not",
                None => {
                    "the page shows the names of schemes side by side: they are told apart by those that its other operations name"
                }
            };
            findings.push(Finding::new(FindingKind::Assumption, name, text, scheme.origin.spans.to_vec()));
            if let Some(rest) = rest {
                api.security_schemes.entry(rest).or_insert(scheme);
            }
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
