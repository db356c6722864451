//! The text of an ASP.NET help page, with tables between pipes.
//!
//! Takes a parsed page. Returns its lines. Knows nothing of what they say.

use scraper::{ElementRef, Node};

use super::dom::{self, MAX_DEPTH};
use crate::words::one_line;

/// Whether the page has what the template of help pages has.
pub(super) fn is_help_page(body: ElementRef<'_>, html: &str) -> bool {
    let sections = ["Request Information", "Response Information", "Possible enumeration values:"];
    let styled = |element: ElementRef<'_>| ["help-page", "help-page-table"].iter().any(|class| dom::has_class(element, class));
    dom::find(body, styled).is_some() || sections.iter().any(|name| html.contains(name))
}

/// The page's text; an error names the first thing that cannot become text without being misread.
pub(super) fn text(body: ElementRef<'_>) -> Result<String, String> {
    let mut lines = Lines::default();
    lines.walk(body, 0);
    lines.flush();
    lines.refused.map_or(Ok(lines.text), Err)
}

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
        let line = one_line(&self.line);
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
            // Of the site around the page, and of its tools, nothing is the page's.
            "script" | "style" | "noscript" | "template" | "svg" | "head" | "nav" | "footer" | "button" => {}
            "table" => {
                self.flush();
                self.table(element, depth);
            }
            "pre" => {
                self.flush();
                let mut text = String::new();
                without_buttons(element, &mut text, 0);
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

/// What stands in a sample, beside the buttons that a site has put there.
fn without_buttons(element: ElementRef<'_>, text: &mut String, depth: usize) {
    for child in element.children() {
        match child.value() {
            Node::Text(own) => text.push_str(own),
            Node::Element(own) if own.name() != "button" && depth < MAX_DEPTH => {
                if let Some(child) = ElementRef::wrap(child) {
                    without_buttons(child, text, depth + 1);
                }
            }
            _ => {}
        }
    }
}
