//! The only writer.
//!
//! Enters: the complete set of files that a run makes, and the folders that are wholly theirs. Leaves: the same on
//! disk, or what differs from it. All is checked before anything is touched, and a file that a person wrote is never
//! replaced or removed: what stands in a generated place must say `@generated`. Knows nothing of what it writes.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs, io,
    path::{Component, Path},
};

use crate::failure::Failure;

mod difference;
mod place;

/// A file that says this may be replaced and removed.
const MARKER: &str = "@generated";

/// The files of a run.
#[derive(Clone, Debug, Default)]
pub struct Outputs {
    files: BTreeMap<String, String>,
    edited: BTreeSet<String>,
    copies: BTreeSet<String>,
    folders: BTreeSet<String>,
}

impl Outputs {
    /// Adds a file; the path starts at the root and has slashes between its parts.
    ///
    /// # Errors
    /// The path leaves the root, or is there already (upper and lower case aside).
    pub fn file(&mut self, path: impl Into<String>, contents: impl Into<String>) -> Result<(), Failure> {
        let path = path.into();
        plain(&path)?;
        if self.files.keys().any(|known| known.eq_ignore_ascii_case(&path)) {
            return Err(Failure::new(format!("two things are to be written to {path}"), "give one of them another name"));
        }
        self.files.insert(path, contents.into());
        Ok(())
    }

    /// Adds the new text of a file that a person wrote and that holds a generated part; only that part may differ.
    ///
    /// # Errors
    /// As [`Outputs::file`].
    pub fn edit(&mut self, path: impl Into<String>, contents: impl Into<String>) -> Result<(), Failure> {
        let path = path.into();
        self.edited.insert(path.clone());
        self.file(path, contents)
    }

    /// Adds a copy of a file that a person wrote, word for word: it cannot say that it is generated, and a stale one is known
    /// by its text.
    ///
    /// # Errors
    /// As [`Outputs::file`].
    pub fn copy(&mut self, path: impl Into<String>, contents: impl Into<String>) -> Result<(), Failure> {
        let contents = contents.into();
        self.copies.insert(contents.clone());
        self.edit(path, contents)
    }

    /// Says that a folder holds nothing but this run's files: others in it are stale.
    ///
    /// # Errors
    /// The path leaves the root.
    pub fn folder(&mut self, path: impl Into<String>) -> Result<(), Failure> {
        let path = path.into();
        plain(&path)?;
        self.folders.insert(path);
        Ok(())
    }

    /// Adds all that another part of the run made.
    ///
    /// # Errors
    /// A file is in both.
    pub fn extend(&mut self, other: Self) -> Result<(), Failure> {
        self.folders.extend(other.folders);
        self.edited.extend(other.edited);
        self.copies.extend(other.copies);
        other.files.into_iter().try_for_each(|(path, contents)| self.file(path, contents))
    }

    /// The files, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, contents)| (path.as_str(), contents.as_str()))
    }
}

/// What became of a file, or would become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It was missing or said something else.
    Written,
    /// It was there already.
    Unchanged,
    /// It was stale.
    Removed,
}

/// Every file of a run and every stale one, with what became of it, sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Path from the root, and what became of it.
    pub files: Vec<(String, State)>,
}

impl Report {
    /// How many files below `folder` (all of them for an empty one) are in `state`.
    #[must_use]
    pub fn count(&self, folder: &str, state: State) -> usize {
        self.files.iter().filter(|(path, of)| *of == state && Path::new(path).starts_with(folder)).count()
    }
}

/// Writes what differs and removes what is stale.
///
/// # Errors
/// A place is not safe to write to: nothing was touched. Or the file system refused on the way: what had been replaced
/// was put back.
pub fn write(root: &Path, outputs: &Outputs) -> Result<Report, Failure> {
    let plan = Plan::new(root, outputs)?;
    plan.refuse_foreign()?;
    plan.carry_out()?;
    Ok(plan.report())
}

/// Compares without writing.
///
/// # Errors
/// Something differs: the failure shows how, cut to a sane length, and names `command`, which would write it.
pub fn check(root: &Path, outputs: &Outputs, command: &str) -> Result<Report, Failure> {
    let plan = Plan::new(root, outputs)?;
    let changed: Vec<&Step> = plan.steps.iter().filter(|step| step.state() != State::Unchanged).collect();
    if changed.is_empty() {
        return Ok(plan.report());
    }
    let mut failure = Failure::text(difference::show(&changed, command));
    if let Err(foreign) = plan.refuse_foreign() {
        failure.extend(foreign);
    }
    Err(failure)
}

/// What is to be done with one file.
struct Step<'a> {
    path: String,
    before: Option<Vec<u8>>,
    after: Option<&'a str>,
    edited: bool,
}

impl Step<'_> {
    fn state(&self) -> State {
        match (&self.before, self.after) {
            (_, None) => State::Removed,
            (Some(before), Some(after)) if before == after.as_bytes() => State::Unchanged,
            (_, Some(_)) => State::Written,
        }
    }
}

/// All that a run does, known before it starts.
struct Plan<'a> {
    root: &'a Path,
    steps: Vec<Step<'a>>,
}

impl<'a> Plan<'a> {
    fn new(root: &'a Path, outputs: &'a Outputs) -> Result<Self, Failure> {
        let mut steps = Vec::new();
        for (path, contents) in &outputs.files {
            place::inside(root, path)?;
            let (before, edited) = (read(&root.join(path))?, outputs.edited.contains(path));
            steps.push(Step { path: path.clone(), before, after: Some(contents), edited });
        }
        let mut stale = BTreeSet::new();
        for folder in &outputs.folders {
            place::inside(root, folder)?;
            place::files(root, folder, &mut stale)?;
        }
        for path in stale {
            if !outputs.files.contains_key(&path) {
                let before = read(&root.join(&path))?;
                let copied =
                    before.as_deref().and_then(|before| str::from_utf8(before).ok()).map(|text| outputs.copies.contains(text));
                steps.push(Step { path, before, after: None, edited: copied.unwrap_or_default() });
            }
        }
        steps.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(Self { root, steps })
    }

    fn report(&self) -> Report {
        Report { files: self.steps.iter().map(|step| (step.path.clone(), step.state())).collect() }
    }

    /// What a person wrote is not for a run to replace or remove.
    fn refuse_foreign(&self) -> Result<(), Failure> {
        let mut failure = Failure::default();
        for step in self.steps.iter().filter(|step| step.state() != State::Unchanged && !step.edited) {
            if step.before.as_deref().is_some_and(|before| !is_generated(before)) {
                let message = format!("{} stands where generated files stand, and does not say `{MARKER}`", step.path);
                failure.extend(Failure::new(message, "move it elsewhere if a person wrote it, else remove it"));
            }
        }
        if failure.problems().is_empty() { Ok(()) } else { Err(failure) }
    }

    fn carry_out(&self) -> Result<(), Failure> {
        let mut staged = Staged { root: self.root, files: Vec::new(), folders: Vec::new() };
        for step in &self.steps {
            if let (State::Written, Some(after)) = (step.state(), step.after) {
                staged.add(&step.path, after)?;
            }
        }
        let mut done: Vec<&Step> = Vec::new();
        for step in &self.steps {
            let path = self.root.join(&step.path);
            let result = match step.state() {
                State::Unchanged => Ok(()),
                State::Written => fs::rename(temporary(&path), &path),
                State::Removed => fs::remove_file(&path),
            };
            if let Err(error) = result {
                self.put_back(&done);
                return Err(Failure::io(&path, "write", &error));
            }
            done.push(step);
        }
        staged.keep();
        let removed = self.steps.iter().filter(|step| step.state() == State::Removed);
        let folders: HashSet<&Path> = removed.flat_map(|step| Path::new(&step.path).ancestors().skip(1)).collect();
        let mut folders: Vec<_> = folders.into_iter().filter(|folder| !folder.as_os_str().is_empty()).collect();
        // The innermost first; one that still holds something stays.
        folders.sort_by_key(|folder| std::cmp::Reverse(folder.components().count()));
        for folder in folders {
            let _ = fs::remove_dir(self.root.join(folder));
        }
        Ok(())
    }

    /// As far as the file system lets it.
    fn put_back(&self, done: &[&Step]) {
        for step in done.iter().filter(|step| step.state() != State::Unchanged) {
            let path = self.root.join(&step.path);
            let _ = match &step.before {
                Some(before) => fs::write(temporary(&path), before).and_then(|()| fs::rename(temporary(&path), &path)),
                None => fs::remove_file(&path),
            };
        }
    }
}

/// New contents beside the places where they will stand; what is left when this is dropped is removed.
struct Staged<'a> {
    root: &'a Path,
    files: Vec<std::path::PathBuf>,
    folders: Vec<std::path::PathBuf>,
}

impl Staged<'_> {
    fn add(&mut self, path: &str, contents: &str) -> Result<(), Failure> {
        let path = self.root.join(path);
        let missing: Vec<_> = path.ancestors().skip(1).take_while(|folder| !folder.exists()).collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder).map_err(|error| Failure::io(folder, "make", &error))?;
            self.folders.push(folder.to_owned());
        }
        let temporary = temporary(&path);
        self.files.push(temporary.clone());
        fs::write(&temporary, contents).map_err(|error| Failure::io(&temporary, "write", &error))
    }

    fn keep(mut self) {
        self.files.clear();
        self.folders.clear();
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// On the same file system as `path`, so that a rename replaces it at once.
fn temporary(path: &Path) -> std::path::PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.new"))
}

/// The marker stands near the top; text further down may cite it.
fn is_generated(contents: &[u8]) -> bool {
    const TOP: usize = 2048;
    contents.get(..contents.len().min(TOP)).unwrap_or_default().windows(MARKER.len()).any(|part| part == MARKER.as_bytes())
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::read(path) {
        Ok(contents) => Ok(Some(contents)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::io(path, "read", &error)),
    }
}

/// A path of plain names: nothing that leads up, to a root or to another drive.
fn plain(path: &str) -> Result<(), Failure> {
    let odd = path.is_empty() || path.contains(['\\', ':', '\0']) || path.split('/').any(str::is_empty);
    if odd
        || !Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
        || path.split('/').any(|part| part == ".")
    {
        return Err(Failure::new(
            format!("`{path}` is not a place inside the workspace"),
            "correct the name that it is made from",
        ));
    }
    Ok(())
}
