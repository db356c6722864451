//! Users as SCIM 2.0 writes them (RFC 7643), on the types of the crate `scim_v2`.
//!
//! Any [`User`] becomes a SCIM user, and the other way round; what has no place is named. Knows no vendor.
//!
//! ```
//! use vendor_users::{UserDraft, scim};
//!
//! let kim = UserDraft::builder().user_name("kim.lee").email("kim.lee@example.com").active(true).build();
//! let user = scim::to_scim(&kim)?;
//! assert_eq!(user.emails.first().and_then(|email| email.value.as_deref()), Some("kim.lee@example.com"));
//! assert_eq!(scim::from_scim(&user).draft, kim);
//! # Ok::<(), scim::NoUserName>(())
//! ```

use std::collections::BTreeMap;
use std::fmt;

use client_core::serde_json::{self, Value, json};
pub use scim_v2;
use scim_v2::models::scim_schema::Meta;
use scim_v2::models::user::User as ScimUser;
use scim_v2::schema_urns;

use crate::attribute::{Attribute, Value as AttributeValue};
use crate::capabilities::{Documented, DroppedAttribute};
use crate::draft::UserDraft;
use crate::generated::DOCUMENTED;
use crate::intent::Intent;
use crate::user::User;

#[rustfmt::skip]
mod generated;

use generated::place;

/// The user has no user name, which RFC 7643 demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoUserName;

impl fmt::Display for NoUserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the user has no `user_name`, which SCIM demands (RFC 7643, section 4.1)")
    }
}

impl std::error::Error for NoUserName {}

/// `user` as SCIM has it, without what is [`unplaced`]. What a draft clears is null, and an empty list where SCIM has a list; SCIM has no word for what is
/// set only when creating, so that this is set. Dates that are not `xsd:dateTime` are left out: SCIM has no other ones.
///
/// # Errors
///
/// The user has no user name.
pub fn to_scim(user: &dyn User) -> Result<ScimUser, NoUserName> {
    if user.user_name().is_none() {
        return Err(NoUserName);
    }
    let draft = user.downcast_ref::<UserDraft>();
    let mut json = json!({ "schemas": [schema_urns::USER], "meta": { "resourceType": "User" } });
    let mut has_extension = false;
    for &attribute in Attribute::ALL {
        let Some(place) = place(attribute) else { continue };
        let cleared = draft.and_then(|draft| draft.intent(attribute)) == Some(&Intent::Clear);
        let value = match user.attribute(attribute) {
            Some(AttributeValue::Text(text)) => Value::from(text),
            Some(AttributeValue::Flag(flag)) => Value::from(flag),
            None if cleared => Value::Null,
            None => continue,
        };
        if attribute.is_assigned() && !is_date(&place, &value) {
            continue;
        }
        has_extension |= place.is_enterprise;
        place.put(&mut json, value);
    }
    if has_extension && let Some(schemas) = json.get_mut("schemas").and_then(Value::as_array_mut) {
        schemas.push(Value::from(schema_urns::ENTERPRISE_USER));
    }
    // All that was put is of the type that the place has: the user name is there, and dates were tried.
    serde_json::from_value(json).map_err(|_| NoUserName)
}

/// Returns the attributes of `user` that SCIM has no place for, so that [`to_scim`] leaves them out.
#[must_use]
pub fn unplaced(user: &dyn User) -> Vec<Attribute> {
    let unplaced = Attribute::ALL.iter().copied().filter(|attribute| place(*attribute).is_none());
    unplaced.filter(|attribute| user.attribute(*attribute).is_some()).collect()
}

fn is_date(place: &Place, value: &Value) -> bool {
    let mut json = json!({ "meta": {} });
    place.put(&mut json, value.clone());
    json.get("meta").is_some_and(|meta| serde_json::from_value::<Meta>(meta.clone()).is_ok())
}

/// Where an attribute stands in a SCIM user.
struct Place {
    /// Whether that is in the extension for enterprises.
    is_enterprise: bool,
    /// The members on the way.
    members: &'static [&'static str],
    /// Where the first member is a list: the type by which its elements are told apart.
    kind: Option<&'static str>,
    /// Whether no attribute wants an element of another type from the list, so that such an element stands for it as well.
    is_alone: bool,
}

impl Place {
    fn put(&self, user: &mut Value, value: Value) {
        if let (Some(kind), [list, member]) = (self.kind, self.members) {
            let list = &mut user[*list];
            if list.is_null() {
                *list = Value::Array(Vec::new());
            }
            if let (Value::Array(elements), false) = (list, value.is_null()) {
                if let Some(element) = elements.iter_mut().find(|element| element.get("type") == Some(&Value::from(kind))) {
                    element[*member] = value;
                    return;
                }
                let mut element = json!({ "type": kind });
                element[*member] = value;
                if self.is_alone {
                    element["primary"] = Value::Bool(true);
                }
                elements.push(element);
            }
            return;
        }
        let mut at = if self.is_enterprise { &mut user[schema_urns::ENTERPRISE_USER] } else { user };
        for member in self.members {
            at = &mut at[*member];
        }
        *at = value;
    }

    /// What stands there: `None` where nothing does, null where it is cleared.
    fn get<'a>(&self, user: &'a Value) -> Option<&'a Value> {
        let (Some(kind), [list, member]) = (self.kind, self.members) else {
            let start = if self.is_enterprise { user.get(schema_urns::ENTERPRISE_USER)? } else { user };
            return self.members.iter().try_fold(start, |at, member| if at.is_null() { Some(at) } else { at.get(*member) });
        };
        let list = user.get(*list)?;
        let Value::Array(elements) = list else { return Some(list) };
        if elements.is_empty() {
            return Some(&Value::Null);
        }
        let of = |fits: &dyn Fn(&&Value) -> bool| elements.iter().find(fits).and_then(|element| element.get(*member));
        let is_kind =
            |element: &&Value| element.get("type").and_then(Value::as_str).is_some_and(|found| found.eq_ignore_ascii_case(kind));
        let primary = |element: &&Value| element.get("primary") == Some(&Value::Bool(true));
        of(&is_kind).or_else(|| if self.is_alone { of(&primary).or_else(|| of(&|_| true)) } else { None })
    }
}

/// A SCIM user as a draft.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Imported {
    /// What a draft can carry.
    pub draft: UserDraft,
    /// Paths in the SCIM user, in SCIM's own notation, of what it cannot.
    pub lost: Vec<String>,
}

impl Imported {
    /// Returns what each vendor cannot carry of the draft, in the order of [`DOCUMENTED`].
    #[must_use]
    pub fn losses(&self) -> Vec<(&'static Documented, Vec<DroppedAttribute>)> {
        let dropped = |vendor: &'static Documented| vendor.capabilities(vendor.instance()).build().dropped(&self.draft);
        DOCUMENTED.iter().map(|vendor| (*vendor, dropped(vendor))).collect()
    }
}

/// `user` as a draft, its identifier and dates included, and what had no place in it. What is absent is kept; null, an empty
/// text and an empty list clear; the attributes of `create_only` are set only when creating.
#[must_use]
pub fn from_scim_with(user: &ScimUser, create_only: &[Attribute]) -> Imported {
    let json = serde_json::to_value(user).unwrap_or_default();
    let mut draft = UserDraft::builder();
    for &attribute in Attribute::ALL {
        let value = match place(attribute).and_then(|place| place.get(&json)) {
            None => continue,
            Some(Value::String(text)) if !text.is_empty() => AttributeValue::from(text.as_str()),
            Some(Value::Bool(flag)) => AttributeValue::Flag(*flag),
            Some(_) if attribute.is_assigned() => continue,
            Some(_) => {
                draft = draft.clear(attribute);
                continue;
            }
        };
        let builder = draft.clone();
        let taken =
            if create_only.contains(&attribute) { builder.on_create(attribute, value) } else { builder.set(attribute, value) };
        draft = taken.unwrap_or(draft);
    }
    let draft = draft.build();
    Imported { lost: lost(user, &draft), draft }
}

/// As [`from_scim_with`], with nothing that is only for users that are created.
#[must_use]
pub fn from_scim(user: &ScimUser) -> Imported {
    from_scim_with(user, &[])
}

/// What the way to the draft and back does not bring back.
fn lost(user: &ScimUser, draft: &UserDraft) -> Vec<String> {
    let back = to_scim(draft).ok().and_then(|back| serde_json::to_value(back).ok()).unwrap_or_default();
    let original = serde_json::to_value(user).unwrap_or_default();
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    leaves("", &original, &mut before);
    leaves("", &back, &mut after);
    before
        .into_iter()
        .filter(|(path, value)| !path.starts_with("schemas") && after.get(path) != Some(value))
        .map(|(path, _)| path)
        .collect()
}

/// Every value with its path; elements of lists are named by their `value`, so that their order does not count.
fn leaves(path: &str, node: &Value, found: &mut BTreeMap<String, Value>) {
    match node {
        Value::Object(members) => {
            for (name, member) in members {
                // The extension's name ends in a colon before its attributes, all others in a dot.
                let joint = if path.starts_with("urn:") && !path.contains("User:") { ":" } else { "." };
                let path = if path.is_empty() { name.clone() } else { format!("{path}{joint}{name}") };
                leaves(&path, member, found);
            }
        }
        Value::Array(elements) => {
            for (place, element) in elements.iter().enumerate() {
                let name = element.get("value").and_then(Value::as_str).map(|value| format!("{path}[value eq {value:?}]"));
                leaves(&name.unwrap_or_else(|| format!("{path}[{place}]")), element, found);
            }
        }
        value => {
            found.insert(path.to_owned(), value.clone());
        }
    }
}
