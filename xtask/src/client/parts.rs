//! The parts of a crate: what is always compiled, and of a large vendor what belongs to one tag.
//!
//! Input: the operations and the components of a normalized document. Output: one part with everything in it, or a part for
//! each tag and one for what they share. A part of a tag is a module in each file of the crate, and a feature that is on by
//! default: who needs a few operations of thousands compiles only those. Knows nothing of Rust's syntax.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};

use super::{constraints::code, model::Operation, syntax::ident};
use crate::normalize::{naming, walk};

/// Up to so many operations a crate is one part: it is checked in about a second.
const LARGE: usize = 100;

/// Features that every crate has.
const FEATURES: [&str; 5] = ["default", "rustls", "native-tls", "tracing", ALL_OPERATIONS];

/// The feature that turns on those of all tags.
pub(super) const ALL_OPERATIONS: &str = "all-operations";

/// What is compiled together.
#[derive(Debug, Default)]
pub(super) struct Part<'a> {
    /// `None` for what is always compiled.
    pub(super) tag: Option<Tag>,
    /// In the order of the specification.
    pub(super) operations: Vec<&'a Operation>,
    /// The components whose types stand here.
    pub(super) types: BTreeSet<&'a str>,
}

/// A tag, and what it is called in a crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// In the specification.
    pub(super) name: String,
    /// The module, in `snake_case`.
    pub(super) module: String,
    /// The feature, the same with hyphens.
    pub(super) feature: String,
}

impl Part<'_> {
    /// The name of the part's file in the place of `file`, such as `client/contact.rs` for `client.rs`.
    pub(super) fn path(&self, file: &str) -> String {
        match &self.tag {
            None => format!("src/generated/{file}.rs"),
            Some(tag) => format!("src/generated/{file}/{}.rs", tag.module),
        }
    }

    /// Whether there are requests of its operations.
    pub(super) fn has_requests(&self) -> bool {
        !self.operations.is_empty()
    }

    /// Whether there is a module of types: the part that is always compiled has one, be it empty.
    pub(super) fn has_types(&self) -> bool {
        self.tag.is_none() || !self.types.is_empty()
    }

    /// Whose operations they are, as words that fit behind "operation": empty where they are the vendor's.
    pub(super) fn of(&self) -> String {
        self.tag.as_ref().map_or_else(String::new, |tag| format!(" of {}", code(&tag.name)))
    }

    /// The feature that the part needs.
    pub(super) fn feature(&self) -> Option<&str> {
        self.tag.as_ref().map(|tag| tag.feature.as_str())
    }
}

/// The parts; the first one is always compiled.
pub(super) fn parts<'a>(operations: &'a [Operation], components: &'a Map<String, Value>) -> Vec<Part<'a>> {
    let mut by_tag: IndexMap<Option<&str>, Vec<&Operation>> = IndexMap::from_iter([(None, Vec::new())]);
    for operation in operations {
        let tag = operation.tag.as_deref().filter(|_| operations.len() > LARGE);
        by_tag.entry(tag).or_default().push(operation);
    }
    let mut taken: BTreeSet<String> = FEATURES.iter().map(|name| naming::snake(name)).collect();
    let mut parts: Vec<Part<'_>> = Vec::new();
    for (tag, operations) in by_tag {
        let tag = tag.map(|name| {
            let module = naming::unique(&naming::snake(name), "_", |name| taken.contains(name));
            taken.insert(module.clone());
            Tag { name: name.to_owned(), feature: module.trim_matches('_').replace('_', "-"), module }
        });
        parts.push(Part { tag, operations, types: BTreeSet::new() });
    }
    let mut needed: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (index, part) in parts.iter().enumerate() {
        let schemas = part.operations.iter().flat_map(|operation| operation.schemas());
        for name in walk::reachable(schemas, components) {
            needed.entry(name).or_default().insert(index);
        }
    }
    for name in components.keys() {
        let home = match needed.get(name.as_str()) {
            Some(parts) if parts.len() == 1 => parts.first().copied().unwrap_or_default(),
            _ => 0,
        };
        if let Some(part) = parts.get_mut(home) {
            part.types.insert(name);
        }
    }
    parts
}

/// The modules of the tags, for the file that is always compiled. What a part `offers` to callers is named there, too.
pub(super) fn modules<'a>(parts: impl IntoIterator<Item = (&'a Part<'a>, bool)>) -> TokenStream {
    let modules = parts.into_iter().filter_map(|(part, offers)| {
        let Tag { module, feature, .. } = part.tag.as_ref()?;
        let module = ident(module);
        let named = offers.then(|| quote!(#[cfg(feature = #feature)] pub use #module::*;));
        Some(quote!(#[cfg(feature = #feature)] mod #module; #named))
    });
    modules.collect()
}
