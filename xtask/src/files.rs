//! The only writer.
//!
//! Takes the complete set of files that a run makes, and the folders that are wholly theirs. Leaves the same on disk, or
//! says what differs from it. All is checked before anything is touched; a file that no run wrote is never replaced or
//! removed (`own`), and a run is whole or not at all (`session`). Knows nothing of what it writes.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Component, Path},
};

use crate::failure::Failure;

mod difference;
mod own;
mod place;
mod session;

pub use own::LIST;
use own::Own;
use session::Entry;
pub use session::{Session, exit_whole, put};

/// The files of a run.
#[derive(Clone, Debug, Default)]
pub struct Outputs {
    files: BTreeMap<String, String>,
    edited: BTreeSet<String>,
    folders: BTreeSet<String>,
    moved: BTreeMap<String, (String, Vec<u8>)>,
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

    /// Adds a file that a person wrote and that goes from one place to another, where nothing stands yet.
    ///
    /// # Errors
    /// A path leaves the root, something stands there, or the file cannot be read.
    pub fn moved(&mut self, root: &Path, from: &str, to: &str) -> Result<(), Failure> {
        plain(from)?;
        place::inside(root, from)?;
        match read(&root.join(from))? {
            Some(contents) => self.gives_way(root, from, to, contents),
            None => Err(Failure::new(format!("there is no file {from}"), "name one that is there")),
        }
    }

    /// The same for a file that says something else in its new place.
    ///
    /// # Errors
    /// A path leaves the root, or something stands there.
    pub fn gives_way(&mut self, root: &Path, from: &str, to: &str, contents: Vec<u8>) -> Result<(), Failure> {
        plain(from)?;
        plain(to)?;
        let taken = self.files.contains_key(to) || self.moved.values().any(|(known, _)| known == to);
        if taken || read(&root.join(to))?.is_some() {
            return Err(Failure::new(format!("{to} is in the way of {from}"), "move it elsewhere, or take another name"));
        }
        self.moved.insert(from.to_owned(), (to.to_owned(), contents));
        Ok(())
    }

    /// Adds the list of all files so far to `folder`, which is theirs: by it the next run knows them.
    ///
    /// # Errors
    /// As [`Outputs::file`].
    pub fn list(&mut self, folder: &str, head: &str) -> Result<(), Failure> {
        self.folder(folder)?;
        let text = own::list(head, self.files());
        self.file(format!("{folder}/{LIST}"), text)
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
        self.moved.extend(other.moved);
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

impl State {
    /// The word for a program.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Unchanged => "unchanged",
            Self::Removed => "removed",
        }
    }
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

/// Writes what differs and removes what is stale, in a session of its own.
///
/// # Errors
/// As [`Session::write`].
pub fn write(root: &Path, outputs: &Outputs) -> Result<Report, Failure> {
    Session::begin(root)?.write(outputs)
}

impl Session {
    /// Writes what differs and removes what is stale: all of it, or nothing.
    ///
    /// # Errors
    /// A place is not safe to write to: nothing was touched. Or the file system refused on the way: what had been replaced
    /// was put back.
    pub fn write(&self, outputs: &Outputs) -> Result<Report, Failure> {
        let plan = Plan::new(self.root(), outputs)?;
        plan.refuse_foreign()?;
        let mut entries = Vec::new();
        for (number, step) in plan.steps.iter().enumerate().filter(|(_, step)| step.state() != State::Unchanged) {
            let after = step.after.map(|_| number.to_string());
            if let (Some(name), Some(contents)) = (&after, step.after) {
                let replaces = step.from.unwrap_or(&step.path);
                self.stage(name, contents, &self.root().join(replaces))?;
            }
            entries.push(Entry { path: step.path.clone(), before: step.before.as_deref().map(own::digest), after });
        }
        if !entries.is_empty() {
            self.place(&entries, |path| plan.steps.iter().find(|step| step.path == path)?.before.clone())?;
        }
        Ok(plan.report())
    }
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
    let mut failure = difference::show(&changed, command);
    if let Err(foreign) = plan.refuse_foreign() {
        failure.extend(foreign);
    }
    Err(failure)
}

/// Waits until no run writes in the workspace, and holds others off while the result lives.
///
/// # Errors
/// A run was interrupted while it wrote, and has to be finished first.
pub fn settled(root: &Path) -> Result<impl Sized + use<>, Failure> {
    session::settled(root)
}

/// What is to be done with one file.
struct Step<'a> {
    path: String,
    before: Option<Vec<u8>>,
    after: Option<&'a [u8]>,
    /// A person wrote it, and asked for this.
    edited: bool,
    /// Where it stood until now.
    from: Option<&'a str>,
}

impl Step<'_> {
    fn state(&self) -> State {
        match (&self.before, self.after) {
            (_, None) => State::Removed,
            (Some(before), Some(after)) if before == after => State::Unchanged,
            (_, Some(_)) => State::Written,
        }
    }
}

/// All that a run does, known before it starts.
struct Plan<'a> {
    steps: Vec<Step<'a>>,
    own: Own,
}

impl<'a> Plan<'a> {
    fn new(root: &Path, outputs: &'a Outputs) -> Result<Self, Failure> {
        let mut steps = Vec::new();
        let mut own = Own::default();
        for (path, contents) in &outputs.files {
            place::inside(root, path)?;
            let (before, edited) = (read(&root.join(path))?, outputs.edited.contains(path));
            steps.push(Step { path: path.clone(), before, after: Some(contents.as_bytes()), edited, from: None });
        }
        for (from, (to, contents)) in &outputs.moved {
            place::inside(root, to)?;
            let before = read(&root.join(from))?;
            steps.push(Step { path: from.clone(), before, after: None, edited: true, from: None });
            steps.push(Step { path: to.clone(), before: None, after: Some(contents), edited: true, from: Some(from) });
        }
        let mut stale = BTreeSet::new();
        for folder in &outputs.folders {
            place::inside(root, folder)?;
            place::files(root, folder, &mut stale)?;
            own.add(root, folder)?;
        }
        let known = |path: &String| outputs.files.contains_key(path) || outputs.moved.contains_key(path);
        for path in stale.into_iter().filter(|path| !known(path)) {
            let before = read(&root.join(&path))?;
            steps.push(Step { path, before, after: None, edited: false, from: None });
        }
        steps.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(Self { steps, own })
    }

    fn report(&self) -> Report {
        Report { files: self.steps.iter().map(|step| (step.path.clone(), step.state())).collect() }
    }

    /// What a person wrote is not for a run to replace or remove.
    fn refuse_foreign(&self) -> Result<(), Failure> {
        let mut failure = Failure::default();
        for Step { path, before, after, .. } in self.steps.iter().filter(|it| it.state() != State::Unchanged && !it.edited) {
            let refusal = match (before, after) {
                (Some(before), Some(after)) => self.own.refuses_to_replace(path, before, &String::from_utf8_lossy(after)),
                (Some(before), None) => self.own.refuses_to_remove(path, before),
                (None, _) => None,
            };
            if let Some(message) = refusal {
                failure.extend(Failure::new(message, "move it elsewhere if a person wrote it, else remove it"));
            }
        }
        if failure.problems().is_empty() { Ok(()) } else { Err(failure) }
    }
}

/// The contents of a plain file; `None` where nothing stands. A pipe, a device or a link is refused unread.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            let message = format!("{} is no plain file", path.display());
            Err(Failure::new(message, "put the file itself there"))
        }
        Ok(_) => fs::read(path).map(Some).map_err(|error| Failure::io(path, "read", &error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::io(path, "read", &error)),
    }
}

/// The contents of a file that a person names, which may stand behind a link. A pipe or a device is refused unread, since it
/// may have no end.
///
/// # Errors
/// There is no such file, or it is no plain one, or the file system refuses.
pub fn input(path: &Path) -> Result<Vec<u8>, Failure> {
    let metadata = fs::metadata(path).map_err(|error| Failure::io(path, "read", &error))?;
    if !metadata.is_file() {
        let message = format!("{} is no plain file", path.display());
        return Err(Failure::new(message, "save what it gives as a file, and name that"));
    }
    fs::read(path).map_err(|error| Failure::io(path, "read", &error))
}

/// As [`input`], for a file that has to be text.
///
/// # Errors
/// As [`input`], or the file is not UTF-8.
pub fn text(path: &Path) -> Result<String, Failure> {
    let fail = |_| Failure::new(format!("{} is not UTF-8 text", path.display()), "save the file as UTF-8 text");
    String::from_utf8(input(path)?).map_err(fail)
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
