//! Users by a key: from the vendor's own search where it has one, else from the list. Knows no vendor.

use futures_util::TryStreamExt as _;

use super::allow;
use super::intended::read;
use crate::batch::is_identifier;
use crate::capabilities::Capabilities;
use crate::capability::Verb;
use crate::error::{Error, ErrorKind};
use crate::primitives::Primitives;
use crate::record::Record;
use crate::search::{By, Found, FoundBy};

/// The records that match, and where they come from.
pub(super) struct Matches<R> {
    pub(super) records: Vec<R>,
    pub(super) by: FoundBy,
}

impl<R: Record> Matches<R> {
    /// Whether none proves that there is none.
    pub(super) fn is_complete(&self) -> bool {
        Found::new(Vec::new(), self.by).is_complete()
    }

    pub(super) fn into_found(self, capabilities: &Capabilities) -> Found {
        let users = self.records.into_iter().map(|user| capabilities.shown(user));
        Found::new(users.collect(), self.by)
    }
}

/// Looks for users.
pub(super) async fn matches<P: Primitives>(directory: &P, by: By<'_>) -> Result<Matches<P::Record>, Error> {
    let found = all_matches(directory, &[by]).await?;
    let none = Matches { records: Vec::new(), by: FoundBy::List };
    Ok(found.into_iter().next().unwrap_or(none))
}

/// Looks for users by several keys, each on its own. The list is read once at most.
pub(super) async fn all_matches<P: Primitives>(directory: &P, keys: &[By<'_>]) -> Result<Vec<Matches<P::Record>>, Error> {
    let capabilities = directory.describe();
    let mut found = Vec::with_capacity(keys.len());
    for by in keys {
        if capabilities.property(by.attribute()).is_none() {
            let words = format!("no page describes a property for `{}`, so that users cannot be found by it", by.key());
            return Err(Error::new(ErrorKind::Unsupported, capabilities.instance(), words));
        }
        found.push(without_list(directory, *by).await?);
    }
    if found.iter().all(Option::is_some) {
        return Ok(found.into_iter().flatten().collect());
    }
    let listed = || Matches { records: Vec::new(), by: FoundBy::List };
    let mut open: Vec<(usize, Matches<P::Record>)> = Vec::new();
    open.extend(found.iter().enumerate().filter(|(_, matches)| matches.is_none()).map(|(place, _)| (place, listed())));
    let mut records = directory.records();
    while let Some(record) = records.try_next().await? {
        for (place, matches) in &mut open {
            if keys.get(*place).is_some_and(|by| by.matches(&record)) {
                matches.records.push(record.clone());
            }
        }
    }
    for (place, matches) in open {
        if let Some(slot) = found.get_mut(place) {
            *slot = Some(matches);
        }
    }
    Ok(found.into_iter().flatten().collect())
}

/// What a read or the vendor's own search gives; `None` where the list is to be read.
async fn without_list<P: Primitives>(directory: &P, by: By<'_>) -> Result<Option<Matches<P::Record>>, Error> {
    let capabilities = directory.describe();
    if let Some(matches) = by_identifier(directory, by).await? {
        return Ok(Some(matches));
    }
    let list = allow(capabilities, Verb::List);
    if !capabilities.of(Verb::Find).is_direct() || allow(capabilities, Verb::Find).is_err() {
        return list.map(|()| None);
    }
    let result = directory.search(by).await.map_err(|error| error.with_may_have_arrived(false))?;
    match (result, list) {
        (None, Ok(())) => Ok(None),
        (None, Err(_)) => {
            let words = format!("users cannot be searched by `{}` here, and the list of all users cannot be read", by.key());
            Err(Error::new(ErrorKind::Unsupported, capabilities.instance(), words))
        }
        (Some(result), list) => {
            let records: Vec<P::Record> = result.users.into_iter().filter(|user| by.matches(user)).collect();
            let matches = Matches { records, by: FoundBy::Search(result.case) };
            // Where nothing was found and nobody knows whether that proves anything, the list is read if it can be.
            let counts = !matches.records.is_empty() || matches.is_complete() || list.is_err();
            Ok(counts.then_some(matches))
        }
    }
}

/// The user that a read by identifier gives. A user name that is the identifier is read as well, but only a hit counts: the
/// vendor may tell names apart by case that are one name here.
async fn by_identifier<P: Primitives>(directory: &P, by: By<'_>) -> Result<Option<Matches<P::Record>>, Error> {
    let is_id = matches!(by, By::Id(_));
    let is_name = matches!(by, By::UserName(_)) && P::Record::SHAPE.is_named_by_user_name();
    if !(is_id || is_name) || !is_identifier(by.value()) || allow(directory.describe(), Verb::Get).is_err() {
        return Ok(None);
    }
    let found = read(directory, by.value()).await?;
    let counts = is_id || found.is_some();
    Ok(counts.then(|| Matches { records: found.into_iter().collect(), by: FoundBy::Read }))
}

/// Whether the users can be looked for by this key at all.
pub(super) fn allow_find<P: Primitives>(directory: &P, by: By<'_>) -> Result<(), Error> {
    let capabilities = directory.describe();
    match by {
        By::Id(_) if capabilities.supports(Verb::Get) => Ok(()),
        _ => allow(capabilities, Verb::Find),
    }
}
