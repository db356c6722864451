//! What was read can be sent: ways from the types of responses to the types of requests that are alike.
//!
//! Input: the model. Output: a conversion for each struct that only
//! responses have and whose fields are those of one that requests have. Compares names and types, not constraints.

use std::collections::BTreeMap;

use quote::quote;

use super::syntax::{self, ident};
use crate::{
    normalize::Problem,
    rust::{
        RustType,
        model::{Model, Type},
    },
};

/// A conversion, and the types that it names.
pub(super) struct Conversion<'a> {
    model: &'a Model,
    pub(super) from: &'a Type,
    pub(super) to: &'a Type,
}

/// All conversions, in the order of the types.
pub(super) fn conversions(model: &Model) -> Vec<Conversion<'_>> {
    let structures = model.types.values().filter(|ty| ty.is_structure());
    let (requests, responses): (Vec<_>, Vec<_>) = structures.partition(|ty| ty.sent);
    let mut by_shape: BTreeMap<Vec<Member<'_>>, Vec<&Type>> = BTreeMap::new();
    for request in requests {
        by_shape.entry(shape(model, request)).or_default().push(request);
    }
    let responses = responses.into_iter().filter(|response| !model.fields(&response.name).is_empty());
    let pairs = responses.flat_map(|from| {
        let alike = by_shape.get(&shape(model, from)).into_iter().flatten();
        alike.map(move |&to| Conversion { model, from, to })
    });
    pairs.collect()
}

impl Conversion<'_> {
    /// The code.
    pub(super) fn text(&self) -> Result<String, Problem> {
        let (from, to) = (ident(&self.from.name), ident(&self.to.name));
        let fields = self.model.fields(&self.to.name).iter().map(|field| ident(&field.name));
        syntax::unparse(quote!(client_core::codegen::convert!(#from => #to { #(#fields),* });))
    }
}

/// Wire name, Rust name and type.
type Member<'a> = (&'a str, &'a str, &'a RustType);

/// What must be equal, in an order of its own: documents list the same properties in different orders.
fn shape<'a>(model: &'a Model, ty: &Type) -> Vec<Member<'a>> {
    let fields = model.fields(&ty.name).iter();
    let mut shape: Vec<Member<'a>> = fields.map(|field| (field.wire.as_str(), field.name.as_str(), &field.ty)).collect();
    shape.sort_unstable();
    shape
}
