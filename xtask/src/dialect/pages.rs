//! What a page is that a dialect cannot read.
//!
//! Enters: the text of a page. Leaves: words for a person, told by the marks of well-known kinds of page. Decides
//! nothing: which page is read how is the caller's word.

/// Marks are looked for in this much of a page.
const LOOKED_AT: usize = 64 * 1024;

/// What the page is, as words that fit behind "found", such as `an index of operations`.
#[must_use]
pub(super) fn name_of(text: &str) -> &'static str {
    let cut = (0..=LOOKED_AT.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let text = text.get(..cut).unwrap_or_default().trim_start_matches(|char: char| char.is_whitespace() || char == '\u{feff}');
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
        "a table of fields that has lost its operation's verb and path"
    } else if text.starts_with('#') {
        "Markdown without an operation"
    } else {
        "text without an operation"
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
            ("a required | string Name |", "a table of fields that has lost its operation's verb and path"),
            ("GET ships\nRequest Information", "an ASP.NET Web API help page"),
            ("---\nuid: x\n---", "a page of docfx Markdown"),
        ] {
            assert_eq!(name_of(text), name);
        }
    }
}
