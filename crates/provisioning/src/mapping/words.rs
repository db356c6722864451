//! The words of an expression, as far as they are looked at before any row is there: names, texts in quotes, and marks.

/// A word of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word<'t> {
    /// A name or a number.
    Name(&'t str),
    /// A text with its quotes.
    Text(&'t str),
    /// Anything else but blanks.
    Mark(char),
}

/// The words of `text`, which is a valid expression.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_named = |letter: char| letter.is_alphanumeric() || letter == '_';
        let length = match first {
            '\'' | '"' => quoted(rest, first),
            first if is_named(first) => rest.find(|letter| !is_named(letter)).unwrap_or(rest.len()),
            first => first.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        words.push(match first {
            '\'' | '"' => Word::Text(word),
            first if is_named(first) => Word::Name(word),
            first => Word::Mark(first),
        });
        rest = after.trim_start();
    }
    words
}

/// The length of the text in quotes that `rest` begins with.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            letter if letter == quote => return at + letter.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}
