//! A vendor's documents beside what became of them, for a person to look at: `cargo xtask view`.
//!
//! Input: a vendor as read and made. Output: one static page that stands alone: an outline and a search, the files with
//! every claimed stretch marked and findings in the margin, the specification and its Rust. It works from a file. Whatever
//! is long is there as text, and its script makes elements of what comes into sight. Decides nothing.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{failure::Failure, files, regen::Made};

mod about;
mod anchor;
mod coverage;
mod html;
mod model;
mod nodes;
mod outline;
mod text;

use html::{escaped, prose};
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

/// Which nodes are shown: name of the button, what it says.
const FILTERS: [(&str, &str); 4] =
    [("all", "everything"), ("inferred", "inferred"), ("overlaid", "overlaid"), ("contradictory", "contradictory")];

/// The page.
#[must_use]
pub fn page(made: &Made) -> String {
    let model = Model::of(made);
    let anchors = anchor::anchors(&model.nodes);
    let title = escaped(made.vendor.manifest.title.get_ref());
    let mut counts: BTreeMap<&str, usize> = BTreeMap::from([("all", model.nodes.len())]);
    model.nodes.iter().flat_map(classes).for_each(|class| *counts.entry(class).or_default() += 1);
    let filters: String = FILTERS
        .iter()
        .map(|(name, text)| {
            let (pressed, count) = (*name == "all", counts.get(name).copied().unwrap_or_default());
            format!(
                "<button type=\"button\" class=\"filter\" value=\"{name}\" aria-pressed=\"{pressed}\">{text} ({count})</button>\n"
            )
        })
        .collect();
    let unplaced: String = model
        .findings
        .iter()
        .filter(|finding| finding.spans.is_empty())
        .map(|finding| format!("<li>{}: {}</li>", prose(&finding.subject), prose(&finding.text)))
        .collect();
    let (outline, names) = (outline::outline(&model, &anchors), outline::names(&model, &anchors));
    let (files, nodes) = (text::files(&model, &anchors), nodes::groups(&model, &anchors));
    let (style, script) = (include_str!("view/page.css"), include_str!("view/page.js"));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width\"/>\n<meta name=\"color-scheme\" content=\"light dark\"/>\n\
         <title>{title}: documents and specification</title>\n<style>\n{style}</style>\n</head>\n<body data-filter=\"all\">\n<header>\n<h1>{title}</h1>\n\
         <input type=\"search\" id=\"search\" placeholder=\"Search names ( / )\" aria-label=\"Search names\" autocomplete=\"off\" spellcheck=\"false\"/>\n\
         <div class=\"filters\" role=\"group\" aria-label=\"Show\">\n{filters}</div>\n\
         <p class=\"legend\"><span class=\"fact\">fact</span> <span class=\"fact inferred\">inferred</span> \
         <span class=\"fact overlaid\">overlaid</span> <span class=\"fact contradictory\">contradictory</span> \
         <span class=\"boilerplate\">says nothing</span></p>\n\
         <p class=\"keys\"><kbd>/</kbd> searches, <kbd>Enter</kbd> follows, <kbd>↑</kbd> <kbd>↓</kbd> go on, <kbd>Esc</kbd> lets go</p>\n\
         <noscript><p>This page needs its script, which is in it.</p></noscript>\n\
         </header>\n<main>\n{outline}\
         <div id=\"documents\" class=\"pane\" tabindex=\"0\" aria-label=\"Documents\">\n<ul class=\"unplaced\">{unplaced}</ul>\n{files}</div>\n\
         <div id=\"specification\" class=\"pane\" tabindex=\"0\" aria-label=\"Specification\">\n{nodes}</div>\n</main>\n\
         <script type=\"application/json\" id=\"names\">{names}</script>\n\
         <script>\n{script}</script>\n</body>\n</html>\n"
    )
}

/// What the filters go by.
fn classes(node: &Node) -> impl Iterator<Item = &'static str> {
    let basis = match node.basis.as_ref().map(|(basis, _)| basis.as_str()) {
        Some("overlay") => Some("overlaid"),
        Some(_) => Some("inferred"),
        None => None,
    };
    basis.into_iter().chain(node.contradictory.then_some("contradictory"))
}
