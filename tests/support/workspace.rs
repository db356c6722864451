//! Where the workspace stands, and the vendors in it.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package stands in the workspace").to_path_buf()
}

/// Every vendor with its committed specification, in the order of their names.
pub(crate) fn specifications() -> Vec<(String, Value)> {
    let names = xtask::vendor::names(&root()).expect("specs/ can be listed");
    names.into_iter().map(|name| (name.clone(), specification(&name))).collect()
}

/// The committed specification of one vendor.
pub(crate) fn specification(vendor: &str) -> Value {
    let path = root().join(format!("specs/{vendor}/openapi.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("a committed specification is JSON")
}

/// Those of the specifications whose clients these tests call: this package depends on their crates. Of a vendor that has
/// just been added, the crate's own documentation is all that calls it.
pub(crate) fn called() -> Vec<(String, Value)> {
    let manifest: toml::Table = include_str!("../Cargo.toml").parse().expect("a manifest is TOML");
    let dependencies = manifest["dev-dependencies"].as_table().expect("the tests depend on clients");
    specifications().into_iter().filter(|(vendor, _)| dependencies.contains_key(vendor)).collect()
}

/// Whether snapshots of a vendor are held against what is made of it now. Nobody has reviewed a vendor of which there is
/// none yet: `INSTA_UPDATE=always cargo test -p tests` writes the first ones, `tests/tools/habits reviewed` asks for them.
pub(crate) fn reviewed(vendor: &str) -> bool {
    let end = format!("_{vendor}.snap");
    let snapshots = std::fs::read_dir(root().join("tests/snapshots")).expect("there are snapshots");
    let known = snapshots.flatten().any(|entry| entry.file_name().to_string_lossy().ends_with(&end));
    known || std::env::var("INSTA_UPDATE").is_ok_and(|mode| mode == "always")
}
