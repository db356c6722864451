//! A type line that names several types, such as `Dog (object) or Cat (object)`.
//!
//! Input: one line. Output: the alternatives. Knows nothing of the lines around it.

use super::shape::{MAX_DEPTH, Shape, kind};
use crate::api::{Alternative, Kind, Schema};

/// `Dog (object) or Cat (object)`: Redoc prints oneOf and anyOf alike.
pub(super) fn read(line: &str) -> Option<Shape> {
    // Few lines have a parenthesis.
    memchr::memchr(b'(', line.as_bytes())?;
    if !line.contains(" or ") {
        return None;
    }
    // In a list of alternatives they are named as one each, in a list that is one of them its items are several.
    let listed =
        line.strip_prefix("Array of ").filter(|rest| parts(rest).next().is_some_and(|first| first.ends_with("(object)")));
    let mut found = Union::default();
    found.read(listed.unwrap_or(line), 0)?;
    let Union { mut alternatives, nullable, titled } = found;
    if !titled {
        return None;
    }
    let mut schema = match alternatives.len() {
        0 => return None,
        1 => alternatives.remove(0).schema,
        _ => Schema { kind: Kind::AnyOf(alternatives), ..Schema::default() },
    };
    schema.nullable = nullable;
    if listed.is_some() {
        schema = Schema { kind: Kind::Array(Box::new(schema)), ..Schema::default() };
    }
    Some(Shape { schema, lost: Vec::new() })
}

/// Whether the word for a type is that of one value, and not of several.
pub(super) fn is_single(part: &str) -> bool {
    let word = part.split(|char: char| !char.is_ascii_alphabetic()).next().unwrap_or_default();
    word != "null" && kind(word).is_some() && !word.ends_with('s')
}

/// What stands between `or`, as far as no parentheses hold it.
pub(super) fn parts(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let mut depth = 0_usize;
        let end = text.bytes().enumerate().find_map(|(at, byte)| {
            match byte {
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                b' ' if depth == 0 && text.get(at..).is_some_and(|rest| rest.starts_with(" or ")) => return Some(at),
                _ => {}
            }
            None
        });
        rest = end.and_then(|end| text.get(end + " or ".len()..));
        Some(text.get(..end.unwrap_or(text.len())).unwrap_or_default().trim())
    })
}

#[derive(Default)]
struct Union {
    alternatives: Vec<Alternative>,
    nullable: bool,
    /// One of them has a title, without which the line is a plain type.
    titled: bool,
}

impl Union {
    fn read(&mut self, line: &str, depth: usize) -> Option<()> {
        for part in parts(line) {
            if part == "null" {
                self.nullable = true;
                continue;
            }
            // Alternatives of an alternative.
            if let Some(inner) = part.strip_prefix('(').and_then(|part| part.strip_suffix(')')).filter(|_| depth < MAX_DEPTH) {
                self.read(inner, depth + 1)?;
                continue;
            }
            let (list, one) = part.strip_prefix("Array of ").map_or((false, part), |one| (true, one));
            let (title, word) = match one.strip_suffix(')').and_then(|one| one.rsplit_once('(')) {
                Some((title, word)) if kind(title.trim()).is_none() => (title.trim(), word.trim()),
                // `string (Title)` is a type with a title behind it.
                Some((word, _)) => ("", word.trim()),
                None => ("", one),
            };
            self.titled |= !title.is_empty();
            let mut schema = Schema { kind: kind(word)?.unwrap_or_default(), ..Schema::default() };
            if list {
                schema = Schema { kind: Kind::Array(Box::new(schema)), ..Schema::default() };
            }
            let title = Some(title).filter(|title| !title.is_empty()).map(str::to_owned);
            self.alternatives.push(Alternative { title, schema });
        }
        Some(())
    }
}
