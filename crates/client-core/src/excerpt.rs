//! A short piece of a vendor's response that may be shown: without secrets, mark-up and control characters.
//!
//! Input: a body, and a mask. Output: some two hundred characters. No more of the body is looked at than they need.

use crate::mask::{Mask, STARS};
use crate::secret_words::Meaning;
use serde_json::{Map, Value};
use std::fmt::Write as _;

const LENGTH: usize = 200;
/// Larger bodies are not worth parsing for an excerpt.
const PARSED: usize = 256 << 10;
/// How much of a long text is looked at.
const HEAD: usize = 16 << 10;
/// JSON texts within JSON texts that are parsed.
const NESTED: usize = 3;
/// Members that say what another one, the value beside them, is.
const NAMING: &[&str] =
    &["name", "key", "field", "property", "path", "parameter", "attribute", "member", "propertyname", "fieldname"];

/// The excerpt of a body; `json` says whether it may be JSON.
pub(crate) fn of(mask: &Mask, body: &[u8], json: bool) -> String {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if json
        && body.len() <= PARSED
        && let Ok(value) = serde_json::from_slice::<Value>(body)
    {
        let mut excerpt = Excerpt { mask, text: String::new() };
        excerpt.value(&value, NESTED);
        return shorten(&excerpt.text);
    }
    shorten(&head(mask, &String::from_utf8_lossy(body.get(..2 * HEAD).unwrap_or(body))))
}

/// The beginning of a text, masked; nothing is shown of a secret that the end of what is looked at cuts in two.
fn head(mask: &Mask, text: &str) -> String {
    if text.len() <= HEAD {
        return mask.text(text);
    }
    let cut = |length: usize| (0..=length).rev().find_map(|at| text.get(..at)).unwrap_or_default();
    let looked_at = cut(HEAD);
    let guard = (6 * mask.longest()).clamp(128, HEAD / 2);
    let shown = mask.text(looked_at);
    let uncertain = looked_at.chars().rev().take(guard).count();
    match shown.chars().count().saturating_sub(uncertain) {
        0 => STARS.to_owned(),
        certain => shown.chars().take(certain).collect(),
    }
}

struct Excerpt<'a> {
    mask: &'a Mask,
    text: String,
}

impl Excerpt<'_> {
    fn is_full(&self) -> bool {
        self.text.len() > 4 * LENGTH
    }

    fn value(&mut self, value: &Value, nested: usize) {
        match value {
            Value::Object(members) => self.object(members, nested),
            Value::Array(items) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    if self.is_full() {
                        return;
                    }
                    if index > 0 {
                        self.text.push(',');
                    }
                    self.value(item, nested);
                }
                self.text.push(']');
            }
            Value::String(text) => {
                let text = self.string(text, nested);
                self.quote(&text);
            }
            Value::Number(number) => {
                let digits = number.to_string();
                let masked = self.mask.name(&digits);
                if masked == digits { self.text.push_str(&digits) } else { self.quote(STARS) }
            }
            Value::Null | Value::Bool(_) => drop(write!(self.text, "{value}")),
        }
    }

    fn object(&mut self, members: &Map<String, Value>, nested: usize) {
        // Whether serde_json keeps the vendor's order depends on the features of the whole build; a log should not.
        let mut sorted: Vec<_> = members.iter().collect();
        sorted.sort_unstable_by_key(|(name, _)| *name);
        let named = |(name, value): &(&String, &Value)| {
            let naming = NAMING.contains(&name.to_ascii_lowercase().as_str());
            naming && value.as_str().is_some_and(|word| self.mask.meaning(word) == Meaning::Secret)
        };
        let secret_value = sorted.iter().any(named);
        self.text.push('{');
        for (index, (name, value)) in sorted.into_iter().enumerate() {
            if self.is_full() {
                return;
            }
            if index > 0 {
                self.text.push(',');
            }
            let shown = self.mask.name(name);
            self.quote(&shown);
            self.text.push(':');
            let meaning = match self.mask.meaning(name) {
                Meaning::Nothing if secret_value && name.to_ascii_lowercase().contains("value") => Meaning::Secret,
                meaning => meaning,
            };
            let hidden = match value {
                Value::Null | Value::Bool(_) => false,
                Value::String(text) => meaning.hides(text),
                Value::Number(number) => meaning.hides(&number.to_string()) && meaning != Meaning::Key,
                Value::Object(_) | Value::Array(_) => meaning == Meaning::Secret,
            };
            if hidden { self.quote(STARS) } else { self.value(value, nested) }
        }
        self.text.push('}');
    }

    /// A text, which may be JSON itself.
    fn string(&self, text: &str, nested: usize) -> String {
        if nested > 0
            && text.len() <= PARSED
            && text.trim_start().starts_with(['{', '['])
            && let Ok(value) = serde_json::from_str::<Value>(text)
        {
            let mut excerpt = Excerpt { mask: self.mask, text: String::new() };
            excerpt.value(&value, nested - 1);
            return excerpt.text;
        }
        head(self.mask, text)
    }

    fn quote(&mut self, text: &str) {
        self.text.push_str(&Value::from(text).to_string());
    }
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(LENGTH).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
