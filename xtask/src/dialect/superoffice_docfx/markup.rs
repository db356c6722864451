//! Descriptions without the markup of the program that they were taken from.
//!
//! Enters: prose of a page. Leaves: Markdown that says the same. The rule: XML documentation tags give way to the words in
//! them (`<para>` to a break, a tag without words to the name that it points to), `{Type.Name}` becomes code, character
//! references become their characters, and a heading within prose becomes bold. No word is lost.

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
    collapse(&clean(&text.replace("\\|", "|"), " "))
}

/// Cleans prose: paragraphs stay.
pub(super) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut fenced, mut blank) = (false, false);
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        let line = if fenced || fence { line.trim_end().to_owned() } else { prose_line(line) };
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

fn prose_line(line: &str) -> String {
    let indent: String = line.chars().take_while(|char| *char == ' ').collect();
    let text = line.trim();
    let heading = text.trim_start_matches('#');
    let text = if heading.len() < text.len() && heading.starts_with(' ') {
        let (title, rest) = heading.split_once("##").unwrap_or((heading, ""));
        let (title, rest) = (title.trim(), rest.trim_start_matches('#').trim());
        format!("**{title}** {rest}")
    } else {
        text.to_owned()
    };
    let cleaned: Vec<String> = clean(&text, "\n\n").split('\n').map(collapse).collect();
    let cleaned = cleaned.join("\n");
    if cleaned.trim().is_empty() { String::new() } else { indent + cleaned.trim_matches('\n') }
}

fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Replaces tags, braces and character references; `break_` stands for a new paragraph.
fn clean(text: &str, break_: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '{', '&']) {
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
    out
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
    if !TAGS.contains(&name.to_ascii_lowercase().as_str()) {
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
