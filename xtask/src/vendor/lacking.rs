//! Everything that a manifest lacks, at once: the reader of TOML stops at the first.
//!
//! Takes the text of a manifest. Returns a diagnostic for each entry that must be there and is not. Says nothing of entries that
//! are there.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{diagnostic::Diagnostic, document::Document};

/// The entries that a table must have, by where the tables stand; `*` is any entry of a table or a list.
const DEMANDED: &[(&[&str], &[&str])] = &[
    (&[], &["name", "title", "description", "contact", "dialect", "documents"]),
    (&["dialect"], &["name"]),
    (&["contact"], &["name", "url"]),
    (&["documents", "*"], &["file", "sha256", "url"]),
    (&["servers", "*"], &["url", "reason", "evidence"]),
    (&["servers", "*", "variables", "*"], &["default"]),
    (&["security", "*"], &["type", "reason", "evidence"]),
    (&["names", "operations", "*"], &["name"]),
    (&["names", "schemas", "*"], &["name"]),
    (&["directory"], &["schema"]),
];

/// What `source` lacks; nothing where it is no TOML.
pub(super) fn lacking(source: &Document) -> Vec<Diagnostic> {
    let Ok(root) = DeTable::parse(&source.text) else { return Vec::new() };
    let mut problems = Vec::new();
    for (path, names) in DEMANDED {
        visit(root.get_ref(), root.span(), path, &mut |table, span| {
            for name in names.iter().filter(|name| !table.iter().any(|(key, _)| key.get_ref() == *name)) {
                // The root has no line of its own.
                let span = if path.is_empty() { 0..0 } else { span.clone() };
                let message = format!("missing field `{name}`");
                problems.push(Diagnostic::new(source.span(span), message, "add the entry to the table that starts here"));
            }
        });
    }
    problems
}

fn visit<'a>(table: &'a DeTable<'a>, span: Range<usize>, path: &[&str], found: &mut impl FnMut(&'a DeTable<'a>, Range<usize>)) {
    let Some((first, rest)) = path.split_first() else { return found(table, span) };
    for (_, value) in table.iter().filter(|(key, _)| *first == "*" || key.get_ref() == *first) {
        below(value, rest, found);
    }
}

fn below<'a>(value: &'a Spanned<DeValue<'a>>, path: &[&str], found: &mut impl FnMut(&'a DeTable<'a>, Range<usize>)) {
    match (value.get_ref(), path.split_first()) {
        (DeValue::Table(table), _) => visit(table, value.span(), path, found),
        (DeValue::Array(list), Some((_, rest))) => list.iter().for_each(|element| below(element, rest, found)),
        _ => {}
    }
}
