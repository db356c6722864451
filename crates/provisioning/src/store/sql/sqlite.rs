//! The store in a file of SQLite.

use std::path::Path;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{ErrorCode, ToSql, ffi, params_from_iter};

use super::connection::{Cell, Connection, Row};
use super::migrations::migrate;
use super::worker::SqlStore;
use crate::store::error::{StoreError, StoreErrorKind};

impl SqlStore {
    /// Opens the store in this file, and makes it where there is none; then nobody but its owner can read it.
    ///
    /// # Errors
    ///
    /// The file cannot be used, is not a store, or was made by a newer version.
    pub fn sqlite(path: &Path) -> Result<Self, StoreError> {
        let unavailable = |error: &dyn std::fmt::Display| {
            StoreError::unavailable(format!("the store {} cannot be used: {error}", path.display()))
        };
        private(path).map_err(|error| unavailable(&error))?;
        let connection = rusqlite::Connection::open(path).map_err(|error| unavailable(&error))?;
        // A file on a network share has no shared memory; the default journal works there, more slowly.
        let _ = connection.pragma_update(None, "journal_mode", "WAL");
        Self::over_sqlite(connection)
    }

    /// A store that is forgotten when it is dropped.
    ///
    /// # Errors
    ///
    /// The system gives no memory or thread for it.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::over_sqlite(rusqlite::Connection::open_in_memory().map_err(|error| failed(&error))?)
    }

    fn over_sqlite(connection: rusqlite::Connection) -> Result<Self, StoreError> {
        connection.busy_timeout(Duration::from_secs(20)).map_err(|error| failed(&error))?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(|error| failed(&error))?;
        let mut connection = Sqlite(connection);
        migrate(&mut connection)?;
        Self::start(vec![Box::new(connection)], true)
    }
}

/// Makes a file that only its owner reads, where there is none.
fn private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

struct Sqlite(rusqlite::Connection);

impl Connection for Sqlite {
    fn revive(&mut self) -> Result<(), StoreError> {
        if self.0.is_autocommit() {
            return Ok(());
        }
        // A transaction that was left open belongs to nobody any more.
        self.batch("ROLLBACK")
    }

    fn batch(&mut self, statements: &str) -> Result<(), StoreError> {
        self.0.execute_batch(statements).map_err(|error| failed(&error))
    }

    fn query(&mut self, statement: &str, parameters: &[Cell]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.0.prepare_cached(&statement.replace('$', "?")).map_err(|error| failed(&error))?;
        let columns = statement.column_count();
        let rows = statement.query_map(params_from_iter(parameters), |row| {
            let cells = (0..columns).map(|column| {
                Ok(match row.get_ref(column)? {
                    ValueRef::Null => Cell::Null,
                    ValueRef::Integer(number) => Cell::Integer(number),
                    ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
                    // No column holds these; a row that does is told to be damaged where it is read.
                    ValueRef::Real(_) | ValueRef::Blob(_) => Cell::Null,
                })
            });
            Ok(Row::new(cells.collect::<rusqlite::Result<_>>()?))
        });
        rows.and_then(Iterator::collect).map_err(|error| failed(&error))
    }

    fn execute(&mut self, statement: &str, parameters: &[Cell]) -> Result<u64, StoreError> {
        let mut statement = self.0.prepare_cached(&statement.replace('$', "?")).map_err(|error| failed(&error))?;
        let changed = statement.execute(params_from_iter(parameters)).map_err(|error| failed(&error))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn begin(&self) -> &'static str {
        // Writers wait for each other at the beginning, not at the end.
        "BEGIN IMMEDIATE"
    }
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(Value::Null),
            Self::Integer(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

fn failed(error: &rusqlite::Error) -> StoreError {
    let kind = match error {
        rusqlite::Error::SqliteFailure(failure, _) => match (failure.code, failure.extended_code) {
            (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => StoreErrorKind::Taken,
            (ErrorCode::NotADatabase, _) => StoreErrorKind::Incompatible,
            (ErrorCode::DatabaseCorrupt, _) => StoreErrorKind::Damaged,
            _ => StoreErrorKind::Unavailable,
        },
        _ => StoreErrorKind::Unavailable,
    };
    StoreError::new(kind, format!("the store (SQLite): {error}"))
}
