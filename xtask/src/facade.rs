//! The generated part of the facade.
//!
//! Input: each vendor's manifest, its specification, and the model of its client. Output: Rust
//! that reads and writes every vendor's users in SCIM's words, the table of what each vendor documents, and the blocks of
//! hand-written files that list the vendors; or everything that does not fit, with its place in `vendor.toml`. Knows
//! nothing of documents, of progenitor, or of how the client is called.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{attributes::Row, diagnostic::Diagnostic, failure::Failure, rust, vendor::Vendor};

mod attributes;
mod blocks;
mod emit;
mod fit;
mod model;

pub use blocks::{Block, replace};
pub use model::Model;

/// What the facade is made from, for one vendor.
#[derive(Clone, Copy, Debug)]
pub struct FacadeInput<'a> {
    /// The manifest: its `[user.*]` and `[directory]` tables.
    pub vendor: &'a Vendor,
    /// `openapi.json`.
    pub specification: &'a Value,
    /// The Rust that its client is.
    pub model: &'a rust::Model,
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

/// Where the generated directories stand.
pub const DIRECTORIES: &str = "crates/vendor-users/src/generated/directories.rs";

/// The Rust that one vendor adds to the facade, as text.
#[derive(Clone, Debug)]
pub struct Part(emit::Part);

impl Part {
    /// Makes it from a model, whether that was made in this run or is committed.
    ///
    /// # Errors
    ///
    /// What is made of the model is no Rust, as names that were changed by hand may make it.
    pub fn of(model: &Model) -> Result<Self, Failure> {
        emit::Part::of(model).map(Self).map_err(|error| not_rust(&error))
    }
}

fn not_rust(error: &syn::Error) -> Failure {
    Failure::new(format!("the facade is not Rust: {error}"), "report this with the manifests at hand")
}

/// Makes the generated part of the facade but for the [attributes](of_attributes), vendors in the order given.
///
/// # Errors
///
/// What is made of them is no Rust.
pub fn emit(vendors: Vec<(Model, Part)>) -> Result<Facade, Failure> {
    let (models, parts): (Vec<Model>, Vec<emit::Part>) = vendors.into_iter().map(|(model, Part(part))| (model, part)).unzip();
    let files = vec![
        (GENERATED.to_owned(), emit::file(&models, &parts).map_err(|error| not_rust(&error))?),
        (DIRECTORIES.to_owned(), emit::directories(&models, &parts).map_err(|error| not_rust(&error))?),
    ];
    Ok(Facade { files, blocks: blocks::all(&models) })
}

/// The files that each attribute of a table is written into: path from the workspace's root, and text.
///
/// # Errors
///
/// What is made of them is no Rust.
pub fn of_attributes(rows: &[Row]) -> Result<Vec<(String, String)>, Failure> {
    attributes::files(rows)
        .map_err(|error| Failure::new(format!("the attributes are not Rust: {error}"), "report this with specs/attributes.toml"))
}

/// Reads one vendor's tables against its specification.
///
/// # Errors
///
/// What is wrong with them, with places in the vendor's manifest.
pub fn check(input: &FacadeInput<'_>) -> Result<(), Vec<Diagnostic>> {
    fitted(input).map(|_| ())
}

/// What the facade is made from, of one vendor.
///
/// # Errors
///
/// Every entry of the manifest that names what does not exist, or maps what does not fit.
pub fn model(input: &FacadeInput<'_>) -> Result<Model, Failure> {
    fitted(input).map_err(|diagnostics| input.vendor.failure(&diagnostics))
}

/// Name of the file beside a specification that keeps its model.
pub const MODEL: &str = "facade.json";

#[derive(Serialize, Deserialize)]
struct Committed {
    #[serde(rename = "x-generated")]
    generated: String,
    #[serde(flatten)]
    model: Model,
}

/// The text of [`MODEL`].
#[must_use]
pub fn committed(generated: &str, model: &Model) -> String {
    let committed = Committed { generated: generated.to_owned(), model: model.clone() };
    let mut text = serde_json::to_string_pretty(&committed).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads the text of [`MODEL`].
///
/// # Errors
///
/// What is wrong with it.
pub fn read_committed(text: &str) -> Result<Model, String> {
    serde_json::from_str::<Committed>(text).map(|committed| committed.model).map_err(|error| error.to_string())
}

fn fitted(input: &FacadeInput<'_>) -> Result<Model, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let model = fit::model(input, &mut problems);
    if problems.is_empty() { Ok(model) } else { Err(problems) }
}
