//! Words of filters and paths. Takes text, returns tokens with their places.

use serde_json::Value as Json;

use super::error::{ScimError, ScimType, shortened};

/// A word of a filter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    /// A name, an operator, `true`, `false` or `null`.
    Word(String),
    /// Text or a number.
    Value(Json),
}

/// The tokens of `text`.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, ScimError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let bracket = match first {
            '(' => Some(Token::Open),
            ')' => Some(Token::Close),
            '[' => Some(Token::OpenBracket),
            ']' => Some(Token::CloseBracket),
            _ => None,
        };
        if let Some(bracket) = bracket {
            tokens.push(bracket);
            rest = rest.get(1..).unwrap_or_default();
        } else if first == '"' {
            let end = end_of_text(rest).ok_or_else(|| wrong(format!("`{}` has no closing quote", shortened(rest))))?;
            let (quoted, after) = rest.split_at_checked(end).ok_or_else(|| wrong("the text ends too early".to_owned()))?;
            let value: Json = serde_json::from_str(quoted)
                .map_err(|_| wrong(format!("`{}` is not text as JSON writes it", shortened(quoted))))?;
            tokens.push(Token::Value(value));
            rest = after;
        } else {
            let end = rest.find([' ', '\t', '\r', '\n', '(', ')', '[', ']', '"']).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let is_number = first.is_ascii_digit() || first == '-';
            tokens.push(match serde_json::from_str::<Json>(word) {
                Ok(number @ Json::Number(_)) if is_number => Token::Value(number),
                _ => Token::Word(word.to_owned()),
            });
            rest = after;
        }
    }
}

/// Where the text in quotes at the start of `rest` ends, behind its closing quote.
fn end_of_text(rest: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn wrong(detail: String) -> ScimError {
    ScimError::of(ScimType::InvalidFilter, detail)
}
