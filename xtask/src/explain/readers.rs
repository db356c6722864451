//! What the manifest says about a node: the names it gives, and which attribute of a user or verb of a directory it is.
//!
//! Input: a vendor and a pointer into its specification. Output: lines for a person, with places in `vendor.toml`.

use toml::Spanned;

use crate::{
    nodes::Pointer,
    regen::Made,
    vendor::{
        manifest::Rename,
        user::{Reading, Source},
    },
};

/// The schema, and the property of it, that a pointer leads to or through.
fn property(pointer: &Pointer) -> Option<(String, Option<String>)> {
    let tokens: Vec<String> = pointer.tokens().collect();
    match tokens.as_slice() {
        [components, schemas, schema, rest @ ..] if components == "components" && schemas == "schemas" => {
            let property = match rest {
                [properties, property, ..] if properties == "properties" => Some(property.clone()),
                _ => None,
            };
            Some((schema.clone(), property))
        }
        _ => None,
    }
}

fn operation(made: &Made, pointer: &Pointer) -> Option<String> {
    let (paths, _) = pointer.split()?.0.split()?;
    let at = made.specification.value.pointer(pointer.as_str())?;
    let id = at.get("operationId")?.as_str()?;
    (paths.as_str() == "/paths").then(|| id.to_owned())
}

/// The names that the manifest gave.
pub(super) fn renames(made: &Made, pointer: &Pointer) -> Vec<String> {
    let names = &made.vendor.manifest.names;
    let place = |entry: &Spanned<String>| made.vendor.source.source(made.vendor.span(entry));
    let mut lines = Vec::new();
    let mut renamed = |new: &str, table: &indexmap::IndexMap<Spanned<String>, Rename>| {
        for (old, rename) in table.iter().filter(|(_, rename)| rename.name.get_ref() == new) {
            let reason = rename.reason.as_ref().map_or("it reads better", |reason| reason.get_ref());
            lines.push(format!("{}: `{}` → `{new}`: {reason}", place(old), old.get_ref()));
        }
    };
    match (property(pointer), operation(made, pointer)) {
        (Some((schema, None)), _) => renamed(&schema, &names.schemas),
        (Some((_, Some(property))), _) => {
            for (wire, field) in names.fields.iter().filter(|(wire, _)| *wire.get_ref() == property) {
                lines.push(format!("{}: `{}` → `{}` in Rust", place(wire), wire.get_ref(), field.get_ref()));
            }
        }
        (None, Some(id)) => renamed(&id, &names.operations),
        (None, None) => {}
    }
    lines
}

/// The attributes of `User` that read the node, and the verbs of `Directory` that call it.
#[must_use]
pub(crate) fn readers(made: &Made, pointer: &Pointer) -> Vec<String> {
    let manifest = &made.vendor.manifest;
    let mut lines = Vec::new();
    if let Some((schema, property)) = property(pointer) {
        let mapped = manifest.user.keys().any(|name| *name.get_ref() == schema);
        let maps = manifest.user.iter().filter(|(name, _)| *name.get_ref() == schema);
        for (attribute, source) in maps.flat_map(|(_, map)| &map.attributes) {
            let Source { property: read, reading, explicit } = source.get_ref();
            if property.as_ref().is_some_and(|property| property != read) {
                continue;
            }
            let how = match reading {
                Reading::Value => String::new(),
                Reading::Not => ", turned round".to_owned(),
                Reading::Equals(value) => format!(", true where it is {value}"),
            };
            let how = how + if explicit.is_some() { ", written only where settings say so" } else { "" };
            let place = made.vendor.source.source(made.vendor.source.span(attribute.span()));
            let from = if property.is_none() { format!(" from `{read}`") } else { String::new() };
            lines.push(format!("User::{}{from}{how} ({place})", attribute.get_ref().name()));
        }
        if mapped && lines.is_empty() {
            lines.push("no attribute of User".to_owned());
        }
    }
    for directory in manifest.directories() {
        let id = operation(made, pointer);
        for (verb, _, entry) in directory.operations().filter(|(_, called, _)| Some(*called) == id.as_deref()) {
            let place = made.vendor.source.source(made.vendor.span(entry));
            lines.push(format!("Directory::{verb} ({place})"));
        }
    }
    lines
}
