//! Crates that a test has made, held against the compiler: cargo itself, offline, with what it built the last time.

use std::{fs, path::Path, process::Command};

use super::workspace::root;

/// Makes `folder` a workspace of its own, like this one, of the crates in its `crates/`; client-core is taken from here.
pub(crate) fn workspace(folder: &Path) {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace has a manifest");
    let manifest = manifest.replace("members = [\"crates/*\", \"tests\", \"xtask\"]", "members = [\"crates/*\"]");
    assert!(!manifest.contains("xtask"), "only crates are members:\n{manifest}");
    let core = root().join("crates/client-core");
    let manifest = if folder.join("crates/client-core").exists() {
        manifest
    } else {
        manifest.replace("path = \"crates/client-core\"", &format!("path = {core:?}"))
    };
    fs::write(folder.join("Cargo.toml"), manifest).expect("temporary folders are writable");
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("the workspace has a lock");
}

/// Checks the library of one package and refuses every warning in it.
pub(crate) fn check(folder: &Path, package: &str, features: &[&str]) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["rustc", "--quiet", "--offline", "--profile", "check", "--lib", "--package", package]);
    cargo.args(["--no-default-features", "--features", &features.join(",")]);
    cargo.arg("--target-dir").arg(root().join("target/compiled"));
    cargo.args(["--", "-D", "warnings"]);
    let output = cargo.current_dir(folder).output().expect("cargo can be run");
    assert!(output.status.success(), "{package} with {features:?}:\n{}", String::from_utf8_lossy(&output.stderr));
}
