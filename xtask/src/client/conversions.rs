//! What was read can be sent: ways from the types of responses to the types of requests that are alike.
//!
//! Input: the structs of a client, and which of them requests carry. Output: a conversion for each struct that only
//! responses have and whose fields are those of one that requests have. Compares names and types, not constraints.

use std::collections::{BTreeMap, HashSet};

use quote::quote;

use super::{
    syntax::{self, ident},
    types::TypeOutline,
};
use crate::normalize::Problem;

/// A conversion, and the types that it names.
pub(super) struct Conversion<'a> {
    pub(super) from: &'a TypeOutline,
    pub(super) to: &'a TypeOutline,
}

/// All conversions, in the order of the types.
pub(super) fn conversions<'a>(types: &'a [TypeOutline], sent: &HashSet<&str>) -> Vec<Conversion<'a>> {
    let (requests, responses): (Vec<_>, Vec<_>) = types.iter().partition(|outline| sent.contains(outline.name.as_str()));
    let mut by_shape: BTreeMap<Vec<[&str; 3]>, Vec<&TypeOutline>> = BTreeMap::new();
    for request in requests {
        by_shape.entry(shape(request)).or_default().push(request);
    }
    let responses = responses.into_iter().filter(|response| !response.fields.is_empty());
    let pairs = responses.flat_map(|from| {
        let alike = by_shape.get(&shape(from)).into_iter().flatten();
        alike.map(move |to| Conversion { from, to })
    });
    pairs.collect()
}

impl Conversion<'_> {
    /// The code.
    pub(super) fn text(&self) -> Result<String, Problem> {
        let (from, to) = (ident(&self.from.name), ident(&self.to.name));
        let fields = self.to.fields.iter().map(|field| ident(&field.name));
        syntax::unparse(quote!(client_core::convert!(#from => #to { #(#fields),* });))
    }
}

/// What must be equal, in an order of its own: documents list the same properties in different orders.
fn shape(outline: &TypeOutline) -> Vec<[&str; 3]> {
    let mut shape: Vec<_> =
        outline.fields.iter().map(|field| [field.wire.as_str(), field.name.as_str(), field.type_name.as_str()]).collect();
    shape.sort_unstable();
    shape
}
