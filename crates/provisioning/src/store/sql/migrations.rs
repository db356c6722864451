//! The tables, as the steps that led to them. A step that was released is never changed; a new one is added behind.

use super::connection::{Connection, cells, transaction};
use crate::store::error::{StoreError, StoreErrorKind};

/// Text and 64-bit integers alone, so that every database takes the same statements.
const STEPS: &[&str] = &["
CREATE TABLE links (
    id TEXT PRIMARY KEY,
    instance TEXT NOT NULL,
    person TEXT,
    account TEXT,
    user_name TEXT,
    folded_name TEXT,
    origin TEXT NOT NULL,
    written TEXT NOT NULL,
    sent TEXT NOT NULL,
    disabled BIGINT,
    to_restore TEXT NOT NULL,
    unverified BIGINT NOT NULL,
    ended BIGINT,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX links_person ON links (instance, person) WHERE ended IS NULL;
CREATE UNIQUE INDEX links_account ON links (instance, account) WHERE ended IS NULL;
CREATE UNIQUE INDEX links_name ON links (instance, folded_name) WHERE ended IS NULL;
CREATE INDEX links_ended ON links (instance, ended);
CREATE TABLE external_ids (
    link TEXT NOT NULL,
    instance TEXT NOT NULL,
    client TEXT NOT NULL,
    value TEXT NOT NULL,
    ended BIGINT,
    PRIMARY KEY (link, client)
);
CREATE UNIQUE INDEX external_ids_value ON external_ids (instance, client, value) WHERE ended IS NULL;
CREATE TABLE requests (
    id TEXT PRIMARY KEY,
    run TEXT,
    instance TEXT NOT NULL,
    person TEXT NOT NULL,
    account TEXT,
    kind TEXT NOT NULL,
    wish TEXT NOT NULL,
    holder TEXT NOT NULL,
    begun BIGINT NOT NULL,
    until BIGINT NOT NULL,
    fate TEXT,
    finished BIGINT
);
CREATE UNIQUE INDEX requests_under_way ON requests (instance, person) WHERE fate IS NULL;
CREATE INDEX requests_done ON requests (instance, kind, finished);
CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    instance TEXT NOT NULL,
    purpose TEXT NOT NULL,
    holder TEXT NOT NULL,
    started BIGINT NOT NULL,
    until BIGINT NOT NULL,
    ended BIGINT,
    summary TEXT NOT NULL
);
CREATE UNIQUE INDEX runs_under_way ON runs (instance) WHERE ended IS NULL;
CREATE INDEX runs_started ON runs (instance, started);
CREATE TABLE audit (
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    run TEXT,
    instance TEXT NOT NULL,
    person TEXT,
    account TEXT,
    action TEXT NOT NULL,
    changes TEXT NOT NULL,
    outcome TEXT NOT NULL,
    error TEXT,
    request TEXT
);
CREATE INDEX audit_person ON audit (instance, person, at);
CREATE INDEX audit_at ON audit (at);
CREATE TABLE documents (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    expires BIGINT,
    PRIMARY KEY (kind, name)
);
"];

/// Brings the tables to the newest step.
///
/// # Errors
///
/// The database is of a newer version, or cannot be used.
pub(super) fn migrate(connection: &mut dyn Connection) -> Result<(), StoreError> {
    connection.batch("CREATE TABLE IF NOT EXISTS provisioning_steps (step BIGINT PRIMARY KEY)")?;
    transaction(connection, |connection| {
        let row = connection.query("SELECT COUNT(*) FROM provisioning_steps", &[])?.pop();
        let done = row.map_or(Ok(0), |mut row| row.number())?;
        let done = usize::try_from(done).unwrap_or(usize::MAX);
        if done > STEPS.len() {
            let words = "the store was made by a newer version; use that one, or another store";
            return Err(StoreError::new(StoreErrorKind::Incompatible, words));
        }
        for (place, step) in STEPS.iter().enumerate().skip(done) {
            connection.batch(step)?;
            let place = i64::try_from(place).unwrap_or(i64::MAX);
            connection.execute("INSERT INTO provisioning_steps (step) VALUES ($1)", cells![place])?;
        }
        Ok(())
    })
}
