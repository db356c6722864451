//! Descriptions that stay text wherever they are put.
//!
//! A description is Markdown from a stranger. In a doc comment of Rust it must not become code, a broken link, an HTML tag
//! or a doctest: brackets and tags are escaped, bare addresses marked as such, indentation taken off, fences called text,
//! and characters that move the cursor or turn the direction taken out. Titles go: they would override the names of types.

use serde_json::Value;

use super::{Log, Names};

pub(super) fn pass(document: &mut Value, _: &Names, _: &mut Log) {
    let Some(document) = document.as_object_mut() else { return };
    for (key, value) in document.iter_mut() {
        // `info.title` is a name, any other title is a second one.
        let title = if key == "info" { value.get("title").cloned() } else { None };
        texts(value);
        if let (Some(Value::String(title)), Some(info)) = (title, value.as_object_mut()) {
            info.insert("title".to_owned(), Value::String(clean(&title)));
        }
    }
}

fn texts(node: &mut Value) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(texts),
        Value::Object(members) => {
            if members.get("title").is_some_and(Value::is_string) {
                members.shift_remove("title");
            }
            for (key, value) in members.iter_mut() {
                match (key.as_str(), value) {
                    ("example" | "examples" | "default" | "enum", _) => {}
                    ("description" | "summary", Value::String(text)) => *text = clean(text),
                    (_, value) => texts(value),
                }
            }
        }
        _ => {}
    }
}

/// Markdown that says the same and is safe in a doc comment; cleaning it again changes nothing.
#[must_use]
pub fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut blocks: Vec<Block> = Vec::new();
    let mut fence: Option<char> = None;
    for line in text.split('\n') {
        let line: String = line.chars().filter_map(harmless).collect();
        let trimmed = line.trim();
        let marker = ['`', '~'].into_iter().find(|mark| trimmed.starts_with(&mark.to_string().repeat(3)));
        match (fence, marker) {
            (Some(open), Some(mark)) if open == mark && trimmed.trim_start_matches(mark).is_empty() => {
                fence = None;
                blocks.push(Block::Verbatim("```".to_owned()));
            }
            (Some(_), _) => blocks.push(Block::Verbatim(line.replace("```", "'''").trim_end().to_owned())),
            (None, Some(mark)) if !trimmed.trim_start_matches(mark).contains(mark) => {
                fence = Some(mark);
                blocks.push(Block::Verbatim("```text".to_owned()));
            }
            (None, _) if trimmed.is_empty() => blocks.push(Block::Blank),
            (None, _) => match blocks.last_mut() {
                // One line per paragraph or item: no line is then a lazy continuation, none starts as code.
                Some(Block::Text(before)) if !starts_block(trimmed) && !before.starts_with(['#', '|']) => {
                    before.push(' ');
                    before.push_str(trimmed);
                }
                _ => blocks.push(Block::Text(trimmed.to_owned())),
            },
        }
    }
    if fence.is_some() {
        blocks.push(Block::Verbatim("```".to_owned()));
    }
    let mut lines: Vec<String> = Vec::new();
    for block in blocks {
        match block {
            Block::Blank if lines.last().is_none_or(String::is_empty) => {}
            Block::Blank => lines.push(String::new()),
            Block::Verbatim(line) => lines.push(line),
            Block::Text(text) => lines.push(inline(&text)),
        }
    }
    lines.join("\n").trim_end().to_owned()
}

enum Block {
    Blank,
    Verbatim(String),
    Text(String),
}

/// What a character may stand as in a comment: as itself, as a space, or not at all.
pub(crate) fn harmless(char: char) -> Option<char> {
    match char {
        '\t' | '\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' | '\u{85}' => Some(' '),
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}' | '\u{61c}' => None,
        char if char.is_control() => None,
        char => Some(char),
    }
}

/// Whether a line starts an item, a heading, a quote or a row of a table rather than going on with a paragraph.
fn starts_block(line: &str) -> bool {
    let rest = line.trim_start_matches(|char: char| char.is_ascii_digit());
    let numbered = rest.len() < line.len() && (rest.starts_with(". ") || rest.starts_with(") "));
    numbered || ["- ", "* ", "+ ", "> ", "|", "# ", "## ", "### ", "#### "].iter().any(|mark| line.starts_with(mark))
}

/// Escapes one paragraph; code between backticks stays as it is.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let mut taken = first.len_utf8();
        let after = rest.get(taken..).unwrap_or_default();
        let link = match first {
            '[' => markdown_link(rest),
            _ => None,
        };
        if let Some((label, address, length)) = link {
            out.push_str(&format!("[{}]({address})", inline(label)));
            taken = length;
        } else if let Some(length) = code_span(rest) {
            out.push_str(rest.get(..length).unwrap_or_default());
            taken = length;
        } else if first == '\\' && after.starts_with(|next: char| next.is_ascii_punctuation()) {
            out.push_str(rest.get(..2).unwrap_or_default());
            taken = 2;
        } else if first == '<'
            && is_address(after)
            && after.find(['>', ' ']).is_some_and(|at| after.get(at..).is_some_and(|end| end.starts_with('>')))
        {
            taken = 1 + after.find('>').map_or(0, |at| at + 1);
            out.push_str(rest.get(..taken).unwrap_or_default());
        } else if is_address(rest) {
            taken = address_length(rest);
            out.push_str(&format!("<{}>", rest.get(..taken).unwrap_or_default()));
        } else {
            if matches!(first, '[' | ']' | '<' | '`') {
                out.push('\\');
            }
            out.push(first);
        }
        rest = rest.get(taken.max(1)..).unwrap_or_default();
    }
    // A backslash at the end would escape whatever is put behind the text.
    if out.ends_with('\\') && !out.ends_with("\\\\") {
        out.push('\\');
    }
    out
}

/// Length of the code span that `text` starts with.
fn code_span(text: &str) -> Option<usize> {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let mark = text.get(..ticks).filter(|mark| !mark.is_empty())?;
    let mut at = ticks;
    loop {
        let start = at + text.get(at..)?.find(mark)?;
        let run = text.get(start..)?.len() - text.get(start..)?.trim_start_matches('`').len();
        if run == ticks {
            return Some(start + ticks);
        }
        at = start + run;
    }
}

fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

fn address_length(text: &str) -> usize {
    let end = text
        .find(|char: char| char.is_whitespace() || matches!(char, '<' | '>' | '"' | '`' | '[' | ']' | '\\'))
        .unwrap_or(text.len());
    let address = text.get(..end).unwrap_or_default();
    address.trim_end_matches(['.', ',', ';', ':', ')', '!', '?', '\'', '*', '_', '|']).len()
}

/// `[label](https://…)`: label, address and length of the whole.
fn markdown_link(text: &str) -> Option<(&str, &str, usize)> {
    let (label, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (address, _) = rest.split_once(')')?;
    let plain = !label.contains(['[', ']', '`', '<']) && !is_address(label) && !label.trim().is_empty();
    let whole = is_address(address) && address_length(address) == address.len();
    (plain && whole).then_some((label, address, 1 + label.len() + 2 + address.len() + 1))
}
