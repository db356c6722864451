//! What differs between disk and run, for a person.
//!
//! Input: files as they are and as they should be. Output: one problem a file, with its unified difference cut to a
//! length that can be read.

use std::{fmt::Write as _, time::Duration};

use similar::{ChangeTag, TextDiff};

use super::Step;
use crate::{
    diagnostic::printable,
    failure::{Failure, Problem},
};

/// Lines shown of one file and of all together, and characters of one line.
const LINES_OF_FILE: usize = 40;
const LINES: usize = 200;
const CHARS: usize = 160;

/// Comparing two large files that have little in common takes long and shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// The differences of `files`, and the command that writes them.
pub(super) fn show(files: &[&Step], command: &str) -> Failure {
    let mut problems = Vec::new();
    let mut left = LINES;
    for Step { path, before, after, .. } in files {
        let what = match (before, after) {
            (None, _) => "missing",
            (_, None) => "stale",
            _ => "differs",
        };
        let mut text = format!("{}: {what}\n", printable(path));
        let before = before.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        let after = after.map(String::from_utf8_lossy).unwrap_or_default();
        let shown = one(path, &before, &after, left.min(LINES_OF_FILE), &mut text);
        left -= shown.min(left);
        problems.push(Problem::of_file(path, &format!("{what}: it is not as `regen` writes it"), text));
    }
    let mut failure = Failure::from(problems);
    let count = files.len();
    let (files, verb) = if count == 1 { ("file", "differs") } else { ("files", "differ") };
    failure.extend(Failure::new(
        format!("{count} {files} on disk {verb} from what is generated"),
        format!("run `{}`", printable(command)),
    ));
    failure.as_difference()
}

/// Writes at most `most` lines and says how many it kept back; gives how many it wrote.
fn one(path: &str, before: &str, after: &str, most: usize, text: &mut String) -> usize {
    let differences = TextDiff::configure().timeout(PATIENCE).diff_lines(before, after);
    let mut lines = Vec::new();
    let mut kept_back = 0;
    for hunk in differences.unified_diff().context_radius(2).iter_hunks() {
        let mut add = |line: String| {
            if lines.len() < most { lines.push(line) } else { kept_back += 1 }
        };
        add(hunk.header().to_string());
        for change in hunk.iter_changes() {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            add(format!("{sign}{}", cut(change.value())));
        }
    }
    if most > 0 {
        let _ = writeln!(text, "--- {0}\n+++ {0}", printable(path));
    }
    for line in &lines {
        let _ = writeln!(text, "{line}");
    }
    if kept_back > 0 {
        let _ = writeln!(text, "… and {kept_back} more lines");
    }
    lines.len()
}

/// A line that fits, with what cannot be seen made visible.
fn cut(line: &str) -> String {
    let body = line.strip_suffix('\n').unwrap_or(line);
    let mut shown: String = printable(&body.chars().take(CHARS).collect::<String>());
    if body.chars().nth(CHARS).is_some() {
        shown.push('…');
    }
    shown
}
