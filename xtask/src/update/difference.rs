//! What changed in a document, for a person.
//!
//! Input: two versions of a text. Output: the lines that differ, or, where a line is longer than anybody reads, the words
//! of it that differ with a few around them. Knows nothing of what they mean.

use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use crate::diagnostic::printable;

/// Most lines that are shown, and most characters of one.
const LINES: usize = 40;
const CHARS: usize = 160;

/// A text with longer lines is compared word by word.
const LONG: usize = 1000;

/// Words shown around those that differ.
const AROUND: usize = 6;

/// Comparing two large texts that have little in common takes long and shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// The differences, each line with its sign.
#[must_use]
pub(super) fn difference(before: &str, after: &str) -> String {
    let long = |text: &str| text.lines().any(|line| line.len() > LONG);
    let lines = if long(before) || long(after) { words(before, after) } else { lines(before, after) };
    let mut text: String = lines.iter().take(LINES).map(|line| format!("  {}\n", cut(line))).collect();
    if lines.len() > LINES {
        text.push_str(&format!("  … and {} more lines\n", lines.len() - LINES));
    }
    text
}

fn lines(before: &str, after: &str) -> Vec<String> {
    let differences = TextDiff::configure().timeout(PATIENCE).diff_lines(before, after);
    let mut lines = Vec::new();
    for hunk in differences.unified_diff().context_radius(1).iter_hunks() {
        lines.push(hunk.header().to_string());
        lines.extend(
            hunk.iter_changes().map(|change| format!("{}{}", sign(change.tag()), change.value().trim_end_matches(['\r', '\n']))),
        );
    }
    lines
}

fn words(before: &str, after: &str) -> Vec<String> {
    let differences = TextDiff::configure().timeout(PATIENCE).diff_words(before, after);
    let mut lines = Vec::new();
    // Words and the white space between them are counted alike.
    for group in differences.grouped_ops(AROUND) {
        let mut line = String::new();
        let mut open = ChangeTag::Equal;
        for change in group.iter().flat_map(|op| differences.iter_changes(op)) {
            if change.tag() != open {
                line.push_str(closing(open));
                line.push_str(opening(change.tag()));
                open = change.tag();
            }
            line.push_str(&change.value().replace(['\r', '\n'], " "));
        }
        line.push_str(closing(open));
        lines.push(format!("… {} …", line.trim()));
    }
    lines
}

fn opening(tag: ChangeTag) -> &'static str {
    match tag {
        ChangeTag::Delete => "[-",
        ChangeTag::Insert => "[+",
        ChangeTag::Equal => "",
    }
}

fn closing(tag: ChangeTag) -> &'static str {
    match tag {
        ChangeTag::Delete => "-]",
        ChangeTag::Insert => "+]",
        ChangeTag::Equal => "",
    }
}

fn sign(tag: ChangeTag) -> char {
    match tag {
        ChangeTag::Delete => '-',
        ChangeTag::Insert => '+',
        ChangeTag::Equal => ' ',
    }
}

fn cut(line: &str) -> String {
    let mut shown = printable(&line.chars().take(CHARS).collect::<String>());
    if line.chars().nth(CHARS).is_some() {
        shown.push('…');
    }
    shown
}
