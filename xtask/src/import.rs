//! Pages of one dialect, without a manifest, become one OpenAPI document.
//!
//! Enters: the dialect and the paths of pages. Leaves: the document, and what could not be read. Pages are read side
//! by side; what they say is put together in their order. Knows nothing of vendors.

use std::{
    io,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    dialect::Dialect,
    document::{Document, MAX_BYTES},
    examples,
    failure::Failure,
    files,
    finding::Finding,
    html,
    openapi::{self, Info},
    resolve::{self, Names, Resolved},
};

/// What the pages say together.
#[derive(Debug, Default)]
pub struct Imported {
    /// The OpenAPI document; `None` where no page could be read.
    pub value: Option<Value>,
    /// Pages that could be read.
    pub read: usize,
    /// Everything that is wrong with the others.
    pub refused: Failure,
    /// What was decided on the way.
    pub findings: Vec<Finding>,
}

/// Reads `paths`, each as one page of `dialect`.
#[must_use]
pub fn import(dialect: Dialect, paths: &[PathBuf]) -> Imported {
    let mut refused = Failure::default();
    let mut documents = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        match document(index as u32, path) {
            Ok(document) => documents.push(document),
            Err(failure) => refused.extend(failure),
        }
    }
    let mut readable = Vec::new();
    let mut pages = Vec::new();
    for (document, page) in documents.iter().zip(resolve::read_all(dialect, &documents)) {
        if page.diagnostics.is_empty() {
            readable.push(document);
            pages.push(page);
        } else {
            let rendered: Vec<String> = page.diagnostics.iter().map(|diagnostic| diagnostic.render(document)).collect();
            refused.extend(Failure::text(rendered.concat()));
        }
    }
    let read = pages.len();
    if pages.is_empty() {
        return Imported { refused, ..Imported::default() };
    }
    let Resolved { api, findings, .. } = resolve::resolve(pages, &Names::default());
    let mut groups: Vec<String> =
        api.operations.iter().flat_map(|operation| openapi::tags_of(operation).map(|(tag, _)| tag)).collect();
    groups.dedup();
    let title = groups.into_iter().next().unwrap_or_else(|| "Undocumented".to_owned());
    let mut value = openapi::document(&api, &Info { title, ..Info::default() }, &readable);
    examples::settle(&mut value);
    Imported { value: Some(value), read, refused, findings }
}

fn document(id: u32, path: &Path) -> Result<Document, Failure> {
    let bytes = files::input(path)?;
    if bytes.len() > MAX_BYTES {
        let error = io::Error::new(io::ErrorKind::FileTooLarge, "the page is larger than 4 GiB");
        return Err(Failure::io(path, "read", &error));
    }
    let shown = path.display().to_string();
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(format!("{shown}:1:1: the page is not UTF-8 text, see byte {at}"), "save the page as UTF-8")
    })?;
    let text = html::page_text(&shown, text)?;
    Ok(Document::new(id, shown, text))
}

/// The text that a page is read as: its own, or what is made of its HTML.
///
/// # Errors
/// The page cannot be read, is no UTF-8, or is HTML of another kind than is read.
pub fn extract(path: &Path) -> Result<String, Failure> {
    document(0, path).map(|document| document.text)
}
