//! Statements about requests that are under way.

use jiff::Timestamp;

use super::connection::{Connection, Row, cells, transaction};
use super::{links, runs};
use crate::store::error::{StoreError, StoreErrorKind};
use crate::store::link::Link;
use crate::store::{AuditEntry, Kind, Request, RequestResult};

const COLUMNS: &str = "id, run, instance, person, account, kind, wish, holder, begun, until";

fn read(mut row: Row) -> Result<Request, StoreError> {
    Ok(Request {
        id: row.text()?,
        run: row.optional_text()?,
        instance: row.text()?,
        person: row.text()?,
        account: row.optional_text()?,
        kind: {
            let name = row.text()?;
            let unknown = || StoreError::new(StoreErrorKind::Damaged, format!("the store has a request of the kind `{name}`"));
            Kind::named(&name).ok_or_else(unknown)?
        },
        wish: row.json()?,
        holder: row.text()?,
        begun: row.time()?,
        until: row.time()?,
    })
}

pub(super) fn begin(connection: &mut dyn Connection, request: &Request) -> Result<(), StoreError> {
    let insert = format!("INSERT INTO requests ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    let parameters = cells![
        request.id.as_str(),
        request.run.as_deref(),
        request.instance.as_str(),
        request.person.as_str(),
        request.account.as_deref(),
        request.kind.name(),
        &request.wish,
        request.holder.as_str(),
        request.begun,
        request.until,
    ];
    let error = match connection.execute(&insert, parameters) {
        Ok(_) => return Ok(()),
        Err(error) if *error.kind() == StoreErrorKind::Taken => error,
        Err(error) => return Err(error),
    };
    let select = format!("SELECT {COLUMNS} FROM requests WHERE instance = $1 AND person = $2 AND fate IS NULL");
    let other = connection.query(&select, cells![request.instance.as_str(), request.person.as_str()])?.pop();
    // The other one may have been finished between the two statements.
    let Some(other) = other.map(read).transpose()? else { return Err(error) };
    let words = format!("{}: a request for `{}` was begun at {}", other.instance, other.person, other.begun);
    let kind = if other.until > request.begun {
        StoreErrorKind::Busy { holder: other.holder.clone(), until: other.until }
    } else {
        StoreErrorKind::Unfinished(Box::new(other))
    };
    Err(StoreError::new(kind, words))
}

pub(super) fn finish(
    connection: &mut dyn Connection,
    id: &str,
    result: &RequestResult,
    link: Option<Link>,
    audit: Option<&AuditEntry>,
) -> Result<Option<Link>, StoreError> {
    transaction(connection, |connection| {
        let update = "UPDATE requests SET fate = $2, finished = $3 WHERE id = $1 AND fate IS NULL";
        if connection.execute(update, cells![id, result.fate.name(), result.at])? == 0 {
            let words = format!("the request {id} is not under way; another run has finished it");
            return Err(StoreError::new(StoreErrorKind::Changed, words));
        }
        let link = link.map(|link| links::put_within(connection, link)).transpose()?;
        audit.map_or(Ok(()), |entry| runs::record(connection, entry))?;
        Ok(link)
    })
}

pub(super) fn unfinished(connection: &mut dyn Connection, instance: &str) -> Result<Vec<Request>, StoreError> {
    let select = format!("SELECT {COLUMNS} FROM requests WHERE instance = $1 AND fate IS NULL ORDER BY begun, id");
    connection.query(&select, cells![instance])?.into_iter().map(read).collect()
}

pub(super) fn done_since(
    connection: &mut dyn Connection,
    instance: &str,
    kind: Kind,
    since: Timestamp,
) -> Result<u64, StoreError> {
    // What could not be verified was sent, so it counts.
    let count = "SELECT COUNT(*) FROM requests WHERE instance = $1 AND kind = $2 AND finished >= $3 \
                 AND fate IN ('done', 'unverified')";
    let row = connection.query(count, cells![instance, kind.name(), since])?.pop();
    row.map_or(Ok(0), |mut row| row.number())
}
