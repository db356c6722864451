//! What kind of page a text is, told by the marks of well-known kinds.
//!
//! Takes the text of a page. Returns words for a person, or the one dialect whose marks it has. Decides nothing: which
//! page is read how is the caller's word.

use super::Dialect;
use crate::api::Method;

/// Marks are looked for in this much of a page.
const LOOKED_AT: usize = 64 * 1024;

/// What the page is, as words that fit behind "found", such as `an index of operations`.
#[must_use]
pub(super) fn name_of(text: &str) -> &'static str {
    let text = looked_at(text);
    let has = |mark: &str| text.contains(mark);
    let any = |marks: &[&str]| marks.iter().any(|mark| has(mark));
    if text.is_empty() {
        "nothing"
    } else if text.starts_with('{') || text.starts_with('[') {
        "a JSON document"
    } else if text.starts_with('<') {
        "an HTML or XML document"
    } else if links_operations(text) {
        "an index of operations, which only links to their pages"
    } else if has("Endpoint: ") && any(&["## Response ", "## Request fields", " parameters:"]) {
        "a page of Redocly's Markdown"
    } else if any(&["Request Information", "Response Information", "Resource Description"]) {
        "an ASP.NET Web API help page"
    } else if any(&["uid: ", "[!include", "## Query String Parameters", "## Request Headers"]) {
        "a page of docfx Markdown"
    } else if any(&["\nRequest samples", "\nResponse samples", "\nRequest Body schema", " Parameters\n"]) {
        "the text of a Redoc page"
    } else if any(&["required | ", " | string", " | integer", " | boolean"]) {
        "a table of fields that has lost its operation's method and path"
    } else if text.starts_with('#') {
        "Markdown without an operation"
    } else {
        "text without an operation"
    }
}

fn looked_at(text: &str) -> &str {
    let cut = (0..=LOOKED_AT.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    text.get(..cut).unwrap_or_default().trim_start_matches(|char: char| char.is_whitespace() || char == '\u{feff}')
}

/// Whether a page has marks that pages of `dialect` have and no others.
#[must_use]
pub(super) fn has_marks(dialect: Dialect, text: &str) -> bool {
    let text = looked_at(text);
    let mut lines = text.lines().map(str::trim);
    match dialect {
        Dialect::RedoclyMarkdown => text.split("Endpoint:").skip(1).any(|rest| {
            let mut words = rest.split_whitespace();
            let is_method = words.next().and_then(Method::from_name).is_some();
            // A webhook has a name instead of a path, which is refused as that.
            is_method && words.next().is_some_and(|path| path.starts_with('/') || rest.contains("\n## "))
        }),
        Dialect::SuperofficeDocfx => {
            let front = text.strip_prefix("---").and_then(|rest| rest.split_once("\n---")).map(|(front, _)| front);
            let has = |key: &str| front.is_some_and(|front| front.lines().any(|line| line.starts_with(key)));
            has("uid:") || (has("id:") || has("title:")) && text.contains("```http")
        }
        Dialect::AspnetHelpPage => lines.any(|line| {
            let line = line.trim_start_matches('#').trim();
            let headings = [
                "Request Information",
                "Response Information",
                "Resource Description",
                "Possible enumeration values:",
                "Enumeration Values",
            ];
            let columns = line.trim_start_matches(['|', ' ']).starts_with("Name");
            headings.contains(&line) || columns && line.contains("Additional information")
        }),
        Dialect::RedocPage => lines.any(|line| {
            let headings = [
                "Path Parameters",
                "Query Parameters",
                "Header Parameters",
                "Request Body schema",
                "Responses",
                "Response Schema",
                "Request samples",
                "Response samples",
            ];
            let line = line.split(':').next().unwrap_or_default();
            headings.iter().any(|heading| heading.eq_ignore_ascii_case(line))
        }),
    }
}

/// Whether the text lists operations as links.
#[must_use]
pub(super) fn links_operations(text: &str) -> bool {
    let methods = ["GET /", "POST /", "PUT /", "PATCH /", "DELETE /", "DEL /"];
    text.match_indices("- [").any(|(at, dash)| {
        let link = text.get(at + dash.len()..).unwrap_or_default();
        methods.iter().any(|method| link.starts_with(method))
    })
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn pages_are_named_by_their_marks() {
        for (text, name) in [
            ("", "nothing"),
            ("# Ships ## List - [GET /ships](x.md): Lists", "an index of operations, which only links to their pages"),
            ("Ship\n\nList\n\nRequest samples", "the text of a Redoc page"),
            ("a required | string Name |", "a table of fields that has lost its operation's method and path"),
            ("GET ships\nRequest Information", "an ASP.NET Web API help page"),
            ("---\nuid: x\n---", "a page of docfx Markdown"),
        ] {
            assert_eq!(name_of(text), name);
        }
    }
}
