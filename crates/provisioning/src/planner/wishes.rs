//! From the rows of a file to what people are wished to be.

use std::collections::{BTreeMap, BTreeSet};

use vendor_users::Attribute;
use vendor_users::attribute::Value;

use super::rules::Rules;
use crate::config::Authority;
use crate::mapping::Mapped;
use crate::people::{PeopleError, Person};

/// The value that an attribute is wished to have.
#[derive(Clone, Debug, PartialEq)]
pub struct WishValue {
    /// The value; `None` clears.
    pub value: Option<Value<'static>>,
    /// Whose word counts later.
    pub authority: Authority,
}

/// What one person is wished to be at an instance. Attributes that are not mentioned are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// The stable key.
    pub key: String,
    /// The line of the row.
    pub line: u64,
    /// Whether the person belongs here at all.
    pub in_scope: bool,
    /// Whether the person is active; `None` keeps.
    pub active: Option<bool>,
    /// The attributes.
    pub values: BTreeMap<Attribute, WishValue>,
}

impl Wish {
    /// Returns the text that an attribute is wished to have.
    #[must_use]
    pub fn text(&self, attribute: Attribute) -> Option<String> {
        self.values.get(&attribute)?.value.as_ref().map(ToString::to_string)
    }
}

/// A row that cannot be used, and whose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The line of the row; 0 for the file as a whole.
    pub line: u64,
    /// The person, where the key could be read.
    pub key: Option<String>,
    /// What is wrong.
    pub words: String,
}

/// What people are wished to be, and what could not be read.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// One for each row that could be read.
    pub people: Vec<Wish>,
    /// Rows that could not be read.
    pub errors: Vec<RowError>,
    /// All keys of the file, those of rows that could not be read or mapped included.
    pub present: BTreeSet<String>,
}

impl Wishes {
    /// Reads rows and maps them by the instance's rules.
    #[must_use]
    pub fn read(people: impl Iterator<Item = Result<Person, PeopleError>>, rules: &Rules) -> Self {
        let mut wishes = Self::default();
        for person in people {
            match person {
                Ok(person) => wishes.add(&person, rules),
                Err(error) => {
                    wishes.present.extend(error.key.clone());
                    wishes.errors.push(RowError { line: error.line, key: error.key, words: error.words });
                }
            }
        }
        wishes.refuse_repeated_keys();
        wishes
    }

    /// Adds a row.
    pub fn add(&mut self, person: &Person, rules: &Rules) {
        self.present.insert(person.key.clone());
        match wish(person, rules) {
            Ok(wish) => self.people.push(wish),
            Err(words) => self.errors.push(RowError { line: person.line, key: Some(person.key.clone()), words }),
        }
    }

    /// A key that is there twice says nothing about either row.
    fn refuse_repeated_keys(&mut self) {
        let mut lines: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for wish in &self.people {
            lines.entry(&wish.key).or_default().push(wish.line);
        }
        let repeated = lines.into_iter().filter(|(_, lines)| lines.len() > 1);
        let repeated: BTreeMap<String, Vec<u64>> = repeated.map(|(key, lines)| (key.to_owned(), lines)).collect();
        let errors = repeated.iter().flat_map(|(key, lines)| {
            let all: Vec<String> = lines.iter().map(ToString::to_string).collect();
            let words = format!("the key `{key}` is in several rows: lines {}", all.join(", "));
            lines.iter().map(move |line| RowError { line: *line, key: Some(key.clone()), words: words.clone() })
        });
        self.errors.extend(errors);
        self.people.retain(|wish| !repeated.contains_key(&wish.key));
    }
}

fn wish(person: &Person, rules: &Rules) -> Result<Wish, String> {
    let config = &rules.config;
    let in_scope = config.include.as_ref().map_or(Ok(Some(true)), |include| include.holds(&person.cells))?.unwrap_or(true);
    let active = config.active.as_ref().map_or(Ok(None), |active| active.holds(&person.cells))?;
    let mut values = BTreeMap::new();
    for (&attribute, mapping) in &config.map {
        // What the vendor has no place for is counted elsewhere, once and not for each row.
        if !rules.carried.contains(&attribute) && attribute != Attribute::UserName {
            continue;
        }
        let mapped = mapping.expression.evaluate(&person.cells).map_err(|words| format!("`{attribute}`: {words}"))?;
        let text = match mapped {
            Mapped::Nothing if config.clear.contains(&attribute) => None,
            Mapped::Nothing => continue,
            Mapped::Text(text) => Some(text),
            Mapped::Flag(flag) => Some(flag.to_string()),
        };
        let value = text.map(|text| attribute.value_of(text)).transpose();
        let value = value.map_err(|error| format!("`{attribute}`: {error}"))?;
        values.insert(attribute, WishValue { value, authority: mapping.authority });
    }
    Ok(Wish { key: person.key.clone(), line: person.line, in_scope, active, values })
}
