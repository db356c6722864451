//! What a vendor has, by name: an outline to read, and names to search.
//!
//! Input: the model. Output: HTML and JSON that can stand in HTML.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::{Value, json};

use super::{
    html::escaped,
    model::{Model, Node},
};
use crate::nodes::NodeKind;

/// Operations by tag, then the components, each with a link to its node.
pub(super) fn outline(model: &Model<'_>, anchors: &[String]) -> String {
    let mut operations: BTreeMap<&str, Vec<(usize, &Node)>> = BTreeMap::new();
    let mut components: BTreeMap<&str, Vec<(usize, &Node)>> = BTreeMap::new();
    for (index, node) in model.nodes.iter().enumerate() {
        let tokens: Vec<&str> = node.pointer.as_str().split('/').collect();
        match (node.kind, tokens.as_slice()) {
            (Some(NodeKind::Operation), _) => {
                let tag = node.own.get("tags").and_then(|tags| tags.get(0)?.as_str()).unwrap_or("Operations");
                operations.entry(tag).or_default().push((index, node));
            }
            (_, ["", "components", kind, _]) => components.entry(kind).or_default().push((index, node)),
            _ => {}
        }
    }
    let mut html =
        "<nav id=\"outline\" class=\"pane\" aria-label=\"Outline\">\n<ol id=\"matches\" hidden=\"\"></ol>\n<div id=\"all\">\n"
            .to_owned();
    for (heading, nodes) in operations.into_iter().chain(components) {
        let _ = write!(html, "<details open=\"\"><summary>{} <small>{}</small></summary>\n<ul>", escaped(heading), nodes.len());
        for (index, node) in nodes {
            let anchor = anchors.get(index).map(|anchor| escaped(anchor)).unwrap_or_default();
            let address = address(node).map(|address| format!(" <small>{}</small>", escaped(&address))).unwrap_or_default();
            let _ = writeln!(html, "<li><a href=\"#{anchor}\">{}</a>{address}</li>", escaped(&node.subject));
        }
        html.push_str("</ul></details>\n");
    }
    html.push_str("</div>\n</nav>\n");
    html
}

/// `GET /users/{id}` of an operation.
fn address(node: &Node) -> Option<String> {
    let tokens: Vec<String> = node.pointer.tokens().collect();
    match tokens.as_slice() {
        [_, path, method] if node.kind == Some(NodeKind::Operation) => Some(format!("{} {path}", method.to_uppercase())),
        _ => None,
    }
}

/// Every node in order: its anchor and everything that it is called.
pub(super) fn names(model: &Model<'_>, anchors: &[String]) -> String {
    let names: Vec<Value> = model
        .nodes
        .iter()
        .zip(anchors)
        .map(|(node, anchor)| {
            let rust = node.item.as_ref().map(|item| item.path.as_str());
            let other: Vec<&str> = rust.into_iter().chain(node.readers.iter().map(String::as_str)).collect();
            let other = [address(node).unwrap_or_default(), other.join(" ")].join(" ");
            json!([anchor, node.subject, other.trim()])
        })
        .collect();
    let text = Value::from(names).to_string();
    let mut written = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            // Neither an end of the script nor what turns text round.
            '<'
            | '>'
            | '&'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{200e}'
            | '\u{200f}' => {
                let _ = write!(written, "\\u{:04x}", u32::from(char));
            }
            char => written.push(char),
        }
    }
    written
}
