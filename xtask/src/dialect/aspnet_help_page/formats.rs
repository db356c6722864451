//! Media types and samples of a help page.
//!
//! Input: the lines under `Request Formats` or `Response Formats`. Output: one media type for each name, with its sample.
//! Knows nothing of tables.

use std::iter::repeat_n;

use crate::{
    api::{Example, MediaType, Origin},
    diagnostic::Diagnostic,
    document::{Document, Ledger, Line, Span},
    sample::{Element, Node, json, xml},
};

/// What the samples of one body show.
#[derive(Debug, Default)]
pub(super) struct Formats<'a> {
    pub(super) content: Vec<MediaType>,
    pub(super) json: Option<Node<'a>>,
    pub(super) xml: Option<Element<'a>>,
}

/// Reads all formats of a section.
pub(super) fn formats<'a>(
    document: &'a Document,
    lines: &[Line<'_>],
    ledger: &mut Ledger,
    diagnostics: &mut Vec<Diagnostic>,
) -> Formats<'a> {
    let mut formats = Formats::default();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let Some(names) = media_types(line.text) else {
            at += 1;
            if line.text == "None." {
                ledger.boilerplate(line.span, "nothing is documented");
            }
            continue;
        };
        let rest = lines.get(at + 1..).unwrap_or_default();
        let length = rest.iter().take_while(|line| media_types(line.text).is_none()).count();
        let block = rest.get(..length).unwrap_or_default();
        at += 1 + length;
        ledger.fact(line.span);
        let block = match block.split_first() {
            Some((label, block)) if label.text.trim_matches('*') == "Sample:" => {
                ledger.boilerplate(label.span, "label of a sample");
                block
            }
            _ => block,
        };
        let json_like = names.clone().any(|name| name.contains("json"));
        let xml_like = names.clone().any(|name| name.contains("xml"));
        let mut example = None;
        if let (Some(first), Some(last)) = (block.first(), block.last()) {
            let span = first.span.to(last.span);
            if is_missing(first.text) {
                // What stands behind the sentence is no part of it.
                let end = block.iter().find(|line| line.text.ends_with('.')).unwrap_or(last);
                ledger.boilerplate(first.span.to(end.span), "the page has no sample here");
            } else {
                ledger.fact(span);
                match sample(document, span, json_like, xml_like, &mut formats) {
                    Ok(found) => example = Some(found),
                    Err(diagnostic) => diagnostics.push(diagnostic),
                }
            }
        }
        let count = names.clone().count();
        let examples = repeat_n(example, count);
        formats.content.reserve_exact(count);
        formats.content.extend(names.zip(examples).map(|(name, example)| {
            let origin = Origin::stated(document.span_of(name).unwrap_or(line.span));
            MediaType { name: name.to_owned(), schema: None, example, origin }
        }));
    }
    formats
}

fn sample<'a>(
    document: &'a Document,
    span: Span,
    json_like: bool,
    xml_like: bool,
    formats: &mut Formats<'a>,
) -> Result<Example, Diagnostic> {
    let origin = Origin::stated(span);
    if json_like {
        let node = json(document, span)?;
        let example = Example { value: node.to_value(), collapsed: node.is_collapsed(), origin };
        formats.json.get_or_insert(node);
        return Ok(example);
    }
    if xml_like {
        let element = xml(document, span)?;
        formats.xml.get_or_insert(element);
    }
    Ok(Example { value: document.slice(span).into(), collapsed: false, origin })
}

/// What the template writes where it could not make a sample.
fn is_missing(text: &str) -> bool {
    text == "Sample not available."
        || text.starts_with("Failed to generate the sample for media type")
        || text.starts_with("An exception has occurred while using the formatter")
}

/// Whether a line has nothing but media types.
pub(super) fn is_media_types(text: &str) -> bool {
    media_types(text).is_some()
}

/// The names of a line that has nothing but media types.
fn media_types(text: &str) -> Option<impl Iterator<Item = &str> + Clone> {
    // Few lines of a sample have one.
    memchr::memchr(b'/', text.as_bytes())?;
    let names = text.trim_start_matches('#').split(',').map(str::trim);
    names.clone().all(is_media_type).then_some(names)
}

fn is_media_type(name: &str) -> bool {
    const TYPES: [&str; 9] = ["application", "text", "multipart", "image", "audio", "video", "message", "model", "font"];
    let word = |char: char| char.is_ascii_alphanumeric() || "!#$&^_.+-*".contains(char);
    let Some((_, rest)) = name.split_once('/').filter(|(kind, _)| TYPES.contains(kind) || *kind == "*") else { return false };
    let subtype = rest.split(';').next().unwrap_or_default().trim_end();
    !subtype.is_empty() && subtype.chars().all(word)
}

/// Whether the template's samples made up this name: `sample string 3`, of whatever dictionary.
pub(super) fn is_made_up(key: &str, _: &str) -> bool {
    key.strip_prefix("sample string ").is_some_and(|rest| rest.parse::<u32>().is_ok())
}
