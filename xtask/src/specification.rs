//! A vendor's folder becomes its specification: the first half of the line.
//!
//! Input: a [`Vendor`] as loaded. Output: the corrected OpenAPI document, `findings.md`'s material, and what was
//! accounted for; or everything that is wrong. Knows nothing of Rust or of the file system.

mod info;
mod names;

use std::{collections::HashMap, sync::OnceLock};

use serde_json::Value;

use crate::{
    api::Api,
    diagnostic::Diagnostic,
    document::{Document, Ledger, Places, Span},
    examples,
    failure::Failure,
    finding::Finding,
    lint,
    nodes::Pointer,
    openapi,
    overlay::{self, Correction},
    parallel,
    report::Assumptions,
    resolve::{self, Resolved},
    vendor::Vendor,
};

/// What a vendor's documents, manifest and overlay say together.
#[derive(Debug)]
pub struct Specification {
    /// The OpenAPI document, as it is committed.
    pub value: Value,
    /// Contradictions, decisions and corrections, in the order in which they were met.
    pub findings: Vec<Finding>,
    /// What the overlay changed.
    pub corrections: Vec<Correction>,
    /// Everything in it that is not the documents' plain word.
    pub assumptions: Assumptions,
    /// What each document's text became.
    pub ledgers: Vec<Ledger>,
    /// Characters claimed, and characters in all, white space aside.
    pub accounted: (usize, usize),
    /// Operations of the documents.
    pub operations: usize,
    /// Operations that no document has: the overlays bring them.
    pub elsewhere: usize,
    /// Properties of all entities.
    pub properties: usize,
    api: Api,
    spans: OnceLock<HashMap<Pointer, Vec<Span>>>,
}

impl Specification {
    /// What each node was made from, before the overlay: made when it is asked for, since a run that only writes does not.
    pub fn spans(&self, vendor: &Vendor) -> &HashMap<Pointer, Vec<Span>> {
        self.spans.get_or_init(|| openapi::spans(&self.api, &info::info(vendor), &vendor.sources().collect::<Vec<_>>()))
    }
}

/// Reads, assembles, writes and corrects.
///
/// # Errors
/// Everything that is wrong with the documents; where they are sound, with the manifest; then with the overlay.
pub fn specification(vendor: &Vendor) -> Result<Specification, Failure> {
    let (specification, unused) = lenient(vendor)?;
    if unused.is_empty() { Ok(specification) } else { Err(vendor.failure(&unused)) }
}

/// The same; entries of the manifest about things that no document has are returned beside it, so that what else is wrong can be told
/// with them.
///
/// # Errors
/// Everything that is wrong with the documents or with the overlay; where that fails, with such entries as well.
pub fn lenient(vendor: &Vendor) -> Result<(Specification, Vec<Diagnostic>), Failure> {
    let mut draft = Draft::read(vendor)?;
    let unused = std::mem::take(&mut draft.unused);
    let with_unused = |mut failure: Failure| {
        let mut all = if unused.is_empty() { Failure::default() } else { vendor.failure(&unused) };
        all.extend(std::mem::take(&mut failure));
        all
    };
    let applied = overlay::apply(&vendor.overlays, &vendor.documents, draft.value);
    let applied = applied.map_err(|problems| with_unused(vendor.failure(&problems)))?;
    (draft.value, draft.corrections) = (applied.specification, applied.corrections);
    let specification = draft.finish(vendor).map_err(&with_unused)?;
    Ok((specification, unused))
}

/// A specification before its corrections.
#[derive(Debug)]
pub struct Draft {
    /// The OpenAPI document.
    pub value: Value,
    /// What the overlay changed; empty until it is applied.
    pub corrections: Vec<Correction>,
    /// Entries of the manifest about things that no document has.
    pub unused: Vec<Diagnostic>,
    findings: Vec<Finding>,
    ledgers: Vec<Ledger>,
    accounted: (usize, usize),
    api: Api,
}

impl Draft {
    /// What documents and manifest say.
    ///
    /// # Errors
    /// Everything that is wrong with the documents.
    pub fn read(vendor: &Vendor) -> Result<Self, Failure> {
        let mut pages = Vec::new();
        let mut diagnostics = Vec::new();
        let mut ledgers = Vec::new();
        let mut accounted = (0, 0);
        let read = resolve::read_all(vendor.manifest.dialect(), &vendor.documents, &vendor.manifest.options());
        for (document, mut page) in vendor.documents.iter().zip(read) {
            diagnostics.append(&mut page.diagnostics);
            let (claimed, total) = page.ledger.accounted(document);
            accounted = (accounted.0 + claimed, accounted.1 + total);
            ledgers.push(std::mem::take(&mut page.ledger));
            pages.push(page);
        }
        if !diagnostics.is_empty() {
            return Err(vendor.failure(&diagnostics));
        }
        let Resolved { api, findings, unused_names } = resolve::resolve(pages, &info::names(vendor));
        let unused = info::unused(vendor, &api, &unused_names);
        let sources: Vec<&Document> = vendor.sources().collect();
        Ok(Self {
            value: openapi::document(&api, &info::info(vendor), &sources),
            corrections: Vec::new(),
            unused,
            findings,
            ledgers,
            accounted,
            api,
        })
    }

    /// Takes what [`Draft::value`] says by now for the whole specification.
    ///
    /// # Errors
    /// It is no sound OpenAPI document.
    pub fn finish(self, vendor: &Vendor) -> Result<Specification, Failure> {
        let Self { mut value, corrections, mut findings, ledgers, accounted, api, .. } = self;
        findings.extend(corrections.iter().map(Correction::finding));
        let places = Places::of(vendor.sources());
        findings.extend(examples::settle(&mut value, |place| places.find(place)));
        let (complaints, assumptions) = parallel::join(|| lint::check(&value), || Assumptions::of(&value));
        if !complaints.is_empty() {
            let mut failure = Failure::default();
            for complaint in complaints {
                let message = format!("openapi.json would not be sound: {complaint}");
                let help = "correct it with an action in overlay.yaml, or in vendor.toml; if the page says it in other words, the \
                            dialect's reader must learn them";
                failure.extend(vendor.failure_at(&value, complaint.pointer.as_str(), message, help));
            }
            return Err(failure);
        }
        let unprintable = names::check(vendor, &value);
        if !unprintable.is_empty() {
            return Err(vendor.failure(&unprintable));
        }
        let properties = properties(&value);
        let operations = api.operations.len();
        let elsewhere = assumptions.operations_elsewhere();
        let spans = OnceLock::new();
        Ok(Specification {
            value,
            findings,
            corrections,
            assumptions,
            ledgers,
            accounted,
            operations,
            elsewhere,
            properties,
            api,
            spans,
        })
    }
}

fn properties(specification: &Value) -> usize {
    let schemas = specification.pointer("/components/schemas").and_then(Value::as_object);
    let count = |schema: &Value| schema.get("properties").and_then(Value::as_object).map_or(0, serde_json::Map::len);
    schemas.map_or(0, |schemas| schemas.values().map(count).sum())
}
