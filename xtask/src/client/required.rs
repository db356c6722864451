//! A struct of what a request cannot do without.
//!
//! Input: the properties of a struct. Output: a companion with the required ones as plain types, and the way from it to
//! the struct. The compiler then sees to it that none is forgotten, and names keep them from being swapped.

use quote::quote;
use syn::{Item, parse_quote};

use super::{
    docs,
    paths::Shorten,
    syntax::{self, ident},
    types::Property,
};
use crate::normalize::walk::{flag, text};

/// The items of `companion` for the struct `name`.
pub(super) fn companion(name: &str, companion: &str, properties: &[Property<'_>], shorten: &mut Shorten) -> Vec<Item> {
    let required: Vec<&Property<'_>> = properties.iter().filter(|property| property.required).collect();
    let option = shorten.prelude("Option");
    let fields = required.iter().map(|property| {
        let ty = &property.ty;
        let description = text(property.schema, "description").unwrap_or_default();
        // The whole text stands at the struct itself.
        let first = description.lines().next().filter(|line| !line.starts_with("```")).unwrap_or_default();
        let about = if first.is_empty() { super::constraints::code(&property.wire) } else { docs::sentence(first) };
        let nullable = flag(property.schema, "x-nullable");
        syntax::field(docs::outer(&about), &property.field, if nullable { parse_quote!(#option<#ty>) } else { ty.clone() })
    });
    let fields = fields.collect();
    let field_type = shorten.name("Field");
    let values = required.iter().map(|property| {
        let field = ident(&property.field);
        if flag(property.schema, "x-nullable") {
            quote!(#field: required.#field.map_or(#field_type::Null, #field_type::Value),)
        } else {
            quote!(#field: required.#field.into(),)
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
