//! JSON and XML samples with the place of every value.
//!
//! Input: a stretch of a document that holds a sample. Output: its tree, schemas made from it ([`schema()`]), and tables
//! completed by what only the sample knows ([`refine()`], [`refine_xml()`]). Knows nothing of dialects or of OpenAPI as JSON.

mod refine;
mod schema;
mod xml;

use std::borrow::Cow;

use jsonc_parser::{Scanner, parse_to_ast, tokens::Token};
use serde_json::Value as Json;

pub(crate) use self::refine::kind_name;
pub use self::{
    refine::{Refined, refine},
    schema::{merge, schema, text_format},
    xml::{Element, refine_xml, xml},
};
use crate::{
    diagnostic::Diagnostic,
    document::{Document, Span},
    words,
};

/// Deeper nesting than any API has; what is deeper is refused before it can exhaust the stack.
pub const MAX_DEPTH: usize = 100;

/// A value of a sample and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'a> {
    /// The whole value, quotes and brackets included.
    pub span: Span,
    /// What it is.
    pub value: Value<'a>,
}

/// What a [`Node`] is.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as written.
    Number(&'a str),
    /// Text, unescaped.
    String(Cow<'a, str>),
    /// A list.
    Array(Vec<Node<'a>>),
    /// An object, in its own order.
    Object(Vec<Member<'a>>),
}

/// One member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member<'a> {
    /// Its name, unescaped.
    pub key: Cow<'a, str>,
    /// The name with its quotes.
    pub key_span: Span,
    /// Its value.
    pub node: Node<'a>,
}

impl<'a> Node<'a> {
    /// The same as plain JSON. A number that no double can hold, or an integer that no 64 bits can, becomes its text.
    #[must_use]
    pub fn to_value(&self) -> Json {
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(text) => {
                serde_json::from_str(text).map_or_else(|_| Json::String((*text).to_owned()), |value| words::exact(value, text))
            }
            Value::String(text) => Json::String(text.to_string()),
            Value::Array(items) => Json::Array(items.iter().map(Self::to_value).collect()),
            Value::Object(members) => {
                Json::Object(members.iter().map(|member| (member.key.to_string(), member.node.to_value())).collect())
            }
        }
    }

    /// Whether `{ }` or `[ ]` stand in it, which hide what the vendor's page would unfold.
    #[must_use]
    pub fn is_collapsed(&self) -> bool {
        match &self.value {
            Value::Array(items) => items.is_empty() || items.iter().any(Self::is_collapsed),
            Value::Object(members) => members.is_empty() || members.iter().any(|member| member.node.is_collapsed()),
            _ => false,
        }
    }

    /// The member `key` of an object.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Member<'a>> {
        match &self.value {
            Value::Object(members) => members.iter().find(|member| member.key == key),
            _ => None,
        }
    }

    /// What kind of JSON it is, for people.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(text) if is_integer(text) => "an integer",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }
}

pub(crate) fn is_integer(text: &str) -> bool {
    !text.contains(['.', 'e', 'E'])
}

/// Reads a JSON sample. A page's bullets (`•`, or `- ` before a member) are not part of it.
///
/// # Errors
/// Where the text is no JSON, at the place where it stops being so.
pub fn json<'a>(document: &'a Document, span: Span) -> Result<Node<'a>, Diagnostic> {
    const STRICT: jsonc_parser::ParseOptions = jsonc_parser::ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let text = without_bullets(document.slice(span));
    let options = jsonc_parser::ScannerOptions {
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let mut reader = Reader { document, base: span.start as usize, scanner: Scanner::new(&text, &options) };
    let deep = match reader.whole() {
        Ok(node) => return Ok(node),
        Err(Stop::Deep(span)) => Some(span),
        Err(Stop::NoJson) => None,
    };
    // What is wrong, and where, is told by the parser, which makes a tree of its own.
    let told = parse_to_ast(&text, &jsonc_parser::CollectOptions::default(), &STRICT).err();
    Err(match (told, deep) {
        (Some(error), _) => {
            let range = error.range();
            let start = span.start as usize + range.start.min(text.len());
            let end = span.start as usize + range.end.min(text.len());
            Diagnostic::new(
                document.span(start..end.max(start)),
                format!("this sample is no JSON: {}", error.kind()),
                "compare with the vendor's page: a sample that was cut or reworded cannot be read",
            )
        }
        (None, Some(span)) => Diagnostic::new(
            Span { end: span.start + 1, ..span },
            format!("this sample nests deeper than {MAX_DEPTH} levels"),
            "shorten the sample; no API needs this depth",
        ),
        (None, None) => {
            Diagnostic::new(span, "a JSON sample was expected here, and there is none", "check that the document is whole")
        }
    })
}

/// Why a sample is not read to its end.
enum Stop {
    NoJson,
    Deep(Span),
}

/// Makes nodes of tokens, strictly as JSON has them.
struct Reader<'a, 't> {
    document: &'a Document,
    base: usize,
    scanner: Scanner<'t>,
}

impl<'a, 't> Reader<'a, 't> {
    fn whole(&mut self) -> Result<Node<'a>, Stop> {
        let first = self.next()?;
        let node = self.node(first, 0)?;
        match self.scanner.scan() {
            Ok(None) => Ok(node),
            _ => Err(Stop::NoJson),
        }
    }

    fn next(&mut self) -> Result<Token<'t>, Stop> {
        self.scanner.scan().ok().flatten().ok_or(Stop::NoJson)
    }

    /// Where the token is that was read last.
    fn span(&self) -> Span {
        self.document.span(self.base + self.scanner.token_start()..self.base + self.scanner.token_end())
    }

    /// What a string says: the document's own text, since bullets are only taken out around strings, or what escapes stand for.
    fn text(&self, token: Cow<'t, str>) -> Cow<'a, str> {
        match token {
            Cow::Borrowed(_) => Cow::Borrowed(self.document.slice(self.span()).trim_matches('"')),
            Cow::Owned(text) => Cow::Owned(text),
        }
    }

    fn node(&mut self, token: Token<'t>, depth: usize) -> Result<Node<'a>, Stop> {
        let start = self.span();
        if depth >= MAX_DEPTH {
            return Err(Stop::Deep(start));
        }
        let value = match token {
            Token::Null => Value::Null,
            Token::Boolean(value) => Value::Bool(value),
            Token::Number(_) => Value::Number(self.document.slice(start)),
            Token::String(text) => Value::String(self.text(text)),
            Token::OpenBracket => Value::Array(self.items(depth)?),
            Token::OpenBrace => Value::Object(self.members(depth)?),
            _ => return Err(Stop::NoJson),
        };
        Ok(Node { span: start.to(self.span()), value })
    }

    fn items(&mut self, depth: usize) -> Result<Vec<Node<'a>>, Stop> {
        let mut items = Vec::new();
        let mut token = self.next()?;
        if token == Token::CloseBracket {
            return Ok(items);
        }
        loop {
            items.push(self.node(token, depth + 1)?);
            match self.next()? {
                Token::Comma => token = self.next()?,
                Token::CloseBracket => return Ok(items),
                _ => return Err(Stop::NoJson),
            }
        }
    }

    fn members(&mut self, depth: usize) -> Result<Vec<Member<'a>>, Stop> {
        let mut members = Vec::new();
        let mut token = self.next()?;
        if token == Token::CloseBrace {
            return Ok(members);
        }
        loop {
            let Token::String(key) = token else { return Err(Stop::NoJson) };
            let (key, key_span) = (self.text(key), self.span());
            let (Token::Colon, value) = (self.next()?, self.next()?) else { return Err(Stop::NoJson) };
            members.push(Member { key, key_span, node: self.node(value, depth + 1)? });
            match self.next()? {
                Token::Comma => token = self.next()?,
                Token::CloseBrace => return Ok(members),
                _ => return Err(Stop::NoJson),
            }
        }
    }
}

/// The first bytes of `•` and of `\u{a0}`.
const BULLET: u8 = 0xe2;
const NO_BREAK_SPACE: u8 = 0xc2;

/// White space of the same length in place of each bullet outside of strings.
fn without_bullets(text: &str) -> Cow<'_, str> {
    // Most samples have none: only what starts with one of these bytes can be one.
    let bytes = text.as_bytes();
    let dash = |at: usize| bytes.get(at + 1).is_some_and(|next| !next.is_ascii_graphic());
    if !memchr::memchr3_iter(b'-', BULLET, NO_BREAK_SPACE, bytes).any(|at| bytes.get(at) != Some(&b'-') || dash(at)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut copied = 0;
    let (mut in_string, mut escaped) = (false, false);
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            '•' | '\u{a0}' if !in_string => blank(text, &mut out, &mut copied, at, char),
            '-' if !in_string && chars.peek().is_some_and(|(_, next)| next.is_whitespace()) => {
                blank(text, &mut out, &mut copied, at, char);
            }
            _ => {}
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

fn blank(text: &str, out: &mut String, copied: &mut usize, at: usize, char: char) {
    out.push_str(text.get(*copied..at).unwrap_or_default());
    out.extend(std::iter::repeat_n(' ', char.len_utf8()));
    *copied = at + char.len_utf8();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(text: &str) -> Document {
        Document::new(0, "sample", text.to_owned())
    }

    fn read(document: &Document) -> Result<Node<'_>, String> {
        json(document, document.span(0..document.text.len())).map_err(|error| document.source(error.span) + ": " + &error.message)
    }

    #[test]
    fn bullets_are_no_part_of_a_sample_but_stay_in_strings() {
        let document = sample("{\n• \"a\": \"• - b\",\n- \"c\": [ -1 ]\n}");
        let node = read(&document).unwrap();
        assert_eq!(node.to_value(), serde_json::json!({ "a": "• - b", "c": [-1] }));
        assert_eq!(node.member("c").unwrap().key_span.start, 24);
    }

    #[test]
    fn what_is_no_json_is_refused_at_its_place() {
        for (text, place) in
            [("{\n \"a\": 1,,\n}", "sample:2:9"), ("{\"a\": 'b'}", "sample:1:7"), ("[1,]", "sample:1:3"), ("", "sample:1:1")]
        {
            let document = sample(text);
            assert!(read(&document).unwrap_err().starts_with(place), "{text}: {:?}", read(&document));
        }
    }

    #[test]
    fn hostile_nesting_is_refused() {
        for depth in [MAX_DEPTH + 1, 400, 100_000] {
            assert!(read(&sample(&"[".repeat(depth))).is_err());
            assert!(read(&sample(&("[".repeat(depth) + &"]".repeat(depth)))).is_err());
        }
    }
}
