//! The store in a PostgreSQL database that several machines share.

use std::sync::Arc;

use postgres::error::SqlState;
use postgres::types::{ToSql, Type};
use postgres::{Client, Config, NoTls};

use super::connection::{Cell, Connection, Row};
use super::migrations::migrate;
use super::worker::SqlStore;
use crate::store::error::{StoreError, StoreErrorKind};

impl SqlStore {
    /// Opens the store in the database at a URL, such as `postgres://user:password@host/database`, with so many connections.
    ///
    /// The URL is not repeated in errors, since a password may stand in it.
    ///
    /// # Errors
    ///
    /// The URL cannot be read, the database cannot be reached, or its tables were made by a newer version.
    pub async fn postgres(url: &str, connections: usize) -> Result<Self, StoreError> {
        let config: Config = url.parse().map_err(|error: postgres::Error| failed(&error))?;
        let config = Arc::new(config);
        let (done, opened) = tokio::sync::oneshot::channel();
        // Connecting waits, so that it is done on a thread of its own; the client has its own runtime.
        let open = move || {
            let _ = done.send(open(&config, connections.max(1)));
        };
        let spawned = std::thread::Builder::new().name("provisioning-store-open".to_owned()).spawn(open);
        spawned.map_err(|error| StoreError::unavailable(format!("the store cannot start a thread: {error}")))?;
        opened.await.map_err(|_| StoreError::unavailable("the store's thread has ended"))?
    }
}

fn open(config: &Arc<Config>, connections: usize) -> Result<SqlStore, StoreError> {
    let connect = || {
        let client = config.connect(NoTls).map_err(|error| failed(&error))?;
        Ok(Postgres { client, config: Arc::clone(config) })
    };
    let mut first = connect()?;
    // Two machines that start at once would both make the tables.
    first.batch("SELECT pg_advisory_lock(7305790)")?;
    let migrated = migrate(&mut first);
    first.batch("SELECT pg_advisory_unlock(7305790)")?;
    migrated?;
    let mut all: Vec<Box<dyn Connection>> = vec![Box::new(first)];
    for _ in 1..connections {
        all.push(Box::new(connect()?));
    }
    SqlStore::start(all, false)
}

struct Postgres {
    client: Client,
    config: Arc<Config>,
}

impl Connection for Postgres {
    fn revive(&mut self) -> Result<(), StoreError> {
        if self.client.is_closed() {
            self.client = self.config.connect(NoTls).map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    fn batch(&mut self, statements: &str) -> Result<(), StoreError> {
        self.client.batch_execute(statements).map_err(|error| failed(&error))
    }

    fn query(&mut self, statement: &str, parameters: &[Cell]) -> Result<Vec<Row>, StoreError> {
        let parameters: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|cell| cell as &(dyn ToSql + Sync)).collect();
        let rows = self.client.query(statement, &parameters).map_err(|error| failed(&error))?;
        let read = |row: &postgres::Row| {
            let cells = row.columns().iter().enumerate().map(|(place, column)| {
                if *column.type_() == Type::INT8 {
                    let number: Option<i64> = row.try_get(place).map_err(|error| failed(&error))?;
                    Ok(number.map_or(Cell::Null, Cell::Integer))
                } else {
                    let text: Option<String> = row.try_get(place).map_err(|error| failed(&error))?;
                    Ok(text.map_or(Cell::Null, Cell::Text))
                }
            });
            cells.collect::<Result<Vec<_>, StoreError>>().map(Row::new)
        };
        rows.iter().map(read).collect()
    }

    fn execute(&mut self, statement: &str, parameters: &[Cell]) -> Result<u64, StoreError> {
        let parameters: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|cell| cell as &(dyn ToSql + Sync)).collect();
        self.client.execute(statement, &parameters).map_err(|error| failed(&error))
    }

    fn begin(&self) -> &'static str {
        "BEGIN"
    }
}

impl ToSql for Cell {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(postgres::types::IsNull::Yes),
            Self::Integer(number) => number.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        <i64 as ToSql>::accepts(kind) || <&str as ToSql>::accepts(kind)
    }

    postgres::types::to_sql_checked!();
}

fn failed(error: &postgres::Error) -> StoreError {
    let kind = match error.code() {
        Some(code) if *code == SqlState::UNIQUE_VIOLATION => StoreErrorKind::Taken,
        _ => StoreErrorKind::Unavailable,
    };
    let detail = error.as_db_error().map(|error| format!(": {}", error.message())).unwrap_or_default();
    StoreError::new(kind, format!("the store (PostgreSQL): {error}{detail}"))
}
