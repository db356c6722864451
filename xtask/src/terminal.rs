//! What a person at a terminal sees beside the text: colours and a bar.
//!
//! Input: text, and the steps of a run. Output: the same text with colours, which are stripped where the text is printed
//! if `NO_COLOR` is set or the output is a file or a pipe; a progress bar on standard error, if that is a terminal.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use xtask::progress::{self, Step};

/// The bar is shown from this number of pages on.
const MANY_PAGES: u64 = 50;

/// Characters of a page's name that are shown.
const NAME: usize = 48;

const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const CYAN: &str = "\u{1b}[36m";
const BOLD: &str = "\u{1b}[1m";
const RESET: &str = "\u{1b}[0m";

/// The bar of this run. It shows itself once there is much to do, and only at a terminal.
pub(crate) fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
    if !std::io::stderr().is_terminal() {
        return bar;
    }
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}");
    let bar = style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style));
    let told = bar.clone();
    progress::observe(move |step| match step {
        Step::Pages(count) => {
            told.inc_length(count as u64);
            if told.is_hidden() && told.length() >= Some(MANY_PAGES) {
                told.set_draw_target(ProgressDrawTarget::stderr());
            }
        }
        Step::Page(name) => {
            told.set_message(shown(name));
            told.inc(1);
        }
        Step::Stage(what) => told.set_message(shown(what)),
    });
    bar
}

/// The end of a name, without what could move the cursor.
fn shown(name: &str) -> String {
    let name = xtask::diagnostic::printable(name);
    let skipped = name.chars().count().saturating_sub(NAME);
    name.chars().skip(skipped).collect()
}

/// Problems with the places bold, the marks red, the help cyan, and differences as differences are.
pub(crate) fn coloured(text: &str) -> String {
    let line = |line: &str| {
        let bare = line.trim_start();
        let colour = match bare.split_once('|').map(|(_, marks)| marks.trim()) {
            Some(marks) if !marks.is_empty() && marks.chars().all(|char| char == '^') => RED,
            _ if bare.starts_with("= help:") => CYAN,
            _ if line.starts_with("+++") || line.starts_with("---") => BOLD,
            _ if line.starts_with('+') => GREEN,
            _ if line.starts_with('-') => RED,
            _ => return place(line),
        };
        format!("{colour}{line}{RESET}")
    };
    text.lines().map(|text| line(text) + "\n").collect()
}

/// A line that starts with `path:line:column: ` has that bold.
fn place(line: &str) -> String {
    let Some((place, message)) = line.split_once(": ") else { return line.to_owned() };
    let mut parts = place.rsplit(':');
    let is_number = |part: Option<&str>| part.is_some_and(|part| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit()));
    if is_number(parts.next()) && is_number(parts.next()) && parts.next().is_some() {
        format!("{BOLD}{place}:{RESET} {message}")
    } else {
        line.to_owned()
    }
}
