//! One vendor's folder, `specs/<vendor>/`: its manifest, its documents, its overlays and its changelog.
//!
//! Input: the root of the workspace and the vendor's name. Output: everything that was read, or all that is wrong
//! with it, with places in `vendor.toml`. Reads only files that the manifest names. Knows nothing of what the
//! documents say or of what is made from them.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    attributes,
    diagnostic::Diagnostic,
    dialect::{Dialect, Options},
    document::{Document, MAX_BYTES, Span},
    failure::Failure,
    files, html, nodes,
};

pub mod call;
mod check;
pub mod directory;
mod lacking;
pub mod manifest;
pub mod name;
pub mod pages;
pub mod user;
pub mod version;

pub use manifest::Manifest;
use version::Version;

/// Everything in a vendor's folder.
#[derive(Debug)]
pub struct Vendor {
    /// What is special about the vendor.
    pub manifest: Manifest,
    /// The text of `vendor.toml`, which the spans of [`Vendor::manifest`] count in.
    pub source: Document,
    /// The documents in the order of the manifest; a document's id is its position here.
    pub documents: Vec<Document>,
    /// `overlay.yaml`, where there is one, then the files of `overlay/` by name: the order in which they are applied.
    pub overlays: Vec<Document>,
    /// The text of `CHANGELOG.md`, where there is one: what changed for callers.
    pub changelog: Option<String>,
}

impl Vendor {
    /// Name of the folder and of the crate.
    #[must_use]
    pub fn name(&self) -> &str {
        self.manifest.name.get_ref()
    }

    /// The folder from the workspace's root, such as `specs/example`.
    #[must_use]
    pub fn folder(&self) -> String {
        folder(self.name())
    }

    /// Every file that spans can point into: documents, overlays, manifest.
    pub fn sources(&self) -> impl Iterator<Item = &Document> + Clone {
        self.documents.iter().chain(&self.overlays).chain([&self.source])
    }

    /// The place of an entry of the manifest, for a [`Diagnostic`].
    #[must_use]
    pub fn span<T>(&self, entry: &toml::Spanned<T>) -> Span {
        self.source.span(entry.span())
    }

    /// A problem of the node at `pointer` of the vendor's specification, at the first place that says the node.
    #[must_use]
    pub fn failure_at(&self, specification: &Value, pointer: &str, message: String, help: impl AsRef<str>) -> Failure {
        let places = nodes::sources_around(specification, pointer);
        match places.iter().find_map(|place| self.sources().find_map(|source| source.find(place))) {
            Some(span) => self.failure(&[Diagnostic::new(span, message, help.as_ref())]),
            None => Failure::new(format!("{}: {message}", self.folder()), help),
        }
    }

    /// Diagnostics of any of the vendor's files as one failure.
    #[must_use]
    pub fn failure(&self, diagnostics: &[Diagnostic]) -> Failure {
        Failure::diagnostics(&self.folder(), diagnostics, self.sources())
    }
}

impl Vendor {
    /// A vendor that has no folder yet: the text of its manifest, and the text of each document that it lists, in that order,
    /// with the file that it is read from.
    ///
    /// # Errors
    /// All that is wrong with the manifest.
    pub fn of(name: &str, manifest: String, documents: &[(PathBuf, String)]) -> Result<Self, Failure> {
        let source = Document::verbatim(u32::MAX, "vendor.toml", manifest);
        let manifest = parse(&source).map_err(|problems| Failure::diagnostics(&folder(name), &problems, [&source]))?;
        let listed = manifest.documents.iter().zip(documents).enumerate().map(|(id, (entry, (file, text)))| {
            let document = Document::new(id as u32, format!("docs/{}", entry.file.get_ref()), text.clone());
            document.from_file(file.display().to_string())
        });
        Ok(Self { documents: listed.collect(), manifest, source, overlays: Vec::new(), changelog: None })
    }

    /// The same vendor under another name.
    ///
    /// # Errors
    /// What is wrong with the manifest then.
    pub fn named(mut self, name: &str) -> Result<Self, Failure> {
        let mut text = self.source.text.clone();
        text.replace_range(self.manifest.name.span(), &format!("\"{name}\""));
        self.source = Document::verbatim(self.source.id, self.source.path.clone(), text);
        self.manifest = parse(&self.source).map_err(|problems| self.failure(&problems))?;
        Ok(self)
    }

    /// The same vendor with another version of its crate.
    ///
    /// # Errors
    /// What is wrong with the manifest then.
    pub fn released_as(mut self, version: Version) -> Result<Self, Failure> {
        let mut text = self.source.text.clone();
        match self.manifest.stated_version() {
            Some(stated) => text.replace_range(stated.span(), &format!("\"{version}\"")),
            None => {
                let name = self.manifest.name.span();
                let end = text.get(name.end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| name.end + at);
                text.insert_str(end, &format!("\nversion = \"{version}\""));
            }
        }
        self.source = Document::verbatim(self.source.id, self.source.path.clone(), text);
        self.manifest = parse(&self.source).map_err(|problems| self.failure(&problems))?;
        Ok(self)
    }

    /// The same vendor with another version of the document `file`, which lies at `newer`, and with its digest in the manifest.
    ///
    /// # Errors
    /// The manifest lists no such document, or `bytes` are no text.
    pub fn with_document(mut self, file: &str, newer: &str, bytes: Vec<u8>) -> Result<Self, Failure> {
        let listed = self.manifest.documents.iter().position(|entry| entry.file.get_ref() == file);
        let (Some(index), Some(entry)) = (listed, listed.and_then(|index| self.manifest.documents.get(index))) else {
            let known: Vec<&str> = self.manifest.documents.iter().map(|entry| entry.file.get_ref().as_str()).collect();
            let message = format!("{}/vendor.toml lists no document `{file}`", self.folder());
            return Err(Failure::new(message, format!("known are: {}", known.join(", "))));
        };
        let digest = digest(&bytes);
        let text = text(bytes)
            .map_err(|problem| Failure::new(format!("{newer}, the new version of `{file}`, {problem}"), SAVE_AS_UTF8))?;
        let place = entry.sha256.span();
        let value = self.source.text.get(place.clone()).unwrap_or_default().replacen(entry.sha256.get_ref(), &digest, 1);
        let mut manifest = self.source.text.clone();
        manifest.replace_range(place, &value);
        self.source = Document::verbatim(self.source.id, self.source.path.clone(), manifest);
        self.manifest = parse(&self.source).map_err(|problems| self.failure(&problems))?;
        if let Some(document) = self.documents.get_mut(index) {
            *document = Document::new(document.id, document.path.clone(), text).from_file(newer.to_owned());
        }
        Ok(self)
    }
}

/// The file that says what changed for callers.
pub const CHANGELOG: &str = "CHANGELOG.md";

/// Where the folders of all vendors stand.
const SPECS: &str = "specs";

/// The folder of the vendor called `name`, from the workspace's root.
#[must_use]
pub fn folder(name: &str) -> String {
    format!("{SPECS}/{name}")
}

/// The names of all vendors, sorted: the folders in `specs/`.
///
/// # Errors
/// The file system's, where `specs/` cannot be read; or a folder has no `vendor.toml`.
pub fn names(root: &Path) -> Result<Vec<String>, Failure> {
    let names = folders(root)?;
    for name in &names {
        if !root.join(folder(name)).join("vendor.toml").is_file() {
            let help = "write the manifest, or remove the folder with everything in it";
            return Err(Failure::new(format!("{SPECS}/{name} has no vendor.toml"), help));
        }
    }
    Ok(names)
}

/// The names of all folders in `specs/`, sorted, whatever is in them.
///
/// # Errors
/// The file system's, where `specs/` cannot be read.
pub fn folders(root: &Path) -> Result<Vec<String>, Failure> {
    Ok(list(&root.join(SPECS))?.into_iter().filter(|(_, path)| path.is_dir()).map(|(name, _)| name).collect())
}

/// Reads the folder of the vendor called `name`.
///
/// # Errors
/// Everything that is wrong with the manifest, or, where that is sound, with the documents.
pub fn load(root: &Path, name: &str) -> Result<Vendor, Failure> {
    attributes::check()?;
    let known = folders(root)?;
    if !known.iter().any(|known| known == name) {
        let known = known.join(", ");
        return Err(Failure::new(format!("there is no vendor `{name}` in {SPECS}/"), format!("known are: {known}")));
    }
    let shown = folder(name);
    let path = root.join(&shown);
    let manifest_path = path.join("vendor.toml");
    let text =
        text(read(&manifest_path)?).map_err(|problem| Failure::new(format!("{shown}/vendor.toml {problem}"), SAVE_AS_UTF8))?;
    // Documents come first: their ids are their positions.
    let source = Document::verbatim(u32::MAX, "vendor.toml", text);
    let fail = |diagnostics: Vec<Diagnostic>| Failure::diagnostics(&shown, &diagnostics, [&source]);
    let manifest = parse(&source).map_err(&fail)?;
    let (documents, mut problems) = documents(&path, name, &manifest, &source)?;
    let span = source.span(manifest.name.span());
    if manifest.name.get_ref() != name {
        let message = format!("the folder is called `{name}`, the manifest says `{}`", manifest.name.get_ref());
        problems.insert(0, Diagnostic::new(span, message, "give both the same name"));
    } else if let Some((message, help)) = name::taken(root, name) {
        problems.insert(0, Diagnostic::new(span, message, help));
    }
    if !problems.is_empty() {
        return Err(fail(problems));
    }
    let overlays = overlays(&path, &shown)?;
    let changelog = optional(&path, &shown, CHANGELOG)?;
    Ok(Vendor { manifest, source, documents, overlays, changelog })
}

const SAVE_AS_UTF8: &str = "save the file as UTF-8 text";

/// Reads and checks a manifest without looking at any other file.
///
/// # Errors
/// What is wrong, with its place in `source`.
pub fn parse(source: &Document) -> Result<Manifest, Vec<Diagnostic>> {
    let manifest: Manifest = toml::from_str(&source.text).map_err(|error| {
        let span = source.span(error.span().unwrap_or(0..0));
        let first = Diagnostic::new(span, error.message().replace('\n', ", "), check::help(error.message()));
        let mut problems = lacking::lacking(source);
        if problems.is_empty() || !error.message().starts_with("missing field") {
            problems.insert(0, first);
        }
        problems
    })?;
    let problems = check::manifest(&manifest, source);
    if problems.is_empty() { Ok(manifest) } else { Err(problems) }
}

/// What the manifest at `path` says of its vendor's pages.
///
/// # Errors
/// The file cannot be read, or is no sound manifest.
pub fn dialect_of(path: &Path) -> Result<(Dialect, Options), Failure> {
    let shown = path.display().to_string();
    let text = text(read(path)?).map_err(|problem| Failure::new(format!("{shown} {problem}"), SAVE_AS_UTF8))?;
    let source = Document::verbatim(u32::MAX, shown.clone(), text).from_file(shown);
    let manifest = parse(&source).map_err(|problems| Failure::diagnostics("", &problems, [&source]))?;
    Ok((manifest.dialect(), manifest.options()))
}

/// The documents that the manifest lists, and what is wrong with them and with others that stand beside them.
fn documents(
    path: &Path,
    name: &str,
    manifest: &Manifest,
    source: &Document,
) -> Result<(Vec<Document>, Vec<Diagnostic>), Failure> {
    let folder = path.join("docs");
    let present = list(&folder)?;
    let mut problems = Vec::new();
    let mut documents = Vec::new();
    for entry in &manifest.documents {
        let file = entry.file.get_ref();
        let mut problem = |span, message: String, help: String| problems.push(Diagnostic::new(source.span(span), message, help));
        let Ok(Some((_, path))) = present.binary_search_by(|(name, _)| name.as_str().cmp(file)).map(|at| present.get(at)) else {
            let help = format!("put the vendor's document there, from {}", entry.url.get_ref());
            problem(entry.file.span(), format!("there is no document `docs/{file}`"), help);
            continue;
        };
        let metadata = fs::symlink_metadata(path).map_err(|error| Failure::io(path, "read", &error))?;
        if !metadata.is_file() || metadata.len() > MAX_BYTES as u64 {
            let help = "put the document itself there, verbatim".to_owned();
            problem(entry.file.span(), format!("`docs/{file}` is no plain file, or larger than 4 GiB"), help);
            continue;
        }
        let bytes = read(path)?;
        if std::str::from_utf8(&bytes).is_ok_and(html::is_html) {
            let text = Path::new(file).with_extension("txt");
            let help = format!(
                "move it out of docs/, run `cargo xtask extract PAGE.html > {SPECS}/{name}/docs/{}`, and list that with its sha256",
                text.display()
            );
            problem(entry.file.span(), format!("`docs/{file}` is HTML, and a document is text"), help);
            continue;
        }
        let digest = digest(&bytes);
        if !digest.eq_ignore_ascii_case(entry.sha256.get_ref()) {
            let message = format!("`docs/{file}` has changed: expected sha256 {}, found {digest}", entry.sha256.get_ref());
            let help = format!(
                "move the changed one elsewhere, get the committed one back with `git restore {SPECS}/{name}/docs/{file}`, and \
                 run `cargo xtask update {name} {file} CHANGED`: it says what that changes for callers, and takes it with `--write`"
            );
            problem(entry.sha256.span(), message, help);
            continue;
        }
        match text(bytes) {
            Ok(text) => documents.push(Document::new(documents.len() as u32, format!("docs/{file}"), text)),
            Err(message) => problem(entry.file.span(), format!("`docs/{file}` {message}"), SAVE_AS_UTF8.to_owned()),
        }
    }
    let listed: HashSet<&str> = manifest.documents.iter().map(|entry| entry.file.get_ref().as_str()).collect();
    for (name, _) in present {
        if !listed.contains(name.as_str()) {
            let span = manifest.documents.last().map_or(0..0, |entry| entry.file.span());
            let help = "list it under [[documents]] with its sha256 and url, or remove it";
            problems.push(Diagnostic::new(source.span(span), format!("`docs/{name}` is not listed in the manifest"), help));
        }
    }
    Ok((documents, problems))
}

/// The overlays in the order in which they are applied; the last ids below the manifest's are theirs.
fn overlays(path: &Path, shown: &str) -> Result<Vec<Document>, Failure> {
    let mut files: Vec<String> = vec![format!("{OVERLAY}.yaml")];
    let folder = path.join(OVERLAY);
    if folder.is_dir() {
        for (name, path) in list(&folder)? {
            let file = format!("{OVERLAY}/{name}");
            if !path.is_file() || path.extension().is_none_or(|extension| extension != "yaml") {
                let message = format!("{shown}/{file} is not an overlay: expected files `<topic>.yaml` there");
                return Err(Failure::new(message, "rename it, or move it out of the folder"));
            }
            files.push(file);
        }
    }
    let mut overlays = Vec::new();
    for file in files {
        if let Some(text) = optional(path, shown, &file)? {
            overlays.push(Document::verbatim(u32::MAX - 1 - overlays.len() as u32, file, text));
        }
    }
    Ok(overlays)
}

/// The file, and the folder of files, of a vendor's overlays.
const OVERLAY: &str = "overlay";

/// Whether a place, `file:line:column`, stands in an overlay.
#[must_use]
pub fn is_overlay(place: &str) -> bool {
    place.strip_prefix(OVERLAY).is_some_and(|rest| rest.starts_with(".yaml:") || rest.starts_with('/'))
}

/// Whether a node with these places is there by an overlay alone: no document has a word of it.
#[must_use]
pub fn is_brought(places: &[String]) -> bool {
    !places.is_empty() && places.iter().all(|place| is_overlay(place))
}

/// The text of a file that a vendor's folder need not have.
fn optional(path: &Path, shown: &str, name: &str) -> Result<Option<String>, Failure> {
    let path = path.join(name);
    if fs::symlink_metadata(&path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return Ok(None);
    }
    let fail = |problem| Failure::new(format!("{shown}/{name} {problem}"), SAVE_AS_UTF8);
    text(read(&path)?).map(Some).map_err(fail)
}

/// The SHA-256 of `bytes` in hexadecimal.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The text of a file, verbatim: carriage returns and a byte order mark stay, since places count them.
fn text(bytes: Vec<u8>) -> Result<String, String> {
    let place = |at: usize| {
        let before = bytes.get(..at).unwrap_or_default();
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        format!("line {line} (byte {at})")
    };
    if let Err(error) = std::str::from_utf8(&bytes) {
        return Err(format!("is not UTF-8 text: see {}", place(error.valid_up_to())));
    }
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err(format!("is not text, it has a zero byte: see {}", place(at)));
    }
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    files::input(path)
}

/// Names and paths in a folder, sorted by name.
fn list(folder: &Path) -> Result<Vec<(String, PathBuf)>, Failure> {
    let fail = |error: io::Error| Failure::io(folder, "read", &error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        entries.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    entries.sort();
    Ok(entries)
}
