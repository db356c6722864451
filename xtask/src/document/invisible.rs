//! Characters that nobody sees in a text, and that would hide a word from whoever compares it.
//!
//! Takes a text. Returns it without zero-width characters, and with a plain blank for each that does not break a line. Pages in
//! a browser are full of both, and a copy keeps them. What joins letters and pictures stays: it changes how they look.

/// The text without what nobody sees; the same one where it has nothing of that.
pub(super) fn without(text: String) -> String {
    // All of them begin with one of three bytes, which are rare in most texts.
    let mut starts = memchr::memchr3_iter(0xC2, 0xE2, 0xEF, text.as_bytes());
    let Some(first) =
        starts.find(|&at| text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(|char| of(char) != Some(char)))
    else {
        return text;
    };
    let mut plain = String::with_capacity(text.len());
    let (before, rest) = text.split_at(first);
    plain.push_str(before);
    plain.extend(rest.chars().filter_map(of));
    plain
}

/// What a character is read as.
fn of(char: char) -> Option<char> {
    match char {
        '\u{a0}' | '\u{2007}' | '\u{202f}' => Some(' '),
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => None,
        char => Some(char),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_left_out() {
        for (text, plain) in [
            ("\u{feff}Array\u{a0}of\u{202f}strings\u{200b}", "Array of strings"),
            ("up\u{ad}load\u{2060}", "upload"),
            ("caf\u{e9} \u{2013} \u{1f468}\u{200d}\u{1f469}", "caf\u{e9} \u{2013} \u{1f468}\u{200d}\u{1f469}"),
            ("plain", "plain"),
            ("", ""),
        ] {
            assert_eq!(without(text.to_owned()), plain);
        }
    }
}
