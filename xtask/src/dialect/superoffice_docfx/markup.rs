//! Descriptions without the markup of the program that they were taken from.
//!
//! Input: prose of a page. Output: Markdown that says the same. The rule: XML documentation tags give way to the words in
//! them (`<para>` to a break, a tag without words to the name that it points to), `{Type.Name}` becomes code, character
//! references become their characters, and a heading within prose becomes bold. No word is lost.

use std::borrow::Cow;

/// Tags of XML documentation and the few of HTML that stand in it; what else looks like a tag is text.
const TAGS: [&str; 30] = [
    "para",
    "see",
    "seealso",
    "c",
    "code",
    "paramref",
    "typeparamref",
    "param",
    "typeparam",
    "br",
    "list",
    "listheader",
    "item",
    "description",
    "term",
    "b",
    "i",
    "em",
    "strong",
    "p",
    "ul",
    "ol",
    "li",
    "remarks",
    "summary",
    "returns",
    "value",
    "example",
    "inheritdoc",
    "note",
];

/// Cleans a cell of a table: one line.
pub(super) fn cell(text: &str) -> String {
    let escaped = memchr::memchr(b'\\', text.as_bytes()).is_some();
    let text = if escaped { Cow::Owned(text.replace("\\|", "|")) } else { Cow::Borrowed(text) };
    collapse(&clean(&text, " ")).into_owned()
}

/// Cleans prose: paragraphs stay.
pub(super) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut fenced, mut blank) = (false, false);
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        let line = if fenced || fence { Cow::Borrowed(line.trim_end()) } else { prose_line(line) };
        fenced ^= fence;
        for line in line.split('\n') {
            if line.trim().is_empty() && !fenced {
                blank = true;
                continue;
            }
            if !out.is_empty() {
                out.push_str(if blank { "\n\n" } else { "\n" });
            }
            out.push_str(line);
            blank = false;
        }
    }
    out
}

fn prose_line(line: &str) -> Cow<'_, str> {
    let text = line.trim();
    let indent = line.len() - line.trim_start_matches(' ').len();
    let heading = text.trim_start_matches('#');
    let text = if heading.len() < text.len() && heading.starts_with(' ') {
        let (title, rest) = heading.split_once("##").unwrap_or((heading, ""));
        let (title, rest) = (title.trim(), rest.trim_start_matches('#').trim());
        Cow::Owned(format!("**{title}** {rest}"))
    } else {
        Cow::Borrowed(text)
    };
    let cleaned = clean(&text, "\n\n");
    let (indent, rest) = line.split_at_checked(indent).unwrap_or_default();
    if is_collapsed(&cleaned) && rest.starts_with(&*cleaned) {
        // Most lines are what they are.
        return Cow::Borrowed(line.get(..indent.len() + cleaned.len()).unwrap_or_default());
    }
    let cleaned: Vec<Cow<'_, str>> = cleaned.split('\n').map(collapse).collect();
    let cleaned = cleaned.join("\n");
    if cleaned.trim().is_empty() { Cow::default() } else { Cow::Owned(indent.to_owned() + cleaned.trim_matches('\n')) }
}

/// Whether there is no other white space than single spaces between words, as far as ASCII tells.
fn is_collapsed(text: &str) -> bool {
    let mut blank = true;
    let plain = text.bytes().all(|byte| {
        let space = byte == b' ';
        let fits = if space { !blank } else { byte.is_ascii_graphic() };
        blank = space;
        fits
    });
    plain && !blank
}

fn collapse(text: &str) -> Cow<'_, str> {
    if is_collapsed(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    Cow::Owned(out)
}

/// Replaces tags, braces and character references; `break_` stands for a new paragraph.
fn clean<'a>(text: &'a str, break_: &str) -> Cow<'a, str> {
    let mark = |text: &str| memchr::memchr3(b'<', b'{', b'&', text.as_bytes());
    if mark(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = mark(rest) {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let taken = link(rest, &mut out)
            .or_else(|| tag(rest, break_, &mut out))
            .or_else(|| name(rest, &mut out))
            .or_else(|| character(rest, &mut out));
        let taken = taken.unwrap_or_else(|| {
            out.push_str(rest.get(..1).unwrap_or_default());
            1
        });
        rest = rest.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// A tag is longer than this only by accident.
const MAX_TAG: usize = 300;

fn tag(rest: &str, break_: &str, out: &mut String) -> Option<usize> {
    let inner = rest.strip_prefix('<')?;
    let end = inner
        .bytes()
        .take(MAX_TAG)
        .position(|byte| matches!(byte, b'>' | b'<'))
        .filter(|&end| inner.as_bytes().get(end) == Some(&b'>'))?;
    let inner = inner.get(..end)?;
    let name = inner.trim_start_matches('/').split(|char: char| char.is_whitespace() || char == '/').next()?;
    if !TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(name)) {
        return None;
    }
    match name {
        "para" | "p" | "br" | "list" | "item" | "ul" | "ol" | "li" => out.push_str(break_),
        // A tag without words: what it points to is the word.
        _ if inner.ends_with('/') => {
            let target = inner.split('"').nth(1).unwrap_or_default();
            let target = target.split_once(':').filter(|(kind, _)| kind.len() == 1).map_or(target, |(_, target)| target);
            if !target.is_empty() {
                out.push('`');
                out.push_str(target);
                out.push('`');
            }
        }
        _ => {}
    }
    Some(end + 2)
}

/// `<a href="…">words</a>` as Markdown's link.
fn link(rest: &str, out: &mut String) -> Option<usize> {
    let inner = rest.strip_prefix("<a href=\"")?;
    let limit = inner.char_indices().map(|(at, _)| at).take_while(|&at| at < MAX_TAG).last()?;
    let inner = inner.get(..limit).map_or(inner, |cut| if inner.len() <= MAX_TAG { inner } else { cut });
    let (target, after) = inner.split_once("\">")?;
    let (words, _) = after.split_once("</a>")?;
    let plain = !target.contains(['"', '<', '>', ' ', '(', ')']) && !words.contains(['<', '[', ']']);
    plain.then(|| {
        out.push_str(&format!("[{words}]({target})"));
        "<a href=\"".len() + target.len() + "\">".len() + words.len() + "</a>".len()
    })
}

/// `{Type.Name}`, which points to another part of the program.
fn name(rest: &str, out: &mut String) -> Option<usize> {
    let inner = rest.strip_prefix('{')?;
    let end = inner.bytes().take(MAX_TAG).position(|byte| byte == b'}')?;
    let name = inner.get(..end)?;
    let dotted = name.contains('.') && name.chars().all(|char| char.is_alphanumeric() || "._".contains(char));
    dotted.then(|| {
        out.push('`');
        out.push_str(name);
        out.push('`');
        end + 2
    })
}

/// Character references, also where the ampersand was written as one before (`&amp;apos;`).
fn character(rest: &str, out: &mut String) -> Option<usize> {
    const NAMED: [(&str, char); 6] = [("lt;", '<'), ("gt;", '>'), ("quot;", '"'), ("apos;", '\''), ("nbsp;", ' '), ("amp;", '&')];
    let twice = rest.strip_prefix("&amp;").map(|after| (5, after));
    let once = rest.strip_prefix('&').map(|after| (1, after));
    [twice, once].into_iter().flatten().find_map(|(start, after)| {
        let (name, char) = NAMED.iter().find(|(name, _)| after.starts_with(name))?;
        out.push(*char);
        Some(start + name.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_outlive_their_markup() {
        for (text, clean) in [
            ("The group.  <para>Use list \"a\".</para>", "The group. Use list \"a\"."),
            ("Use {A.B.User.CustomFields} instead, not {id}.", "Use `A.B.User.CustomFields` instead, not {id}."),
            ("<see cref=\"!:Fields\">Fields</see> and <see cref=\"T:A.B\"/>", "Fields and `A.B`"),
            ("user&amp;apos;s &lt;id&gt; &amp; <id> a < b", "user's <id> & <id> a < b"),
            ("a \\| b", "a | b"),
            (
                "See <a href=\"https://a.b/c\">RFC 1</a>, <a href=\"x y\">no</a>",
                "See [RFC 1](https://a.b/c), <a href=\"x y\">no</a>",
            ),
            ("<", "<"),
        ] {
            assert_eq!(cell(text), clean);
        }
    }

    #[test]
    fn prose_keeps_its_paragraphs() {
        let text = "First.\n\n\n<para />\n## Note: ## Not here.\n\n* one\n* two\n```\na <b>  c\n```\n";
        assert_eq!(prose(text), "First.\n\n**Note:** Not here.\n\n* one\n* two\n```\na <b>  c\n```");
    }
}
