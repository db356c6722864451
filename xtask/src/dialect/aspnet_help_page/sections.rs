//! The sections of a help page.
//!
//! Input: a document. Output: its lines without blank ones, which of them belong to which section, and which lines are
//! something that no description has. Knows the headings that the page's template writes, and nothing of what stands under
//! them.

use super::{
    formats::is_media_types,
    types::{self, Annotation},
};
use crate::{
    document::{Document, Line, Span, is_blank},
    words::is_exposed,
};

/// The sections of a page, in the order that the template writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Description,
    RequestInformation,
    Uri,
    UriParameters,
    BodyParameters,
    RequestFormats,
    ResponseInformation,
    ResourceDescription,
    ResponseFormats,
}

/// Headings of one word are too much like a name to be found inside a line.
const SHORT_HEADINGS: [(&str, Section); 2] = [("URI", Section::Uri), ("Parameters", Section::UriParameters)];

/// Those of several words, which begin with `B`, `R` or `U`.
const LONG_HEADINGS: [(&str, Section); 9] = [
    ("Request Information", Section::RequestInformation),
    ("URI Parameters", Section::UriParameters),
    ("Body Parameters", Section::BodyParameters),
    ("Request Formats", Section::RequestFormats),
    ("Request body formats", Section::RequestFormats),
    ("Response Information", Section::ResponseInformation),
    ("Resource Description", Section::ResourceDescription),
    ("Response Formats", Section::ResponseFormats),
    ("Response body formats", Section::ResponseFormats),
];

/// All lines that say something, trimmed. A heading that extraction has glued to its neighbour stands alone again.
pub(super) fn lines(document: &Document) -> Vec<Line<'_>> {
    let all = document.lines();
    let mut lines = Vec::with_capacity(all.len());
    for line in all.map(|line| line.trimmed(is_blank)).filter(|line| !line.text.is_empty()) {
        match glued_heading(line.text) {
            None => lines.push(line),
            Some(at) => {
                let (before, after) = line.text.split_at(at);
                let middle = line.span.start + at as u32;
                let part = |text, start, end| Line { text, span: Span { start, end, ..line.span } }.trimmed(is_blank);
                lines.push(part(before, line.span.start, middle));
                lines.push(part(after, middle, line.span.end));
            }
        }
    }
    lines
}

fn long_headings() -> impl Iterator<Item = &'static str> {
    LONG_HEADINGS.iter().map(|(heading, _)| *heading)
}

/// Where a line is to be cut that has a heading at its end or at its start and something else right beside it.
fn glued_heading(text: &str) -> Option<usize> {
    if text.ends_with(['n', 's']) {
        let at = long_headings().find_map(|heading| text.strip_suffix(heading)).map(str::len).filter(|at| *at > 0);
        if let Some(at) = at {
            let before = text.get(..at)?;
            let touches = before.ends_with(|char: char| char.is_alphanumeric() || ".]}>".contains(char));
            let closed = before.trim_end().ends_with("[value]") || before.trim_end() == "None.";
            return (touches || closed).then_some(at);
        }
    }
    if text.starts_with(['B', 'R', 'U']) {
        let heading = long_headings().find(|heading| text.starts_with(heading))?;
        return text.get(heading.len()..)?.starts_with(char::is_alphanumeric).then_some(heading.len());
    }
    None
}

/// What a line is that no description has; `None` where it may be a line of one.
pub(super) fn foreign(text: &str) -> Option<&'static str> {
    if text.starts_with('#') && text.trim_start_matches('#').starts_with(' ') {
        return Some("a heading that the template does not have");
    }
    if is_column_words(text) {
        return Some("the column words of a table whose layout is unknown");
    }
    let named = text.trim_matches(|char: char| matches!(char, '*' | '_' | ':' | ' '));
    if holds_heading(named) {
        return Some("the name of a section");
    }
    if text == "Dictionary of" || text.ends_with("[key]") || text.ends_with("[value]") {
        return Some("a part of the type of a dictionary");
    }
    if text.starts_with("Define this parameter in the request ") {
        return Some("the additional information of a row");
    }
    if text.contains('\t') || is_row_of_pipes(text) {
        return Some("a row of a table");
    }
    if types::is_simple(text) {
        return Some("the type of a row");
    }
    match types::annotation(text) {
        None | Some(Annotation::Default(_)) => {}
        Some(_) => return Some("the additional information of a row"),
    }
    if text.trim_matches('*') == "Sample:" || is_media_types(text) {
        return Some("a sample outside of the formats");
    }
    matches!(text, "Possible enumeration values:").then_some("the values of an enumeration")
}

/// Whether the line begins or ends with one of the long headings, or has one glued to another word.
fn holds_heading(text: &str) -> bool {
    memchr::memchr3_iter(b'B', b'R', b'U', text.as_bytes()).any(|at| long_headings().any(|heading| is_exposed(text, at, heading)))
}

/// Whether the line names columns, whatever stands between the words.
pub(super) fn is_column_words(text: &str) -> bool {
    const COLUMNS: [&str; 7] = [
        "NameDescription",
        "DescriptionType",
        "TypeAdditional",
        "DescriptionAdditional",
        "NameType",
        "NameValue",
        "ValueDescription",
    ];
    if matches!(text, "Name" | "Description" | "Type" | "Value" | "Additional information") {
        return true;
    }
    // One of these is among all of them.
    let begins =
        |at| ["Name", "Additional", "Value"].iter().any(|word| text.get(at..).is_some_and(|rest| rest.starts_with(word)));
    if !memchr::memchr3_iter(b'N', b'A', b'V', text.as_bytes()).any(begins) {
        return false;
    }
    let letters: String = text.chars().filter(|char| char.is_alphabetic()).collect();
    let found = COLUMNS.iter().filter(|words| letters.contains(**words)).count();
    found > 1 || text.ends_with("Additional information") && found > 0
}

/// Cells between pipes: one at the start or the end, or two with blanks around them.
fn is_row_of_pipes(text: &str) -> bool {
    memchr::memchr(b'|', text.as_bytes()).is_some()
        && (text.starts_with("| ") || text.ends_with(" |") || text.matches(" | ").count() > 1 || text.starts_with("---|"))
}

/// Cuts the lines after the first one at the headings. The headings come in one order, so that a property that is called
/// `Parameters` is not taken for one.
pub(super) fn sections<'l, 'a>(lines: &'l [Line<'a>]) -> Vec<(Section, Option<Line<'a>>, &'l [Line<'a>])> {
    let mut found = Vec::with_capacity(LONG_HEADINGS.len());
    let (mut section, mut heading, mut start) = (Section::Description, None, 0);
    for (at, line) in lines.iter().enumerate() {
        let Some(next) = heading_of(line.text) else { continue };
        // One word alone may be a property's name; as a heading it stands where the template puts it.
        let one_word = !line.text.contains(' ');
        let in_place = matches!(section, Section::RequestInformation | Section::Uri) && at <= start + 1;
        if next <= section || (one_word && !in_place) {
            continue;
        }
        found.push((section, heading, lines.get(start..at).unwrap_or_default()));
        (section, heading, start) = (next, Some(*line), at + 1);
    }
    found.push((section, heading, lines.get(start..).unwrap_or_default()));
    found
}

fn heading_of(text: &str) -> Option<Section> {
    if !text.starts_with(['#', 'B', 'P', 'R', 'U']) {
        return None;
    }
    let text = text.trim_start_matches('#').trim();
    LONG_HEADINGS.iter().chain(&SHORT_HEADINGS).find(|(heading, _)| *heading == text).map(|(_, section)| *section)
}
