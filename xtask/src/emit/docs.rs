//! Doc comments from descriptions.
//!
//! Input: cleaned Markdown, facts and sources. Output: `#[doc]` attributes, one per line, so that no text can end the
//! comment that it stands in.

use quote::quote;
use syn::{AttrStyle, Attribute, Expr, ExprLit, Lit, LitStr, Meta, MetaNameValue, Token};

use super::syntax::ident;

/// Widest line of text in a comment.
const WIDTH: usize = 110;

/// Outer attributes with `text`.
pub(super) fn outer(text: &str) -> Vec<Attribute> {
    lines(text).map(|line| attribute(&line)).collect()
}

/// One line as it stands behind `///`. Built by hand: parsed, the comments of a large vendor take longer than all the rest.
pub(super) fn attribute(line: &str) -> Attribute {
    let text = LitStr::new(line, proc_macro2::Span::call_site());
    let value = Expr::Lit(ExprLit { attrs: Vec::new(), lit: Lit::Str(text) });
    let meta = MetaNameValue { path: ident("doc").into(), eq_token: <Token![=]>::default(), value };
    Attribute {
        pound_token: <Token![#]>::default(),
        style: AttrStyle::Outer,
        bracket_token: syn::token::Bracket::default(),
        meta: Meta::NameValue(meta),
    }
}

/// Inner attributes with `text`.
pub(super) fn inner(text: &str) -> proc_macro2::TokenStream {
    let lines = lines(text);
    quote!(#(#![doc = #lines])*)
}

fn lines(text: &str) -> impl Iterator<Item = String> {
    let lines: Vec<String> =
        wrapped(text).lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") }).collect();
    lines.into_iter()
}

/// Breaks long lines of text, never where the next word would start a block of its own.
pub(super) fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut verbatim = false;
    for line in text.lines() {
        if !out.is_empty() {
            out.push('\n');
        }
        let fence = line.starts_with("```");
        verbatim ^= fence;
        if fence || verbatim || line.starts_with(['|', '#']) {
            out.push_str(line);
            continue;
        }
        let numbered = line.trim_start_matches(|char: char| char.is_ascii_digit());
        let indent = match line {
            _ if ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark)) => "  ",
            _ if numbered.len() < line.len() && numbered.starts_with([')', '.']) => "   ",
            _ => "",
        };
        let quote = if line.starts_with("> ") { "> " } else { indent };
        let mut width = 0;
        for word in line.split(' ') {
            let length = word.chars().count();
            let breakable = word.starts_with(|char: char| char.is_alphabetic() || char == '(');
            if width > 0 && width + 1 + length > WIDTH && breakable {
                out.push('\n');
                out.push_str(quote);
                width = quote.len();
            } else if width > 0 {
                out.push(' ');
                width += 1;
            }
            out.push_str(word);
            width += length;
        }
    }
    out
}

/// What a thing means, then its `facts` and where the documents say it.
pub(super) fn described(description: &str, facts: &[String], sources: &[String]) -> String {
    let mut line = facts.join(", ");
    if !sources.is_empty() {
        let list = short_sources(sources);
        line = if line.is_empty() { format!("({list})") } else { format!("{line} ({list})") };
    }
    match (description.trim(), line.as_str()) {
        ("", line) => line.to_owned(),
        (description, "") => description.to_owned(),
        (description, line) if description.contains('\n') => format!("{description}\n\n{line}"),
        // What fits on one line stays on one.
        (description, line) => {
            let description = sentence(description);
            let fits = description.chars().count() + line.chars().count() < WIDTH
                && !description.starts_with(['-', '*', '+', '>', '|', '#']);
            format!("{description}{}{line}", if fits { " " } else { "\n\n" })
        }
    }
}

/// The first place and how many there are besides.
pub(super) fn short_sources(sources: &[String]) -> String {
    match sources {
        [] => String::new(),
        [only] => format!("`{}`", only.replace('`', "'")),
        [first, rest @ ..] => format!("`{}` and {} more", first.replace('`', "'"), rest.len()),
    }
}

/// With a full stop, where the text ends like a sentence that lost it.
pub(super) fn sentence(text: &str) -> String {
    if text.ends_with(|char: char| char.is_alphanumeric() || char == ')') { format!("{text}.") } else { text.to_owned() }
}
