//! The crate's `Cargo.toml`.
//!
//! Input: the model. Output: a manifest that says for itself what a registry and its readers ask for.

use std::fmt::Write as _;

use serde_json::Value;

use crate::{
    markup::harmless,
    rust::{model::Model, parts::ALL_OPERATIONS},
};

/// What generated code needs, which is also what `client-core` needs.
const RUST_VERSION: &str = "1.88";

/// Longest keyword that a registry takes.
const KEYWORD: usize = 20;

fn quoted(value: &str) -> String {
    // A JSON string of one line is a TOML string.
    Value::String(value.chars().filter_map(harmless).collect()).to_string()
}

/// The manifest.
pub(super) fn text(model: &Model) -> String {
    let (vendor, title) = (model.vendor.as_str(), model.title.as_str());
    let mut keywords = vec!["api", "client", "http"];
    if vendor.len() <= KEYWORD && vendor.chars().all(|char| char.is_ascii_alphanumeric() || char == '-' || char == '_') {
        keywords.push(vendor);
    }
    let mut default = vec!["rustls", "tracing"];
    if !model.features.is_empty() {
        default.push(ALL_OPERATIONS);
    }
    let default: Vec<String> = default.into_iter().map(quoted).collect();
    let keywords: Vec<String> = keywords.into_iter().map(quoted).collect();
    format!(
        "[package]
name = {name}
description = {description}
version = {version}
edition = \"2024\"
rust-version = \"{RUST_VERSION}\"
license = \"MIT OR Apache-2.0\"
readme = \"README.md\"
exclude = [\"generated.sha256\"]
keywords = [{keywords}]
categories = [\"api-bindings\", \"web-programming::http-client\"]

[features]
default = [{default}]
## TLS by rustls.
rustls = [\"client-core/rustls\"]
## TLS by the platform's own library.
native-tls = [\"client-core/native-tls\"]
## One span per call.
tracing = [\"client-core/tracing\"]
{tags}
[dependencies]
client-core.workspace = true

# For the program on the front page, where nothing that looks for unused dependencies reads it.
[dev-dependencies]
tokio = {{ workspace = true, features = [\"macros\", \"rt-multi-thread\"] }}

[package.metadata.cargo-machete]
ignored = [\"tokio\"]

[package.metadata.docs.rs]
all-features = true

[lints]
workspace = true
",
        name = quoted(vendor),
        version = quoted(&model.version),
        default = default.join(", "),
        description =
            quoted(&format!("Client for {title}: typed requests and responses, checked before sending, read leniently.")),
        keywords = keywords.join(", "),
        tags = tags(model),
    )
}

/// A feature for each tag of a large vendor, and one for all.
fn tags(model: &Model) -> String {
    if model.features.is_empty() {
        return String::new();
    }
    let mut text = format!("## The operations of all tags.\n{ALL_OPERATIONS} = [\n");
    for feature in &model.features {
        let _ = writeln!(text, "    {},", quoted(&feature.name));
    }
    text.push_str("]\n");
    for feature in &model.features {
        let tag: String = feature.tag.chars().filter_map(harmless).collect();
        let _ = writeln!(text, "## Operations of `{tag}`.\n{} = []", feature.name);
    }
    text
}
