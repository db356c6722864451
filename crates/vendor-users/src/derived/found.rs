//! Users by a key: from the vendor's own search where it has one, else from the list. Knows no vendor.

use futures_util::TryStreamExt as _;

use super::allow;
use super::intended::read;
use crate::batch::is_identifier;
use crate::capability::Verb;
use crate::error::{Error, ErrorKind};
use crate::primitives::Primitives;
use crate::record::Record;
use crate::search::{By, Found, FoundBy};
use crate::user::User;

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

    pub(super) fn into_found(self) -> Found {
        let users = self.records.into_iter().map(|user| Box::new(user) as Box<dyn User>);
        Found::new(users.collect(), self.by)
    }
}

/// Looks for users.
pub(super) async fn matches<P: Primitives>(directory: &P, by: By<'_>) -> Result<Matches<P::Record>, Error> {
    let capabilities = directory.describe();
    if let Some(matches) = by_identifier(directory, by).await? {
        return Ok(matches);
    }
    let mut searched = None;
    if capabilities.of(Verb::Find).is_direct() && capabilities.supports(Verb::Find) {
        let result = directory.search(by).await.map_err(|error| error.with_may_have_arrived(false))?;
        searched = result.map(|result| Matches {
            records: result.users.into_iter().filter(|user| by.matches(user)).collect(),
            by: FoundBy::Search(result.case),
        });
    }
    match searched {
        Some(searched) if !searched.records.is_empty() || searched.is_complete() => Ok(searched),
        // Nothing was found, and nobody knows whether that proves anything.
        Some(searched) if allow(capabilities, Verb::List).is_err() => Ok(searched),
        _ => listed(directory, by).await,
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

async fn listed<P: Primitives>(directory: &P, by: By<'_>) -> Result<Matches<P::Record>, Error> {
    let capabilities = directory.describe();
    if capabilities.of(Verb::Find).is_direct() && allow(capabilities, Verb::List).is_err() {
        let words = format!("users cannot be searched by `{}` here, and the list of all users cannot be read", by.key());
        return Err(Error::new(ErrorKind::Unsupported, capabilities.instance(), words));
    }
    allow(capabilities, Verb::List)?;
    let records = directory.records().try_filter(|user| std::future::ready(by.matches(user))).try_collect().await?;
    Ok(Matches { records, by: FoundBy::List })
}

/// Whether the users can be looked for by this key at all.
pub(super) fn allow_find<P: Primitives>(directory: &P, by: By<'_>) -> Result<(), Error> {
    let capabilities = directory.describe();
    match by {
        By::Id(_) if capabilities.supports(Verb::Get) => Ok(()),
        _ => allow(capabilities, Verb::Find),
    }
}
