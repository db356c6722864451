//! Files that only their owner reads.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a file that is not there yet.
pub(crate) fn create(path: &Path) -> std::io::Result<File> {
    options().create_new(true).open(path)
}

/// Writes a file in place of one that may be there, at once or not at all. What is no file, such as a pipe, is written to.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // A link stays one: what it leads to is replaced.
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if path.metadata().is_ok_and(|known| !known.is_file()) {
        return options().open(path)?.write_all(bytes);
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new = path.with_file_name(name);
    let written = create(&new).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let done = written.and_then(|()| std::fs::rename(&new, path));
    if done.is_err() {
        let _ = std::fs::remove_file(&new);
    }
    done
}

/// Opens a file to add to, and makes it where there is none.
pub(crate) fn append(path: &Path) -> std::io::Result<File> {
    options().append(true).create(true).open(path)
}
