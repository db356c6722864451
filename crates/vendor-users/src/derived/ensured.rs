//! A user as a draft describes it, whether or not it exists: found by match keys, then created, updated or left alone. Knows no vendor.

use super::found::{Matches, all_matches};
use super::intended::{changed_by, known, new};
use super::{allow, is_unchanged, send, switched};
use crate::attribute::{Attribute, Value};
use crate::batch::is_identifier;
use crate::capabilities::DroppedAttribute;
use crate::capability::Verb;
use crate::draft::UserDraft;
use crate::error::{Candidate, Error, ErrorKind, Problem};
use crate::intent::Intent;
use crate::outcome::{Effect, Outcome};
use crate::primitives::{Primitives, Write};
use crate::record::{Record, without_read_secrets};
use crate::same;
use crate::search::{By, FoundBy, MatchKey};
use crate::user::User;
use crate::value_error::ValueError;

/// What is to be done for a draft.
pub(super) enum Decision<R> {
    /// There is no such user.
    Create(Write<R>),
    /// There is one.
    Change(Change<R>),
}

/// What is to be done with a user that is there.
pub(super) struct Change<R> {
    /// The key that found it.
    pub(super) key: MatchKey,
    /// The draft, save for what is switched by an operation of its own.
    draft: UserDraft,
    /// The record with what that wants.
    pub(super) write: Write<R>,
    /// Whether the user is switched on or off by an operation of its own.
    pub(super) switch: Option<bool>,
}

/// The keys for which the draft has a value and the vendor a property, in their order.
pub(super) fn wanted<P: Primitives>(directory: &P, draft: &UserDraft, keys: &[MatchKey]) -> Vec<(MatchKey, String)> {
    let record = draft.base_record().and_then(crate::record::typed::<P::Record>);
    let value = |key: &MatchKey| {
        directory.describe().property(key.attribute())?;
        let own = || record.as_ref()?.attribute(key.attribute()).map(|value| value.to_string());
        let value = draft.attribute(key.attribute()).map(|value| value.to_string()).or_else(own)?;
        let fits = if *key == MatchKey::Id { is_identifier(&value) } else { !value.trim().is_empty() };
        fits.then_some((*key, value))
    };
    keys.iter().filter_map(value).collect()
}

/// Finds the user of a draft by match keys and says what is to be done.
pub(super) async fn decide<P: Primitives>(
    directory: &P,
    draft: &UserDraft,
    keys: &[MatchKey],
) -> Result<Decision<P::Record>, Error> {
    let wanted = wanted(directory, draft, keys);
    let searches: Vec<By<'_>> = wanted.iter().map(|(key, value)| key.by(value)).collect();
    let found = all_matches(directory, &searches).await?;
    let only_read = found.iter().all(|matches| matches.by == FoundBy::Read);
    decide_on(directory, draft, &wanted, found, only_read).await
}

/// As [`decide`], from what was found for each key. `fresh` says that it was read just now, whole.
pub(super) async fn decide_on<P: Primitives>(
    directory: &P,
    draft: &UserDraft,
    wanted: &[(MatchKey, String)],
    found: Vec<Matches<P::Record>>,
    fresh: bool,
) -> Result<Decision<P::Record>, Error> {
    let capabilities = directory.describe();
    if wanted.is_empty() {
        let words = "the draft has a value for none of the match keys that the vendor has a property for, so that nobody can tell \
                     whether the user is there";
        return Err(Error::new(ErrorKind::Invalid, capabilities.instance(), words));
    }
    let proven = found.iter().all(Matches::is_complete);
    let lists_whole = fresh || capabilities.lists_whole_records();
    let Some((key, record)) = only(directory, wanted, found)? else {
        if !proven {
            let words = "whether the user is there cannot be told: the vendor's search finds nobody, no page says whether case \
                         counts in it, and the list cannot be read; nothing was written";
            return Err(Error::new(ErrorKind::Conflict, capabilities.instance(), words));
        }
        return create(directory, draft).map(Decision::Create);
    };
    let id = record.id().map(|id| id.into_owned()).unwrap_or_default();
    let about = |error: Error| error.about(&*id);
    if lists_whole || shows_all(draft, &record) {
        match change(directory, draft, key, record, &id).await {
            // What is to be written is decided on the record as it is right before.
            Ok(change) if is_nothing(&change) || fresh || (lists_whole && !capabilities.supports(Verb::Get)) => {
                return Ok(Decision::Change(change));
            }
            Err(error) if lists_whole => return Err(about(error)),
            _ => {}
        }
    }
    let record = known(directory, &id).await.map_err(about)?;
    refuse_others(directory, wanted, key, &record)?;
    change(directory, draft, key, record, &id).await.map(Decision::Change).map_err(about)
}

/// Whether a list that leaves out attributes shows all that a draft is about. Whether a user is active only a read proves.
fn shows_all(draft: &UserDraft, record: &dyn User) -> bool {
    let mut attributes = draft.intents().map(|(attribute, _)| attribute);
    draft.base_record().is_none()
        && attributes.all(|attribute| attribute != Attribute::Active && record.attribute(attribute).is_some())
}

fn is_nothing<R: Record>(change: &Change<R>) -> bool {
    is_unchanged(&change.write) && change.switch.is_none()
}

/// The one user that was found, with the first key that found it.
fn only<P: Primitives>(
    directory: &P,
    wanted: &[(MatchKey, String)],
    found: Vec<Matches<P::Record>>,
) -> Result<Option<(MatchKey, P::Record)>, Error> {
    let capabilities = directory.describe();
    let mut candidates: Vec<(Candidate, P::Record)> = Vec::new();
    for ((key, value), matches) in wanted.iter().zip(found) {
        for record in matches.records {
            let Some(id) = record.id().map(|id| id.into_owned()) else {
                let found = "one without";
                return Err(Error::malformed(capabilities.instance(), "users with an identifier", found));
            };
            let folded = id.to_lowercase();
            if !candidates.iter().any(|(known, _)| known.id.to_lowercase() == folded) {
                candidates.push((candidate(*key, value, id, &record), record));
            }
        }
    }
    if candidates.len() > 1 {
        let problem = Problem::Candidates(candidates.into_iter().map(|(candidate, _)| candidate).collect());
        return Err(Error::of(ErrorKind::Conflict, capabilities.instance(), problem));
    }
    let Some((candidate, record)) = candidates.pop() else { return Ok(None) };
    refuse_others(directory, wanted, candidate.key, &record)?;
    Ok(Some((candidate.key, record)))
}

fn candidate(key: MatchKey, value: &str, id: String, record: &dyn User) -> Candidate {
    let user_name = record.user_name().map(|name| name.into_owned());
    Candidate { key, value: value.to_owned(), id, user_name, other: None }
}

/// Refuses a user that was found by `key` and has another value for a key before it: it is somebody else's. So is one that no
/// longer has the key that found it.
fn refuse_others<P: Primitives>(
    directory: &P,
    wanted: &[(MatchKey, String)],
    key: MatchKey,
    record: &P::Record,
) -> Result<(), Error> {
    let instance = directory.describe().instance();
    let place = wanted.iter().position(|(wanted, _)| *wanted == key).unwrap_or_default();
    let Some((_, value)) = wanted.get(place) else { return Ok(()) };
    let id = record.id().map(|id| id.into_owned()).unwrap_or_default();
    if !key.by(value).matches(record) {
        let property = P::Record::SHAPE.property(key.attribute()).unwrap_or(key.attribute().name()).to_owned();
        return Err(Error::of(ErrorKind::Changed, instance, Problem::Changed(vec![property])).about(id));
    }
    for (before, wanted) in wanted.iter().take(place) {
        let Some(own) = record.attribute(before.attribute()).map(|own| own.to_string()) else { continue };
        if own.trim().is_empty() || same::key(before.attribute(), &own) == same::key(before.attribute(), wanted) {
            continue;
        }
        let mut candidate = candidate(key, value, id, record);
        candidate.other = Some((*before, own));
        return Err(Error::of(ErrorKind::Conflict, instance, Problem::Candidates(vec![candidate])));
    }
    Ok(())
}

/// What creates the user, of whom it is proven that it is not there.
fn create<P: Primitives>(directory: &P, draft: &UserDraft) -> Result<Write<P::Record>, Error> {
    let capabilities = directory.describe();
    allow(capabilities, Verb::Create)?;
    if directory.assigns_identifiers() && draft.id().is_some_and(|id| is_identifier(&id)) {
        let property = P::Record::SHAPE.property(Attribute::Id);
        return Err(Error::value(capabilities.instance(), Attribute::Id, property, ValueError::Assigned));
    }
    let id = super::intended::identifier(directory, draft)?;
    new(directory, draft, Verb::Create, id)
}

/// What the draft changes of the user `id`.
async fn change<P: Primitives>(
    directory: &P,
    draft: &UserDraft,
    key: MatchKey,
    record: P::Record,
    id: &str,
) -> Result<Change<P::Record>, Error> {
    let capabilities = directory.describe();
    let before = without_read_secrets(record);
    let mut draft = draft.clone();
    let mut switch = None;
    let mut left = None;
    if let (Some(Intent::Set(Value::Flag(active))), None) =
        (draft.intent(Attribute::Active), capabilities.obstacle(Attribute::Active))
    {
        let active = *active;
        let differs = capabilities.active(&before) != Some(active);
        if differs && active && capabilities.active_is_ambiguous() && capabilities.active(&before) == Some(false) {
            left = Some(DroppedAttribute::new(Attribute::Active, ValueError::LockedOut));
        } else if differs && capabilities.of(if active { Verb::Enable } else { Verb::Disable }).is_direct() {
            switch = Some(active);
        }
        if left.is_some() || switch.is_some() || !differs {
            draft = draft.rebuild().unset(Attribute::Active).build();
        }
    }
    let mut write = changed_by(directory, &draft, before, id).await?;
    write.dropped.extend(left);
    Ok(Change { key, draft, write, switch })
}

/// Does what was decided.
pub(super) async fn perform<P: Primitives>(directory: &P, decision: Decision<P::Record>) -> Result<Outcome, Error> {
    let Change { key, draft, write, switch } = match decision {
        Decision::Create(write) => return send(directory, write).await,
        Decision::Change(change) => change,
    };
    let id = write.id.clone();
    let about = |error: Error| error.about(&*id);
    let changes = !is_unchanged(&write);
    if changes {
        allow(directory.describe(), write.verb).map_err(about)?;
    }
    // Access is removed before anything else is done, and given after all else.
    let off = if switch == Some(false) { Some(switched::switch(directory, &id, false, &[]).await.map_err(about)?) } else { None };
    // Switching it off changed the record, which is read once more.
    let mut outcome = match off {
        None => send(directory, write).await.map_err(about)?,
        Some(off) if !changes => Outcome::boxed(off.user).with_effect(Effect::Updated).with_dropped(write.dropped),
        Some(_) => {
            let half = |error: Error| about(error).with_may_have_arrived(true);
            let before = without_read_secrets(known(directory, &id).await.map_err(half)?);
            let write = changed_by(directory, &draft, before, &id).await.map_err(half)?;
            send(directory, write).await.map_err(half)?
        }
    };
    if switch == Some(true) {
        let on = switched::switch(directory, &id, true, &[]).await;
        let on = on.map_err(|error| if changes { about(error).with_may_have_arrived(true) } else { about(error) })?;
        outcome.user = on.user;
        outcome.effect = Effect::Updated;
    }
    Ok(outcome.with_matched_by(Some(key)))
}
