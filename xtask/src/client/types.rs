//! The vendor's types: structs of fields, open enumerations, aliases.
//!
//! Input: the components of a normalized document and progenitor's types for them. Output: the text of the modules of types
//! and an outline of them. serde's derives go: `client_core::object!` reads leniently, writes back what it read, and checks.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};
use syn::{Item, Type};

use super::{conversions::conversions, parts::Part};
use crate::normalize::Problem;

mod module;

use module::Module;

/// One struct of a client, as other parts of the line need to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeOutline {
    /// In Rust.
    pub name: String,
    /// In the specification.
    pub schema: String,
    /// In the order of the specification.
    pub fields: Vec<FieldOutline>,
    /// The struct of its required fields, where it has one.
    pub required: Option<String>,
    /// The file of the crate that it stands in.
    pub file: String,
    /// The feature that it needs, where it is not always compiled.
    pub feature: Option<String>,
}

/// One field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldOutline {
    /// In Rust.
    pub name: String,
    /// On the wire.
    pub wire: String,
    /// The type inside of `Field`, such as `String` or `Vec<Group>`.
    pub type_name: String,
    /// Whether a request needs it.
    pub required: bool,
    /// Whether null is documented as a value.
    pub nullable: bool,
}

/// All types.
#[derive(Debug, Default)]
pub(super) struct Types {
    /// The modules, each with its path.
    pub(super) files: Vec<(String, String)>,
    pub(super) outlines: Vec<TypeOutline>,
    /// First variant of each enumeration.
    pub(super) first_variants: BTreeMap<String, String>,
}

/// One property of a struct, both as documented and as Rust sees it.
pub(super) struct Property<'a> {
    pub(super) field: String,
    pub(super) wire: String,
    pub(super) ty: Type,
    pub(super) schema: &'a Value,
    pub(super) required: bool,
}

/// What the types are made from.
pub(super) struct Source<'a> {
    pub(super) components: &'a Map<String, Value>,
    /// progenitor's types.
    pub(super) made: &'a BTreeMap<String, Item>,
    /// The structs that requests carry.
    pub(super) sent: &'a HashSet<&'a str>,
}

/// Writes the modules of all parts.
pub(super) fn rewrite(source: &Source<'_>, parts: &[Part<'_>]) -> Result<Types, Vec<Problem>> {
    let mut types = Types::default();
    let mut problems = Vec::new();
    let mut names: HashSet<String> = source.components.keys().cloned().collect();
    let mut modules: Vec<Module<'_>> = Vec::new();
    for part in parts {
        let mut module = Module::new(source, part);
        for (name, schema) in source.components.iter().filter(|(name, _)| part.types.contains(name.as_str())) {
            if let Err(problem) = module.add(name, schema, &mut names, &mut types) {
                problems.push(problem);
            }
        }
        modules.push(module);
    }
    for conversion in conversions(&types.outlines, source.sent) {
        let home = |outline: &TypeOutline| parts.iter().position(|part| part.types.contains(outline.name.as_str())).unwrap_or(0);
        // Types of two tags are alike by chance, and compiled together only where both are wanted.
        let place = match (home(conversion.from), home(conversion.to)) {
            (from, to) if from == to => from,
            (0, other) | (other, 0) => other,
            _ => continue,
        };
        if let Some(Err(problem)) = modules.get_mut(place).map(|module| module.convert(&conversion)) {
            problems.push(problem);
        }
    }
    for (part, module) in parts.iter().zip(modules).filter(|(part, _)| part.has_types()) {
        match module.finish(parts) {
            Ok(text) => types.files.push((part.path("types"), text)),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(types) } else { Err(problems) }
}
