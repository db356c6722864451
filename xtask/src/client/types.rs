//! The vendor's types: structs of fields, open enumerations, aliases.
//!
//! Enters: the components of a normalized document and progenitor's types for them. Leaves: the text of `types.rs` and an
//! outline of it. serde's derives go: `client_core::object!` reads leniently, writes back what it read, and checks.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::{Fields, Item, ItemStruct, Type, parse_quote};

use super::{
    docs, ident,
    limits::{self, Patterns},
    paths::Shorten,
    required, unparse,
};
use crate::normalize::{
    Problem, harmless, naming, sources,
    walk::{self, flag, text},
};

/// One struct of a client, as other parts of the line need to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeOutline {
    /// In Rust.
    pub name: String,
    /// In the specification.
    pub schema: String,
    /// In the order of the specification.
    pub fields: Vec<FieldOutline>,
    /// The struct of its required fields, where it has one.
    pub required: Option<String>,
}

/// One field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldOutline {
    /// In Rust.
    pub name: String,
    /// On the wire.
    pub wire: String,
    /// The type inside of `Field`, such as `String` or `Vec<Group>`.
    pub type_name: String,
    /// Whether a request needs it.
    pub required: bool,
    /// Whether null is documented as a value.
    pub nullable: bool,
}

/// What `types.rs` holds.
#[derive(Debug, Default)]
pub(super) struct Types {
    pub(super) text: String,
    pub(super) outlines: Vec<TypeOutline>,
    /// Companion of each struct that has one.
    pub(super) required: BTreeMap<String, String>,
    /// First variant of each enumeration.
    pub(super) first_variants: BTreeMap<String, String>,
}

/// One property of a struct, both as documented and as Rust sees it.
pub(super) struct Property<'a> {
    pub(super) field: String,
    pub(super) wire: String,
    pub(super) ty: Type,
    pub(super) schema: &'a Value,
    pub(super) required: bool,
}

/// Rewrites progenitor's types. `sent` names the structs that a request carries.
pub(super) fn rewrite(components: &Value, made: &BTreeMap<String, Item>, sent: &BTreeSet<String>) -> Result<Types, Vec<Problem>> {
    let nothing = serde_json::Map::new();
    let schemas = components.as_object().unwrap_or(&nothing);
    let mut shorten = Shorten::new(schemas.keys().cloned());
    let mut patterns = Patterns::default();
    let mut types = Types::default();
    let mut problems = Vec::new();
    let mut names: BTreeSet<String> = schemas.keys().cloned().collect();
    let mut parts: Vec<String> = Vec::new();
    for (name, schema) in schemas {
        let at = walk::join("/components/schemas", text(schema, "x-wire").unwrap_or(name));
        let part = match made.get(name) {
            // Such a type is written out wherever it is named; the name stays for people.
            None if schema.get("x-rust-type").is_some() => native(name, schema, components).ok_or_else(|| missing(&at, name)),
            None => Err(missing(&at, name)),
            Some(Item::Struct(item)) if matches!(item.fields, Fields::Named(_)) => properties(&at, item, schema, &mut shorten)
                .map(|properties| {
                    let mut text = structure(name, schema, &properties, components, &mut shorten, &mut patterns);
                    let companion = sent.contains(name) && properties.iter().any(|property| property.required);
                    if companion {
                        let companion = naming::unique(&format!("{name}Required"), "", |name| names.contains(name));
                        names.insert(companion.clone());
                        text.push('\n');
                        text.push_str(&required::companion(name, &companion, &properties, &mut shorten));
                        types.required.insert(name.clone(), companion);
                    }
                    types.outlines.push(outline(name, schema, &properties, types.required.get(name)));
                    text
                }),
            Some(Item::Struct(item)) => alias(name, schema, item, components, &mut shorten).ok_or_else(|| missing(&at, name)),
            Some(Item::Enum(_)) if schema.get("x-values").is_some() => {
                let first = schema.pointer("/enum/0").and_then(Value::as_str).unwrap_or("Unknown");
                types.first_variants.insert(name.clone(), first.to_owned());
                Ok(enumeration(name, schema))
            }
            Some(_) => Err(missing(&at, name)),
        };
        match part {
            Ok(part) => parts.push(part),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let statics = patterns.list.iter().map(|(name, pattern)| {
        let (name, pattern) = (ident(name), raw(pattern));
        let kind = shorten.name("Pattern");
        quote!(static #name: #kind = #kind::new(#pattern);)
    });
    let statics: TokenStream = statics.collect();
    let imports = shorten.imports();
    let head = docs::inner("The vendor's objects, enumerations and named values.");
    types.text = unparse(&quote!(#head #imports #statics));
    for part in parts {
        types.text.push('\n');
        types.text.push_str(&part);
    }
    types.text.push_str(&super::conversions::text(&types.outlines, sent));
    Ok(types)
}

fn missing(at: &str, name: &str) -> Problem {
    let message = format!("progenitor made no type `{name}` of this schema");
    Problem::new(at, message, "give the component another name, or write its schema in a simpler form")
}

/// A raw string literal, which backslashes read well in, unless the text has what such a literal cannot show.
fn raw(text: &str) -> TokenStream {
    let plain = format!("r\"{text}\"");
    let shown = text.chars().all(|char| char != '"' && harmless(char) == Some(char));
    let literal = if shown { plain.parse::<TokenStream>().ok() } else { None };
    literal.unwrap_or_else(|| {
        let literal = Literal::string(text);
        quote!(#literal)
    })
}

/// Brings together the properties of the document and the fields that progenitor made of them.
fn properties<'a>(at: &str, item: &ItemStruct, schema: &'a Value, shorten: &mut Shorten) -> Result<Vec<Property<'a>>, Problem> {
    let made: BTreeMap<String, &Type> = item.fields.iter().map(|field| (serde_name(field), &field.ty)).collect();
    let Some(documented) = schema.get("properties").and_then(Value::as_object) else { return Ok(Vec::new()) };
    documented
        .iter()
        .map(|(field, schema)| {
            let wire = text(schema, "x-wire").unwrap_or(field);
            let ty = made.get(field).ok_or_else(|| {
                let message = format!("progenitor made no field of the property `{wire}`");
                Problem::new(
                    walk::join(&format!("{at}/properties"), wire),
                    message,
                    "give it another name under `[names.fields]`",
                )
            })?;
            Ok(Property {
                field: field.clone(),
                wire: wire.to_owned(),
                ty: shorten.apply(ty),
                schema,
                required: flag(schema, "x-required"),
            })
        })
        .collect()
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

fn structure(
    name: &str,
    schema: &Value,
    properties: &[Property<'_>],
    components: &Value,
    shorten: &mut Shorten,
    patterns: &mut Patterns,
) -> String {
    let about = described(name, schema);
    let (field, extra) = (shorten.name("Field"), shorten.name("Extra"));
    let fields = properties.iter().map(|property| {
        let (name, ty) = (ident(&property.field), &property.ty);
        let mut facts = vec![limits::code(&property.wire)];
        facts.extend(limits::words(property.schema, property.required, components));
        let docs = docs::outer(&docs::described(
            text(property.schema, "description").unwrap_or_default(),
            &facts,
            &sources(property.schema),
        ));
        quote!(#(#docs)* pub #name: #field<#ty>,)
    });
    let type_name = ident(name);
    let mut code = unparse(&quote! {
        #(#about)*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct #type_name {
            #(#fields)*
            /// Members that are not documented, kept as they came.
            pub extra: #extra,
        }
    });
    // A macro's arguments are only tokens to the printer; one line per field is written here.
    code.push_str(&format!("client_core::object!({name} {{\n"));
    for property in properties {
        let path = if shorten.taken.contains("Limits") { "client_core::Limits" } else { "Limits" };
        let limits = limits::expression(property.schema, property.required, components, path, &property.wire, patterns);
        let wire = Literal::string(&property.wire);
        code.push_str(&format!("    {} = {wire}", property.field));
        if let Some(limits) = limits {
            shorten.name("Limits");
            code.push_str(&format!(": {limits}"));
        }
        code.push_str(",\n");
    }
    code.push_str("});\n");
    code
}

fn described(name: &str, schema: &Value) -> Vec<syn::Attribute> {
    let wire = text(schema, "x-wire").unwrap_or(name);
    let description = text(schema, "description").unwrap_or_default();
    let facts = if wire == name && !description.is_empty() { Vec::new() } else { vec![limits::code(wire)] };
    docs::outer(&docs::described(description, &facts, &sources(schema)))
}

fn native(name: &str, schema: &Value, components: &Value) -> Option<String> {
    let path: Type = syn::parse_str(schema.pointer("/x-rust-type/path")?.as_str()?).ok()?;
    Some(named(name, schema, &path, components))
}

fn alias(name: &str, schema: &Value, item: &ItemStruct, components: &Value, shorten: &mut Shorten) -> Option<String> {
    let Fields::Unnamed(fields) = &item.fields else { return None };
    let inner = shorten.apply(&fields.unnamed.first()?.ty);
    Some(named(name, schema, &inner, components))
}

fn named(name: &str, schema: &Value, inner: &Type, components: &Value) -> String {
    let mut about = described(name, schema);
    let words = limits::words(schema, false, components);
    if !words.is_empty() {
        let sentence = format!(" On the way out: {}.", words.join(", "));
        about.push(parse_quote!(#[doc = ""]));
        about.push(parse_quote!(#[doc = #sentence]));
    }
    let name = ident(name);
    unparse(&quote!(#(#about)* pub type #name = #inner;))
}

fn enumeration(name: &str, schema: &Value) -> String {
    let list = |key: &str| -> Vec<String> {
        schema.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let pairs: Vec<(String, String)> = list("enum").into_iter().zip(list("x-values")).collect();
    let about = described(name, schema);
    let variants = pairs.iter().map(|(variant, wire)| {
        let docs = docs::outer(&limits::code(wire));
        let variant = ident(variant);
        quote!(#(#docs)* #variant,)
    });
    let type_name = ident(name);
    let mut code = unparse(&quote! {
        #(#about)*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum #type_name {
            #(#variants)*
            /// A value that is not documented, kept as it came.
            Unknown(client_core::Unknown),
        }
    });
    code.push_str(&format!("client_core::string_enum!({name} {{\n"));
    for (variant, wire) in &pairs {
        code.push_str(&format!("    {variant} = {},\n", Literal::string(wire)));
    }
    code.push_str("});\n");
    code
}

fn outline(name: &str, schema: &Value, properties: &[Property<'_>], required: Option<&String>) -> TypeOutline {
    let fields = properties.iter().map(|property| FieldOutline {
        name: property.field.clone(),
        wire: property.wire.clone(),
        type_name: super::type_text(&property.ty),
        required: property.required,
        nullable: flag(property.schema, "x-nullable"),
    });
    TypeOutline {
        name: name.to_owned(),
        schema: text(schema, "x-wire").unwrap_or(name).to_owned(),
        fields: fields.collect(),
        required: required.cloned(),
    }
}
