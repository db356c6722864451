//! The crate's `Cargo.toml`.
//!
//! Input: the vendor's folder name, the specification's title and the parts. Output: a manifest that inherits what is common.

use std::fmt::Write as _;

use serde_json::Value;

use crate::markup::harmless;

use super::parts::{ALL_OPERATIONS, Part};

/// Longest keyword that a registry takes.
const KEYWORD: usize = 20;

fn quoted(value: &str) -> String {
    // A JSON string of one line is a TOML string.
    Value::String(value.chars().filter_map(harmless).collect()).to_string()
}

/// The manifest.
pub(super) fn text(vendor: &str, document: &Value, parts: &[Part<'_>]) -> String {
    let title = document.pointer("/info/title").and_then(Value::as_str).unwrap_or(vendor);
    let mut keywords = vec!["api", "client", "http"];
    if vendor.len() <= KEYWORD && vendor.chars().all(|char| char.is_ascii_alphanumeric() || char == '-' || char == '_') {
        keywords.push(vendor);
    }
    let mut default = vec!["rustls", "tracing"];
    if parts.len() > 1 {
        default.push(ALL_OPERATIONS);
    }
    let default: Vec<String> = default.into_iter().map(quoted).collect();
    let keywords: Vec<String> = keywords.into_iter().map(quoted).collect();
    format!(
        "[package]
name = {name}
description = {description}
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
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

[package.metadata.docs.rs]
all-features = true

[lints]
workspace = true
",
        name = quoted(vendor),
        default = default.join(", "),
        description =
            quoted(&format!("Client for {title}: typed requests and responses, checked before sending, read leniently.")),
        keywords = keywords.join(", "),
        tags = tags(parts),
    )
}

/// A feature for each tag of a large vendor, and one for all.
fn tags(parts: &[Part<'_>]) -> String {
    let features: Vec<String> = parts.iter().filter_map(Part::feature).map(quoted).collect();
    if features.is_empty() {
        return String::new();
    }
    let mut text = format!("## The operations of all tags.\n{ALL_OPERATIONS} = [\n");
    for feature in &features {
        let _ = writeln!(text, "    {feature},");
    }
    text.push_str("]\n");
    for tag in parts.iter().filter_map(|part| part.tag.as_ref()) {
        let _ = writeln!(
            text,
            "## Operations of `{}`.\n{} = []",
            tag.name.chars().filter_map(harmless).collect::<String>(),
            tag.feature
        );
    }
    text
}
