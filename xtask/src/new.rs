//! A vendor's folder from its pages: `cargo xtask new`.
//!
//! Takes a name and pages. Writes the pages, a manifest with guesses that say why, and a changelog, all at once or not at
//! all. Returns what a person has to fill in and to look at. Makes no crate: that is `regen`'s.

use std::{
    collections::HashSet,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    dialect::Dialect,
    failure::Failure,
    files::{self, Outputs, Session},
    html,
    import::summary,
    nodes::members_at,
    output::{Output, indented},
    regen::Made,
    specification::{self, Draft},
    vendor::{self, Vendor, name},
    words,
};

mod carry;
mod guess;
mod manifest;

use manifest::Page;

/// What a person knows and the pages may not say.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// How the pages are written; recognised where it is left out.
    pub dialect: Option<Dialect>,
    /// What people call the vendor.
    pub title: Option<String>,
    /// Where the pages are published.
    pub address: Option<String>,
    /// Where the API is served.
    pub server: Option<String>,
}

/// The first changelog of a client.
const CHANGELOG: &str = "\
# Changelog

The form is that of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/), the versions are those of
[Semantic Versioning](https://semver.org/).

## Unreleased

### Added

- The client, made from the vendor's pages.
";

/// Makes the folder of the vendor called `name` from `pages`.
///
/// # Errors
/// All that is wrong: the name, or pages that cannot be read. Nothing was written then.
pub fn new(root: &Path, name: &str, known: &Known, pages: &[PathBuf]) -> Result<Output, Failure> {
    let session = Session::begin(root)?;
    let mut failure = free(root, name).err().unwrap_or_default();
    let is_free = failure.problems().is_empty();
    let mut read: Vec<Read> =
        pages.iter().filter_map(|page| Read::page(page).map_err(|problem| failure.extend(problem)).ok()).collect();
    let (dialect, unfit) = dialect(known.dialect, &read);
    failure.extend(unfit);
    let Some(dialect) = dialect.filter(|_| is_free) else { return Err(failure) };
    // What else is wrong is told of the pages whose dialect is known.
    read.retain(|page| known.dialect.is_some() || Dialect::recognise(&page.text) == Some(dialect));
    let (files, texts) = (named(&read), read.iter().map(|page| (page.path.clone(), page.text.clone())).collect::<Vec<_>>());
    let given = known.address.as_ref().map(|address| (address.clone(), "given on the command line".to_owned()));
    let page = |(file, page): (&String, &Read)| Page {
        file: file.clone(),
        digest: vendor::digest(page.text.as_bytes()),
        address: given.clone().or_else(|| Some((page.address.clone()?, "the page names it as its own".to_owned()))),
    };
    let listed: Vec<Page> = files.iter().zip(&read).map(page).collect();
    let mut draft = manifest::Draft {
        name,
        title: title(name, known, &read),
        dialect,
        pages: &listed,
        server: None,
        tags: Vec::new(),
        schemes: Vec::new(),
        user: None,
        verbs: Vec::new(),
    };
    // What only addresses are missing for can be read already.
    let somewhere = format!("https://{name}.example/");
    let vendor = Vendor::of(name, draft.text(Some(&somewhere)), &texts)?;
    let specification = match Draft::read(&vendor) {
        Ok(draft) if failure.problems().is_empty() => draft.value,
        Ok(_) => return Err(failure),
        Err(problems) => {
            failure.extend(problems);
            return Err(failure);
        }
    };
    fill(&mut draft, &specification, &vendor, known);

    let text = draft.text(None);
    let folder = vendor::folder(name);
    let mut outputs = Outputs::default();
    outputs.edit(format!("{folder}/vendor.toml"), &text)?;
    outputs.edit(format!("{folder}/{}", vendor::CHANGELOG), CHANGELOG)?;
    for (file, page) in files.iter().zip(&read) {
        outputs.edit(format!("{folder}/docs/{file}"), &page.text)?;
    }
    let left = left(name, draft.text(Some(&somewhere)), &texts).err().unwrap_or_default();
    let report = session.write(&outputs)?;
    let mut told: String = report.files.iter().map(|(path, _)| format!("{path}\n")).collect();
    let _ = write!(told, "\nThe pages say, as {}\n{}", dialect.name(), indented(&summary(&specification)));
    told.push_str(&marked(&folder, &text));
    if !left.problems().is_empty() {
        let _ = write!(told, "\nMend\n{}", indented(&left.to_string()));
    }
    let _ = writeln!(told, "\nThen run `cargo xtask regen {name}`.");
    Ok(Output::text(told))
}

/// Whether a vendor can be called so.
///
/// # Errors
/// What stands in the way.
pub(crate) fn free(root: &Path, name: &str) -> Result<(), Failure> {
    let fault = name::form(name).or_else(|| name::taken(root, name)).or_else(|| {
        let folder = vendor::folder(name);
        let help = "take another name, `cargo xtask remove` it, or move the folder elsewhere".to_owned();
        root.join(&folder).exists().then(|| (format!("{folder} is there already"), help))
    });
    fault.map_or(Ok(()), |(message, help)| Err(Failure::new(message, help)))
}

/// A page as it will be kept.
struct Read {
    path: PathBuf,
    text: String,
    /// Where it says that it was published.
    address: Option<String>,
    /// The title of the API, where the page carries the document that it was made from.
    title: Option<String>,
    is_html: bool,
}

impl Read {
    fn page(path: &Path) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        let page = String::from_utf8(files::input(path)?).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Failure::new(format!("{shown} is not UTF-8 text, see byte {at}"), "save the page as UTF-8")
        })?;
        let is_html = html::is_html(&page);
        let (address, carried) = if is_html { (html::address(&page), html::carried_document(&page)) } else { (None, None) };
        let title = carried.and_then(|document| Some(document.pointer("/info/title")?.as_str()?.trim().to_owned()));
        let text = html::page_text(&shown, page)?.text;
        Ok(Self { path: path.to_owned(), text, address, title: title.filter(|title| !title.is_empty()), is_html })
    }
}

/// The one dialect of all pages, and what is wrong with those that are not of it.
fn dialect(given: Option<Dialect>, pages: &[Read]) -> (Option<Dialect>, Failure) {
    let mut failure = Failure::default();
    if given.is_some() {
        return (given, failure);
    }
    let mut found: Vec<(Dialect, &Path)> = Vec::new();
    for page in pages {
        match Dialect::recognise(&page.text) {
            Some(dialect) if found.iter().any(|(known, _)| *known == dialect) => {}
            Some(dialect) => found.push((dialect, &page.path)),
            None => failure.extend(Failure::new(
                format!("{} has the marks of no dialect, or of several", page.path.display()),
                format!("say what it is with `--dialect`; known are: {}", Dialect::ALL.map(Dialect::name).join(", ")),
            )),
        }
    }
    if let [(one, first), (other, second), ..] = found.as_slice() {
        let of = |dialect: &Dialect, path: &Path| format!("{} is of {}", path.display(), dialect.name());
        failure.extend(Failure::new(
            format!("pages of one vendor are of one dialect: {}, {}", of(one, first), of(other, second)),
            "give those of one dialect, or say which it is with `--dialect`",
        ));
    }
    (found.first().map(|(dialect, _)| *dialect), failure)
}

/// The name of each page in `docs/`: its own, in the signs that every platform takes, and no name twice.
fn named(pages: &[Read]) -> Vec<String> {
    const LONGEST: usize = 100;
    let mut taken = HashSet::new();
    let plain = |page: &Read| {
        let name = page.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name = if page.is_html { Path::new(&name).with_extension("txt").to_string_lossy().into_owned() } else { name };
        let sign = |char: char| if char.is_ascii_alphanumeric() || "._-".contains(char) { char } else { '-' };
        let name: String = name.chars().map(sign).collect();
        name.trim_start_matches(|char: char| !char.is_ascii_alphanumeric()).to_owned()
    };
    let unique = |page: &Read| {
        let name = plain(page);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, "txt"));
        let stem: String = stem.chars().take(LONGEST).collect();
        let stem = if stem.is_empty() { "page".to_owned() } else { stem };
        let numbered = (2..).map(|number| format!("{stem}-{number}.{extension}"));
        let names = std::iter::once(format!("{stem}.{extension}")).chain(numbered);
        names.into_iter().find(|name| taken.insert(name.to_lowercase())).unwrap_or_default()
    };
    pages.iter().map(unique).collect()
}

/// What people call the vendor, and how that is known.
fn title(name: &str, known: &Known, pages: &[Read]) -> (String, String) {
    let given = known.title.as_ref().map(|title| (title.clone(), "given on the command line".to_owned()));
    let carried = || pages.iter().find_map(|page| Some((page.title.clone()?, "the page carries its API's title".to_owned())));
    let spelled =
        || (name.split('-').map(words::capitalized).collect::<Vec<_>>().join(" "), "the name, spelled for people".to_owned());
    given.or_else(carried).unwrap_or_else(spelled)
}

/// Adds what the pages let one guess.
fn fill(draft: &mut manifest::Draft<'_>, specification: &Value, vendor: &Vendor, known: &Known) {
    let operations = carry::operations(specification);
    let given = known.server.as_ref().map(|server| {
        let evidence = draft.pages.first().and_then(|page| Some(page.address.as_ref()?.0.clone()));
        (server.clone(), "the person who added the vendor knows it".to_owned(), evidence.unwrap_or_else(|| server.clone()))
    });
    draft.server = given.or_else(|| {
        let (server, place) = guess::server(&vendor.documents, &operations)?;
        Some((server, "the page shows a whole address of an operation".to_owned(), place))
    });
    draft.tags = guess::tags(specification, &operations);
    for (name, scheme) in members_at(specification, "/components/securitySchemes") {
        let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
        let kind = match text("type") {
            "http" => format!("the scheme `{}` of the Authorization header", text("scheme")),
            _ => format!("the {} `{}`", text("in"), text("name")),
        };
        draft.schemes.push((name.clone(), kind));
    }
    draft.user = guess::user(specification, &operations);
    draft.verbs = draft.user.as_ref().map(|user| guess::verbs(&operations, &user.schema)).unwrap_or_default();
}

/// What is wrong with the vendor beside its holes.
fn left(name: &str, manifest: String, texts: &[(PathBuf, String)]) -> Result<(), Failure> {
    let vendor = Vendor::of(name, manifest, texts)?;
    let specification = specification::specification(&vendor)?;
    Made::of(vendor, specification)?.misfits()
}

/// The lines of a manifest that a person has to fill in and to look at.
fn marked(folder: &str, manifest: &str) -> String {
    let mut text = String::new();
    for (mark, head) in
        [(manifest::HOLE, "Fill in (`--url` gives the address of all pages at once)"), (manifest::GUESSED, "Look at")]
    {
        let lines = manifest.lines().enumerate().filter_map(|(index, line)| {
            let (entry, why) = line.split_once(&format!("  {mark}"))?;
            Some(format!("  {folder}/vendor.toml:{}  {entry}  ({why})\n", index + 1))
        });
        let lines: String = lines.collect();
        if !lines.is_empty() {
            let _ = write!(text, "\n{head}\n{lines}");
        }
    }
    text
}
