//! A connection to a database, and the rows that it gives.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::store::error::{StoreError, StoreErrorKind};

/// A value that goes into a statement or comes out of a row. There are no others, so that every database can hold them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Null,
    Integer(i64),
    Text(String),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Integer(i64::from(flag))
    }
}

impl From<Timestamp> for Cell {
    fn from(time: Timestamp) -> Self {
        Self::Integer(time.as_microsecond())
    }
}

impl From<&Json> for Cell {
    fn from(json: &Json) -> Self {
        Self::Text(json.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Collects cells of several types.
macro_rules! cells {
    ($($value:expr),* $(,)?) => { &[$($crate::store::sql::connection::Cell::from($value)),*] };
}
pub(super) use cells;

/// A connection to a database.
pub(super) trait Connection: Send {
    /// Makes the connection usable again where it was lost.
    fn revive(&mut self) -> Result<(), StoreError>;

    /// Runs statements that take and give nothing.
    fn batch(&mut self, statements: &str) -> Result<(), StoreError>;

    /// Runs a statement, whose parameters are `$1`, `$2` and so on, and gives its rows.
    fn query(&mut self, statement: &str, parameters: &[Cell]) -> Result<Vec<Row>, StoreError>;

    /// Runs a statement and gives the number of rows that it changed.
    fn execute(&mut self, statement: &str, parameters: &[Cell]) -> Result<u64, StoreError>;

    /// How a transaction that writes begins, before any other of them is done.
    fn begin(&self) -> &'static str;
}

/// Does `work` wholly or not at all.
pub(super) fn transaction<T>(
    connection: &mut dyn Connection,
    work: impl FnOnce(&mut dyn Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let begin = connection.begin();
    connection.batch(begin)?;
    match work(connection) {
        Ok(done) => {
            connection.batch("COMMIT")?;
            Ok(done)
        }
        Err(error) => {
            // The error that counts is the first one; a connection that cannot roll back has lost the transaction anyway.
            let _ = connection.batch("ROLLBACK");
            Err(error)
        }
    }
}

/// A row, read from the left.
#[derive(Debug)]
pub(super) struct Row {
    cells: std::vec::IntoIter<Cell>,
}

impl Row {
    pub(super) fn new(cells: Vec<Cell>) -> Self {
        Self { cells: cells.into_iter() }
    }

    pub(super) fn text(&mut self) -> Result<String, StoreError> {
        match self.cells.next() {
            Some(Cell::Text(text)) => Ok(text),
            other => Err(damaged("text", other.as_ref())),
        }
    }

    pub(super) fn optional_text(&mut self) -> Result<Option<String>, StoreError> {
        match self.cells.next() {
            Some(Cell::Text(text)) => Ok(Some(text)),
            Some(Cell::Null) => Ok(None),
            other => Err(damaged("text or nothing", other.as_ref())),
        }
    }

    pub(super) fn integer(&mut self) -> Result<i64, StoreError> {
        match self.cells.next() {
            Some(Cell::Integer(number)) => Ok(number),
            other => Err(damaged("an integer", other.as_ref())),
        }
    }

    pub(super) fn number(&mut self) -> Result<u64, StoreError> {
        self.integer().map(|number| u64::try_from(number).unwrap_or_default())
    }

    pub(super) fn flag(&mut self) -> Result<bool, StoreError> {
        self.integer().map(|number| number != 0)
    }

    pub(super) fn time(&mut self) -> Result<Timestamp, StoreError> {
        let number = self.integer()?;
        Timestamp::from_microsecond(number).map_err(|_| damaged("a time", Some(&Cell::Integer(number))))
    }

    pub(super) fn optional_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        match self.cells.next() {
            Some(Cell::Null) => Ok(None),
            Some(Cell::Integer(number)) => {
                let time = Timestamp::from_microsecond(number);
                time.map(Some).map_err(|_| damaged("a time", Some(&Cell::Integer(number))))
            }
            other => Err(damaged("a time or nothing", other.as_ref())),
        }
    }

    pub(super) fn json<T: DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        let text = self.text()?;
        serde_json::from_str(&text).map_err(|error| {
            StoreError::new(StoreErrorKind::Damaged, format!("a row of the store holds JSON that cannot be read: {error}"))
        })
    }
}

fn damaged(expected: &str, found: Option<&Cell>) -> StoreError {
    let found = match found {
        Some(Cell::Null) => "nothing",
        Some(Cell::Integer(_)) => "an integer",
        Some(Cell::Text(_)) => "other text",
        None => "the end of the row",
    };
    StoreError::new(StoreErrorKind::Damaged, format!("a row of the store has {found} where {expected} is expected"))
}
