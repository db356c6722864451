//! The Rust to be made, typed: from a specification to the second intermediate form.
//!
//! Input: a committed specification as JSON and the names of a manifest. Output: a [`Model`] of the types, fields, enumerations,
//! operations, parameters and features of a client crate, each with its pointer into the specification and the rules applied
//! to it; and what the client does not carry. progenitor resolves schemas to types and operations to signatures. Does no I/O,
//! names no vendor, and knows nothing of files.

use serde_json::{Map, Value};

use crate::normalize::{Loss, Names, Normalized, Problem, normalize, walk};

mod components;
mod engine;
mod facts;
mod failures;
pub mod items;
pub mod model;
pub(crate) mod names;
mod operations;
pub(crate) mod parts;
mod read;
mod server;
mod settings;
mod types;

pub use model::Model;
pub use types::RustType;

/// What a client crate is made from.
#[derive(Clone, Copy, Debug)]
pub struct ClientInput<'a> {
    /// Name of the folder under `specs/`, and of the crate.
    pub vendor: &'a str,
    /// Version of the crate.
    pub version: &'a str,
    /// The committed specification.
    pub specification: &'a Value,
    /// Names that the manifest gives to properties, parameters and operations.
    pub names: &'a Names,
}

/// Makes the model, and tells what the client does not carry.
///
/// # Errors
///
/// Everything that keeps the crate from being made, with its place in the specification.
pub fn model(input: &ClientInput<'_>) -> Result<(Model, Vec<Loss>), Vec<Problem>> {
    let Normalized { document, mut losses } = normalize(input.specification, input.names)?;
    let made = engine::generate(&document).map_err(|problem| vec![problem])?;
    let nothing = Map::new();
    let components = document.pointer("/components/schemas").and_then(Value::as_object).unwrap_or(&nothing);
    let operations = read::operations(&document);
    let (schemes, unable) = settings::schemes(&document);
    losses.extend(unable);
    let client_parameters = settings::client_parameters(&operations);
    let parts = parts::parts(&operations, components);

    let mut problems = Vec::new();
    let bodies = operations.iter().filter_map(|operation| operation.body.as_ref()).map(|body| &body.schema);
    let sent = walk::reachable(bodies, components);
    let features = |name: &str| parts.components.get(name).copied();
    let source = components::Source { components, made: &made.types, sent: &sent, features: &features };
    let types = components::types(&source, &mut problems);
    let scope = operations::Scope { components, client_parameters: &client_parameters };
    let mut whole = Vec::with_capacity(operations.len());
    for (operation, feature) in operations.iter().zip(&parts.operations) {
        match made.method(operation).and_then(|made| operations::operation(operation, made, *feature, &scope)) {
            Ok(operation) => whole.push(operation),
            Err(problem) => problems.push(problem),
        }
    }
    let rate_limit = settings::rate_limit(&document).map_err(|problem| problems.push(problem)).ok().flatten();
    let failures = failures::rules(&document, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let info = |key: &str| document.pointer("/info")?.get(key)?.as_str().map(str::to_owned);
    let mut model = Model {
        vendor: input.vendor.to_owned(),
        version: input.version.to_owned(),
        title: info("title").unwrap_or_default(),
        description: info("description").unwrap_or_default(),
        server: server::server(&document),
        rate_limit,
        failures,
        schemes,
        client_parameters,
        features: parts.features,
        types,
        operations: whole,
    };
    losses.extend(failures::assign(&mut model));
    Ok((model, losses))
}
