//! Reading a table of TOML member by member, collecting what is wrong with its place.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::place::{Misplaced, Place};

/// The text and what is wrong in it.
pub(super) struct Source<'t> {
    pub(super) file: &'t str,
    pub(super) text: &'t str,
    errors: RefCell<Vec<Misplaced>>,
}

impl<'t> Source<'t> {
    pub(super) const fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, errors: RefCell::new(Vec::new()) }
    }

    pub(super) fn wrong(&self, span: &Range<usize>, words: impl Into<String>) {
        let place = Place::of(self.text, span.start);
        self.errors.borrow_mut().push(Misplaced { file: self.file.to_owned(), place, words: words.into() });
    }

    pub(super) fn into_errors(self) -> Vec<Misplaced> {
        let mut errors = self.errors.into_inner();
        errors.sort_by_key(|error| error.place);
        errors
    }
}

/// A table whose members are taken one after the other; what is left over at the end is unknown.
pub(super) struct Table<'s, 't> {
    source: &'s Source<'t>,
    table: &'s DeTable<'t>,
    span: Range<usize>,
    known: RefCell<BTreeSet<&'static str>>,
}

impl<'s, 't> Table<'s, 't> {
    pub(super) fn new(source: &'s Source<'t>, table: &'s Spanned<DeTable<'t>>) -> Self {
        Self { source, table: table.get_ref(), span: table.span(), known: RefCell::default() }
    }

    pub(super) fn of(source: &'s Source<'t>, value: &'s Spanned<DeValue<'t>>, what: &str) -> Option<Self> {
        match value.get_ref() {
            DeValue::Table(table) => Some(Self { source, table, span: value.span(), known: RefCell::default() }),
            other => {
                source.wrong(&value.span(), format!("{what} is a table, found {}", other.type_str()));
                None
            }
        }
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub(super) fn wrong(&self, span: &Range<usize>, words: impl Into<String>) {
        self.source.wrong(span, words);
    }

    /// The member `name`, as it stands.
    pub(super) fn get(&self, name: &'static str) -> Option<&'s Spanned<DeValue<'t>>> {
        self.known.borrow_mut().insert(name);
        self.table.get(name)
    }

    /// All members with the places of their names.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'s str, Range<usize>, &'s Spanned<DeValue<'t>>)> {
        self.table.iter().map(|(name, value)| (name.get_ref().as_ref(), name.span(), value))
    }

    pub(super) fn table(&self, name: &'static str) -> Option<Self> {
        Self::of(self.source, self.get(name)?, &format!("`{name}`"))
    }

    /// A text, with its place.
    pub(super) fn text(&self, name: &'static str) -> Option<(String, Range<usize>)> {
        let value = self.get(name)?;
        match value.get_ref() {
            DeValue::String(text) => Some((text.to_string(), value.span())),
            other => {
                self.wrong(&value.span(), format!("`{name}` is text in quotes, found {}", other.type_str()));
                None
            }
        }
    }

    pub(super) fn flag(&self, name: &'static str) -> Option<bool> {
        let value = self.get(name)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            other => {
                self.wrong(&value.span(), format!("`{name}` is true or false, found {}", other.type_str()));
                None
            }
        }
    }

    pub(super) fn number(&self, name: &'static str) -> Option<u64> {
        let value = self.get(name)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.wrong(&value.span(), format!("`{name}` is a whole number from 0"));
        }
        number
    }

    /// A list of texts, each with its place.
    pub(super) fn texts(&self, name: &'static str) -> Vec<(String, Range<usize>)> {
        let Some(value) = self.get(name) else { return Vec::new() };
        let DeValue::Array(list) = value.get_ref() else {
            self.wrong(&value.span(), format!("`{name}` is a list of texts, found {}", value.get_ref().type_str()));
            return Vec::new();
        };
        let texts = list.iter().filter_map(|element| match element.get_ref() {
            DeValue::String(text) => Some((text.to_string(), element.span())),
            other => {
                self.wrong(&element.span(), format!("`{name}` is a list of texts, found {} in it", other.type_str()));
                None
            }
        });
        texts.collect()
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&self, name: &'static str, words: &[(&str, T)]) -> Option<T> {
        let (text, span) = self.text(name)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meant)| *meant);
        if found.is_none() {
            let known: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            self.wrong(&span, format!("`{name}` is {}, found \"{text}\"", known.join(" or ")));
        }
        found
    }

    /// Says of members that nobody has asked for that they are unknown.
    pub(super) fn finish(self) {
        let known = self.known.borrow();
        for (name, span, _) in self.members().filter(|(name, _, _)| !known.contains(name)) {
            let names: Vec<&str> = known.iter().copied().collect();
            self.source.wrong(&span, format!("`{name}` is not known here; known are {}", names.join(", ")));
        }
    }
}
