//! How one attribute is read from a vendor's record, and written into it.
//!
//! Input: a checked attribute. Output: a method that reads it, and an arm that writes it. Knows nothing of manifests.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::{ident, variant};
use crate::facade::model::{Access, Mapped, Place, Writing};

/// The method of `User` that reads it; none where the record alone does not tell.
pub(super) fn reader(mapped: &Mapped) -> Option<TokenStream> {
    let method = ident(mapped.attribute.name());
    let text = |body: TokenStream| Some(quote!(fn #method(&self) -> Option<Cow<'_, str>> { #body }));
    let flag = |body: TokenStream| Some(quote!(fn #method(&self) -> Option<bool> { #body }));
    match &mapped.access {
        Access::Text(place) => text(read(place, false)),
        Access::Name(place) => text(read(place, true)),
        Access::Flag { place, not } => flag(within(place, |field| quote!(value::read_flag(&#field, #not)))),
        Access::Equals { place, name, value } => {
            let (read, value) = (read(place, *name), plain(value));
            flag(quote!(#read.map(|text| text == #value)))
        }
        Access::Words { place, name, words: Some((yes, no)) } => {
            let read = read(place, *name);
            flag(quote!(value::flag(#read, #yes, #no)))
        }
        Access::Words { words: None, .. } => None,
        Access::Joined(parts) => {
            let parts = parts.iter().map(|(place, name)| read(place, *name));
            text(quote!(value::joined([#(#parts),*])))
        }
        Access::Constant(constant) => text(quote!(Some(Cow::Borrowed(#constant)))),
    }
}

/// The arm that reads the vendor's word for a flag, where the settings say what the words mean.
pub(super) fn word(mapped: &Mapped) -> Option<TokenStream> {
    let Access::Words { place, name, words: None } = &mapped.access else { return None };
    let (attribute, read) = (variant(mapped.attribute), read(place, *name));
    Some(quote!(Attribute::#attribute => #read,))
}

/// The arm that writes it; none where nothing does.
pub(super) fn writer(mapped: &Mapped) -> Option<TokenStream> {
    let attribute = variant(mapped.attribute);
    if mapped.attribute.row().is_assigned {
        return None;
    }
    if let Writing::Never(reason) = &mapped.writing {
        return Some(quote!(Attribute::#attribute => Err(ValueError::NeverWritten { reason: Cow::Borrowed(#reason) }),));
    }
    let reference = mapped.writing == Writing::Reference;
    let put = |place: &Place, call: &dyn Fn(TokenStream, bool) -> TokenStream| written(place, reference, call);
    let call = match &mapped.access {
        Access::Text(place) => put(place, &|field, nullable| quote!(value::write(&mut #field, value, #nullable))),
        Access::Name(place) => put(place, &|field, nullable| quote!(value::write_name(&mut #field, value, #nullable))),
        Access::Flag { place, not } => {
            put(place, &|field, nullable| quote!(value::write_flag(&mut #field, value, #not, #nullable)))
        }
        Access::Equals { place, name, value } => {
            let (write, word) = (writes(*name), plain(value));
            put(place, &|field, nullable| quote!(#write(&mut #field, value::word(value, #word)?.as_ref(), #nullable)))
        }
        Access::Words { place, name, words } => {
            let write = writes(*name);
            match words {
                Some((yes, no)) => put(
                    place,
                    &|field, nullable| quote!(#write(&mut #field, value::word_of(value, #yes, #no)?.as_ref(), #nullable)),
                ),
                // It is the word already.
                None => put(place, &|field, nullable| quote!(#write(&mut #field, value, #nullable))),
            }
        }
        Access::Constant(constant) => quote!(value::constant(value, #constant)),
        Access::Joined(_) => return None,
    };
    Some(quote!(Attribute::#attribute => #call,))
}

fn writes(name: bool) -> TokenStream {
    if name { quote!(value::write_name) } else { quote!(value::write) }
}

/// Reads a text, or a name.
fn read(place: &Place, name: bool) -> TokenStream {
    within(place, |field| match name {
        true => quote!(value::read_name(&#field, |name| name.as_str().into())),
        false => quote!(value::read(&#field)),
    })
}

/// What `read` reads of the field, through the objects on the way.
fn within(place: &Place, read: impl FnOnce(TokenStream) -> TokenStream) -> TokenStream {
    let field = ident(&place.field);
    let (Some((first, rest)), true) = (place.objects.split_first(), !place.objects.is_empty()) else {
        return read(quote!(self.#field));
    };
    let first = ident(first);
    let steps = rest.iter().map(|step| ident(step));
    let read = read(quote!(object.#field));
    quote!(self.#first.as_ref()#(.and_then(|object| object.#steps.as_ref()))*.and_then(|object| #read))
}

/// What `write` writes into the field, with the objects on the way made where they are not there.
fn written(place: &Place, reference: bool, write: &dyn Fn(TokenStream, bool) -> TokenStream) -> TokenStream {
    let field = ident(&place.field);
    let Some((last, above)) = place.objects.split_last() else { return write(quote!(self.#field), place.nullable) };
    let last = ident(last);
    let call = write(quote!(object.#field), place.nullable);
    let put = if reference { quote!(value::write_reference) } else { quote!(value::write_within) };
    let inner = |owner: TokenStream| quote!(#put(&mut #owner.#last, value, |object, value| #call));
    let Some((first, middle)) = above.split_first() else { return inner(quote!(self)) };
    let mut call = inner(quote!(object));
    for step in middle.iter().rev().map(|step| ident(step)) {
        call = quote!(value::write_within(&mut object.#step, value, |object, value| #call));
    }
    let first = ident(first);
    quote!(value::write_within(&mut self.#first, value, |object, value| #call))
}

/// The text of a value as a field reads it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
