//! Users as SCIM 2.0 writes them (RFC 7643), on the types of the crate `scim_v2`.
//!
//! In: any [`User`], or a SCIM user. Out: the one as the other, and what had no place. Knows no vendor.
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

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use client_core::serde_json::{self, Value};
pub use scim_v2;
use scim_v2::Asserted;
use scim_v2::models::enterprise_user::{EnterpriseUser, Manager};
use scim_v2::models::scim_schema::Meta;
use scim_v2::models::user::{Email, Name, PhoneNumber, User as ScimUser};
use scim_v2::schema_urns;

use crate::attribute::{Attribute, Value as AttributeValue};
use crate::capability::{Capabilities, NotCarried};
use crate::draft::UserDraft;
use crate::generated::CAPABILITIES;
use crate::user::User;

/// SCIM's types of a phone number or an email address.
const WORK: &str = "work";
const MOBILE: &str = "mobile";

/// The user has no user name, which RFC 7643 demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoUserName;

impl fmt::Display for NoUserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the user has no `user_name`, which SCIM demands (RFC 7643, section 4.1)")
    }
}

impl std::error::Error for NoUserName {}

/// `user` as SCIM has it. Dates that are not `xsd:dateTime` are left out: SCIM has no other ones.
///
/// # Errors
///
/// The user has no user name.
pub fn to_scim(user: &dyn User) -> Result<ScimUser, NoUserName> {
    let text = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned);
    let asserted = |value: Option<Cow<'_, str>>| value.map_or(Asserted::Absent, |value| Asserted::Set(value.into_owned()));
    let email = user.email().map(|email| Email {
        value: Some(email.into_owned()),
        r#type: Some(WORK.to_owned()),
        primary: Some(true),
        ..Email::default()
    });
    let phone = |number: Option<Cow<'_, str>>, kind: &str| {
        number.map(|number| PhoneNumber {
            value: Some(number.into_owned()),
            r#type: Some(kind.to_owned()),
            ..PhoneNumber::default()
        })
    };
    let phones = [phone(user.phone_number(), WORK), phone(user.mobile_phone(), MOBILE)];
    let name = Name { given_name: asserted(user.given_name()), family_name: asserted(user.family_name()), ..Name::default() };
    let enterprise = EnterpriseUser {
        employee_number: asserted(user.employee_number()),
        cost_center: asserted(user.cost_center()),
        organization: asserted(user.organization()),
        division: asserted(user.division()),
        department: asserted(user.department()),
        manager: some(user.manager().map(|manager| Manager { value: asserted(Some(manager)), ..Manager::default() })),
    };
    let mut schemas = vec![schema_urns::USER.to_owned()];
    let has_enterprise = enterprise != EnterpriseUser::default();
    if has_enterprise {
        schemas.push(schema_urns::ENTERPRISE_USER.to_owned());
    }
    let date = |date: Option<Cow<'_, str>>| date.and_then(|date| date.parse().ok());
    Ok(ScimUser {
        schemas,
        id: text(user.id()),
        external_id: asserted(user.external_id()),
        user_name: text(user.user_name()).ok_or(NoUserName)?,
        name: some((name != Name::default()).then_some(name)),
        display_name: asserted(user.display_name()),
        nick_name: asserted(user.nick_name()),
        title: asserted(user.title()),
        user_type: asserted(user.user_type()),
        locale: asserted(user.locale()),
        timezone: asserted(user.timezone()),
        active: some(user.active()),
        emails: some(email.map(|email| vec![email])),
        phone_numbers: some(Some(phones.into_iter().flatten().collect::<Vec<_>>()).filter(|phones| !phones.is_empty())),
        meta: Some(Meta {
            resource_type: Some("User".to_owned()),
            created: date(user.created()),
            last_modified: date(user.last_modified()),
            ..Meta::default()
        }),
        enterprise_user: some(has_enterprise.then_some(enterprise)),
        ..ScimUser::default()
    })
}

fn some<T>(value: Option<T>) -> Asserted<T> {
    value.map_or(Asserted::Absent, Asserted::Set)
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
    /// What each vendor cannot carry of the draft, in the order of [`CAPABILITIES`].
    #[must_use]
    pub fn losses(&self) -> Vec<(&'static Capabilities, Vec<NotCarried>)> {
        CAPABILITIES.iter().map(|vendor| (*vendor, vendor.not_carried(&self.draft))).collect()
    }
}

/// `user` as a draft, its identifier and dates included, and what had no place in it.
#[must_use]
pub fn from_scim(user: &ScimUser) -> Imported {
    let mut draft = UserDraft::builder();
    let mut set = |attribute: Attribute, value: Option<&str>| {
        if let Some(value) = value {
            draft = std::mem::take(&mut draft).set(attribute, AttributeValue::Text(Cow::Owned(value.to_owned())));
        }
    };
    set(Attribute::Id, user.id.as_deref());
    set(Attribute::ExternalId, user.external_id.as_deref());
    set(Attribute::UserName, Some(&user.user_name));
    set(Attribute::DisplayName, user.display_name.as_deref());
    set(Attribute::NickName, user.nick_name.as_deref());
    if let Some(name) = user.name.as_option() {
        set(Attribute::GivenName, name.given_name.as_deref());
        set(Attribute::FamilyName, name.family_name.as_deref());
    }
    set(Attribute::Title, user.title.as_deref());
    set(Attribute::UserType, user.user_type.as_deref());
    set(Attribute::Locale, user.locale.as_deref());
    set(Attribute::Timezone, user.timezone.as_deref());
    let emails = user.emails.iter().map(|email| (email.value.as_deref(), email.r#type.as_deref(), email.primary));
    set(Attribute::Email, best(emails, WORK, true));
    let phones = || user.phone_numbers.iter().map(|phone| (phone.value.as_deref(), phone.r#type.as_deref(), phone.primary));
    set(Attribute::PhoneNumber, best(phones(), WORK, false));
    set(Attribute::MobilePhone, best(phones(), MOBILE, false));
    if let Some(enterprise) = user.enterprise_user.as_option() {
        set(Attribute::EmployeeNumber, enterprise.employee_number.as_deref());
        set(Attribute::CostCenter, enterprise.cost_center.as_deref());
        set(Attribute::Organization, enterprise.organization.as_deref());
        set(Attribute::Division, enterprise.division.as_deref());
        set(Attribute::Department, enterprise.department.as_deref());
        set(Attribute::Manager, enterprise.manager.as_option().and_then(|manager| manager.value.as_deref()));
    }
    if let Some(meta) = &user.meta {
        set(Attribute::Created, meta.created.as_ref().map(AsRef::as_ref));
        set(Attribute::LastModified, meta.last_modified.as_ref().map(AsRef::as_ref));
    }
    if let Some(active) = user.active.as_option() {
        draft = draft.active(*active);
    }
    let draft = draft.build();
    Imported { lost: lost(user, &draft), draft }
}

type Entry<'a> = (Option<&'a str>, Option<&'a str>, Option<bool>);

/// The value of the wanted type; with `any`, the primary one or the first where there is none of that type.
fn best<'a>(entries: impl Iterator<Item = Entry<'a>> + Clone, kind: &str, any: bool) -> Option<&'a str> {
    let find = |fits: &dyn Fn(&Entry<'a>) -> bool| entries.clone().find(|entry| fits(entry)).and_then(|(value, ..)| value);
    let typed = find(&|(_, found, _)| found.is_some_and(|found| found.eq_ignore_ascii_case(kind)));
    typed.or_else(|| any.then(|| find(&|(.., primary)| *primary == Some(true)).or_else(|| find(&|_| true))).flatten())
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
