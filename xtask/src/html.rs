//! The text of a page that was saved as HTML, made from its structure.
//!
//! Takes the HTML of an ASP.NET help page. Returns the text that becomes the document, with tables between pipes: no cell
//! runs into another one, as happens when a page is copied by hand. Knows nothing of what the text says.

use scraper::{ElementRef, Html, Node, Selector};

use crate::failure::Failure;

/// Whether a page is HTML, told by how it starts.
#[must_use]
pub fn is_html(text: &str) -> bool {
    let mut start = text.trim_start_matches('\u{feff}').trim_start();
    while let Some(close) = [("<!--", "-->"), ("<?", "?>")].into_iter().find(|(open, _)| start.starts_with(open)) {
        let Some((_, rest)) = start.split_once(close.1) else { return false };
        start = rest.trim_start();
    }
    let starts = |mark: &str| start.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    ["<!doctype html", "<html", "<head>", "<body"].into_iter().any(starts)
}

/// The text that a page is read as: its own, or what its HTML says.
///
/// # Errors
/// The page is HTML of another kind than is read, or an archive of several files.
pub fn page_text(path: &str, page: String) -> Result<String, Failure> {
    if page.starts_with("From: <Saved by") {
        return Err(Failure::new(
            format!("{path}: the text of a page was expected, and this is a web archive (MHTML)"),
            "save the page from the browser as HTML",
        ));
    }
    if is_html(&page) { text(path, &page) } else { Ok(page) }
}

/// The text of an ASP.NET help page.
///
/// # Errors
/// The page is of another kind, or has a table whose cells cannot be told apart. Where it carries or names its own OpenAPI
/// document, the error says so.
pub fn text(path: &str, html: &str) -> Result<String, Failure> {
    for carried in ["__redoc_state", "__redoc_definition"] {
        if html.contains(carried) {
            return Err(Failure::new(
                format!("{path}: this page carries its OpenAPI document, in the script that sets `{carried}`"),
                "take that document, which says more than the page shows; nothing needs to be read from the page",
            ));
        }
    }
    let page = Html::parse_document(html);
    if let Some(address) = first(&page, "redoc[spec-url]").and_then(|element| element.value().attr("spec-url")) {
        return Err(Failure::new(
            format!("{path}: this page names its OpenAPI document: {address}"),
            "take that document, which says more than the page shows",
        ));
    }
    let sections = ["Request Information", "Response Information", "Possible enumeration values:"];
    let is_help_page = first(&page, ".help-page, .help-page-table").is_some() || sections.iter().any(|name| html.contains(name));
    let Some(body) = first(&page, "body").filter(|_| is_help_page) else {
        return Err(Failure::new(
            format!("{path}: an ASP.NET help page was expected, and this HTML is none"),
            "give the text of the page; of pages saved as HTML, only ASP.NET help pages are read",
        ));
    };
    let mut lines = Lines::default();
    lines.walk(body, 0);
    lines.flush();
    match lines.refused {
        Some(what) => Err(Failure::new(
            format!("{path}: {what}"),
            "remove that part of the page where it says nothing about the API; otherwise the extraction must learn this form",
        )),
        None => Ok(lines.text),
    }
}

fn first<'a>(page: &'a Html, selector: &str) -> Option<ElementRef<'a>> {
    let selector = Selector::parse(selector).ok()?;
    page.select(&selector).next()
}

/// Deeper nesting than any page has.
const MAX_DEPTH: usize = 200;

#[derive(Default)]
struct Lines {
    text: String,
    line: String,
    /// The first thing that cannot become text without being misread.
    refused: Option<String>,
}

impl Lines {
    /// Ends a line, with white space folded.
    fn flush(&mut self) {
        let line = self.line.split_whitespace().collect::<Vec<_>>().join(" ");
        self.line.clear();
        if !line.is_empty() {
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }

    fn refuse(&mut self, what: impl Into<String>) {
        self.refused.get_or_insert_with(|| what.into());
    }

    fn walk(&mut self, element: ElementRef<'_>, depth: usize) {
        if depth > MAX_DEPTH {
            return self.refuse("the page is nested deeper than pages are");
        }
        for child in element.children() {
            match child.value() {
                Node::Text(text) => self.line.push_str(text),
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    fn element(&mut self, element: ElementRef<'_>, depth: usize) {
        match element.value().name() {
            "script" | "style" | "noscript" | "template" | "svg" | "head" => {}
            "table" => {
                self.flush();
                self.table(element, depth);
            }
            "pre" => {
                self.flush();
                let text: String = element.text().collect();
                self.text.push_str(text.trim());
                self.text.push('\n');
            }
            "a" | "b" | "strong" | "i" | "em" | "code" | "span" | "small" | "u" | "sub" | "sup" => self.walk(element, depth),
            _ => {
                self.flush();
                self.walk(element, depth);
                self.flush();
            }
        }
    }

    /// One row after the other, each cell between pipes; the paragraphs of a cell stand on lines of their own.
    fn table(&mut self, table: ElementRef<'_>, depth: usize) {
        let mut rows = Vec::new();
        for part in table.child_elements() {
            match part.value().name() {
                "thead" | "tbody" | "tfoot" => rows.extend(part.child_elements()),
                "colgroup" => {}
                _ => {
                    self.walk(part, depth + 1);
                    self.flush();
                }
            }
        }
        for (index, row) in rows.into_iter().enumerate() {
            let mut count = 0;
            self.text.push('|');
            for cell in row.child_elements() {
                self.text.push(' ');
                self.cell(cell, depth);
                self.text.push_str(" |");
                count += 1;
            }
            self.text.push('\n');
            if index == 0 {
                self.text.push_str(&format!("|{}\n", "---|".repeat(count)));
            }
        }
    }

    fn cell(&mut self, cell: ElementRef<'_>, depth: usize) {
        if ["colspan", "rowspan"].iter().any(|name| cell.attr(name).is_some_and(|span| span.trim() != "1")) {
            self.refuse("a cell of a table reaches over several columns or rows");
        }
        if cell.descendent_elements().any(|element| element.value().name() == "table") {
            self.refuse("a table stands within a cell of a table");
        }
        let mut inner = Self::default();
        inner.walk(cell, depth + 1);
        inner.flush();
        // A pipe with blanks around it would end the cell.
        let escaped =
            |line: &str| line.split(' ').map(|word| if word == "|" { "\\|" } else { word }).collect::<Vec<_>>().join(" ");
        self.text.push_str(&inner.text.trim_end().lines().map(escaped).collect::<Vec<_>>().join("\n"));
        if let Some(what) = inner.refused {
            self.refuse(what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_help_page_keeps_its_cells() {
        let html = "<!DOCTYPE html><body class=help-page><h1>PUT api/oars</h1><p>Rows <b>on</b>.</p><h3>Body Parameters</h3><a>Oar</a>\
            <table><tr><th>Name</th><th>Description</th></tr><tr><td>Id</td><td><p></p></td></tr>\
            <tr><td>A</td><td><p>one</p><p>two | 2</p><p>| |</p></td></tr></table><pre>\n{\n  1\n}\n</pre><script>x</script></body>";
        let expected = "PUT api/oars\nRows on.\nBody Parameters\nOar\n| Name | Description |\n|---|---|\n| Id |  |\n| A | one\ntwo \\| 2\n\\| \\| |\n{\n  1\n}\n";
        assert!(is_html(html));
        assert_eq!(text("page.html", html).unwrap(), expected);
    }

    #[test]
    fn other_pages_are_refused_by_what_they_are() {
        for (html, words) in [
            ("<html><body><redoc spec-url='spec.yaml'></redoc></body></html>", "names its OpenAPI document: spec.yaml"),
            ("<html><script>const __redoc_state = {}</script></html>", "carries its OpenAPI document"),
            ("<html><body><p>News</p></body></html>", "this HTML is none"),
            ("<?xml version='1.0'?>\n<!-- saved --><html><body><p>News</p></body></html>", "this HTML is none"),
            ("From: <Saved by Blink>\nSubject: Oars", "web archive"),
            ("<body class=help-page><table><tr><td rowspan=2>A</td></tr></table>", "reaches over several"),
            ("<body class=help-page><table><tr><td><p><table><tr><td>A</td></tr></table></td></tr></table>", "within a cell"),
            (&format!("<body class=help-page>{}", "<div>".repeat(300)), "nested deeper"),
        ] {
            let message = page_text("page.html", html.to_owned()).unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
        }
    }
}
