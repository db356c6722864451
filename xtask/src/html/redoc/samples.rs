//! The samples of a Redoc page.
//!
//! Takes the tabs of a sample. Returns the open one as lines: its status, its media type, and the sample within a fence. Knows
//! nothing of what the sample says.

use scraper::{ElementRef, Node};

use super::{super::dom, is_status, media_types};

/// The open tab; one that shows the call in some programming language is no sample of a body.
pub(super) fn read(tabs: ElementRef<'_>, lines: &mut Vec<String>) {
    let open = |element: ElementRef<'_>| {
        dom::has_class(element, "react-tabs__tab--selected") || element.attr("aria-selected") == Some("true")
    };
    let tab = dom::find(tabs, open).map(dom::folded).unwrap_or_default();
    let panel = dom::find(tabs, |element| dom::has_class(element, "react-tabs__tab-panel--selected"));
    let Some(panel) = panel.filter(|_| tab == "Payload" || is_status(&tab)) else { return };
    let shown = dom::find(panel, |element| dom::has_class(element, "redoc-json"));
    let sample = match shown {
        Some(element) => Some(json(element)),
        None => dom::named(panel, "pre").map(|pre| pre.text().collect::<String>()),
    };
    let Some(sample) = sample.filter(|sample| !sample.trim().is_empty()) else { return };
    lines.extend(is_status(&tab).then_some(tab));
    lines.extend(media_types(panel).0);
    fenced(&sample, lines);
}

/// A sample within a fence.
pub(in super::super) fn fenced(sample: &str, lines: &mut Vec<String>) {
    let fence = if sample.contains("```") { "~~~" } else { "```" };
    lines.push(fence.to_owned());
    lines.extend(sample.trim_matches(['\n', '\r']).lines().map(|line| line.trim_end().to_owned()));
    lines.push(fence.to_owned());
}

/// The JSON that an element shows.
pub(in super::super) fn json(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    written(element, &mut text, 0, 0);
    text
}

/// JSON with a line for each member; what folds it on the page is left out.
fn written(element: ElementRef<'_>, text: &mut String, level: usize, depth: usize) {
    for child in element.children() {
        match child.value() {
            Node::Text(own) => text.push_str(own),
            Node::Element(_) => {
                let Some(child) = ElementRef::wrap(child).filter(|_| depth < dom::MAX_DEPTH * 10) else { continue };
                match child.value().name() {
                    "button" => {}
                    _ if dom::has_class(child, "ellipsis") || dom::has_class(child, "collapser") => {}
                    "ul" => {
                        for item in child.child_elements() {
                            text.push('\n');
                            text.push_str(&"  ".repeat(level + 1));
                            written(item, text, level + 1, depth + 1);
                        }
                        text.push('\n');
                        text.push_str(&"  ".repeat(level));
                    }
                    _ => written(child, text, level, depth + 1),
                }
            }
            _ => {}
        }
    }
}
