//! One paragraph, escaped in one pass.
//!
//! Takes a line of Markdown. Returns the same with brackets, tags, images and runs of backticks or tildes escaped, code
//! spans kept, bare addresses marked. Every character is looked at a bounded number of times.

use std::collections::HashMap;

use super::FENCE;

/// A paragraph while it is escaped.
pub(super) struct Inline<'a> {
    text: &'a str,
    /// Where runs of backticks start, by their length; sorted.
    runs: HashMap<usize, Vec<usize>>,
}

impl<'a> Inline<'a> {
    /// Escapes `text`, which is one line.
    pub(super) fn escape(text: &'a str) -> String {
        Self::new(text).escaped()
    }

    pub(super) fn new(text: &'a str) -> Self {
        let mut runs: HashMap<usize, Vec<usize>> = HashMap::new();
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(start) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'`')).map(|to| at + to) {
            let length = run(bytes.get(start..).unwrap_or_default(), b'`');
            runs.entry(length).or_default().push(start);
            at = start + length;
        }
        Self { text, runs }
    }

    /// What is a code span and what is not, in order.
    pub(super) fn pieces(&self) -> Vec<(bool, &'a str)> {
        let (mut pieces, mut start, mut at) = (Vec::new(), 0, 0);
        while let Some(tick) = self.text.get(at..).and_then(|rest| rest.find('`')).map(|to| at + to) {
            match self.code_span(tick) {
                Some(length) => {
                    pieces.push((false, self.text.get(start..tick).unwrap_or_default()));
                    pieces.push((true, self.text.get(tick..tick + length).unwrap_or_default()));
                    (start, at) = (tick + length, tick + length);
                }
                None => at = tick + run(self.text.as_bytes().get(tick..).unwrap_or_default(), b'`'),
            }
        }
        pieces.push((false, self.text.get(start..).unwrap_or_default()));
        pieces
    }

    fn escaped(&self) -> String {
        let mut out = String::with_capacity(self.text.len() + 8);
        let mut at = 0;
        while let Some(first) = self.text.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = self.text.get(at..).unwrap_or_default();
            let after = rest.get(first.len_utf8()..).unwrap_or_default();
            let mut taken = first.len_utf8();
            let kept = match first {
                '`' => self.code_span(at),
                '<' => autolink(rest),
                '\\' if after.starts_with(|next: char| next.is_ascii_punctuation()) => Some(2),
                _ => None,
            };
            let link = if first == '[' { markdown_link(rest) } else { None };
            if let Some(length) = kept {
                taken = length;
                out.push_str(rest.get(..length).unwrap_or_default());
            } else if let Some((label, address, length)) = link {
                taken = length;
                out.push_str(&format!("[{}]({address})", Inline::escape(label)));
            } else if matches!(first, '`' | '~') {
                // A run of them escaped whole can neither open a fence nor, split by a line break, become one.
                taken = run(rest.as_bytes(), first as u8);
                let escaped = first == '`' || taken >= FENCE;
                for _ in 0..taken {
                    out.push_str(if escaped { "\\" } else { "" });
                    out.push(first);
                }
            } else if is_address(rest) {
                taken = address_length(rest);
                out.push_str(&format!("<{}>", rest.get(..taken).unwrap_or_default()));
            } else {
                // A viewer of the page would fetch an image.
                if matches!(first, '[' | ']' | '<') || first == '!' && after.starts_with('[') {
                    out.push('\\');
                }
                out.push(first);
            }
            at += taken.max(1);
        }
        // A backslash at the end would escape whatever is put behind the text.
        if out.ends_with('\\') && !out.ends_with("\\\\") {
            out.push('\\');
        }
        out
    }

    /// Length of the code span that starts at `at`. One with the marks of a fence is none: it could become one.
    fn code_span(&self, at: usize) -> Option<usize> {
        let ticks = run(self.text.as_bytes().get(at..)?, b'`');
        let ends = self.runs.get(&ticks).filter(|_| ticks < FENCE)?;
        let next = ends.partition_point(|start| *start < at + ticks);
        let end = ends.get(next)? + ticks;
        (!self.text.get(at..end)?.contains("```")).then_some(end - at)
    }
}

/// How many of `mark` stand at the start.
fn run(bytes: &[u8], mark: u8) -> usize {
    bytes.iter().take_while(|byte| **byte == mark).count()
}

fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// Length of `<https://…>`.
fn autolink(text: &str) -> Option<usize> {
    let address = text.strip_prefix('<').filter(|address| is_address(address))?;
    let end = address.find(|char: char| char.is_whitespace() || matches!(char, '<' | '>' | '"' | '`' | '\\'))?;
    address.get(end..)?.starts_with('>').then_some(end + 2)
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
    let inner = text.strip_prefix('[')?;
    let (label, rest) = inner.split_at_checked(inner.find(['[', ']', '`', '<'])?)?;
    let rest = rest.strip_prefix("](")?;
    let (address, end) =
        rest.split_at_checked(rest.find(|char: char| char.is_whitespace() || matches!(char, ')' | '[' | '<'))?)?;
    let plain = !is_address(label) && !label.trim().is_empty() && end.starts_with(')');
    let whole = is_address(address) && address_length(address) == address.len();
    (plain && whole).then_some((label, address, 1 + label.len() + 2 + address.len() + 1))
}
