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
