//! The plan of every verb, from what the verb itself would send. Knows no vendor.

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
            if !directory.describe().of(verb).is_direct() {
                let write = patched(directory, id, &UserPatch::new().active(active)).await?;
                return Ok(written(directory, verb, vec![write]));
            }
            let mut user = PlannedUser::new(id.to_owned());
            let before = current(directory, id).await?;
            if let Some(mut after) = before.clone() {
                // What the operation does to the record is not documented; what is meant is.
                if after.write(Attribute::Active, Some(&Value::Flag(active))).is_ok() {
                    user.changes = changes(P::Record::SHAPE, before.as_ref().map(members).unwrap_or_default(), members(&after));
                }
            }
            Ok(direct(directory, verb, id, user))
        }
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
