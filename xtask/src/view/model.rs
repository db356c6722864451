//! What a page shows, brought together.
//!
//! Input: a vendor as read and made. Output: its nodes with their places, Rust and findings, as plain data. Knows nothing
//! of HTML.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{
    document::{Document, Span},
    explain::{find::subject, folded, is_about, meet, places, readers::readers},
    finding::{Finding, Kind},
    nodes::sources,
    nodes::{NodeKind, Pointer},
    overlay::Correction,
    regen::Made,
    rust::items::{Item, Items},
    update::node,
};

/// One node of the specification.
pub(super) struct Node {
    pub(super) pointer: Pointer,
    /// `None` for the document itself.
    pub(super) kind: Option<NodeKind>,
    /// What people call it.
    pub(super) subject: String,
    /// What it says itself, nodes inside of it left out.
    pub(super) own: BTreeMap<String, Value>,
    /// `x-source`.
    pub(super) sources: Vec<String>,
    /// The same with their ends; of an action, all of it.
    pub(super) places: Vec<Span>,
    /// Basis and reason, where it is not the documents' plain word.
    pub(super) basis: Option<(String, String)>,
    pub(super) item: Option<Item>,
    /// Which attributes and verbs read it.
    pub(super) readers: Vec<String>,
    /// Positions in [`Model::findings`].
    pub(super) findings: Vec<usize>,
    pub(super) contradictory: bool,
}

/// Everything that a page shows.
pub(super) struct Model<'a> {
    pub(super) made: &'a Made,
    /// Documents, overlay, manifest.
    pub(super) files: Vec<&'a Document>,
    pub(super) nodes: Vec<Node>,
    pub(super) findings: &'a [Finding],
}

impl<'a> Model<'a> {
    pub(super) fn of(made: &'a Made) -> Self {
        let value = &made.specification.value;
        let items = Items::of(&made.client.model);
        let findings = made.specification.findings.as_slice();
        let nodes = node::nodes(value).into_values();
        let nodes = nodes.filter_map(|node::Node { pointer, kind, own }| {
            let object = value.pointer(pointer.as_str())?.as_object()?;
            let name = subject(value, &pointer);
            let mut sources = sources(object);
            let mut places = places(made, &pointer, object);
            if kind.is_none() {
                places.extend(root_actions(made));
                let overlay = |place: &Span| made.vendor.overlays.iter().find(|overlay| overlay.id == place.document);
                sources.extend(places.iter().filter_map(|place| Some(overlay(place)?.source(*place))));
            }
            let places: Vec<Span> = places.into_iter().map(|span| whole_action(made, span)).collect();
            let about: Vec<usize> = findings
                .iter()
                .enumerate()
                .filter(|(_, finding)| finding.kind != Kind::Correction && is_about(finding, &pointer, &name, &places))
                .map(|(index, _)| index)
                .collect();
            let contradicts = |index: &usize| findings.get(*index).is_some_and(|finding| finding.kind == Kind::Contradiction);
            Some(Node {
                kind,
                subject: name,
                own,
                sources,
                places,
                basis: basis(object),
                item: items.at(&pointer).cloned(),
                readers: readers(made, &pointer).into_iter().filter(|reader| reader.contains("::")).collect(),
                contradictory: about.iter().any(contradicts),
                findings: about,
                pointer,
            })
        });
        Self { made, files: made.vendor.sources().collect(), nodes: nodes.collect(), findings }
    }

    /// The nodes that the text at `span` became: those whose places hold it, the smallest first; else the nearest one that
    /// says its words, else the nearest.
    pub(super) fn made_of(&self, span: Span) -> Vec<usize> {
        let holds = |place: &&Span| place.document == span.document && place.start <= span.start && span.end <= place.end;
        let mut around: Vec<(u32, std::cmp::Reverse<usize>, usize)> = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            let smallest = node.places.iter().filter(holds).map(|place| place.end - place.start).min();
            around.extend(smallest.map(|size| (size, std::cmp::Reverse(node.pointer.depth()), index)));
        }
        around.sort_unstable();
        around.into_iter().map(|(_, _, index)| index).collect()
    }

    /// The node that says the words at `span`, which is at no node's place: the nearest of them, else the nearest of all.
    pub(super) fn nearest(&self, span: Span) -> Option<usize> {
        let document = self.files.iter().find(|file| file.id == span.document)?;
        let text = folded(document.slice(span));
        let distance = |node: &Node| {
            let places = node.places.iter().filter(|place| place.document == span.document);
            places.map(|place| place.start.abs_diff(span.start)).min()
        };
        let says = |node: &Node| {
            let told = node.own.values().filter_map(Value::as_str).map(folded);
            !told.into_iter().any(|told| !told.is_empty() && (told.contains(&text) || text.contains(&told) && told.len() > 3))
        };
        let near = self.nodes.iter().enumerate().filter_map(|(index, node)| Some((says(node), distance(node)?, index)));
        near.min().map(|(_, _, index)| index)
    }

    /// The nodes that a finding is about, or whose places it names.
    pub(super) fn about(&self, index: usize) -> Vec<usize> {
        let told = |node: &Node| node.findings.contains(&index);
        let by_name: Vec<usize> = self.nodes.iter().enumerate().filter(|(_, node)| told(node)).map(|(at, _)| at).collect();
        let Some(finding) = self.findings.get(index).filter(|_| by_name.is_empty()) else { return by_name };
        let met = |node: &Node| finding.spans.iter().any(|span| node.places.iter().any(|place| meet(*span, *place)));
        self.nodes.iter().enumerate().filter(|(_, node)| met(node)).map(|(at, _)| at).collect()
    }
}

fn basis(node: &Map<String, Value>) -> Option<(String, String)> {
    let basis = node.get("x-basis")?.as_str()?;
    let reason = node.get("x-reason").and_then(Value::as_str).unwrap_or("no reason given");
    Some((basis.to_owned(), reason.to_owned()))
}

/// The corrections of what stands at the root, such as the constraints of the whole API.
fn root_actions(made: &Made) -> impl Iterator<Item = Span> {
    let at_root = |correction: &&Correction| correction.changes.iter().any(|change| change.pointer.depth() == 1);
    made.specification.corrections.iter().filter(at_root).map(|correction| correction.span)
}

/// A correction is told by where it starts; here it reaches to the next one.
fn whole_action(made: &Made, span: Span) -> Span {
    let Some(overlay) = made.vendor.overlays.iter().find(|overlay| overlay.id == span.document) else { return span };
    let corrections = made.specification.corrections.iter().map(|correction| correction.span);
    let starts = corrections.filter(|other| other.document == span.document).map(|other| other.start);
    let next = starts.filter(|start| *start > span.start).min().map(|start| overlay.line_at(start).span.start);
    let end = next.unwrap_or(overlay.text.len() as u32);
    let text = overlay.slice(Span { end, ..span });
    Span { end: span.start + text.trim_end().len() as u32, ..span }
}
