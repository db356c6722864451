//! A vendor's own record of a user, seen from the facade.
//!
//! In: drafts and patches. Out: the record with what they say in it, what is still missing, and what had no place. Knows no
//! vendor: the types implement [`Record`] in `generated`.

use client_core::serde::{Serialize, de::DeserializeOwned};
use client_core::serde_json;
use client_core::{ArgumentPlace, At, Check, Limits, Violations};

use crate::attribute::{Attribute, Value};
use crate::capability::{NotCarried, Verb, not_carried};
use crate::draft::UserDraft;
use crate::error::{Error, Missing, MissingField};
use crate::patch::UserPatch;
use crate::user::User;
use crate::value::Unfit;

/// What a specification says about a vendor's type for users.
#[derive(Debug)]
pub struct Shape {
    /// Name of the vendor crate.
    pub vendor: &'static str,
    /// Name of the schema.
    pub schema: &'static str,
    /// Which property carries which attribute.
    pub carries: &'static [(Attribute, &'static str)],
    /// Properties that a request must have, as they are called on the wire.
    pub required: &'static [&'static str],
    /// Where secrets stand: JSON pointers, `*` for any member or element.
    pub secrets: &'static [&'static str],
    /// All documented properties.
    pub properties: &'static [&'static str],
}

impl Shape {
    /// The property that carries `attribute`.
    #[must_use]
    pub fn property(&self, attribute: Attribute) -> Option<&'static str> {
        self.carries.iter().find(|(carried, _)| *carried == attribute).map(|(_, property)| *property)
    }

    /// The first attribute that `property` carries; where it carries several, the one that is not the identifier.
    #[must_use]
    pub fn attribute(&self, property: &str) -> Option<Attribute> {
        let carried = || self.carries.iter().filter(|(_, name)| *name == property).map(|(attribute, _)| *attribute);
        carried().find(|attribute| *attribute != Attribute::Id).or_else(|| carried().next())
    }
}

/// A vendor's type for users; implemented by generated code.
pub trait Record: User + Clone + Default + Serialize + DeserializeOwned + Check {
    /// What the specification says about it.
    const SHAPE: &'static Shape;

    /// Puts `value` where the vendor keeps `attribute`; `None` clears it.
    ///
    /// # Errors
    ///
    /// The vendor has no place for it, or the value does not fit.
    fn write(&mut self, attribute: Attribute, value: Option<&Value<'_>>) -> Result<(), Unfit>;

    /// Takes from `defaults` every field that is absent here.
    fn fill(&mut self, defaults: &Self);
}

/// Puts every attribute of `draft` into `record` and says which ones had no place.
///
/// # Errors
///
/// A value does not fit its property, or two attributes want the same property to say different things.
pub fn write_draft<R: Record>(record: &mut R, draft: &UserDraft) -> Result<Vec<NotCarried>, Error> {
    let not_carried = not_carried(R::SHAPE.carries, draft);
    let mut written: Vec<(&'static str, &Value<'static>)> = Vec::new();
    for (attribute, value) in draft.attributes() {
        let Some(property) = R::SHAPE.property(attribute).filter(|_| !attribute.is_assigned()) else { continue };
        if let Some((_, other)) = written.iter().find(|(name, other)| *name == property && *other != value) {
            return Err(Error::unfit(R::SHAPE, attribute, Unfit::Occupied { by: other.to_string() }));
        }
        record.write(attribute, Some(value)).map_err(|why| Error::unfit(R::SHAPE, attribute, why))?;
        written.push((property, value));
    }
    Ok(not_carried)
}

/// Puts every change of `patch` into `record`.
///
/// # Errors
///
/// The vendor has no place for one of them, or a value does not fit.
pub fn write_patch<R: Record>(record: &mut R, patch: &UserPatch) -> Result<(), Error> {
    for (attribute, value) in patch.changes() {
        let refused = |why| Error::unfit(R::SHAPE, attribute, why);
        if attribute.is_assigned() {
            return Err(refused(Unfit::Assigned));
        }
        record.write(attribute, value).map_err(refused)?;
    }
    Ok(())
}

/// The record for `draft`: the draft's own record or an empty one, the draft's attributes, and the defaults for the rest.
///
/// # Errors
///
/// A value does not fit, or fields that the vendor demands are missing: all of them at once.
pub fn compose<R: Record>(draft: &UserDraft, defaults: &R, verb: Verb) -> Result<(R, Vec<NotCarried>), Error> {
    compose_with(draft, defaults, verb, &[])
}

/// As [`compose`], where the operation demands more than the schema says: `also` are properties.
///
/// # Errors
///
/// As [`compose`].
pub fn compose_with<R: Record>(
    draft: &UserDraft,
    defaults: &R,
    verb: Verb,
    also: &[&'static str],
) -> Result<(R, Vec<NotCarried>), Error> {
    let mut record = draft.record().and_then(|record| record.downcast_ref::<R>()).cloned().unwrap_or_default();
    record.fill(defaults);
    let not_carried = write_draft(&mut record, draft)?;
    demand(&record, verb, also)?;
    Ok((record, not_carried))
}

/// Checks that `record` has all that the vendor demands, and `also` these properties, and that it keeps the documented limits.
///
/// The client checks limits as well, but only once the request is whole: one record of a batch would stop all others.
///
/// # Errors
///
/// [`Error::Missing`] with every field that is not there, or [`Error::Limits`] with all that breaks one.
pub fn demand<R: Record>(record: &R, verb: Verb, also: &[&'static str]) -> Result<(), Error> {
    let members = members(record);
    let absent = |name: &str| members.get(name).is_none_or(serde_json::Value::is_null);
    let demanded = also.iter().filter(|name| !R::SHAPE.required.contains(name)).chain(R::SHAPE.required);
    let fields: Vec<MissingField> = demanded
        .filter(|name| absent(name))
        .map(|&field| MissingField { field, attribute: R::SHAPE.attribute(field).filter(|attribute| !attribute.is_assigned()) })
        .collect();
    if !fields.is_empty() {
        return Err(Error::Missing(Missing { vendor: R::SHAPE.vendor, verb, fields }));
    }
    let mut violations = Violations::default();
    record.check(&Limits::ANY, &At::start(ArgumentPlace::Body), &mut violations);
    if violations.is_empty() { Ok(()) } else { Err(Error::Limits { vendor: R::SHAPE.vendor, violations }) }
}

/// The members of a record as JSON.
pub(crate) fn members<R: Record>(record: &R) -> serde_json::Map<String, serde_json::Value> {
    match serde_json::to_value(record) {
        Ok(serde_json::Value::Object(members)) => members,
        _ => serde_json::Map::new(),
    }
}
