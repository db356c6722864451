//! Types as people write them.
//!
//! Input: a type with the absolute paths that progenitor writes. Output: the same with short names, and which names have to
//! be imported. A short name that a type of the vendor has stays a path.

use std::collections::BTreeSet;

use syn::{
    AngleBracketedGenericArguments, GenericArgument, PathArguments, Token, Type, TypePath, parse_quote, visit_mut::VisitMut,
};

/// Shortens paths; remembers what it relied on.
#[derive(Debug, Default)]
pub(super) struct Shorten {
    /// Names that mean something else where the code stands.
    pub(super) taken: BTreeSet<String>,
    /// Names of `client_core` that were used.
    pub(super) core: BTreeSet<String>,
    /// Whether `BTreeMap` was used.
    pub(super) map: bool,
    /// Whether the module `types` was used.
    pub(super) types: bool,
    /// Whether arrays are `List`s, which take nulls among their items: they come from a vendor.
    pub(super) lists: bool,
    /// The vendor's own types that were used by their bare names.
    pub(super) own: BTreeSet<String>,
}

impl Shorten {
    /// A shortener for a module where `taken` are the vendor's own types.
    pub(super) fn new(taken: impl IntoIterator<Item = String>) -> Self {
        Self { taken: taken.into_iter().collect(), lists: true, ..Self::default() }
    }

    /// Shortens a type whose arrays come from a vendor.
    pub(super) fn received(&mut self, ty: &Type) -> Type {
        let lists = std::mem::replace(&mut self.lists, true);
        let ty = self.apply(ty);
        self.lists = lists;
        ty
    }

    /// Shortens a type.
    pub(super) fn apply(&mut self, ty: &Type) -> Type {
        let mut ty = ty.clone();
        self.visit_type_mut(&mut ty);
        ty
    }

    /// A name of `client_core`, short where that is possible.
    pub(super) fn name(&mut self, name: &str) -> proc_macro2::TokenStream {
        let ident = super::syntax::ident(name);
        if self.taken.contains(name) {
            quote::quote!(client_core::#ident)
        } else {
            self.core.insert(name.to_owned());
            quote::quote!(#ident)
        }
    }

    /// `name<inner>`, where `name` is a generic type of `client_core`.
    pub(super) fn generic(&mut self, name: &str, inner: Type) -> Type {
        let mut path = syn::Path::from(super::syntax::ident(name));
        if self.taken.contains(name) {
            path.segments.insert(0, super::syntax::ident("client_core").into());
        } else {
            self.core.insert(name.to_owned());
        }
        let arguments = AngleBracketedGenericArguments {
            colon2_token: None,
            lt_token: <Token![<]>::default(),
            args: [GenericArgument::Type(inner)].into_iter().collect(),
            gt_token: <Token![>]>::default(),
        };
        if let Some(last) = path.segments.last_mut() {
            last.arguments = PathArguments::AngleBracketed(arguments);
        }
        Type::Path(TypePath { attrs: Vec::new(), qself: None, path })
    }

    /// A `Map` of these values.
    fn map_of(&mut self, value: Option<Type>) -> TypePath {
        let name = self.name("Map");
        match value {
            Some(value) => parse_quote!(#name<#value>),
            None => parse_quote!(#name),
        }
    }

    /// A name of the prelude, or its path.
    pub(super) fn prelude(&self, name: &str) -> proc_macro2::TokenStream {
        let ident = super::syntax::ident(name);
        match name {
            _ if !self.taken.contains(name) => quote::quote!(#ident),
            "String" => quote::quote!(std::string::String),
            "Vec" => quote::quote!(std::vec::Vec),
            "Option" => quote::quote!(std::option::Option),
            "Box" => quote::quote!(std::boxed::Box),
            "From" => quote::quote!(std::convert::From),
            "Default" => quote::quote!(std::default::Default),
            _ => quote::quote!(#ident),
        }
    }

    /// The imports of what was used.
    pub(super) fn imports(&self) -> proc_macro2::TokenStream {
        let names = self.core.iter().map(|name| super::syntax::ident(name));
        let core = if self.core.is_empty() { None } else { Some(quote::quote!(use client_core::{#(#names),*};)) };
        let map = self.map.then(|| {
            quote::quote!(
                use std::collections::BTreeMap;
            )
        });
        quote::quote!(#map #core)
    }
}

/// The type of a dictionary's values; that they may be null is what a `Map` takes anyway.
fn value_of(arguments: &PathArguments) -> Option<Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    let GenericArgument::Type(value) = arguments.args.last()? else { return None };
    match value {
        Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == "Option") => {
            value_of(&path.path.segments.last()?.arguments)
        }
        value => Some(value.clone()),
    }
}

/// Whether the items of an array can be null by their own type.
fn takes_null(arguments: &PathArguments) -> bool {
    let PathArguments::AngleBracketed(arguments) = arguments else { return false };
    arguments.args.iter().any(|argument| match argument {
        GenericArgument::Type(Type::Path(item)) => item.path.segments.last().is_some_and(|segment| segment.ident == "Option"),
        _ => false,
    })
}

impl VisitMut for Shorten {
    fn visit_type_path_mut(&mut self, node: &mut TypePath) {
        syn::visit_mut::visit_type_path_mut(self, node);
        let names: Vec<String> = node.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let arguments = node.path.segments.last().map(|segment| segment.arguments.clone()).unwrap_or_default();
        let short = match names.as_slice() {
            ["std", "collections", "BTreeMap"] if self.lists => {
                *node = self.map_of(value_of(&arguments));
                return;
            }
            ["std", "collections", "BTreeMap"] if !self.taken.contains("BTreeMap") => {
                self.map = true;
                quote::quote!(BTreeMap)
            }
            ["std", "vec", "Vec"] if self.lists && !takes_null(&arguments) => self.name("List"),
            ["std", _, name @ ("String" | "Vec" | "Option" | "Box")] => self.prelude(name),
            ["serde_json", "Value"] => self.name("Json"),
            ["serde_json", "Map"] if self.lists => {
                let json = self.name("Json");
                *node = self.map_of(Some(parse_quote!(#json)));
                return;
            }
            ["serde_json", "Map"] => {
                let (text, json) = (self.prelude("String"), self.name("Json"));
                let map = if self.taken.contains("BTreeMap") {
                    quote::quote!(std::collections::BTreeMap)
                } else {
                    self.map = true;
                    quote::quote!(BTreeMap)
                };
                *node = parse_quote!(#map<#text, #json>);
                return;
            }
            ["client_core", name] => self.name(name),
            ["f64" | "f32"] => self.name("Number"),
            ["types", _] => {
                self.types = true;
                return;
            }
            [name] if self.taken.contains(*name) => {
                self.own.insert((*name).to_owned());
                return;
            }
            _ => return,
        };
        *node = parse_quote!(#short #arguments);
    }
}
