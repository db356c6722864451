//! The line with the column names, and what it tells of how the table is written.
//!
//! Input: the lines of a section. Output: where its table begins and in which form its rows are.

use crate::document::{Document, Line, Span};

/// Where a section's table begins.
#[derive(Clone, Copy, Debug)]
pub(in crate::dialect::aspnet_help_page) struct Head<'a> {
    /// Index of the last line with column names.
    pub(in crate::dialect::aspnet_help_page) line: usize,
    /// How many lines the column names take.
    pub(in crate::dialect::aspnet_help_page) lines: usize,
    /// The type's name, which stands right before the first column's in one line.
    pub(in crate::dialect::aspnet_help_page) glued_name: Option<Line<'a>>,
    /// The column names.
    pub(in crate::dialect::aspnet_help_page) span: Span,
    pub(super) form: Form,
    pub(super) typed: bool,
}

/// How the rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Glued,
    /// The column names with blanks between them; one line for each cell.
    Spaced,
    Tabs,
    Pipes {
        leading: bool,
    },
}

const COLUMNS: [&str; 4] = ["Name", "Description", "Type", "Additional information"];
const UNTYPED: [&str; 3] = ["Name", "Description", "Additional information"];

const HEADS: [(&str, Form, bool); 14] = [
    ("NameDescriptionTypeAdditional information", Form::Glued, true),
    ("NameDescriptionAdditional information", Form::Glued, false),
    ("Name\tDescription\tType\tAdditional information", Form::Tabs, true),
    ("Name\tDescription\tAdditional information", Form::Tabs, false),
    ("Name Description Type Additional information", Form::Spaced, true),
    ("Name Description Additional information", Form::Spaced, false),
    ("| Name | Description | Type | Additional information |", Form::Pipes { leading: true }, true),
    ("| Name | Description | Additional information |", Form::Pipes { leading: true }, false),
    ("Name | Description | Type | Additional information |", Form::Pipes { leading: false }, true),
    ("Name | Description | Additional information |", Form::Pipes { leading: false }, false),
    ("Name | Description | Type | Additional information", Form::Pipes { leading: false }, true),
    ("Name | Description | Additional information", Form::Pipes { leading: false }, false),
    ("Name| Description| Type| Additional information", Form::Pipes { leading: false }, true),
    ("Name| Description| Additional information", Form::Pipes { leading: false }, false),
];

/// The first line, or lines, with the column names.
pub(in crate::dialect::aspnet_help_page) fn head<'a>(document: &Document, lines: &[Line<'a>]) -> Option<Head<'a>> {
    lines.iter().enumerate().find_map(|(line, Line { span, text })| {
        if !text.ends_with(['n', '|']) {
            return (*text == "Name").then(|| one_a_line(lines, line)).flatten();
        }
        HEADS.iter().find_map(|&(head, form, typed)| {
            let before = text.strip_suffix(head)?;
            let at = span.start as usize + before.len();
            let name = before.trim_end();
            let glued_name = (!name.is_empty())
                .then(|| Line { span: document.span(span.start as usize..span.start as usize + name.len()), text: name });
            Some(Head { line, lines: 1, glued_name, span: document.span(at..span.end as usize), form, typed })
        })
    })
}

/// Column names on a line each.
fn one_a_line<'a>(lines: &[Line<'a>], first: usize) -> Option<Head<'a>> {
    let is = |columns: &[&str]| {
        let found = lines.get(first..first + columns.len())?;
        let same = found.iter().map(|line| line.text).eq(columns.iter().copied());
        let span = same.then(|| found.iter().map(|line| line.span).reduce(Span::to)).flatten()?;
        Some((span, columns.len()))
    };
    let typed = is(&COLUMNS);
    let (span, count) = typed.or_else(|| is(&UNTYPED))?;
    let (line, form, typed) = (first + count - 1, Form::Glued, typed.is_some());
    Some(Head { line, lines: count, glued_name: None, span, form, typed })
}

/// The line under the column names of a table with pipes.
pub(in crate::dialect::aspnet_help_page) fn is_rule(text: &str) -> bool {
    text.contains('-') && text.chars().all(|char| matches!(char, '-' | '|' | ' ' | ':'))
}
