//! Where on disk a path of a run leads.
//!
//! Input: the root and a path of plain names. Output: that it stays inside the root, and the files below it.
//! Changes nothing.

use std::{collections::BTreeSet, fs, io, path::Path};

use crate::failure::Failure;

/// Refuses a path that a symbolic link leads out of the root, and one that is itself a link or no plain file or folder.
pub(super) fn inside(root: &Path, path: &str) -> Result<(), Failure> {
    let refuse = |at: &Path| {
        let message = format!("{} is a symbolic link; writing to {path} could lead out of the workspace", at.display());
        Err(Failure::new(message, "replace the link with what it points to"))
    };
    let mut at = root.to_owned();
    for part in Path::new(path).components() {
        at.push(part);
        match fs::symlink_metadata(&at) {
            Ok(metadata) if metadata.is_symlink() => return refuse(&at),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Failure::io(&at, "read", &error)),
        }
    }
    Ok(())
}

/// Adds the files below `folder`, as paths from the root. Links are listed as themselves, never followed.
pub(super) fn files(root: &Path, folder: &str, found: &mut BTreeSet<String>) -> Result<(), Failure> {
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let path = root.join(&folder);
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Failure::io(&path, "read", &error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| Failure::io(&path, "read", &error))?;
            let kind = entry.file_type().map_err(|error| Failure::io(&entry.path(), "read", &error))?;
            let Some(name) = entry.file_name().to_str().map(|name| format!("{folder}/{name}")) else {
                let message = format!("{} has a name that is not UTF-8", entry.path().display());
                return Err(Failure::new(message, "rename or remove it"));
            };
            if kind.is_dir() {
                open.push(name);
            } else if kind.is_file() {
                found.insert(name);
            } else {
                let message = format!("{name} stands where generated files stand, and is no plain file");
                return Err(Failure::new(message, "move it elsewhere or remove it"));
            }
        }
    }
    Ok(())
}
