//! How a struct is made: `new`, and the struct of required members that `new` takes where they are many.
//!
//! Input: the fields of a struct and what the model says of its constructor. Output: the items that stand behind the struct. The
//! compiler then sees to it that no required member is forgotten; that names the many keeps them from being swapped.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, Type, parse_quote};

use super::{
    constraints, docs,
    paths::Shorten,
    syntax::{self, ident},
};
use crate::rust::{
    RustType,
    model::{Constructor, Field, Model},
};

/// The items of the constructor of the struct `name`.
pub(super) fn items(model: &Model, name: &str, constructor: &Constructor, fields: &[Field], shorten: &mut Shorten) -> Vec<Item> {
    let required: Vec<&Field> = fields.iter().filter(|field| field.facts.required).collect();
    match constructor {
        Constructor::Arguments => {
            let inputs = required.iter().map(|field| {
                let (argument, ty) = (ident(&field.name), argument(model, field, shorten));
                quote!(#argument: #ty)
            });
            let inputs: Vec<TokenStream> = inputs.collect();
            let values = required.iter().map(|field| {
                let name = ident(&field.name);
                let value = if converts(model, field) { shorten.converted(quote!(#name)) } else { quote!(#name) };
                (*field, value)
            });
            let values: Vec<_> = values.collect();
            vec![new(name, "Makes one with its required members.", &quote!(#(#inputs),*), &values, shorten)]
        }
        Constructor::Struct(companion) => {
            let members = required.iter().map(|field| {
                // The whole text stands at the struct itself.
                let first = field.description.lines().next().filter(|line| !line.starts_with("```")).unwrap_or_default();
                let about = if first.is_empty() { constraints::code(&field.wire) } else { docs::sentence(first) };
                syntax::field(docs::outer(&about), &field.name, plain(field, shorten))
            });
            let members = members.collect();
            let mut attrs = docs::outer(&format!("What [`{name}::new`] takes: the required members."));
            attrs.push(parse_quote!(#[derive(Clone, Debug, PartialEq)]));
            let values = required.iter().map(|field| {
                let name = ident(&field.name);
                (*field, quote!(required.#name))
            });
            let values: Vec<_> = values.collect();
            let source = ident(companion);
            let about = format!("Makes one with its required members: `{name}::new({companion} {{ … }})`.");
            vec![syntax::structure(attrs, companion, members), new(name, &about, &quote!(required: #source), &values, shorten)]
        }
    }
}

/// The `impl` with `new`.
fn new(name: &str, about: &str, inputs: &TokenStream, values: &[(&Field, TokenStream)], shorten: &mut Shorten) -> Item {
    let (field_type, default) = (shorten.name("Field"), shorten.prelude("Default"));
    let values = values.iter().map(|(field, value)| {
        let name = ident(&field.name);
        if field.facts.nullable {
            quote!(#name: #value.map_or(#field_type::Null, #field_type::Value),)
        } else {
            quote!(#name: #field_type::Value(#value),)
        }
    });
    let (name, about) = (ident(name), docs::outer(about));
    parse_quote! {
        impl #name {
            #(#about)*
            #[must_use]
            pub fn new(#inputs) -> Self {
                Self { #(#values)* ..#default::default() }
            }
        }
    }
}

/// The type of a required member by itself; `None` stands for the null that is documented.
fn plain(field: &Field, shorten: &mut Shorten) -> Type {
    let ty = shorten.write(&field.ty, None);
    if !field.facts.nullable {
        return ty;
    }
    let option = shorten.prelude("Option");
    parse_quote!(#option<#ty>)
}

/// The type of an argument.
fn argument(model: &Model, field: &Field, shorten: &mut Shorten) -> Type {
    let ty = plain(field, shorten);
    if !converts(model, field) {
        return ty;
    }
    let into = shorten.prelude("Into");
    parse_quote!(impl #into<#ty>)
}

/// Whether callers may give what becomes the value, such as `&str`. What may be null is given as it is, so that a null is meant.
pub(super) fn converts(model: &Model, field: &Field) -> bool {
    let convenient = match model.resolved(&field.ty) {
        RustType::Prelude(name, _) => matches!(name.as_str(), "String" | "Box"),
        RustType::Core(name, _) => matches!(name.as_str(), "Secret" | "Number" | "List"),
        _ => false,
    };
    convenient && !field.facts.nullable
}
