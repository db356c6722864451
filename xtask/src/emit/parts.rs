//! The parts of a crate: what is always compiled, and of a large vendor what belongs to one tag.
//!
//! Input: the model. Output: one part with everything in it, or a part for each tag and one for what they share. A part of a
//! tag is a module in each file of the crate, and a feature that is on by default.

use proc_macro2::TokenStream;
use quote::quote;

use super::{constraints::code, syntax::ident};
use crate::rust::model::{Feature, Model, Operation, Type};

/// What is compiled together.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// `None` for what is always compiled.
    pub(super) feature: Option<&'a Feature>,
    /// In the order of the specification.
    pub(super) operations: Vec<&'a Operation>,
    /// In the order of the specification.
    pub(super) types: Vec<&'a Type>,
}

impl Part<'_> {
    /// The name of the part's file in the place of `file`, such as `client/contact.rs` for `client.rs`.
    pub(super) fn path(&self, file: &str) -> String {
        match self.feature {
            None => format!("src/generated/{file}.rs"),
            Some(feature) => format!("src/generated/{file}/{}.rs", feature.module),
        }
    }

    /// Whether there are requests of its operations.
    pub(super) fn has_requests(&self) -> bool {
        !self.operations.is_empty()
    }

    /// Whether there is a module of types: the part that is always compiled has one, be it empty.
    pub(super) fn has_types(&self) -> bool {
        self.feature.is_none() || !self.types.is_empty()
    }

    /// Whose operations they are, as words that fit behind "operation": empty where they are the vendor's.
    pub(super) fn of(&self) -> String {
        self.feature.map_or_else(String::new, |feature| format!(" of {}", code(&feature.tag)))
    }
}

/// The parts; the first one is always compiled.
pub(super) fn parts(model: &Model) -> Vec<Part<'_>> {
    let wholes = std::iter::once(None).chain((0..model.features.len()).map(Some));
    let parts = wholes.map(|index| Part {
        feature: model.feature(index),
        operations: model.operations.iter().filter(|operation| operation.feature == index).collect(),
        types: model.types.values().filter(|ty| ty.feature == index).collect(),
    });
    parts.collect()
}

/// The modules of the tags, for the file that is always compiled. What a part `offers` to callers is named there, too.
pub(super) fn modules<'a>(parts: impl IntoIterator<Item = (&'a Part<'a>, bool)>) -> TokenStream {
    let modules = parts.into_iter().filter_map(|(part, offers)| {
        let Feature { module, name, .. } = part.feature?;
        let module = ident(module);
        let named = offers.then(|| quote!(#[cfg(feature = #name)] pub use #module::*;));
        Some(quote!(#[cfg(feature = #name)] mod #module; #named))
    });
    modules.collect()
}
