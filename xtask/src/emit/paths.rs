//! Types as people write them.
//!
//! Input: a type as data. Output: its code with short names, and which names have to be imported. A short name that a type of
//! the vendor has stays a path.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    AngleBracketedGenericArguments, GenericArgument, Path, PathArguments, Token, Type, TypePath, TypeReference, TypeSlice,
    parse_quote,
};

use super::syntax::ident;
use crate::rust::RustType;

/// Writes types; remembers what it relied on.
#[derive(Debug, Default)]
pub(super) struct Shorten {
    /// Names that mean something else where the code stands: in the module `types`, those of the vendor's own types.
    pub(super) taken: BTreeSet<String>,
    /// Names of `client_core` that were used.
    pub(super) core: BTreeSet<String>,
    /// Whether `BTreeMap` was used.
    pub(super) map: bool,
    /// Whether the module `types` was used.
    pub(super) types: bool,
    /// The vendor's own types that were used by their bare names.
    pub(super) own: BTreeSet<String>,
}

impl Shorten {
    /// For the module whose own types are called `taken`.
    pub(super) fn new(taken: impl IntoIterator<Item = String>) -> Self {
        Self { taken: taken.into_iter().collect(), ..Self::default() }
    }

    /// The code of a type; borrowed values live as long as `lifetime` says.
    pub(super) fn write(&mut self, ty: &RustType, lifetime: Option<&syn::Lifetime>) -> Type {
        match ty {
            RustType::Unit => parse_quote!(()),
            RustType::Plain(name) => of_path(ident(name).into(), Vec::new()),
            RustType::Prelude(name, arguments) => {
                let arguments = self.all(arguments);
                let path = self.prelude_path(name);
                of_path(path, arguments)
            }
            RustType::Core(name, arguments) => {
                let arguments = self.all(arguments);
                self.generic(name, arguments)
            }
            RustType::Dictionary(arguments) => {
                let arguments = self.all(arguments);
                let taken = self.taken.contains("BTreeMap");
                self.map |= !taken;
                let path = if taken { parse_quote!(std::collections::BTreeMap) } else { parse_quote!(BTreeMap) };
                of_path(path, arguments)
            }
            RustType::Own(name) if self.taken.contains(name) => {
                self.own.insert(name.clone());
                of_path(ident(name).into(), Vec::new())
            }
            RustType::Own(name) => {
                self.types = true;
                let mut path = Path::from(ident("types"));
                path.segments.push(ident(name).into());
                of_path(path, Vec::new())
            }
            RustType::Reference(inner) => Type::Reference(TypeReference {
                attrs: Vec::new(),
                and_token: <Token![&]>::default(),
                lifetime: lifetime.cloned(),
                mutability: None,
                elem: Box::new(self.write(inner, None)),
            }),
            RustType::Slice(inner) => Type::Slice(TypeSlice {
                attrs: Vec::new(),
                bracket_token: syn::token::Bracket::default(),
                elem: Box::new(self.write(inner, None)),
            }),
        }
    }

    fn all(&mut self, types: &[RustType]) -> Vec<Type> {
        types.iter().map(|ty| self.write(ty, None)).collect()
    }

    /// A name of `client_core`, short where that is possible.
    pub(super) fn name(&mut self, name: &str) -> TokenStream {
        let path = self.core_path(name);
        quote!(#path)
    }

    fn core_path(&mut self, name: &str) -> Path {
        let mut path = Path::from(ident(name));
        if self.taken.contains(name) {
            path = parse_quote!(client_core::codegen::#path);
        } else {
            self.core.insert(name.to_owned());
        }
        path
    }

    /// `name<arguments>`, where `name` is a type of `client_core`.
    pub(super) fn generic(&mut self, name: &str, arguments: Vec<Type>) -> Type {
        let path = self.core_path(name);
        of_path(path, arguments)
    }

    /// A name of the prelude, or its path.
    pub(super) fn prelude(&self, name: &str) -> TokenStream {
        let path = self.prelude_path(name);
        quote!(#path)
    }

    /// The code that turns `value` into what the code around it takes.
    pub(super) fn converted(&self, value: TokenStream) -> TokenStream {
        if self.taken.contains("Into") { quote!(std::convert::Into::into(#value)) } else { quote!(#value.into()) }
    }

    fn prelude_path(&self, name: &str) -> Path {
        match name {
            _ if !self.taken.contains(name) => ident(name).into(),
            "String" => parse_quote!(std::string::String),
            "Vec" => parse_quote!(std::vec::Vec),
            "Option" => parse_quote!(std::option::Option),
            "Box" => parse_quote!(std::boxed::Box),
            "From" => parse_quote!(std::convert::From),
            "Into" => parse_quote!(std::convert::Into),
            "Default" => parse_quote!(std::default::Default),
            _ => ident(name).into(),
        }
    }

    /// The imports of what was used.
    pub(super) fn imports(&self) -> TokenStream {
        let names = self.core.iter().map(|name| ident(name));
        let core = if self.core.is_empty() { None } else { Some(quote!(use client_core::codegen::{#(#names),*};)) };
        let map = self.map.then(|| {
            quote!(
                use std::collections::BTreeMap;
            )
        });
        quote!(#map #core)
    }
}

/// `path<arguments>`
fn of_path(mut path: Path, arguments: Vec<Type>) -> Type {
    if let Some(last) = path.segments.last_mut().filter(|_| !arguments.is_empty()) {
        last.arguments = PathArguments::AngleBracketed(AngleBracketedGenericArguments {
            colon2_token: None,
            lt_token: <Token![<]>::default(),
            args: arguments.into_iter().map(GenericArgument::Type).collect(),
            gt_token: <Token![>]>::default(),
        });
    }
    Type::Path(TypePath { attrs: Vec::new(), qself: None, path })
}
