//! What a newer specification changes, with the Rust it touches.
//!
//! Input: the vendor before and after. Output: one entry per difference with its level, the rule, the Rust items and the
//! readers that it touches, as text. Knows nothing of documents.

use std::fmt::Write as _;

use serde_json::Value;

use super::{
    changelog::Heading,
    compare::{Comparison, Difference, Node, compare},
    level::{Level, Surroundings},
};
use crate::{
    diagnostic::printable,
    explain::{find::subject, readers::readers},
    nodes::{NodeKind, Pointer},
    regen::Made,
    report::prose,
    rust::items::{Item, Items},
};

/// One difference, judged.
struct Change {
    level: Level,
    sign: char,
    subject: String,
    text: String,
    reason: String,
    /// Rust items and readers.
    touched: Vec<String>,
}

/// All differences.
pub(super) struct Changes(Vec<Change>);

/// One version, and what is known of it.
struct Side<'a> {
    value: &'a Value,
    made: Option<(&'a Made, Items)>,
}

impl<'a> Side<'a> {
    fn of(made: &'a Made) -> Self {
        let value = &made.specification.value;
        let items = Items::of(&made.client.model);
        Self { value, made: Some((made, items)) }
    }

    fn item(&self, pointer: &Pointer) -> Option<&Item> {
        self.made.as_ref()?.1.at(pointer)
    }

    fn touched(&self, pointer: &Pointer) -> Vec<String> {
        let Some((made, items)) = &self.made else { return Vec::new() };
        let mut touched: Vec<String> = items.around(pointer).into_iter().map(|item| item.path.clone()).collect();
        // Below a property or an operation, it is the one around that is read.
        let mut at = Some(pointer.clone());
        while let Some(pointer) = at {
            let found = readers(made, &pointer);
            if !found.is_empty() {
                let detailed = pointer.depth() > 3 || pointer.as_str().starts_with("/paths/");
                touched.extend(found.into_iter().filter(|reader| detailed && reader.contains("::")));
                break;
            }
            at = pointer.split().map(|(above, _)| above);
        }
        touched
    }
}

impl Changes {
    /// From one crate to the next.
    pub(super) fn of(before: &Made, after: &Made) -> Self {
        Self::between(&Side::of(before), &Side::of(after))
    }

    /// Where there is no crate yet.
    pub(super) fn of_specification(before: &Made, after: &Value) -> Self {
        Self::between(&Side::of(before), &Side { value: after, made: None })
    }

    /// The largest level; `None` where nothing differs.
    pub(super) fn level(&self) -> Option<Level> {
        self.0.iter().map(|change| change.level).max()
    }

    fn between(before: &Side<'_>, after: &Side<'_>) -> Self {
        let Comparison { differences, kept } = compare(before.value, after.value);
        let surroundings = Surroundings::new(before.value, after.value);
        let mut changes: Vec<Change> =
            differences.iter().map(|difference| one(difference, &surroundings, before, after)).collect();
        for (old, new) in &kept {
            let (Some(was), Some(is)) = (before.item(old), after.item(new)) else { continue };
            // An operation's responses and arguments stand in its signature, which is told once.
            let own = was.path.ends_with(')') || was.path.contains(" -> ");
            if (was.path != is.path || was.code != is.code) && !own {
                changes.push(Change {
                    level: Level::Major,
                    sign: '~',
                    subject: subject(after.value, new),
                    text: format!("`{}` → `{}`", was.code, is.code),
                    reason: "its Rust declaration changes".to_owned(),
                    touched: vec![was.path.clone()],
                });
            }
        }
        changes.sort_by_key(|change| std::cmp::Reverse(change.level));
        Self(changes)
    }

    /// What callers must or may know, for a changelog; the breaking ones first.
    pub(super) fn entries(&self) -> Vec<(Heading, String)> {
        let told = self.0.iter().filter(|change| change.level > Level::Patch);
        let entries = told.map(|Change { level, sign, subject, text, reason, .. }| {
            let heading = match sign {
                '+' => Heading::Added,
                '-' => Heading::Removed,
                _ => Heading::Changed,
            };
            let breaking = if *level == Level::Major { "**Breaking:** " } else { "" };
            (heading, format!("{breaking}{}", prose(&format!("`{subject}`: {text} ({reason})"))))
        });
        entries.collect()
    }

    /// The changes by level, the breaking ones first.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for level in [Level::Major, Level::Minor, Level::Patch] {
            let changes: Vec<&Change> = self.0.iter().filter(|change| change.level == level).collect();
            if !changes.is_empty() {
                let _ = write!(text, "\n{}\n", heading(level));
            }
            for Change { sign, subject, text: what, reason, touched, .. } in changes {
                let _ = writeln!(text, "  {sign} {subject}: {what} ({reason})");
                if !touched.is_empty() {
                    let _ = writeln!(text, "      touches {}", touched.join(", "));
                }
            }
        }
        text
    }
}

fn heading(level: Level) -> &'static str {
    match level {
        Level::Major => "Breaking (major)",
        Level::Minor => "New or wider (minor)",
        Level::Patch => "Words (patch)",
    }
}

fn one(difference: &Difference, surroundings: &Surroundings<'_>, before: &Side<'_>, after: &Side<'_>) -> Change {
    let (level, reason) = surroundings.judge(difference);
    let (sign, side, pointer, text) = match difference {
        Difference::Added(node) => ('+', after, &node.pointer, format!("a new {}", kind(node))),
        Difference::Removed(node) => ('-', before, &node.pointer, format!("this {} is gone", kind(node))),
        Difference::Changed { after: node, member, from, to, .. } => {
            let text = match (from, to) {
                (Some(_), Some(_)) if member == "example" || member == "x-sample" => "another sample".to_owned(),
                (None, Some(to)) => format!("{member} is {}", shown(to)),
                (Some(from), None) => format!("{member} was {}", shown(from)),
                (Some(from), Some(to)) => format!("{member}: {} → {}", shown(from), shown(to)),
                (None, None) => member.clone(),
            };
            ('~', after, &node.pointer, text)
        }
    };
    let mut touched = side.touched(pointer);
    if let (Difference::Changed { before: node, .. }, true) = (difference, touched.is_empty()) {
        touched = before.touched(&node.pointer);
    }
    let mut subject = subject(side.value, pointer);
    let mut text = text;
    if let Difference::Changed { member, after: node, to, .. } = difference
        && let Some(name) = member.strip_prefix("required/")
    {
        touched = after.touched(&node.pointer.join("properties").join(name));
        subject = format!("{subject}.{name}");
        text = if to.is_some() { "required now" } else { "no longer required" }.to_owned();
    }
    Change { level, sign, subject, text, reason: reason.to_owned(), touched }
}

/// A word for a node.
fn kind(node: &Node) -> String {
    let property = node.pointer.split().and_then(|(above, _)| above.split()).is_some_and(|(_, last)| last == "properties");
    match node.kind {
        Some(NodeKind::Schema) if property => "property".to_owned(),
        Some(kind) => kind.name().to_lowercase(),
        None => "document".to_owned(),
    }
}

/// A value in one line, cut.
fn shown(value: &Value) -> String {
    const MOST: usize = 100;
    let text = printable(&value.to_string());
    match text.char_indices().nth(MOST) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
        None => text,
    }
}
