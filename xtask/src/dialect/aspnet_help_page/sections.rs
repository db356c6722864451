//! The sections of a help page.
//!
//! Enters: a document. Leaves: its lines without blank ones, and which of them belong to which section. Knows the
//! headings that the page's template writes, and nothing of what stands under them.

use crate::document::{Document, Line, is_blank};

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

const HEADINGS: [(&str, Section); 11] = [
    ("Request Information", Section::RequestInformation),
    ("URI", Section::Uri),
    ("URI Parameters", Section::UriParameters),
    ("Parameters", Section::UriParameters),
    ("Body Parameters", Section::BodyParameters),
    ("Request Formats", Section::RequestFormats),
    ("Request body formats", Section::RequestFormats),
    ("Response Information", Section::ResponseInformation),
    ("Resource Description", Section::ResourceDescription),
    ("Response Formats", Section::ResponseFormats),
    ("Response body formats", Section::ResponseFormats),
];

/// All lines that say something, trimmed.
pub(super) fn lines(document: &Document) -> Vec<Line<'_>> {
    let all = document.lines();
    let mut lines = Vec::with_capacity(all.len());
    lines.extend(all.map(|line| line.trimmed(is_blank)).filter(|line| !line.text.is_empty()));
    lines
}

/// Cuts the lines after the first one at the headings. The headings come in one order, so that a property that is called
/// `Parameters` is not taken for one.
pub(super) fn sections<'l, 'a>(lines: &'l [Line<'a>]) -> Vec<(Section, Option<Line<'a>>, &'l [Line<'a>])> {
    let mut found = Vec::with_capacity(HEADINGS.len());
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
    HEADINGS.iter().find(|(heading, _)| *heading == text).map(|(_, section)| *section)
}
