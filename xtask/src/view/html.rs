//! Text that is safe wherever it stands in a page.
//!
//! Input: any text. Output: the same, for the content or a quoted attribute of HTML that is XML too.

/// The text with everything escaped that could end where it stands.
#[must_use]
pub(super) fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + text.len() / 8);
    for char in text.chars() {
        match char {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\'' => written.push_str("&#39;"),
            // A reader of HTML takes a plain one for a line break.
            '\r' => written.push_str("&#13;"),
            // What turns the direction of text, or has no picture, would hide what stands around it.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => written.push('\u{fffd}'),
            char if char.is_control() && char != '\t' && char != '\n' => written.push('\u{fffd}'),
            char => written.push(char),
        }
    }
    written
}

/// The text escaped, with what stands between backticks as code.
#[must_use]
pub(super) fn prose(text: &str) -> String {
    let escaped = escaped(text);
    let parts: Vec<&str> = escaped.split('`').collect();
    // A backtick without its other one stays.
    let whole = parts.len() % 2 == 1;
    let mut written = String::with_capacity(escaped.len() + parts.len() * 6);
    for (index, part) in parts.iter().enumerate() {
        let last = index + 1 == parts.len();
        match (index % 2 == 1, last && !whole) {
            (false, _) => written.push_str(part),
            (true, false) => written.extend(["<code>", part, "</code>"]),
            (true, true) => written.extend(["`", part]),
        }
    }
    written
}

/// Numbers with spaces between, for an attribute.
#[must_use]
pub(super) fn list(numbers: &[usize]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{escaped, prose};

    #[test]
    fn what_stands_between_backticks_is_code() {
        assert_eq!(prose("`a<b` and `c`, `d"), "<code>a&lt;b</code> and <code>c</code>, `d");
    }

    #[test]
    fn nothing_ends_where_it_stands() {
        assert_eq!(
            escaped("</script><a href='x' onclick=\"y\">&"),
            "&lt;/script&gt;&lt;a href=&#39;x&#39; onclick=&quot;y&quot;&gt;&amp;"
        );
        assert_eq!(escaped("a\u{202e}b\u{1b}[1m\r\n"), "a\u{fffd}b\u{fffd}[1m&#13;\n");
    }
}
