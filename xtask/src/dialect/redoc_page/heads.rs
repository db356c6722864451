//! Headings: which line names the group, which ones the operations.
//!
//! Input: the lines before each operation's first section. Output: tags, summaries, descriptions and operation ids.
//! Knows nothing of what the operations do.

use std::collections::BTreeMap;

use super::{
    lines::{self, COMPARE, Mark, Text},
    operation::Read,
};
use crate::{
    diagnostic::Diagnostic,
    dialect::Page,
    document::{Document, Span},
    finding::{Finding, FindingKind},
};

/// Names all operations of a page.
pub(super) fn name(document: &Document, operations: &mut [Read<'_>], page: &mut Page) {
    let usual = usual_length(operations);
    // A browser's copy has method and path on a line each.
    let is_copy = |read: &Read<'_>| read.operation.origin.spans.iter().any(|span| document.slice(*span).contains('\n'));
    let copied = operations.first().is_some_and(is_copy);
    let mut tag = None;
    for (index, read) in operations.iter_mut().enumerate() {
        let mut head = read.head.as_slice();
        if index == 0 {
            let title = behind_title(head);
            if let Some([from, .., to] | [from @ to]) = head.get(..title) {
                let text = "what the page says about itself stands here; the specification does not carry it";
                page.findings.push(Finding::new(FindingKind::Loss, "the page", text, vec![from.span.to(to.span)]));
            }
            head = head.get(title..).unwrap_or_default();
            head = behind_introduction(head, title > 0, page);
        }
        let heading = match index {
            0 => heading_behind_group(head, usual, copied),
            _ if copied => heading_in_copy(head),
            _ => None,
        };
        if let (Some(heading), Some(first)) = (heading, head.first()) {
            let text = match index {
                0 => format!("the first line, `{}`, is taken to name the group of the operations on this page", first.text),
                _ => {
                    format!("`{}` is taken to name the group of the operations that follow, and not the next of them", first.text)
                }
            };
            page.findings.push(Finding::new(FindingKind::Assumption, first.text, text, vec![first.span]));
            if let Some([from, .., to] | [from @ to]) = head.get(1..heading) {
                let text = "the page describes the group; the specification does not carry this";
                page.findings.push(Finding::new(FindingKind::Loss, first.text, text, vec![from.span.to(to.span)]));
            }
            tag = Some(first.text.to_owned());
            head = head.get(heading..).unwrap_or_default();
        }
        if let [name, behind, ..] = head
            && copied
            && is_title(behind)
        {
            let text = format!(
                "`{}` is taken for the operation's heading and `{}` for its description; in a copy a group without a text looks the same",
                name.text, behind.text
            );
            page.findings.push(Finding::new(FindingKind::Assumption, name.text, text, vec![name.span.to(behind.span)]));
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
    }
}

/// Names all operations of a text whose marks tell its headings.
pub(super) fn name_marked(document: &Document, operations: &mut [Read<'_>], page: &mut Page) {
    let mut tag = None;
    for read in operations {
        let own = read.head.iter().rposition(|line| line.mark == Mark::Heading(3));
        let (before, head) = read.head.split_at(own.unwrap_or(read.head.len()));
        let mut subject = "the page";
        for (line, prose) in sections(before) {
            match line.map(|line| (line.mark, title(line))) {
                // Sections of the page itself; groups come behind them.
                Some((Mark::Heading(1), name)) => (subject, tag) = (name, None),
                Some((_, name)) => (subject, tag) = (name, Some(name.to_owned())),
                None => {}
            }
            if let Some(span) = prose {
                let text = "the page describes this; the specification does not carry it";
                page.findings.push(Finding::new(FindingKind::Loss, subject, text, vec![span]));
            }
        }
        let operation = &mut read.operation;
        operation.tags.extend(tag.clone());
        operation.summary = head.first().map(|line| title(line).to_owned()).filter(|title| !title.is_empty());
        operation.deprecated = head.iter().any(|line| line.mark == Mark::None && line.text == "Deprecated");
        let prose = head.iter().filter(|line| line.mark == Mark::Prose).map(|line| line.span).reduce(Span::to);
        operation.description = prose.map(|span| lines::said(document, true, span)).filter(|text| !text.is_empty());
        for line in read.head.iter().filter(|line| line.mark == Mark::None && line.text != "Deprecated") {
            page.diagnostics.push(Diagnostic::new(
                line.span,
                "an operation's heading, prose or sections were expected here",
                COMPARE,
            ));
        }
    }
}

/// A heading without its mark.
fn title<'a>(line: &Text<'a>) -> &'a str {
    line.text.trim_start_matches('#').trim()
}

/// Headings, each with the prose below it; the first prose may have none.
fn sections<'l, 'a>(lines: &'l [Text<'a>]) -> Vec<(Option<&'l Text<'a>>, Option<Span>)> {
    let mut sections: Vec<(Option<&Text<'a>>, Option<Span>)> = Vec::new();
    for line in lines {
        match (line.mark, sections.last_mut()) {
            (Mark::Heading(_), _) => sections.push((Some(line), None)),
            (Mark::Prose, Some((_, prose))) => *prose = Some(prose.map_or(line.span, |span| span.to(line.span))),
            (Mark::Prose, None) => sections.push((None, Some(line.span))),
            _ => {}
        }
    }
    sections
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

/// What stands behind prose under the page's title, which is no heading of a group, as a gap is behind it.
fn behind_introduction<'l, 'a>(head: &'l [Text<'a>], titled: bool, page: &mut Page) -> &'l [Text<'a>] {
    let [first, second, ..] = head else { return head };
    if !titled || is_title(first) || !second.gap {
        return head;
    }
    let Some(heading) = (1..head.len()).find(|at| head.get(*at).is_some_and(|line| line.gap && is_title(line))) else {
        return head;
    };
    let (prose, head) = head.split_at(heading);
    if let Some(span) = prose.iter().map(|line| line.span).reduce(Span::to) {
        let text = "the page describes itself; the specification does not carry this";
        page.findings.push(Finding::new(FindingKind::Loss, "the page", text, vec![span]));
    }
    head
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
    if copied && head.get(1).is_some_and(|line| !line.gap) {
        return heading_in_copy(head);
    }
    head.first().filter(|first| is_title(first))?;
    let as_others = usual.and_then(|usual| head.len().checked_sub(usual)).filter(is_heading);
    as_others.or_else(|| Some(1).filter(is_heading).filter(|_| head.get(2).is_some_and(|third| third.gap)))
}

/// A copy has the text of a group right under its heading, and the operation's heading behind a gap.
fn heading_in_copy(head: &[Text<'_>]) -> Option<usize> {
    let second = head.get(1).filter(|line| !line.gap)?;
    // A group without a text, whose first operation has one.
    if let [first, _, text, ..] = head
        && is_title(first)
        && is_title(second)
        && !text.gap
        && !is_title(text)
    {
        return Some(1);
    }
    (2..head.len()).rfind(|at| head.get(*at).is_some_and(|line| line.gap && is_title(line)))
}

/// Short, without the full stop of a sentence.
fn is_title(line: &Text<'_>) -> bool {
    const LONGEST: usize = 100;
    /// Full stops in so short a text are those of abbreviations.
    const SHORT: usize = 40;
    let text = line.text;
    let capital = text.chars().next().is_some_and(|char| !char.is_lowercase());
    let sentences = || text.len() > SHORT && text.contains(". ");
    capital && text.len() <= LONGEST && !text.ends_with(['.', '!', '?', ':', ';', ',']) && !sentences()
}
