//! Changes to some attributes of a user. Knows no vendor.

use std::collections::BTreeMap;
use std::fmt;

use client_core::serde::de::Error as _;
use client_core::serde::{Deserialize, Deserializer, Serialize, Serializer};
use client_core::serde_json::{Map, Value as Json};

use crate::attribute::{Attribute, Value};
use crate::draft::UserDraft;
use crate::intent::{Intent, Intents, InvalidIntent};
use crate::user::User;

#[rustfmt::skip]
mod generated;

/// Which attributes of a user that exists change, and how; all others are kept.
///
/// ```
/// use vendor_users::{Attribute, UserPatch};
///
/// let patch = UserPatch::new().title("Manager").clear(Attribute::MobilePhone).set(Attribute::Active, "false")?;
/// assert_eq!(patch.to_string(), "title=Manager\n!mobile_phone\nactive=false");
/// assert_eq!(UserPatch::new().assign("title=Manager")?.assign("!mobile_phone")?.active(false), patch);
/// # Ok::<(), vendor_users::intent::InvalidIntent>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct UserPatch {
    intents: Intents,
    seen: Option<BTreeMap<Attribute, Value<'static>>>,
}

impl UserPatch {
    /// No change at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the attribute to a value; a flag may be given as text.
    ///
    /// # Errors
    ///
    /// The value does not fit the attribute.
    pub fn set<'v>(mut self, attribute: Attribute, value: impl Into<Value<'v>>) -> Result<Self, InvalidIntent> {
        self.intents.set(attribute, value.into())?;
        Ok(self)
    }

    /// Clears the attribute; an error where the vendor documents no null for it.
    pub fn clear(mut self, attribute: Attribute) -> Self {
        self.intents.put(attribute, Intent::Clear);
        self
    }

    /// Takes an assignment as text: `title=Clerk` sets, `!title` clears, `title?=Clerk` sets only when creating, which a patch
    /// never does.
    ///
    /// # Errors
    ///
    /// The text has another form, no attribute has this name, or the value does not fit.
    pub fn assign(mut self, assignment: &str) -> Result<Self, InvalidIntent> {
        self.intents.assign(assignment)?;
        Ok(self)
    }

    /// Refuse the change if `user`, as it was read, is no longer what the vendor has.
    ///
    /// What counts are the attributes that the patch changes, those that say who the user is, and `active`; never dates,
    /// sign-ins or counters.
    pub fn since(mut self, user: &dyn User) -> Self {
        let values = Attribute::ALL.iter().filter_map(|&attribute| Some((attribute, user.attribute(attribute)?.into_owned())));
        self.seen = Some(values.collect());
        self
    }

    /// Returns the changes, in the order of [`Attribute`]; `None` clears. What is only for a user that is created is not among
    /// them.
    pub fn changes(&self) -> impl Iterator<Item = (Attribute, Option<&Value<'static>>)> {
        self.intents.iter().filter_map(|(attribute, intent)| match intent {
            Intent::Set(value) => Some((attribute, Some(value))),
            Intent::Clear => Some((attribute, None)),
            Intent::OnCreate(_) => None,
        })
    }

    /// Returns what is wanted of `attribute`; `None` keeps it.
    #[must_use]
    pub fn intent(&self, attribute: Attribute) -> Option<&Intent> {
        self.intents.get(attribute)
    }

    /// Returns the attributes in which `now` is no longer what the caller has seen, as far as they matter to this patch.
    #[must_use]
    pub fn differing(&self, now: &dyn User) -> Vec<Attribute> {
        let Some(seen) = &self.seen else { return Vec::new() };
        self.watched().filter(|attribute| seen.get(attribute) != now.attribute(*attribute).as_ref()).collect()
    }

    /// The attributes whose change in between makes the patch stale.
    pub(crate) fn watched(&self) -> impl Iterator<Item = Attribute> {
        let keys = [Attribute::Id, Attribute::ExternalId, Attribute::UserName, Attribute::Active];
        let all = Attribute::ALL.iter().copied();
        all.filter(move |attribute| keys.contains(attribute) || self.intents.get(*attribute).is_some())
    }
}

impl From<&UserDraft> for UserPatch {
    /// Everything that the draft sets, except what the vendor assigns.
    fn from(draft: &UserDraft) -> Self {
        let mut patch = Self::default();
        for (attribute, intent) in draft.intents().filter(|(attribute, _)| !attribute.is_local()) {
            patch.intents.put(attribute, intent.clone());
        }
        patch
    }
}

/// One assignment a line, as [`assign`](UserPatch::assign) reads it.
impl fmt::Display for UserPatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.intents.fmt(f)
    }
}

/// The attributes by name; what the caller has seen is under `since`.
impl Serialize for UserPatch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = self.intents.to_json();
        if let Some(seen) = &self.seen {
            let mut intents = Intents::default();
            seen.iter().for_each(|(attribute, value)| intents.put(*attribute, Intent::Set(value.clone())));
            members.insert("since".to_owned(), Json::Object(intents.to_json()));
        }
        members.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for UserPatch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut patch = Self::default();
        for (name, member) in Map::deserialize(deserializer)? {
            if let ("since", Json::Object(members)) = (name.as_str(), &member) {
                let mut seen = Intents::default();
                for (name, member) in members {
                    seen.take_member(name, member).map_err(D::Error::custom)?;
                }
                let values = seen.iter().filter_map(|(attribute, intent)| Some((attribute, intent.value()?.clone())));
                patch.seen = Some(values.collect());
            } else {
                patch.intents.take_member(&name, &member).map_err(D::Error::custom)?;
            }
        }
        Ok(patch)
    }
}
