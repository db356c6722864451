//! The types of a crate.
//!
//! Input: the components of the copy, progenitor's types for them, and which feature needs which. Output: structs, enumerations
//! and other names as data.

use std::collections::{BTreeMap, HashSet};

use indexmap::IndexMap;
use serde_json::{Map, Value};
use syn::{Fields, Item, ItemStruct};

use super::{
    facts::{facts, is_sampled},
    model::{Constructor, Field, Type, TypeKind, Variant},
    types::RustType,
};
use crate::{
    nodes::Pointer,
    normalize::{
        Problem, naming, rules, sources,
        walk::{flag, text},
    },
};

/// Up to this many required members are arguments of `new`; more of them are named, since they would be swapped.
const ARGUMENTS: usize = 4;

/// What the types are made from.
pub(super) struct Source<'a> {
    pub(super) components: &'a Map<String, Value>,
    /// progenitor's types.
    pub(super) made: &'a BTreeMap<String, Item>,
    /// The types that requests carry.
    pub(super) sent: &'a HashSet<&'a str>,
    /// Position of the feature that alone needs a component.
    pub(super) features: &'a dyn Fn(&str) -> Option<usize>,
}

/// All types by their names.
pub(super) fn types(source: &Source<'_>, problems: &mut Vec<Problem>) -> IndexMap<String, Type> {
    let mut names: HashSet<String> = source.components.keys().cloned().collect();
    let mut types = IndexMap::with_capacity(source.components.len());
    for (name, schema) in source.components {
        match one(source, name, schema, &mut names) {
            Ok(ty) => drop(types.insert(name.clone(), ty)),
            Err(problem) => problems.push(problem),
        }
    }
    types
}

fn one(source: &Source<'_>, name: &str, schema: &Value, names: &mut HashSet<String>) -> Result<Type, Problem> {
    let wire = text(schema, "x-wire").unwrap_or(name);
    let schemas = Pointer::default().join("components").join("schemas");
    let pointer = text(schema, "x-pointer").and_then(Pointer::parse).unwrap_or_else(|| schemas.join(wire));
    let sent = source.sent.contains(name);
    let missing = || {
        let message = format!("progenitor made no type `{name}` of this schema");
        Problem::new(pointer.as_str(), message, "give the component another name, or write its schema in a simpler form")
    };
    let alias = |target| TypeKind::Alias { target, facts: facts(schema, false, source.components) };
    let kind = match source.made.get(name) {
        // Such a type is written out wherever it is named; the name stays for people.
        None => {
            let path = schema.pointer("/x-rust-type/path").and_then(Value::as_str).ok_or_else(missing)?;
            let core = path.strip_prefix("client_core::").ok_or_else(missing)?;
            alias(RustType::Core(core.to_owned(), Vec::new()))
        }
        Some(Item::Struct(item)) if matches!(item.fields, Fields::Named(_)) => {
            let fields = fields(source, &pointer, item, schema)?;
            // What a response is said to have is no promise: it is read whether that is there or not.
            let required = fields.iter().filter(|field| sent && field.facts.required).count();
            let constructor = match required {
                0 => None,
                1..=ARGUMENTS => Some(Constructor::Arguments),
                _ => {
                    let companion = naming::unique(&format!("{name}Required"), "", |name| names.contains(name));
                    names.insert(companion.clone());
                    Some(Constructor::Struct(companion))
                }
            };
            TypeKind::Structure { fields, constructor }
        }
        Some(Item::Struct(item)) => {
            let Fields::Unnamed(inner) = &item.fields else { return Err(missing()) };
            let inner = inner.unnamed.first().ok_or_else(missing)?;
            alias(RustType::read(&inner.ty, true).map_err(|_| missing())?)
        }
        Some(Item::Enum(_)) if schema.get("x-values").is_some() => TypeKind::Enumeration { variants: variants(schema) },
        _ => return Err(missing()),
    };
    let also = schema.get("x-also").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    Ok(Type {
        name: name.to_owned(),
        wire: wire.to_owned(),
        also: also.map(|name| schemas.join(name)).collect(),
        sources: sources(schema),
        description: text(schema, "description").unwrap_or_default().to_owned(),
        feature: (source.features)(name),
        sent,
        kind,
        rules: rules(schema),
        pointer,
    })
}

/// Brings together the properties of the document and the fields that progenitor made of them.
fn fields(source: &Source<'_>, at: &Pointer, item: &ItemStruct, schema: &Value) -> Result<Vec<Field>, Problem> {
    let made: BTreeMap<String, &syn::Type> = item.fields.iter().map(|field| (serde_name(field), &field.ty)).collect();
    let documented = schema.get("properties").and_then(Value::as_object);
    let at = at.join("properties");
    let fields = documented.into_iter().flatten().map(|(name, schema)| {
        let wire = text(schema, "x-wire").unwrap_or(name);
        let pointer = text(schema, "x-pointer").and_then(Pointer::parse).unwrap_or_else(|| at.join(wire));
        let problem = |message| Problem::new(pointer.as_str(), message, "give it another name under `[names.fields]`");
        let ty = made.get(name).ok_or_else(|| problem(format!("progenitor made no field of the property `{wire}`")))?;
        let ty = RustType::read(ty, true)
            .map_err(|ty| problem(format!("progenitor made the type `{ty}` of the property `{wire}`, which no client has")))?;
        Ok(Field {
            name: name.clone(),
            wire: wire.to_owned(),
            sources: sources(schema),
            description: text(schema, "description").unwrap_or_default().to_owned(),
            ty,
            facts: facts(schema, flag(schema, "x-required"), source.components),
            sampled: is_sampled(schema, source.components),
            rules: rules(schema),
            pointer,
        })
    });
    fields.collect()
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

fn variants(schema: &Value) -> Vec<Variant> {
    let list = |key: &str| schema.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let pairs = list("enum").zip(list("x-values"));
    pairs.map(|(name, wire)| Variant { name: name.to_owned(), wire: wire.to_owned() }).collect()
}
