//! All vendors, from their folders to the files on disk.
//!
//! Input: the root of the workspace and which vendor is asked for. Output: the table of what was read and written, or
//! everything that is wrong. Makes the whole set of files before the first is written.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    thread::{self, ScopedJoinHandle},
};

use serde_json::{Value, json};

use crate::{
    companions::companions,
    document::Places,
    emit::{self, ClientCrate},
    facade::{self, FacadeInput, Part},
    failure::Failure,
    files::{self, Outputs, Session, State},
    finding::{Finding, FindingKind},
    normalize::{self, Names},
    output::Output,
    parallel,
    progress::{self, Step},
    report,
    rust::ClientInput,
    specification::{Specification, lenient},
    table::{self, Row},
    vendor::{self, Vendor},
};

mod guard;
mod shared;

use shared::{Others, Shared};

/// Regenerates all vendors, or the one called `only`; with `check` it writes nothing and fails where anything differs.
///
/// Of the others only what is committed is read, since the facade lists all.
///
/// # Errors
/// Everything that is wrong with any input; nothing was written then. Or, with `check`, what differs.
pub fn regen(root: &Path, only: Option<&str>, check: bool) -> Result<Output, Failure> {
    if check {
        let _settled = files::settled(root)?;
        let (vendors, outputs) = made_and_outputs(root, only)?;
        let report = files::check(root, &outputs, &command(only))?;
        return Ok(output(&vendors, &report, true));
    }
    let session = Session::begin(root)?;
    let (vendors, outputs) = made_and_outputs(root, only)?;
    Ok(output(&vendors, &session.write(&outputs)?, false))
}

fn output(vendors: &[Made], report: &files::Report, check: bool) -> Output {
    let changed = report.files.iter().filter(|(_, state)| *state != State::Unchanged);
    let changed: Vec<Value> = changed.map(|(path, state)| json!({ "path": path, "state": state.name() })).collect();
    let json = json!({
        "command": "regen",
        "outcome": if changed.is_empty() { "same" } else { "written" },
        "check": check,
        "vendors": vendors.iter().map(|made| made.row(report).json()).collect::<Vec<_>>(),
        "files": changed,
    });
    Output { text: table(vendors, report), json, ..Output::default() }
}

/// The typed model of a vendor's Rust as JSON: each item with its pointer into the specification and the rules that made it.
///
/// # Errors
/// Everything that is wrong with the vendor's folder.
pub fn model(root: &Path, name: &str) -> Result<String, Failure> {
    let made = Made::load(root, name)?;
    let value = serde_json::to_value(&made.client.model).map_err(|error| {
        Failure::new(format!("the model of {name} cannot be written as JSON: {error}"), "report this with the vendor's folder")
    })?;
    Ok(json(&value))
}

fn made_and_outputs(root: &Path, only: Option<&str>) -> Result<(Vec<Made>, Outputs), Failure> {
    let Some(only) = only else {
        let names = vendor::names(root)?;
        let (vendors, shared) = parallel::join(|| made_all(root, &names), || Shared::read(root, Others::None));
        let vendors = vendors?;
        let mut outputs = outputs(root, &vendors, shared)?;
        orphans(root, &vendors)?.into_iter().try_for_each(|package| outputs.folder(package))?;
        return Ok((vendors, outputs));
    };
    let (made, shared) = parallel::join(|| Made::load(root, only), || Shared::read(root, Others::But(&[only])));
    let vendors = vec![made?];
    let outputs = outputs(root, &vendors, shared)?;
    Ok((vendors, outputs))
}

/// The files in a vendor's folder that a run makes.
pub const MADE: [&str; 3] = ["openapi.json", "findings.md", facade::MODEL];

/// What is made of the other vendors where there is none called `name`.
///
/// # Errors
/// What is committed of them cannot be read.
pub fn without(root: &Path, name: &str) -> Result<Outputs, Failure> {
    Shared::read(root, Others::But(&[name]))?.outputs(root, Vec::new())
}

/// What is made of `made`, and of the others where none is called `old`.
///
/// # Errors
/// As [`regen`].
pub fn instead_of(root: &Path, made: Made, old: &str) -> Result<Outputs, Failure> {
    let shared = Shared::read(root, Others::But(&[old, made.vendor.name()]));
    outputs(root, &[made], shared)
}

/// As [`regen`] of one vendor, which is given with changes that are not on disk yet; `edited` are the files that a person
/// wrote and that change with it.
///
/// # Errors
/// As [`regen`]; nothing was written then.
pub fn rewrite(session: &Session, made: Made, edited: &[(String, String)]) -> Result<String, Failure> {
    let vendors = [made];
    let own = vendors.each_ref().map(|made| made.vendor.name());
    let shared = Shared::read(session.root(), Others::But(&own));
    let mut outputs = outputs(session.root(), &vendors, shared)?;
    for (path, text) in edited {
        outputs.edit(path, text)?;
    }
    Ok(table(&vendors, &session.write(&outputs)?))
}

/// Everything that is made of `vendors`, and what is `shared` by all.
fn outputs(root: &Path, vendors: &[Made], shared: Result<Shared, Failure>) -> Result<Outputs, Failure> {
    let features: Vec<Vec<String>> = vendors.iter().map(Made::features_of_users).collect();
    let mut models = Vec::new();
    let mut failure = Failure::default();
    for (Made { vendor, specification, client, .. }, features) in vendors.iter().zip(&features) {
        let input = FacadeInput { vendor, specification: &specification.value, model: &client.model, features };
        match facade::model(&input) {
            Ok(model) => models.push(model),
            Err(problems) => failure.extend(problems),
        }
    }
    if !failure.problems().is_empty() {
        return Err(failure);
    }
    let shared = shared?;
    let both = |(made, model): &(&Made, facade::Model)| parallel::join(|| made.outputs(root, model), || Part::of(model));
    let made: Vec<_> = vendors.iter().zip(models).collect();
    let results = parallel::map(&made, both);
    let (mut files, mut members) = (Vec::new(), Vec::new());
    for ((made, model), (own, part)) in made.into_iter().zip(results) {
        files.push(own?);
        members.push((made.vendor.name().to_owned(), model, part?));
    }
    let mut outputs = shared.outputs(root, members)?;
    for files in files {
        outputs.extend(files)?;
    }
    Ok(outputs)
}

/// The table of what was read and written, and every file that was removed.
fn table(vendors: &[Made], report: &files::Report) -> String {
    let mut text = table::render(&vendors.iter().map(|made| made.row(report)).collect::<Vec<Row>>());
    for (path, _) in report.files.iter().filter(|(_, state)| *state == State::Removed) {
        text.push_str(&format!("removed {path}\n"));
    }
    text
}

/// Crates that were made from a vendor's folder which is no longer there: all their files are stale.
fn orphans(root: &Path, vendors: &[Made]) -> Result<Vec<String>, Failure> {
    let crates = root.join("crates");
    let fail = |error| Failure::io(&crates, "read", &error);
    let mut orphans = Vec::new();
    for entry in fs::read_dir(&crates).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let (Some(name), Ok(manifest)) = (path.file_name(), files::text(&path.join("Cargo.toml"))) else { continue };
        let name = name.to_string_lossy();
        let maker = format!("@generated by cargo xtask regen from specs/{name}.");
        let made = manifest.lines().next().is_some_and(|line| line.contains(&maker));
        if made && !vendors.iter().any(|known| known.vendor.name() == name) {
            orphans.push(format!("crates/{name}"));
        }
    }
    orphans.sort();
    Ok(orphans)
}

fn command(only: Option<&str>) -> String {
    let vendor = only.map(|only| format!(" {only}")).unwrap_or_default();
    format!("cargo xtask regen{vendor}")
}

/// One vendor, read and made.
#[derive(Debug)]
pub struct Made {
    /// Its folder.
    pub vendor: Vendor,
    /// What the folder says.
    pub specification: Specification,
    /// That as the text of a file.
    text: String,
    /// The crate.
    pub client: ClientCrate,
}

/// Vendors have nothing to do with each other, so they are made side by side; problems keep the vendors' order.
fn made_all(root: &Path, names: &[String]) -> Result<Vec<Made>, Failure> {
    let results: Vec<Result<Made, Failure>> = thread::scope(|scope| {
        let threads: Vec<_> = names.iter().map(|name| scope.spawn(|| Made::load(root, name))).collect();
        threads.into_iter().map(joined).collect()
    });
    let mut failure = Failure::default();
    let mut vendors = Vec::new();
    for result in results {
        match result {
            Ok(made) => vendors.push(made),
            Err(problems) => failure.extend(problems),
        }
    }
    if failure.problems().is_empty() { Ok(vendors) } else { Err(failure) }
}

fn joined<T>(thread: ScopedJoinHandle<'_, Result<T, Failure>>) -> Result<T, Failure> {
    let stopped = |_| Err(Failure::new("a vendor could not be made: its thread stopped", "report this with the vendor's folder"));
    thread.join().unwrap_or_else(stopped)
}

impl Made {
    /// Reads a vendor's folder and makes its crate, in memory.
    ///
    /// # Errors
    /// Everything that is wrong with the folder.
    pub fn load(root: &Path, name: &str) -> Result<Self, Failure> {
        let vendor = vendor::load(root, name)?;
        let (specification, unused) = lenient(&vendor)?;
        let mut failure = if unused.is_empty() { Failure::default() } else { vendor.failure(&unused) };
        match Self::of(vendor, specification) {
            Ok(made) if unused.is_empty() => Ok(made),
            Ok(made) => {
                failure.extend(made.misfits().err().unwrap_or_default());
                Err(failure)
            }
            Err(problems) => {
                failure.extend(problems);
                Err(failure)
            }
        }
    }

    /// Whether the manifest's tables about users fit the specification.
    ///
    /// # Errors
    /// Every entry that does not.
    pub fn misfits(&self) -> Result<(), Failure> {
        let input = FacadeInput {
            vendor: &self.vendor,
            specification: &self.specification.value,
            model: &self.client.model,
            features: &[],
        };
        facade::check(&input).map_err(|problems| self.vendor.failure(&problems))
    }

    /// Makes the crate of what was read.
    ///
    /// # Errors
    /// What keeps the crate from being made.
    pub fn of(vendor: Vendor, mut specification: Specification) -> Result<Self, Failure> {
        let names: Names =
            vendor.manifest.names.fields.iter().map(|(old, new)| (old.get_ref().clone(), new.get_ref().clone())).collect();
        let fail = |problems: Vec<normalize::Problem>| {
            let mut failure = Failure::default();
            for normalize::Problem { pointer, message, help } in problems {
                let message = format!("{message} (at `{pointer}` of openapi.json)");
                failure.extend(vendor.failure_at(&specification.value, &pointer, message, help));
            }
            failure
        };
        progress::tell(Step::Stage(&format!("making the crate {}", vendor.name())));
        let input = ClientInput {
            vendor: vendor.name(),
            version: vendor.manifest.version(),
            specification: &specification.value,
            names: &names,
        };
        let (client, text) = parallel::join(|| emit::generate(&input), || json(&specification.value));
        let client = client.map_err(fail)?;
        let places = Places::of(vendor.sources());
        let losses = client.losses.iter().map(|loss| {
            let spans = loss.sources.iter().filter_map(|place| places.find(place)).collect();
            Finding::new(FindingKind::Loss, format!("`{}`", loss.pointer), &loss.text, spans)
        });
        specification.findings.extend(losses);
        Ok(Self { vendor, specification, text, client })
    }

    fn outputs(&self, root: &Path, model: &facade::Model) -> Result<Outputs, Failure> {
        let folder = self.vendor.folder();
        let sources: Vec<_> = self.vendor.sources().collect();
        let Specification { assumptions, findings, .. } = &self.specification;
        let title = self.vendor.manifest.title.get_ref();
        let mut outputs = Outputs::default();
        outputs.file(format!("{folder}/openapi.json"), self.text.clone())?;
        let findings = report::findings(self.vendor.name(), title, assumptions, findings, &sources);
        outputs.file(format!("{folder}/findings.md"), findings)?;
        let package = self.package();
        for (path, text) in &self.client.files {
            outputs.file(format!("{package}/{path}"), text)?;
        }
        companions(root, &self.vendor, &package, &mut outputs)?;
        let head = format!("@generated by cargo xtask regen from {folder}. Do not edit.");
        outputs.file(format!("{folder}/{}", facade::MODEL), facade::committed(&head, model))?;
        outputs.list(&package, &head)?;
        // The crate's changelog is a copy: the person's own is the one to mend.
        let copy = format!("{package}/{}", vendor::CHANGELOG);
        let changelog = format!("{folder}/{}", vendor::CHANGELOG);
        let own = self.vendor.changelog.iter().map(|text| (changelog.as_str(), text.as_str()));
        guard::check(outputs.files().filter(|(path, _)| *path != copy).chain(own), &self.client.examples)?;
        Ok(outputs)
    }

    fn package(&self) -> String {
        format!("crates/{}", self.vendor.name())
    }

    /// The features of the crate that hold the types of users and the operations of the directory; sorted.
    fn features_of_users(&self) -> Vec<String> {
        let manifest = &self.vendor.manifest;
        let called = manifest.directories().flat_map(|directory| directory.operations());
        let operations: BTreeSet<&str> = called.map(|(_, id, _)| id).collect();
        let model = &self.client.model;
        let types = model.types.values().filter(|ty| manifest.user.keys().any(|name| *name.get_ref() == ty.wire));
        let methods = model.operations.iter().filter(|operation| operations.contains(operation.id.as_str()));
        let indices = types.map(|ty| ty.feature).chain(methods.map(|operation| operation.feature));
        let features: BTreeSet<&str> = indices.filter_map(|index| Some(model.feature(index)?.name.as_str())).collect();
        features.into_iter().map(str::to_owned).collect()
    }

    fn row(&self, report: &files::Report) -> Row {
        let Specification { accounted: (accounted, characters), operations, elsewhere, properties, assumptions, .. } =
            &self.specification;
        let folders = [self.vendor.folder(), self.package()];
        let count = |state| folders.iter().map(|folder| report.count(folder, state)).sum::<usize>();
        Row {
            vendor: self.vendor.name().to_owned(),
            documents: self.vendor.documents.len(),
            operations: *operations,
            elsewhere: *elsewhere,
            properties: *properties,
            accounted: *accounted,
            characters: *characters,
            assumptions: assumptions.len(),
            written: count(State::Written) + count(State::Removed),
            unchanged: count(State::Unchanged),
        }
    }
}

/// A specification as the text of a file.
#[must_use]
pub fn json(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
