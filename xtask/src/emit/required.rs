//! A struct of what a request cannot do without.
//!
//! Input: the fields of a struct. Output: a companion with the required ones as plain types, and the way from it to
//! the struct. The compiler then sees to it that none is forgotten, and names keep them from being swapped.

use quote::quote;
use syn::{Item, parse_quote};

use super::{
    constraints, docs,
    paths::Shorten,
    syntax::{self, ident},
};
use crate::rust::model::Field;

/// The items of `companion` for the struct `name`.
pub(super) fn companion(name: &str, companion: &str, fields: &[Field], shorten: &mut Shorten) -> Vec<Item> {
    let required: Vec<&Field> = fields.iter().filter(|field| field.facts.required).collect();
    let option = shorten.prelude("Option");
    let fields = required.iter().map(|field| {
        let ty = shorten.write(&field.ty, None);
        // The whole text stands at the struct itself.
        let first = field.description.lines().next().filter(|line| !line.starts_with("```")).unwrap_or_default();
        let about = if first.is_empty() { constraints::code(&field.wire) } else { docs::sentence(first) };
        syntax::field(docs::outer(&about), &field.name, if field.facts.nullable { parse_quote!(#option<#ty>) } else { ty })
    });
    let fields = fields.collect();
    let field_type = shorten.name("Field");
    let values = required.iter().map(|field| {
        let name = ident(&field.name);
        if field.facts.nullable {
            quote!(#name: required.#name.map_or(#field_type::Null, #field_type::Value),)
        } else {
            quote!(#name: required.#name.into(),)
        }
    });
    let mut attrs =
        docs::outer(&format!("What a [`{name}`] cannot be sent without: `{name} {{ …, ..{companion} {{ … }}.into() }}`."));
    attrs.push(parse_quote!(#[derive(Clone, Debug, PartialEq)]));
    let (from, default) = (shorten.prelude("From"), shorten.prelude("Default"));
    let (into, source) = (ident(name), ident(companion));
    let conversion = parse_quote! {
        impl #from<#source> for #into {
            fn from(required: #source) -> Self {
                Self {
                    #(#values)*
                    ..#default::default()
                }
            }
        }
    };
    vec![syntax::structure(attrs, companion, fields), conversion]
}
