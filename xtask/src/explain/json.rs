//! What `explain` tells, for programs and for reviews.
//!
//! Takes the same as the text: a node of a vendor's specification. Returns one JSON object, as `xtask/schemas/explain.json` says, and
//! annotations at the places of the documents. Decides nothing.

use serde_json::{Value, json};

use super::{Explanation, find, node_at, places::Places, readers};
use crate::{
    diagnostic::printable,
    document::{Document, Span},
    finding::Finding,
    nodes::Pointer,
    output::{Annotation, Severity},
};

impl Explanation<'_> {
    /// Everything that is known of the node at `pointer`.
    pub(super) fn json(&self, pointer: &Pointer) -> Value {
        let specification = &self.made.specification.value;
        let Some((kind, node)) = node_at(specification, pointer) else { return Value::Null };
        let subject = find::subject(specification, pointer);
        let places = Places::of(self.made).node(pointer, &node);
        let basis = node.get("x-basis").and_then(Value::as_str).map(|basis| {
            let reason = node.get("x-reason").and_then(Value::as_str).map(printable);
            json!({ "kind": basis, "reason": reason })
        });
        let item = self.items.at(pointer).or_else(|| self.items.around(pointer));
        let rust = item.map(|item| {
            let own = self.items.at(pointer).is_some();
            let rules = item.rules.iter().filter(|_| own);
            json!({
                "path": item.path,
                "code": item.code,
                "file": format!("crates/{}/{}", self.made.vendor.name(), item.file),
                "is_part": !own,
                "rules": rules.map(|rule| json!({ "rule": rule.rule, "text": rule.text })).collect::<Vec<_>>(),
            })
        });
        let words = self.words(&node, &places);
        json!({
            "subject": subject,
            "kind": kind.name(),
            "pointer": pointer.as_str(),
            "node": node,
            "passages": self.all(&places),
            "words": self.all(&words),
            "basis": basis,
            "corrections": self.corrections_of(pointer).iter().map(|(correction, overlay, changes)| json!({
                "place": self.place(overlay, correction.span),
                "target": printable(&correction.target),
                "reason": printable(&correction.reason),
                "evidence": correction.evidence.iter().map(|one| printable(one)).collect::<Vec<_>>(),
                "changes": changes.iter().map(|change| json!({
                    "pointer": change.pointer.as_str(),
                    "before": change.before,
                    "after": change.after,
                })).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "renames": readers::renames(self.made, pointer),
            "findings": self.found(pointer, &subject, &places).map(|finding| self.finding(finding)).collect::<Vec<_>>(),
            "rust": rust,
            "readers": readers::readers(self.made, pointer),
        })
    }

    /// A notice at each place of the documents where the node stands.
    pub(super) fn annotations(&self, pointer: &Pointer) -> Vec<Annotation> {
        let specification = &self.made.specification.value;
        let Some((kind, node)) = node_at(specification, pointer) else { return Vec::new() };
        let became = self.items.at(pointer).map(|item| format!(", in Rust `{}`", item.code)).unwrap_or_default();
        let message = format!("{}: {} at {pointer}{became}", find::subject(specification, pointer), kind.name());
        let at = |span: &Span| {
            let document = self.document(*span)?;
            Some(Annotation {
                severity: Severity::Notice,
                file: Some(document.file(&self.made.vendor.folder())),
                place: Some(document.place(span.start)),
                message: message.clone(),
            })
        };
        Places::of(self.made).node(pointer, &node).iter().filter_map(at).collect()
    }

    fn all(&self, spans: &[Span]) -> Vec<Value> {
        spans.iter().filter_map(|span| Some(self.passage(self.document(*span)?, *span))).collect()
    }

    fn place(&self, document: &Document, span: Span) -> Value {
        let (start, end) = (document.place(span.start), document.place(span.end));
        json!({
            "file": document.file(&self.made.vendor.folder()),
            "line": start.line,
            "column": start.column,
            "end_line": end.line,
            "end_column": end.column,
        })
    }

    fn passage(&self, document: &Document, span: Span) -> Value {
        let mut passage = self.place(document, span);
        // A place without an end is where something begins: its line tells what.
        let shown = if span.start < span.end { span } else { document.line_at(span.start).span };
        if let Some(members) = passage.as_object_mut() {
            members.insert("text".to_owned(), document.slice(shown).lines().map(printable).collect::<Vec<_>>().join("\n").into());
        }
        passage
    }

    fn finding(&self, finding: &Finding) -> Value {
        let places = finding.spans.iter().filter_map(|span| Some(self.place(self.document(*span)?, *span)));
        json!({
            "kind": super::word(finding.kind),
            "text": printable(&finding.text),
            "places": places.collect::<Vec<_>>(),
        })
    }
}
