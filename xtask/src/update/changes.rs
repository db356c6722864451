//! What a newer specification changes, with the Rust it touches.
//!
//! Input: the vendor before and after. Output: one entry per difference with its level, the rule, the Rust items and the
//! readers that it touches and the place that says it, as text and as data. Knows nothing of documents.

use std::{collections::HashSet, fmt::Write as _};

use serde_json::{Value, json};

use super::{
    changelog::Heading,
    compare::{Comparison, Difference, compare},
    level::{Level, Surroundings},
    node::Node,
};
use crate::{
    diagnostic::printable,
    document::Place,
    emit,
    explain::{find::subject, readers::readers},
    nodes::{NodeKind, Pointer, sources},
    output::{Annotation, Severity},
    regen::Made,
    report::prose,
    rust::{
        Model,
        items::{Item, Items},
    },
};

/// One difference with its level.
struct Change {
    level: Level,
    kind: ChangeKind,
    subject: String,
    text: String,
    reason: String,
    /// Rust items and readers.
    touched: Vec<String>,
    /// The file that says so, and where in it.
    place: Option<(String, Place)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ChangeKind {
    Added,
    Removed,
    Renamed,
    Changed,
}

impl ChangeKind {
    fn sign(self) -> char {
        match self {
            Self::Added => '+',
            Self::Removed => '-',
            Self::Renamed | Self::Changed => '~',
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Renamed => "renamed",
            Self::Changed => "changed",
        }
    }
}

/// All differences.
pub(super) struct Changes(Vec<Change>);

/// The file to open for a path of a vendor's folder.
type FileOf<'a> = &'a dyn Fn(&str) -> String;

/// One version, and what is known of it.
struct Side<'a> {
    value: &'a Value,
    /// The Rust of it, where a crate could be made.
    rust: Option<(&'a Model, Items)>,
    made: Option<&'a Made>,
    file: FileOf<'a>,
}

impl<'a> Side<'a> {
    fn of(made: &'a Made, file: FileOf<'a>) -> Self {
        let value = &made.specification.value;
        let model = &made.client.model;
        Self { value, rust: Some((model, Items::of(model))), made: Some(made), file }
    }

    /// The first place that says what stands at `pointer`.
    fn place(&self, pointer: &Pointer) -> Option<(String, Place)> {
        let source = sources(self.value.pointer(pointer.as_str())?.as_object()?).into_iter().next()?;
        let mut parts = source.rsplitn(3, ':');
        let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(((self.file)(parts.next()?), Place { line, column }))
    }

    fn item(&self, pointer: &Pointer) -> Option<&Item> {
        self.rust.as_ref()?.1.at(pointer)
    }

    fn touched(&self, pointer: &Pointer) -> Vec<String> {
        let Some((_, items)) = &self.rust else { return Vec::new() };
        let mut touched: Vec<String> = items.around(pointer).into_iter().map(|item| item.path.clone()).collect();
        // Below a property or an operation, it is the one around that is read.
        let mut at = Some(pointer.clone());
        while let (Some(made), Some(pointer)) = (self.made, at) {
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
    /// From one crate to the next, or to a specification that no crate could be made of. `file` gives the file to open for a
    /// path of the vendor's folder, before and after.
    pub(super) fn of((before, old): (&Made, FileOf<'_>), (after, new): (Result<&Made, &Value>, FileOf<'_>)) -> Self {
        let after = match after {
            Ok(made) => Side::of(made, new),
            Err(value) => Side { value, rust: None, made: None, file: new },
        };
        Self::between(&Side::of(before, old), &after)
    }

    /// From one specification and its Rust to the next, without a vendor's folder around them.
    pub(super) fn of_models(before: (&Value, &Model), after: (&Value, &Model)) -> Self {
        fn side<'a>((value, model): (&'a Value, &'a Model), file: FileOf<'a>) -> Side<'a> {
            Side { value, rust: Some((model, Items::of(model))), made: None, file }
        }
        let file = |place: &str| place.to_owned();
        Self::between(&side(before, &file), &side(after, &file))
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
        let renamed: HashSet<&Pointer> = differences
            .iter()
            .filter_map(|difference| match difference {
                Difference::Renamed { after, .. } => Some(&after.pointer),
                _ => None,
            })
            .collect();
        for (old, new) in kept.iter().filter(|(_, new)| !renamed.contains(new)) {
            let (Some(was), Some(is)) = (before.item(old), after.item(new)) else { continue };
            // An operation's responses and arguments stand in its signature, which is told once.
            let own = was.path.ends_with(')') || was.path.contains(" -> ");
            if (was.path != is.path || was.code != is.code) && !own {
                changes.push(Change {
                    level: Level::Major,
                    kind: ChangeKind::Changed,
                    subject: subject(after.value, new),
                    text: format!("`{}` → `{}`", was.code, is.code),
                    reason: "its Rust declaration changes".to_owned(),
                    touched: vec![was.path.clone()],
                    place: after.place(new),
                });
            }
        }
        changes.extend(lost_conversions(before, after));
        changes.sort_by_key(|change| std::cmp::Reverse(change.level));
        Self(changes)
    }

    /// What callers must or may know, for a changelog; the breaking ones first.
    pub(super) fn entries(&self) -> Vec<(Heading, String)> {
        let told = self.0.iter().filter(|change| change.level > Level::Patch);
        let entries = told.map(|Change { level, kind, subject, text, reason, .. }| {
            let heading = match kind {
                ChangeKind::Added => Heading::Added,
                ChangeKind::Removed => Heading::Removed,
                ChangeKind::Renamed | ChangeKind::Changed => Heading::Changed,
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
            for Change { kind, subject, text: what, reason, touched, .. } in changes {
                let _ = writeln!(text, "  {} {}: {} ({reason})", kind.sign(), printable(subject), printable(what));
                if !touched.is_empty() {
                    let _ = writeln!(text, "      touches {}", printable(&touched.join(", ")));
                }
            }
        }
        text
    }

    /// The same for a program.
    pub(super) fn json(&self) -> Value {
        let one = |change: &Change| {
            let place = change.place.as_ref();
            json!({
                "level": change.level.name(),
                "kind": change.kind.name(),
                "subject": printable(&change.subject),
                "text": printable(&change.text),
                "reason": change.reason,
                "touches": change.touched,
                "file": place.map(|(file, _)| file),
                "line": place.map(|(_, place)| place.line),
                "column": place.map(|(_, place)| place.column),
            })
        };
        self.0.iter().map(one).collect()
    }

    /// The same for a review; words alone are left out.
    pub(super) fn annotations(&self) -> Vec<Annotation> {
        let told = self.0.iter().filter(|change| change.level > Level::Patch);
        let annotation = |Change { level, subject, text, reason, place, .. }: &Change| Annotation {
            severity: if *level == Level::Major { Severity::Warning } else { Severity::Notice },
            file: place.as_ref().map(|(file, _)| file.clone()),
            place: place.as_ref().map(|(_, place)| *place),
            message: format!("{}: {subject}: {text} ({reason})", level.name()),
        };
        told.map(annotation).collect()
    }
}

fn heading(level: Level) -> &'static str {
    match level {
        Level::Major => "Breaking (major)",
        Level::Minor => "New or wider (minor)",
        Level::Patch => "Words (patch)",
    }
}

/// What was read can no longer be sent as it is: the fields of the two types are not the same any more.
fn lost_conversions(before: &Side<'_>, after: &Side<'_>) -> Vec<Change> {
    let (Some((before, _)), Some((after, _))) = (&before.rust, &after.rust) else { return Vec::new() };
    let (before, after) = (emit::converted(before), emit::converted(after));
    let lost = before.into_iter().filter(|pair| !after.contains(pair)).map(|(from, to)| Change {
        level: Level::Major,
        kind: ChangeKind::Removed,
        subject: from.clone(),
        text: format!("it no longer has the fields of `{to}`"),
        reason: format!("`{to}::from` goes"),
        touched: vec![format!("types::{from}"), format!("types::{to}")],
        place: None,
    });
    lost.collect()
}

fn one(difference: &Difference, surroundings: &Surroundings<'_>, before: &Side<'_>, after: &Side<'_>) -> Change {
    let (level, reason) = match difference {
        Difference::Removed(node) if is_kept(&node.pointer, before, after) => {
            (Level::Minor, "its Rust item stays, since something else has it as well")
        }
        difference => surroundings.judge(difference),
    };
    let (kind, side, pointer, text) = match difference {
        Difference::Added(node) => (ChangeKind::Added, after, &node.pointer, format!("a new {}", kind(node))),
        Difference::Removed(node) => (ChangeKind::Removed, before, &node.pointer, format!("this {} is gone", kind(node))),
        Difference::Renamed { before: old, after: new } => {
            let name = |node: &Node| node.pointer.split().map(|(_, name)| name).unwrap_or_default();
            (ChangeKind::Renamed, before, &old.pointer, format!("it is called `{}` now", name(new)))
        }
        Difference::Changed { after: node, member, from, to, .. } => {
            let text = match (from, to) {
                (Some(_), Some(_)) if matches!(member.as_str(), "example" | "x-sample" | "x-default") => {
                    "another sample".to_owned()
                }
                (None, Some(to)) => format!("{member} is {}", shown(to)),
                (Some(from), None) => format!("{member} was {}", shown(from)),
                (Some(from), Some(to)) => format!("{member}: {} → {}", shown(from), shown(to)),
                (None, None) => member.clone(),
            };
            (ChangeKind::Changed, after, &node.pointer, text)
        }
    };
    let mut touched = side.touched(pointer);
    let mut place = side.place(pointer);
    if let Difference::Renamed { after: node, .. } = difference {
        touched.extend(after.touched(&node.pointer).into_iter().take(1));
        place = after.place(&node.pointer);
    }
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
    Change { level, kind, subject, text, reason: reason.to_owned(), touched, place }
}

/// Whether the Rust item of what is gone is there all the same, such as the setter of a parameter that other operations take.
fn is_kept(pointer: &Pointer, before: &Side<'_>, after: &Side<'_>) -> bool {
    let Some((item, (_, items))) = before.item(pointer).zip(after.rust.as_ref()) else { return false };
    items.iter().any(|(_, other)| other.path == item.path && other.code == item.code)
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
