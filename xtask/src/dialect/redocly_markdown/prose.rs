//! Lines that no description has.
//!
//! Takes a description. Returns what stands in it that the dialect has a form for (the heading of a section, a row, an
//! endpoint, values): text in which the reader failed to see a part of the page, and which must not pass for prose.

use std::{borrow::Cow, ops::Range};

use super::{scan, text::starts_word};
use crate::{api::Method, words::is_html_table};

/// Where a description stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Under the operation's heading, where Markdown of any kind may stand.
    Operation,
    /// Under a section's heading or in a field whose dash is indented so far; `None` in a folded page.
    Section(Option<usize>),
}

/// How much deeper than a row its values are indented.
const VALUES: usize = 2;

/// What stands in `text` and is no description, each with its place in it.
pub(super) fn foreign(text: &str, place: Place) -> Vec<(Range<usize>, Cow<'static, str>)> {
    let mut found = Vec::new();
    if !text.bytes().any(|byte| matches!(byte, b'#' | b':' | b'`' | b'(' | b'|' | b'*' | b'<')) {
        return found;
    }
    let mut start = 0;
    let mut code = false;
    let mut after_blank = false;
    for line in text.split_inclusive('\n') {
        let whole = start;
        start += line.len();
        let trimmed = line.trim_start();
        let at = whole + (line.len() - trimmed.len());
        let trimmed = trimmed.trim_end();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            code = !code;
        }
        let blank_before = std::mem::replace(&mut after_blank, trimmed.is_empty());
        if code || trimmed.is_empty() {
            continue;
        }
        // The first line of a text goes on behind what stands before it.
        let indent = (whole > 0 || place == Place::Operation).then(|| line.len() - line.trim_start().len());
        if let Some(what) = line_of_page(trimmed, place, indent, blank_before) {
            found.push((at..at + trimmed.len(), what));
        } else if let Some((offset, name)) = folded_heading(trimmed, place) {
            found.push((at + offset..at + trimmed.len(), format!("the section `{name}`").into()));
        }
    }
    found
}

fn line_of_page(line: &str, place: Place, indent: Option<usize>, blank_before: bool) -> Option<Cow<'static, str>> {
    let bare = line.trim_start_matches('#');
    let level = line.len() - bare.len();
    let title = bare.trim();
    let section = || Some(format!("the section `{}`", title.trim_end_matches(':')).into());
    if scan::is_section(title) {
        return section();
    }
    // A description may have headings of its own. The page's stand alone, and most of them end with a colon.
    let heading = (1..=2).contains(&level) && bare.starts_with([' ', '\t']);
    if heading && (title.ends_with(':') || blank_before && place != Place::Operation) {
        return section();
    }
    let any_heading = level > 0 && bare.starts_with([' ', '\t']);
    if any_heading && place != Place::Operation && names_a_part(title) {
        return section();
    }
    // A line in bold stands for a heading.
    let bold = title.strip_prefix("**").and_then(|title| title.strip_suffix("**")).map(str::trim);
    if let Some(title) = bold.filter(|title| place != Place::Operation && names_a_part(title)) {
        return Some(format!("the section `{}`", title.trim_end_matches(':')).into());
    }
    if place != Place::Operation && is_html_table(line) {
        return Some("a table in HTML".into());
    }
    if place != Place::Operation && is_column_words(line) {
        return Some("the column words of a table".into());
    }
    if level == 0 && blank_before && place != Place::Operation && line.ends_with(':') && is_named_as_a_part(title) {
        return section();
    }
    let follows = |label: &str| line.strip_prefix(label).map(str::trim_start);
    if let Some(rest) = follows("Endpoint:")
        && rest.split_whitespace().next().is_some_and(|word| Method::from_name(word).is_some_and(|method| method.name() == word))
    {
        return Some("an endpoint without a heading of its own".into());
    }
    let plain = line.trim_start_matches(['*', '_']);
    let values = ["Enum:", "Example:", "Default:"].into_iter().find(|label| plain.starts_with(label));
    if let (Some(label), Some(indent), Place::Section(Some(rows))) = (values, indent, place)
        && indent == rows + VALUES
    {
        return Some(format!("`{label}` with something that is no JSON").into());
    }
    row(line, place, indent)
}

/// Whether a line names the columns of a table of fields.
fn is_column_words(line: &str) -> bool {
    const NAMES: [&str; 5] = ["name", "field", "parameter", "property", "key"];
    let cells = line.split('|').map(|cell| cell.trim_matches(['*', ' ']).to_ascii_lowercase());
    let cells: Vec<String> = cells.filter(|cell| !cell.is_empty()).take(8).collect();
    cells.len() > 1 && cells.iter().any(|cell| NAMES.contains(&cell.as_str())) && cells.iter().any(|cell| cell == "type")
}

/// Whether a heading is that of a part of an operation, such as `Response headers`.
fn names_a_part(title: &str) -> bool {
    const PARTS: [&str; 8] = ["headers", "header", "callbacks", "callback", "webhooks", "links", "parameters", "fields"];
    let title = title.trim_end_matches(':');
    let mut words = title.split_whitespace().rev();
    let last = words.next().unwrap_or_default().to_ascii_lowercase();
    PARTS.contains(&last.as_str()) && words.count() <= 3
}

/// Whether a line that is no heading reads as one of a part, such as `Response headers:`.
fn is_named_as_a_part(title: &str) -> bool {
    const FIRST: [&str; 7] = ["Response", "Request", "Header", "Cookie", "Callback", "Callbacks", "Webhooks"];
    names_a_part(title) && FIRST.iter().any(|word| title.starts_with(word))
}

/// A row in a list of another kind: the type alone stands behind its name.
fn row_of_another_kind(line: &str) -> Option<Cow<'static, str>> {
    let number = line.trim_start_matches(|char: char| char.is_ascii_digit());
    let numbered = number.strip_prefix(['.', ')']).filter(|_| number.len() < line.len());
    let rest = line.strip_prefix(['-', '*', '+']).or(numbered)?.strip_prefix(' ')?.trim_start();
    let (name, rest) = match rest.strip_prefix('`') {
        Some(rest) => rest.split_once('`')?,
        None => rest.split_once(' ').map(|(name, _)| (name, rest.get(name.len()..).unwrap_or_default()))?,
    };
    let types = rest.trim_start().strip_prefix('(')?.strip_suffix(')')?;
    let known = ["string", "integer", "number", "boolean", "object", "array"];
    let first = types.split([',', ' ']).next().unwrap_or_default();
    (known.contains(&first) && !name.contains(' ')).then(|| format!("the field `{name}` of the type `{types}`").into())
}

/// A row that some tool has changed: quotes instead of backticks, emphasis around it, or its dash on the line above.
fn changed_row(line: &str) -> Option<Cow<'static, str>> {
    const QUOTES: [char; 8] = ['`', '´', '‘', '’', '“', '”', '\'', '"'];
    let bare = line.trim_start_matches(['*', '_', '\\']);
    let dashed = bare.trim_start_matches(['-', '–', '—', '•', ' ']);
    let quoted = dashed.strip_prefix(QUOTES)?;
    let (name, rest) = quoted.split_once(QUOTES)?;
    let (types, behind) = rest.trim_start().strip_prefix('(')?.split_once(')')?;
    let first = types.split([',', ' ']).next().unwrap_or_default().to_ascii_lowercase();
    let known = ["string", "integer", "number", "boolean", "object", "array", "any", "null"].contains(&first.as_str());
    let backticks = dashed.starts_with('`');
    // In prose a name in backticks goes on behind the parentheses.
    let changed = if backticks {
        bare.len() < line.len() || bare.len() == dashed.len() && behind.is_empty()
    } else {
        bare.len() > dashed.len()
    };
    (known && changed && !name.is_empty()).then(|| format!("the field `{name}` of the type `{types}`").into())
}

/// A row that is none of the dialect's: what stands in its parentheses is no type.
fn row(line: &str, place: Place, indent: Option<usize>) -> Option<Cow<'static, str>> {
    if place != Place::Operation
        && let Some(what) = row_of_another_kind(line).or_else(|| changed_row(line))
    {
        return Some(what);
    }
    let (name, rest) = line.strip_prefix("- `")?.split_once('`')?;
    let level = matches!((place, indent), (Place::Section(Some(rows)), Some(indent)) if rows == indent);
    let Some((types, _)) = rest.strip_prefix(" (").and_then(|rest| rest.split_once(')')) else {
        return level.then(|| format!("the field `{name}`, which shows no type,").into());
    };
    let marked =
        types.split(',').skip(1).any(|word| matches!(word.trim(), "required" | "null" | "nullable" | "read-only" | "deprecated"));
    (marked || level).then(|| format!("the field `{name}` of the type `{types}`").into())
}

/// `## Response 200 headers:` within a line.
fn folded_heading(line: &str, place: Place) -> Option<(usize, &str)> {
    const LONGEST: usize = 60;
    memchr::memchr(b'#', line.as_bytes())?;
    if place == Place::Section(None)
        && let Some(found) = folded_part(line)
    {
        return Some(found);
    }
    line.match_indices("## ").find_map(|(at, mark)| {
        let rest = line.get(at + mark.len()..).filter(|rest| rest.starts_with(|char: char| char.is_ascii_uppercase()))?;
        let end = rest.find(':').filter(|&end| end <= LONGEST)?;
        let name = rest.get(..end)?;
        let words = name.split_whitespace().count() <= 5 && !name.contains(['.', ',', '`', '"']);
        (words && starts_word(line, at)).then_some((at, name))
    })
}

/// `## Errors` or `### Response headers` within the line of a folded page, where nothing shows the heading's end.
fn folded_part(line: &str) -> Option<(usize, &str)> {
    line.match_indices("## ").find_map(|(at, mark)| {
        let start = line.get(..at)?.trim_end_matches('#').len();
        let rest = line.get(at + mark.len()..).filter(|rest| rest.starts_with(|char: char| char.is_ascii_uppercase()))?;
        let word = rest.split(' ').next().unwrap_or_default();
        let ends = |count: usize| rest.match_indices(' ').map(|(end, _)| end).chain([rest.len()]).nth(count - 1);
        let part = (1..=3).filter_map(ends).filter_map(|end| rest.get(..end)).find(|title| names_a_part(title));
        let name = part.or_else(|| (start == at).then_some(word))?;
        starts_word(line, start).then_some((start, name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, place: Place) -> Vec<String> {
        foreign(text, place).into_iter().map(|(at, what)| format!("{what} at {:?}", &text[at])).collect()
    }

    #[test]
    fn parts_of_a_page_are_no_prose() {
        let field = Place::Section(Some(2));
        for (text, what) in [
            ("Words.\n\n## Response 200 headers:\n", "the section `Response 200 headers`"),
            ("Words.\n\n## Links\n", "the section `Links`"),
            ("Words.\n## Links:\n", "the section `Links`"),
            ("Words.\nPath parameters:\n", "the section `Path parameters`"),
            ("Words.\n### Request fields (application/json):\n", "the section `Request fields (application/json)`"),
            ("Words. ## Response 404 headers: more", "the section `Response 404 headers`"),
            ("Words.\nEndpoint: GET /ships\n", "an endpoint without a heading of its own"),
            ("Words.\n\n### Response headers\n", "the section `Response headers`"),
            ("Words.\n\n#### Callbacks:\n", "the section `Callbacks`"),
            ("Words.\n\nResponse headers:\n", "the section `Response headers`"),
            ("Words.\n  * `mast` (string)\n", "the field `mast` of the type `string`"),
            ("Words.\n  - mast (array, required)\n", "the field `mast` of the type `array, required`"),
            ("Words.\n  - `mast` (timber)\n", "the field `mast` of the type `timber`"),
            ("Words. \n- `mast` (timber, required)\n", "the field `mast` of the type `timber, required`"),
            ("Words.\n    Example: {\"mast\": \n", "`Example:` with something that is no JSON"),
        ] {
            assert!(told(text, field).iter().any(|one| one.starts_with(what)), "{text:?}: {:?}", told(text, field));
        }
    }

    #[test]
    fn headings_of_folded_pages_are_no_prose() {
        for (text, what) in [
            ("Words. ### Response headers Left.", "the section `Response headers`"),
            ("Words. ## Errors None.", "the section `Errors`"),
        ] {
            assert!(told(text, Place::Section(None)).iter().any(|one| one.starts_with(what)), "{text:?}");
        }
        assert_eq!(told("Words. ### Notes More about headers", Place::Section(None)), [""; 0]);
    }

    #[test]
    fn prose_about_parts_is_prose() {
        let field = Place::Section(Some(2));
        for text in [
            "See the section ## of the manual.",
            "Say Example: of pearls, then Default: none.",
            "* `mast` (see below)\n- `hull` (see above)",
            "Write to C## or F##: both work.",
            "```\n## Response 200 headers:\n```",
            "### Notes\nMore.",
            "Words.\n## Servers can be filtered by\n- name",
            "Words.\nExample: `name eq` is one",
            "Note:\n\nThe body is JSON.",
        ] {
            assert_eq!(told(text, field), [""; 0], "{text:?}");
        }
        assert_eq!(told("Words.\n## Usage\nMore.", Place::Operation), [""; 0]);
        assert_eq!(told("Words.\n## Response headers:\nMore.", Place::Operation).len(), 1);
    }
}
