//! Policy, once for all dialects: observations become one API.
//!
//! A dialect says what stands where, duplicates kept. Here it is decided what that means: [`read`] settles each page
//! (duplicate rows, parameters of the path, names), [`resolve`] makes one [`Api`] of all pages of a vendor, with one type for
//! one name, every object named, every operation known by one id. Each decision is a finding or an `x-basis`. Knows no dialect
//! by name, nor JSON.

mod bodies;
mod duplicates;
mod elements;
mod entities;
mod generics;
mod hoist;
mod items;
mod made_up;
mod named_values;
mod names;
mod operation_names;
mod page;
mod parameters;
mod prose;
mod rename;
mod repeated;
mod repeats;
mod samples;
mod schemes;
mod sent;
mod siblings;
mod subject;
mod unite;

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::{
    api::{Api, Method, Operation},
    dialect::{self, Dialect, Options, Page},
    document::Document,
    finding::{Finding, FindingKind},
    parallel,
    progress::{self, Step},
    words::{component_name, name_from_path},
};

pub use rename::{Names, Rename};

/// What the pages say together.
#[derive(Debug, Default)]
pub struct Resolved {
    /// The API.
    pub api: Api,
    /// The pages' own findings, then those of putting them together.
    pub findings: Vec<Finding>,
    /// Names of the manifest that nothing bears.
    pub unused_names: Vec<String>,
}

/// Reads one document and settles what it leaves open.
#[must_use]
pub fn read(dialect: Dialect, document: &Document, options: &Options) -> Page {
    progress::tell(Step::Page(&document.path));
    page::settle(dialect::read(dialect, document, options), document)
}

/// Reads documents side by side; the pages stand in the order of the documents.
#[must_use]
pub fn read_all(dialect: Dialect, documents: &[Document], options: &Options) -> Vec<Page> {
    progress::tell(Step::Pages(documents.len()));
    parallel::map(documents, |document| read(dialect, document, options))
}

/// Makes one API of `pages`, which stand in the order of the manifest; `names` are those that the manifest gives.
#[must_use]
pub fn resolve(pages: impl IntoIterator<Item = Page>, names: &Names) -> Resolved {
    let mut api = Api::default();
    let mut known = HashMap::new();
    let mut findings = Vec::new();
    let mut pages: Vec<Page> = pages.into_iter().collect();
    for page in &mut pages {
        findings.append(&mut page.findings);
    }
    entities::tell_apart(&mut pages, &mut findings);
    for page in pages {
        join(&mut api, page.api, &mut known, &mut findings);
    }
    distinguish_operations(&mut api.operations, &mut findings);
    parameters::tell_twins(&api.operations, &mut findings);
    hoist::hoist(&mut api);
    let unused_names = rename::rename(&mut api, names, &mut findings);
    siblings::compare(&api, &mut findings);
    Resolved { api, findings, unused_names }
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

/// Two operations whose headings give one id are told apart by their tag, then by method and path as far as these name them, then
/// by all of these.
fn distinguish_operations(operations: &mut [Operation], findings: &mut Vec<Finding>) {
    let by_path: fn(&Operation) -> String = |operation| name_from_path(operation.method.member(), &operation.path);
    for operation in operations.iter_mut().filter(|operation| !is_name(&operation.operation_id)) {
        let name = by_path(operation);
        let text =
            format!("`{}` is no name that OpenAPI and its tools know; the path names the operation", operation.operation_id);
        let subject = format!("{} {}", operation.method.name(), operation.path);
        findings.push(Finding::new(FindingKind::Assumption, subject, text, operation.origin.spans.to_vec()));
        operation.operation_id = name;
    }
    let wider: [fn(&Operation) -> String; 3] = [
        |operation| {
            format!("{}{}", operation.tags.first().map(|tag| component_name(tag)).unwrap_or_default(), operation.operation_id)
        },
        by_path,
        |operation| component_name(&format!("{} {}", operation.method.member(), operation.path)),
    ];
    for widen in wider {
        let mut seen: IndexMap<String, Vec<usize>> = IndexMap::new();
        for (index, operation) in operations.iter().enumerate() {
            seen.entry(operation.operation_id.clone()).or_default().push(index);
        }
        for (id, indices) in seen.into_iter().filter(|(_, indices)| indices.len() > 1) {
            for index in indices {
                let Some(operation) = operations.get_mut(index) else { continue };
                let wider = widen(operation);
                if wider == id {
                    continue;
                }
                operation.operation_id = wider;
                findings.push(Finding::new(
                    FindingKind::Assumption,
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
