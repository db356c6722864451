//! Fields that are listed under another one, with names relative to it.
//!
//! Input: the rows of a section. Output: the same with full names, and alternatives by their names. As published, such
//! rows are indented deeper than the one that they belong to; in a folded page only their order tells.

use std::borrow::Cow;

use foldhash::{HashMap, HashMapExt as _};
use smallvec::SmallVec;

use super::{
    row::{ALTERNATIVE, Choice, Row},
    scan::Field,
    text::starts_word,
};

/// Longer names are taken as they stand; this bounds how deep fields can nest.
const LONGEST: usize = 800;

/// Why a row is a member of the last alternative before it.
const FOLDED: &str = "the page is folded, and nothing shows where the last alternative ends: the field is taken to belong to it";

/// Gives every row its full name.
pub(super) fn resolve<'a>(rows: &mut Vec<Row<'a>>, fields: &[Field<'_>]) {
    let published = fields.iter().all(|field| field.indent.is_some());
    let shallow = fields.iter().filter_map(|field| field.indent).min();
    let marks: Vec<Option<Choice>> = rows.iter_mut().map(takes_mark).collect();
    let alternatives: Vec<bool> = marks.iter().map(Option::is_some).collect();
    let flat = match published {
        true => fields.iter().all(|field| field.indent == shallow),
        false => rows.iter().all(|row| !row.name.contains('.')),
    };
    if flat && !alternatives.contains(&true) {
        return;
    }
    let owners = if published { by_indent(rows, fields) } else { by_order(rows, &alternatives) };
    for (row, mark) in rows.iter_mut().zip(&marks) {
        row.choice = *mark;
    }
    if !published {
        assume(rows, &owners, &marks);
    }
    name(rows, &owners, &marks);
}

/// Marks the rows of each last alternative behind its first: on a folded page they may as well stand behind all alternatives.
fn assume(rows: &mut [Row<'_>], owners: &[Option<usize>], marks: &[Option<Choice>]) {
    for owner in marks.iter().enumerate().filter(|(_, mark)| **mark == Some(Choice::Alternatives)).map(|(at, _)| at) {
        let Some(last) = owners.iter().rposition(|of| *of == Some(owner)) else { continue };
        let labelled =
            |row: &usize| row.checked_sub(1).and_then(|before| rows.get(before)).is_some_and(|row| row.label.is_some());
        let first = (owner + 1..=last).rev().find(labelled).unwrap_or(owner + 1);
        for row in rows.get_mut(first + 1..=last).into_iter().flatten().filter(|row| !row.name.contains('.')) {
            row.assumed = Some(FOLDED);
        }
    }
}

/// Gives each row its full name, and each alternative a row of its own that its members belong to.
fn name<'a>(rows: &mut Vec<Row<'a>>, owners: &[Option<usize>], marks: &[Option<Choice>]) {
    let mut full: Vec<Option<String>> = Vec::with_capacity(rows.len());
    // The last alternative of each row that has some: its number and its name.
    let mut open: HashMap<usize, (usize, String)> = HashMap::new();
    let mut added: Vec<(usize, Row<'a>)> = Vec::new();
    for index in 0..rows.len() {
        let owner = owners.get(index).copied().flatten();
        let choice = owner.and_then(|owner| marks.get(owner).copied().flatten());
        let before = index.checked_sub(1).and_then(|before| rows.get_mut(before));
        let label = before.and_then(|row| {
            let (label, span) = row.label.take()?;
            if choice.is_none() {
                // What only looks like a label is a text.
                let text = row.description.take().map_or_else(String::new, |text| text + "\n");
                row.description = Some(format!("{text}- {label}:"));
            }
            Some((label, span))
        });
        let Some(row) = rows.get(index) else { continue };
        let mut prefix = owner.and_then(|owner| {
            let name = full.get(owner).and_then(Option::as_deref);
            name.or_else(|| rows.get(owner).map(|row| &*row.name)).map(str::to_owned)
        });
        if let (Some(owner), Some(Choice::Alternatives), Some(within)) = (owner, choice, &mut prefix) {
            if label.is_some() || !open.contains_key(&owner) {
                let number = open.get(&owner).map_or(0, |(number, _)| number + 1);
                let name = format!("{within}.{ALTERNATIVE}{number}");
                let span = label.map_or(row.span, |(_, span)| span);
                added.push((index, Row::alternative(name.clone(), label.map(|(label, _)| label), span)));
                open.insert(owner, (number, name));
            }
            if let Some((_, name)) = open.get(&owner) {
                within.clone_from(name);
            }
        }
        full.push(prefix.map(|prefix| format!("{prefix}.{}", row.name)).filter(|name| name.len() <= LONGEST));
    }
    for (row, name) in rows.iter_mut().zip(full) {
        if let Some(name) = name {
            row.name = Cow::Owned(name);
        }
    }
    for (index, row) in added.into_iter().rev() {
        rows.insert(index, row);
    }
}

/// Whether a row's text starts with `— one of:`.
pub(super) fn opens(text: &str) -> bool {
    mark(text.trim_start()).is_some()
}

fn mark(text: &str) -> Option<(Choice, &str)> {
    let text = text.strip_prefix(['—', '–', '-'])?.trim_start();
    [("one of", Choice::Alternatives), ("any of", Choice::Alternatives), ("all of", Choice::Composition)].into_iter().find_map(
        |(words, choice)| {
            let rest = text.strip_prefix(words)?;
            // The member whose value tells the alternatives apart.
            let rest =
                rest.strip_prefix(" (discriminator: ").and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest);
            // What goes on without a colon is a sentence.
            let ends = rest.is_empty() || rest.starts_with(['\n', '\r']);
            Some((choice, if ends { rest } else { rest.strip_prefix(':')? }))
        },
    )
}

/// Takes `— one of:` from the start of a row's text.
fn takes_mark(row: &mut Row<'_>) -> Option<Choice> {
    let text = row.description.as_deref()?;
    let (choice, rest) = mark(text)?;
    let said = text.get(..text.len() - rest.len()).and_then(|mark| mark.split_once("(discriminator: "));
    let rest = rest.trim();
    row.discriminator = said.and_then(|(_, name)| name.split_once(')')).map(|(name, _)| name.to_owned());
    row.description = (!rest.is_empty()).then(|| rest.to_owned());
    Some(choice)
}

/// `- Label:` at the end of a text, and the text before it.
pub(super) fn label(text: &str) -> (&str, Option<&str>) {
    const LONGEST: usize = 100;
    let found = || {
        // Few texts end with a colon.
        let trimmed = text.trim_end().strip_suffix(':')?;
        let start = trimmed.rfind("- ").filter(|&start| starts_word(trimmed, start))?;
        let label = trimmed.get(start + 2..)?.trim();
        let sound = !label.is_empty() && label.len() <= LONGEST && !label.contains('\n');
        sound.then_some((trimmed.get(..start)?, label))
    };
    found().map_or((text, None), |(before, label)| (before, Some(label)))
}

/// The closest row before that is indented less.
fn by_indent(rows: &[Row<'_>], fields: &[Field<'_>]) -> Vec<Option<usize>> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut owners = Vec::with_capacity(rows.len());
    for (index, field) in fields.iter().enumerate() {
        let indent = field.indent.unwrap_or_default();
        while open.last().is_some_and(|(known, _)| *known >= indent) {
            open.pop();
        }
        let owner = open.last().map(|(_, owner)| *owner);
        owners.push(owner.filter(|owner| rows.get(*owner).is_some_and(|row| row.types.can_hold())));
        open.push((indent, index));
    }
    owners
}

/// Without indentation: behind alternatives, and between two members of one field, undotted names are relative.
fn by_order(rows: &[Row<'_>], alternatives: &[bool]) -> Vec<Option<usize>> {
    let names = names(rows);
    let dotted = |row: &Row<'_>| row.name.contains('.');
    let mut states: Vec<State> = Vec::new();
    states.resize_with(rows.len(), State::default);
    for (index, name) in names.iter().enumerate() {
        if let Some(root) = name.root().and_then(|root| states.get_mut(root)) {
            root.last = Some(index);
        }
    }
    let mut owners: Vec<Option<usize>> = Vec::with_capacity(rows.len());
    let mut round = 1;
    let mut owner: Option<usize> = None;
    let mut before: Option<usize> = None;
    for (index, (row, name)) in rows.iter().zip(&names).enumerate() {
        let prefixes = || name.prefixes.iter().filter_map(|&prefix| states.get(prefix));
        let in_outer = prefixes().any(|prefix| prefix.outer);
        let in_inner = prefixes().any(|prefix| prefix.inner == round);
        let root_before = before.and_then(|before| names.get(before)?.root());
        let within = before.and_then(|before| rows.get(before)).is_some_and(|before| {
            let last = root_before.and_then(|root| states.get(root)?.last);
            before.types.can_hold() && last.is_some_and(|last| last > index)
        });
        let implied = owner.is_some_and(|owner| alternatives.get(owner) != Some(&true));
        let relative = match owner {
            Some(_) if dotted(row) => in_inner || !in_outer,
            Some(_) => !implied || within,
            None => !dotted(row) && within && root_before != Some(name.own),
        };
        if relative {
            owner = owner.or(before);
            if let Some(state) = states.get_mut(name.own) {
                state.inner = round;
            }
            owners.push(owner);
            continue;
        }
        owners.push(None);
        round += 1;
        if let Some(state) = states.get_mut(name.own) {
            state.outer = true;
        }
        before = Some(index);
        owner = alternatives.get(index).copied().unwrap_or_default().then_some(index);
    }
    owners
}

/// What is known of a name.
#[derive(Default)]
struct State {
    /// The last row that belongs to it.
    last: Option<usize>,
    /// It is not relative.
    outer: bool,
    /// The round in which it was relative; a row that is not starts another one.
    inner: usize,
}

/// A name as numbers: each that a row has, has one.
struct Name {
    own: usize,
    /// What stands before its dots, as far as rows are called so; the shortest first.
    prefixes: SmallVec<[usize; 4]>,
}

impl Name {
    /// The field that it belongs to. A dot alone tells none: `urn:ships:2.0:Hull` and `urn:ships:2.0:Mast` are strangers.
    fn root(&self) -> Option<usize> {
        self.prefixes.first().copied()
    }
}

fn names(rows: &[Row<'_>]) -> Vec<Name> {
    let mut numbers: HashMap<&str, usize> = HashMap::with_capacity(rows.len());
    let mut names = Vec::with_capacity(rows.len());
    for row in rows {
        let next = numbers.len();
        names.push(Name { own: *numbers.entry(&*row.name).or_insert(next), prefixes: SmallVec::new() });
    }
    for (row, name) in rows.iter().zip(&mut names) {
        let dots = memchr::memchr_iter(b'.', row.name.as_bytes());
        name.prefixes.extend(dots.filter_map(|dot| numbers.get(row.name.get(..dot)?).copied()));
    }
    names
}
