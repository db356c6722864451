//! A copy of the workspace to run the command in.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The folder that is copied from.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package stands in the workspace").to_path_buf()
}

/// All that a run reads and writes.
pub(crate) fn copy() -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder can be made");
    for entry in fs::read_dir(root()).expect("the workspace can be listed").flatten().filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("a file can be copied");
    }
    for folder in ["specs", "crates"] {
        copy_folder(&root().join(folder), &copy.path().join(folder));
    }
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder can be listed").flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_folder(&from, &to);
        } else {
            fs::copy(&from, &to).expect("a file can be copied");
        }
    }
}

/// The command, to be run in the workspace at `root`.
pub(crate) fn command(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.env("CARGO_MANIFEST_DIR", root.join("xtask")).current_dir(root);
    command
}

/// What it says and gives back.
pub(crate) fn run<A: AsRef<OsStr>>(root: &Path, arguments: impl IntoIterator<Item = A>) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command(root).args(arguments).output().expect("the command starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is UTF-8");
    (status.code().expect("it ends by itself"), text(stdout), text(stderr))
}
