//! One run at a time, and each run whole or not at all, also when it is killed.
//!
//! Takes the steps of a run. What is new is written into `.regen/new`, then a journal says what is to be done, then it is
//! done by renaming. The next run finishes what the journal of a killed one says, and clears what was never said there; a
//! file that was changed in between is left as it is. Only the holder of the lock does any of this, and the lock dies
//! with its process.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::{own::digest, place, plain, read};
use crate::failure::Failure;

/// Holds the lock, the journal and what is not in its place yet. It ignores itself in Git.
const FOLDER: &str = ".regen";

/// Held while files are put in their places; an interrupt waits for it before it ends the process.
static PLACING: Mutex<()> = Mutex::new(());

/// Ends the process with `code`, before files are put in their places or after.
pub fn exit_whole(code: i32) -> ! {
    let _held = PLACING.lock().unwrap_or_else(PoisonError::into_inner);
    std::process::exit(code)
}

/// One step of the journal.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    /// From the root.
    pub(super) path: String,
    /// Digest of what stands there before; `None` where nothing does.
    pub(super) before: Option<String>,
    /// Name in `.regen/new` of what is to stand there; `None` where nothing is to.
    pub(super) after: Option<String>,
}

/// The right to write, until it is dropped.
#[derive(Debug)]
pub struct Session {
    root: PathBuf,
    _lock: File,
}

impl Session {
    /// Waits for other runs, and repairs what a killed one left.
    ///
    /// # Errors
    /// The file system refuses, or something that is no plain file stands where the lock is.
    pub fn begin(root: &Path) -> Result<Self, Failure> {
        let folder = root.join(FOLDER);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(Failure::io(&folder, "make", &error)),
            _ => {}
        }
        let real = fs::symlink_metadata(&folder).is_ok_and(|metadata| metadata.is_dir());
        if !real {
            return Err(Failure::new(format!("{} is no folder", folder.display()), "move it elsewhere or remove it"));
        }
        let lock = lock_file(&folder)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                eprintln!("another run writes in this workspace; waiting for it to end");
                lock.lock().map_err(|error| Failure::io(&folder, "lock", &error))?;
            }
            Err(TryLockError::Error(error)) => return Err(Failure::io(&folder, "lock", &error)),
        }
        let ignore = folder.join(".gitignore");
        if read(&ignore)?.is_none() {
            create(&ignore, b"*\n")?;
        }
        let session = Self { root: root.to_owned(), _lock: lock };
        session.repair()?;
        Ok(session)
    }

    /// The workspace.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn journal(&self) -> PathBuf {
        self.root.join(FOLDER).join("journal")
    }

    fn staged(&self, name: &str) -> PathBuf {
        self.root.join(FOLDER).join("new").join(name)
    }

    /// Writes `contents` to where it waits for its turn, with the mode of what it replaces.
    pub(super) fn stage(&self, name: &str, contents: &[u8], replaces: &Path) -> Result<(), Failure> {
        let staged = self.staged(name);
        if let Some(folder) = staged.parent() {
            fs::create_dir_all(folder).map_err(|error| Failure::io(folder, "make", &error))?;
        }
        create(&staged, contents)?;
        match fs::symlink_metadata(replaces) {
            Ok(metadata) => {
                fs::set_permissions(&staged, metadata.permissions()).map_err(|error| Failure::io(&staged, "write", &error))
            }
            Err(_) => Ok(()),
        }
    }

    /// Does all that `entries` say, whose contents are staged.
    ///
    /// `before` gives the contents that stood at a path, for putting them back where a step fails.
    pub(super) fn place(&self, entries: &[Entry], before: impl Fn(&str) -> Option<Vec<u8>>) -> Result<(), Failure> {
        let text = serde_json::to_vec(entries).map_err(|error| Failure::io(&self.journal(), "write", &error.into()))?;
        let _placing = PLACING.lock().unwrap_or_else(PoisonError::into_inner);
        create(&self.journal().with_extension("new"), &text)?;
        let started = fs::rename(self.journal().with_extension("new"), self.journal());
        started.map_err(|error| Failure::io(&self.journal(), "write", &error))?;
        for (at, entry) in entries.iter().enumerate() {
            if let Err(failure) = self.step(entry) {
                for (number, done) in entries.iter().take(at).enumerate() {
                    self.put_back(number, done, before(&done.path))?;
                }
                self.clear()?;
                return Err(failure);
            }
        }
        self.tidy(entries);
        self.clear()
    }

    fn step(&self, entry: &Entry) -> Result<(), Failure> {
        let path = self.root.join(&entry.path);
        let result = match &entry.after {
            Some(staged) => {
                path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::rename(self.staged(staged), &path))
            }
            None => fs::remove_file(&path),
        };
        result.map_err(|error| Failure::io(&path, "write", &error))
    }

    fn put_back(&self, number: usize, entry: &Entry, before: Option<Vec<u8>>) -> Result<(), Failure> {
        let path = self.root.join(&entry.path);
        let result = match before {
            Some(contents) => {
                let name = format!("back-{number}");
                self.stage(&name, &contents, &path)?;
                fs::rename(self.staged(&name), &path)
            }
            None => fs::remove_file(&path),
        };
        result.map_err(|error| Failure::io(&path, "put back", &error))
    }

    /// Removes folders that were emptied, the innermost first.
    fn tidy(&self, entries: &[Entry]) {
        let removed = entries.iter().filter(|entry| entry.after.is_none());
        let folders: HashSet<&Path> = removed.flat_map(|entry| Path::new(&entry.path).ancestors().skip(1)).collect();
        let mut folders: Vec<_> = folders.into_iter().filter(|folder| !folder.as_os_str().is_empty()).collect();
        folders.sort_by_key(|folder| std::cmp::Reverse(folder.components().count()));
        for folder in folders {
            // One that still holds something stays.
            let _ = fs::remove_dir(self.root.join(folder));
        }
    }

    /// Finishes what a killed run had begun, except in files that were changed since.
    fn repair(&self) -> Result<(), Failure> {
        if let Some(text) = read(&self.journal())? {
            // It was put in its place by renaming: it is whole, or it is not ours.
            let entries: Vec<Entry> = serde_json::from_slice(&text).unwrap_or_default();
            for entry in &entries {
                plain(&entry.path)?;
                place::inside(&self.root, &entry.path)?;
                let now = read(&self.root.join(&entry.path))?.as_deref().map(digest);
                let staged = entry.after.as_ref().is_none_or(|staged| plain(staged).is_ok() && self.staged(staged).is_file());
                if now == entry.before && staged && !(entry.after.is_none() && now.is_none()) {
                    self.step(entry)?;
                }
            }
            self.tidy(&entries);
            eprintln!("finished what an interrupted run had begun");
        }
        self.clear()
    }

    fn clear(&self) -> Result<(), Failure> {
        let gone = |path: &Path, result: io::Result<()>| match result {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Failure::io(path, "remove", &error)),
            _ => Ok(()),
        };
        for path in [self.journal(), self.journal().with_extension("new")] {
            gone(&path, fs::remove_file(&path))?;
        }
        let new = self.root.join(FOLDER).join("new");
        gone(&new, fs::remove_dir_all(&new))
    }
}

/// Waits until no run writes, for a command that only reads.
///
/// # Errors
/// A run was interrupted while it wrote.
pub(super) fn settled(root: &Path) -> Result<Option<File>, Failure> {
    let folder = root.join(FOLDER);
    if !folder.join("lock").is_file() {
        return Ok(None);
    }
    let lock = File::open(folder.join("lock")).map_err(|error| Failure::io(&folder, "open", &error))?;
    lock.lock_shared().map_err(|error| Failure::io(&folder, "lock", &error))?;
    if folder.join("journal").exists() {
        let message = "an earlier run was interrupted while it wrote";
        return Err(Failure::new(message, "run `cargo xtask regen`, which finishes it"));
    }
    Ok(Some(lock))
}

fn lock_file(folder: &Path) -> Result<File, Failure> {
    let path = folder.join("lock");
    // Nothing is read through a link or from a device.
    read(&path)?;
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
    file.map_err(|error| Failure::io(&path, "open", &error))
}

/// Writes a file that is not there yet.
fn create(path: &Path, contents: &[u8]) -> Result<(), Failure> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(contents)).map_err(|error| Failure::io(path, "write", &error))
}

/// Writes a file outside of a run, such as a page to look at: at once, never through a link, never to a device.
///
/// # Errors
/// The file system refuses, or something that is no plain file stands there.
pub fn put(path: &Path, contents: &str) -> Result<(), Failure> {
    read(path)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| Failure::io(folder, "make", &error))?;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let staged = path.with_file_name(format!(".{name}.{}", std::process::id()));
    create(&staged, contents.as_bytes())?;
    fs::rename(&staged, path).map_err(|error| {
        let _ = fs::remove_file(&staged);
        Failure::io(path, "write", &error)
    })
}
