//! Every verb of a directory, made once over what it can do itself: [`Directory`] for everything that has [`Primitives`].
//!
//! Here are the rules that hold at every vendor: a record is the one that was asked for; what nobody named is not changed;
//! defaults are for users that are created; a response is proof only where it is about the user that was written. Knows no
//! vendor.

use futures_util::{TryStreamExt as _, stream};

use crate::attribute::{Attribute, Value};
use crate::batch::{Batch, Seen, bounded, refuse_duplicates};
use crate::capabilities::{Capabilities, Clearing};
use crate::capability::{Means, Verb};
use crate::choice::Choice;
use crate::directory::{Directory, DirectoryFuture, UserStream};
use crate::draft::UserDraft;
use crate::error::{Error, ErrorKind, Problem};
use crate::outcome::{Effect, Outcome};
use crate::patch::UserPatch;
use crate::plan::{Action, Plan};
use crate::primitives::{Primitives, QueryPage, Write};
use crate::query::{ListQuery, UserPage};
use crate::record::Record as _;
use crate::search::{By, Found, MatchKey};
use crate::switch::{Switched, Taken};
use crate::user::User;
use crate::value_error::ValueError;

mod credential;
mod ensured;
mod ensured_all;
mod found;
mod intended;
mod planned;
mod span;
mod switched;

pub(crate) use intended::{known, patched, saved};

impl<P: Primitives> Directory for P {
    fn capabilities(&self) -> &Capabilities {
        self.describe()
    }

    fn clearing(&self, attribute: Attribute) -> Clearing {
        let constraints = self.describe().constraints(attribute);
        if constraints.required || self.describe().obstacle(attribute).is_some() {
            return Clearing::Never;
        }
        let mut record = P::Record::default();
        // The objects on the way to the attribute are made by a value; whether that one fits does not matter.
        let _ = record.write(attribute, Some(&Value::from("1")));
        let may_be_empty = constraints.min_length == 0 && constraints.pattern.is_none() && constraints.values.is_empty();
        match record.write(attribute, None) {
            Ok(()) => Clearing::Null,
            Err(ValueError::NotNullable) if may_be_empty && record.write(attribute, Some(&Value::from(""))).is_ok() => {
                Clearing::EmptyText
            }
            Err(_) => Clearing::Never,
        }
    }

    fn get<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Box<dyn User>> {
        run(self, Verb::Get, id, async move { Ok(self.describe().shown(known(self, id).await?)) })
    }

    fn list(&self) -> UserStream<'_> {
        if let Err(error) = allow(self.describe(), Verb::List) {
            return Box::pin(stream::once(async move { Err(error) }));
        }
        let users = self.records().map_ok(|user| self.describe().shown(user));
        Box::pin(users.map_err(|error| error.during(Verb::List).under(self.describe(), Verb::List)))
    }

    fn list_page<'a>(&'a self, query: &'a ListQuery) -> DirectoryFuture<'a, UserPage> {
        run(self, Verb::List, "", async move {
            let QueryPage { page, not_done } = self.query(query).await.map_err(|error| error.with_may_have_arrived(false))?;
            let users = page.users.into_iter().map(|user| self.describe().shown(user));
            Ok(UserPage::new(users.filter(|user| query.matches(&**user)).collect(), page.next, not_done))
        })
    }

    fn find<'a>(&'a self, by: By<'a>) -> DirectoryFuture<'a, Found> {
        let allowed = found::allow_find(self, by);
        run_allowed(self, Verb::Find, "", allowed, async move { Ok(found::matches(self, by).await?.into_found(self.describe())) })
    }

    fn ensure<'a>(&'a self, draft: &'a UserDraft, keys: &'a [MatchKey]) -> DirectoryFuture<'a, Outcome> {
        run(self, Verb::Ensure, "", async move { ensured::perform(self, ensured::decide(self, draft, keys).await?).await })
    }

    fn ensure_all<'a>(
        &'a self,
        drafts: &'a [UserDraft],
        keys: &'a [MatchKey],
        batch: &'a Batch<'a>,
    ) -> DirectoryFuture<'a, Vec<Result<Outcome, Error>>> {
        run(self, Verb::Ensure, "", ensured_all::ensure_all(self, drafts, keys, batch))
    }

    fn deactivate_all<'a>(
        &'a self,
        ids: &'a [String],
        batch: &'a Batch<'a>,
    ) -> DirectoryFuture<'a, Vec<Result<Switched, Error>>> {
        run(self, Verb::Deactivate, "", async move { Ok(batch.run(ids, &|_, id| self.deactivate(id)).await) })
    }

    fn deactivate<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Switched> {
        run(self, Verb::Deactivate, id, switched::switch(self, id, false, &[]))
    }

    fn activate_with<'a>(&'a self, id: &'a str, taken: &'a [Taken]) -> DirectoryFuture<'a, Switched> {
        run(self, Verb::Activate, id, switched::switch(self, id, true, taken))
    }

    fn choices(&self, attribute: Attribute) -> DirectoryFuture<'_, Vec<Choice>> {
        run(self, Verb::Choices, "", self.values_of(attribute))
    }

    fn create<'a>(&'a self, draft: &'a UserDraft) -> DirectoryFuture<'a, Outcome> {
        run(self, Verb::Create, "", async move { send(self, intended::created(self, draft).await?).await })
    }

    fn save<'a>(&'a self, draft: &'a UserDraft) -> DirectoryFuture<'a, Outcome> {
        run(self, Verb::Save, "", async move { send(self, saved(self, draft).await?).await })
    }

    fn update<'a>(&'a self, id: &'a str, patch: &'a UserPatch) -> DirectoryFuture<'a, Outcome> {
        run(self, Verb::Update, id, async move {
            let seen = patched(self, id, patch).await?;
            if is_unchanged(&seen) {
                return send(self, seen).await;
            }
            // Read once more right before writing: the vendor replaces the record without a word about who was faster.
            let write = patched(self, id, patch).await?;
            intended::refuse_changed(self.describe(), patch, seen.before.as_ref(), write.before.as_ref())?;
            send(self, write).await
        })
    }

    fn enable<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        switch(self, Verb::Enable, id)
    }

    fn disable<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        switch(self, Verb::Disable, id)
    }

    fn delete<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        run(self, Verb::Delete, id, self.remove(id))
    }

    fn reset_password<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        run(self, Verb::ResetPassword, id, self.require_new_password(id))
    }

    fn save_all<'a>(&'a self, drafts: &'a [UserDraft]) -> DirectoryFuture<'a, Vec<Result<Outcome, Error>>> {
        run(self, Verb::SaveAll, "", async move {
            let mut outcomes = Vec::with_capacity(drafts.len());
            let mut writes = Vec::new();
            for write in all_saved(self, drafts).await? {
                outcomes.push(match write {
                    Ok(write) if is_unchanged(&write) => unchanged(self.describe(), write),
                    Ok(write) => {
                        writes.push(write);
                        Err(None)
                    }
                    Err(error) => Err(Some(error)),
                });
            }
            // Nothing to send is no reason to call.
            let results = if writes.is_empty() { Vec::new() } else { self.write_batch(&writes).await? };
            let mut sent = writes.into_iter().zip(results);
            let mut done = Vec::with_capacity(outcomes.len());
            for outcome in outcomes {
                let outcome = match outcome {
                    Ok(outcome) => Ok(outcome),
                    Err(Some(error)) => Err(error),
                    Err(None) => match sent.next() {
                        Some((write, result)) => answered(self, write, result).await,
                        None => {
                            let missing = Error::malformed(self.describe().instance(), "an outcome for each user", "fewer");
                            Err(missing.with_may_have_arrived(true))
                        }
                    },
                };
                done.push(outcome.map_err(|error| error.during(Verb::SaveAll).under(self.describe(), Verb::SaveAll)));
            }
            Ok(done)
        })
    }

    fn plan<'a>(&'a self, action: Action<'a>) -> DirectoryFuture<'a, Plan> {
        let id = match action {
            Action::Update { id, .. } | Action::Enable(id) | Action::Disable(id) => id,
            Action::Activate(id) | Action::Deactivate(id) => id,
            Action::Delete(id) | Action::ResetPassword(id) => id,
            _ => "",
        };
        run(self, action.verb(), id, planned::plan(self, action))
    }
}

/// Does a verb that the directory can do, and says of an error what it was about.
fn run<'a, P: Primitives, T: Send + 'a>(
    directory: &'a P,
    verb: Verb,
    id: &'a str,
    work: impl Future<Output = Result<T, Error>> + MaybeSend + 'a,
) -> DirectoryFuture<'a, T> {
    run_allowed(directory, verb, id, allow(directory.describe(), verb), work)
}

/// As [`run`], where something else than the verb says whether it can be done.
fn run_allowed<'a, P: Primitives, T: Send + 'a>(
    directory: &'a P,
    verb: Verb,
    id: &'a str,
    allowed: Result<(), Error>,
    work: impl Future<Output = Result<T, Error>> + MaybeSend + 'a,
) -> DirectoryFuture<'a, T> {
    let capabilities = directory.describe();
    let done = async move {
        allowed?;
        work.await.map_err(|error| error.during(verb).about(id).under(capabilities, verb))
    };
    Box::pin(span::within(capabilities.instance(), verb, done))
}

/// Whether the directory can do `verb`, and the settings accept what that rests on.
pub(crate) fn allow(capabilities: &Capabilities, verb: Verb) -> Result<(), Error> {
    if !capabilities.of(verb).is_supported() {
        return Err(Error::unsupported(capabilities, verb));
    }
    let weak = capabilities.not_accepted(verb);
    if weak.is_empty() {
        return Ok(());
    }
    Err(Error::of(ErrorKind::Unsupported, capabilities.instance(), Problem::NotAccepted { weak }).during(verb))
}

/// The direct verb that does the work of `verb`.
fn resolved(capabilities: &Capabilities, verb: Verb) -> Verb {
    let mut verb = verb;
    for _ in Verb::ALL {
        match &capabilities.of(verb).means {
            Means::Derived { from } => verb = from.last().copied().unwrap_or(verb),
            _ => break,
        }
    }
    verb
}

/// Switches a user on or off, directly or by changing its record.
fn switch<'a, P: Primitives>(directory: &'a P, verb: Verb, id: &'a str) -> DirectoryFuture<'a, ()> {
    let active = verb == Verb::Enable;
    run(directory, verb, id, async move {
        if directory.describe().of(verb).is_direct() {
            return directory.set_active(id, active).await;
        }
        let patch = UserPatch::new().active(active);
        directory.update(id, &patch).await.map(drop)
    })
}

/// Sends a write, unless nothing changes.
async fn send<P: Primitives>(directory: &P, write: Write<P::Record>) -> Result<Outcome, Error> {
    if is_unchanged(&write) {
        return unchanged(directory.describe(), write)
            .map_err(|_: Option<Error>| Error::malformed(directory.describe().instance(), "a record", "none"));
    }
    let result = directory.write(&write).await;
    answered(directory, write, result).await
}

/// The outcome of a write from what came back for it.
async fn answered<P: Primitives>(
    directory: &P,
    write: Write<P::Record>,
    result: Result<Option<P::Record>, Error>,
) -> Result<Outcome, Error> {
    let (id, credential, password) = (write.id.clone(), write.credential, write.password.clone());
    let outcome = result.and_then(|response| proven(directory, write, response)).map_err(|error| error.about(id))?;
    credential::issued(directory, credential, password, outcome).await
}

fn is_unchanged<R: crate::record::Record>(write: &Write<R>) -> bool {
    let record = crate::record::members(&write.record);
    write.exists && write.read && write.before.as_ref().is_some_and(|before| crate::record::members(before) == record)
}

fn unchanged<R: crate::record::Record>(capabilities: &Capabilities, write: Write<R>) -> Result<Outcome, Option<Error>> {
    Ok(Outcome::boxed(capabilities.shown(write.record)).with_effect(Effect::Unchanged).with_dropped(write.dropped))
}

/// The outcome of a write whose response is about the user that was written.
fn proven<P: Primitives>(directory: &P, write: Write<P::Record>, response: Option<P::Record>) -> Result<Outcome, Error> {
    let capabilities = directory.describe();
    if let Some(response) = &response {
        let malformed = |found: String| {
            let expected = if write.id.is_empty() { "the new user".to_owned() } else { format!("user `{}`", write.id) };
            Error::malformed(capabilities.instance(), expected, found).with_may_have_arrived(true).about(&*write.id)
        };
        if !write.id.is_empty() {
            intended::refuse_other(response, &write.id).map_err(malformed)?;
        }
        let names = response.user_name().zip(write.record.user_name());
        if let Some((found, _)) = names.filter(|(found, sent)| found.to_lowercase() != sent.to_lowercase()) {
            return Err(malformed(format!("one with the user name `{found}`")));
        }
    }
    let effect = match (write.exists, write.before.is_some()) {
        (true, true) => Effect::Updated,
        (true, false) => Effect::Written,
        (false, _) => Effect::Created,
    };
    let record = response.unwrap_or(write.record);
    Ok(Outcome::boxed(capabilities.shown(record)).with_effect(effect).with_dropped(write.dropped).with_lost(write.lost))
}

/// What is to be sent for each of many drafts; the error is for the batch as a whole.
async fn all_saved<P: Primitives>(directory: &P, drafts: &[UserDraft]) -> Result<Vec<Result<Write<P::Record>, Error>>, Error> {
    let instance = directory.describe().instance();
    refuse_duplicates(instance, drafts)?;
    let writes = bounded(drafts.iter().map(|draft| saved(directory, draft))).await;
    // An identifier of one draft and the user name of another can still meet in the vendor's records.
    let mut seen = Seen::default();
    for (place, write) in writes.iter().enumerate() {
        if let Ok(write) = write {
            seen.meet(instance, "record", &write.id, place)?;
        }
    }
    Ok(writes)
}

/// What futures must be to be boxed on this target.
#[cfg(not(target_arch = "wasm32"))]
trait MaybeSend: Send {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send> MaybeSend for T {}
/// What futures must be to be boxed on this target.
#[cfg(target_arch = "wasm32")]
trait MaybeSend {}
#[cfg(target_arch = "wasm32")]
impl<T> MaybeSend for T {}

/// The attributes that say who a user is.
const KEYS: [Attribute; 2] = [Attribute::Id, Attribute::UserName];
