//! Statements about documents that callers keep in the store.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::connection::{Connection, cells};
use crate::store::error::StoreError;

pub(super) fn put(
    connection: &mut dyn Connection,
    kind: &str,
    name: &str,
    document: &Json,
    expires: Option<Timestamp>,
) -> Result<(), StoreError> {
    let upsert = "INSERT INTO documents (kind, name, document, expires) VALUES ($1, $2, $3, $4) \
                  ON CONFLICT (kind, name) DO UPDATE SET document = excluded.document, expires = excluded.expires";
    connection.execute(upsert, cells![kind, name, document, expires]).map(drop)
}

pub(super) fn get(connection: &mut dyn Connection, kind: &str, name: &str, now: Timestamp) -> Result<Option<Json>, StoreError> {
    let select = "SELECT document FROM documents WHERE kind = $1 AND name = $2 AND (expires IS NULL OR expires > $3)";
    connection.query(select, cells![kind, name, now])?.pop().map(|mut row| row.json()).transpose()
}

pub(super) fn list(connection: &mut dyn Connection, kind: &str, now: Timestamp) -> Result<Vec<(String, Json)>, StoreError> {
    let select = "SELECT name, document FROM documents WHERE kind = $1 AND (expires IS NULL OR expires > $2) ORDER BY name";
    let rows = connection.query(select, cells![kind, now])?;
    rows.into_iter().map(|mut row| Ok((row.text()?, row.json()?))).collect()
}

pub(super) fn remove(connection: &mut dyn Connection, kind: &str, name: &str) -> Result<bool, StoreError> {
    Ok(connection.execute("DELETE FROM documents WHERE kind = $1 AND name = $2", cells![kind, name])? > 0)
}

pub(super) fn expire(connection: &mut dyn Connection, now: Timestamp) -> Result<u64, StoreError> {
    connection.execute("DELETE FROM documents WHERE expires <= $1", cells![now])
}
