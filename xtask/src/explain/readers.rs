//! What the manifest says about a node: the names it gives, and which attribute of a user or verb of a directory it is.
//!
//! Input: a vendor and a pointer into its specification. Output: lines for a person, with places in `vendor.toml`.

use toml::Spanned;

use crate::{
    nodes::Pointer,
    regen::Made,
    vendor::{
        manifest::Rename,
        user::{Path, Reading, Source, Writing},
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
    let model = &made.client.model;
    // What stands in an object of a user is read along a path.
    let leads_here = |schema: &str, path: &Path| {
        let ty = model.schema(schema).filter(|_| path.0.len() > 1);
        ty.and_then(|ty| model.fields_at(&ty.name, &path.0).pop()).is_some_and(|field| field.pointer == *pointer)
    };
    if let Some((schema, property)) = property(pointer) {
        let mapped = manifest.user.keys().any(|name| *name.get_ref() == schema);
        let maps = manifest.user.iter();
        for (of, attribute, source) in
            maps.flat_map(|(name, map)| map.attributes.iter().map(move |(a, s)| (name.get_ref(), a, s)))
        {
            let Source { reading, writing, .. } = source.get_ref();
            let paths = source.get_ref().paths();
            let is_read = |path: &Path| {
                (*of == schema && property.as_ref().is_none_or(|property| path.first() == property)) || leads_here(of, path)
            };
            let is_whole = *of == schema && property.is_none();
            if !is_whole && !paths.iter().any(is_read) {
                continue;
            }
            let how = match reading {
                Reading::Value => String::new(),
                Reading::Not => ", turned round".to_owned(),
                Reading::Equals(value) => format!(", true where it is {value}"),
                Reading::Words { yes, no } => format!(", true where it is {yes:?}, false where it is {no:?}"),
                Reading::WordsOfSettings => ", by the words that settings give".to_owned(),
            };
            let how = how
                + match writing {
                    Writing::Plain => "",
                    Writing::Explicit(_) => ", written only where settings say so",
                    Writing::Never(_) => ", never written",
                    Writing::Reference => ", written with the whole object",
                };
            let place = made.vendor.source.source(made.vendor.source.span(attribute.span()));
            let read: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
            let is_all = property.is_some() && paths.iter().all(|path| path.0.len() == 1);
            let from = if is_all || read.is_empty() { String::new() } else { format!(" from {}", read.join(" and ")) };
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
