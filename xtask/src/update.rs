//! A newer version of a document, before it is taken: `cargo xtask update`.
//!
//! Input: a vendor, one of its documents, and a newer version of it. Output: what changed in the document, in the
//! specification and in Rust, whether that breaks callers, and which corrections and entries of the manifest no longer
//! fit. Writes, where it is asked to and nothing stands in the way, the document, its digest, what changes for callers into
//! the changelog, and all that is made of it, all at once.

use std::{fmt::Write as _, path::Path};

use serde_json::{Value, json};

use crate::{
    diagnostic::{Diagnostic, printable},
    document::Document,
    facade::{self, FacadeInput},
    failure::Failure,
    files::{self, Session},
    html,
    output::Output,
    overlay,
    regen::{self, Made},
    rust::Model,
    specification::Draft,
    vendor::{self, Vendor},
};

mod changelog;
mod changes;
pub mod compare;
mod difference;
pub mod level;
pub mod node;
mod obstacle;
mod renamed;
mod version;

use changes::Changes;
use level::Level;
use obstacle::{Obstacle, ObstacleKind};

/// What a run of `update` ended with; each has an exit code of its own, so that a bot need not read the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The document, or all that is made of it, stays as it is.
    Same,
    /// It changes something for callers, and can be taken.
    Changes(Level),
    /// Corrections or entries of the manifest no longer fit and must be mended first.
    Blocked,
    /// It was taken.
    Written,
}

impl Outcome {
    /// The exit code. 1 is an error, 2 a wrong command line.
    #[must_use]
    pub fn exit(self) -> u8 {
        match self {
            Self::Same | Self::Written => 0,
            Self::Changes(Level::Minor) => 3,
            Self::Changes(Level::Major) => 4,
            Self::Changes(Level::Patch) => 5,
            Self::Blocked => 6,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changes(_) => "changes",
            Self::Blocked => "blocked",
            Self::Written => "written",
        }
    }
}

/// Tells what `file` would change if it replaced `document` of the vendor called `name`; with `write` it is replaced, if
/// nothing stands in the way.
///
/// # Errors
/// The page cannot be read, or is not among the vendor's documents; nothing was written then.
pub fn update(root: &Path, name: &str, document: &str, file: &Path, write: bool) -> Result<Output, Failure> {
    let Newest { bytes, made_of_html, better_source } = page(file)?;
    // What is read must still be so when it is written.
    let session = if write { Some(Session::begin(root)?) } else { None };
    let before = Made::load(root, name)?;
    let document = document.strip_prefix("docs/").unwrap_or(document);
    let shown = file.display().to_string();
    let newer = vendor::load(root, name)?.with_document(document, &shown, bytes)?;
    let path = format!("docs/{document}");
    let text = |vendor: &Vendor| find(vendor, &path).map(|document| document.text.clone()).unwrap_or_default();
    let (old, new) = (text(&before.vendor), text(&newer));
    let told = Told { vendor: &before.vendor, path: &path, newer: &shown, better_source: better_source.as_deref() };
    if old == new {
        let source = better_source.as_ref().map(|source| format!("  {source}\n")).unwrap_or_default();
        let text = format!("{path} is the same, byte by byte: there is nothing to update\n{source}");
        return Ok(told.output(Outcome::Same, text, None, &[]));
    }
    let mut report = format!("Document {path}\n");
    if made_of_html {
        let _ = writeln!(
            report,
            "  the newer version is HTML; its text, {} lines, is compared and taken: `cargo xtask extract` prints it",
            new.lines().count()
        );
    }
    // What makes the rest needless comes first.
    if let Some(source) = &better_source {
        let _ = writeln!(report, "  {source}");
    }
    report.push_str(&difference::difference(&old, &new));
    let after = Newer::read(newer, &before)?;
    let folder = before.vendor.folder();
    let committed = |place: &str| format!("{folder}/{place}");
    let current = |place: &str| if place == path { shown.clone() } else { committed(place) };
    let made = after.made.as_deref().map_err(|(specification, _)| specification);
    let changes = Changes::of((&before, &committed), (made, &current));
    report.push_str(&changes.text());
    let obstacles = after.obstacles();
    report.push_str(&obstacle::text(&obstacles));
    report.push_str(&verdict(&changes, obstacles.len()));
    let next = version::next(&before.vendor, changes.level());
    report.push_str(&version::text(&before.vendor, next));
    let outcome = match changes.level() {
        _ if !obstacles.is_empty() => Outcome::Blocked,
        Some(level) => Outcome::Changes(level),
        None => Outcome::Same,
    };
    let (Some(session), Ok(mut made), true) = (session, after.made, outcome != Outcome::Blocked) else {
        if write {
            report.push_str("\nNothing was written: mend what no longer fits, then run this once more.\n");
        }
        return Ok(told.output(outcome, report, Some(&changes), &obstacles));
    };
    if let Some(next) = next {
        let Made { vendor, specification, .. } = *made;
        *made = Made::of(vendor.released_as(next)?, specification)?;
    }
    let mut edited = vec![(format!("{folder}/{path}"), new), (format!("{folder}/vendor.toml"), made.vendor.source.text.clone())];
    let entries = changes.entries();
    if !entries.is_empty() {
        let text = changelog::with(made.vendor.changelog.as_deref(), &entries);
        edited.push((format!("{folder}/{}", vendor::CHANGELOG), text.clone()));
        made.vendor.changelog = Some(text);
    }
    let table = regen::rewrite(&session, *made, &edited)?;
    let _ = write!(report, "\nWritten\n{table}");
    Ok(told.output(Outcome::Written, report, Some(&changes), &[]))
}

/// The level of what differs between two specifications, each with the Rust that is made of it; `None` where nothing does.
#[must_use]
pub fn level(before: (&Value, &Model), after: (&Value, &Model)) -> Option<Level> {
    Changes::of_models(before, after).level()
}

/// What the report is about.
struct Told<'a> {
    vendor: &'a Vendor,
    path: &'a str,
    newer: &'a str,
    /// Words about the OpenAPI document that the newer page carries or names.
    better_source: Option<&'a str>,
}

impl Told<'_> {
    fn output(&self, outcome: Outcome, text: String, changes: Option<&Changes>, obstacles: &[Obstacle]) -> Output {
        let level = changes.and_then(Changes::level);
        let json = json!({
            "command": "update",
            "outcome": outcome.name(),
            "vendor": self.vendor.name(),
            "document": self.path,
            "newer": self.newer,
            "better_source": self.better_source,
            "level": level.map(Level::name),
            "version": version::stated(self.vendor, version::next(self.vendor, level)),
            "changes": changes.map_or_else(|| json!([]), Changes::json),
            "obstacles": obstacles.iter().map(Obstacle::json).collect::<Vec<_>>(),
        });
        let mut annotations: Vec<_> = obstacles.iter().map(Obstacle::annotation).collect();
        annotations.extend(changes.map(Changes::annotations).unwrap_or_default());
        Output { text, json, annotations, exit: outcome.exit() }
    }
}

/// A newer version of a document.
struct Newest {
    bytes: Vec<u8>,
    /// Whether they are what was made of its HTML.
    made_of_html: bool,
    better_source: Option<String>,
}

fn page(file: &Path) -> Result<Newest, Failure> {
    let bytes = files::input(file)?;
    // What is no text is refused where the document is known.
    match String::from_utf8(bytes) {
        Ok(text) => {
            let made_of_html = html::is_html(&text);
            let html::Extracted { text, better_source } = html::page_text(&file.display().to_string(), text)?;
            Ok(Newest { bytes: text.into_bytes(), made_of_html, better_source })
        }
        Err(error) => Ok(Newest { bytes: error.into_bytes(), made_of_html: false, better_source: None }),
    }
}

fn find<'a>(vendor: &'a Vendor, path: &str) -> Option<&'a Document> {
    vendor.documents.iter().find(|document| document.path == path)
}

/// What the vendor is with the newer document, as far as one comes.
struct Newer {
    /// The crate; or the specification so far, and what keeps the crate from being made.
    made: Result<Box<Made>, (Value, Failure)>,
    /// Corrections and entries of the manifest that no longer fit.
    misfits: Vec<Obstacle>,
}

impl Newer {
    fn read(vendor: Vendor, before: &Made) -> Result<Self, Failure> {
        let mut draft = Draft::read(&vendor).map_err(|mut failure| {
            failure.extend(Failure::new(
                "the newer document cannot be read whole, nothing was written",
                "see whether the page is cut or of another kind; if it is sound, the dialect's reader has to be extended by this form",
            ));
            failure
        })?;
        let obstacles = |kind, diagnostics: &[Diagnostic]| -> Vec<Obstacle> {
            vendor.failure(diagnostics).problems().iter().map(|problem| Obstacle::new(kind, problem)).collect()
        };
        let mut misfits = obstacles(ObstacleKind::Manifest, &draft.unused);
        let overlays = &vendor.overlays;
        // Evidence may name lines that the newer document no longer has; the actions are tried all the same.
        let outcome = overlay::apply_each(overlays, &vendor.documents, draft.value.clone()).or_else(|problems| {
            misfits.extend(obstacles(ObstacleKind::Correction, &problems));
            overlay::apply_each(overlays, &before.vendor.documents, draft.value.clone())
        });
        let (applied, unfit) = outcome.map_err(|problems| vendor.failure(&problems))?;
        for misfit in &unfit {
            let kind = if misfit.obsolete { ObstacleKind::Obsolete } else { ObstacleKind::Correction };
            let overlay = overlays.iter().find(|overlay| overlay.id == misfit.span.document);
            let place = overlay.map(|overlay| overlay.source(misfit.span)).unwrap_or_default();
            let head = format!("{place}: `{}`\n", printable(&misfit.target));
            misfits.extend(obstacles(kind, std::slice::from_ref(&misfit.problem)).into_iter().map(|one| one.headed(&head)));
        }
        (draft.value, draft.corrections) = (applied.specification, applied.corrections);
        let value = draft.value.clone();
        let made = match draft.finish(&vendor) {
            Ok(specification) => Made::of(vendor, specification).map(Box::new),
            Err(failure) => Err(failure),
        };
        if let Ok(made) = &made {
            let (vendor, specification) = (&made.vendor, &made.specification.value);
            let input = FacadeInput { vendor, specification, model: &made.client.model, features: &[] };
            if let Err(problems) = facade::check(&input) {
                let problems = vendor.failure(&problems);
                misfits.extend(problems.problems().iter().map(|problem| Obstacle::new(ObstacleKind::Manifest, problem)));
            }
        }
        Ok(Self { made: made.map_err(|failure| (value, failure)), misfits })
    }

    /// What stands in the way of the newer document.
    fn obstacles(&self) -> Vec<Obstacle> {
        let client = self.made.as_ref().err().map(|(_, failure)| failure.problems()).unwrap_or_default();
        self.misfits.iter().cloned().chain(client.iter().map(|problem| Obstacle::new(ObstacleKind::Client, problem))).collect()
    }
}

fn verdict(changes: &Changes, obstacles: usize) -> String {
    let level = match changes.level() {
        None => "The specification says the same; only places move".to_owned(),
        Some(Level::Major) => "This breaks callers: the next version is a major one".to_owned(),
        Some(level) => format!("This breaks no caller: the next version is a {} one", level.name()),
    };
    match obstacles {
        0 => format!("\n{level}.\n"),
        1 => format!("\n{level}. One thing no longer fits and must be mended first.\n"),
        count => format!("\n{level}. {count} things no longer fit and must be mended first.\n"),
    }
}
