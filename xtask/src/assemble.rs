//! Many pages become one API: one type for one name, every object named, every operation known by one id.
//!
//! Enters: the pages of a vendor in the order of the manifest, and the names that the manifest gives. Leaves: one
//! [`Api`] without anonymous objects, and findings for whatever two pages disagree on. Knows nothing of the dialects
//! that the pages were written in, nor of JSON.

mod hoist;
mod rename;
mod siblings;
mod unite;

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::{
    api::{Api, Method, Operation},
    dialect::Page,
    finding::{Finding, Kind},
    words::pascal,
};

pub use rename::{Names, Rename};

/// What the pages say together.
#[derive(Debug, Default)]
pub struct Assembled {
    /// The API.
    pub api: Api,
    /// The pages' own findings, then those of assembling.
    pub findings: Vec<Finding>,
    /// Names of the manifest that nothing bears.
    pub unused_names: Vec<String>,
}

/// Assembles `pages`; see the module.
#[must_use]
pub fn assemble(pages: impl IntoIterator<Item = Page>, names: &Names) -> Assembled {
    let mut api = Api::default();
    let mut known = HashMap::new();
    let mut findings = Vec::new();
    for page in pages {
        findings.extend(page.findings);
        join(&mut api, page.api, &mut known, &mut findings);
    }
    distinguish_operations(&mut api.operations, &mut findings);
    hoist::hoist(&mut api);
    let unused_names = rename::rename(&mut api, names, &mut findings);
    siblings::compare(&api, &mut findings);
    Assembled { api, findings, unused_names }
}

/// Adds a page; `known` are the positions of the operations that are there.
fn join(api: &mut Api, page: Api, known: &mut HashMap<(Method, String), usize>, findings: &mut Vec<Finding>) {
    for operation in page.operations {
        let key = (operation.method, operation.path.clone());
        match known.get(&key).and_then(|&index| api.operations.get_mut(index)) {
            Some(known) => unite::operation(known, operation, findings),
            None => {
                known.insert(key, api.operations.len());
                api.operations.push(operation);
            }
        }
    }
    for (name, schema) in page.schemas {
        match api.schemas.get_mut(&name) {
            Some(known) => unite::schema(known, schema, &name, findings),
            None => {
                api.schemas.insert(name, schema);
            }
        }
    }
    for (name, scheme) in page.security_schemes {
        match api.security_schemes.get_mut(&name) {
            Some(known) => known.origin.spans.extend(scheme.origin.spans),
            None => {
                api.security_schemes.insert(name, scheme);
            }
        }
    }
}

/// Two operations whose headings give one id are told apart by their tag, then by method and path.
fn distinguish_operations(operations: &mut [Operation], findings: &mut Vec<Finding>) {
    let by_path: fn(&Operation) -> String =
        |operation| pascal(&format!("{} {}", operation.method.name().to_lowercase(), operation.path));
    for operation in operations.iter_mut().filter(|operation| !is_name(&operation.operation_id)) {
        let name = by_path(operation);
        let text =
            format!("`{}` is no name that OpenAPI and its tools know; the path names the operation", operation.operation_id);
        let subject = format!("{} {}", operation.method.name(), operation.path);
        findings.push(Finding::new(Kind::Assumption, subject, text, operation.origin.spans.to_vec()));
        operation.operation_id = name;
    }
    let wider: [fn(&Operation) -> String; 2] = [
        |operation| format!("{}{}", operation.tags.first().map(|tag| pascal(tag)).unwrap_or_default(), operation.operation_id),
        by_path,
    ];
    for widen in wider {
        let mut seen: IndexMap<String, Vec<usize>> = IndexMap::new();
        for (index, operation) in operations.iter().enumerate() {
            seen.entry(operation.operation_id.clone()).or_default().push(index);
        }
        for (id, indices) in seen.into_iter().filter(|(_, indices)| indices.len() > 1) {
            for index in indices {
                let Some(operation) = operations.get_mut(index) else { continue };
                operation.operation_id = widen(operation);
                findings.push(Finding::new(
                    Kind::Assumption,
                    format!("{} {}", operation.method.name(), operation.path),
                    format!("several operations are called `{id}`; this one is told apart as `{}`", operation.operation_id),
                    operation.origin.spans.to_vec(),
                ));
            }
        }
    }
}

/// Letters and digits of ASCII, a letter first: what names of components and of types may be made of.
fn is_name(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_alphabetic()) && text.chars().all(|char| char.is_ascii_alphanumeric())
}
