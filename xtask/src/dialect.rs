//! The closed set of dialects that references are written in.
//!
//! Takes one document, and what its vendor's pages have of their own; returns a [`Page`] of observations: what stands where, duplicates kept, nothing decided (that is
//! [`resolve`](crate::resolve)'s). A dialect does no I/O, names no vendor, and knows nothing of OpenAPI as JSON, of Rust, or
//! of the other dialects.

mod options;

use serde::Deserialize;

pub use self::options::Options;
use crate::{
    api::{Api, Schema},
    diagnostic::Diagnostic,
    document::{Document, Ledger, Span},
    finding::Finding,
    sample::{Element, Node},
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

/// What one page says, before anything is decided.
#[derive(Debug)]
pub struct Reading<'a> {
    /// What stands where.
    pub page: Page,
    /// Further tables of types that the page has a table of, by their names.
    pub tables: Vec<(String, Schema)>,
    /// What the page says of its operations in further places.
    pub repeats: Vec<Repeat<'a>>,
    /// The samples of bodies that can be read as JSON or XML, in the order of the page.
    pub samples: Vec<Sample<'a>>,
    /// The examples of lists, by the places of their rows.
    pub lists: Vec<(Span, Node<'a>)>,
    /// Whether what makes the samples of this dialect has made up a name of an entry, given that of the dictionary.
    pub made_up: fn(&str, &str) -> bool,
}

impl Default for Reading<'_> {
    fn default() -> Self {
        Page::default().into()
    }
}

/// What a page says of an operation in a further place; the first one is read into the operation.
#[derive(Clone, Copy, Debug)]
pub struct Repeat<'a> {
    /// The operation's position on the page.
    pub operation: usize,
    /// What it says there.
    pub said: Said<'a>,
    /// Where.
    pub span: Span,
    /// Where it is said first.
    pub first: Span,
}

/// A statement that pages repeat.
#[derive(Clone, Copy, Debug)]
pub enum Said<'a> {
    /// What the operation is called, in its heading beside its title.
    Heading(&'a str),
    /// The method and the path, with or without a query, that a sample is sent to.
    Target(&'a str),
    /// The status of a sample.
    Status(&'a str),
    /// The type of the response, in the heading of the response beside that of its body.
    ResponseType {
        /// As the body's heading has it.
        first: &'a str,
        /// As the other one has it.
        further: &'a str,
    },
}

/// A sample of a body.
#[derive(Debug)]
pub struct Sample<'a> {
    /// The operation's position on the page.
    pub operation: usize,
    /// Which of its responses; `None` is what is sent.
    pub response: Option<usize>,
    /// The first media type alone, where the page describes each of them; otherwise the sample shows the type of all.
    pub first_only: bool,
    /// As JSON.
    pub json: Option<Node<'a>>,
    /// As XML.
    pub xml: Option<Element<'a>>,
}

impl From<Page> for Reading<'_> {
    fn from(page: Page) -> Self {
        Self { page, tables: Vec::new(), repeats: Vec::new(), samples: Vec::new(), lists: Vec::new(), made_up: |_, _| false }
    }
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

    /// The dialect whose own marks a page has; `None` where none's are there, or those of several.
    #[must_use]
    pub fn recognise(text: &str) -> Option<Self> {
        let mut marked = Self::ALL.into_iter().filter(|dialect| pages::has_marks(*dialect, text));
        marked.next().filter(|_| marked.next().is_none())
    }

    /// The words of [`Options`] that its reader knows.
    #[must_use]
    pub fn options(self) -> &'static [&'static str] {
        match self {
            Self::SuperofficeDocfx => options::ALL,
            Self::RedoclyMarkdown | Self::RedocPage | Self::AspnetHelpPage => &[],
        }
    }

    /// What to do about text that cannot be read: the page's HTML says more where that is read.
    fn unread(self) -> &'static str {
        match self {
            Self::AspnetHelpPage | Self::RedocPage => {
                "check that the document is whole and of this dialect; if it is, save the page as HTML and give that: its \
                 structure is read then"
            }
            Self::RedoclyMarkdown | Self::SuperofficeDocfx => {
                "check that the document is whole and of this dialect; if it is, the dialect's reader has to be extended by this form"
            }
        }
    }
}

/// Reads what one document says; text that the dialect does not understand becomes a diagnostic, never silence.
#[must_use]
pub fn read<'a>(dialect: Dialect, document: &'a Document, options: &'a Options) -> Reading<'a> {
    let mut reading = match dialect {
        Dialect::RedoclyMarkdown => redocly_markdown::read(document, options),
        Dialect::RedocPage => redoc_page::read(document, options),
        Dialect::AspnetHelpPage => aspnet_help_page::read(document, options),
        Dialect::SuperofficeDocfx => superoffice_docfx::read(document, options),
    };
    let page = &mut reading.page;
    if page.diagnostics.is_empty() {
        page.diagnostics.extend(page.ledger.left_over(document).into_iter().map(|span| {
            Diagnostic::new(
                span,
                format!("this text is not part of anything that the dialect `{}` knows", dialect.name()),
                dialect.unread(),
            )
        }));
    }
    page.diagnostics.extend(page.ledger.refused().iter().map(|(span, what)| {
        Diagnostic::new(*span, format!("{what} was found where only a description may stand"), dialect.unread())
    }));
    reading
}

mod aspnet_help_page;
mod pages;
mod redoc_page;
mod redocly_markdown;
mod superoffice_docfx;
