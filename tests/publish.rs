//! What a registry, its readers and their lawyers ask of every crate that is published.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
    process::Command,
};

use serde_json::Value;

use crate::support::workspace;

/// Of the target that this test is built for; a check with the old compiler covers the rest. Not offline: what only other
/// features need has perhaps not been downloaded yet.
fn metadata() -> Value {
    let target = format!("{}-unknown-linux-gnu", env::consts::ARCH);
    let mut cargo = Command::new(env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    cargo.args(["metadata", "--format-version", "1", "--locked", "--all-features", "--filter-platform", &target]);
    let output = cargo.current_dir(workspace::root()).output().expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata writes JSON")
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Members of the workspace that nothing keeps from being published.
fn published(metadata: &Value) -> Vec<&Value> {
    let members: BTreeSet<&str> = list(metadata, "workspace_members").filter_map(Value::as_str).collect();
    list(metadata, "packages").filter(|package| members.contains(text(package, "id")) && package["publish"].is_null()).collect()
}

#[test]
fn every_published_crate_has_what_a_registry_asks_for() {
    let (root, metadata) = (workspace::root(), metadata());
    let mut wrong = Vec::new();
    let folders = fs::read_dir(root.join("crates")).expect("the crates are there").count();
    assert_eq!(published(&metadata).len(), folders, "all that stands in crates/ is published, and nothing else");
    for package in published(&metadata) {
        let name = text(package, "name");
        let folder = Path::new(text(package, "manifest_path")).parent().expect("a manifest stands in a folder");
        let mut ask = |holds: bool, what: &str| (!holds).then(|| wrong.push(format!("{name}: {what}")));
        let lengths: Vec<usize> = list(package, "keywords").filter_map(Value::as_str).map(str::len).collect();
        ask((1..=5).contains(&lengths.len()) && lengths.iter().all(|length| *length <= 20), "one to five short keywords");
        ask(list(package, "categories").count() > 0, "a category");
        ask((20..200).contains(&text(package, "description").len()), "a description of one sentence");
        ask(text(package, "license") == "MIT OR Apache-2.0", "the workspace's licence");
        ask(!text(package, "rust_version").is_empty(), "the oldest compiler that it builds with");
        let manifest: toml::Table = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default().parse().unwrap_or_default();
        for key in ["version", "license", "rust-version", "categories", "keywords"] {
            let own = manifest.get("package").and_then(|package| package.get(key)).is_some_and(|value| !value.is_table());
            ask(own, &format!("`{key}` of its own, not the workspace's"));
        }
        ask(package["metadata"]["docs"]["rs"]["all-features"] == true, "docs.rs to show all features");
        let lints = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        ask(lints.contains("[lints]\nworkspace = true"), "the workspace's lints");
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            let own = fs::read(folder.join(licence)).ok();
            ask(own.is_some() && own == fs::read(root.join(licence)).ok(), &format!("{licence} as at the root"));
        }
        let readme = fs::read_to_string(folder.join(text(package, "readme"))).unwrap_or_default();
        // Who uses a program types commands.
        let is_program = list(package, "targets").all(|target| target["kind"][0] != "lib");
        let example = if is_program { "```sh" } else { "```rust" };
        ask(readme.contains(example) && readme.contains("eature"), "a README with an example and the features");
        let changelog = fs::read_to_string(folder.join("CHANGELOG.md")).unwrap_or_default();
        let version = format!("## {}", text(package, "version"));
        // Of a vendor that has just been added nothing has changed yet.
        let new = root.join("specs").join(name).is_dir() && !root.join(format!("specs/{name}/CHANGELOG.md")).exists();
        let told = new || changelog.contains("## Unreleased\n") || changelog.contains(&version);
        ask(told, "a CHANGELOG.md with what is new (a vendor's is kept in its folder of specs/)");
        let bare = list(package, "dependencies")
            .find(|dependency| dependency["path"].is_string() && dependency["kind"].is_null() && text(dependency, "req") == "*");
        ask(bare.is_none(), "a version for each dependency that has a path");
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_dependency_of_a_published_crate_needs_a_newer_compiler_than_the_crate_says() {
    let metadata = metadata();
    let packages: BTreeMap<&str, &Value> = list(&metadata, "packages").map(|package| (text(package, "id"), package)).collect();
    let nodes: BTreeMap<&str, &Value> = list(&metadata["resolve"], "nodes").map(|node| (text(node, "id"), node)).collect();
    let mut wrong = BTreeSet::new();
    for package in published(&metadata) {
        let stated = version(text(package, "rust_version"));
        let mut open = vec![text(package, "id")];
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            let needed = text(packages[id], "rust_version");
            if version(needed) > stated {
                let (name, of) = (text(packages[id], "name"), text(packages[id], "version"));
                wrong.insert(format!("{} says {stated:?}, {name} {of} needs {needed}", text(package, "name")));
            }
            let next = list(nodes[id], "deps")
                .filter(|dependency| list(dependency, "dep_kinds").any(|kind| text(kind, "kind") != "dev"))
                .map(|dependency| text(dependency, "pkg"));
            open.extend(next.filter(|id| seen.insert(*id)));
        }
        assert!(seen.len() > 10, "{}: only {} dependencies", text(package, "name"), seen.len());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// `1.88` and `1.88.0` are one version.
fn version(text: &str) -> [u32; 3] {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or_default());
    [(); 3].map(|()| parts.next().unwrap_or_default())
}
