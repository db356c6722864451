//! One module of types while it is written.
//!
//! Input: the model, and the part of the crate that the module belongs to. Output: its text, with the imports, patterns and
//! modules below it that the text needs.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{Fields, Item, ItemEnum, Variant, parse_quote};

use crate::{
    emit::{
        constraints::{self, Patterns},
        constructor,
        conversions::Conversion,
        docs,
        parts::{self, Part},
        paths::Shorten,
        syntax::{self, ident},
    },
    normalize::Problem,
    rust::{
        RustType,
        model::{self, Facts, Field, Model, Type, TypeKind},
    },
};

pub(super) struct Module<'a> {
    model: &'a Model,
    part: &'a Part<'a>,
    shorten: Shorten,
    patterns: Patterns,
    text: String,
}

impl<'a> Module<'a> {
    pub(super) fn new(model: &'a Model, part: &'a Part<'a>) -> Self {
        let shorten = Shorten::new(model.types.keys().cloned());
        let mut module = Self { model, part, shorten, patterns: Patterns::default(), text: String::new() };
        part.types.iter().for_each(|ty| module.add(ty));
        module
    }

    /// Adds a type.
    fn add(&mut self, ty: &Type) {
        let code = match &ty.kind {
            TypeKind::Structure { fields, constructor } => {
                let mut code = self.structure(ty, fields);
                if let Some(constructor) = constructor {
                    let items = constructor::items(self.model, &ty.name, constructor, fields, &mut self.shorten);
                    code.push('\n');
                    code.push_str(&syntax::print(items));
                }
                code
            }
            TypeKind::Enumeration { variants } => enumeration(ty, variants),
            TypeKind::Alias { target, facts } => self.alias(ty, target, facts),
        };
        self.text.push('\n');
        self.text.push_str(&code);
    }

    /// Adds a way from one type to another; each of them stands here or in the module that is always compiled.
    pub(super) fn convert(&mut self, conversion: &Conversion<'_>) -> Result<(), Problem> {
        self.shorten.own.extend([conversion.from.name.clone(), conversion.to.name.clone()]);
        self.text.push('\n');
        self.text.push_str(&conversion.text()?);
        Ok(())
    }

    /// The whole text.
    pub(super) fn finish(mut self, parts: &[Part<'_>]) -> Result<String, Problem> {
        let pattern = if self.patterns.list.is_empty() { TokenStream::new() } else { self.shorten.name("Pattern") };
        let statics = self.patterns.statics(&pattern);
        let imports = self.shorten.imports();
        let shared: Vec<_> = self
            .shorten
            .own
            .iter()
            .filter(|name| !self.part.types.iter().any(|ty| ty.name == **name))
            .map(|name| ident(name))
            .collect();
        let shared = (!shared.is_empty()).then(|| quote!(use super::{#(#shared),*};));
        let modules = (self.part.feature.is_none())
            .then(|| parts::modules(parts.iter().filter(|part| part.has_types()).map(|part| (part, true))));
        let head = docs::inner(&match self.part.feature {
            None => "The vendor's objects, enumerations and named values.".to_owned(),
            Some(_) => format!("What nothing but the operations{} needs.", self.part.of()),
        });
        Ok(syntax::unparse(quote!(#head #imports #shared #modules #statics))? + &self.text)
    }

    fn structure(&mut self, ty: &Type, documented: &[Field]) -> String {
        let mut fields = Vec::with_capacity(documented.len() + 1);
        for field in documented {
            let mut facts = vec![constraints::code(&field.wire)];
            facts.extend(constraints::words(&field.facts));
            let about = docs::outer(&docs::described(&field.description, &facts, &field.sources));
            let inner = self.shorten.write(&field.ty, None);
            fields.push(syntax::field(about, &field.name, self.shorten.generic("Field", vec![inner])));
        }
        let about = docs::outer("Members that are not documented, kept as they came.");
        let extra = self.shorten.generic("Extra", Vec::new());
        fields.push(syntax::field(about, "extra", extra));
        let mut attrs = described(ty);
        attrs.push(parse_quote!(#[derive(Clone, Debug, Default, PartialEq)]));
        attrs.push(parse_quote!(#[non_exhaustive]));
        let mut code = syntax::print(vec![syntax::structure(attrs, &ty.name, fields)]);
        // A macro's arguments are only tokens to the printer; one line per field is written here.
        code.push_str(&format!("client_core::codegen::object!({} {{\n", ty.name));
        for field in documented {
            let path =
                if self.shorten.taken.contains("Constraints") { "client_core::codegen::Constraints" } else { "Constraints" };
            let constraints = constraints::expression(&field.facts, path, &field.wire, &mut self.patterns);
            code.push_str(&format!("    {} = {}", field.name, Literal::string(&field.wire)));
            if field.sampled {
                code.push_str(" as sample");
            }
            if let Some(constraints) = constraints {
                self.shorten.name("Constraints");
                code.push_str(&format!(": {constraints}"));
            }
            code.push_str(",\n");
        }
        code.push_str("});\n");
        code
    }

    fn alias(&mut self, ty: &Type, target: &RustType, facts: &Facts) -> String {
        let mut about = described(ty);
        let words = constraints::words(facts);
        if !words.is_empty() {
            about.push(docs::attribute(""));
            about.extend(docs::outer(&format!("On the way out: {}.", words.join(", "))));
        }
        let target = self.shorten.write(target, None);
        syntax::print(vec![syntax::alias(about, &ty.name, target)])
    }
}

fn described(ty: &Type) -> Vec<syn::Attribute> {
    let facts = if ty.wire == ty.name && !ty.description.is_empty() { Vec::new() } else { vec![constraints::code(&ty.wire)] };
    docs::outer(&docs::described(&ty.description, &facts, &ty.sources))
}

fn enumeration(ty: &Type, variants: &[model::Variant]) -> String {
    let name = ident(&ty.name);
    let mut item: ItemEnum = parse_quote! {
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum #name {
            /// A value that is not documented, kept as it came.
            Unknown(client_core::codegen::Unknown),
        }
    };
    item.attrs.splice(0..0, described(ty));
    for (at, variant) in variants.iter().enumerate() {
        let attrs = docs::outer(&constraints::code(&variant.wire));
        item.variants.insert(at, Variant { attrs, ident: ident(&variant.name), fields: Fields::Unit, discriminant: None });
    }
    let mut code = syntax::print(vec![Item::Enum(item)]);
    code.push_str(&format!("client_core::codegen::string_enum!({} {{\n", ty.name));
    for variant in variants {
        code.push_str(&format!("    {} = {},\n", variant.name, Literal::string(&variant.wire)));
    }
    code.push_str("});\n");
    code
}
