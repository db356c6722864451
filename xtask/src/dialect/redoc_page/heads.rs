//! Headings: which line names the group, which ones the operations.
//!
//! Input: the lines before each operation's first section. Output: tags, summaries, descriptions and operation ids.
//! Knows nothing of what the operations do.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashSet},
};

use super::{lines::Text, operation::Read};
use crate::{
    dialect::Page,
    document::Document,
    finding::{self, Finding},
    words,
};

/// Names all operations of a page.
pub(super) fn name(document: &Document, operations: &mut [Read<'_>], page: &mut Page) {
    let usual = usual_length(operations);
    // A browser's copy has verb and path on a line each.
    let is_copy = |read: &Read<'_>| read.operation.origin.spans.iter().any(|span| document.slice(*span).contains('\n'));
    let copied = operations.first().is_some_and(is_copy);
    let mut tag = None;
    let mut taken = HashSet::new();
    for (index, read) in operations.iter_mut().enumerate() {
        let mut head = read.head.as_slice();
        if index == 0 {
            head = head.get(behind_title(head)..).unwrap_or_default();
        }
        let heading = if index == 0 { heading_behind_group(head, usual, copied) } else { None };
        if let (Some(heading), Some(first)) = (heading, head.first()) {
            let text = format!("the first line, `{}`, is taken to name the group of the operations on this page", first.text);
            page.findings.push(Finding::new(finding::Kind::Assumption, first.text, text, vec![first.span]));
            if let Some([from, .., to] | [from @ to]) = head.get(1..heading) {
                let text = "the page describes the group; the specification does not carry this";
                page.findings.push(Finding::new(finding::Kind::Loss, first.text, text, vec![from.span.to(to.span)]));
            }
            tag = Some(first.text.to_owned());
            head = head.get(heading..).unwrap_or_default();
        }
        if let [name, behind, ..] = head
            && index > 0
            && copied
            && behind.gap
            && is_title(behind)
        {
            let text = format!(
                "`{}` is taken for the operation's heading and `{}` for its description; in a copy a group without a text looks the same",
                name.text, behind.text
            );
            page.findings.push(Finding::new(finding::Kind::Assumption, name.text, text, vec![name.span.to(behind.span)]));
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

/// Where the page's own title and text end: a copy of the whole page begins with them, and they say nothing of an operation.
/// The group's heading is the last one behind them that a text follows at once, before the operation's.
fn behind_title(head: &[Text<'_>]) -> usize {
    let download = head.iter().take(4).position(|line| line.text.starts_with("Download OpenAPI specification"));
    let Some(download) = download else { return 0 };
    let blocks: Vec<usize> = (download + 1..head.len()).filter(|at| head.get(*at).is_some_and(|line| line.gap)).collect();
    match blocks.as_slice() {
        [.., group, _operation] => *group,
        _ => download + 1,
    }
}

/// How many lines the heads of the operations behind the first one have, most often.
fn usual_length(operations: &[Read<'_>]) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for read in operations.iter().skip(1) {
        *counts.entry(read.head.len()).or_default() += 1;
    }
    // Of equally frequent lengths the shortest: a text can have several lines.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(length, _)| length)
}

/// Where the first operation's heading stands, if the page's first line names the group: where the heads of the others say
/// so, or in the line behind, if that is a heading too.
fn heading_behind_group(head: &[Text<'_>], usual: Option<usize>, copied: bool) -> Option<usize> {
    let is_heading = |index: &usize| head.get(*index).is_some_and(|line| *index > 0 && line.gap && is_title(line));
    // A copy has the text of a group right under its heading, and the operation's heading behind a gap.
    if copied && head.get(1).is_some_and(|line| !line.gap) {
        return (2..head.len()).rfind(is_heading);
    }
    head.first().filter(|first| is_title(first))?;
    let as_others = usual.and_then(|usual| head.len().checked_sub(usual)).filter(is_heading);
    as_others.or_else(|| Some(1).filter(is_heading).filter(|_| head.get(2).is_some_and(|third| third.gap)))
}

/// Short, without the full stop of a sentence.
fn is_title(line: &Text<'_>) -> bool {
    const LONGEST: usize = 100;
    let text = line.text;
    let capital = text.chars().next().is_some_and(|char| !char.is_lowercase());
    capital && text.len() <= LONGEST && !text.ends_with(['.', '!', '?', ':', ';', ',']) && !text.contains(". ")
}
