//! Whether every name in a specification is one line of printable text.
//!
//! Takes a vendor and its specification. Returns a diagnostic at the place that the name's node was read from. Names travel
//! into Rust, TOML, Markdown, HTML and terminals; each of these escapes them, none can carry a line break or a character
//! that turns the direction of text.

use serde_json::{Map, Value};

use crate::{
    diagnostic::Diagnostic,
    document::Span,
    markup::unprintable,
    nodes::{self, NodeKind, Pointer},
    vendor::Vendor,
};

/// What is wrong with the names of `specification`.
pub(super) fn check(vendor: &Vendor, specification: &Value) -> Vec<Diagnostic> {
    let mut problems: Vec<Diagnostic> = Vec::new();
    nodes::visit(specification, |pointer, kind, node| {
        for (what, fault) in faults(pointer, kind, node) {
            let place = nodes::sources(node).iter().find_map(|place| vendor.sources().find_map(|source| source.find(place)));
            // What no document says, the manifest does.
            let span = place.unwrap_or(Span { document: vendor.source.id, start: 0, end: 0 });
            let message = format!("the name of {what} at {pointer} {fault}");
            let help =
                "a name is one line of printable text: correct it with `rename` or `update` in overlay.yaml, or in vendor.toml";
            let problem = Diagnostic::new(span, message, help);
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
    });
    problems
}

fn faults(pointer: &Pointer, kind: NodeKind, node: &Map<String, Value>) -> Vec<(&'static str, String)> {
    let text = |key: &str| node.get(key).and_then(Value::as_str);
    let mut names: Vec<(&'static str, &str)> = Vec::new();
    let mut above = pointer.as_str().rsplit('/');
    let (last, parent) = (above.next().unwrap_or_default(), above.next().unwrap_or_default());
    match (kind, parent) {
        (NodeKind::Operation, path) => {
            names.push(("a path", path));
            names.extend(text("operationId").map(|id| ("an operation", id)));
            let tags = node.get("tags").and_then(Value::as_array).into_iter().flatten();
            names.extend(tags.filter_map(Value::as_str).map(|tag| ("a tag", tag)));
        }
        (NodeKind::Tag, _) => names.extend(text("name").map(|name| ("a tag", name))),
        (NodeKind::Parameter, _) => names.extend(text("name").map(|name| ("a parameter", name))),
        (NodeKind::Info, _) => names.extend(text("title").map(|title| ("the API", title))),
        (NodeKind::Schema, "properties") => names.push(("a property", last)),
        (NodeKind::Schema, "schemas") => names.push(("a schema", last)),
        (NodeKind::SecurityScheme, _) => names.push(("a security scheme", last)),
        (NodeKind::MediaType, _) => names.push(("a media type", last)),
        (NodeKind::Header, _) => names.push(("a header", last)),
        _ => {}
    }
    names.into_iter().filter_map(|(what, name)| Some((what, unprintable(name)?))).collect()
}
