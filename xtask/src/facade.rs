//! The generated part of the facade.
//!
//! Enters: each vendor's manifest, its specification, and the normalized copy that its client is made from. Leaves: Rust
//! that reads and writes every vendor's users in SCIM's words, the table of what each vendor documents, and the blocks of
//! hand-written files that list the vendors; or everything that does not fit, with its place in `vendor.toml`. Knows
//! nothing of documents, of progenitor, or of how the client is called.

use serde_json::Value;

use crate::{diagnostic::Diagnostic, failure::Failure, vendor::Vendor};

mod blocks;
mod emit;
mod fit;
mod model;

pub use blocks::{Block, replace};
use model::Model;

/// What the facade is made from, for one vendor.
#[derive(Clone, Copy, Debug)]
pub struct FacadeInput<'a> {
    /// The manifest: its `[user.*]` and `[directory]` tables.
    pub vendor: &'a Vendor,
    /// `openapi.json`.
    pub specification: &'a Value,
    /// What `normalize` made of it: there stand the names of fields.
    pub normalized: &'a Value,
    /// The features of the vendor's crate that hold the types and operations of those tables.
    pub features: &'a [String],
}

/// What the facade is, beside its hand-written files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facade {
    /// Whole files: path from the workspace's root, and text.
    pub files: Vec<(String, String)>,
    /// Parts of hand-written files.
    pub blocks: Vec<Block>,
}

/// Where the generated file stands.
pub const GENERATED: &str = "crates/vendor-users/src/generated.rs";

/// Makes the generated part of the facade, vendors in the order given.
///
/// # Errors
///
/// Every entry of a manifest that names what does not exist, or maps what does not fit.
pub fn facade(inputs: &[FacadeInput<'_>]) -> Result<Facade, Failure> {
    let mut models = Vec::new();
    let mut failures = Failure::default();
    for input in inputs {
        match model(input) {
            Ok(model) => models.push(model),
            Err(diagnostics) => failures.extend(input.vendor.failure(&diagnostics)),
        }
    }
    if !failures.problems().is_empty() {
        return Err(failures);
    }
    let text = emit::file(&models)
        .map_err(|error| Failure::new(format!("the facade is not Rust: {error}"), "report this with the manifests at hand"))?;
    Ok(Facade { files: vec![(GENERATED.to_owned(), text)], blocks: blocks::all(&models) })
}

/// Reads one vendor's tables against its specification.
///
/// # Errors
///
/// What is wrong with them, with places in the vendor's manifest.
pub fn check(input: &FacadeInput<'_>) -> Result<(), Vec<Diagnostic>> {
    model(input).map(|_| ())
}

fn model(input: &FacadeInput<'_>) -> Result<Model, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let model = fit::model(input, &mut problems);
    if problems.is_empty() { Ok(model) } else { Err(problems) }
}
