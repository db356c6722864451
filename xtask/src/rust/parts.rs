//! What belongs to one tag of a large vendor.
//!
//! Input: the operations and the components of the copy. Output: a feature for each tag, and which of them alone needs a
//! component: a caller that needs a few operations of thousands compiles only those.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{model::Feature, read::UntypedOperation};
use crate::normalize::{naming, walk};

/// Up to this many operations a crate is one part: it is checked in about a second.
const LARGE: usize = 100;

/// The feature that turns on those of all tags.
pub(crate) const ALL_OPERATIONS: &str = "all-operations";

/// Features that every crate has.
const FEATURES: [&str; 5] = ["default", "rustls", "native-tls", "tracing", ALL_OPERATIONS];

/// Modules and crates that the files of a crate name, beside which the modules of tags stand.
const MODULES: [&str; 7] = ["client", "operations", "types", "client_core", "std", "core", "alloc"];

/// Which items need which feature.
pub(super) struct Parts<'a> {
    pub(super) features: Vec<Feature>,
    /// Of each operation.
    pub(super) operations: Vec<Option<usize>>,
    /// Of the components that one tag alone needs.
    pub(super) components: BTreeMap<&'a str, usize>,
}

/// The parts of a crate.
pub(super) fn parts<'a>(operations: &'a [UntypedOperation], components: &'a Map<String, Value>) -> Parts<'a> {
    let mut taken: BTreeSet<String> = FEATURES.iter().chain(&MODULES).map(|name| naming::snake(name)).collect();
    let mut features: Vec<Feature> = Vec::new();
    let mut of_tag = |tag: &str| {
        if let Some(index) = features.iter().position(|feature| feature.tag == tag) {
            return index;
        }
        let module = naming::unique(&naming::snake(tag), "_", |name| taken.contains(name));
        taken.insert(module.clone());
        features.push(Feature { tag: tag.to_owned(), name: module.trim_matches('_').replace('_', "-"), module });
        features.len() - 1
    };
    let tags = operations.iter().map(|operation| operation.tag.as_deref().filter(|_| operations.len() > LARGE));
    let of_operations: Vec<Option<usize>> = tags.map(|tag| tag.map(&mut of_tag)).collect();
    let mut needed: BTreeMap<&str, BTreeSet<Option<usize>>> = BTreeMap::new();
    let wholes = std::iter::once(None).chain((0..features.len()).map(Some));
    for part in wholes.filter(|_| !features.is_empty()) {
        let own = operations.iter().zip(&of_operations).filter(|(_, feature)| **feature == part);
        for name in walk::reachable(own.flat_map(|(operation, _)| operation.schemas()), components) {
            needed.entry(name).or_default().insert(part);
        }
    }
    let alone = needed.into_iter().filter(|(_, parts)| parts.len() == 1);
    let components = alone.filter_map(|(name, parts)| Some((name, parts.into_iter().next()??))).collect();
    Parts { features, operations: of_operations, components }
}
