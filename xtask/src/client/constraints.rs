//! Documented constraints, as code and as words.
//!
//! Input: `x-constraints`, `x-required` and `x-nullable` of a schema. Output: an expression of `Constraints`, and the same for people.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value};

use super::syntax::ident;
use crate::{
    markup::harmless,
    normalize::{
        naming,
        walk::{component_of, flag},
    },
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

/// The constraints of `schema` with those of the plain component that it names.
fn effective<'a>(schema: &'a Value, components: &'a Map<String, Value>) -> Option<&'a Value> {
    let named = component_of(schema).and_then(|name| components.get(name));
    schema.get("x-constraints").or_else(|| named.and_then(|named| named.get("x-constraints")))
}

/// What a value has to keep to; `None` where nothing is documented. `path` is how the file writes `Constraints`.
pub(super) fn expression(
    schema: &Value,
    required: bool,
    components: &Map<String, Value>,
    path: &str,
    hint: &str,
    patterns: &mut Patterns,
) -> Option<String> {
    let mut code = String::from(if required { "REQUIRED" } else { "NONE" });
    if required && flag(schema, "x-nullable") {
        code.push_str(".nullable()");
    }
    if let Some(constraints) = effective(schema, components) {
        let whole = |key: &str| constraints.get(key).and_then(Value::as_u64);
        for (least, most, both, lower, upper) in [
            ("minLength", "maxLength", "length", "min_length", "max_length"),
            ("minItems", "maxItems", "items", "min_items", "max_items"),
        ] {
            match (whole(least), whole(most)) {
                (Some(min), Some(max)) => code.push_str(&format!(".{both}({min}, {max})")),
                (Some(min), None) => code.push_str(&format!(".{lower}({min})")),
                (None, Some(max)) => code.push_str(&format!(".{upper}({max})")),
                (None, None) => {}
            }
        }
        if let Some(pattern) = constraints.get("pattern").and_then(Value::as_str) {
            code.push_str(&format!(".pattern(&{})", patterns.name(hint, pattern)));
        }
        for (key, method, exclusive) in [("minimum", "minimum", "exclusiveMinimum"), ("maximum", "maximum", "exclusiveMaximum")] {
            if let Some(bound) = constraints.get(key).and_then(Value::as_f64) {
                let word = if flag(constraints, exclusive) { "exclusive_" } else { "" };
                code.push_str(&format!(".{word}{method}({bound:?})"));
            }
        }
        if flag(constraints, "uuid") {
            code.push_str(".uuid()");
        }
    }
    let target = component_of(schema).and_then(|name| components.get(name)).unwrap_or(schema);
    let inner = target.get("items").or_else(|| target.get("additionalProperties"));
    if let Some(each) = inner.and_then(|inner| expression(inner, false, components, path, hint, patterns)) {
        code.push_str(&format!(".each(&const {{ {each} }})"));
    }
    (code != "NONE").then(|| format!("{path}::{code}"))
}

/// The same for people, as items of a list.
pub(super) fn words(schema: &Value, required: bool, components: &Map<String, Value>) -> Vec<String> {
    let mut words = Vec::new();
    if required {
        words.push("required".to_owned());
    }
    let nothing = Value::Null;
    let constraints = effective(schema, components).unwrap_or(&nothing);
    let whole = |key: &str| constraints.get(key).and_then(Value::as_u64);
    for (least, most, unit) in [("minLength", "maxLength", "character"), ("minItems", "maxItems", "item")] {
        let plural = |count: u64| if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") };
        match (whole(least), whole(most)) {
            (Some(min), Some(max)) if min == max => words.push(plural(min)),
            (Some(min), Some(max)) => words.push(format!("{min} to {}", plural(max))),
            (Some(1), None) => words.push("not empty".to_owned()),
            (Some(min), None) => words.push(format!("at least {}", plural(min))),
            (None, Some(max)) => words.push(format!("at most {}", plural(max))),
            (None, None) => {}
        }
    }
    for (key, word, exclusive) in [("minimum", "at least", "exclusiveMinimum"), ("maximum", "at most", "exclusiveMaximum")] {
        if let Some(bound) = constraints.get(key).and_then(Value::as_number) {
            let than = if flag(constraints, exclusive) { if key == "minimum" { "more than" } else { "less than" } } else { word };
            words.push(format!("{than} {bound}"));
        }
    }
    if let Some(pattern) = constraints.get("pattern").and_then(Value::as_str) {
        words.push(format!("matches {}", code(pattern)));
    }
    if flag(constraints, "uuid") {
        words.push("a UUID".to_owned());
    }
    if flag(schema, "x-nullable") {
        words.push("may be null".to_owned());
    }
    if flag(schema, "readOnly") {
        words.push("read-only".to_owned());
    }
    if flag(schema, "deprecated") {
        words.push("deprecated".to_owned());
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
