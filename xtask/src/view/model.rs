//! What a page shows, brought together.
//!
//! Input: a vendor as read and made. Output: its nodes with their places, Rust and findings, as plain data. Knows nothing
//! of HTML.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::about::About;
use crate::{
    document::{Document, Span},
    explain::{Places, find::subject, folded, readers::readers},
    finding::{Finding, FindingKind},
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
    /// It must be there: a parameter, a body, a property of an object.
    pub(super) required: bool,
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
    /// What is inside of a node follows it.
    pub(super) nodes: Vec<Node>,
    pub(super) findings: &'a [Finding],
    /// By finding: the nodes that it is about.
    about: Vec<Vec<usize>>,
    /// By document: each place with its node.
    placed: HashMap<u32, Vec<(Span, usize)>>,
    /// By node: the words that it says.
    said: Vec<Vec<String>>,
}

impl<'a> Model<'a> {
    pub(super) fn of(made: &'a Made) -> Self {
        let value = &made.specification.value;
        let items = Items::of(&made.client.model);
        let findings = made.specification.findings.as_slice();
        let (known, actions, about) = (Places::of(made), Actions::of(made), About::of(findings));
        let mut all: Vec<node::Node> = node::nodes(value).into_values().collect();
        all.sort_by(|one, other| one.pointer.as_str().split('/').cmp(other.pointer.as_str().split('/')));
        let nodes = all.into_iter().filter_map(|node::Node { pointer, kind, own }| {
            let object = value.pointer(pointer.as_str())?.as_object()?;
            let name = subject(value, &pointer);
            let mut sources = sources(object);
            let mut places = known.node(&pointer, object);
            if kind.is_none() {
                places.extend(root_actions(made));
                let overlay = |place: &Span| made.vendor.overlays.iter().find(|overlay| overlay.id == place.document);
                sources.extend(places.iter().filter_map(|place| Some(overlay(place)?.source(*place))));
            }
            places.iter_mut().for_each(|place| *place = actions.whole(*place));
            let found = about.node(&pointer, &name, &places);
            let contradicts =
                |index: &usize| findings.get(*index).is_some_and(|finding| finding.kind == FindingKind::Contradiction);
            Some(Node {
                kind,
                required: is_required(value, &pointer),
                subject: name,
                own,
                sources,
                places,
                basis: basis(object),
                item: items.at(&pointer).cloned(),
                readers: readers(made, &pointer).into_iter().filter(|reader| reader.contains("::")).collect(),
                contradictory: found.iter().any(contradicts),
                findings: found,
                pointer,
            })
        });
        let nodes: Vec<Node> = nodes.collect();
        let mut about = vec![Vec::new(); findings.len()];
        let mut placed: HashMap<u32, Vec<(Span, usize)>> = HashMap::new();
        for (index, node) in nodes.iter().enumerate() {
            for found in &node.findings {
                about.get_mut(*found).into_iter().for_each(|nodes: &mut Vec<usize>| nodes.push(index));
            }
            for place in &node.places {
                placed.entry(place.document).or_default().push((*place, index));
            }
        }
        let words =
            |node: &Node| node.own.values().filter_map(Value::as_str).map(folded).filter(|told| !told.is_empty()).collect();
        let said = nodes.iter().map(words).collect();
        Self { made, files: made.vendor.sources().collect(), nodes, findings, about, placed, said }
    }

    /// The places in one document, each with its node.
    pub(super) fn placed(&self, document: u32) -> &[(Span, usize)] {
        self.placed.get(&document).map(Vec::as_slice).unwrap_or_default()
    }

    /// The node that says the words at `span`, which is at no node's place: the nearest of them, else the nearest of all.
    pub(super) fn nearest(&self, file: &Document, span: Span) -> Option<usize> {
        let text = folded(file.slice(span));
        let says = |node: usize| {
            let told = self.said.get(node).map(Vec::as_slice).unwrap_or_default();
            !told.iter().any(|told| told.contains(&text) || text.contains(told) && told.len() > 3)
        };
        let near = self.placed(file.id).iter().map(|(place, node)| (says(*node), place.start.abs_diff(span.start), *node));
        near.min().map(|(_, _, node)| node)
    }

    /// The nodes that a finding is about, or whose places it names.
    pub(super) fn about(&self, index: usize) -> Vec<usize> {
        let by_name = self.about.get(index).cloned().unwrap_or_default();
        let Some(finding) = self.findings.get(index).filter(|_| by_name.is_empty()) else { return by_name };
        let placed = finding.spans.iter().flat_map(|span| self.placed(span.document).iter().map(move |placed| (span, placed)));
        let mut met: Vec<usize> = placed.filter(|(span, (place, _))| span.meets(*place)).map(|(_, (_, node))| *node).collect();
        met.sort_unstable();
        met.dedup();
        met
    }
}

fn basis(node: &Map<String, Value>) -> Option<(String, String)> {
    let basis = node.get("x-basis")?.as_str()?;
    let reason = node.get("x-reason").and_then(Value::as_str).unwrap_or("no reason given");
    Some((basis.to_owned(), reason.to_owned()))
}

/// Whether the node says so itself, or the object that it is a property of.
fn is_required(specification: &Value, pointer: &Pointer) -> bool {
    let member = |pointer: &Pointer| specification.pointer(pointer.as_str())?.get("required");
    if member(pointer).and_then(Value::as_bool) == Some(true) {
        return true;
    }
    let Some((properties, name)) = pointer.split() else { return false };
    let Some((object, token)) = properties.split() else { return false };
    let listed = || member(&object).and_then(Value::as_array).is_some_and(|names| names.iter().any(|one| one == name.as_str()));
    token == "properties" && listed()
}

/// The corrections of what stands at the root, such as the constraints of the whole API.
fn root_actions(made: &Made) -> impl Iterator<Item = Span> {
    let at_root = |correction: &&Correction| correction.changes.iter().any(|change| change.pointer.depth() == 1);
    made.specification.corrections.iter().filter(at_root).map(|correction| correction.span)
}

/// The actions of the overlays: each is told by where it starts, and reaches to the next one.
struct Actions<'a> {
    overlays: HashMap<u32, (&'a Document, Vec<u32>)>,
}

impl<'a> Actions<'a> {
    fn of(made: &'a Made) -> Self {
        let overlays = made.vendor.overlays.iter().map(|overlay| (overlay.id, (overlay, Vec::new())));
        let mut overlays: HashMap<u32, (&Document, Vec<u32>)> = overlays.collect();
        for span in made.specification.corrections.iter().map(|correction| correction.span) {
            if let Some((_, starts)) = overlays.get_mut(&span.document) {
                starts.push(span.start);
            }
        }
        overlays.values_mut().for_each(|(_, starts)| starts.sort_unstable());
        Self { overlays }
    }

    fn whole(&self, span: Span) -> Span {
        let Some((overlay, starts)) = self.overlays.get(&span.document) else { return span };
        let next = starts.get(starts.partition_point(|start| *start <= span.start));
        let end = next.map_or(overlay.text.len() as u32, |next| overlay.line_at(*next).span.start);
        let text = overlay.slice(Span { end, ..span });
        Span { end: span.start + text.trim_end().len() as u32, ..span }
    }
}
