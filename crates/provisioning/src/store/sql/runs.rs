//! Statements about runs and the audit log.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::connection::{Cell, Connection, Row, cells, transaction};
use crate::store::error::{StoreError, StoreErrorKind};
use crate::store::{AuditEntry, HistoryFilter, Run};

const COLUMNS: &str = "id, instance, purpose, holder, started, until, ended, summary";

fn read(mut row: Row) -> Result<Run, StoreError> {
    Ok(Run {
        id: row.text()?,
        instance: row.text()?,
        purpose: row.text()?,
        holder: row.text()?,
        started: row.time()?,
        until: row.time()?,
        ended: row.optional_time()?,
        summary: row.json()?,
    })
}

pub(super) fn start(connection: &mut dyn Connection, run: &Run) -> Result<(), StoreError> {
    let busy = |other: Run| {
        let words = format!("{}: another run ({}) is under way since {}", other.instance, other.purpose, other.started);
        StoreError::new(StoreErrorKind::Busy { holder: other.holder, until: other.until }, words)
    };
    let under_way = format!("SELECT {COLUMNS} FROM runs WHERE instance = $1 AND ended IS NULL");
    let started = transaction(connection, |connection| {
        if let Some(other) = connection.query(&under_way, cells![run.instance.as_str()])?.pop().map(read).transpose()? {
            if other.until > run.started {
                return Err(busy(other));
            }
            // Its holder is gone: the run ended when its lease did.
            let update = "UPDATE runs SET ended = until WHERE id = $1 AND ended IS NULL";
            connection.execute(update, cells![other.id])?;
        }
        let insert = format!("INSERT INTO runs ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
        let parameters = cells![
            run.id.as_str(),
            run.instance.as_str(),
            run.purpose.as_str(),
            run.holder.as_str(),
            run.started,
            run.until,
            run.ended,
            &run.summary,
        ];
        connection.execute(&insert, parameters).map(drop)
    });
    match started {
        // Another machine was faster between the two statements.
        Err(error) if *error.kind() == StoreErrorKind::Taken => {
            let other = connection.query(&under_way, cells![run.instance.as_str()])?.pop().map(read).transpose()?;
            Err(other.map_or(error, busy))
        }
        other => other,
    }
}

pub(super) fn renew(connection: &mut dyn Connection, id: &str, until: Timestamp) -> Result<(), StoreError> {
    let update = "UPDATE runs SET until = $2 WHERE id = $1 AND ended IS NULL";
    if connection.execute(update, cells![id, until])? == 0 {
        let words = format!("the run {id} has ended, since it was not heard of for too long");
        return Err(StoreError::new(StoreErrorKind::Changed, words));
    }
    Ok(())
}

pub(super) fn end(connection: &mut dyn Connection, id: &str, at: Timestamp, summary: &Json) -> Result<(), StoreError> {
    connection.execute("UPDATE runs SET ended = $2, summary = $3 WHERE id = $1", cells![id, at, summary]).map(drop)
}

pub(super) fn latest(connection: &mut dyn Connection, instance: &str, limit: usize) -> Result<Vec<Run>, StoreError> {
    let select = format!("SELECT {COLUMNS} FROM runs WHERE instance = $1 ORDER BY started DESC, id DESC LIMIT $2");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection.query(&select, cells![instance, limit])?.into_iter().map(read).collect()
}

const AUDIT: &str = "at, actor, run, instance, person, account, action, changes, outcome, error, request";

pub(super) fn record(connection: &mut dyn Connection, entry: &AuditEntry) -> Result<(), StoreError> {
    let insert = format!("INSERT INTO audit ({AUDIT}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    let parameters = cells![
        entry.at,
        entry.actor.as_str(),
        entry.run.as_deref(),
        entry.instance.as_str(),
        entry.person.as_deref(),
        entry.account.as_deref(),
        entry.action.as_str(),
        &entry.changes,
        entry.outcome.as_str(),
        entry.error.as_deref(),
        entry.request.as_deref(),
    ];
    connection.execute(&insert, parameters).map(drop)
}

pub(super) fn history(connection: &mut dyn Connection, filter: &HistoryFilter) -> Result<Vec<AuditEntry>, StoreError> {
    let wanted = [
        ("instance =", filter.instance.clone().map(Cell::from)),
        ("person =", filter.person.clone().map(Cell::from)),
        ("account =", filter.account.clone().map(Cell::from)),
        ("run =", filter.run.clone().map(Cell::from)),
        ("at >=", filter.since.map(Cell::from)),
    ];
    let (mut conditions, mut parameters) = (vec!["1 = 1".to_owned()], Vec::new());
    for (column, value) in wanted {
        if let Some(value) = value {
            parameters.push(value);
            conditions.push(format!("{column} ${}", parameters.len()));
        }
    }
    parameters.push(Cell::from(i64::try_from(filter.limit.unwrap_or(usize::MAX)).unwrap_or(i64::MAX)));
    let (conditions, limit) = (conditions.join(" AND "), parameters.len());
    let order = if filter.oldest_first { "ASC" } else { "DESC" };
    let select = format!("SELECT {AUDIT} FROM audit WHERE {conditions} ORDER BY at {order} LIMIT ${limit}");
    let mut entries = connection.query(&select, &parameters)?.into_iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    if !filter.oldest_first {
        entries.reverse();
    }
    Ok(entries)
}

fn entry(mut row: Row) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        at: row.time()?,
        actor: row.text()?,
        run: row.optional_text()?,
        instance: row.text()?,
        person: row.optional_text()?,
        account: row.optional_text()?,
        action: row.text()?,
        changes: row.json()?,
        outcome: row.text()?,
        error: row.optional_text()?,
        request: row.optional_text()?,
    })
}
