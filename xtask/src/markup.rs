//! Untrusted text inside of Markdown that this workspace writes.
//!
//! Takes descriptions, titles and names as documents and manifests write them. Returns Markdown that says the same and in
//! which nothing is code, HTML or an image; [`guard`] reads the result with a parser of Markdown and tells what is. Knows
//! nothing of specifications or of Rust.

pub mod guard;
mod inline;

use inline::Inline;

/// Markdown that says the same as `text` and is safe in a doc comment; cleaning it again changes nothing.
///
/// White space in a line becomes one space, so that nothing is indented into code; a fence is one only at the start of a
/// line, and its language is `text`.
///
/// ```
/// assert_eq!(xtask::markup::clean("-     panic!(\"runs\");"), "- panic!(\"runs\");");
/// ```
#[must_use]
pub fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut blocks: Vec<Block> = Vec::new();
    let mut fence: Option<char> = None;
    for line in text.split('\n') {
        let line: String = line.chars().filter_map(harmless).collect();
        let trimmed = line.trim();
        let marker = ['`', '~'].into_iter().find(|mark| trimmed.len() - trimmed.trim_start_matches(*mark).len() >= FENCE);
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
            (None, _) => {
                let words = trimmed.split_whitespace();
                match blocks.last_mut() {
                    // One line per paragraph or item: no line is then a lazy continuation, none starts as code.
                    Some(Block::Text(before)) if !starts_block(trimmed) && !before.starts_with(['#', '|']) => {
                        before.push(' ');
                        join(before, words);
                    }
                    _ => {
                        let mut line = String::with_capacity(trimmed.len());
                        join(&mut line, words);
                        blocks.push(Block::Text(line));
                    }
                }
            }
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
            Block::Text(text) => lines.push(Inline::escape(&text)),
        }
    }
    lines.join("\n").trim_end().to_owned()
}

/// The pieces of one line of Markdown in their order, each with whether it is a code span.
pub(crate) fn pieces(line: &str) -> Vec<(bool, &str)> {
    Inline::new(line).pieces()
}

/// Marks that make a fence.
const FENCE: usize = 3;

enum Block {
    Blank,
    Verbatim(String),
    Text(String),
}

fn join<'a>(line: &mut String, words: impl Iterator<Item = &'a str>) {
    for (at, word) in words.enumerate() {
        if at > 0 {
            line.push(' ');
        }
        line.push_str(word);
    }
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

/// What keeps `name` from being a title or a name: it has to be one line of printable text.
#[must_use]
pub fn unprintable(name: &str) -> Option<String> {
    if name.trim().is_empty() {
        return Some("is empty".to_owned());
    }
    let odd = name.chars().find(|char| *char != '\u{a0}' && harmless(*char) != Some(*char))?;
    Some(match odd {
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => "has a line break".to_owned(),
        '\t' => "has a tab".to_owned(),
        odd => format!("has U+{:04X}, which cannot be seen", u32::from(odd)),
    })
}

/// A title or a name as Markdown that shows exactly it, in the middle of a line or in the cell of a table.
///
/// ```
/// assert_eq!(xtask::markup::literal("a|b *c*"), r"a\|b \*c\*");
/// ```
#[must_use]
pub fn literal(name: &str) -> String {
    let mut written = String::with_capacity(name.len());
    let mut chars = name.chars().filter_map(harmless).peekable();
    while let Some(char) = chars.next() {
        let entity = char == '&' && chars.peek().is_some_and(|next| next.is_ascii_alphanumeric() || *next == '#');
        if entity || matches!(char, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '#' | '$') {
            written.push('\\');
        }
        written.push(char);
    }
    written
}
