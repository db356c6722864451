//! The plan of every verb, from what the verb itself would send. Knows no vendor.

use super::ensured::{self, Decision};
use super::intended::{created, known, patched, saved};
use super::{all_saved, is_unchanged};
use crate::attribute::{Attribute, Value};
use crate::capability::Verb;
use crate::error::Error;
use crate::patch::UserPatch;
use crate::plan::{Action, Plan, PlannedRequest, PlannedUser, changes};
use crate::primitives::{Primitives, Write};
use crate::record::{Record, members};

/// What `action` would send.
pub(super) async fn plan<P: Primitives>(directory: &P, action: Action<'_>) -> Result<Plan, Error> {
    let verb = action.verb();
    match action {
        Action::Create(draft) => Ok(written(directory, verb, vec![created(directory, draft).await?])),
        Action::Save(draft) => Ok(written(directory, verb, vec![saved(directory, draft).await?])),
        Action::SaveAll(drafts) => {
            let writes = all_saved(directory, drafts).await?.into_iter().collect::<Result<Vec<_>, Error>>()?;
            Ok(written(directory, verb, writes))
        }
        Action::Update { id, patch } => Ok(written(directory, verb, vec![patched(directory, id, patch).await?])),
        Action::Enable(id) | Action::Disable(id) => {
            let active = verb == Verb::Enable;
            switching(directory, verb, id, active, current(directory, id).await?).await
        }
        Action::Ensure { draft, keys } => match ensured::decide(directory, draft, keys).await? {
            Decision::Create(write) => Ok(written(directory, verb, vec![write])),
            Decision::Change(change) => {
                let (id, switch) = (change.write.id.clone(), change.switch);
                let mut plan = written(directory, verb, vec![change.write]);
                if let Some(active) = switch {
                    let switched = switched(directory, verb, &id, active).await?;
                    let (requests, users) = (switched.requests, switched.users);
                    // Access is removed before anything else is done, and given after all else.
                    let place = if active { plan.requests.len() } else { 0 };
                    plan.requests.splice(place..place, requests);
                    for (user, switched) in plan.users.iter_mut().zip(users) {
                        user.changes.extend(switched.changes);
                        user.taken.extend(switched.taken);
                    }
                }
                Ok(plan)
            }
        },
        Action::Activate(id) => switched(directory, verb, id, true).await,
        Action::Deactivate(id) => switched(directory, verb, id, false).await,
        Action::Delete(id) => {
            let mut user = PlannedUser::new(id.to_owned());
            if let Some(before) = current(directory, id).await? {
                user.changes = changes(P::Record::SHAPE, members(&before), Default::default());
            }
            Ok(direct(directory, verb, id, user))
        }
        Action::ResetPassword(id) => {
            current(directory, id).await?;
            Ok(direct(directory, verb, id, PlannedUser::new(id.to_owned())))
        }
    }
}

/// A plan of switching a user on or off, where it is not so already.
async fn switched<P: Primitives>(directory: &P, verb: Verb, id: &str, active: bool) -> Result<Plan, Error> {
    let capabilities = directory.describe();
    let before = super::switched::current(directory, id).await?;
    if !capabilities.active_is_ambiguous() && before.as_ref().is_some_and(|before| capabilities.active(before) == Some(active)) {
        return Ok(Plan::new(capabilities.instance(), verb).with_user(PlannedUser::new(id.to_owned())));
    }
    let taken = before.as_ref().filter(|_| !active).map(|before| directory.would_take(before)).unwrap_or_default();
    let mut plan = switching(directory, verb, id, active, before).await?;
    plan.users.iter_mut().for_each(|user| user.taken.clone_from(&taken));
    Ok(plan)
}

/// A plan of switching a user on or off, whatever it is.
async fn switching<P: Primitives>(
    directory: &P,
    verb: Verb,
    id: &str,
    active: bool,
    before: Option<P::Record>,
) -> Result<Plan, Error> {
    let does = if active { Verb::Enable } else { Verb::Disable };
    if !directory.describe().of(does).is_direct() {
        let write = patched(directory, id, &UserPatch::new().active(active)).await?;
        return Ok(written(directory, verb, vec![write]));
    }
    let mut user = PlannedUser::new(id.to_owned());
    if let Some(mut after) = before.clone() {
        // What the operation does to the record is not documented; what is meant is.
        if after.write(Attribute::Active, Some(&Value::Flag(active))).is_ok() {
            user.changes = changes(P::Record::SHAPE, before.as_ref().map(members).unwrap_or_default(), members(&after));
        }
    }
    let mut plan = direct(directory, does, id, user);
    plan.verb = verb;
    Ok(plan)
}

/// The record as it is, where it can be read.
async fn current<P: Primitives>(directory: &P, id: &str) -> Result<Option<P::Record>, Error> {
    if directory.describe().supports(Verb::Get) { known(directory, id).await.map(Some) } else { Ok(None) }
}

/// A plan of one request without a body.
fn direct<P: Primitives>(directory: &P, verb: Verb, id: &str, user: PlannedUser) -> Plan {
    let capabilities = directory.describe();
    let mut plan = Plan::new(capabilities.instance(), verb).with_user(user);
    plan.requests = capabilities.of(verb).operations().iter().map(|operation| PlannedRequest::new(operation, id)).collect();
    plan
}

/// A plan of writes. One verb's writes are sent together, as the directory does it.
fn written<P: Primitives>(directory: &P, verb: Verb, writes: Vec<Write<P::Record>>) -> Plan {
    let mut plan = Plan::new(directory.describe().instance(), verb);
    let mut sent: Vec<Write<P::Record>> = Vec::new();
    for write in writes {
        plan.users.push(planned_user(&write));
        if !is_unchanged(&write) {
            sent.push(write);
        }
    }
    plan.requests = directory.requests(&sent);
    for write in sent.iter().filter(|write| !write.exists) {
        let operations = directory.describe().credential(write.credential).operations();
        plan.requests.extend(operations.iter().map(|operation| PlannedRequest::new(operation, &write.id)));
    }
    plan
}

fn planned_user<R: Record>(write: &Write<R>) -> PlannedUser {
    let before = write.before.as_ref();
    let mut user = PlannedUser::new(Some(write.id.clone()).filter(|id| !id.is_empty()));
    user.changes = changes(R::SHAPE, before.map(members).unwrap_or_default(), members(&write.record));
    user.dropped.clone_from(&write.dropped);
    user.lost.clone_from(&write.lost);
    user.last_modified = before.and_then(|record| record.last_modified().map(|date| date.into_owned()));
    user
}
