//! Lines that no description has.
//!
//! Takes a line of prose. Returns what it is instead, where the dialect has a form for it: the heading of a section, a table's
//! column words, a row. Such a line is text that the reader failed to understand, and must not pass for prose.

use crate::words::is_html_table;

/// Names of sections, without what may follow them.
const SECTIONS: [&str; 10] = [
    "Query String Parameters",
    "Query Parameters",
    "Path Parameters",
    "Path Parts",
    "Request Headers",
    "Request Body",
    "Response body",
    "Sample request",
    "Sample response",
    "Response",
];

/// What a line of text is that is no prose.
pub(super) fn foreign(line: &str) -> Option<&'static str> {
    const COLUMNS: [&str; 4] = ["Property Name", "Parameter Name", "Path Part", "Response"];
    let bare = line.trim_start_matches(['#', '|', ' ']);
    let column = COLUMNS.iter().any(|column| {
        bare.strip_prefix(column).is_some_and(|rest| {
            let rest = rest.trim_start_matches(['|', ' ', '\t']);
            ["Type", "Description"].iter().any(|next| rest.starts_with(next))
        })
    });
    if column {
        return Some("the column words of a table");
    }
    let section = SECTIONS.iter().any(|name| {
        let rest = bare.get(..name.len()).filter(|start| start.eq_ignore_ascii_case(name)).and_then(|_| bare.get(name.len()..));
        rest.is_some_and(|rest| rest.is_empty() || rest == ":" || rest == "s" || rest == "s:")
    });
    if section {
        return Some("the name of a section");
    }
    if is_html_table(line) {
        return Some("a table in HTML");
    }
    let whole = line.len() > 1 && line.ends_with('|') && (line.starts_with('|') || line.contains(" | "));
    (whole || line.matches(" | ").count() >= 2).then_some("a row of a table")
}

/// Whether a heading is a section's, as far as one can tell without knowing it.
pub(super) fn names_section(heading: &str) -> bool {
    const WORDS: [&str; 9] =
        ["request", "requests", "response", "responses", "parameter", "parameters", "header", "headers", "body"];
    let mut words = heading.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.clone().count() <= 5 && words.any(|word| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_page_are_no_prose() {
        for line in [
            "Property Name | Type | Description",
            "Parameter Name\tDescription",
            "Request Headers",
            "Sample responses:",
            "Name | string | What it is called",
        ] {
            assert!(foreign(line).is_some(), "{line}");
        }
        for line in
            ["Reads one ship.", "Response times vary.", "Use a | b.", "The request body is optional", "Path parts are joined."]
        {
            assert_eq!(foreign(line), None, "{line}");
        }
    }

    #[test]
    fn headings_of_sections_are_told_from_those_of_a_description() {
        for (heading, section) in
            [("Response Headers", true), ("Cookie Parameters:", true), ("Online Restricted: gone", false), ("Notes", false)]
        {
            assert_eq!(names_section(heading), section, "{heading}");
        }
    }
}
