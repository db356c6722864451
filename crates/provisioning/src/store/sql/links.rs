//! Statements about links.

use std::collections::BTreeMap;

use super::connection::{Cell, Connection, Row, cells, transaction};
use crate::store::LinkBy;
use crate::store::error::{StoreError, StoreErrorKind};
use crate::store::link::{Link, Origin, folded};

/// What to look for, with a life of its own.
#[derive(Debug)]
pub(super) enum By {
    Key(String),
    Account(String),
    UserName(String),
    ExternalId(String, String),
}

impl From<LinkBy<'_>> for By {
    fn from(by: LinkBy<'_>) -> Self {
        match by {
            LinkBy::Key(key) => Self::Key(key.to_owned()),
            LinkBy::Account(account) => Self::Account(account.to_owned()),
            LinkBy::UserName(name) => Self::UserName(name.to_owned()),
            LinkBy::ExternalId { client, value } => Self::ExternalId(client.to_owned(), value.to_owned()),
        }
    }
}

const COLUMNS: &str = "id, instance, person, account, user_name, origin, written, sent, disabled, to_restore, unverified, ended, \
                       created, modified, version";

/// Values in a statement's list: databases limit the parameters of one.
const AT_ONCE: usize = 500;

/// The places of `count` parameters, from `$first`.
fn places(first: usize, count: usize) -> String {
    (first..first + count).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
}

fn read(mut row: Row) -> Result<Link, StoreError> {
    Ok(Link {
        id: row.text()?,
        instance: row.text()?,
        key: row.optional_text()?,
        account: row.optional_text()?,
        user_name: row.optional_text()?,
        external_ids: BTreeMap::new(),
        origin: match row.text()?.as_str() {
            "adopted" => Origin::Adopted,
            _ => Origin::Created,
        },
        written: row.json()?,
        sent: row.json()?,
        disabled: row.optional_time()?,
        to_restore: row.json()?,
        unverified: row.flag()?,
        ended: row.optional_time()?,
        created: row.time()?,
        modified: row.time()?,
        version: row.number()?,
    })
}

/// Reads links, with what the clients call them.
fn select(connection: &mut dyn Connection, condition: &str, parameters: &[Cell]) -> Result<Vec<Link>, StoreError> {
    let rows = connection.query(&format!("SELECT {COLUMNS} FROM links WHERE {condition}"), parameters)?;
    let mut links = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let mut names: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for some in links.chunks(AT_ONCE) {
        let ids: Vec<Cell> = some.iter().map(|link| Cell::from(link.id.as_str())).collect();
        let statement = format!("SELECT link, client, value FROM external_ids WHERE link IN ({})", places(1, ids.len()));
        for mut row in connection.query(&statement, &ids)? {
            let (link, client, value) = (row.text()?, row.text()?, row.text()?);
            names.entry(link).or_default().insert(client, value);
        }
    }
    for link in &mut links {
        link.external_ids = names.remove(&link.id).unwrap_or_default();
    }
    Ok(links)
}

pub(super) fn get(connection: &mut dyn Connection, id: &str) -> Result<Option<Link>, StoreError> {
    Ok(select(connection, "id = $1", cells![id])?.pop())
}

pub(super) fn find(connection: &mut dyn Connection, instance: &str, by: &By, ended: bool) -> Result<Vec<Link>, StoreError> {
    let (column, value) = match by {
        By::Key(key) => ("person", key.clone()),
        By::Account(account) => ("account", account.clone()),
        By::UserName(name) => ("folded_name", folded(name)),
        By::ExternalId(client, value) => {
            let is = if ended { "IS NOT NULL" } else { "IS NULL" };
            let within = format!(
                "id IN (SELECT link FROM external_ids WHERE instance = $1 AND client = $2 AND value = $3) AND ended {is} \
                 ORDER BY ended DESC"
            );
            return select(connection, &within, cells![instance, client.as_str(), value.as_str()]);
        }
    };
    let is = if ended { "IS NOT NULL" } else { "IS NULL" };
    let condition = format!("instance = $1 AND {column} = $2 AND ended {is} ORDER BY ended DESC");
    select(connection, &condition, cells![instance, value])
}

pub(super) fn page(connection: &mut dyn Connection, instance: &str, after: &str, limit: usize) -> Result<Vec<Link>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    select(connection, "instance = $1 AND ended IS NULL AND id > $2 ORDER BY id LIMIT $3", cells![instance, after, limit])
}

pub(super) fn of_accounts(connection: &mut dyn Connection, instance: &str, accounts: &[String]) -> Result<Vec<Link>, StoreError> {
    let mut links = Vec::with_capacity(accounts.len());
    for some in accounts.chunks(AT_ONCE) {
        let mut parameters = vec![Cell::from(instance)];
        parameters.extend(some.iter().map(|account| Cell::from(account.as_str())));
        let condition = format!("instance = $1 AND ended IS NULL AND account IN ({})", places(2, some.len()));
        links.extend(select(connection, &condition, &parameters)?);
    }
    Ok(links)
}

pub(super) fn put(connection: &mut dyn Connection, link: Link) -> Result<Link, StoreError> {
    transaction(connection, |connection| put_within(connection, link))
}

/// Stores a link within a transaction of the caller's.
pub(super) fn put_within(connection: &mut dyn Connection, mut link: Link) -> Result<Link, StoreError> {
    let before = i64::try_from(link.version).unwrap_or(i64::MAX);
    link.version += 1;
    let json = |value: serde_json::Result<String>| {
        value.map_err(|error| StoreError::new(StoreErrorKind::Damaged, format!("a link cannot be written: {error}")))
    };
    let origin = match link.origin {
        Origin::Created => "created",
        Origin::Adopted => "adopted",
    };
    let parameters = cells![
        link.id.as_str(),
        link.instance.as_str(),
        link.key.as_deref(),
        link.account.as_deref(),
        link.user_name.as_deref(),
        link.user_name.as_deref().map(folded),
        origin,
        json(serde_json::to_string(&link.written))?,
        &link.sent,
        link.disabled,
        json(serde_json::to_string(&link.to_restore))?,
        link.unverified,
        link.ended,
        link.created,
        link.modified,
        before,
    ];
    let done = if before == 0 {
        let insert = "INSERT INTO links (id, instance, person, account, user_name, folded_name, origin, written, sent, disabled, \
                      to_restore, unverified, ended, created, modified, version) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, CAST($16 AS BIGINT) + 1)";
        connection.execute(insert, parameters)
    } else {
        let update = "UPDATE links SET instance = $2, person = $3, account = $4, user_name = $5, folded_name = $6, origin = $7, \
                      written = $8, sent = $9, disabled = $10, to_restore = $11, unverified = $12, ended = $13, created = $14, \
                      modified = $15, version = version + 1 WHERE id = $1 AND version = $16";
        connection.execute(update, parameters)
    };
    let about = |error| taken(error, &link);
    if done.map_err(about)? == 0 {
        let words = format!("the link {} was changed by somebody else in between; read it again", link.id);
        return Err(StoreError::new(StoreErrorKind::Changed, words));
    }
    connection.execute("DELETE FROM external_ids WHERE link = $1", cells![link.id.as_str()])?;
    for (client, value) in &link.external_ids {
        let insert = "INSERT INTO external_ids (link, instance, client, value, ended) VALUES ($1, $2, $3, $4, $5)";
        let parameters = cells![link.id.as_str(), link.instance.as_str(), client.as_str(), value.as_str(), link.ended];
        connection.execute(insert, parameters).map_err(about)?;
    }
    Ok(link)
}

/// Says of a value that is there twice whose it was to become.
fn taken(error: StoreError, link: &Link) -> StoreError {
    if *error.kind() != StoreErrorKind::Taken {
        return error;
    }
    let word = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name} `{value}`"));
    let mut parts: Vec<String> = [word("key", &link.key), word("account", &link.account), word("user name", &link.user_name)]
        .into_iter()
        .flatten()
        .collect();
    parts.extend(link.external_ids.iter().map(|(client, value)| format!("external identifier `{value}` of {client}")));
    let words = format!("{}: one of {} belongs to another link already", link.instance, parts.join(", "));
    StoreError::new(StoreErrorKind::Taken, words)
}
