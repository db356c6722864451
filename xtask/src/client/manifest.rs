//! The crate's `Cargo.toml`.
//!
//! Enters: the vendor's folder name and the specification's title. Leaves: a manifest that inherits what is common.

use serde_json::Value;

/// Longest keyword that a registry takes.
const KEYWORD: usize = 20;

fn quoted(value: &str) -> String {
    // A JSON string of one line is a TOML string.
    Value::String(value.to_owned()).to_string()
}

/// The manifest.
pub(super) fn text(vendor: &str, document: &Value) -> String {
    let title = document.pointer("/info/title").and_then(Value::as_str).unwrap_or(vendor);
    let title = title.replace('\\', "").replace('\n', " ");
    let mut keywords = vec!["api", "client", "http"];
    if vendor.len() <= KEYWORD && vendor.chars().all(|char| char.is_ascii_alphanumeric() || char == '-' || char == '_') {
        keywords.push(vendor);
    }
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
keywords = [{keywords}]
categories = [\"api-bindings\", \"web-programming::http-client\"]

[features]
default = [\"rustls\", \"tracing\"]
## TLS by rustls.
rustls = [\"client-core/rustls\"]
## TLS by the platform's own library.
native-tls = [\"client-core/native-tls\"]
## One span per call.
tracing = [\"client-core/tracing\"]

[dependencies]
client-core.workspace = true

[package.metadata.docs.rs]
all-features = true

[lints]
workspace = true
",
        name = quoted(vendor),
        description = quoted(&format!("Client for {title}: typed requests and answers, checked before sending, read leniently.")),
        keywords = keywords.join(", "),
    )
}
