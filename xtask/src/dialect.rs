//! The closed set of dialects that references are written in.
//!
//! Enters: one document. Leaves: a [`Page`]. A dialect does no I/O, names no vendor, and knows nothing of OpenAPI as
//! JSON, of Rust, or of the other dialects.

use std::{
    panic::resume_unwind,
    thread::{self, ScopedJoinHandle},
    vec,
};

use serde::Deserialize;

use crate::{
    api::Api,
    diagnostic::Diagnostic,
    document::{Document, Ledger},
    finding::Finding,
};

/// How a reference is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// Redocly's Markdown page, as published or with all white space folded.
    RedoclyMarkdown,
    /// The text of a Redoc page.
    RedocPage,
    /// The text of an ASP.NET Web API Help Page.
    AspnetHelpPage,
    /// SuperOffice's docfx Markdown.
    SuperofficeDocfx,
}

/// What one document says.
#[derive(Debug, Default)]
pub struct Page {
    /// Operations, entities and security schemes.
    pub api: Api,
    /// What was done with each stretch of the text.
    pub ledger: Ledger,
    /// Contradictions within the page, each decided by a rule.
    pub findings: Vec<Finding>,
    /// Why the page cannot be read whole; where any stands, the rest is not to be used.
    pub diagnostics: Vec<Diagnostic>,
}

impl Dialect {
    /// Every dialect, in the order of its name.
    pub const ALL: [Self; 4] = [Self::AspnetHelpPage, Self::RedocPage, Self::RedoclyMarkdown, Self::SuperofficeDocfx];

    /// The name in manifests and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RedoclyMarkdown => "redocly-markdown",
            Self::RedocPage => "redoc-page",
            Self::AspnetHelpPage => "aspnet-help-page",
            Self::SuperofficeDocfx => "superoffice-docfx",
        }
    }
}

/// Reads one document; text that the dialect does not understand becomes a diagnostic, never silence.
#[must_use]
pub fn read(dialect: Dialect, document: &Document) -> Page {
    let mut page = match dialect {
        Dialect::RedoclyMarkdown => redocly_markdown::read(document),
        Dialect::RedocPage => redoc_page::read(document),
        Dialect::AspnetHelpPage => aspnet_help_page::read(document),
        Dialect::SuperofficeDocfx => superoffice_docfx::read(document),
    };
    if page.diagnostics.is_empty() {
        page.diagnostics.extend(page.ledger.left_over(document).into_iter().map(|span| {
            Diagnostic::new(
                span,
                format!("this text is not part of anything that the dialect `{}` knows", dialect.name()),
                "check that the document is whole and of this dialect; if it is, save the page as HTML and give that: its structure is read then",
            )
        }));
    }
    page.diagnostics.extend(page.ledger.refused().iter().map(|(span, what)| {
        Diagnostic::new(
            *span,
            format!("{what} was found where only a description may stand"),
            "check that the document is whole and of this dialect; if it is, save the page as HTML and give that: its structure is read then",
        )
    }));
    page
}

/// Reads documents side by side; the pages stand in the order of the documents.
#[must_use]
pub fn read_all(dialect: Dialect, documents: &[Document]) -> Vec<Page> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(documents.len());
    if threads < 2 {
        return documents.iter().map(|document| read(dialect, document)).collect();
    }
    // Each takes every n-th document, so that large ones that stand together are shared out.
    let mut parts: Vec<vec::IntoIter<Page>> = thread::scope(|scope| {
        let part = |first| {
            let own = documents.iter().skip(first).step_by(threads);
            scope.spawn(move || own.map(|document| read(dialect, document)).collect::<Vec<_>>())
        };
        let workers: Vec<_> = (0..threads).map(part).collect();
        let pages = |worker: ScopedJoinHandle<'_, Vec<Page>>| worker.join().unwrap_or_else(|panic| resume_unwind(panic));
        workers.into_iter().map(|worker| pages(worker).into_iter()).collect()
    });
    (0..documents.len()).filter_map(|index| parts.get_mut(index % threads)?.next()).collect()
}

mod aspnet_help_page;
mod pages;
mod redoc_page;
mod redocly_markdown;
mod superoffice_docfx;
