//! Characters that nobody sees in a text, and that would hide a word from whoever compares it.
//!
//! Takes a text. Returns it without zero-width characters, and with a plain blank for each that does not break a line. Pages in
//! a browser are full of both, and a copy keeps them. What joins letters and pictures stays: it changes how they look.

/// The text without what nobody sees, and where in it that stood; the same text where it has nothing of that.
pub(super) fn without(text: String) -> (String, Vec<u32>) {
    // All of them begin with one of three bytes, which are rare in most texts.
    let mut starts = memchr::memchr3_iter(0xC2, 0xE2, 0xEF, text.as_bytes());
    let Some(first) =
        starts.find(|&at| text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(|char| of(char) != Some(char)))
    else {
        return (text, Vec::new());
    };
    let mut plain = String::with_capacity(text.len());
    let mut left_out = Vec::new();
    let (before, rest) = text.split_at(first);
    plain.push_str(before);
    for char in rest.chars() {
        match of(char) {
            Some(char) => plain.push(char),
            None => left_out.push(plain.len() as u32),
        }
    }
    (plain, left_out)
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
        for (text, plain, left_out) in [
            ("\u{feff}Array\u{a0}of\u{202f}strings\u{200b}", "Array of strings", &[0, 16][..]),
            ("up\u{ad}load\u{2060}", "upload", &[2, 6]),
            ("\u{e9}t\u{e9} \u{2013} \u{1f468}\u{200d}\u{1f469}", "\u{e9}t\u{e9} \u{2013} \u{1f468}\u{200d}\u{1f469}", &[]),
            ("plain", "plain", &[]),
            ("", "", &[]),
        ] {
            assert_eq!(without(text.to_owned()), (plain.to_owned(), left_out.to_vec()));
        }
    }
}
