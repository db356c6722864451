//! One module of types while it is written.
//!
//! Input: components, progenitor's types for them, and the part of the crate that the module belongs to. Output: its text,
//! with the imports, patterns and modules below it that the text needs.

use std::collections::{BTreeMap, HashSet};

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::{Fields, Item, ItemEnum, ItemStruct, Type, Variant, parse_quote};

use super::{FieldOutline, Property, Source, TypeOutline, Types};
use crate::{
    client::{
        constraints::{self, Patterns},
        conversions::Conversion,
        docs,
        parts::{self, Part},
        paths::Shorten,
        required,
        syntax::{self, ident},
    },
    normalize::{
        Problem, naming, sources,
        walk::{self, flag, text},
    },
};

pub(super) struct Module<'a> {
    source: &'a Source<'a>,
    part: &'a Part<'a>,
    shorten: Shorten,
    patterns: Patterns,
    text: String,
}

impl<'a> Module<'a> {
    pub(super) fn new(source: &'a Source<'a>, part: &'a Part<'a>) -> Self {
        let shorten = Shorten::new(source.components.keys().cloned());
        Self { source, part, shorten, patterns: Patterns::default(), text: String::new() }
    }

    /// Adds the type of one component. `names` are those of all types.
    pub(super) fn add(
        &mut self,
        name: &str,
        schema: &'a Value,
        names: &mut HashSet<String>,
        types: &mut Types,
    ) -> Result<(), Problem> {
        let at = walk::join("/components/schemas", text(schema, "x-wire").unwrap_or(name));
        let code = match self.source.made.get(name) {
            // Such a type is written out wherever it is named; the name stays for people.
            None if schema.get("x-rust-type").is_some() => self.native(name, schema),
            Some(Item::Struct(item)) if matches!(item.fields, Fields::Named(_)) => {
                let properties = self.properties(&at, item, schema)?;
                let companion = self.source.sent.contains(name) && properties.iter().any(|property| property.required);
                let companion = companion.then(|| naming::unique(&format!("{name}Required"), "", |name| names.contains(name)));
                let mut code = self.structure(name, schema, &properties);
                if let Some(companion) = &companion {
                    names.insert(companion.clone());
                    code.push('\n');
                    code.push_str(&syntax::print(required::companion(name, companion, &properties, &mut self.shorten)));
                }
                types.outlines.push(self.outline(name, schema, &properties, companion));
                Some(code)
            }
            Some(Item::Struct(item)) => self.alias(name, schema, item),
            Some(Item::Enum(_)) if schema.get("x-values").is_some() => {
                let first = schema.pointer("/enum/0").and_then(Value::as_str).unwrap_or("Unknown");
                types.first_variants.insert(name.to_owned(), first.to_owned());
                Some(enumeration(name, schema))
            }
            _ => None,
        };
        let code = code.ok_or_else(|| missing(&at, name))?;
        self.text.push('\n');
        self.text.push_str(&code);
        Ok(())
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
        let shared: Vec<_> =
            self.shorten.own.iter().filter(|name| !self.part.types.contains(name.as_str())).map(|name| ident(name)).collect();
        let shared = (!shared.is_empty()).then(|| quote!(use super::{#(#shared),*};));
        let modules = (self.part.tag.is_none())
            .then(|| parts::modules(parts.iter().filter(|part| part.has_types()).map(|part| (part, true))));
        let head = docs::inner(&match self.part.tag {
            None => "The vendor's objects, enumerations and named values.".to_owned(),
            Some(_) => format!("What nothing but the operations{} needs.", self.part.of()),
        });
        Ok(syntax::unparse(quote!(#head #imports #shared #modules #statics))? + &self.text)
    }

    /// Brings together the properties of the document and the fields that progenitor made of them.
    fn properties(&mut self, at: &str, item: &ItemStruct, schema: &'a Value) -> Result<Vec<Property<'a>>, Problem> {
        let made: BTreeMap<String, &Type> = item.fields.iter().map(|field| (serde_name(field), &field.ty)).collect();
        let documented = schema.get("properties").and_then(Value::as_object);
        let properties = documented.into_iter().flatten().map(|(field, schema)| {
            let wire = text(schema, "x-wire").unwrap_or(field);
            let ty = made.get(field).ok_or_else(|| {
                let message = format!("progenitor made no field of the property `{wire}`");
                let at = walk::join(&format!("{at}/properties"), wire);
                Problem::new(at, message, "give it another name under `[names.fields]`")
            })?;
            let required = flag(schema, "x-required");
            Ok(Property { field: field.clone(), wire: wire.to_owned(), ty: self.shorten.apply(ty), schema, required })
        });
        properties.collect()
    }

    fn structure(&mut self, name: &str, schema: &Value, properties: &[Property<'_>]) -> String {
        let mut fields = Vec::with_capacity(properties.len() + 1);
        for property in properties {
            let mut facts = vec![constraints::code(&property.wire)];
            facts.extend(constraints::words(property.schema, property.required, self.source.components));
            let description = text(property.schema, "description").unwrap_or_default();
            let about = docs::outer(&docs::described(description, &facts, &sources(property.schema)));
            fields.push(syntax::field(about, &property.field, self.shorten.generic("Field", property.ty.clone())));
        }
        let about = docs::outer("Members that are not documented, kept as they came.");
        let extra = self.shorten.name("Extra");
        fields.push(syntax::field(about, "extra", parse_quote!(#extra)));
        let mut attrs = described(name, schema);
        attrs.push(parse_quote!(#[derive(Clone, Debug, Default, PartialEq)]));
        let mut code = syntax::print(vec![syntax::structure(attrs, name, fields)]);
        // A macro's arguments are only tokens to the printer; one line per field is written here.
        code.push_str(&format!("client_core::object!({name} {{\n"));
        for property in properties {
            let path = if self.shorten.taken.contains("Constraints") { "client_core::Constraints" } else { "Constraints" };
            let Property { schema, required, wire, .. } = property;
            let constraints = constraints::expression(schema, *required, self.source.components, path, wire, &mut self.patterns);
            code.push_str(&format!("    {} = {}", property.field, Literal::string(wire)));
            if is_sampled(schema, self.source.components) {
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

    fn native(&self, name: &str, schema: &Value) -> Option<String> {
        let path: Type = syn::parse_str(schema.pointer("/x-rust-type/path")?.as_str()?).ok()?;
        Some(self.named(name, schema, path))
    }

    fn alias(&mut self, name: &str, schema: &Value, item: &ItemStruct) -> Option<String> {
        let Fields::Unnamed(fields) = &item.fields else { return None };
        let inner = self.shorten.apply(&fields.unnamed.first()?.ty);
        Some(self.named(name, schema, inner))
    }

    fn named(&self, name: &str, schema: &Value, inner: Type) -> String {
        let mut about = described(name, schema);
        let words = constraints::words(schema, false, self.source.components);
        if !words.is_empty() {
            about.push(docs::attribute(""));
            about.extend(docs::outer(&format!("On the way out: {}.", words.join(", "))));
        }
        syntax::print(vec![syntax::alias(about, name, inner)])
    }

    fn outline(&self, name: &str, schema: &Value, properties: &[Property<'_>], required: Option<String>) -> TypeOutline {
        let fields = properties.iter().map(|property| FieldOutline {
            name: property.field.clone(),
            wire: property.wire.clone(),
            type_name: syntax::type_text(&property.ty),
            required: property.required,
            nullable: flag(property.schema, "x-nullable"),
        });
        TypeOutline {
            name: name.to_owned(),
            schema: text(schema, "x-wire").unwrap_or(name).to_owned(),
            fields: fields.collect(),
            required,
            file: self.part.path("types"),
            feature: self.part.feature().map(str::to_owned),
        }
    }
}

/// Whether nothing but a sample shows the type of a property, or of what it holds: a sample is no promise.
fn is_sampled(schema: &Value, components: &serde_json::Map<String, Value>) -> bool {
    let of_sample = |schema: &Value| text(schema, "x-basis") == Some("sample");
    of_sample(schema)
        || walk::component_of(schema).and_then(|name| components.get(name)).is_some_and(of_sample)
        || ["items", "additionalProperties"].iter().filter_map(|key| schema.get(key)).any(|held| is_sampled(held, components))
}

fn missing(at: &str, name: &str) -> Problem {
    let message = format!("progenitor made no type `{name}` of this schema");
    Problem::new(at, message, "give the component another name, or write its schema in a simpler form")
}

/// What serde would call the field.
fn serde_name(field: &syn::Field) -> String {
    let mut name = field.ident.as_ref().map(|ident| ident.to_string().trim_start_matches("r#").to_owned()).unwrap_or_default();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // Other arguments of the attribute do not matter here, nor does it if they cannot be read.
        let _ = attribute.parse_nested_meta(|meta| {
            if let Ok(value) = meta.value()
                && let Ok(text) = value.parse::<syn::LitStr>()
                && meta.path.is_ident("rename")
            {
                name = text.value();
            }
            Ok(())
        });
    }
    name
}

fn described(name: &str, schema: &Value) -> Vec<syn::Attribute> {
    let wire = text(schema, "x-wire").unwrap_or(name);
    let description = text(schema, "description").unwrap_or_default();
    let facts = if wire == name && !description.is_empty() { Vec::new() } else { vec![constraints::code(wire)] };
    docs::outer(&docs::described(description, &facts, &sources(schema)))
}

fn enumeration(name: &str, schema: &Value) -> String {
    let list = |key: &str| schema.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let pairs: Vec<(&str, &str)> = list("enum").zip(list("x-values")).collect();
    let type_name = ident(name);
    let mut item: ItemEnum = parse_quote! {
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum #type_name {
            /// A value that is not documented, kept as it came.
            Unknown(client_core::Unknown),
        }
    };
    item.attrs.splice(0..0, described(name, schema));
    for (at, (variant, wire)) in pairs.iter().enumerate() {
        let attrs = docs::outer(&constraints::code(wire));
        item.variants.insert(at, Variant { attrs, ident: ident(variant), fields: Fields::Unit, discriminant: None });
    }
    let mut code = syntax::print(vec![Item::Enum(item)]);
    code.push_str(&format!("client_core::string_enum!({name} {{\n"));
    for (variant, wire) in &pairs {
        code.push_str(&format!("    {variant} = {},\n", Literal::string(wire)));
    }
    code.push_str("});\n");
    code
}
