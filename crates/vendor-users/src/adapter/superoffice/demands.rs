//! What the vendor demands of a new user or person: its default answers tell which members are mandatory, and it checks both
//! before they are saved.

use client_core::serde::Serialize;
use client_core::serde_json::{self, Value};
use client_core::{Field, Map};
use superoffice::types;

use super::Users;
use crate::attribute::Attribute;
use crate::error::{Error, ErrorKind, MissingField, Problem};

/// The word in the rights to a member that says that it must have a value.
const MANDATORY: &str = "UIHintMandatory";

/// The members that must have a value and have none in `record`.
pub(super) fn missing(
    rights: &Field<Map<types::FieldProperty>>,
    record: &impl Serialize,
    within: &str,
    attribute: impl Fn(&str) -> Option<Attribute>,
) -> Vec<MissingField> {
    let record = serde_json::to_value(record).unwrap_or_default();
    let mandatory = rights.as_ref().into_iter().flatten().filter(|(_, rights)| {
        let mask = rights.as_ref().and_then(|rights| rights.field_right.as_ref()).and_then(|right| right.mask.as_deref());
        mask.is_some_and(|mask| mask.split(|char: char| !char.is_alphanumeric()).any(|word| word == MANDATORY))
    });
    let empty = mandatory.filter(|(name, _)| {
        let found = record
            .as_object()
            .and_then(|members| members.iter().find(|(member, _)| member.eq_ignore_ascii_case(name)).map(|(_, value)| value));
        found.is_none_or(is_empty)
    });
    empty.map(|(name, _)| MissingField::new(format!("{within}{name}"), attribute(name))).collect()
}

/// Whether nothing is said: null, no text, no element, and an object that points nowhere.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => {
            let ids = members.iter().filter(|(name, _)| name.ends_with("Id"));
            let ids: Vec<&Value> = ids.map(|(_, value)| value).collect();
            members.is_empty() || (!ids.is_empty() && ids.iter().all(|id| id.as_i64().is_none_or(|id| id == 0)))
        }
        _ => false,
    }
}

/// The attribute of a user's own member.
pub(super) fn of_user(member: &str) -> Option<Attribute> {
    match member {
        "UserName" => Some(Attribute::UserName),
        "NickName" => Some(Attribute::NickName),
        "Role" => Some(Attribute::Role),
        "UserGroup" => Some(Attribute::UserGroup),
        _ => None,
    }
}

/// The attribute of a person's member.
pub(super) fn of_person(member: &str) -> Option<Attribute> {
    match member {
        "Firstname" => Some(Attribute::GivenName),
        "Lastname" => Some(Attribute::FamilyName),
        "Title" => Some(Attribute::Title),
        "Emails" => Some(Attribute::Email),
        "OfficePhones" => Some(Attribute::PhoneNumber),
        "MobilePhones" => Some(Attribute::MobilePhone),
        _ => None,
    }
}

impl Users {
    /// Refuses what lacks mandatory members, all of them at once.
    pub(super) fn demanded(&self, missing: Vec<MissingField>) -> Result<(), Error> {
        match missing.is_empty() {
            true => Ok(()),
            false => Err(Error::of(ErrorKind::Invalid, self.instance(), Problem::Missing(missing))),
        }
    }

    /// Refuses what the vendor's own check has a message about.
    pub(super) fn refuse_faults(&self, what: &str, faults: &Map<String>) -> Result<(), Error> {
        let told = faults.iter().filter_map(|(member, message)| Some((member, message.as_deref()?.trim())));
        let told: Vec<String> =
            told.filter(|(_, message)| !message.is_empty()).map(|(member, message)| format!("{member}: {message}")).collect();
        match told.is_empty() {
            true => Ok(()),
            false => Err(self.error(ErrorKind::Invalid, format!("the vendor's check of the {what} says: {}", told.join("; ")))),
        }
    }
}
