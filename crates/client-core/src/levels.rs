//! A text as it reads after its escapes are undone: percent signs, HTML entities, JSON and JavaScript escapes, one layer at a
//! time.
//!
//! Input: a text. Output: its characters with the place that each has in the text. Knows no secrets.

use std::ops::Range;

/// Escapes within escapes that are undone: a form in a JSON text within JSON has three.
const LAYERS: usize = 4;

/// A character, and the bytes of the text that it was read from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit {
    pub(crate) letter: char,
    start: usize,
    end: usize,
}

/// One reading of a text.
pub(crate) type Level = Vec<Unit>;

/// The bytes of the text that stand for these characters.
pub(crate) fn span(units: &[Unit]) -> Option<Range<usize>> {
    let start = units.iter().map(|unit| unit.start).min()?;
    let end = units.iter().map(|unit| unit.end).max()?;
    Some(start..end)
}

/// The text as it stands, and what it reads as with one layer of escapes after the other undone.
pub(crate) fn of(text: &str) -> Vec<Level> {
    let plain: Level =
        text.char_indices().map(|(start, letter)| Unit { letter, start, end: start + letter.len_utf8() }).collect();
    let mut levels = vec![plain];
    while levels.len() < LAYERS
        && let Some(next) = levels.last().and_then(|last| undo(last))
    {
        levels.push(next);
    }
    levels
}

/// One layer less; none if there is no escape.
fn undo(units: &[Unit]) -> Option<Level> {
    units.iter().any(|unit| matches!(unit.letter, '%' | '&' | '\\')).then_some(())?;
    let mut undone = Level::with_capacity(units.len());
    let mut changed = false;
    let mut at = 0;
    while let Some(unit) = units.get(at) {
        let rest = units.get(at..).unwrap_or_default();
        let (read, letters) = match unit.letter {
            '%' => percent(rest),
            '&' => entity(rest),
            '\\' => backslash(rest),
            _ => (0, String::new()),
        };
        if read == 0 {
            undone.push(*unit);
            at += 1;
            continue;
        }
        changed = true;
        let (start, end) = (unit.start, rest.get(read - 1).map_or(unit.end, |last| last.end));
        undone.extend(letters.chars().map(|letter| Unit { letter, start, end }));
        at += read;
    }
    changed.then_some(undone)
}

fn hex(units: Option<&[Unit]>) -> Option<u32> {
    units?.iter().try_fold(0, |value, unit| Some(value * 16 + unit.letter.to_digit(16)?))
}

/// A run of percent escapes, which together are text.
fn percent(units: &[Unit]) -> (usize, String) {
    let mut bytes = Vec::new();
    let mut read = 0;
    while units.get(read).is_some_and(|unit| unit.letter == '%')
        && let Some(byte) = hex(units.get(read + 1..read + 3)).and_then(|value| u8::try_from(value).ok())
    {
        bytes.push(byte);
        read += 3;
    }
    (read, String::from_utf8_lossy(&bytes).into_owned())
}

fn entity(units: &[Unit]) -> (usize, String) {
    let name: String = units.iter().skip(1).take(10).map(|unit| unit.letter).take_while(|letter| *letter != ';').collect();
    let read = name.chars().count() + 2;
    if units.get(read - 1).is_none_or(|unit| unit.letter != ';') {
        return (0, String::new());
    }
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(number) => u32::from_str_radix(number, 16).ok(),
        None => number.parse().ok(),
    });
    let letter = match name.as_str() {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => number.and_then(char::from_u32),
    };
    letter.map_or((0, String::new()), |letter| (read, letter.into()))
}

fn backslash(units: &[Unit]) -> (usize, String) {
    let one = |letter: char| (2, letter.to_string());
    match units.get(1).map(|unit| unit.letter) {
        Some(letter @ ('"' | '\'' | '\\' | '/')) => one(letter),
        Some('n' | 'r' | 't' | 'b' | 'f') => one(' '),
        Some('x') => match hex(units.get(2..4)).and_then(char::from_u32) {
            Some(letter) => (4, letter.into()),
            None => (0, String::new()),
        },
        Some('u') => {
            let mut read = 0;
            let mut codes = Vec::new();
            while units.get(read).is_some_and(|unit| unit.letter == '\\')
                && units.get(read + 1).is_some_and(|unit| unit.letter == 'u')
                && let Some(code) = hex(units.get(read + 2..read + 6)).and_then(|value| u16::try_from(value).ok())
            {
                codes.push(code);
                read += 6;
            }
            (read, String::from_utf16_lossy(&codes))
        }
        _ => (0, String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_layer_by_layer_and_keep_their_places() {
        let table = [
            ("plain", 1, "plain"),
            ("a%3Cb%c3%a9", 2, "a<bé"),
            ("a%253Cb", 3, "a<b"),
            ("&lt;&#39;&#x27;&amp;lt;&nope;&", 3, "<''<&nope;&"),
            (r#"\"\u003c\ud83d\ude00\x41\q"#, 2, "\"<😀A\\q"),
            ("100% & more \\", 1, "100% & more \\"),
        ];
        for (text, count, last) in table {
            let levels = of(text);
            let read: String = levels.last().unwrap().iter().map(|unit| unit.letter).collect();
            assert_eq!((levels.len(), read.as_str()), (count, last), "{text}");
            for level in levels {
                assert_eq!(span(&level), Some(0..text.len()), "{text}");
            }
        }
    }
}
