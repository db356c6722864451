//! A vendor leaves or gets another name: `cargo xtask remove` and `cargo xtask rename`.
//!
//! Takes the root of the workspace and names. What a run made is removed or made anew under the other name; what a person wrote is
//! moved, never removed, all at once or not at all. Returns every removal, and the files that still say the name.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    failure::Failure,
    files::{self, Outputs, Report, Session, State},
    new,
    output::Output,
    regen::{self, Made},
    specification::specification,
    vendor::{self, name},
};

/// Where what a person wrote for a vendor is kept when the vendor is removed; Git ignores it.
const KEPT: &str = ".regen/removed";

/// Removes the vendor called `name`.
///
/// # Errors
/// There is no such vendor, or a file that was made was changed since: nothing was removed then.
pub fn remove(root: &Path, name: &str) -> Result<Output, Failure> {
    let session = Session::begin(root)?;
    let kept = (1..).map(|number| if number == 1 { format!("{KEPT}/{name}") } else { format!("{KEPT}/{name}-{number}") });
    let kept = kept.into_iter().find(|folder| !root.join(folder).exists()).unwrap_or_default();
    let mut outputs = regen::without(root, name)?;
    let written = written(root, name)?;
    for file in &written {
        outputs.moved(root, &format!("{}/{file}", vendor::folder(name)), &format!("{kept}/{file}"))?;
    }
    gone(&mut outputs, name)?;
    let report = session.write(&outputs)?;
    let mut text = removed(&report, name, &written);
    for file in &written {
        let _ = writeln!(text, "moved {}/{file} to {kept}/{file}", vendor::folder(name));
    }
    let _ = writeln!(
        text,
        "\nWhat a person wrote is kept in {kept}, which Git ignores: remove it by hand when it is no longer needed."
    );
    text.push_str(&still_named(root, name)?);
    Ok(Output::text(text))
}

/// Gives the vendor called `old` the name `new`.
///
/// # Errors
/// There is no such vendor, the new name is no name or taken, or the vendor's folder is not sound: nothing was changed then.
pub fn rename(root: &Path, old: &str, new: &str) -> Result<Output, Failure> {
    let session = Session::begin(root)?;
    known(root, old)?;
    new::free(root, new)?;
    let vendor = vendor::load(root, old)?.named(new)?;
    let manifest = vendor.source.text.clone();
    let specification = specification(&vendor)?;
    let mut outputs = regen::instead_of(root, Made::of(vendor, specification)?, old)?;
    let (from, to) = (vendor::folder(old), vendor::folder(new));
    let written = written(root, old)?;
    for file in written.iter().filter(|file| *file != "vendor.toml") {
        outputs.moved(root, &format!("{from}/{file}"), &format!("{to}/{file}"))?;
    }
    outputs.gives_way(root, &format!("{from}/vendor.toml"), &format!("{to}/vendor.toml"), manifest.into_bytes())?;
    gone(&mut outputs, old)?;
    let report = session.write(&outputs)?;
    let mut text = removed(&report, old, &written);
    for file in &written {
        let _ = writeln!(text, "moved {from}/{file} to {to}/{file}");
    }
    let moved = |path: &str| path.strip_prefix(&format!("{to}/")).is_some_and(|file| written.iter().any(|known| known == file));
    for (path, _) in report.files.iter().filter(|(path, state)| *state == State::Written && !moved(path)) {
        let _ = writeln!(text, "written {path}");
    }
    text.push_str(&still_named(root, old)?);
    Ok(Output::text(text))
}

fn known(root: &Path, name: &str) -> Result<(), Failure> {
    let known = vendor::folders(root)?;
    if name::form(name).is_none() && known.iter().any(|known| known == name) {
        return Ok(());
    }
    Err(Failure::new(format!("there is no vendor `{name}` in specs/"), format!("known are: {}", known.join(", "))))
}

/// Says that nothing stays where the vendor was.
fn gone(outputs: &mut Outputs, name: &str) -> Result<(), Failure> {
    outputs.folder(vendor::folder(name))?;
    outputs.folder(format!("crates/{name}"))
}

/// The files in a vendor's folder that no run makes, as paths from there, sorted.
fn written(root: &Path, name: &str) -> Result<Vec<String>, Failure> {
    known(root, name)?;
    let folder = root.join(vendor::folder(name));
    let mut files: Vec<String> = Vec::new();
    for path in below(&folder)? {
        let inner = path.strip_prefix(&folder).unwrap_or(&path);
        let plain = inner.to_str().map(|inner| inner.replace(std::path::MAIN_SEPARATOR, "/"));
        let Some(inner) = plain.filter(|_| fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file())) else {
            return Err(Failure::new(
                format!("{} is no plain file, or its name is not UTF-8", path.display()),
                "move it elsewhere",
            ));
        };
        if !regen::MADE.contains(&inner.as_str()) {
            files.push(inner);
        }
    }
    files.sort();
    Ok(files)
}

/// Everything below a folder that is no folder itself. Links are not followed.
fn below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let (mut open, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = open.pop() {
        let fail = |error| Failure::io(&folder, "read", &error);
        for entry in fs::read_dir(&folder).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let is_folder = entry.file_type().map_err(fail)?.is_dir();
            if is_folder { &mut open } else { &mut found }.push(entry.path());
        }
    }
    Ok(found)
}

/// What was removed, beside what was `moved` out of the vendor's folder.
fn removed(report: &Report, name: &str, moved: &[String]) -> String {
    let folder = vendor::folder(name);
    let is_moved =
        |path: &str| path.strip_prefix(&format!("{folder}/")).is_some_and(|file| moved.iter().any(|known| known == file));
    let gone = report.files.iter().filter(|(path, state)| *state == State::Removed && !is_moved(path));
    gone.map(|(path, _)| format!("removed {path}\n")).collect()
}

/// Files that people wrote and that still say `name`: adapters, tests, pages.
fn still_named(root: &Path, name: &str) -> Result<String, Failure> {
    let crate_name = name.replace('-', "_");
    let mut lines = String::new();
    for folder in ["crates", "tests", "xtask", "README.md", "CONTRIBUTING.md"].map(|place| root.join(place)) {
        let files = if folder.is_dir() { below(&folder)? } else { vec![folder] };
        let mut files: Vec<PathBuf> =
            files.into_iter().filter(|file| !file.components().any(|part| part.as_os_str() == "target")).collect();
        files.sort();
        for file in files {
            // Only texts of a size that a person writes are searched.
            let small = fs::symlink_metadata(&file).is_ok_and(|metadata| metadata.is_file() && metadata.len() < 1 << 20);
            let Some(text) = small.then(|| files::text(&file).ok()).flatten() else { continue };
            let made = text.lines().take(5).any(|line| line.contains("@generated"));
            let says = |line: &str| says(line, name) || says(line, &crate_name);
            if let Some(at) = text.lines().position(says).filter(|_| !made) {
                let path = file.strip_prefix(root).unwrap_or(&file);
                let _ = writeln!(lines, "  {}:{}", path.display(), at + 1);
            }
        }
    }
    Ok(if lines.is_empty() { lines } else { format!("\nThese files, which people wrote, still say `{name}`:\n{lines}") })
}

/// Whether a line has `word` as a word of its own.
fn says(line: &str, word: &str) -> bool {
    let inside = |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric() || char == '_' || char == '-');
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (line.get(..at).unwrap_or_default(), line.get(at + word.len()..).unwrap_or_default());
        !inside(before.chars().next_back()) && !inside(after.chars().next())
    })
}
