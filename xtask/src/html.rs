//! The text of a page that was saved as HTML, made from its structure.
//!
//! Input: the HTML of an ASP.NET help page. Output: the text that becomes the document, with tables between pipes: no cell
//! runs into another one, as happens when a page is copied by hand. Knows nothing of what the text says.

use scraper::{ElementRef, Html, Node, Selector};

use crate::failure::Failure;

/// Whether a page is HTML, told by how it starts.
#[must_use]
pub fn is_html(text: &str) -> bool {
    let start = text.trim_start_matches(|char: char| char.is_whitespace() || char == '\u{feff}');
    let starts = |mark: &str| start.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    starts("<!doctype html") || starts("<html")
}

/// The text of an ASP.NET help page.
///
/// # Errors
/// The page is of another kind. Where it carries or names its own OpenAPI document, the error says so.
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
    Ok(lines.text)
}

fn first<'a>(page: &'a Html, selector: &str) -> Option<ElementRef<'a>> {
    let selector = Selector::parse(selector).ok()?;
    page.select(&selector).next()
}

/// Deeper nesting than any page has; what is deeper is left to the reader to miss.
const MAX_DEPTH: usize = 200;

#[derive(Default)]
struct Lines {
    text: String,
    line: String,
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

    fn walk(&mut self, element: ElementRef<'_>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
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
        let (Ok(rows), Ok(cells)) = (Selector::parse("tr"), Selector::parse("th, td")) else { return };
        for (index, row) in table.select(&rows).enumerate() {
            let mut count = 0;
            self.text.push('|');
            for cell in row.select(&cells) {
                let mut inner = Self::default();
                inner.walk(cell, depth + 1);
                inner.flush();
                // A pipe with blanks around it would end the cell.
                let text = inner.text.trim_end().replace(" | ", " \\| ");
                self.text.push(' ');
                self.text.push_str(&text);
                self.text.push_str(" |");
                count += 1;
            }
            self.text.push('\n');
            if index == 0 {
                self.text.push_str(&format!("|{}\n", "---|".repeat(count)));
            }
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
            <tr><td>A</td><td><p>one</p><p>two | 2</p></td></tr></table><pre>\n{\n  1\n}\n</pre><script>x</script></body>";
        let expected = "PUT api/oars\nRows on.\nBody Parameters\nOar\n| Name | Description |\n|---|---|\n| Id |  |\n| A | one\ntwo \\| 2 |\n{\n  1\n}\n";
        assert!(is_html(html));
        assert_eq!(text("page.html", html).unwrap(), expected);
    }

    #[test]
    fn other_pages_are_refused_by_what_they_are() {
        for (html, words) in [
            ("<html><body><redoc spec-url='spec.yaml'></redoc></body></html>", "names its OpenAPI document: spec.yaml"),
            ("<html><script>const __redoc_state = {}</script></html>", "carries its OpenAPI document"),
            ("<html><body><p>News</p></body></html>", "this HTML is none"),
        ] {
            let message = text("page.html", html).unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
        }
    }
}
