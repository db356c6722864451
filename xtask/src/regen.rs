//! All vendors, from their folders to the files on disk.
//!
//! Enters: the root of the workspace and which vendor is asked for. Leaves: the table of what was read and written, or
//! everything that is wrong. Makes the whole set of files before the first is written.

use std::{collections::BTreeMap, fs, path::Path, thread};

use serde_json::Value;

use crate::{
    client::{self, ClientCrate, ClientInput},
    companions::companions,
    facade::{self, FacadeInput},
    failure::Failure,
    files::{self, Outputs, State},
    finding::{Finding, Kind},
    normalize::{self, Names, Normalized},
    report,
    specification::{Specification, specification},
    table::{self, Row},
    vendor::{self, Vendor},
};

/// Regenerates all vendors, or the one called `only`; with `check` it writes nothing and fails where anything differs.
///
/// All vendors are read in either case, since the facade is made from all.
///
/// # Errors
/// Everything that is wrong with any input; nothing was written then. Or, with `check`, what differs.
pub fn regen(root: &Path, only: Option<&str>, check: bool) -> Result<String, Failure> {
    let names = vendor::names(root)?;
    if let Some(only) = only.filter(|only| !names.iter().any(|name| name == only)) {
        vendor::load(root, only)?;
    }
    let vendors = made_all(root, &names)?;
    let mut outputs = facade(root, &vendors)?;
    let wanted = |made: &&Made| only.is_none_or(|only| only == made.vendor.name());
    for made in vendors.iter().filter(wanted) {
        outputs.extend(made.outputs(root)?)?;
    }
    let report = if check { files::check(root, &outputs, &command(only))? } else { files::write(root, &outputs)? };
    let rows: Vec<Row> = vendors.iter().filter(wanted).map(|made| made.row(&report)).collect();
    Ok(table::render(&rows))
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
    /// The copy that the client is made from.
    pub normalized: Value,
    /// The crate.
    pub client: ClientCrate,
}

/// Vendors have nothing to do with each other, so they are made side by side; problems keep the vendors' order.
fn made_all(root: &Path, names: &[String]) -> Result<Vec<Made>, Failure> {
    let results: Vec<Result<Made, Failure>> = thread::scope(|scope| {
        let threads: Vec<_> = names.iter().map(|name| scope.spawn(|| Made::load(root, name))).collect();
        let stopped =
            |_| Err(Failure::new("a vendor could not be made: its thread stopped", "report this with the vendor's folder"));
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(stopped)).collect()
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

impl Made {
    /// Reads a vendor's folder and makes its crate, in memory.
    ///
    /// # Errors
    /// Everything that is wrong with the folder.
    pub fn load(root: &Path, name: &str) -> Result<Self, Failure> {
        let vendor = vendor::load(root, name)?;
        let specification = specification(&vendor)?;
        Self::of(vendor, specification)
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
                failure.extend(Failure::new(format!("{}/openapi.json, at `{pointer}`: {message}", vendor.folder()), help));
            }
            failure
        };
        let input = ClientInput { vendor: vendor.name(), specification: &specification.value, names: &names };
        let Normalized { document: normalized, .. } = normalize::normalize(&specification.value, &names).map_err(fail)?;
        let client = client::generate(&input).map_err(fail)?;
        let losses = client.losses.iter().map(|loss| {
            let places = loss.sources.iter().filter_map(|place| vendor.sources().find_map(|source| source.find(place))).collect();
            Finding::new(Kind::Loss, format!("`{}`", loss.pointer), &loss.text, places)
        });
        specification.findings.extend(losses);
        Ok(Self { vendor, specification, normalized, client })
    }

    fn outputs(&self, root: &Path) -> Result<Outputs, Failure> {
        let folder = self.vendor.folder();
        let sources: Vec<_> = self.vendor.sources().collect();
        let Specification { value, assumptions, findings, .. } = &self.specification;
        let title = self.vendor.manifest.title.get_ref();
        let mut outputs = Outputs::default();
        outputs.file(format!("{folder}/openapi.json"), json(value))?;
        let findings = report::findings(self.vendor.name(), title, assumptions, findings, &sources);
        outputs.file(format!("{folder}/findings.md"), findings)?;
        let package = self.package();
        for (path, text) in &self.client.files {
            outputs.file(format!("{package}/{path}"), text)?;
        }
        companions(root, &self.vendor, &package, &mut outputs)?;
        outputs.folder(package)?;
        Ok(outputs)
    }

    fn package(&self) -> String {
        format!("crates/{}", self.vendor.name())
    }

    fn row(&self, report: &files::Report) -> Row {
        let Specification { accounted: (accounted, characters), operations, properties, assumptions, .. } = &self.specification;
        let folders = [self.vendor.folder(), self.package()];
        let count = |state| folders.iter().map(|folder| report.count(folder, state)).sum::<usize>();
        Row {
            vendor: self.vendor.name().to_owned(),
            documents: self.vendor.documents.len(),
            operations: *operations,
            properties: *properties,
            accounted: *accounted,
            characters: *characters,
            assumptions: assumptions.len(),
            written: count(State::Written) + count(State::Removed),
            unchanged: count(State::Unchanged),
        }
    }
}

/// The facade's own file, and the hand-written files that list the vendors with their lists renewed.
fn facade(root: &Path, vendors: &[Made]) -> Result<Outputs, Failure> {
    let inputs: Vec<FacadeInput> = vendors
        .iter()
        .map(|made| FacadeInput { vendor: &made.vendor, specification: &made.specification.value, normalized: &made.normalized })
        .collect();
    let facade = facade::facade(&inputs)?;
    let mut outputs = Outputs::default();
    for (path, text) in facade.files {
        outputs.file(path, text)?;
    }
    let mut edited: BTreeMap<&str, String> = BTreeMap::new();
    for block in &facade.blocks {
        let text = match edited.remove(block.path.as_str()) {
            Some(text) => text,
            None => fs::read_to_string(root.join(&block.path))
                .map_err(|error| Failure::io(&root.join(&block.path), "read", &error))?,
        };
        edited.insert(&block.path, facade::replace(&text, block)?);
    }
    for (path, text) in edited {
        outputs.edit(path, text)?;
    }
    Ok(outputs)
}

/// A specification as the text of a file.
#[must_use]
pub fn json(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
