//! A vendor whose pages are of a known dialect takes a folder with a manifest and its pages, and no line of Rust.

use std::{fs, path::Path};

use syn::{Item, Type};
use tempfile::TempDir;

use crate::support::{compiled, tree, workspace};

const VENDOR: &str = "harbour";

/// What a run reads and writes of the workspace, in a place of its own, with the folder of one more vendor.
fn with_one_more_vendor() -> TempDir {
    let copy = tempfile::tempdir().expect("temporary folders can be made");
    let fixture = "tests/fixtures/fifth-vendor/";
    for file in tree::files() {
        let own = ["README.md", "LICENSE-", "crates/", "specs/"].iter().any(|place| file.path.starts_with(place));
        let to = match file.path.strip_prefix(fixture) {
            Some(path) => format!("specs/{VENDOR}/{path}"),
            None if own => file.path,
            None => continue,
        };
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
    let copy = with_one_more_vendor();
    let root = copy.path();
    let before: Vec<String> = tree::files().into_iter().map(|file| file.path).collect();
    let table = xtask::regen::regen(root, None, false).unwrap_or_else(|failure| panic!("{failure}"));
    let row = table.lines().find(|line| line.starts_with(VENDOR)).expect("the vendor has a row");
    assert!(row.contains("100 %"), "all of the page is accounted for: {row}");

    let specification: serde_json::Value =
        serde_json::from_str(&read(root, &format!("specs/{VENDOR}/openapi.json"))).expect("it is JSON");
    assert_eq!(specification.pointer("/paths/~1pilots~1{pilotId}/put/operationId"), Some(&"UpdateAPilot".into()));

    let package = format!("crates/{VENDOR}");
    for path in ["auth", "builder", "client", "operations", "types"] {
        rust(root, &format!("{package}/src/generated/{path}.rs"));
    }
    let client = read(root, &format!("{package}/src/generated/client.rs"));
    assert!(client.contains("pub async fn update_a_pilot("), "{client}");
    for path in ["Cargo.toml", "README.md", "LICENSE-APACHE", "LICENSE-MIT", "src/lib.rs"] {
        assert!(!read(root, &format!("{package}/{path}")).is_empty());
    }

    let users = rust(root, "crates/vendor-users/src/generated.rs");
    let is_user = |item: &Item| match item {
        Item::Impl(item) => {
            let of = item.trait_.as_ref().and_then(|(path, _)| path.segments.last()).map(|part| part.ident.to_string());
            let Type::Path(own) = &*item.self_ty else { return false };
            let own: Vec<String> = own.path.segments.iter().map(|part| part.ident.to_string()).collect();
            of.as_deref() == Some("User") && own.iter().any(|part| part == VENDOR)
        }
        _ => false,
    };
    assert!(users.items.iter().any(is_user), "the facade has no `User` of {VENDOR}");

    for page in ["README.md", "crates/vendor-users/README.md"] {
        let text = read(root, page);
        let row = text.lines().find(|line| line.starts_with("| Harbour Office |")).expect("the matrix has a row");
        assert!(row.contains(" UpdateAPilot |"), "{page}: {row}");
    }
    let manifest = read(root, "crates/vendor-users/Cargo.toml");
    assert!(manifest.contains(&format!("{VENDOR} = [\"dep:{VENDOR}\"]")), "the facade has no feature `{VENDOR}`");

    // Nothing of the others changed, and a second run has nothing to do.
    let kept = |path: &&String| path.starts_with("specs/") || path.starts_with("crates/") && path.contains("/src/generated/");
    for path in before.iter().filter(kept) {
        assert_eq!(fs::read(root.join(path)).ok(), fs::read(workspace::root().join(path)).ok(), "{path}");
    }
    xtask::regen::regen(root, None, true).unwrap_or_else(|failure| panic!("{failure}"));

    // The compiler agrees: with the crate, and with the facade over it.
    compiled::workspace(root);
    compiled::check(root, VENDOR, &["rustls"]);
    compiled::check(root, "vendor-users", &[VENDOR]);
}
