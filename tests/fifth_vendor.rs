//! A vendor whose pages are of a known dialect takes a folder with a manifest and its pages, and no line of Rust.
//!
//! `fixtures/vendors/` has one made-up vendor for each dialect. `tests/tools/add-vendor` adds each of them to a copy of the
//! whole workspace and runs all tests there.

use std::{collections::BTreeSet, fs, path::Path};

use syn::{Item, Type};
use tempfile::TempDir;
use xtask::{dialect::Dialect, document::Document, vendor};

use crate::support::{compiled, tree, workspace};

const FIXTURES: &str = "tests/fixtures/vendors/";

/// The made-up vendor of a dialect: its name and title, as its manifest has them.
fn made_up(dialect: Dialect) -> (String, String) {
    let path = workspace::root().join(FIXTURES).join(dialect.name()).join("vendor.toml");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let manifest = vendor::parse(&Document::new(0, "vendor.toml", text)).expect("a manifest is sound");
    assert_eq!(manifest.dialect(), dialect, "{}", path.display());
    (manifest.name.get_ref().clone(), manifest.title.get_ref().clone())
}

/// What a run reads and writes of the workspace, in a place of its own, with one more vendor for each dialect.
fn with_more_vendors() -> TempDir {
    let copy = tempfile::tempdir().expect("temporary folders can be made");
    let names: Vec<(String, String)> =
        Dialect::ALL.into_iter().map(|dialect| (format!("{FIXTURES}{}/", dialect.name()), made_up(dialect).0)).collect();
    for file in tree::files() {
        let own = ["README.md", "LICENSE-", "crates/", "specs/"].iter().any(|place| file.path.starts_with(place));
        let added = names.iter().find_map(|(folder, name)| Some(format!("specs/{name}/{}", file.path.strip_prefix(folder)?)));
        let Some(to) = added.or_else(|| own.then(|| file.path.clone())) else { continue };
        let to = copy.path().join(to);
        fs::create_dir_all(to.parent().expect("files stand in folders")).expect("temporary folders are writable");
        fs::write(to, file.text).expect("temporary folders are writable");
    }
    copy
}

fn read(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn rust(root: &Path, path: &str) -> syn::File {
    syn::parse_file(&read(root, path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn a_folder_with_a_manifest_and_a_page_makes_a_vendor() {
    let copy = with_more_vendors();
    let root = copy.path();
    let table = xtask::regen::regen(root, None, false).unwrap_or_else(|failure| panic!("{failure}")).text;
    for dialect in Dialect::ALL {
        check_vendor(root, &table, dialect);
    }

    // Nothing of the others changed, and a second run has nothing to do.
    let facade = "crates/vendor-users/";
    let client = |path: &str| path.starts_with("crates/") && path.contains("/src/generated/") && !path.starts_with(facade);
    let kept = |path: &&String| path.starts_with("specs/") || client(path);
    for path in tree::files().into_iter().map(|file| file.path).collect::<Vec<_>>().iter().filter(kept) {
        let committed = fs::read(workspace::root().join(path)).ok();
        assert!(fs::read(root.join(path)).ok() == committed, "{path} differs from the committed one");
    }
    xtask::regen::regen(root, None, true).unwrap_or_else(|failure| panic!("{failure}"));

    // The compiler agrees: with each crate, and with the facade over all that are new.
    let names: Vec<String> = Dialect::ALL.into_iter().map(|dialect| made_up(dialect).0).collect();
    for name in &names {
        compiled::check(&root.join("crates").join(name), &["rustls"], root);
    }
    let features: Vec<&str> = names.iter().map(String::as_str).collect();
    compiled::check(&root.join("crates/vendor-users"), &features, root);

    // What `[directory]` says of the operations is all that a joiner, a mover and a leaver take.
    let lives = [Dialect::RedocPage, Dialect::SuperofficeDocfx].map(|dialect| made_up(dialect).0);
    let clients = lives.each_ref().map(|name| root.join("crates").join(name));
    let features = lives.each_ref().map(String::as_str);
    let facade = root.join(facade);
    let mut folders: Vec<(&Path, &[&str])> = clients.iter().map(|client| (client.as_path(), &["rustls"][..])).collect();
    folders.push((&facade, &features));
    let life = workspace::root().join("tests/fixtures/fifth_vendor/life.rs");
    compiled::run(&life, &folders, &["futures-util", "serde_json", "tokio"], root);
}

fn check_vendor(root: &Path, table: &str, dialect: Dialect) {
    let (name, title) = made_up(dialect);
    let row = table.lines().find(|line| line.starts_with(&name)).expect("the vendor has a row");
    assert!(row.contains("100 %"), "all of the page is accounted for: {row}");

    // Each operation of the specification is a method.
    let specification: serde_json::Value =
        serde_json::from_str(&read(root, &format!("specs/{name}/openapi.json"))).expect("it is JSON");
    let paths = specification["paths"].as_object().expect("the page has an operation");
    let operations = paths.values().flat_map(|item| item.as_object().into_iter().flatten());
    let operations = operations.filter_map(|(_, operation)| operation["operationId"].as_str()).count();
    let package = format!("crates/{name}");
    for path in ["auth", "builder", "client", "operations", "types"] {
        rust(root, &format!("{package}/src/generated/{path}.rs"));
    }
    let client = read(root, &format!("{package}/src/generated/client.rs"));
    assert!(operations > 0 && client.matches("client_core::codegen::request!(").count() >= operations, "{name}: {client}");
    for path in ["Cargo.toml", "README.md", "LICENSE-APACHE", "LICENSE-MIT", "src/lib.rs"] {
        assert!(!read(root, &format!("{package}/{path}")).is_empty());
    }

    let users = rust(root, "crates/vendor-users/src/generated.rs");
    assert!(users.items.iter().any(|item| is_user(item, &name)), "the facade has no `User` of {name}");
    for page in ["README.md", "crates/vendor-users/README.md"] {
        let text = read(root, page);
        assert!(text.lines().any(|line| line.starts_with(&format!("| {title} |"))), "{page}: the matrix has no row for {title}");
    }
    let manifest = read(root, "crates/vendor-users/Cargo.toml");
    assert!(manifest.contains(&format!("{name} = [\"dep:{name}\"]")), "the facade has no feature `{name}`");
}

/// Whether an item says how a type of the vendor is a user.
fn is_user(item: &Item, vendor: &str) -> bool {
    let Item::Impl(item) = item else { return false };
    let of = item.trait_.as_ref().and_then(|(path, _)| path.segments.last()).map(|part| part.ident.to_string());
    let Type::Path(own) = &*item.self_ty else { return false };
    of.as_deref() == Some("User") && own.path.segments.iter().any(|part| part.ident == vendor)
}

#[test]
fn each_dialect_has_a_made_up_vendor_and_each_has_a_name_of_its_own() {
    let names: BTreeSet<String> = Dialect::ALL.into_iter().map(|dialect| made_up(dialect).0).collect();
    assert_eq!(names.len(), Dialect::ALL.len(), "{names:?}");
    let committed = vendor::names(&workspace::root()).expect("specs/ can be listed");
    let taken: Vec<&String> = committed.iter().filter(|name| names.contains(*name)).collect();
    // A copy to which one of them was added is what `tests/tools/add-vendor` tries.
    assert!(taken.len() <= 1, "{taken:?}");
}
