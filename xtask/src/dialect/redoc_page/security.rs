//! The security of an operation: schemes of which one is enough, or several are needed together.
//!
//! Takes the lines behind the word. Returns alternatives of schemes. Knows only their names.

use std::borrow::Cow;

use super::{
    foreign::is_no_name,
    lines::{COMPARE, Lines},
    samples,
};
use crate::{
    api::{Origin, SecurityScheme},
    diagnostic::Diagnostic,
    dialect::Page,
    finding::{Finding, FindingKind},
};

/// Reads so many lines into the alternatives of an operation.
pub(super) fn read(lines: &mut Lines<'_>, count: usize, alternatives: &mut Vec<Vec<String>>, page: &mut Page) {
    for (index, line) in (0..count).filter_map(|index| Some((index, lines.next()?))) {
        page.ledger.fact(line.span);
        let text = security_text(line.text).filter(|_| index == 0).unwrap_or(line.text);
        if !text.is_empty() && (samples::is_boilerplate(text) || is_no_name(text)) {
            page.diagnostics.push(Diagnostic::new(line.span, "the name of a security scheme was expected here", COMPARE));
        }
        if index > 1 && text.starts_with('(') && text.ends_with(')') {
            let subject = text.trim_matches(['(', ')']).to_owned();
            let told = "these stand in parentheses below another scheme: they are taken for schemes, and not for its scopes";
            page.findings.push(Finding::new(FindingKind::Assumption, subject, told, vec![line.span]));
        }
        let text = &*without_scopes(text);
        for alternative in
            text.split(" or ").flat_map(|text| text.split(" OR ")).flat_map(glued_groups).filter(|text| !text.is_empty())
        {
            let mut names: Vec<String> = Vec::new();
            // Parentheses say that all of the schemes in them are needed, whose names a copy shows glued.
            let group = alternative.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
            if let Some(group) = group.filter(|group| !group.contains(char::is_whitespace) && !group.is_empty()) {
                let scheme = || SecurityScheme { kind: None, description: None, origin: Origin::stated(line.span) };
                page.api.security_schemes.entry(group.to_owned()).or_insert_with(scheme);
                alternatives.push(vec![alternative.to_owned()]);
                continue;
            }
            for name in alternative.split(" and ").flat_map(|text| text.split(" AND ")) {
                // A group of names stands in parentheses whole.
                let name = name.trim().trim_start_matches('(').trim_end_matches(')').trim();
                if name.is_empty() || name.eq_ignore_ascii_case("none") || names.iter().any(|known| known == name) {
                    continue;
                }
                names.push(name.to_owned());
                let scheme = || SecurityScheme { kind: None, description: None, origin: Origin::stated(line.span) };
                page.api.security_schemes.entry(name.to_owned()).or_insert_with(scheme);
            }
            if !alternatives.contains(&names) {
                alternatives.push(names);
            }
        }
    }
    // `None` alone says that no scheme is needed.
    if alternatives.len() == 1 && alternatives.iter().all(Vec::is_empty) {
        alternatives.clear();
    }
}

/// A group in parentheses and what is glued to it, as a copy has alternatives side by side: `key(basicoauth)`.
fn glued_groups(text: &str) -> Vec<&str> {
    let text = text.trim();
    if text.contains(char::is_whitespace) {
        return vec![text];
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, group)) = rest.split_once('(') {
        let end = group.find(')').map_or(group.len(), |end| end + 1);
        parts.extend(Some(before).filter(|before| !before.is_empty()));
        parts.extend(rest.get(before.len()..before.len() + 1 + end));
        rest = group.get(end..).unwrap_or_default();
    }
    parts.extend(Some(rest).filter(|rest| !rest.is_empty()));
    parts
}

/// Without the scopes in parentheses behind a name; a name that follows them at once is an alternative.
fn without_scopes(text: &str) -> Cow<'_, str> {
    const WORDS: [&str; 4] = ["or", "and", "OR", "AND"];
    let (mut found, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once(" (") {
        found.push_str(before);
        let name = before.rsplit([' ', '(']).next().unwrap_or_default();
        if name.is_empty() || WORDS.contains(&name) {
            found.push_str(" (");
            rest = behind;
            continue;
        }
        rest = behind.split_once(')').map_or("", |(_, rest)| rest);
        let next = rest.trim_start();
        if !next.is_empty() && !next.starts_with(')') && !WORDS.contains(&next.split(' ').next().unwrap_or_default()) {
            found.push_str(" or ");
            rest = next;
        }
    }
    if found.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(found + rest) }
}

/// How many of the next lines are about security: a line that starts with the word, and those up to the next heading.
pub(super) fn security_lines(lines: &Lines<'_>) -> usize {
    const MOST: usize = 12;
    let Some(first) = lines.peek(0) else { return 0 };
    if security_text(first.text).is_none() {
        return 0;
    }
    let next_heading = (1..=MOST).find(|&ahead| lines.peek(ahead).is_none_or(|line| line.heading.is_some()));
    let close = |count: &usize| (1..*count).all(|ahead| lines.adjacent(ahead).is_some());
    next_heading.filter(close).unwrap_or(0)
}

/// What stands behind the word; a heading such as `Security Roles` is none, as a space follows it.
fn security_text(line: &str) -> Option<&str> {
    for label in ["Authorizations", "AUTHORIZATIONS", "Security", "SECURITY"] {
        if let Some(rest) = line.strip_prefix(label) {
            let glued = rest.is_empty() || rest.starts_with(':') || !rest.starts_with(char::is_whitespace);
            return glued.then(|| rest.trim_start_matches(':').trim());
        }
    }
    None
}
