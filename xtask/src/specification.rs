//! A vendor's folder becomes its specification: the first half of the line.
//!
//! Enters: a [`Vendor`] as loaded. Leaves: the corrected OpenAPI document, `findings.md`'s material, and what was
//! accounted for; or everything that is wrong. Knows nothing of Rust or of the file system.

mod info;

use serde_json::Value;

use crate::{
    assemble::{self, Assembled},
    diagnostic::Diagnostic,
    dialect,
    document::{Document, Ledger},
    examples,
    failure::Failure,
    finding::{Finding, Kind},
    lint, openapi, overlay,
    report::Assumptions,
    vendor::Vendor,
};

/// What a vendor's documents, manifest and overlay say together.
#[derive(Debug)]
pub struct Specification {
    /// The OpenAPI document, as it is committed.
    pub value: Value,
    /// Contradictions, decisions and corrections, in the order in which they were met.
    pub findings: Vec<Finding>,
    /// Everything in it that is not the documents' plain word.
    pub assumptions: Assumptions,
    /// What each document's text became.
    pub ledgers: Vec<Ledger>,
    /// Characters claimed, and characters in all, white space aside.
    pub accounted: (usize, usize),
    /// Operations.
    pub operations: usize,
    /// Properties of all entities.
    pub properties: usize,
}

/// Reads, assembles, writes and corrects.
///
/// # Errors
/// Everything that is wrong with the documents; where they are sound, with the manifest; then with the overlay.
pub fn specification(vendor: &Vendor) -> Result<Specification, Failure> {
    let fail = |diagnostics: Vec<Diagnostic>| vendor.failure(&diagnostics);
    let mut pages = Vec::new();
    let mut diagnostics = Vec::new();
    let mut ledgers = Vec::new();
    let mut accounted = (0, 0);
    for document in &vendor.documents {
        let mut page = dialect::read(*vendor.manifest.dialect.get_ref(), document);
        diagnostics.append(&mut page.diagnostics);
        let (claimed, total) = page.ledger.accounted(document);
        accounted = (accounted.0 + claimed, accounted.1 + total);
        ledgers.push(std::mem::take(&mut page.ledger));
        pages.push(page);
    }
    if !diagnostics.is_empty() {
        return Err(fail(diagnostics));
    }
    let Assembled { api, mut findings, unused_names } = assemble::assemble(pages, &info::names(vendor));
    let unused = info::unused(vendor, &api, &unused_names);
    if !unused.is_empty() {
        return Err(fail(unused));
    }
    let operations = api.operations.len();
    let sources: Vec<&Document> = vendor.sources().collect();
    let mut value = openapi::document(&api, &info::info(vendor), &sources);
    if let Some(document) = &vendor.overlay {
        let applied = overlay::apply(document, &vendor.documents, value).map_err(&fail)?;
        findings.extend(applied.corrections.iter().map(overlay::Correction::finding));
        value = applied.specification;
    }
    findings.extend(examples::settle(&mut value).into_iter().map(|broken| {
        let text =
            format!("in the document's own sample it {}: what is said counts, and the sample is kept as `x-sample`", broken.rule);
        let spans = broken.places.iter().filter_map(|place| sources.iter().find_map(|source| source.find(place))).collect();
        Finding::new(Kind::Contradiction, broken.subject, text, spans)
    }));
    let complaints = lint::check(&value);
    if !complaints.is_empty() {
        let mut failure = Failure::default();
        for complaint in complaints {
            failure.extend(Failure::new(
                format!("{}/openapi.json would not be sound: {complaint}", vendor.folder()),
                "mend the document's reading, the manifest or the overlay",
            ));
        }
        return Err(failure);
    }
    let properties = properties(&value);
    Ok(Specification { assumptions: Assumptions::of(&value), value, findings, ledgers, accounted, operations, properties })
}

fn properties(specification: &Value) -> usize {
    let schemas = specification.pointer("/components/schemas").and_then(Value::as_object);
    let count = |schema: &Value| schema.get("properties").and_then(Value::as_object).map_or(0, serde_json::Map::len);
    schemas.map_or(0, |schemas| schemas.values().map(count).sum())
}
