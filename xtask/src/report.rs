//! `findings.md`: what a reader of a specification must know about how it came to be.
//!
//! Input: the specification as committed, and the findings met on the way. Output: Markdown. Every node that is not
//! the documents' own plain word is listed under its reason, straight from the specification, so that none can be
//! forgotten. Knows nothing of how a finding came about.

use std::fmt::Write as _;

use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value};

use crate::{
    diagnostic::printable,
    document::{Document, Span},
    finding::{Finding, FindingKind},
    markup::{self, literal},
    nodes::{self, NodeKind, Pointer, sources},
    vendor,
    words::one_line,
};

/// Nodes that are not the documents' plain word: pointers by reason, for each basis.
#[derive(Debug, Default)]
pub struct Assumptions {
    by_basis: IndexMap<String, IndexMap<Why, Vec<Assumed>>>,
    elsewhere: Vec<Elsewhere>,
}

/// Why a node is taken for right.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Why {
    reason: String,
    /// No page of the vendor confirms it.
    weak: bool,
}

#[derive(Debug)]
struct Assumed {
    pointer: String,
    sources: Vec<String>,
}

/// An operation that no document has.
#[derive(Debug)]
struct Elsewhere {
    title: String,
    why: Why,
    sources: Vec<String>,
    preconditions: Vec<String>,
}

impl Elsewhere {
    /// The operation at `pointer`, where no document has a word of it.
    fn of(pointer: &Pointer, node: &Map<String, Value>) -> Option<Self> {
        let sources = sources(node);
        if !vendor::is_brought(&sources) {
            return None;
        }
        let (item, method) = pointer.split()?;
        let (_, path) = item.split()?;
        let listed = node.get("x-preconditions").and_then(Value::as_array).into_iter().flatten();
        let preconditions = listed.filter_map(|entry| entry.get("description")?.as_str()).map(ToOwned::to_owned).collect();
        let id = text(node, "operationId").unwrap_or_default();
        Some(Self { title: format!("`{} {path}` (`{id}`)", method.to_uppercase()), why: Why::of(node), sources, preconditions })
    }
}

impl Why {
    fn of(node: &Map<String, Value>) -> Self {
        let reason = text(node, "x-reason").unwrap_or("no reason given").to_owned();
        Self { reason, weak: text(node, "x-confidence") == Some("weak") }
    }

    /// The reason, and that it is weak.
    fn said(&self) -> String {
        let weak = if self.weak { "(weak) " } else { "" };
        format!("{weak}{}", prose(&self.reason))
    }
}

impl Assumptions {
    /// Collects them from a specification.
    #[must_use]
    pub fn of(specification: &Value) -> Self {
        let mut by_basis: IndexMap<String, IndexMap<Why, Vec<Assumed>>> = IndexMap::new();
        let mut elsewhere = Vec::new();
        let mut add = |pointer: String, node: &Map<String, Value>| {
            let Some(basis) = text(node, "x-basis") else { return };
            let assumed = Assumed { pointer, sources: sources(node) };
            by_basis.entry(basis.to_owned()).or_default().entry(Why::of(node)).or_default().push(assumed);
        };
        let servers = specification.get("servers").and_then(Value::as_array).into_iter().flatten();
        for (index, server) in servers.enumerate() {
            server.as_object().into_iter().for_each(|server| add(format!("/servers/{index}"), server));
        }
        nodes::visit(specification, |pointer, kind, node| {
            add(pointer.as_str().to_owned(), node);
            elsewhere.extend((kind == NodeKind::Operation).then(|| Elsewhere::of(pointer, node)).flatten());
        });
        Self { by_basis, elsewhere }
    }

    /// The reasons, each with the nodes that stand on it: their pointers, and their places in the documents.
    pub fn reasons(&self) -> impl Iterator<Item = (&str, impl ExactSizeIterator<Item = (&str, &[String])>)> {
        self.by_basis.values().flatten().map(|(why, nodes)| {
            let nodes = nodes.iter().map(|node| (node.pointer.as_str(), node.sources.as_slice()));
            (why.reason.as_str(), nodes)
        })
    }

    /// How many operations no document has.
    #[must_use]
    pub fn operations_elsewhere(&self) -> usize {
        self.elsewhere.len()
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_basis.values().flat_map(IndexMap::values).map(Vec::len).sum()
    }

    /// Whether every node is the documents' plain word.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn text<'a>(node: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    node.get(key).and_then(Value::as_str)
}

/// Writes `findings.md` for the vendor called `title`, whose files stand in `folder`.
#[must_use]
pub fn findings(folder: &str, title: &str, assumptions: &Assumptions, findings: &[Finding], documents: &[&Document]) -> String {
    let title = literal(title);
    let mut page = format!(
        "<!-- @generated by cargo xtask regen from specs/{folder}. Do not edit. -->\n\n# Findings: {title}\n\n\
         What the documents contradict, leave open or say in a way that cannot be carried, and what was decided.\n\
         Places are `file:line:column` in this folder.\n"
    );
    for (kind, heading) in [
        (FindingKind::Contradiction, "Contradictions"),
        (FindingKind::Assumption, "Names and readings decided by rule"),
        (FindingKind::Correction, "Corrections"),
        (FindingKind::Loss, "Losses: said by the specification, not carried by the client crate"),
    ] {
        section(&mut page, heading, findings.iter().filter(|finding| finding.kind == kind), documents);
    }
    operations_elsewhere(&mut page, &assumptions.elsewhere);
    for (basis, heading) in
        [("sample", "Known from samples only"), ("inferred", "Inferred"), ("overlay", "From the manifest and the overlay")]
    {
        let Some(reasons) = assumptions.by_basis.get(basis) else { continue };
        let _ = write!(page, "\n## {heading}\n");
        for (reason, nodes) in reasons {
            let _ = write!(page, "\n- {}\n", reason.said());
            for node in nodes {
                let places: Vec<String> = node.sources.iter().map(|place| format!("`{place}`")).collect();
                let _ = writeln!(page, "  - `{}`: {}", printable(&node.pointer).replace('`', "'"), places.join(", "));
            }
        }
    }
    page
}

/// The operations that the overlays bring, under their reasons.
fn operations_elsewhere(page: &mut String, operations: &[Elsewhere]) {
    if operations.is_empty() {
        return;
    }
    let mut by_reason: IndexMap<&Why, Vec<&Elsewhere>> = IndexMap::new();
    operations.iter().for_each(|operation| by_reason.entry(&operation.why).or_default().push(operation));
    page.push_str("\n## Operations that no document has\n");
    for (why, operations) in by_reason {
        let _ = write!(page, "\n- {}\n", why.said());
        for operation in operations {
            let places: Vec<String> = operation.sources.iter().map(|place| format!("`{place}`")).collect();
            let preconditions: String = operation.preconditions.iter().map(|text| format!(" {}", prose(text))).collect();
            let _ = writeln!(page, "  - {}: {}.{preconditions}", prose(&operation.title), places.join(", "));
        }
    }
}

/// Findings with the same words stand together, with all their subjects.
fn section<'a>(page: &mut String, heading: &str, findings: impl Iterator<Item = &'a Finding>, documents: &[&Document]) {
    let mut by_text: IndexMap<&str, IndexSet<(&str, Vec<Span>)>> = IndexMap::new();
    for finding in findings {
        by_text.entry(&finding.text).or_default().insert((&finding.subject, finding.spans.clone()));
    }
    if by_text.is_empty() {
        return;
    }
    let _ = write!(page, "\n## {heading}\n");
    for (text, subjects) in by_text {
        let _ = write!(page, "\n- {}\n", prose(text));
        for (subject, spans) in subjects {
            let places: Vec<String> = spans.iter().filter_map(|span| place(*span, documents)).collect();
            let colon = if places.is_empty() { "" } else { ": " };
            let _ = writeln!(page, "  - {}{colon}{}", prose(subject), places.join(", "));
        }
    }
}

fn place(span: Span, documents: &[&Document]) -> Option<String> {
    let document = span.of(documents)?;
    Some(format!("`{}`", document.source(span)))
}

/// One line of text that cannot start markup of its own; code spans are left alone.
pub(crate) fn prose(text: &str) -> String {
    let line = printable(&one_line(text));
    let mut written = String::with_capacity(line.len());
    for (is_code, piece) in markup::pieces(&line) {
        for char in piece.chars() {
            if !is_code && matches!(char, '<' | '>' | '*' | '_' | '[' | ']' | '#' | '|' | '\\' | '`' | '~') {
                written.push('\\');
            }
            written.push(char);
        }
    }
    written
}
