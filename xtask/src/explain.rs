//! Where one thing of a specification comes from and what became of it: `cargo xtask explain`.
//!
//! Input: a vendor as read and made, and what is asked about. Output: the words of the documents with their places, why they were
//! read so, what changed them, and the Rust that came of them: as text, as JSON and as annotations. Decides nothing.

use std::{fmt::Write as _, path::Path};

use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value, json};

use crate::{
    diagnostic::printable,
    document::{Document, Span},
    failure::Failure,
    finding::{Finding, FindingKind},
    nodes::{self, NodeKind, Pointer},
    output::{Annotation, Output, indented},
    overlay::{Change, Correction},
    regen::Made,
    rust::items::Items,
    words::one_line,
};

mod excerpt;
pub(crate) mod find;
mod json;
mod places;
pub(crate) mod readers;
mod rust;

pub use excerpt::{excerpt, range};
pub use places::Places;

/// Explains `what` of the vendor called `name`: `Schema.property`, a schema, an operation by its id or as `PUT /path`, one of
/// its parameters, a security scheme, a JSON pointer, or a Rust path such as `Client::get_user`, `types::User::phone` or
/// `User::email`, the attribute of the facade.
///
/// # Errors
/// The vendor cannot be read, or nothing is called so; then with the names that are near.
pub fn explain(root: &Path, name: &str, what: &str) -> Result<Output, Failure> {
    let made = Made::load(root, name)?;
    let items = Items::of(&made.client.model);
    let what = what.trim();
    let specification = &made.specification.value;
    let by_path = rust::find(&made, &items, what);
    let mut pointers: Vec<Pointer> = by_path.iter().filter_map(|pointer| nearest(specification, pointer)).collect();
    if pointers.is_empty() {
        pointers = find::find(specification, what, || rust::paths(&made, &items))?;
    }
    let explanation = Explanation { made: &made, items };
    let parts: Vec<String> = pointers.iter().map(|pointer| explanation.of(pointer)).collect();
    let nodes: Vec<Value> = pointers.iter().map(|pointer| explanation.json(pointer)).collect();
    let annotations: Vec<Annotation> = pointers.iter().flat_map(|pointer| explanation.annotations(pointer)).collect();
    let json = json!({ "command": "explain", "outcome": "explained", "vendor": name, "nodes": nodes });
    Ok(Output { text: parts.join("\n"), json, annotations, exit: 0 })
}

struct Explanation<'a> {
    made: &'a Made,
    items: Items,
}

impl Explanation<'_> {
    fn of(&self, pointer: &Pointer) -> String {
        let Some((kind, node)) = node_at(&self.made.specification.value, pointer) else { return String::new() };
        let subject = find::subject(&self.made.specification.value, pointer);
        let mut text = format!("{subject}: {} at {pointer}\n", kind.name());
        let says = gist(&self.made.specification.value, pointer, &node);
        if !says.is_empty() {
            let _ = writeln!(text, "  {says}");
        }
        let places = Places::of(self.made).node(pointer, &node);
        text.push_str("\nFrom\n");
        text.push_str(&indented(&self.passages(&places)));
        for span in self.words(&node, &places) {
            if let Some(document) = self.document(span) {
                let _ = write!(text, "\nIn its words\n{}", indented(&excerpt(document, span)));
            }
        }
        if let Some(basis) = node.get("x-basis").and_then(Value::as_str) {
            let reason = node.get("x-reason").and_then(Value::as_str).unwrap_or("no reason given");
            let _ = write!(text, "\nBasis\n  {basis}: {}\n", printable(reason));
        }
        self.corrections(pointer, &mut text);
        section(&mut text, "Named by the manifest", &readers::renames(self.made, pointer));
        section(&mut text, "Findings", &self.findings(pointer, &subject, &places));
        self.rust(pointer, &node, &places, &mut text);
        section(&mut text, "Read by", &readers::readers(self.made, pointer));
        text
    }

    fn document(&self, span: Span) -> Option<&Document> {
        self.made.vendor.sources().find(|document| document.id == span.document)
    }

    /// Where the documents say the node's summary and description, when that is not where the node stands: the nearest place.
    fn words(&self, node: &Map<String, Value>, places: &[Span]) -> Vec<Span> {
        let mut found: Vec<Span> = Vec::new();
        for said in ["summary", "description"].iter().filter_map(|key| node.get(*key)?.as_str()).map(folded) {
            // What lies in a node's place is that node's.
            let taken =
                |fact: &Span| self.made.specification.spans(&self.made.vendor).values().flatten().any(|place| place.meets(*fact));
            let facts = self.made.specification.ledgers.iter().flat_map(|ledger| ledger.facts()).filter(|fact| !taken(fact));
            let near = facts.filter(|fact| self.document(**fact).is_some_and(|it| folded(it.slice(**fact)).starts_with(&said)));
            let near = near.filter_map(|fact| {
                let places = places.iter().filter(|place| place.document == fact.document);
                Some((places.map(|place| place.start.abs_diff(fact.start)).min()?, *fact))
            });
            let Some((_, fact)) = near.min().filter(|_| !said.is_empty()) else { continue };
            if !found.contains(&fact) {
                found.push(fact);
            }
        }
        found
    }

    /// What the overlay changed at the node: each action with its document and its changes.
    fn corrections_of(&self, pointer: &Pointer) -> Vec<(&Correction, &Document, Vec<&Change>)> {
        let touches = |change: &&Change| {
            // What lies in a node below belongs to that node.
            let own = || nearest(&self.made.specification.value, &change.pointer).is_none_or(|nearest| nearest == *pointer);
            pointer.is_within(&change.pointer) || change.pointer.is_within(pointer) && own()
        };
        let all = self.made.specification.corrections.iter().filter_map(|correction| {
            let changes: Vec<&Change> = correction.changes.iter().filter(touches).collect();
            Some((correction, self.document(correction.span).filter(|_| !changes.is_empty())?, changes))
        });
        all.collect()
    }

    fn corrections(&self, pointer: &Pointer, text: &mut String) {
        for (correction, overlay, changes) in self.corrections_of(pointer) {
            let _ = write!(text, "\nChanged by the overlay\n  {}\n", overlay.source(correction.span));
            let _ = writeln!(text, "  target: {}", printable(&correction.target));
            let _ = writeln!(text, "  reason: {}", printable(&correction.reason));
            let _ = writeln!(text, "  evidence: {}", printable(&correction.evidence.join(", ")));
            for change in changes {
                // An addition may hold the node; only the node's own part is shown.
                let inner = pointer.as_str().strip_prefix(change.pointer.as_str());
                let part = |value: &'_ Option<Value>| match (value, inner) {
                    (Some(value), Some(inner)) => value.pointer(inner).map_or_else(|| "nothing".to_owned(), shown),
                    (Some(value), None) => shown(value),
                    (None, _) => "nothing".to_owned(),
                };
                let at = if inner.is_some() { pointer } else { &change.pointer };
                let _ = writeln!(text, "  {at}: {} → {}", part(&change.before), part(&change.after));
            }
        }
    }

    /// What was found about the node, beside its corrections.
    fn found<'b>(&'b self, pointer: &'b Pointer, subject: &'b str, places: &'b [Span]) -> impl Iterator<Item = &'b Finding> {
        let about =
            move |finding: &&Finding| finding.kind != FindingKind::Correction && is_about(finding, pointer, subject, places);
        self.made.specification.findings.iter().filter(about)
    }

    /// The same: a line for each text, with all of its places.
    fn findings(&self, pointer: &Pointer, subject: &str, places: &[Span]) -> Vec<String> {
        let mut lines: IndexMap<String, IndexSet<String>> = IndexMap::new();
        for finding in self.found(pointer, subject, places) {
            let places = finding.spans.iter().filter_map(|span| Some(self.document(*span)?.source(*span)));
            lines.entry(format!("{}: {}", word(finding.kind), printable(&finding.text))).or_default().extend(places);
        }
        let line = |(text, places): (String, IndexSet<String>)| format!("{text} ({})", Vec::from_iter(places).join(", "));
        lines.into_iter().map(line).collect()
    }

    fn rust(&self, pointer: &Pointer, node: &Map<String, Value>, places: &[Span], text: &mut String) {
        let (item, head) = match (self.items.at(pointer), self.items.around(pointer)) {
            (Some(item), _) => (item, "Became"),
            (None, Some(item)) => (item, "Became part of"),
            (None, None) => return,
        };
        let place = format!("crates/{}/{}", self.made.vendor.name(), item.file);
        let _ = write!(text, "\n{head}\n  {}\n  {}\n  in {place}\n", item.path, item.code);
        if item.rules.is_empty() || head != "Became" {
            return;
        }
        let read = places.first().and_then(|span| Some((self.document(*span)?, *span))).map(|(document, span)| {
            let more = if places.len() > 1 { format!(" and {} more", places.len() - 1) } else { String::new() };
            let words = first_words(document.slice(span));
            let quoted = if words.is_empty() { String::new() } else { format!(": \u{201c}{words}\u{201d}") };
            format!("read at {}{more}{quoted}", document.source(span))
        });
        let basis = node.get("x-basis").and_then(Value::as_str).map(|basis| {
            let reason = node.get("x-reason").and_then(Value::as_str).unwrap_or("no reason given");
            format!("{basis}: {}", printable(reason))
        });
        let says = values(&self.made.specification.value, pointer, node);
        section(text, "Why", &rust::chain(item, read.into_iter().collect(), &says, basis));
    }

    /// Each passage once, with all places that have its words.
    fn passages(&self, places: &[Span]) -> String {
        let mut passages: Vec<(String, &Document, Vec<Span>)> = Vec::new();
        for span in places {
            let Some(document) = self.document(*span) else { continue };
            let words = folded(document.slice(*span));
            match passages.iter_mut().find(|(known, ..)| *known == words && !words.is_empty()) {
                Some((.., spans)) => spans.push(*span),
                None => passages.push((words, document, vec![*span])),
            }
        }
        let mut text = String::new();
        for (_, document, spans) in &passages {
            let Some((first, others)) = spans.split_first() else { continue };
            text.push_str(&excerpt(document, *first));
            let also = others.iter().filter_map(|span| Some(range(self.document(*span)?, *span)));
            let also: Vec<String> = also.collect();
            if !also.is_empty() {
                let _ = writeln!(text, "in the same words at {}", also.join(", "));
            }
        }
        text
    }
}

/// The words of a text alone, in lower case.
pub(crate) fn folded(text: &str) -> String {
    text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The node at `pointer`, with its kind.
#[must_use]
pub fn node_at(specification: &Value, pointer: &Pointer) -> Option<(NodeKind, Map<String, Value>)> {
    let mut found = None;
    nodes::visit(specification, |at, kind, node| {
        if at == pointer {
            found = Some((kind, node.clone()));
        }
    });
    found
}

/// The node that stands at `pointer` or nearest above it.
fn nearest(specification: &Value, pointer: &Pointer) -> Option<Pointer> {
    let mut found: Option<Pointer> = None;
    nodes::visit(specification, |at, _, _| {
        if pointer.is_within(at) && found.as_ref().is_none_or(|known| known.depth() < at.depth()) {
            found = Some(at.clone());
        }
    });
    found
}

/// What a node says of itself in a few words.
fn gist(specification: &Value, pointer: &Pointer, node: &Map<String, Value>) -> String {
    let mut words: Vec<String> = Vec::new();
    let told = [
        "summary",
        "description",
        "type",
        "format",
        "in",
        "items",
        "allOf",
        "pattern",
        "minLength",
        "maxLength",
        "enum",
        "default",
        "x-default",
    ];
    for key in told {
        match node.get(key) {
            Some(Value::String(text)) => words.push(format!("{key}: {}", printable(&text.replace('\n', " ")))),
            Some(value) => words.push(format!("{key}: {}", shown(value))),
            None => {}
        }
    }
    if is_required(specification, pointer) {
        words.push("required".to_owned());
    }
    for key in ["required", "nullable", "readOnly", "deprecated", "x-client-parameter"] {
        if node.get(key) == Some(&Value::Bool(true)) {
            words.push(key.to_owned());
        }
    }
    words.join("\n  ")
}

/// What the specification says of the values of a node, in a few words.
fn values(specification: &Value, pointer: &Pointer, node: &Map<String, Value>) -> Vec<String> {
    let schema = node.get("schema").and_then(Value::as_object).unwrap_or(node);
    let kinds = ["type", "format", "$ref"].iter().filter_map(|key| schema.get(*key)?.as_str());
    let mut words: Vec<String> = kinds.map(|kind| format!("`{}`", printable(kind))).collect();
    let demanded = is_required(specification, pointer) || node.get("required") == Some(&Value::Bool(true));
    words.extend(demanded.then(|| "required".to_owned()));
    let flags = ["nullable", "readOnly", "deprecated"].iter().filter(|key| schema.get(**key) == Some(&Value::Bool(true)));
    words.extend(flags.map(|key| (*key).to_owned()));
    words
}

/// How a passage begins, in one line.
fn first_words(text: &str) -> String {
    const MOST: usize = 60;
    let line = one_line(text);
    match line.char_indices().nth(MOST) {
        Some((cut, _)) => printable(line.get(..cut).unwrap_or_default().trim_end()) + " …",
        None => printable(&line),
    }
}

/// Whether the object around a property demands it.
fn is_required(specification: &Value, pointer: &Pointer) -> bool {
    let Some((properties, name)) = pointer.split() else { return false };
    let Some((object, _)) = properties.split().filter(|(_, member)| member == "properties") else { return false };
    let required = specification.pointer(object.as_str()).and_then(|object| object.get("required")?.as_array());
    required.is_some_and(|required| required.iter().any(|one| one.as_str() == Some(&name)))
}

fn section(text: &mut String, head: &str, lines: &[String]) {
    if !lines.is_empty() {
        let _ = write!(text, "\n{head}\n{}", indented(&lines.join("\n")));
    }
}

/// A value in one line, cut to the width of a terminal.
fn shown(value: &Value) -> String {
    const MOST: usize = 160;
    let text = printable(&value.to_string());
    match text.char_indices().nth(MOST) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
        None => text,
    }
}

/// Whether a finding is about the node at `pointer`, which people call `subject` and which stands at `places`.
pub(crate) fn is_about(finding: &Finding, pointer: &Pointer, subject: &str, places: &[Span]) -> bool {
    let told = finding.subject.trim_matches('`');
    let within = || told.strip_suffix(subject).is_some_and(|before| before.ends_with('.'));
    let named = told == subject || told == pointer.as_str() || within();
    let same_place = || finding.spans.iter().any(|span| places.iter().any(|place| span.meets(*place)));
    named || last_name(told) == last_name(subject) && same_place()
}

/// The last word of a name such as `User.email` or `SaveUser responses 200`.
pub(crate) fn last_name(name: &str) -> &str {
    name.rsplit(['.', ' ']).next().unwrap_or(name)
}

/// The word for a finding's kind.
#[must_use]
pub fn word(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Contradiction => "contradiction",
        FindingKind::Assumption => "decided by rule",
        FindingKind::Loss => "loss",
        FindingKind::Correction => "correction",
    }
}
