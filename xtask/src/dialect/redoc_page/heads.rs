//! Headings: which line names the group, which ones the operations.
//!
//! Enters: the lines before each operation's first section. Leaves: tags, summaries, descriptions and operation ids.
//! Knows nothing of what the operations do.

use std::{borrow::Cow, collections::HashSet};

use super::{lines::Text, operation::Read};
use crate::{
    dialect::{Page, words},
    document::Document,
    finding::{self, Finding},
};

/// Names all operations of a page.
pub(super) fn name(document: &Document, operations: &mut [Read<'_>], page: &mut Page) {
    let several = operations.len() > 1;
    let mut tag = None;
    let mut taken = HashSet::new();
    for (index, read) in operations.iter_mut().enumerate() {
        let mut head = read.head.as_slice();
        if let (0, Some((first, rest))) = (index, head.split_first()) {
            if names_group(first, rest, several) {
                let text = format!("the first line, `{}`, is taken to name the group of the operations on this page", first.text);
                page.findings.push(Finding::new(finding::Kind::Assumption, first.text, text, vec![first.span]));
                tag = Some(first.text.to_owned());
                head = rest;
            }
        }
        let operation = &mut read.operation;
        operation.tags.extend(tag.clone());
        if let Some((heading, text)) = head.split_first() {
            let title = heading.text.strip_suffix("Deprecated").map(str::trim_end).filter(|title| !title.is_empty());
            let badge = text.first().filter(|line| line.text.eq_ignore_ascii_case("deprecated"));
            operation.deprecated = title.is_some() || badge.is_some();
            operation.summary = Some(title.unwrap_or(heading.text).to_owned());
            let text = text.get(usize::from(badge.is_some())..).unwrap_or_default();
            if let (Some(first), Some(last)) = (text.first(), text.last()) {
                operation.description = Some(document.slice(first.span.to(last.span)).to_owned());
            }
        }
        operation.operation_id = words::pascal_case(operation.summary.as_deref().unwrap_or_default());
        operation.operation_id_reason = Some(Cow::Borrowed("the heading in PascalCase"));
        if operation.operation_id.is_empty() || !taken.insert(operation.operation_id.clone()) {
            operation.operation_id = words::name_from_path(operation.method.name(), &operation.path);
            operation.operation_id_reason =
                Some(Cow::Borrowed("the page has no heading for it, or one that stands twice: verb and path in PascalCase"));
            taken.insert(operation.operation_id.clone());
        }
    }
}

/// Whether the page's first line is the group's, not the first operation's: a second heading follows it.
fn names_group(first: &Text<'_>, rest: &[Text<'_>], several: bool) -> bool {
    let Some(second) = rest.first().filter(|second| is_title(first) && is_title(second) && second.gap) else { return false };
    match rest.get(1) {
        Some(third) => third.gap,
        // Either group and heading, or heading and text: text says what the operation does.
        None => {
            several && !second.text.split_whitespace().next().is_some_and(|word| word.ends_with('s') && !word.ends_with("ss"))
        }
    }
}

/// Short, without the full stop of a sentence.
fn is_title(line: &Text<'_>) -> bool {
    const LONGEST: usize = 100;
    let text = line.text;
    let capital = text.chars().next().is_some_and(|char| !char.is_lowercase());
    capital && text.len() <= LONGEST && !text.ends_with(['.', '!', '?', ':', ';', ',']) && !text.contains(". ")
}
