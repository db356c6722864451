//! A vendor's own record of a user, seen from the facade: what drafts and patches make of it.
//!
//! Knows no vendor: the types implement [`Record`] in `generated`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use client_core::serde::{Serialize, de::DeserializeOwned};
use client_core::serde_json::{self, value::RawValue};
use client_core::{ArgumentPlace, At, Check, Constraints, Violations};

use crate::attribute::{Attribute, Value};
use crate::capabilities::{Capabilities, DroppedAttribute};
use crate::draft::{Origin, UserDraft};
use crate::error::{Error, ErrorKind, MissingField, Problem};
use crate::intent::Intent;
use crate::patch::UserPatch;
use crate::same;
use crate::shape;
pub use crate::shape::{MASK, Shape};
use crate::user::{StoredUser, User};
use crate::value_error::ValueError;

/// A vendor's type for users; implemented by generated code, and by directories of systems of your own.
pub trait Record: User + Clone + Default + Serialize + DeserializeOwned + Check {
    /// What the specification says about it.
    const SHAPE: &'static Shape;

    /// Puts `value` where the vendor keeps `attribute`; `None` clears it.
    ///
    /// # Errors
    ///
    /// The vendor has no place for it, or the value does not fit.
    fn write(&mut self, attribute: Attribute, value: Option<&Value<'_>>) -> Result<(), ValueError>;

    /// Takes from `defaults` every field that is absent here.
    fn fill(&mut self, defaults: &Self);
}

/// Visits record types, which differ from vendor to vendor; see [`visit_records`](crate::visit_records).
#[doc(hidden)]
pub trait RecordVisitor {
    /// Visits one of them.
    fn visit<R: Record>(&mut self);
}

/// Returns the record of type `R` that `user` is, or was kept as.
#[must_use]
pub fn typed<R: Record>(user: &dyn User) -> Option<R> {
    if let Some(record) = user.downcast_ref::<R>() {
        return Some(record.clone());
    }
    user.downcast_ref::<StoredUser>()?.record_of(R::SHAPE)
}

/// The draft's own record, without secrets that nobody named: all of those that a read returned, and of a record that the
/// caller made the masks and, for a user that exists, the nulls.
pub(crate) fn base<R: Record>(draft: &UserDraft, exists: bool) -> Option<R> {
    let (record, origin) = draft.base()?;
    let record = typed::<R>(record)?;
    Some(match origin {
        Origin::Directory => without_secrets(record, &|_| true),
        Origin::Caller => without_secrets(record, &|secret| is_mask(secret) || (exists && secret == "null")),
    })
}

/// A record as the vendor answered it, without its secrets: a write that does not name them leaves them alone.
pub(crate) fn without_read_secrets<R: Record>(record: R) -> R {
    without_secrets(record, &|_| true)
}

/// The record with the members of `other` that it does not have, those that the vendor does not document included.
pub(crate) fn with_undocumented<R: Record>(record: R, other: &R) -> R {
    let read = |record: &R| serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(&serde_json::to_string(record)?);
    let (Ok(own), Ok(mut all)) = (read(&record), read(other)) else { return record };
    all.extend(own);
    serde_json::to_string(&all).and_then(|text| serde_json::from_str(&text)).unwrap_or(record)
}

/// Whether the JSON of a secret is what vendors show instead of one.
fn is_mask(json: &str) -> bool {
    let text = serde_json::from_str::<String>(json).unwrap_or_default();
    !text.is_empty() && text.chars().all(|char| matches!(char, '*' | '•' | '●' | '·'))
}

/// The record without the secrets for which `is_meant` holds. Every other member keeps its text to the byte.
fn without_secrets<R: Record>(record: R, is_meant: &dyn Fn(&str) -> bool) -> R {
    if R::SHAPE.secrets.is_empty() {
        return record;
    }
    let Ok(mut text) = serde_json::to_string(&record) else { return record };
    let before = text.clone();
    for pointer in R::SHAPE.secrets {
        let tokens: Vec<_> = shape::tokens(pointer).collect();
        if let Some(stripped) = strip(&text, &tokens, is_meant) {
            text = stripped;
        }
    }
    if text == before { record } else { serde_json::from_str(&text).unwrap_or(record) }
}

/// JSON text without the member at `tokens`; `None` where it is not there.
fn strip(text: &str, tokens: &[Cow<'_, str>], is_meant: &dyn Fn(&str) -> bool) -> Option<String> {
    let (token, rest) = tokens.split_first()?;
    let raw = |text: String| RawValue::from_string(text).ok();
    if token == "*"
        && let Ok(elements) = serde_json::from_str::<Vec<Box<RawValue>>>(text)
    {
        let stripped = elements.into_iter().map(|element| strip(element.get(), rest, is_meant).and_then(raw).unwrap_or(element));
        return serde_json::to_string(&stripped.collect::<Vec<_>>()).ok();
    }
    let mut members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).ok()?;
    let names: Vec<String> = members.keys().filter(|name| token == "*" || *name == token).cloned().collect();
    for name in names {
        let value = members.get(&name)?.get().to_owned();
        if rest.is_empty() {
            if is_meant(&value) {
                members.remove(&name);
            }
        } else if let Some(stripped) = strip(&value, rest, is_meant).and_then(raw) {
            members.insert(name, stripped);
        }
    }
    serde_json::to_string(&members).ok()
}

/// Puts what `draft` says into `record` and says which attributes had no place. `exists` says whether the record is that of a
/// user that is there: then what is only for users that are created is left out.
///
/// # Errors
///
/// A value does not fit its property, two attributes want the same property to say different things, or `active` is to be false
/// and has no place: whoever is to be kept out must not be dropped in silence.
pub fn write_draft<R: Record>(
    record: &mut R,
    draft: &UserDraft,
    capabilities: &Capabilities,
    exists: bool,
) -> Result<Vec<DroppedAttribute>, Error> {
    let mut dropped = Vec::new();
    let mut written: Vec<(&'static str, &Value<'static>)> = Vec::new();
    for (attribute, intent) in draft.intents() {
        let value = match intent {
            Intent::OnCreate(_) if exists => continue,
            intent => intent.value(),
        };
        let refused = |why| refused::<R>(capabilities, attribute, why);
        if let Some(why) = capabilities.obstacle(attribute) {
            match (value, why) {
                (Some(Value::Flag(false)), why) if attribute == Attribute::Active => return Err(refused(why)),
                // What has no place has no value there either.
                (None, ValueError::NoProperty | ValueError::Assigned) => {}
                (_, why) => dropped.push(DroppedAttribute::new(attribute, why)),
            }
            continue;
        }
        let Some(property) = R::SHAPE.property(attribute) else { continue };
        let Some(value) = value else {
            if !is_empty(record, attribute, capabilities) {
                record.write(attribute, None).map_err(refused)?;
            }
            continue;
        };
        if let Some((_, other)) = written.iter().find(|(name, other)| *name == property && *other != value) {
            return Err(refused(ValueError::Occupied { by: other.to_string() }));
        }
        written.push((property, value));
        // Vendors have no value where they were sent an empty text.
        let nothing =
            matches!(value, Value::Text(text) if text.is_empty()) && exists && is_empty(record, attribute, capabilities);
        if !nothing && !is_same(record, attribute, value, capabilities) {
            let value = capabilities.in_words(attribute, value).map_err(refused)?;
            record.write(attribute, Some(&value)).map_err(refused)?;
        }
    }
    if !exists {
        compose(record, draft, capabilities)?;
    }
    Ok(dropped)
}

/// Gives a new user what is made of other attributes and was not named, such as a display name made of two names.
fn compose<R: Record>(record: &mut R, draft: &UserDraft, capabilities: &Capabilities) -> Result<(), Error> {
    for (attribute, parts) in R::SHAPE.composed {
        if draft.intent(*attribute).is_some() || !is_empty(record, *attribute, capabilities) {
            continue;
        }
        let texts = parts.iter().filter_map(|part| draft.attribute(*part)).map(|text| text.to_string().trim().to_owned());
        let text = texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
        if !text.is_empty() && capabilities.obstacle(*attribute).is_none() {
            let written = record.write(*attribute, Some(&Value::from(text)));
            written.map_err(|why| refused::<R>(capabilities, *attribute, why))?;
        }
    }
    Ok(())
}

/// Puts every change of `patch` into `record`.
///
/// # Errors
///
/// The vendor has no place for one of them, or a value does not fit.
pub fn write_patch<R: Record>(record: &mut R, patch: &UserPatch, capabilities: &Capabilities) -> Result<(), Error> {
    for (attribute, value) in patch.changes() {
        let refused = |why| refused::<R>(capabilities, attribute, why);
        if let Some(why) = capabilities.obstacle(attribute) {
            return Err(refused(why));
        }
        // What is to be cleared is cleared although the record does not show it: a read need not show everything.
        let is_there = value.is_some_and(|value| is_same(record, attribute, value, capabilities));
        if !is_there {
            let value = value.map(|value| capabilities.in_words(attribute, value)).transpose().map_err(refused)?;
            record.write(attribute, value.as_deref()).map_err(refused)?;
        }
    }
    Ok(())
}

/// Whether `record` says the same already, if in the vendor's own spelling.
fn is_same<R: Record>(record: &R, attribute: Attribute, value: &Value<'_>, capabilities: &Capabilities) -> bool {
    capabilities.read(record, attribute).is_some_and(|known| same::values(attribute, &known, value))
}

/// Whether `record` has no value to be cleared.
fn is_empty<R: Record>(record: &R, attribute: Attribute, capabilities: &Capabilities) -> bool {
    if capabilities.read(record, attribute).is_none() && record.word(attribute).is_some() {
        return false;
    }
    capabilities.read(record, attribute).is_none_or(|known| matches!(known, Value::Text(text) if text.is_empty()))
}

fn refused<R: Record>(capabilities: &Capabilities, attribute: Attribute, why: ValueError) -> Error {
    Error::value(capabilities.instance(), attribute, R::SHAPE.property(attribute), why)
}

/// Checks that `record` has all that the vendor demands, and `also` these properties, and that it keeps the documented
/// constraints.
///
/// The client checks constraints as well, but only once the request is whole: one record of a batch would stop all others.
///
/// # Errors
///
/// [`Problem::Missing`] with every field that is not there, or [`Problem::Constraints`] with all that breaks one.
pub fn demand<R: Record>(record: &R, capabilities: &Capabilities, also: &[&'static str]) -> Result<(), Error> {
    let members = members(record);
    let absent = |name: &str| members.get(name).is_none_or(serde_json::Value::is_null);
    let demanded = also.iter().filter(|name| !R::SHAPE.required.contains(name)).chain(R::SHAPE.required);
    let missing: Vec<MissingField> = demanded
        .filter(|name| absent(name))
        .map(|&field| MissingField::new(field, R::SHAPE.attribute(field).filter(|attribute| !attribute.is_assigned())))
        .collect();
    if !missing.is_empty() {
        return Err(Error::of(ErrorKind::Invalid, capabilities.instance(), Problem::Missing(missing)));
    }
    let mut violations = Violations::default();
    record.check(&Constraints::NONE, &At::start(ArgumentPlace::Body), &mut violations);
    if violations.is_empty() {
        return Ok(());
    }
    Err(Error::of(ErrorKind::Invalid, capabilities.instance(), Problem::Constraints(violations)))
}

/// The members of a record as JSON.
pub(crate) fn members<R: Record>(record: &R) -> serde_json::Map<String, serde_json::Value> {
    match serde_json::to_value(record) {
        Ok(serde_json::Value::Object(members)) => members,
        _ => serde_json::Map::new(),
    }
}
