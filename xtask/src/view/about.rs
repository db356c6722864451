//! Which findings are about which node.
//!
//! Input: findings, and nodes one at a time. Output: positions of findings. Only those are looked at that bear the node's name or
//! stand in one of its documents. Decides nothing: what a finding is about, `explain` knows.

use std::collections::HashMap;

use crate::{
    document::Span,
    explain::{is_about, last_name},
    finding::{Finding, FindingKind},
    nodes::Pointer,
};

/// Findings by what they are called and by where they stand.
pub(super) struct About<'a> {
    findings: &'a [Finding],
    /// By the whole name, and by each end of it that follows a full stop.
    by_name: HashMap<&'a str, Vec<usize>>,
    /// By the last word of the name and a document.
    by_place: HashMap<(&'a str, u32), Vec<usize>>,
}

impl<'a> About<'a> {
    pub(super) fn of(findings: &'a [Finding]) -> Self {
        let mut about = Self { findings, by_name: HashMap::new(), by_place: HashMap::new() };
        for (index, finding) in findings.iter().enumerate().filter(|(_, finding)| finding.kind != FindingKind::Correction) {
            let name = finding.subject.trim_matches('`');
            let ends = name.match_indices('.').map(|(at, _)| &name[at + 1..]);
            for end in std::iter::once(name).chain(ends) {
                about.by_name.entry(end).or_default().push(index);
            }
            let mut documents: Vec<u32> = finding.spans.iter().map(|span| span.document).collect();
            documents.dedup();
            for document in documents {
                about.by_place.entry((last_name(name), document)).or_default().push(index);
            }
        }
        about
    }

    /// Those about the node at `pointer`, which people call `subject`.
    pub(super) fn node(&self, pointer: &Pointer, subject: &str, places: &[Span]) -> Vec<usize> {
        let named = [subject, pointer.as_str()].into_iter().filter_map(|name| self.by_name.get(name));
        let mut documents: Vec<u32> = places.iter().map(|place| place.document).collect();
        documents.sort_unstable();
        documents.dedup();
        let last = last_name(subject);
        let placed = documents.into_iter().filter_map(|document| self.by_place.get(&(last, document)));
        let mut found: Vec<usize> = named.chain(placed).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found.retain(|index| self.findings.get(*index).is_some_and(|finding| is_about(finding, pointer, subject, places)));
        found
    }
}
