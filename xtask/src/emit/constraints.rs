//! Documented constraints, as code and as words.
//!
//! Input: the facts of a value. Output: an expression of `Constraints`, and the same for people.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::syntax::ident;
use crate::{
    markup::harmless,
    normalize::naming,
    rust::model::{Bound, Constraints, Facts},
};

/// Regular expressions that a file needs, each once.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    /// Name of the static and the expression.
    pub(super) list: Vec<(String, String)>,
    /// Names of other statics in the same file.
    pub(super) taken: Vec<String>,
}

impl Patterns {
    /// The statics; `kind` is how the file writes `Pattern`.
    pub(super) fn statics(&self, kind: &TokenStream) -> TokenStream {
        let statics = self.list.iter().map(|(name, pattern)| {
            let (name, pattern) = (ident(name), raw(pattern));
            quote!(static #name: #kind = #kind::new(#pattern);)
        });
        statics.collect()
    }

    fn name(&mut self, hint: &str, pattern: &str) -> String {
        if let Some((name, _)) = self.list.iter().find(|(_, known)| known == pattern) {
            return name.clone();
        }
        let wanted = match naming::shouting(hint) {
            name if name.starts_with(|first: char| first.is_ascii_alphabetic()) => name,
            name => format!("PATTERN_{name}"),
        };
        let name = naming::unique(&wanted, "_", |name| {
            self.taken.iter().chain(self.list.iter().map(|(name, _)| name)).any(|it| it == name)
        });
        self.list.push((name.clone(), pattern.to_owned()));
        name
    }
}

/// A raw string literal, which backslashes read well in, unless the text has what such a literal cannot show.
fn raw(text: &str) -> TokenStream {
    let plain = format!("r\"{text}\"");
    let shown = text.chars().all(|char| char != '"' && harmless(char) == Some(char));
    let literal = if shown { plain.parse::<TokenStream>().ok() } else { None };
    literal.unwrap_or_else(|| {
        let literal = Literal::string(text);
        quote!(#literal)
    })
}

/// What a value has to keep to; `None` where nothing is documented. `path` is how the file writes `Constraints`.
pub(super) fn expression(facts: &Facts, path: &str, hint: &str, patterns: &mut Patterns) -> Option<String> {
    let mut start = String::from(if facts.required { "REQUIRED" } else { "NONE" });
    if facts.required && facts.nullable {
        start.push_str(".nullable()");
    }
    of_constraints(start, &facts.constraints, path, hint, patterns)
}

fn of_constraints(
    mut code: String,
    constraints: &Constraints,
    path: &str,
    hint: &str,
    patterns: &mut Patterns,
) -> Option<String> {
    let Constraints { min_length, max_length, min_items, max_items, minimum, maximum, pattern, uuid, each } = constraints;
    for (least, most, both, lower, upper) in [
        (min_length, max_length, "length", "min_length", "max_length"),
        (min_items, max_items, "items", "min_items", "max_items"),
    ] {
        match (least, most) {
            (Some(min), Some(max)) => code.push_str(&format!(".{both}({min}, {max})")),
            (Some(min), None) => code.push_str(&format!(".{lower}({min})")),
            (None, Some(max)) => code.push_str(&format!(".{upper}({max})")),
            (None, None) => {}
        }
    }
    if let Some(pattern) = pattern {
        code.push_str(&format!(".pattern(&{})", patterns.name(hint, pattern)));
    }
    for (bound, method) in [(minimum, "minimum"), (maximum, "maximum")] {
        if let Some((value, exclusive)) = bound.as_ref().and_then(|bound| Some((bound.value.as_f64()?, bound.exclusive))) {
            let word = if exclusive { "exclusive_" } else { "" };
            code.push_str(&format!(".{word}{method}({value:?})"));
        }
    }
    if *uuid {
        code.push_str(".uuid()");
    }
    let each = each.as_ref().and_then(|each| of_constraints("NONE".to_owned(), each, path, hint, patterns));
    if let Some(each) = each {
        code.push_str(&format!(".each(&const {{ {each} }})"));
    }
    (code != "NONE").then(|| format!("{path}::{code}"))
}

/// The same for people, as items of a list.
pub(super) fn words(facts: &Facts) -> Vec<String> {
    let mut words = Vec::new();
    if facts.required {
        words.push("required".to_owned());
    }
    let Constraints { min_length, max_length, min_items, max_items, minimum, maximum, pattern, uuid, .. } = &facts.constraints;
    for (least, most, unit) in [(min_length, max_length, "character"), (min_items, max_items, "item")] {
        let plural = |count: u64| if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") };
        match (*least, *most) {
            (Some(min), Some(max)) if min == max => words.push(plural(min)),
            (Some(min), Some(max)) => words.push(format!("{min} to {}", plural(max))),
            (Some(1), None) => words.push("not empty".to_owned()),
            (Some(min), None) => words.push(format!("at least {}", plural(min))),
            (None, Some(max)) => words.push(format!("at most {}", plural(max))),
            (None, None) => {}
        }
    }
    for (bound, with, without) in [(minimum, "at least", "more than"), (maximum, "at most", "less than")] {
        if let Some(Bound { value, exclusive }) = bound {
            words.push(format!("{} {value}", if *exclusive { without } else { with }));
        }
    }
    if let Some(pattern) = pattern {
        words.push(format!("matches {}", code(pattern)));
    }
    for (told, word) in
        [(*uuid, "a UUID"), (facts.nullable, "may be null"), (facts.read_only, "read-only"), (facts.deprecated, "deprecated")]
    {
        if told {
            words.push(word.to_owned());
        }
    }
    words
}

/// `text` as a code span of Markdown, whatever backticks, line breaks and signs that turn the direction it has.
pub(super) fn code(text: &str) -> String {
    let text: String = text.replace(['\r', '\n'], " ").chars().map(|char| harmless(char).unwrap_or('\u{fffd}')).collect();
    let longest = text.split(|char| char != '`').map(str::len).max().unwrap_or(0);
    // Three marks at the start of a line would open a fence.
    if longest > 1 {
        return code(&text.replace("``", "''"));
    }
    let ticks = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}
