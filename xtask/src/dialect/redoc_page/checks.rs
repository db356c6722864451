//! What the text of a page must not have where names, media types and descriptions stand.
//!
//! Takes rows, headings and prose that are read already. Returns diagnostics and refusals at their places.

use super::{
    foreign,
    lines::{self, COMPARE, Lines},
    rows::Row,
};
use crate::{
    diagnostic::Diagnostic,
    dialect::Page,
    document::Span,
    finding::{Finding, FindingKind},
};

/// In a text, any line that stands above a type is taken for a name: one that can be none is refused.
pub(super) fn name_of(page: &mut Page, lines: &Lines<'_>, row: &Row<'_>) {
    let Some(name) = row.name.filter(|_| !lines.marked()) else { return };
    if row.additional {
        if !name.ends_with('*') {
            let text = "a name that stands for further ones was expected here, such as `property name*`";
            page.diagnostics.push(Diagnostic::new(lines.document().span_of(name).unwrap_or(row.span), text, COMPARE));
        }
        return;
    }
    let span = lines.document().span_of(name).unwrap_or(row.span);
    if foreign::is_no_name(name) || matches!(name, "additional property" | "pattern property") {
        page.diagnostics.push(Diagnostic::new(span, "the name of a row was expected here, above its type", COMPARE));
    } else if name.contains(' ') {
        let text = "this name has blanks: it is taken for the name of a field, since a type stands below it";
        page.findings.push(Finding::new(FindingKind::Assumption, name, text, vec![span]));
    }
}

/// Where two lines that may be names stand above a type, one of them has lost its own.
pub(super) fn names_in_texts(page: &mut Page, lines: &Lines<'_>, rows: &[Row<'_>]) {
    let document = lines.document();
    for pair in rows.windows(2).filter(|_| !lines.marked()) {
        let [Row { text: Some(text), .. }, next] = pair else { continue };
        let said = document.slice(*text);
        let line = said.lines().next_back().unwrap_or_default().trim();
        let close =
            document.text.get(text.end as usize..next.span.start as usize).is_some_and(|gap| gap.matches('\n').count() == 1);
        let gap =
            said.trim_end().strip_suffix(line).is_some_and(|before| before.ends_with("\n\n") || before.ends_with("\r\n\r\n"));
        if let Some(span) =
            document.span_of(line).filter(|_| close && gap && foreign::is_like_name(line) && foreign::foreign(line).is_none())
        {
            page.diagnostics.push(Diagnostic::new(
                span,
                "one name was expected above a type, found this line and the next",
                COMPARE,
            ));
        }
    }
}

/// A word alone above the type of a whole body may be the name of a field that has lost its place.
pub(super) fn name_apart(page: &mut Page, lines: &Lines<'_>, description: Option<&str>, kind: Span) {
    let word = description.and_then(|text| text.lines().next_back()).map(str::trim);
    if let Some(word) = word.filter(|word| !lines.marked() && foreign::is_like_name(word)) {
        let text =
            "this word stands above the type of the whole body: it is taken for its description, and not for the name of a field";
        page.findings.push(Finding::new(FindingKind::Assumption, word, text, vec![kind]));
    }
}

/// The media type that a heading names.
pub(super) fn named_media(page: &mut Page, heading: Span, media: Option<&str>) {
    if let Some(name) = media.filter(|name| !lines::is_media(name)) {
        page.diagnostics.push(Diagnostic::new(
            heading,
            format!("a media type was expected behind the heading, found `{name}`"),
            COMPARE,
        ));
    }
}

pub(super) fn describe(page: &mut Page, lines: &Lines<'_>, span: Option<Span>) {
    let Some(span) = span else { return };
    let document = lines.document();
    page.ledger.describe(document, span, foreign::foreign);
    // The structure of HTML tells what a row is; in a text a type that is not understood shows only by the name above it.
    let mut name = false;
    for line in document.slice(span).lines().filter(|_| !lines.marked()).map(str::trim) {
        if let Some(span) = document.span_of(line).filter(|_| name && foreign::starts_like_type(line)) {
            page.ledger.refuse(span, "the type of a row, which is not understood,");
        }
        name = foreign::is_like_name(line);
    }
}
