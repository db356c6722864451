//! The names that a manifest gives where a document has none or an unwieldy one.
//!
//! Input: an API in which everything has a name. Output: the same with the manifest's names, and those of them that
//! nothing bears. Two schemas that are given one name are united.

use indexmap::IndexMap;

use crate::{
    api::{Api, Kind, Operation, Schema},
    finding::{Finding, FindingKind},
    resolve::unite,
};

/// A name, and why it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// What it is called from now on.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// All names that a manifest gives, by what they replace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// By operation id.
    pub operations: IndexMap<String, Rename>,
    /// By schema name.
    pub schemas: IndexMap<String, Rename>,
}

/// Renames, notes each name as an assumption, and returns those that nothing bears.
pub(super) fn rename(api: &mut Api, names: &Names, findings: &mut Vec<Finding>) -> Vec<String> {
    let mut unused = Vec::new();
    for (old, new) in &names.operations {
        match api.operations.iter_mut().find(|operation| operation.operation_id == *old) {
            Some(operation) => {
                findings.push(named(old, new, &operation.origin.spans));
                operation.operation_id.clone_from(&new.name);
                operation.operation_id_reason = Some(new.reason.clone().into());
            }
            None => unused.push(format!("names.operations.{old}")),
        }
    }
    if names.schemas.is_empty() {
        return unused;
    }
    unused.extend(names.schemas.keys().filter(|old| !api.schemas.contains_key(*old)).map(|old| format!("names.schemas.{old}")));
    for (old, schema) in std::mem::take(&mut api.schemas) {
        let name = match names.schemas.get(&old) {
            Some(new) => {
                findings.push(named(&old, new, &schema.origin.spans));
                new.name.clone()
            }
            None => old,
        };
        match api.schemas.get_mut(&name) {
            Some(known) => unite::schema(known, schema, &name, findings),
            None => {
                api.schemas.insert(name, schema);
            }
        }
    }
    let given = |known: &str| names.schemas.get(known).map(|new| new.name.clone());
    api.schemas.values_mut().for_each(|schema| redirect(schema, &given));
    api.operations.iter_mut().flat_map(schemas_of).for_each(|schema| redirect(schema, &given));
    unused
}

fn named(old: &str, new: &Rename, spans: &[crate::document::Span]) -> Finding {
    let text = format!("called so by the manifest instead of `{old}`: {}", new.reason);
    Finding::new(FindingKind::Assumption, &new.name, text, spans.iter().take(1).copied().collect())
}

/// The types of its parameters and bodies.
pub(super) fn schemas_of(operation: &mut Operation) -> impl Iterator<Item = &mut Schema> {
    let bodies = operation.request_body.iter_mut().flat_map(|body| &mut body.content);
    let responses = operation.responses.iter_mut().flat_map(|response| &mut response.content);
    let parameters = operation.parameters.iter_mut().map(|parameter| &mut parameter.schema);
    bodies.chain(responses).filter_map(|media| media.schema.as_mut()).chain(parameters)
}

/// Lets references to a name that has a new one point to that.
pub(super) fn redirect(schema: &mut Schema, new: &impl Fn(&str) -> Option<String>) {
    match &mut schema.kind {
        Kind::Reference(name) => {
            if let Some(new) = new(name) {
                *name = new;
            }
        }
        Kind::Array(inner) | Kind::Map(inner) => redirect(inner, new),
        Kind::Object(properties) => properties.values_mut().for_each(|property| redirect(&mut property.schema, new)),
        Kind::AnyOf(alternatives) => alternatives.iter_mut().for_each(|alternative| redirect(&mut alternative.schema, new)),
        _ => {}
    }
}
