//! All vendors, from their folders to the files on disk.
//!
//! Enters: the root of the workspace and which vendor is asked for. Leaves: the table of what was read and written, or
//! everything that is wrong. Makes the whole set of files before the first is written.

use std::path::Path;

use serde_json::Value;

use crate::{
    failure::Failure,
    files::{self, Outputs, State},
    report,
    specification::{Specification, specification},
    table::{self, Row},
    vendor::{self, Vendor},
};

/// Regenerates all vendors, or the one called `only`; with `check` it writes nothing and fails where anything differs.
///
/// # Errors
/// Everything that is wrong with any input; nothing was written then. Or, with `check`, what differs.
pub fn regen(root: &Path, only: Option<&str>, check: bool) -> Result<String, Failure> {
    let names = vendor::names(root)?;
    let mut failure = Failure::default();
    let mut vendors = Vec::new();
    for name in names.iter().map(String::as_str).filter(|name| only.is_none_or(|only| only == *name)) {
        match made(root, name) {
            Ok(made) => vendors.push(made),
            Err(problems) => failure.extend(problems),
        }
    }
    if let (Some(only), true) = (only, vendors.is_empty() && failure.problems().is_empty()) {
        vendor::load(root, only)?;
    }
    if !failure.problems().is_empty() {
        return Err(failure);
    }
    let mut outputs = Outputs::default();
    for made in &vendors {
        outputs.extend(made.outputs()?)?;
    }
    let report = if check { files::check(root, &outputs, &command(only))? } else { files::write(root, &outputs)? };
    let rows: Vec<Row> = vendors.iter().map(|made| made.row(&report)).collect();
    Ok(table::render(&rows))
}

fn command(only: Option<&str>) -> String {
    let vendor = only.map(|only| format!(" {only}")).unwrap_or_default();
    format!("cargo xtask regen{vendor}")
}

/// One vendor, read and made.
struct Made {
    vendor: Vendor,
    specification: Specification,
}

fn made(root: &Path, name: &str) -> Result<Made, Failure> {
    let vendor = vendor::load(root, name)?;
    let specification = specification(&vendor)?;
    Ok(Made { vendor, specification })
}

impl Made {
    fn outputs(&self) -> Result<Outputs, Failure> {
        let folder = self.vendor.folder();
        let sources: Vec<_> = self.vendor.sources().collect();
        let Specification { value, assumptions, findings, .. } = &self.specification;
        let title = self.vendor.manifest.title.get_ref();
        let mut outputs = Outputs::default();
        outputs.file(format!("{folder}/openapi.json"), json(value))?;
        outputs.file(
            format!("{folder}/findings.md"),
            report::findings(self.vendor.name(), title, assumptions, findings, &sources),
        )?;
        Ok(outputs)
    }

    fn row(&self, report: &files::Report) -> Row {
        let Specification { accounted: (accounted, characters), operations, properties, assumptions, .. } = &self.specification;
        let folders = [self.vendor.folder(), format!("crates/{}", self.vendor.name())];
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

/// A specification as the text of a file.
#[must_use]
pub fn json(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
