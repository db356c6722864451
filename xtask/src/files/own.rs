//! Which files on disk a run may replace or remove: those that an earlier run wrote.
//!
//! Takes what stands on disk, what is to stand there, and the list of digests that a run leaves in each folder of its own.
//! Returns whose a file is. A file is replaced when the list has its digest, or when it bears the very line that marks the
//! new one as generated; it is removed only when the list has its digest. Writes nothing.

use std::{collections::HashMap, path::Path};

use super::read;
use crate::failure::Failure;

/// The list of a folder: what `sha256sum --check` reads, with paths from the root.
pub const LIST: &str = "generated.sha256";

/// A file that says this is generated.
const MARKER: &str = "@generated";

/// Lines in which the marker may stand.
const TOP: usize = 5;

/// Digests by path, of all lists that were read.
#[derive(Debug, Default)]
pub(super) struct Own {
    digests: HashMap<String, String>,
}

impl Own {
    /// Adds the list of `folder`, where it has one. A line that is none, such as the marks of a merge, counts for nothing.
    pub(super) fn add(&mut self, root: &Path, folder: &str) -> Result<(), Failure> {
        let Some(list) = read(&root.join(folder).join(LIST))? else { return Ok(()) };
        for line in String::from_utf8_lossy(&list).lines() {
            if let Some((digest, path)) = line.split_once("  ") {
                self.digests.insert(path.to_owned(), digest.to_owned());
            }
        }
        Ok(())
    }

    /// Why the file at `path`, which says `before`, may not be replaced by `after`.
    pub(super) fn refuses_to_replace(&self, path: &str, before: &[u8], after: &str) -> Option<String> {
        if self.lists(path, before) || marker(after).is_some_and(|(at, line)| line_at(before, at) == Some(line)) {
            return None;
        }
        Some(format!("{path} stands where a generated file is to stand, and `regen` did not write it"))
    }

    /// Why the file at `path`, which says `before`, may not be removed.
    pub(super) fn refuses_to_remove(&self, path: &str, before: &[u8]) -> Option<String> {
        // The list cannot have its own digest.
        let list = path.ends_with(&format!("/{LIST}")) && line_at(before, 0).is_some_and(|line| line.contains(MARKER));
        if list || self.lists(path, before) {
            return None;
        }
        Some(match self.digests.contains_key(path) {
            true => format!("{path} is no longer generated, and was changed since `regen` wrote it"),
            false => format!("{path} stands where generated files stand, and `regen` did not write it"),
        })
    }

    fn lists(&self, path: &str, contents: &[u8]) -> bool {
        self.digests.get(path).is_some_and(|known| *known == digest(contents))
    }
}

/// The text of a list.
pub(super) fn list<'a>(head: &str, files: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = format!("# {head}\n");
    for (path, contents) in files {
        text.push_str(&format!("{}  {path}\n", digest(contents.as_bytes())));
    }
    text
}

/// The line that says who generates the file, and which one it is.
fn marker(text: &str) -> Option<(usize, &str)> {
    text.lines().take(TOP).enumerate().find(|(_, line)| line.contains(MARKER))
}

fn line_at(contents: &[u8], at: usize) -> Option<&str> {
    let line = contents.split(|byte| *byte == b'\n').nth(at)?;
    str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line)).ok()
}

/// The SHA-256 of `bytes` in hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        text.extend([byte >> 4, byte & 15].map(|half| char::from(DIGITS[usize::from(half)])));
        text
    })
}
