//! The workspace's own files: what version control keeps, with nothing of what tools leave beside it.

use std::{fs, path::Path};

use super::workspace::root;

/// A file of the workspace.
pub(crate) struct File {
    /// From the root, with slashes.
    pub path: String,
    /// Empty where it is not text.
    pub text: String,
}

impl File {
    /// As the writer of generated files puts it: near the top.
    pub(crate) fn is_generated(&self) -> bool {
        self.text.lines().take(3).any(|line| line.contains("@generated"))
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// All of them, sorted by path.
pub(crate) fn files() -> Vec<File> {
    let root = root();
    let ignored = fs::read_to_string(root.join(".gitignore")).expect("the list of what is not kept");
    let ignored: Vec<&str> = ignored.lines().map(|line| line.trim_matches('/')).filter(|line| !line.is_empty()).collect();
    let mut files = Vec::new();
    collect(&root, "", &ignored, &mut files);
    files.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(files.len() > 100, "only {} files", files.len());
    files
}

/// What a run reads and writes of the workspace, in a place of its own.
pub(crate) fn copy() -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder can be made");
    let own = |path: &str| ["README.md", "LICENSE-", "Cargo.", "crates/", "specs/"].iter().any(|place| path.starts_with(place));
    for file in files().into_iter().filter(|file| own(&file.path)) {
        put(copy.path(), &file.path, &file.text);
    }
    copy
}

/// Writes a file below `root`, with the folders that it stands in.
pub(crate) fn put(root: &Path, path: &str, text: &str) {
    let to = root.join(path);
    fs::create_dir_all(to.parent().expect("it stands in a folder")).expect("the folder can be made");
    fs::write(to, text).expect("the file can be written");
}

fn collect(folder: &Path, prefix: &str, ignored: &[&str], files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("the folder can be listed") {
        let entry = entry.expect("the folder can be listed");
        let name = entry.file_name().to_string_lossy().into_owned();
        let skipped = ignored.iter().any(|rule| rule.strip_prefix('*').map_or(name == *rule, |end| name.ends_with(end)));
        let path = format!("{prefix}{name}");
        let folder = entry.file_type().expect("an entry has a type").is_dir();
        if name == ".git" || skipped || belongs_to_a_tool(&path, folder) {
            continue;
        }
        if folder {
            collect(&entry.path(), &format!("{path}/"), ignored, files);
        } else {
            let text = fs::read(entry.path()).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
            files.push(File { path, text });
        }
    }
}

/// Where the checkout is somebody's home as well, tools keep their caches in it, in hidden folders.
fn belongs_to_a_tool(path: &str, folder: bool) -> bool {
    match path.strip_prefix(".cargo/") {
        Some(name) => name != "config.toml",
        None => folder && path.starts_with('.') && ![".cargo", ".ci"].contains(&path),
    }
}
