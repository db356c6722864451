//! What a text is, once a parser of Markdown has read it.
//!
//! Takes Markdown that is about to be written. Returns the places where it is more than text: code that `cargo test` would
//! run or that is highlighted as code, HTML, and images, which a viewer would fetch. Escaping is done elsewhere;
//! this only checks its result.

use std::{collections::HashSet, ops::Range};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

/// A place where Markdown is more than text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// What stands there, such as `an image`.
    pub what: &'static str,
}

/// As rustdoc reads a comment.
fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS
}

/// Every place of `text` that is more than text. A code block is allowed whose language is `text`, or whose whole code is
/// among `examples`, which this workspace made itself; of HTML, a comment is.
#[must_use]
pub fn faults(text: &str, examples: &HashSet<String>) -> Vec<Fault> {
    // Most texts have nothing that any of this could be made of.
    let suspicious = ["```", "~~~", "    ", "\t", "![", "<"];
    if !suspicious.iter().any(|mark| text.contains(mark)) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    let mut events = Parser::new_ext(text, options()).into_offset_iter().peekable();
    while let Some((event, range)) = events.next() {
        let what = match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let is_text = matches!(&kind, CodeBlockKind::Fenced(language) if &**language == "text");
                let mut code = String::new();
                while let Some((Event::Text(part), _)) = events.next_if(|(event, _)| matches!(event, Event::Text(_))) {
                    code.push_str(&part);
                }
                if is_text || examples.contains(&code) {
                    continue;
                }
                "a code block"
            }
            Event::Start(Tag::Image { .. }) => "an image",
            Event::Html(html) | Event::InlineHtml(html) if !is_comment(&html) => "HTML",
            _ => continue,
        };
        faults.push(Fault { range, what });
    }
    faults
}

fn is_comment(html: &str) -> bool {
    let inner = html.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    inner.is_some_and(|inner| !inner.contains("-->"))
}

/// The doc comments of a file of Rust that prettyplease printed: the line of the file that each starts on, and its text.
pub fn comments(code: &str) -> impl Iterator<Item = (usize, String)> {
    let mut lines = code.lines().enumerate().peekable();
    std::iter::from_fn(move || {
        loop {
            let (number, line) = lines.next()?;
            let Some((mark, first)) = comment(line) else { continue };
            let mut text = first.to_owned();
            // An empty line of the file ends no comment.
            while let Some((_, line)) =
                lines.next_if(|(_, line)| line.trim().is_empty() || comment(line).is_some_and(|(next, _)| next == mark))
            {
                if let Some((_, line)) = comment(line) {
                    text.push('\n');
                    text.push_str(line);
                }
            }
            return Some((number + 1, text));
        }
    })
}

/// The mark of a doc comment and its text, without the space that all lines have.
fn comment(line: &str) -> Option<(&'static str, &str)> {
    let line = line.trim_start();
    ["///", "//!"].into_iter().find_map(|mark| {
        let text = line.strip_prefix(mark)?;
        Some((mark, text.strip_prefix(' ').unwrap_or(text)))
    })
}
