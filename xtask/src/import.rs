//! Pages without a manifest become one OpenAPI document.
//!
//! Takes the paths of pages and, where the caller knows it, their dialect. Returns the document, what was decided on the
//! way, and what could not be read. Pages are read side by side; what they say is put together in their order. Knows
//! nothing of vendors.

mod summary;

use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

pub use self::summary::summary;
use crate::{
    diagnostic::printable,
    dialect::{Dialect, Options},
    document::{Document, MAX_BYTES},
    examples,
    failure::Failure,
    files,
    finding::{Finding, FindingKind},
    html,
    openapi::{self, Info},
    output::{self, Annotation, Severity},
    progress::{self, Step},
    report::Assumptions,
    resolve::{self, Names, Resolved},
};

/// What the pages say together.
#[derive(Debug, Default)]
pub struct Imported {
    /// The OpenAPI document; `None` where no page could be read.
    pub value: Option<Value>,
    /// Pages that could be read.
    pub read: usize,
    /// Pages that could not.
    pub unread: usize,
    /// Everything that is wrong with these.
    pub refused: Failure,
    /// What was decided on the way.
    pub findings: Vec<Finding>,
    /// What of the document is not the pages' own plain word.
    pub assumptions: Assumptions,
    /// What the places of the findings lead into.
    pub documents: Vec<Document>,
}

impl Imported {
    /// All of it for a program; `document` is left out where it went to a file.
    #[must_use]
    pub fn json(&self, document: bool) -> Value {
        let finding = |finding: &Finding| {
            let places = finding.spans.iter().filter_map(|span| {
                let document = span.of(&self.documents)?;
                Some(printable(&document.source(*span)))
            });
            json!({
                "kind": kind_name(finding),
                "subject": printable(&finding.subject),
                "text": printable(&finding.text),
                "places": places.collect::<Vec<_>>(),
            })
        };
        let assumed = self.assumed().flat_map(|(reason, nodes)| {
            nodes.into_iter().map(move |(pointer, places)| {
                let places: Vec<String> = places.iter().map(|place| printable(place)).collect();
                json!({ "kind": "assumption", "subject": printable(pointer), "text": printable(reason), "places": places })
            })
        });
        let mut json = json!({
            "command": "import",
            "outcome": if self.value.is_none() { "failed" } else if self.unread > 0 { "partial" } else { "read" },
            "read": self.read,
            "refused": self.unread,
            "findings": self.findings.iter().map(finding).chain(assumed).collect::<Vec<_>>(),
            "problems": output::problems(self.refused.problems()),
        });
        if let (Some(members), Some(value), true) = (json.as_object_mut(), &self.value, document) {
            members.insert("document".to_owned(), value.clone());
        }
        json
    }

    /// What is wrong, and what was found, for a review.
    pub fn annotations(&self) -> impl Iterator<Item = Annotation> {
        let found = self.findings.iter().filter(|finding| finding.kind != FindingKind::Assumption).map(|finding| {
            let span = finding.spans.first().copied();
            let document = span.and_then(|span| span.of(&self.documents));
            Annotation {
                severity: Severity::Warning,
                file: document.map(|document| document.path.clone()),
                place: span.zip(document).map(|(span, document)| document.place(span.start)),
                message: format!("{}: {}: {}", kind_name(finding), finding.subject, finding.text),
            }
        });
        self.refused.problems().iter().map(output::error).chain(found)
    }

    /// The reasons of what is assumed, each with the nodes that stand on it, where no finding says the same.
    fn assumed(&self) -> impl Iterator<Item = (&str, Vec<(&str, &[String])>)> {
        let told: HashSet<&str> = self.findings.iter().map(|finding| finding.text.as_str()).collect();
        let reasons = self.assumptions.reasons().filter(move |(reason, _)| !told.contains(reason));
        reasons.map(|(reason, nodes)| (reason, nodes.collect()))
    }

    /// How many lines [`told`](Self::told) has.
    #[must_use]
    pub fn told_count(&self) -> usize {
        self.findings.len() + self.assumed().count()
    }

    /// Each finding on a line, with its places; and each reason for what is assumed, with the nodes that stand on it, of which
    /// only the first few are named where `short` is asked for.
    pub fn told(&self, short: bool) -> impl Iterator<Item = String> {
        /// More names are no help on a terminal.
        const FEW: usize = 3;
        let assumed = self.assumed().map(move |(reason, nodes)| {
            let shown = if short { FEW } else { nodes.len() };
            let named: Vec<String> = nodes
                .iter()
                .take(shown)
                .map(|(pointer, places)| format!("{} [{}]", printable(pointer), printable(&places.join(", "))))
                .collect();
            let more = nodes.len() - named.len();
            let more = if more > 0 { format!(", and {more} more") } else { String::new() };
            format!("assumption: {}: {}{more}", printable(reason), named.join(", "))
        });
        let findings = self.findings.iter().map(|finding| {
            let places = finding.spans.iter().filter_map(|span| {
                let document = span.of(&self.documents)?;
                Some(document.source(*span))
            });
            let places: Vec<String> = places.collect();
            let kind = kind_name(finding);
            let at = if places.is_empty() { String::new() } else { format!(" [{}]", printable(&places.join(", "))) };
            format!("{kind}: {}: {}{at}", printable(&finding.subject), printable(&finding.text))
        });
        findings.chain(assumed)
    }
}

fn kind_name(finding: &Finding) -> String {
    format!("{:?}", finding.kind).to_lowercase()
}

/// Reads `paths`, each as one page of `dialect`; without one, each as what its own marks say. `options` are what the pages have
/// of their own.
#[must_use]
pub fn import(dialect: Option<Dialect>, options: &Options, paths: &[PathBuf]) -> Imported {
    let mut refused = Failure::default();
    let mut documents = Vec::new();
    let mut sources = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        match document(index as u32, path) {
            Ok((document, better_source)) => {
                sources
                    .extend(better_source.map(|text| Finding::new(FindingKind::Loss, document.path.clone(), text, Vec::new())));
                documents.push(document);
            }
            Err(failure) => refused.extend(failure),
        }
    }
    let mut readable = Vec::new();
    let mut pages = Vec::new();
    for (own, documents) in of_one_dialect(dialect, documents, &mut refused) {
        let read = resolve::read_all(own, &documents, options);
        for (document, mut page) in documents.into_iter().zip(read) {
            if page.diagnostics.is_empty() {
                readable.push(document);
                pages.push(page);
                continue;
            }
            if let Some(other) = Dialect::recognise(&document.text).filter(|other| *other != own) {
                let message = format!("{}: this page is of the dialect `{}`, not `{}`", document.path, other.name(), own.name());
                let help = format!("give `--dialect {}`, or leave it out", other.name());
                refused.extend(Failure::new(message, help));
                // What else is wrong with it follows from that, most likely.
                page.diagnostics.truncate(1);
            }
            refused.extend(Failure::diagnostics("", &page.diagnostics, [&document]));
        }
    }
    let (read, unread) = (pages.len(), paths.len() - pages.len());
    if pages.is_empty() {
        return Imported { unread, refused, ..Imported::default() };
    }
    progress::tell(Step::Stage("putting the pages together"));
    // What stands first decides names: it is the first on the command line, of whatever dialect.
    let mut together: Vec<_> = readable.into_iter().zip(pages).collect();
    together.sort_by_key(|(document, _)| document.id);
    let (documents, pages): (Vec<_>, Vec<_>) = together.into_iter().unzip();
    let Resolved { api, findings, .. } = resolve::resolve(pages, &Names::default());
    // What makes the rest of them needless comes first.
    let mut findings: Vec<Finding> = sources.into_iter().chain(findings).collect();
    let mut groups: Vec<String> =
        api.operations.iter().flat_map(|operation| openapi::tags_of(operation).map(|(tag, _)| tag)).collect();
    groups.dedup();
    let title = groups.into_iter().next().unwrap_or_else(|| "Undocumented".to_owned());
    let info = Info { title, ..Info::default() };
    let mut value = openapi::document(&api, &info, &documents.iter().collect::<Vec<_>>());
    findings.extend(examples::settle(&mut value, |place| documents.iter().find_map(|document| document.find(place))));
    let assumptions = Assumptions::of(&value);
    Imported { value: Some(value), read, unread, refused, findings, assumptions, documents }
}

/// The documents by their dialects: all of the given one, or each of the one that it is recognised as.
fn of_one_dialect(given: Option<Dialect>, documents: Vec<Document>, refused: &mut Failure) -> Vec<(Dialect, Vec<Document>)> {
    if let Some(dialect) = given {
        return vec![(dialect, documents)];
    }
    let mut groups: Vec<(Dialect, Vec<Document>)> = Vec::new();
    for document in documents {
        let Some(dialect) = Dialect::recognise(&document.text) else {
            refused.extend(Failure::new(
                format!(
                    "{}: a page of a known dialect was expected, and this one has the marks of none, or of several",
                    document.path
                ),
                format!(
                    "say what it is with `--dialect`; known are: {}. Where it was copied from a browser or turned into text, save \
                     the page as HTML and give that",
                    Dialect::ALL.map(Dialect::name).join(", ")
                ),
            ));
            continue;
        };
        match groups.iter_mut().find(|(known, _)| *known == dialect) {
            Some((_, group)) => group.push(document),
            None => groups.push((dialect, vec![document])),
        }
    }
    groups
}

/// A page's document, and words about a better source that the page itself has.
fn document(id: u32, path: &Path) -> Result<(Document, Option<String>), Failure> {
    let shown = path.display().to_string();
    let html::Extracted { text, better_source } = html::page_text(&shown, utf8(path)?)?;
    Ok((Document::new(id, shown.clone(), text).from_file(shown), better_source))
}

fn utf8(path: &Path) -> Result<String, Failure> {
    let bytes = files::input(path)?;
    if bytes.len() > MAX_BYTES {
        let error = io::Error::new(io::ErrorKind::FileTooLarge, "the page is larger than 4 GiB");
        return Err(Failure::io(path, "read", &error));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(format!("{}:1:1: the page is not UTF-8 text, see byte {at}", path.display()), "save the page as UTF-8")
    })
}

/// The text that a page is read as: its own, or what is made of its HTML; and what better source the HTML has.
///
/// # Errors
/// The page cannot be read, is no UTF-8, or is HTML of a kind that is not read.
pub fn extract(path: &Path) -> Result<html::Extracted, Failure> {
    html::page_text(&path.display().to_string(), utf8(path)?)
}

/// The OpenAPI document that a page carries within its script, as JSON.
///
/// # Errors
/// The page cannot be read, is no UTF-8, or carries none.
pub fn carried(path: &Path) -> Result<Value, Failure> {
    html::carried_document(&utf8(path)?).ok_or_else(|| {
        Failure::new(
            format!("{}: an OpenAPI document within the page's script was expected, and the page carries none", path.display()),
            "take it from where the page has it, or leave `--openapi` out to see what the page itself says",
        )
    })
}
