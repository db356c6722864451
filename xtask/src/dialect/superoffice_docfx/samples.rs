//! Sample requests and responses.
//!
//! Input: the lines of a fence. Output: its headers and its body, as JSON where it is. Knows HTTP's form and nothing of
//! the types.

use foldhash::HashMap;

use super::{Reader, blocks::Cell};
use crate::{
    api::{Example, Location, Operation, Origin},
    document::Span,
    finding::FindingKind,
    sample::{Node, json},
};

/// One sample message.
#[derive(Debug, Default)]
pub(super) struct Sample<'a> {
    /// `POST /api/…` or `HTTP/1.1 200 OK`.
    pub(super) start: Option<Cell<'a>>,
    headers: Vec<Cell<'a>>,
    /// All of the body.
    pub(super) span: Option<Span>,
    /// The body, where it is JSON.
    pub(super) node: Option<Node<'a>>,
}

impl<'a> Reader<'a> {
    /// Start line, headers, an empty line, body.
    pub(super) fn sample(&mut self, lines: &[Cell<'a>]) -> Sample<'a> {
        let first = lines.iter().position(|line| !line.text.is_empty()).unwrap_or(lines.len());
        let lines = lines.get(first..).unwrap_or_default();
        // The empty line between headers and body may be missing.
        let head = lines.iter().position(|line| line.text.is_empty() || line.text.starts_with(['{', '['])).unwrap_or(lines.len());
        let (head, body) = lines.split_at_checked(head).unwrap_or((lines, &[]));
        let mut sample =
            Sample { start: head.first().copied(), headers: head.get(1..).unwrap_or_default().to_vec(), ..Sample::default() };
        for header in &sample.headers {
            let token = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.');
            let named = header.text.split_once(':').is_some_and(|(name, _)| !name.is_empty() && name.chars().all(token));
            if !named {
                self.error(
                    header.span,
                    "a header of the sample was expected, such as `Accept: application/json`",
                    "compare with the vendor's page",
                );
            }
        }
        let mut said = body.iter().filter(|line| !line.text.is_empty());
        let Some(first) = said.next() else { return sample };
        let span = said.next_back().map_or(first.span, |last| first.span.to(last.span));
        sample.span = Some(span);
        match json(self.document, span) {
            Ok(node) => sample.node = Some(node),
            // What begins like JSON and is none was cut or broken; anything else is another format.
            Err(diagnostic) if first.text.starts_with(['{', '[', '"']) => self.page.diagnostics.push(diagnostic),
            Err(_) => {
                let text = "this sample is no JSON: it is kept as text";
                self.finding(FindingKind::Loss, "sample", text, vec![span]);
            }
        }
        sample
    }
}

impl<'a> Sample<'a> {
    /// The body as an example.
    pub(super) fn example(&self, document: &crate::document::Document) -> Option<Example> {
        let span = self.span?;
        let value = self.node.as_ref().map_or_else(|| document.slice(span).into(), Node::to_value);
        let collapsed = self.node.as_ref().is_some_and(Node::is_collapsed);
        Some(Example { value, collapsed, origin: Origin::stated(span) })
    }

    /// The status of the response that the sample shows.
    pub(super) fn status(&self) -> Option<(&'a str, Span)> {
        let start = self.start?;
        Some((start.text.strip_prefix("HTTP/")?.split_whitespace().nth(1)?, start.span))
    }

    /// The header values that a sample request shows are examples for the parameters.
    pub(super) fn show_headers(&self, operation: &mut Operation) {
        let shown = self.headers.iter().filter_map(|header| header.text.split_once(':'));
        let shown: HashMap<String, &str> = shown.map(|(name, value)| (name.to_ascii_lowercase(), value.trim())).collect();
        for parameter in operation.parameters.iter_mut().filter(|parameter| parameter.location == Location::Header) {
            if let Some(value) = shown.get(&parameter.name.to_ascii_lowercase()) {
                parameter.schema.example.get_or_insert_with(|| Box::new((*value).into()));
            }
        }
    }
}

/// Whether a sample made up this name of an entry of the dictionary `name`: `ExtraFields1`, `fieldName`, `Prefix:1`.
pub(super) fn is_made_up(key: &str, name: &str) -> bool {
    let stem = key.trim_end_matches(|char: char| char.is_ascii_digit());
    key == "fieldName" || (stem.len() < key.len() && !stem.is_empty() && (stem == name || stem.ends_with(':')))
}
