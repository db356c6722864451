//! Expressions that make values from a row: minijinja's, with filters of our own.
//!
//! Takes an expression once and compiles it; then takes rows and gives values. What is undefined is an error, and nothing stays
//! nothing: an empty cell never becomes the word "none" or half of a name. Knows neither files nor vendors.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use minijinja::value::{Enumerator, Object, ObjectRepr, Serde};
use minijinja::{Environment, UndefinedBehavior, Value};
use vendor_users::Attribute;

use crate::place::Place;

mod filters;
mod words;

use words::{Word, words};

/// The environment without the stock filters: those turn nothing into text.
static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    filters::add_to(&mut environment);
    environment
});

/// A compiled expression.
#[derive(Clone)]
pub struct Expression {
    text: Arc<str>,
    place: Place,
    compiled: Arc<minijinja::Expression<'static, 'static>>,
    columns: BTreeSet<String>,
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.text).finish()
    }
}

/// What an expression gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Mapped {
    /// Nothing.
    Nothing,
    /// Text.
    Text(String),
    /// True or false.
    Flag(bool),
}

/// A row as expressions see it: the cells by column, an empty one being nothing.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    cells: BTreeMap<Arc<str>, String>,
    today: String,
    record: Option<serde_json::Value>,
}

impl Cells {
    /// Cells by column, and the day that counts as today.
    #[must_use]
    pub fn new(cells: BTreeMap<Arc<str>, String>, today: impl Into<String>) -> Self {
        Self { cells, today: today.into(), record: None }
    }

    /// Returns a vendor's record, as `record`, instead of a row.
    #[must_use]
    pub fn of_record(record: serde_json::Value) -> Self {
        Self { record: Some(record), ..Self::default() }
    }

    /// Returns the cell of a column, as it stands.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str)
    }

    fn context(&self, nothing: &Arc<AtomicBool>) -> Value {
        let cell = |text: &String| match text.trim() {
            "" => Value::from_object(Nothing(Arc::clone(nothing))),
            text => Value::from(text),
        };
        let cells: BTreeMap<Arc<str>, Value> = self.cells.iter().map(|(name, text)| (Arc::clone(name), cell(text))).collect();
        let mut context: BTreeMap<Arc<str>, Value> = cells.clone();
        context.insert("row".into(), Value::from_object(Row(cells)));
        context.insert("today".into(), Value::from(self.today.as_str()));
        context.extend(self.record.as_ref().map(|record| ("record".into(), Value::from(Serde(record.clone())))));
        Value::from_pairs(context)
    }
}

/// What stands for an empty cell. Where it becomes part of a text, the whole of it is nothing.
#[derive(Debug)]
struct Nothing(Arc<AtomicBool>);

impl Object for Nothing {
    fn is_true(self: &Arc<Self>) -> bool {
        false
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// The cells of a row by any name, for columns that are no identifiers; one that is not there is undefined.
#[derive(Debug)]
struct Row(BTreeMap<Arc<str>, Value>);

impl Object for Row {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_str()?).cloned()
    }
}

/// Whether a value is an empty cell, none or undefined.
fn is_nothing(value: &Value) -> bool {
    value.is_none() || value.is_undefined() || value.downcast_object_ref::<Nothing>().is_some()
}

/// The columns that are named as `row['…']` or `row.…`; others could not be looked for before there is a row.
fn named_by_row(words: &[Word<'_>]) -> Result<Vec<String>, String> {
    let mut columns = Vec::new();
    for (at, _) in words.iter().enumerate().filter(|(_, word)| **word == Word::Name("row")) {
        if at.checked_sub(1).and_then(|before| words.get(before)) == Some(&Word::Mark('.')) {
            continue;
        }
        columns.push(match words.get(at + 1..).unwrap_or_default() {
            [Word::Mark('['), Word::Text(text), Word::Mark(']'), ..] => {
                let name = ENVIRONMENT.compile_expression(text).and_then(|name| name.eval(()));
                name.ok()
                    .and_then(|name| name.as_str().map(str::to_owned))
                    .ok_or_else(|| format!("{text} is no name of a column"))?
            }
            [Word::Mark('.'), Word::Name(name), ..] => (*name).to_owned(),
            _ => return Err("`row` is followed by the name of a column in quotes, as in row['Last name']".to_owned()),
        });
    }
    Ok(columns)
}

impl Expression {
    /// Compiles an expression that stands at `place`.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub fn compile(text: &str, place: Place) -> Result<Self, String> {
        let expression = ENVIRONMENT.compile_expression_owned(text.to_owned());
        let compiled = expression.map_err(|error| {
            let detail = error.detail().unwrap_or("it is not an expression");
            format!("the expression `{text}` cannot be read: {detail}")
        })?;
        let names = compiled.undeclared_variables(false);
        let functions = ["today", "row", "record"];
        let mut columns: BTreeSet<String> = names.into_iter().filter(|name| !functions.contains(&name.as_str())).collect();
        let words = words(text);
        filters::check(&words)?;
        columns.extend(named_by_row(&words)?);
        Ok(Self { text: text.into(), place, compiled: Arc::new(compiled), columns })
    }

    /// Returns the text of the expression.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns where it stands.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// Returns the columns that it looks at, by their names alone or as `row['…']`.
    #[must_use]
    pub const fn columns(&self) -> &BTreeSet<String> {
        &self.columns
    }

    /// Returns the value for a row.
    ///
    /// # Errors
    ///
    /// What is wrong, in words: a column that is not there, or a value of the wrong kind.
    pub fn evaluate(&self, cells: &Cells) -> Result<Mapped, String> {
        let nothing = Arc::new(AtomicBool::new(false));
        let value = self.compiled.eval(cells.context(&nothing)).map_err(|error| {
            let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
            format!("`{}`: {detail}", self.text)
        })?;
        if value.is_undefined() {
            return Err(format!("`{}`: there is no such column", self.text));
        }
        if is_nothing(&value) || nothing.load(Ordering::Relaxed) {
            return Ok(Mapped::Nothing);
        }
        if value.kind() == minijinja::value::ValueKind::Bool {
            return Ok(Mapped::Flag(value.is_true()));
        }
        if value.is_number() {
            return Ok(Mapped::Text(value.to_string()));
        }
        match value.as_str() {
            Some(text) if text.trim().is_empty() => Ok(Mapped::Nothing),
            Some(text) => Ok(Mapped::Text(text.trim().to_owned())),
            None => Err(format!("`{}` gives {} where text is expected", self.text, value.kind())),
        }
    }

    /// Returns whether a condition holds for a row; nothing is `None`.
    ///
    /// # Errors
    ///
    /// As [`evaluate`](Self::evaluate), and where it gives something else than true or false.
    pub fn holds(&self, cells: &Cells) -> Result<Option<bool>, String> {
        let holds = match self.evaluate(cells)? {
            Mapped::Nothing => None,
            Mapped::Flag(flag) => Some(flag),
            Mapped::Text(text) => match Attribute::Active.value_of(text.clone()) {
                Ok(vendor_users::attribute::Value::Flag(flag)) => Some(flag),
                _ => return Err(format!("`{}` gives \"{text}\" where true or false is expected", self.text)),
            },
        };
        // A row that has nothing in all that the condition looks at says nothing, whatever nothing is compared with.
        let is_empty = |column: &String| cells.get(column).is_some_and(|cell| cell.trim().is_empty());
        let silent = !self.columns.is_empty() && self.columns.iter().all(is_empty);
        Ok(holds.filter(|holds| *holds || !silent))
    }
}
