//! Crates that a test has made, held against the compiler.
//!
//! The compiler itself is called, with the libraries that this test binary stands on: they are built already, with the
//! features of this very build, so that a crate takes seconds and nothing is downloaded.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
    time::SystemTime,
};

use toml::{Table, Value};

use super::workspace::root;

/// Checks the library of the package in `folder` with these features and refuses every warning in it. The metadata of the
/// library is left in `made`; dependencies are looked for there first.
pub(crate) fn check(folder: &Path, features: &[&str], made: &Path) {
    outcome(folder, features, made, &[]).unwrap_or_else(|error| panic!("{error}"));
}

/// As [`check`], with more options of the compiler; what it says where it refuses.
pub(crate) fn outcome(folder: &Path, features: &[&str], made: &Path, options: &[&str]) -> Result<(), String> {
    let mut rustc = tool("rustc", folder, features, made);
    rustc.args(["--crate-type", "lib", "--emit", "metadata", "-D", "warnings"]).arg("--out-dir").arg(made);
    for (lint, level) in lints() {
        rustc.arg(format!("--{level}")).arg(lint);
    }
    let output = rustc.args(options).output().expect("the compiler can be run");
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{} with {features:?}:\n{}", folder.display(), String::from_utf8_lossy(&output.stderr)))
}

/// Builds the libraries of the packages in `folders` with their features, one after the other, and runs the program at `path`,
/// which stands on them and on those libraries of `also` that `client-core` stands on.
pub(crate) fn run(path: &Path, folders: &[(&Path, &[&str])], also: &[&str], made: &Path) {
    for (folder, features) in folders {
        let mut rustc = tool("rustc", folder, features, made);
        built(rustc.args(["--crate-type", "lib", "--emit", "metadata,link", "--cap-lints", "allow"]).arg("--out-dir").arg(made));
    }
    let program = made.join("program");
    let mut rustc = Command::new(Path::new(env!("CARGO")).with_file_name("rustc"));
    rustc.args(["--edition", edition().as_str(), "--crate-name", "program"]).arg(path).arg("-o").arg(&program);
    rustc.arg("-L").arg(format!("dependency={}", libraries().display())).arg("-L").arg(format!("dependency={}", made.display()));
    for (folder, _) in folders {
        let manifest = table(&folder.join("Cargo.toml"));
        let name = identifier(manifest["package"]["name"].as_str().expect("a package has a name"));
        rustc.arg("--extern").arg(format!("{name}={}", made.join(format!("lib{name}.rlib")).display()));
    }
    // A runtime counts for the build of `tokio` that it is of.
    let linked = linked(&library("client-core", made));
    for name in also {
        let name = identifier(name);
        let start = format!("{name}-");
        let file =
            linked.iter().find(|file| file.starts_with(&start)).unwrap_or_else(|| panic!("client-core is built without {name}"));
        rustc.arg("--extern").arg(format!("{name}={}", libraries().join(format!("lib{file}.rlib")).display()));
    }
    built(&mut rustc);
    built(&mut Command::new(program));
}

/// Runs a command that must succeed.
fn built(command: &mut Command) {
    let output = command.output().expect("the command can be run");
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
}

/// The documentation tests of the package in `folder`, as the compiler lists them: nothing of it is run.
pub(crate) fn documentation_tests(folder: &Path, features: &[&str]) -> Vec<String> {
    let mut rustdoc = tool("rustdoc", folder, features, folder);
    rustdoc.args(["--test", "--test-args", "--list"]);
    let output = rustdoc.output().expect("rustdoc can be run");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{told}\n{}", String::from_utf8_lossy(&output.stderr));
    told.lines().filter(|line| line.ends_with(": test")).map(str::to_owned).collect()
}

/// Writes what is in the library of the package in `folder` into `NAME.json` in `to`, as `cargo semver-checks` reads it.
pub(crate) fn describe(folder: &Path, to: &Path) {
    let mut rustdoc = tool("rustdoc", folder, &[], folder);
    // The format is one of the nightly compiler; what it says of a crate is not.
    rustdoc.env("RUSTC_BOOTSTRAP", "1").args(["-Z", "unstable-options", "--output-format", "json"]);
    rustdoc.args(["--document-private-items", "--document-hidden-items", "--cap-lints", "allow"]);
    let output = rustdoc.arg("--out-dir").arg(to).output().expect("rustdoc can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The compiler or rustdoc, on the library of the package in `folder`, with all that it stands on.
fn tool(name: &str, folder: &Path, features: &[&str], made: &Path) -> Command {
    let manifest = table(&folder.join("Cargo.toml"));
    let package = manifest["package"]["name"].as_str().expect("a package has a name");
    let (features, optional) = closure(&manifest, features);
    let mut tool = Command::new(Path::new(env!("CARGO")).with_file_name(name));
    tool.args(["--edition", edition().as_str()]).arg("--crate-name").arg(identifier(package));
    for feature in &features {
        tool.arg("--cfg").arg(format!("feature={feature:?}"));
    }
    tool.arg("-L").arg(format!("dependency={}", libraries().display())).arg("-L").arg(format!("dependency={}", made.display()));
    // The compiler here builds for this machine, so never for a browser.
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flatten();
    let targets = targets.filter(|(target, _)| target.as_str() == "cfg(not(target_arch = \"wasm32\"))").map(|(_, table)| table);
    let tables = targets.filter_map(|table| table.get("dependencies")).chain(manifest.get("dependencies"));
    for (name, dependency) in tables.filter_map(Value::as_table).flatten() {
        if dependency.get("optional").is_none_or(|is| is.as_bool() == Some(false)) || optional.contains(name) {
            tool.arg("--extern").arg(format!("{}={}", identifier(name), library(name, made).display()));
        }
    }
    tool.arg(folder.join("src/lib.rs"));
    tool
}

/// All features that these switch on, and the optional dependencies.
fn closure(manifest: &Table, features: &[&str]) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut all, mut optional) = (BTreeSet::new(), BTreeSet::new());
    let mut open: Vec<String> = features.iter().map(|feature| (*feature).to_owned()).collect();
    while let Some(feature) = open.pop() {
        if let Some(dependency) = feature.strip_prefix("dep:") {
            optional.insert(dependency.to_owned());
        } else if !feature.contains('/') && all.insert(feature.clone()) {
            let listed = manifest["features"].get(&feature).and_then(Value::as_array);
            let listed = listed.unwrap_or_else(|| panic!("there is no feature {feature}"));
            open.extend(listed.iter().filter_map(Value::as_str).map(str::to_owned));
        }
    }
    (all, optional)
}

/// What the workspace sets for its crates, as options of the compiler.
fn lints() -> Vec<(String, String)> {
    let manifest = table(&root().join("Cargo.toml"));
    let lints = manifest["workspace"]["lints"]["rust"].as_table().expect("the workspace has lints");
    lints.iter().map(|(lint, level)| (lint.clone(), level.as_str().expect("a level").to_owned())).collect()
}

fn edition() -> String {
    let manifest = table(&root().join("Cargo.toml"));
    manifest["workspace"]["package"]["edition"].as_str().expect("the workspace has an edition").to_owned()
}

fn table(path: &Path) -> Table {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn identifier(package: &str) -> String {
    package.replace('-', "_")
}

/// The libraries that one was built with, each with the hash of its build: `tokio-0932d4d849856623`.
fn linked(library: &Path) -> Vec<String> {
    let mut rustc = Command::new(Path::new(env!("CARGO")).with_file_name("rustc"));
    // Only the nightly compiler lists them otherwise.
    let output =
        rustc.env("RUSTC_BOOTSTRAP", "1").args(["-Z", "ls=root"]).arg(library).output().expect("the compiler can be run");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    told.lines().filter_map(|line| line.split(' ').nth(1)).map(str::to_owned).collect()
}

/// Where the libraries lie that this binary was linked with.
fn libraries() -> PathBuf {
    let binary = env::current_exe().expect("a test has a path");
    binary.parent().expect("it stands in a folder").to_path_buf()
}

/// The library of a dependency: of several builds with different features the one that the facade is built with, and of what the
/// facade does not stand on, the newest. The newest of all may be of a run that tested other packages, with fewer features.
fn library(package: &str, made: &Path) -> PathBuf {
    static OF_THE_FACADE: LazyLock<Vec<String>> = LazyLock::new(|| linked(&newest("vendor-users")));
    let name = identifier(package);
    let own = made.join(format!("lib{name}.rmeta"));
    if own.exists() {
        return own;
    }
    let start = format!("{name}-");
    match OF_THE_FACADE.iter().find(|file| file.strip_prefix(&start).is_some_and(|hash| !hash.contains('-'))) {
        Some(file) => libraries().join(format!("lib{file}.rlib")),
        None => newest(package),
    }
}

/// The build of a library that was made last.
fn newest(package: &str) -> PathBuf {
    let start = format!("lib{}-", identifier(package));
    let is_built = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with(&start) && name.ends_with(".rlib")
    };
    let age = |path: &PathBuf| path.metadata().and_then(|of| of.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let listed = fs::read_dir(libraries()).expect("the folder can be listed").flatten().map(|entry| entry.path());
    let newest = listed.filter(is_built).max_by_key(age);
    newest.unwrap_or_else(|| panic!("{package} is not built: no {start}*.rlib in {}", libraries().display()))
}
