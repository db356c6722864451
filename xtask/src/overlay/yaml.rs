//! YAML with places.
//!
//! Input: a document. Output: one tree of JSON values whose nodes and keys keep their spans, or what is wrong where.
//! Anchors, aliases, tags and merge keys are refused: JSON has no word for them, and an alias can unfold without end.
//! Knows nothing of overlays.

use std::collections::HashSet;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};
use serde_json::{Map, Number, Value};

use crate::{
    diagnostic::Diagnostic,
    document::{Document, Span},
};

/// Nesting above this is no correction that a person wrote, and would overflow the stack of code that reads the tree.
pub const MAX_DEPTH: usize = 64;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// All of a scalar; where a map or a list starts.
    pub span: Span,
    /// What it is.
    pub kind: Content,
}

/// What a [`Node`] is.
#[derive(Clone, Debug)]
pub enum Content {
    /// Null, a boolean, a number or a string.
    Scalar(Value),
    /// Elements in order.
    List(Vec<Node>),
    /// Members in order; no key stands twice.
    Map(Vec<Member>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Member {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// What it holds.
    pub node: Node,
}

impl Node {
    /// The same without places.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match &self.kind {
            Content::Scalar(value) => value.clone(),
            Content::List(nodes) => Value::Array(nodes.iter().map(Self::to_json).collect()),
            Content::Map(members) => {
                Value::Object(members.iter().map(|member| (member.key.clone(), member.node.to_json())).collect::<Map<_, _>>())
            }
        }
    }

    /// The member called `key`; `None` where this is not a map or has none.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Member> {
        match &self.kind {
            Content::Map(members) => members.iter().find(|member| member.key == key),
            Content::Scalar(_) | Content::List(_) => None,
        }
    }

    /// The element at `index`; `None` where this is not a list or is shorter.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<&Self> {
        match &self.kind {
            Content::List(nodes) => nodes.get(index),
            Content::Scalar(_) | Content::Map(_) => None,
        }
    }

    /// The text, where this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Content::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// What it is, for a person.
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            Content::Scalar(value) => describe(value),
            Content::List(_) => "a list",
            Content::Map(_) => "a map",
        }
    }
}

/// What a JSON value is, for a person.
#[must_use]
pub fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}

/// Reads the one tree that `document` holds.
///
/// # Errors
/// The first thing that is not plain YAML, with its place.
pub fn parse(document: &Document) -> Result<Node, Diagnostic> {
    let places = Places::new(document);
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    for event in Parser::new_from_str(&document.text) {
        let (event, span) = event.map_err(|error| {
            let span = places.point(*error.marker());
            Diagnostic::new(
                span,
                format!("this is not YAML: {}", error.info()),
                "check the indentation and the quotes around here",
            )
        })?;
        let span = places.span(span.start, span.end);
        let done = match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => continue,
            Event::DocumentStart(_) => {
                if root.is_some() {
                    return Err(Diagnostic::new(span, "a second document starts here", "keep one document in the file"));
                }
                continue;
            }
            Event::Alias(_) => return Err(anchored(span)),
            Event::Scalar(text, style, anchor, tag) => {
                refuse(span, anchor, tag.as_deref())?;
                Node { span, kind: Content::Scalar(scalar(&text, style, span)?) }
            }
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) if open.len() >= MAX_DEPTH => {
                refuse(span, anchor, tag.as_deref())?;
                let message = format!("this is nested more than {MAX_DEPTH} levels deep");
                return Err(Diagnostic::new(span, message, "write a flatter value; name a component and refer to it"));
            }
            Event::SequenceStart(anchor, tag) => {
                refuse(span, anchor, tag.as_deref())?;
                open.push(Open { span, kind: OpenKind::List(Vec::new()) });
                continue;
            }
            Event::MappingStart(anchor, tag) => {
                refuse(span, anchor, tag.as_deref())?;
                open.push(Open { span, kind: OpenKind::Map(OpenMap::default()) });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(open) => open.close(),
                None => continue,
            },
        };
        match open.last_mut() {
            Some(parent) => parent.add(done)?,
            None => root = Some(done),
        }
    }
    root.ok_or_else(|| Diagnostic::new(document.span(0..0), "the file is empty", "write an overlay, or remove the file"))
}

/// A map or a list that is still being read.
struct Open {
    span: Span,
    kind: OpenKind,
}

enum OpenKind {
    List(Vec<Node>),
    Map(OpenMap),
}

#[derive(Default)]
struct OpenMap {
    members: Vec<Member>,
    keys: HashSet<String>,
    /// The key whose value comes next.
    key: Option<(String, Span)>,
}

impl Open {
    fn add(&mut self, node: Node) -> Result<(), Diagnostic> {
        match &mut self.kind {
            OpenKind::List(nodes) => nodes.push(node),
            OpenKind::Map(map) => match map.key.take() {
                Some((key, key_span)) => map.members.push(Member { key, key_span, node }),
                None => {
                    let span = node.span;
                    map.key = Some((read_key(node, &mut map.keys)?, span));
                }
            },
        }
        Ok(())
    }

    fn close(self) -> Node {
        let kind = match self.kind {
            OpenKind::List(nodes) => Content::List(nodes),
            OpenKind::Map(map) => Content::Map(map.members),
        };
        Node { span: self.span, kind }
    }
}

fn read_key(node: Node, keys: &mut HashSet<String>) -> Result<String, Diagnostic> {
    let Content::Scalar(value) = node.kind else {
        return Err(Diagnostic::new(node.span, "a key must be a string", "write a plain word as the key"));
    };
    let key = match value {
        Value::String(text) => text,
        // Status codes are written without quotes as often as with them.
        Value::Number(number) => number.to_string(),
        other => {
            let message = format!("a key must be a string, this is {}", describe(&other));
            return Err(Diagnostic::new(node.span, message, "put the key in quotes"));
        }
    };
    if key == "<<" {
        return Err(Diagnostic::new(node.span, "merge keys are not read", "write the members out"));
    }
    if !keys.insert(key.clone()) {
        let message = format!("the key `{key}` stands twice in this map");
        return Err(Diagnostic::new(node.span, message, "keep one of the two"));
    }
    Ok(key)
}

fn refuse(span: Span, anchor: usize, tag: Option<&Tag>) -> Result<(), Diagnostic> {
    if anchor != 0 {
        return Err(anchored(span));
    }
    match tag {
        None => Ok(()),
        Some(tag) => {
            let message = format!("the tag `{tag}` is not read");
            Err(Diagnostic::new(span, message, "leave it out; put quotes around what is to be a string"))
        }
    }
}

fn anchored(span: Span) -> Diagnostic {
    Diagnostic::new(span, "anchors and aliases are not read", "write the value out in each place")
}

/// Plain scalars follow YAML 1.2's core schema; quoted and block ones are strings.
fn scalar(text: &str, style: ScalarStyle, span: Span) -> Result<Value, Diagnostic> {
    if style != ScalarStyle::Plain {
        return Ok(Value::String(text.to_owned()));
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Value::Bool(false)),
        _ => {}
    }
    let unsigned = text.trim_start_matches(['+', '-']);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") {
        return Err(Diagnostic::new(span, format!("`{text}` is not a number in JSON"), "write a finite number"));
    }
    Ok(number(text, unsigned).map_or_else(|| Value::String(text.to_owned()), Value::Number))
}

fn number(text: &str, unsigned: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with(['+', '-'])).map(Number::from);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return i64::from_str_radix(digits, 8).ok().filter(|_| !digits.starts_with(['+', '-'])).map(Number::from);
    }
    let numeric = text.len() - unsigned.len() <= 1
        && unsigned.starts_with(|char: char| char.is_ascii_digit() || char == '.')
        && unsigned.contains(|char: char| char.is_ascii_digit())
        && unsigned.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    if !numeric {
        return None;
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(Number::from(number));
    }
    if let Ok(number) = text.parse::<u64>() {
        return Some(Number::from(number));
    }
    text.parse::<f64>().ok().and_then(Number::from_f64)
}

/// The parser counts characters; spans count bytes.
struct Places<'a> {
    document: &'a Document,
    bytes: Option<Vec<u32>>,
}

impl<'a> Places<'a> {
    fn new(document: &'a Document) -> Self {
        let bytes = (!document.text.is_ascii()).then(|| document.text.char_indices().map(|(at, _)| at as u32).collect());
        Self { document, bytes }
    }

    fn byte(&self, marker: Marker) -> usize {
        match &self.bytes {
            None => marker.index(),
            Some(bytes) => bytes.get(marker.index()).map_or(self.document.text.len(), |&at| at as usize),
        }
    }

    fn span(&self, start: Marker, end: Marker) -> Span {
        self.document.span(self.byte(start)..self.byte(end))
    }

    fn point(&self, at: Marker) -> Span {
        self.span(at, at)
    }
}
