//! Pages of one dialect, without a manifest, become one OpenAPI document.
//!
//! Enters: the dialect and the paths of pages. Leaves: the document, and what could not be read. Pages are read side
//! by side; what they say is put together in their order. Knows nothing of vendors.

use std::{fs, io, path::PathBuf, thread};

use serde_json::Value;

use crate::{
    assemble::{Assembled, Names, assemble},
    dialect::{self, Dialect, Page},
    document::{Document, MAX_BYTES},
    examples,
    failure::Failure,
    finding::Finding,
    openapi::{self, Info},
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
    let mut pages = Vec::new();
    for read in read_all(dialect, paths) {
        match read {
            Ok((document, page)) if page.diagnostics.is_empty() => {
                documents.push(document);
                pages.push(page);
            }
            Ok((document, page)) => {
                let rendered: Vec<String> = page.diagnostics.iter().map(|diagnostic| diagnostic.render(&document)).collect();
                refused.extend(Failure::text(rendered.concat()));
            }
            Err(failure) => refused.extend(failure),
        }
    }
    let read = pages.len();
    if pages.is_empty() {
        return Imported { refused, ..Imported::default() };
    }
    let Assembled { api, findings, .. } = assemble(pages, &Names::default());
    let mut groups: Vec<String> =
        api.operations.iter().flat_map(|operation| openapi::tags_of(operation).map(|(tag, _)| tag)).collect();
    groups.dedup();
    let title = groups.into_iter().next().unwrap_or_else(|| "Undocumented".to_owned());
    let documents: Vec<&Document> = documents.iter().collect();
    let mut value = openapi::document(&api, &Info { title, ..Info::default() }, &documents);
    examples::settle(&mut value);
    Imported { value: Some(value), read, refused, findings }
}

type Read = Result<(Document, Page), Failure>;

/// Each thread takes every n-th page, so that large pages that stand together are shared out.
fn read_all(dialect: Dialect, paths: &[PathBuf]) -> Vec<Read> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(paths.len()).max(1);
    let mut reads: Vec<Option<Read>> = paths.iter().map(|_| None).collect();
    let parts = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| {
                scope.spawn(move || {
                    let own = paths.iter().enumerate().skip(first).step_by(threads);
                    own.map(|(index, path)| (index, read(dialect, index as u32, path))).collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_default()).collect::<Vec<_>>()
    });
    for (index, read) in parts.into_iter().flatten() {
        if let Some(place) = reads.get_mut(index) {
            *place = Some(read);
        }
    }
    reads.into_iter().flatten().collect()
}

fn read(dialect: Dialect, id: u32, path: &PathBuf) -> Read {
    let bytes = fs::read(path).map_err(|error| Failure::io(path, "read", &error))?;
    if bytes.len() > MAX_BYTES {
        let error = io::Error::new(io::ErrorKind::FileTooLarge, "the page is larger than 4 GiB");
        return Err(Failure::io(path, "read", &error));
    }
    let shown = path.display().to_string();
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(format!("{shown}:1:1: the page is not UTF-8 text, see byte {at}"), "save the page as UTF-8")
    })?;
    let document = Document::new(id, shown, text);
    let page = dialect::read(dialect, &document);
    Ok((document, page))
}
