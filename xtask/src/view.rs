//! A vendor's documents beside what became of them, for a person to look at: `cargo xtask view`.
//!
//! Input: a vendor as read and made. Output: one static page that stands alone: the files on the left with every claimed
//! stretch marked, the specification and its Rust on the right, findings in the margin. It works from a file, without its
//! script too: links lead from text to node and back. Decides nothing.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{document::Span, failure::Failure, files, nodes::NodeKind, regen::Made};

mod html;
mod model;
mod text;

use html::{escaped, list};
use model::{Model, Node};

/// Writes the page of the vendor called `name` to `output`, or to `target/view/<name>.html`, and says where.
///
/// # Errors
/// The vendor cannot be read, or the file cannot be written.
pub fn view(root: &Path, name: &str, output: Option<&Path>) -> Result<String, Failure> {
    let page = page(&Made::load(root, name)?);
    let path = output.map_or_else(|| root.join(format!("target/view/{name}.html")), PathBuf::from);
    files::put(&path, &page)?;
    Ok(format!("{}\n", path.display()))
}

/// Which nodes are shown: name of the radio button, what it says.
const FILTERS: [(&str, &str); 4] =
    [("all", "everything"), ("inferred", "inferred"), ("overlaid", "overlaid"), ("contradictory", "contradictory")];

/// The page.
#[must_use]
pub fn page(made: &Made) -> String {
    let model = Model::of(made);
    let title = escaped(made.vendor.manifest.title.get_ref());
    let count = |class: &str| match class {
        "all" => model.nodes.len(),
        class => model.nodes.iter().filter(|node| classes(node).contains(&class)).count(),
    };
    let filters: String = FILTERS
        .iter()
        .map(|(name, text)| {
            let checked = if *name == "all" { " checked=\"\"" } else { "" };
            let count = count(name);
            format!("<label><input type=\"radio\" name=\"filter\" id=\"filter-{name}\" value=\"{name}\"{checked}/> {text} ({count})</label>\n")
        })
        .collect();
    let unplaced: String = model
        .findings
        .iter()
        .filter(|finding| finding.spans.is_empty())
        .map(|finding| format!("<li>{}: {}</li>", escaped(&finding.subject), escaped(&finding.text)))
        .collect();
    let nodes: String = model.nodes.iter().enumerate().map(|(index, node)| article(&model, index, node)).collect();
    let (style, script) = (include_str!("view/page.css"), include_str!("view/page.js"));
    let files = text::files(&model);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width\"/>\n<title>{title}: documents and specification</title>\n\
         <style>\n{style}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n<fieldset><legend>Show</legend>\n{filters}</fieldset>\n\
         <p class=\"legend\"><span class=\"fact\">fact</span> <span class=\"fact inferred\">inferred</span> \
         <span class=\"fact overlaid\">overlaid</span> <span class=\"fact contradictory\">contradictory</span> \
         <span class=\"boilerplate\">says nothing</span></p>\n\
         <p class=\"keys\">Tab and Enter follow a link, arrows go on, Escape lets go; <a href=\"#specification\">to the specification</a></p>\n\
         </header>\n<main>\n<div id=\"documents\" class=\"pane\" tabindex=\"0\" aria-label=\"Documents\">\n<ul class=\"unplaced\">{unplaced}</ul>\n{files}</div>\n\
         <div id=\"specification\" class=\"pane\" tabindex=\"0\" aria-label=\"Specification\">\n{nodes}</div>\n</main>\n\
         <script>\n{script}</script>\n</body>\n</html>\n"
    )
}

/// What the filters go by.
fn classes(node: &Node) -> Vec<&'static str> {
    let basis = match node.basis.as_ref().map(|(basis, _)| basis.as_str()) {
        Some("overlay") => Some("overlaid"),
        Some(_) => Some("inferred"),
        None => None,
    };
    basis.into_iter().chain(node.contradictory.then_some("contradictory")).collect()
}

fn article(model: &Model<'_>, index: usize, node: &Node) -> String {
    let mut classes = classes(node);
    classes.insert(0, "node");
    let pointer = escaped(node.pointer.as_str());
    let (kind, depth) = (node.kind.map_or("Document", NodeKind::name), node.pointer.depth());
    let mut html = format!(
        "<article class=\"{}\" id=\"n{index}\" tabindex=\"0\" data-pointer=\"{pointer}\" data-kind=\"{kind}\" data-depth=\"{depth}\">\n\
         <h3>{} <small>{kind}</small></h3>\n<p class=\"pointer\">{pointer}</p>\n",
        classes.join(" "),
        escaped(&node.subject)
    );
    if !node.own.is_empty() {
        html.push_str("<dl>");
        node.own.iter().for_each(|(member, value)| self::member(member, value, &mut html));
        html.push_str("</dl>\n");
    }
    if let Some((basis, reason)) = &node.basis {
        let _ = writeln!(html, "<p class=\"basis\" data-basis=\"{0}\"><b>{0}</b> {1}</p>", escaped(basis), escaped(reason));
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
    for (source, place) in node.sources.iter().zip(&node.places) {
        let Span { document, start, end } = place;
        let _ = write!(
            html,
            "<a class=\"place\" href=\"#documents\" data-d=\"{}\" data-s=\"{start}\" data-e=\"{end}\">{}</a> ",
            escaped(model.files.iter().find(|file| file.id == *document).map_or("", |file| &file.path)),
            escaped(source)
        );
    }
    html.push_str("</p>\n</article>\n");
    html
}

fn findings(model: &Model<'_>, node: &Node) -> String {
    let mut texts: Vec<String> =
        node.findings.iter().filter_map(|index| model.findings.get(*index)).map(|finding| escaped(&finding.text)).collect();
    texts.dedup();
    texts.join("<br/>")
}

/// Longer values are folded away.
const LONG: usize = 240;

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
