//! A newer version of a document, before it is taken: `cargo xtask update`.
//!
//! Input: a vendor, one of its documents, and a newer version of it. Output: what changed in the document, in the
//! specification and in Rust, whether that breaks callers, and which corrections and entries of the manifest no longer
//! fit. Writes, where it is asked to and nothing stands in the way, the document, its digest, what changes for callers into
//! the changelog, and all that is made of it, all at once.

use std::{fmt::Write as _, path::Path};

use crate::{
    document::Document,
    facade::{self, FacadeInput},
    failure::Failure,
    files::{self, Session},
    html, overlay,
    regen::{self, Made},
    specification::Draft,
    vendor::{self, Vendor},
};

mod changelog;
mod changes;
pub mod compare;
mod difference;
pub mod level;

use changes::Changes;
use level::Level;

/// Tells what `file` would change if it replaced `document` of the vendor called `name`; with `write` it is replaced.
///
/// # Errors
/// The page cannot be read, or, with `write`, something no longer fits; nothing was written then.
pub fn update(root: &Path, name: &str, document: &str, file: &Path, write: bool) -> Result<String, Failure> {
    let (bytes, made_of_html) = page(file)?;
    // What is read must still be so when it is written.
    let session = if write { Some(Session::begin(root)?) } else { None };
    let before = Made::load(root, name)?;
    let document = document.strip_prefix("docs/").unwrap_or(document);
    let newer = vendor::load(root, name)?.with_document(document, bytes)?;
    let path = format!("docs/{document}");
    let text = |vendor: &Vendor| find(vendor, &path).map(|document| document.text.clone()).unwrap_or_default();
    let (old, new) = (text(&before.vendor), text(&newer));
    if old == new {
        return Ok(format!("{path} is the same, byte by byte: there is nothing to update\n"));
    }
    let mut report = format!("Document {path}\n");
    if made_of_html {
        let _ = writeln!(
            report,
            "  the newer version is HTML; its text, {} lines, is compared and taken: `cargo xtask extract` prints it",
            new.lines().count()
        );
    }
    report.push_str(&difference::difference(&old, &new));
    let after = Newer::read(newer, &before)?;
    let changes = match &after.made {
        Ok(made) => Changes::of(&before, made),
        Err((specification, _)) => Changes::of_specification(&before, specification),
    };
    report.push_str(&changes.text());
    report.push_str(&after.obstacles());
    report.push_str(&verdict(&changes, &after));
    let Some(session) = session else { return Ok(report) };
    match after {
        Newer { made: Ok(mut made), left_over, misfits, .. } if left_over.is_empty() && misfits.is_empty() => {
            let folder = made.vendor.folder();
            let mut edited =
                vec![(format!("{folder}/{path}"), new), (format!("{folder}/vendor.toml"), made.vendor.source.text.clone())];
            let entries = changes.entries();
            if !entries.is_empty() {
                let text = changelog::with(made.vendor.changelog.as_deref(), &entries);
                edited.push((format!("{folder}/{}", vendor::CHANGELOG), text.clone()));
                made.vendor.changelog = Some(text);
            }
            let table = regen::rewrite(&session, *made, &edited)?;
            let _ = write!(report, "\nWritten\n{table}");
            Ok(report)
        }
        _ => Err(Failure::text(report + "\nNothing was written: mend what no longer fits, then run this once more.\n")),
    }
}

/// The bytes of a newer version, and whether they are what was made of its HTML.
fn page(file: &Path) -> Result<(Vec<u8>, bool), Failure> {
    let bytes = files::input(file)?;
    // What is no text is refused where the document is known.
    match String::from_utf8(bytes) {
        Ok(text) => {
            let is_html = html::is_html(&text);
            Ok((html::page_text(&file.display().to_string(), text)?.text.into_bytes(), is_html))
        }
        Err(error) => Ok((error.into_bytes(), false)),
    }
}

fn find<'a>(vendor: &'a Vendor, path: &str) -> Option<&'a Document> {
    vendor.documents.iter().find(|document| document.path == path)
}

/// What the vendor is with the newer document, as far as one comes.
struct Newer {
    /// The crate; or the specification so far, and what keeps the crate from being made.
    made: Result<Box<Made>, (serde_json::Value, Failure)>,
    /// Corrections that no longer fit: whether they are obsolete, and the text.
    misfits: Vec<(bool, String)>,
    /// Entries of the manifest that no longer fit.
    left_over: Vec<String>,
}

impl Newer {
    fn read(vendor: Vendor, before: &Made) -> Result<Self, Failure> {
        let mut draft = Draft::read(&vendor).map_err(|mut failure| {
            failure.extend(Failure::new(
                "the newer document cannot be read whole, nothing was written",
                "see whether the page is cut or of another kind; if it is sound, the dialect's reader must learn this form",
            ));
            failure
        })?;
        let rendered = |diagnostics: &[_]| vendor.failure(diagnostics).problems().to_vec();
        let mut left_over = rendered(&draft.unused);
        let mut misfits = Vec::new();
        let overlays = &vendor.overlays;
        // Evidence may name lines that the newer document no longer has; the actions are tried all the same.
        let outcome = overlay::apply_each(overlays, &vendor.documents, draft.value.clone()).or_else(|problems| {
            misfits.extend(rendered(&problems).into_iter().map(|text| (false, text)));
            overlay::apply_each(overlays, &before.vendor.documents, draft.value.clone())
        });
        let (applied, unfit) = outcome.map_err(|problems| vendor.failure(&problems))?;
        misfits.extend(unfit.iter().map(|misfit| {
            let text = rendered(std::slice::from_ref(&misfit.problem)).concat();
            let overlay = overlays.iter().find(|overlay| overlay.id == misfit.span.document);
            let place = overlay.map(|overlay| overlay.source(misfit.span)).unwrap_or_default();
            (misfit.obsolete, format!("{place}: `{}`\n{text}", misfit.target))
        }));
        (draft.value, draft.corrections) = (applied.specification, applied.corrections);
        let value = draft.value.clone();
        let made = match draft.finish(&vendor) {
            Ok(specification) => Made::of(vendor, specification).map(Box::new),
            Err(failure) => Err(failure),
        };
        if let Ok(made) = &made {
            let (vendor, specification) = (&made.vendor, &made.specification.value);
            let input = FacadeInput { vendor, specification, model: &made.client.model, features: &[] };
            left_over.extend(
                facade::check(&input).err().map(|problems| vendor.failure(&problems).problems().to_vec()).unwrap_or_default(),
            );
        }
        Ok(Self { made: made.map_err(|failure| (value, failure)), misfits, left_over })
    }

    /// What stands in the way of the newer document.
    fn obstacles(&self) -> String {
        let mut text = String::new();
        for (obsolete, head) in [(true, "Overlay actions that are obsolete"), (false, "Overlay actions that no longer fit")] {
            let actions = self.misfits.iter().filter(|(is, _)| *is == obsolete).map(|(_, text)| text.as_str());
            section(&mut text, head, actions);
        }
        section(&mut text, "Entries of the manifest that no longer fit", self.left_over.iter().map(String::as_str));
        if let Err((_, failure)) = &self.made {
            section(&mut text, "What keeps the client from being made", failure.problems().iter().map(String::as_str));
        }
        text
    }
}

fn section<'a>(text: &mut String, head: &str, parts: impl Iterator<Item = &'a str>) {
    let parts: Vec<&str> = parts.collect();
    if !parts.is_empty() {
        let _ = write!(text, "\n{head}\n");
        for line in parts.iter().flat_map(|part| part.lines()) {
            let _ = writeln!(text, "{}", format!("  {line}").trim_end());
        }
    }
}

fn verdict(changes: &Changes, after: &Newer) -> String {
    let level = match changes.level() {
        None => "The specification says the same; only places move".to_owned(),
        Some(Level::Major) => "This breaks callers: the next version is a major one".to_owned(),
        Some(level) => format!("This breaks no caller: the next version is a {} one", level.name()),
    };
    let count = after.misfits.len() + after.left_over.len() + usize::from(after.made.is_err());
    match count {
        0 => format!("\n{level}.\n"),
        1 => format!("\n{level}. One thing no longer fits and must be mended first.\n"),
        count => format!("\n{level}. {count} things no longer fit and must be mended first.\n"),
    }
}
