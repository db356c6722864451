//! What was read can be sent: ways from the types of answers to the types of requests that are alike.
//!
//! Enters: the structs of a client, and which of them requests carry. Leaves: a conversion for each struct that only
//! answers have and whose fields are those of one that requests have. Compares names and types, not limits.

use std::collections::{BTreeMap, BTreeSet};

use quote::quote;

use super::{ident, types::TypeOutline, unparse};

/// The text of all conversions, one after the other.
pub(super) fn text(types: &[TypeOutline], sent: &BTreeSet<String>) -> String {
    let (requests, answers): (Vec<_>, Vec<_>) = types.iter().partition(|outline| sent.contains(&outline.schema));
    let mut by_shape: BTreeMap<Vec<[&str; 3]>, Vec<&TypeOutline>> = BTreeMap::new();
    for request in requests {
        by_shape.entry(shape(request)).or_default().push(request);
    }
    let mut text = String::new();
    for answer in answers.into_iter().filter(|answer| !answer.fields.is_empty()) {
        for request in by_shape.get(&shape(answer)).into_iter().flatten() {
            let (from, to) = (ident(&answer.name), ident(&request.name));
            let fields = request.fields.iter().map(|field| ident(&field.name));
            text.push('\n');
            text.push_str(&unparse(&quote!(client_core::convert!(#from => #to { #(#fields),* });)));
        }
    }
    text
}

/// What must be equal, in an order of its own: documents list the same properties in different orders.
fn shape(outline: &TypeOutline) -> Vec<[&str; 3]> {
    let mut shape: Vec<_> =
        outline.fields.iter().map(|field| [field.wire.as_str(), field.name.as_str(), field.type_name.as_str()]).collect();
    shape.sort_unstable();
    shape
}
