//! A user that is switched off or on, verified by a read. Knows no vendor.

use super::found::{allow_find, matches};
use super::{allow, intended};
use crate::attribute::Attribute;
use crate::capability::Verb;
use crate::directory::Directory as _;
use crate::error::{Error, ErrorKind};
use crate::outcome::Effect;
use crate::patch::UserPatch;
use crate::primitives::Primitives;
use crate::record::Record;
use crate::search::By;
use crate::switch::{Switched, Taken};

/// Switches the user `id` off or on. `taken` is what switching it off took, to be given back.
pub(super) async fn switch<P: Primitives>(directory: &P, id: &str, active: bool, taken: &[Taken]) -> Result<Switched, Error> {
    let capabilities = directory.describe();
    let verb = if active { Verb::Enable } else { Verb::Disable };
    let before = current(directory, id).await?;
    let is_so = before.as_ref().is_some_and(|before| capabilities.active(before) == Some(active));
    let would_take = before.as_ref().filter(|_| !active && !is_so).map(|before| directory.would_take(before)).unwrap_or_default();
    match before {
        // Where one word stands for switched off and locked out, a read does not tell which of them holds.
        Some(before) if is_so && !capabilities.active_is_ambiguous() => {
            let user = Switched::new(Effect::Unchanged, capabilities.shown(before));
            return give_back(directory, id, user, taken).await;
        }
        _ => {}
    }
    allow(capabilities, verb)?;
    // Another call finds the user switched off, and no longer what it had: the error keeps it.
    let lost = |error: Error| if error.may_have_arrived() { error.with_taken(would_take.clone()) } else { error };
    if capabilities.of(verb).is_direct() {
        directory.set_active(id, active).await.map_err(lost)?;
    } else {
        directory.update(id, &UserPatch::new().active(active)).await.map_err(lost)?;
    }
    let after = verified(directory, id, active).await.map_err(lost)?;
    let kept = directory.would_take(&after);
    let gone = would_take.into_iter().filter(|taken| !kept.contains(taken)).collect();
    let effect = if is_so { Effect::Unchanged } else { Effect::Updated };
    give_back(directory, id, Switched::new(effect, capabilities.shown(after)).with_taken(gone), taken).await
}

/// The user `id` as it is; `None` where nothing reads it.
pub(super) async fn current<P: Primitives>(directory: &P, id: &str) -> Result<Option<P::Record>, Error> {
    if directory.describe().supports(Verb::Get) {
        return intended::known(directory, id).await.map(Some);
    }
    let by = By::Id(id);
    if allow_find(directory, by).is_err() {
        return Ok(None);
    }
    let found = matches(directory, by).await?;
    let complete = found.is_complete();
    match found.records.into_iter().next() {
        None if complete => Err(Error::not_found(directory.describe().instance(), id)),
        record => Ok(record),
    }
}

/// The user as a read shows it after the vendor accepted that it is switched.
async fn verified<P: Primitives>(directory: &P, id: &str, active: bool) -> Result<P::Record, Error> {
    let (done, property) = (if active { "on" } else { "off" }, P::Record::SHAPE.property(Attribute::Active));
    let shown = match current(directory, id).await {
        Ok(Some(record)) if directory.describe().active(&record) == Some(active) => return Ok(record),
        Ok(Some(record)) => match (directory.describe().active(&record), property) {
            (Some(_), Some(property)) => format!("`{property}` reads as before"),
            _ => "the record does not say whether it is active".to_owned(),
        },
        Ok(None) => "no page says how to read it".to_owned(),
        Err(error) => format!("it could not be read: {error}"),
    };
    let words =
        format!("the vendor accepted that the user is switched {done}, and a read does not show it: {shown}; look again later");
    Err(Error::new(ErrorKind::Unverified, directory.describe().instance(), words).with_may_have_arrived(true))
}

async fn give_back<P: Primitives>(directory: &P, id: &str, user: Switched, taken: &[Taken]) -> Result<Switched, Error> {
    if taken.is_empty() {
        return Ok(user);
    }
    let restored = directory.give_back(id, taken).await.map_err(|error| error.with_may_have_arrived(true))?;
    let left = taken.iter().filter(|taken| !restored.contains(taken)).cloned().collect();
    Ok(user.with_restored(restored, left))
}
