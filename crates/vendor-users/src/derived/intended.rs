//! What is to be sent for a draft or a patch, after reading what is there. Knows no vendor.

use super::{KEYS, allow, resolved};
use crate::attribute::Attribute;
use crate::batch::is_identifier;
use crate::capabilities::Capabilities;
use crate::capability::Verb;
use crate::directory::{By, Directory as _};
use crate::draft::UserDraft;
use crate::error::{Error, ErrorKind, Problem};
use crate::patch::UserPatch;
use crate::primitives::{Primitives, Write};
use crate::record::{Record, base, demand, members, with_undocumented, without_read_secrets, write_draft, write_patch};
use crate::user::User;
use crate::value_error::ValueError;

/// The record of the user `id`, which must be there.
pub(crate) async fn known<P: Primitives>(directory: &P, id: &str) -> Result<P::Record, Error> {
    let found = read(directory, id).await?;
    found.ok_or_else(|| Error::not_found(directory.describe().instance(), id))
}

/// The record of the user `id`; `None` where the vendor says that there is none. A record of another user is an error.
pub(super) async fn read<P: Primitives>(directory: &P, id: &str) -> Result<Option<P::Record>, Error> {
    // A read changes nothing, whatever became of it.
    let found = directory.read(id).await.map_err(|error| error.with_may_have_arrived(false).about(id))?;
    let Some(record) = found else { return Ok(None) };
    let instance = directory.describe().instance();
    refuse_other(&record, id).map_err(|found| Error::malformed(instance, format!("user `{id}`"), found).about(id))?;
    Ok(Some(record))
}

/// Refuses a record that is not of the user `id`, and says whose it is. Case is the vendor's.
pub(super) fn refuse_other(record: &dyn User, id: &str) -> Result<(), String> {
    match record.id() {
        Some(found) if found.to_lowercase() == id.to_lowercase() => Ok(()),
        Some(found) => Err(format!("user `{found}`")),
        None => Err("a record without an identifier".to_owned()),
    }
}

/// What creates the user of `draft`.
pub(super) async fn created<P: Primitives>(directory: &P, draft: &UserDraft) -> Result<Write<P::Record>, Error> {
    let capabilities = directory.describe();
    let id = identifier::<P::Record>(directory, draft)?;
    if let Some(id) = &id {
        if directory.assigns_identifiers() {
            let property = P::Record::SHAPE.property(Attribute::Id);
            return Err(Error::value(capabilities.instance(), Attribute::Id, property, ValueError::Assigned));
        }
        if capabilities.supports(Verb::Get) {
            if read(directory, id).await?.is_some() {
                return Err(Error::of(ErrorKind::AlreadyExists, capabilities.instance(), Problem::AlreadyExists).about(&**id));
            }
        } else if !draft.replaces_existing() {
            return Err(would_replace(capabilities, id, Vec::new()));
        }
    }
    new(directory, draft, Verb::Create, id)
}

/// What saves the user of `draft`: its record as it is with the draft's attributes in it, or a new one with the defaults.
pub(crate) async fn saved<P: Primitives>(directory: &P, draft: &UserDraft) -> Result<Write<P::Record>, Error> {
    let capabilities = directory.describe();
    let id = identifier::<P::Record>(directory, draft)?;
    let brought = base::<P::Record>(draft, true);
    let Some(id) = id else { return new(directory, draft, writing(capabilities, false), None) };
    let is_of_the_user = |record: &P::Record| record.id().is_some_and(|own| is_identifier(&own));
    let read = capabilities.supports(Verb::Get);
    let (before, mut record) = match (read, brought) {
        (true, brought) => {
            let Some(before) = self::read(directory, &id).await?.map(without_read_secrets) else {
                // A number that nobody has is not one that the next user would get.
                if directory.assigns_identifiers() {
                    return Err(Error::not_found(capabilities.instance(), &id));
                }
                return new(directory, draft, writing(capabilities, false), Some(id));
            };
            let record = brought.map_or_else(|| Ok(before.clone()), |brought| merged(directory, brought, &before))?;
            (before, record)
        }
        (false, Some(brought)) if is_of_the_user(&brought) => (brought.clone(), brought),
        (false, brought) => return replaced(directory, draft, brought, id),
    };
    refuse_taken_name(directory, draft, &before, &id).await?;
    let dropped = write_draft(&mut record, draft, capabilities, true)?;
    demand(&record, capabilities, directory.also_required())?;
    let verb = writing(capabilities, true);
    Ok(Write { id, before: Some(before), read, dropped, ..Write::of(verb, record) })
}

/// The record that came with a draft, over the one that is there: what it does not mention stays, and so does the vendor's
/// spelling of the identifier.
fn merged<P: Primitives>(directory: &P, mut brought: P::Record, before: &P::Record) -> Result<P::Record, Error> {
    brought.fill(before);
    brought = with_undocumented(brought, before);
    if let Some(id) = before.id() {
        write_identifier(directory, &mut brought, &id)?;
    }
    Ok(brought)
}

fn write_identifier<P: Primitives>(directory: &P, record: &mut P::Record, id: &str) -> Result<(), Error> {
    let property = P::Record::SHAPE.property(Attribute::Id);
    let refused = |why| Error::value(directory.describe().instance(), Attribute::Id, property, why);
    record.write(Attribute::Id, Some(&crate::attribute::Value::from(id))).map_err(refused)
}

/// The verb that writes for `save`.
fn writing(capabilities: &Capabilities, exists: bool) -> Verb {
    let direct = capabilities.of(Verb::Save).is_direct();
    resolved(
        capabilities,
        if direct {
            Verb::Save
        } else if exists {
            Verb::Update
        } else {
            Verb::Create
        },
    )
}

/// What creates a user: the draft's own record, its attributes, and the defaults for the rest.
pub(super) fn new<P: Primitives>(
    directory: &P,
    draft: &UserDraft,
    verb: Verb,
    id: Option<String>,
) -> Result<Write<P::Record>, Error> {
    let capabilities = directory.describe();
    let mut record = base::<P::Record>(draft, false).unwrap_or_default();
    if let Some(defaults) = directory.defaults() {
        record.fill(defaults);
    }
    let dropped = write_draft(&mut record, draft, capabilities, false)?;
    directory.mark_new(&mut record);
    let credential = draft.first_credential();
    let password = super::credential::prepared(directory, credential, &mut record)?;
    demand(&record, capabilities, directory.also_required())?;
    let id = id.or_else(|| record.id().map(|id| id.into_owned()).filter(|id| is_identifier(id))).unwrap_or_default();
    Ok(Write {
        verb: resolved(capabilities, verb),
        id,
        before: None,
        read: false,
        record,
        exists: false,
        dropped,
        lost: Vec::new(),
        credential,
        password,
    })
}

/// What replaces a user that cannot be read, where the caller has said so.
fn replaced<P: Primitives>(
    directory: &P,
    draft: &UserDraft,
    brought: Option<P::Record>,
    id: String,
) -> Result<Write<P::Record>, Error> {
    let capabilities = directory.describe();
    let mut record = brought.unwrap_or_default();
    let dropped = write_draft(&mut record, draft, capabilities, true)?;
    if record.id().is_none() {
        write_identifier(directory, &mut record, &id)?;
    }
    let sent = members(&record);
    let unsaid = P::Record::SHAPE.properties.iter().filter(|name| !sent.contains_key(**name));
    let lost: Vec<String> = unsaid.map(|&name| name.to_owned()).collect();
    demand(&record, capabilities, directory.also_required())?;
    if !draft.replaces_existing() {
        return Err(would_replace(capabilities, &id, lost));
    }
    let verb = writing(capabilities, true);
    let write = Write { id, dropped, lost, ..Write::of(verb, record) };
    Ok(write)
}

fn would_replace(capabilities: &Capabilities, id: &str, lost: Vec<String>) -> Error {
    Error::of(ErrorKind::Invalid, capabilities.instance(), Problem::WouldReplace(lost)).about(id)
}

/// The identifier of the user that `draft` is about, from its attributes or its record. Two that differ are refused: whoever
/// starts from one user's record and names another would write onto the other.
pub(super) fn identifier<R: Record>(directory: &impl Primitives<Record = R>, draft: &UserDraft) -> Result<Option<String>, Error> {
    let record = draft.base_record().and_then(crate::record::typed::<R>);
    let text = |id: Option<std::borrow::Cow<'_, str>>| id.map(|id| id.into_owned()).filter(|id| is_identifier(id));
    let named = text(draft.id());
    let by_name = text(draft.user_name()).filter(|_| R::SHAPE.is_named_by_user_name());
    let own = record.as_ref().and_then(|record| text(record.id()));
    let mut found: Option<String> = None;
    for id in [named, by_name, own].into_iter().flatten() {
        match &found {
            Some(first) if first.to_lowercase() != id.to_lowercase() => {
                let words = format!(
                    "the draft is about two users, `{first}` and `{id}`: leave out one of identifier, user name and record; \
                     nothing was written"
                );
                return Err(Error::new(ErrorKind::Conflict, directory.describe().instance(), words));
            }
            // The record has the vendor's own spelling.
            _ => found = Some(id),
        }
    }
    Ok(found)
}

/// Refuses a new user name for a user that exists, where another user has it or nobody can tell.
async fn refuse_taken_name<P: Primitives>(directory: &P, wanted: &dyn User, before: &P::Record, id: &str) -> Result<(), Error> {
    let capabilities = directory.describe();
    let (Some(wanted), Some(name)) = (wanted.user_name(), before.user_name()) else { return Ok(()) };
    if wanted.to_lowercase() == name.to_lowercase() || capabilities.obstacle(Attribute::UserName).is_some() {
        return Ok(());
    }
    let conflict = |words: String| Err(Error::new(ErrorKind::Conflict, capabilities.instance(), words).about(id));
    if allow(capabilities, Verb::Find).is_err() {
        return conflict(format!(
            "user `{name}` would be renamed to `{wanted}`, and whether that name is free cannot be looked up here; nothing was \
             written"
        ));
    }
    let taken = directory.find(By::UserName(&wanted)).await?;
    match taken.users.iter().find(|user| user.id().as_deref() != Some(id)) {
        Some(_) => conflict(format!("`{wanted}` is the name of another user; nothing was written")),
        None => Ok(()),
    }
}

/// What changes the user `id` as `patch` says.
pub(crate) async fn patched<P: Primitives>(directory: &P, id: &str, patch: &UserPatch) -> Result<Write<P::Record>, Error> {
    let capabilities = directory.describe();
    let before = without_read_secrets(known(directory, id).await?);
    let stale = patch.differing(&*capabilities.shown(before.clone()));
    if !stale.is_empty() {
        return Err(changed::<P::Record>(capabilities, &stale).about(id));
    }
    refuse_new_identifier::<P::Record>(capabilities, id, patch)?;
    if let Some(crate::intent::Intent::Set(name)) = patch.intent(Attribute::UserName) {
        let wanted = UserDraft::builder().user_name(name.to_string()).build();
        refuse_taken_name(directory, &wanted, &before, id).await?;
    }
    let mut record = before.clone();
    write_patch(&mut record, patch, capabilities)?;
    demand(&record, capabilities, directory.also_required())?;
    let verb = resolved(capabilities, Verb::Update);
    Ok(Write { id: id.to_owned(), before: Some(before), read: true, ..Write::of(verb, record) })
}

/// What changes the user `id`, whose record is `before`, as `draft` says. What has no place is dropped.
pub(super) async fn changed_by<P: Primitives>(
    directory: &P,
    draft: &UserDraft,
    before: P::Record,
    id: &str,
) -> Result<Write<P::Record>, Error> {
    let capabilities = directory.describe();
    let draft = &draft.clone().rebuild().unset(Attribute::Id).build();
    refuse_new_identifier::<P::Record>(capabilities, id, &UserPatch::from(draft))?;
    refuse_taken_name(directory, draft, &before, id).await?;
    let mut record = match base::<P::Record>(draft, true) {
        Some(brought) => merged(directory, brought, &before)?,
        None => before.clone(),
    };
    let dropped = write_draft(&mut record, draft, capabilities, true)?;
    demand(&record, capabilities, directory.also_required())?;
    let verb = if capabilities.of(Verb::Update).is_supported() { Verb::Update } else { writing(capabilities, true) };
    let verb = resolved(capabilities, verb);
    Ok(Write { id: id.to_owned(), before: Some(before), read: true, dropped, ..Write::of(verb, record) })
}

/// Refuses a patch that would make the user another one.
fn refuse_new_identifier<R: Record>(capabilities: &Capabilities, id: &str, patch: &UserPatch) -> Result<(), Error> {
    let identifies = |attribute: Attribute| R::SHAPE.property(attribute) == R::SHAPE.property(Attribute::Id);
    for attribute in KEYS.into_iter().filter(|attribute| identifies(*attribute)) {
        let other = patch.changes().find(|(changed, value)| {
            *changed == attribute && value.is_none_or(|value| value.to_string().to_lowercase() != id.to_lowercase())
        });
        if other.is_some() {
            let property = R::SHAPE.property(attribute);
            return Err(Error::value(capabilities.instance(), attribute, property, ValueError::Identifier).about(id));
        }
    }
    Ok(())
}

/// Refuses to go on where somebody changed what matters to `patch` between two reads.
pub(super) fn refuse_changed<R: Record>(
    capabilities: &Capabilities,
    patch: &UserPatch,
    seen: Option<&R>,
    now: Option<&R>,
) -> Result<(), Error> {
    let (Some(seen), Some(now)) = (seen, now) else { return Ok(()) };
    let differs = |attribute: &Attribute| capabilities.read(seen, *attribute) != capabilities.read(now, *attribute);
    let changed_attributes: Vec<Attribute> = patch.watched().filter(differs).collect();
    if changed_attributes.is_empty() { Ok(()) } else { Err(changed::<R>(capabilities, &changed_attributes)) }
}

fn changed<R: Record>(capabilities: &Capabilities, attributes: &[Attribute]) -> Error {
    let mut fields: Vec<String> = Vec::new();
    for attribute in attributes {
        let field = R::SHAPE.property(*attribute).unwrap_or(attribute.name()).to_owned();
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    Error::of(ErrorKind::Changed, capabilities.instance(), Problem::Changed(fields))
}
