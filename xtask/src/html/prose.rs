//! Prose of a page as the Markdown that says the same.
//!
//! Takes an element. Returns lines of Markdown: paragraphs, headings, lists, tables, fences. Knows nothing of what they say.

use scraper::{ElementRef, Node};

use super::dom::{self, MAX_DEPTH};
use crate::words::one_line;

/// What an element says; an error names the first thing that Markdown cannot say.
pub(super) fn markdown(element: ElementRef<'_>) -> Result<Vec<String>, String> {
    let mut prose = Prose::default();
    prose.blocks(element, 0)?;
    prose.paragraph();
    while prose.lines.last().is_some_and(String::is_empty) {
        prose.lines.pop();
    }
    Ok(prose.lines)
}

/// What a line of an element says.
pub(super) fn line(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    inline(element, &mut text, 0);
    one_line(&text)
}

#[derive(Default)]
struct Prose {
    lines: Vec<String>,
    /// The paragraph that is being read.
    text: String,
}

impl Prose {
    /// Ends a paragraph.
    fn paragraph(&mut self) {
        let text = std::mem::take(&mut self.text);
        let lines: Vec<String> = text.split('\n').map(one_line).filter(|line| !line.is_empty()).collect();
        if !lines.is_empty() {
            self.lines.extend(lines);
            self.gap();
        }
    }

    fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(String::new());
        }
    }

    fn blocks(&mut self, element: ElementRef<'_>, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err("the page is nested deeper than pages are".to_owned());
        }
        for child in element.children() {
            match child.value() {
                Node::Text(text) => push_text(text, &mut self.text),
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child).filter(|child| !dom::is_silent(*child)) {
                        self.block(child, depth + 1)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn block(&mut self, element: ElementRef<'_>, depth: usize) -> Result<(), String> {
        if dom::is_inline(element) && dom::is_line(element) {
            marked(element, &mut self.text, depth);
            return Ok(());
        }
        self.paragraph();
        if let Some(level) = dom::heading_level(element) {
            let text = line(element);
            if !text.is_empty() {
                self.lines.push(format!("{} {text}", "#".repeat(level)));
                self.gap();
            }
            return Ok(());
        }
        match element.value().name() {
            "ul" | "ol" => self.list(element, depth)?,
            "table" => self.table(element)?,
            "pre" => self.fence(element),
            "hr" => {}
            "blockquote" => {
                let inner = markdown(element)?;
                self.lines.extend(inner.into_iter().map(|line| format!("> {line}").trim_end().to_owned()));
                self.gap();
            }
            _ => {
                self.blocks(element, depth)?;
                self.paragraph();
            }
        }
        Ok(())
    }

    fn list(&mut self, list: ElementRef<'_>, depth: usize) -> Result<(), String> {
        for (index, item) in list.child_elements().filter(|item| item.value().name() == "li").enumerate() {
            let mut inner = Self::default();
            inner.blocks(item, depth + 1)?;
            inner.paragraph();
            let mark = if list.value().name() == "ol" { format!("{}. ", index + 1) } else { "- ".to_owned() };
            let mut lines = inner.lines.into_iter().filter(|line| !line.is_empty());
            self.lines.push(format!("{mark}{}", lines.next().unwrap_or_default()).trim_end().to_owned());
            self.lines.extend(lines.map(|line| " ".repeat(mark.len()) + &line));
        }
        self.gap();
        Ok(())
    }

    fn fence(&mut self, pre: ElementRef<'_>) {
        let code = dom::named(pre, "code").unwrap_or(pre);
        let language = code.value().classes().find_map(|class| class.strip_prefix("lang-").or(class.strip_prefix("language-")));
        let text: String = code.text().collect();
        let fence = if text.contains("```") { "~~~~" } else { "```" };
        self.lines.push(format!("{fence}{}", language.unwrap_or_default()));
        self.lines.extend(text.trim_matches('\n').lines().map(|line| line.trim_end().to_owned()));
        self.lines.push(fence.to_owned());
        self.gap();
    }

    fn table(&mut self, table: ElementRef<'_>) -> Result<(), String> {
        for (index, row) in dom_rows(table).enumerate() {
            let mut cells = Vec::new();
            for cell in row.child_elements() {
                if ["colspan", "rowspan"].iter().any(|name| cell.attr(name).is_some_and(|span| span.trim() != "1")) {
                    return Err("a cell of a table reaches over several columns or rows".to_owned());
                }
                if cell.descendent_elements().skip(1).any(|element| element.value().name() == "table") {
                    return Err("a table stands within a cell of a table".to_owned());
                }
                cells.push(markdown(cell)?.join(" ").replace('|', "\\|"));
            }
            self.lines.push(format!("| {} |", cells.join(" | ")));
            if index == 0 {
                self.lines.push(format!("|{}", "---|".repeat(cells.len())));
            }
        }
        self.gap();
        Ok(())
    }
}

/// The rows of a table, those of its parts one after the other.
pub(super) fn dom_rows(table: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    table.child_elements().flat_map(|part| match part.value().name() {
        "tr" => vec![part],
        "thead" | "tbody" | "tfoot" => part.child_elements().filter(|row| row.value().name() == "tr").collect(),
        _ => Vec::new(),
    })
}

fn inline(element: ElementRef<'_>, text: &mut String, depth: usize) {
    for child in element.children() {
        match child.value() {
            Node::Text(own) => push_text(own, text),
            Node::Element(_) => {
                let below = ElementRef::wrap(child).filter(|child| depth < MAX_DEPTH && !dom::is_silent(*child));
                if let Some(child) = below {
                    marked(child, text, depth + 1);
                }
            }
            _ => {}
        }
    }
}

/// A part of a line in its Markdown.
fn marked(element: ElementRef<'_>, text: &mut String, depth: usize) {
    let mut inner = String::new();
    match element.value().name() {
        "br" => return text.push('\n'),
        "img" => return text.push_str(element.attr("alt").unwrap_or_default()),
        // Within a code span nothing is markup.
        "code" | "kbd" => {
            let code: String = element.text().collect();
            let tick = if code.contains('`') { "``" } else { "`" };
            if !code.trim().is_empty() {
                text.push_str(&format!("{tick}{}{tick}", code.trim()));
            }
            return;
        }
        _ => inline(element, &mut inner, depth),
    }
    let said = inner.trim();
    let around = |mark: &str| {
        let before = inner.len() - inner.trim_start().len();
        let (before, after) = (inner.get(..before).unwrap_or_default(), inner.get(before + said.len()..).unwrap_or_default());
        format!("{before}{mark}{said}{mark}{after}")
    };
    match element.value().name() {
        _ if said.is_empty() => text.push_str(&inner),
        "b" | "strong" => text.push_str(&around("**")),
        "i" | "em" => text.push_str(&around("*")),
        "a" => match element.attr("href").filter(|to| !to.starts_with('#') && !to.contains(char::is_whitespace)) {
            Some(to) => text.push_str(&format!("[{said}]({to})")),
            None => text.push_str(&inner),
        },
        _ => text.push_str(&inner),
    }
}

/// Text of its own; what would be read as a tag is written so that it is none.
fn push_text(own: &str, text: &mut String) {
    let mut chars = own.chars().peekable();
    while let Some(char) = chars.next() {
        let tag = char == '<' && chars.peek().is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'));
        match char {
            '<' if tag => text.push_str("&lt;"),
            // A line break of the HTML says nothing.
            '\n' | '\r' | '\t' => text.push(' '),
            _ => text.push(char),
        }
    }
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::*;

    #[test]
    fn prose_becomes_the_markdown_that_it_was() {
        for (html, expected) in [
            ("<p>One <b>two</b> <code>a &lt; b</code>.</p><p>Three<br>four</p>", "One **two** `a < b`.\n\nThree\nfour"),
            ("<h3 id=x>Use</h3><ul><li>a<ul><li>b</li></ul></li><li><p>c</p></li></ul>", "### Use\n\n- a\n  - b\n- c"),
            ("<pre><code class='lang-http hljs'>GET <i>/a</i>\n\nx\n</code><a>Copy</a></pre>", "```http\nGET /a\n\nx\n```"),
            (
                "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>x | y</td><td></td></tr></tbody></table>",
                "| A | B |\n|---|---|\n| x \\| y |  |",
            ),
            ("<blockquote><p>x</p></blockquote>List&lt;String&gt; &lt; 5", "> x\n\nList&lt;String> < 5"),
            ("See <a href='https://a.b/c'>RFC 1</a> and <a href='#d'>d</a>.", "See [RFC 1](https://a.b/c) and d."),
        ] {
            let page = Html::parse_fragment(html);
            assert_eq!(markdown(page.root_element()).map(|lines| lines.join("\n")), Ok(expected.to_owned()), "{html}");
        }
        let page = Html::parse_fragment("<table><tr><td rowspan=2>A</td></tr></table>");
        assert!(markdown(page.root_element()).is_err());
    }
}
