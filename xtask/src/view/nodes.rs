//! The right side: the nodes of the specification, each with its Rust, its findings and its places.
//!
//! Input: the model. Output: HTML, a section for each operation and each component. The content of a section stands there as the
//! text of an inert script element, which a browser does not lay out until it is needed.

use std::{collections::BTreeSet, fmt::Write as _};

use serde_json::Value;

use super::{
    classes,
    html::{escaped, list, prose},
    model::{Model, Node},
};
use crate::{document::Span, nodes::NodeKind};

/// All nodes, by what they are part of.
pub(super) fn groups(model: &Model<'_>, anchors: &[String]) -> String {
    let mut html = String::new();
    let mut first = 0;
    for group in model.nodes.chunk_by(|one, other| part(one) == part(other)) {
        let classes: BTreeSet<&str> = group.iter().flat_map(classes).collect();
        let classes: String = classes.into_iter().map(|class| format!(" {class}")).collect();
        let last = first + group.len() - 1;
        let rows: usize = group.iter().map(rows).sum();
        let _ = writeln!(
            html,
            "<section class=\"group{classes}\" data-first=\"{first}\" data-last=\"{last}\" style=\"--rows:{rows}\"><script type=\"text/html\">"
        );
        for (node, (index, anchor)) in group.iter().zip(anchors.iter().enumerate().skip(first)) {
            article(model, index, anchor, node, &mut html);
        }
        html.push_str("</script></section>\n");
        first = last + 1;
    }
    html
}

/// The pointer of the operation or the component that a node is in.
pub(super) fn part(node: &Node) -> &str {
    let pointer = node.pointer.as_str();
    pointer.match_indices('/').nth(3).map_or(pointer, |(end, _)| &pointer[..end])
}

/// About how many lines an article takes.
fn rows(node: &Node) -> usize {
    3 + node.own.len() + usize::from(node.basis.is_some()) + usize::from(node.item.is_some()) + node.findings.len()
}

fn article(model: &Model<'_>, index: usize, anchor: &str, node: &Node, html: &mut String) {
    let classes: String = classes(node).map(|class| format!(" {class}")).collect();
    let (pointer, anchor, subject) = (escaped(node.pointer.as_str()), escaped(anchor), escaped(&node.subject));
    let (kind, depth) = (node.kind.map_or("Document", NodeKind::name), node.pointer.depth());
    let required = if node.required { " <b class=\"required\">required</b>" } else { "" };
    let _ = write!(
        html,
        "<article class=\"node{classes}\" id=\"{anchor}\" tabindex=\"0\" data-node=\"{index}\" data-pointer=\"{pointer}\" data-kind=\"{kind}\" data-depth=\"{depth}\">\n\
         <h3><a class=\"anchor\" href=\"#{anchor}\">{subject}</a> <small>{kind}</small>{required}</h3>\n"
    );
    if subject != pointer {
        let _ = writeln!(html, "<p class=\"pointer\">{pointer}</p>");
    }
    if !node.own.is_empty() {
        html.push_str("<dl>");
        node.own.iter().for_each(|(member, value)| self::member(member, value, html));
        html.push_str("</dl>\n");
    }
    if let Some((basis, reason)) = &node.basis {
        let _ = writeln!(html, "<p class=\"basis\" data-basis=\"{0}\"><b>{0}</b> {1}</p>", escaped(basis), prose(reason));
    }
    if let Some(item) = &node.item {
        let (path, code) = (escaped(&item.path), escaped(&item.code));
        let _ = writeln!(html, "<p class=\"rust\"><code>{code}</code><small>{path}</small></p>");
    }
    if !node.readers.is_empty() {
        let _ = writeln!(html, "<p class=\"readers\">read by {}</p>", escaped(&node.readers.join(", ")));
    }
    if !node.findings.is_empty() {
        let _ = writeln!(html, "<p class=\"found\" data-findings=\"{}\">{}</p>", list(&node.findings), findings(model, node));
    }
    html.push_str("<p class=\"places\">");
    for (source, Span { document, start, end }) in node.sources.iter().zip(&node.places) {
        let _ = write!(
            html,
            "<a class=\"place\" href=\"#documents\" data-d=\"{document}\" data-s=\"{start}\" data-e=\"{end}\">{}</a> ",
            escaped(source)
        );
    }
    html.push_str("</p>\n</article>\n");
}

fn findings(model: &Model<'_>, node: &Node) -> String {
    let mut texts: Vec<String> =
        node.findings.iter().filter_map(|index| model.findings.get(*index)).map(|finding| prose(&finding.text)).collect();
    texts.dedup();
    texts.join("<br/>")
}

/// Longer values are folded away.
const LONG: usize = 240;

/// A value as the specification says it: text of the vendor's stays as it is, marks included.
fn member(member: &str, value: &Value, html: &mut String) {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Object(_) | Value::Array(_) => serde_json::to_string_pretty(value).unwrap_or_default(),
        plain => plain.to_string(),
    };
    let (member, long, text) = (escaped(member), text.len() > LONG, escaped(&text));
    let _ = if long {
        write!(html, "<dt>{member}</dt><dd><details><summary>show</summary><pre>{text}</pre></details></dd>")
    } else {
        write!(html, "<dt>{member}</dt><dd><pre>{text}</pre></dd>")
    };
}
