//! Where the parts of a page begin.
//!
//! Input: the text. Output: operations, their sections and the fields of these, as slices of the text. Every rule treats
//! a line break like any other white space, so a folded page is cut at the same places as the page as published.
//! Knows nothing of what the parts mean.

use super::{
    field::{self, Types},
    text::{skip_blank, starts_word},
};
use crate::api::{Location, Method};

/// Longer names are no names; this also bounds how deep fields can nest.
const MAX_NAME: usize = 400;

/// What a `Endpoint:` says, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Endpoint<'a> {
    pub(super) method: Method,
    pub(super) path: &'a str,
    /// From `Endpoint:` to the end of the path.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// One operation's part of the text: `# heading … Endpoint: … sections`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'a> {
    /// From the `#` on.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) endpoint: Endpoint<'a>,
}

/// The operations of a page, in order.
pub(super) fn blocks(text: &str) -> Vec<Block<'_>> {
    let blocks = blocks_of(text, ends_head);
    if !blocks.is_empty() {
        return blocks;
    }
    // Something unknown stands behind the endpoint: it is told at its place when a line break ends the endpoint.
    blocks_of(text, |text, at| text.get(at..).is_some_and(|rest| rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n')))
}

fn blocks_of(text: &str, ends: impl Fn(&str, usize) -> bool + Copy) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut from = 0;
    while let Some(endpoint) = next_endpoint(text, from, ends) {
        let head = text.get(from..endpoint.start).unwrap_or_default();
        // The first heading opens the page; every later one stands closest to its endpoint.
        let heading = if blocks.is_empty() { first_heading(head) } else { last_heading(head) };
        match (heading, blocks.is_empty()) {
            (Some(heading), _) => {
                if let Some(before) = blocks.last_mut() {
                    before.end = from + heading;
                }
                blocks.push(Block { start: from + heading, end: text.len(), endpoint });
            }
            (None, true) => blocks.push(Block { start: endpoint.start, end: text.len(), endpoint }),
            // Prose about another operation.
            (None, false) => {}
        }
        from = endpoint.end;
    }
    blocks
}

fn first_heading(text: &str) -> Option<usize> {
    let start = text.len() - text.trim_start_matches(|char: char| char.is_whitespace() || char == '\u{feff}').len();
    let rest = text.get(start..)?;
    // The overview of a whole API stands before its first operation, and is no part of it.
    let opens = (rest.starts_with("# ") || rest.starts_with("#\t")) && !super::pages::links_operations(rest);
    opens.then_some(start).or_else(|| last_heading(text))
}

fn last_heading(text: &str) -> Option<usize> {
    let mut end = text.len();
    while let Some(at) = text.get(..end)?.rfind("# ") {
        let before = text.get(..at)?;
        if before.is_empty() || before.ends_with(char::is_whitespace) {
            return Some(at);
        }
        end = at;
    }
    None
}

fn next_endpoint(text: &str, mut from: usize, ends: impl Fn(&str, usize) -> bool) -> Option<Endpoint<'_>> {
    const LABEL: &str = "Endpoint:";
    loop {
        let start = find(text, from, LABEL, 0)?;
        let after = start + LABEL.len();
        from = after;
        if !starts_word(text, start) {
            continue;
        }
        let (method, rest) = word(text, after);
        let Some(method) = method.and_then(Method::from_name) else { continue };
        let path_start = skip_blank(text, rest);
        let path = path(text.get(path_start..)?);
        let end = path_start + path.len();
        if path.is_empty() || path.starts_with('#') || !ends(text, end) {
            continue;
        }
        return Some(Endpoint { method, path, start, end });
    }
}

/// Whether what follows an endpoint can follow one; prose that mentions an endpoint goes on otherwise.
fn ends_head(text: &str, at: usize) -> bool {
    let rest = text.get(skip_blank(text, at)..).unwrap_or_default();
    rest.is_empty() || rest.starts_with("Version:") || rest.starts_with("Security:") || rest.starts_with('#')
}

/// A path ends at white space that does not stand in braces.
fn path(text: &str) -> &str {
    let mut depth = 0_usize;
    for (at, char) in text.char_indices() {
        match char {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '\n' => return text.get(..at).unwrap_or_default().trim_end(),
            char if char.is_whitespace() && (depth == 0 || at > MAX_NAME) => return text.get(..at).unwrap_or_default(),
            _ => {}
        }
    }
    text
}

/// What a section is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject<'a> {
    /// `## Path parameters:` and its like.
    Parameters(Location),
    /// `## Request fields (application/json):`
    Request { media: Option<&'a str> },
    /// `## Response 200 fields (application/json):`
    Response { status: String, media: Option<&'a str> },
}

/// A heading that is in the dialect's vocabulary, and what stands under it.
#[derive(Clone, Debug)]
pub(super) struct Section<'a> {
    pub(super) subject: Subject<'a>,
    /// The heading, from `##` to its colon.
    pub(super) start: usize,
    pub(super) heading_end: usize,
    /// Where the next one starts.
    pub(super) end: usize,
}

/// The sections from `start` to `end`.
pub(super) fn sections(text: &str, start: usize, end: usize) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    let mut from = start;
    let Some(text) = text.get(..end) else { return sections };
    while let Some(at) = find(text, from, "## ", 0) {
        from = at + 3;
        if !starts_word(text, at) {
            continue;
        }
        if let Some((subject, heading_end)) = subject(text, at + 3) {
            if let Some(before) = sections.last_mut() {
                before.end = at;
            }
            sections.push(Section { subject, start: at, heading_end, end });
            from = heading_end;
        }
    }
    sections
}

/// Whether a line is the heading of a section that the dialect knows, whatever stands before it.
pub(super) fn is_section(line: &str) -> bool {
    subject(line, 0).is_some_and(|(_, end)| end == line.len())
}

fn subject(text: &str, at: usize) -> Option<(Subject<'_>, usize)> {
    let (first, at) = word(text, at);
    let (second, next) = word(text, at);
    let location = match first? {
        "Path" => Location::Path,
        "Query" => Location::Query,
        "Header" => Location::Header,
        "Cookie" => Location::Cookie,
        "Request" => {
            second.filter(|word| word.trim_end_matches(':') == "fields")?;
            let (media, end) = media(text, next);
            return Some((Subject::Request { media }, end));
        }
        "Response" => {
            let status = crate::words::status(second?)?;
            let (third, next) = word(text, next);
            third.filter(|word| word.trim_end_matches(':') == "fields")?;
            let (media, end) = media(text, next);
            return Some((Subject::Response { status, media }, end));
        }
        _ => return None,
    };
    (second?.trim_end_matches(':') == "parameters").then_some((Subject::Parameters(location), next))
}

/// `(application/json; charset=utf-8):`, of which each part can be missing.
fn media(text: &str, at: usize) -> (Option<&str>, usize) {
    const LONGEST: usize = 200;
    let none = (None, at);
    if text.get(..at).is_some_and(|before| before.ends_with(':')) {
        return none;
    }
    let start = skip_blank(text, at);
    let Some(rest) = text.get(start..) else { return none };
    if let Some(inner) = rest.strip_prefix('(') {
        let Some(close) = find_within(inner, 0, LONGEST, b')') else { return none };
        let media = inner.get(..close).unwrap_or_default().trim();
        let end = start + close + 2;
        let colon = usize::from(text.get(end..).is_some_and(|rest| rest.starts_with(':')));
        return (Some(media).filter(|media| !media.is_empty()), end + colon);
    }
    if rest.starts_with(':') { (None, start + 1) } else { none }
}

/// A field: "- `name` (type, required) text".
#[derive(Clone, Debug)]
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    /// What stands in the parentheses.
    pub(super) types: Types<'a>,
    /// How far the dash is indented; `None` where it does not start a line.
    pub(super) indent: Option<usize>,
    /// From the dash on.
    pub(super) start: usize,
    /// Where the text after the parentheses starts.
    pub(super) rest: usize,
    pub(super) end: usize,
}

/// Puts the fields from `start` to `end` into `fields`; the text before the first one is the caller's.
pub(super) fn fields<'a>(text: &'a str, start: usize, end: usize, fields: &mut Vec<Field<'a>>) {
    fields.clear();
    let mut from = start;
    let Some(text) = text.get(..end) else { return };
    let mut looked_at = None;
    while let Some(at) = find(text, from, "- `", 2) {
        from = at + 3;
        if !starts_word(text, at) {
            continue;
        }
        if let Some(field) = field_at(text, at) {
            // What looks like a field can stand within the JSON of an example.
            let mark = fields.last().and_then(|before| open_mark(text, before.rest, at));
            if mark.is_some() && looked_at != mark {
                looked_at = mark;
                if let Some(end) = mark.and_then(|mark| field::end_of_values(text, mark)).filter(|end| *end > at) {
                    from = end;
                    continue;
                }
            }
            if let Some(before) = fields.last_mut() {
                before.end = at;
            }
            from = field.rest;
            fields.push(field);
        }
    }
}

fn field_at(text: &str, start: usize) -> Option<Field<'_>> {
    const LONGEST_TYPES: usize = 300;
    let name_start = start + 3;
    let name_len = find_within(text, name_start, MAX_NAME, b'`')?;
    let name = text.get(name_start..name_start + name_len)?;
    let after = name_start + name_len + 1;
    let open = skip_blank(text, after);
    if open == after || name.contains('\n') {
        return None;
    }
    let inner = text.get(open..)?.strip_prefix('(')?;
    let close = find_within(inner, 0, LONGEST_TYPES, b')')?;
    let rest = open + close + 2;
    let follows = text.get(rest..)?.chars().next();
    let types = Types::read(inner.get(..close)?).filter(|_| follows.is_none_or(char::is_whitespace))?;
    Some(Field { name, types, indent: indent(text, start), start, rest, end: text.len() })
}

fn indent(text: &str, at: usize) -> Option<usize> {
    let before = text.as_bytes().get(..at)?;
    let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    (at == blanks || before.get(at - blanks - 1) == Some(&b'\n')).then_some(blanks)
}

/// The last mark between two places, if a string of its JSON may go on behind them.
fn open_mark(text: &str, from: usize, to: usize) -> Option<usize> {
    let between = text.get(from..to)?;
    memchr::memchr(b'"', between.as_bytes())?;
    let mark = field::last_mark(between)?;
    let values = between.get(mark..)?.as_bytes();
    let closed = memchr::memchr_iter(b'"', values).count().is_multiple_of(2) && memchr::memchr(b'\\', values).is_none();
    (!closed).then_some(from + mark)
}

/// How far behind `from` a byte stands, if that is closer than `limit`.
fn find_within(text: &str, from: usize, limit: usize, byte: u8) -> Option<usize> {
    let rest = text.as_bytes().get(from..)?;
    memchr::memchr(byte, rest.get(..limit).unwrap_or(rest))
}

/// Where `needle` stands next. It is looked for by its rarest byte, which stands at `rarest` in it.
fn find(text: &str, from: usize, needle: &str, rarest: usize) -> Option<usize> {
    let rest = text.as_bytes().get(from..)?;
    let mut starts = memchr::memchr_iter(*needle.as_bytes().get(rarest)?, rest).filter_map(|at| at.checked_sub(rarest));
    starts.find(|&at| rest.get(at..).is_some_and(|rest| rest.starts_with(needle.as_bytes()))).map(|at| from + at)
}

/// The next word and where it ends.
fn word(text: &str, at: usize) -> (Option<&str>, usize) {
    let start = skip_blank(text, at);
    let rest = text.get(start..).unwrap_or_default();
    let len = rest.find(char::is_whitespace).unwrap_or(rest.len());
    (rest.get(..len).filter(|word| !word.is_empty()), start + len)
}
