//! A struct of what a request cannot do without.
//!
//! Enters: the properties of a struct. Leaves: a companion with the required ones as plain types, and the way from it to
//! the struct. The compiler then sees to it that none is forgotten, and names keep them from being swapped.

use std::collections::BTreeSet;

use quote::quote;
use serde_json::Value;

use super::{docs, ident, paths::Shorten, types::Property, unparse};
use crate::normalize::walk::{self, component_of, flag, text};

/// The text of `companion` for the struct `name`.
pub(super) fn companion(name: &str, companion: &str, properties: &[Property<'_>], shorten: &mut Shorten) -> String {
    let required: Vec<&Property<'_>> = properties.iter().filter(|property| property.required).collect();
    let option = shorten.prelude("Option");
    let fields = required.iter().map(|property| {
        let (field, ty) = (ident(&property.field), &property.ty);
        let description = text(property.schema, "description").unwrap_or_default();
        // The whole text stands at the struct itself.
        let first = description.lines().next().unwrap_or_default();
        let about = if first.is_empty() { super::limits::code(&property.wire) } else { docs::sentence(first) };
        let about = docs::outer(&about);
        if flag(property.schema, "x-nullable") {
            quote!(#(#about)* pub #field: #option<#ty>,)
        } else {
            quote!(#(#about)* pub #field: #ty,)
        }
    });
    let field_type = shorten.name("Field");
    let values = required.iter().map(|property| {
        let field = ident(&property.field);
        if flag(property.schema, "x-nullable") {
            quote!(#field: required.#field.map_or(#field_type::Null, #field_type::Value),)
        } else {
            quote!(#field: required.#field.into(),)
        }
    });
    let about =
        docs::outer(&format!("What a [`{name}`] cannot be sent without: `{name} {{ …, ..{companion} {{ … }}.into() }}`."));
    let (from, default) = (shorten.prelude("From"), shorten.prelude("Default"));
    let (name, companion) = (ident(name), ident(companion));
    unparse(&quote! {
        #(#about)*
        #[derive(Clone, Debug, PartialEq)]
        pub struct #companion {
            #(#fields)*
        }
        impl #from<#companion> for #name {
            fn from(required: #companion) -> Self {
                Self {
                    #(#values)*
                    ..#default::default()
                }
            }
        }
    })
}

/// The components that the bodies of requests carry, at any depth.
pub(super) fn reachable<'a>(bodies: impl Iterator<Item = &'a Value>, components: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<Value> = bodies.cloned().collect();
    while let Some(mut schema) = open.pop() {
        walk::within("", &mut schema, &mut |_, schema| {
            if let Some(name) = component_of(schema)
                && found.insert(name.to_owned())
                && let Some(target) = components.get(name)
            {
                open.push(target.clone());
            }
        });
    }
    found
}
