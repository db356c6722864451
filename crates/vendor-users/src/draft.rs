//! A user that is not yet any vendor's, as attributes and what is wanted of each. Knows no vendor.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use client_core::serde::de::Error as _;
use client_core::serde::{Deserialize, Deserializer, Serialize, Serializer};
use client_core::serde_json::{Map, Value as Json};

use crate::attribute::{Attribute, Value};
use crate::choice::FirstCredential;
use crate::intent::{Intent, Intents, InvalidIntent};
use crate::user::{StoredUser, User};

#[rustfmt::skip]
mod generated;

/// A user in normalized form, to be created or saved.
///
/// Of each attribute it says one of four things: keep (not mentioned), set, clear, or set only when creating. What a vendor
/// demands beyond it comes from the defaults of the directory where the user is created, or from a
/// [record](UserDraftBuilder::record).
///
/// ```
/// use vendor_users::client_core::serde_json::{json, to_value};
/// use vendor_users::{Attribute, UserDraft};
///
/// let kim = UserDraft::builder()
///     .user_name("kim.lee")                      // set
///     .clear(Attribute::MobilePhone)             // no value any more
///     .on_create(Attribute::Locale, "nb-NO")?    // only if Kim is created
///     .set(Attribute::Active, "False")?          // from text, as a file or an identity provider has it
///     .build();
/// let data = json!({ "user_name": "kim.lee", "mobile_phone": null, "locale": { "on_create": "nb-NO" }, "active": false });
/// assert_eq!(to_value(&kim)?, data);
/// assert!(UserDraft::builder().set(Attribute::Active, "perhaps").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct UserDraft {
    intents: Intents,
    record: Option<(Arc<dyn User>, Origin)>,
    replace: bool,
    credential: FirstCredential,
}

/// Where the record beneath a draft comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The caller made it: what stands in it is meant, its secrets included.
    Caller,
    /// A directory gave it: its secrets are what a read returned, and nobody named them.
    Directory,
}

impl UserDraft {
    /// Returns a draft with nothing in it.
    pub fn builder() -> UserDraftBuilder {
        UserDraftBuilder::default()
    }

    /// Returns all attributes of `user`, its identifier and dates included: for the vendor it comes from.
    #[must_use]
    pub fn copy_of(user: &dyn User) -> Self {
        let mut intents = Intents::default();
        for &attribute in Attribute::ALL {
            if let Some(value) = user.attribute(attribute) {
                intents.put(attribute, Intent::Set(value.into_owned()));
            }
        }
        Self { intents, ..Self::default() }
    }

    /// The attributes that have a value, in the order of [`Attribute`]; those that are only for a user that is created included.
    pub fn attributes(&self) -> impl Iterator<Item = (Attribute, &Value<'static>)> {
        self.intents.iter().filter_map(|(attribute, intent)| Some((attribute, intent.value()?)))
    }

    /// Returns what is wanted of each attribute that is mentioned, in the order of [`Attribute`].
    pub fn intents(&self) -> impl Iterator<Item = (Attribute, &Intent)> {
        self.intents.iter()
    }

    /// Returns what is wanted of `attribute`; `None` keeps it.
    #[must_use]
    pub fn intent(&self, attribute: Attribute) -> Option<&Intent> {
        self.intents.get(attribute)
    }

    /// Returns the vendor's own record that this draft changes, if one was given.
    #[must_use]
    pub fn base_record(&self) -> Option<&dyn User> {
        self.record.as_ref().map(|(record, _)| &**record)
    }

    pub(crate) fn base(&self) -> Option<(&dyn User, Origin)> {
        self.record.as_ref().map(|(record, origin)| (&**record, *origin))
    }

    /// Returns whether the caller has said that a user that exists may be replaced without having been read.
    #[must_use]
    pub const fn replaces_existing(&self) -> bool {
        self.replace
    }

    /// Returns what the user gets as its first credential, if it is created.
    #[must_use]
    pub const fn first_credential(&self) -> FirstCredential {
        self.credential
    }

    /// Goes on where [`UserDraftBuilder::build`] ended.
    pub fn rebuild(self) -> UserDraftBuilder {
        UserDraftBuilder { draft: self }
    }

    fn text(&self, attribute: Attribute) -> Option<Cow<'_, str>> {
        match self.intents.get(attribute)?.value()? {
            Value::Text(text) => Some(Cow::Borrowed(text)),
            Value::Flag(_) => None,
        }
    }

    fn flag(&self, attribute: Attribute) -> Option<bool> {
        match self.intents.get(attribute)?.value()? {
            Value::Flag(flag) => Some(*flag),
            Value::Text(_) => None,
        }
    }
}

impl From<&dyn User> for UserDraft {
    /// What travels from one vendor to another: all but the identifier and the dates, which the old vendor gave.
    fn from(user: &dyn User) -> Self {
        let mut draft = Self::copy_of(user);
        draft.intents.retain(|attribute| !attribute.is_local());
        draft
    }
}

/// Two drafts are equal when they say the same of each attribute and the same first credential; the record beneath does not
/// count.
impl PartialEq for UserDraft {
    fn eq(&self, other: &Self) -> bool {
        self.intents == other.intents && self.credential == other.credential
    }
}

impl fmt::Debug for UserDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (attribute, intent) in self.intents.iter() {
            match intent {
                Intent::Set(value) => map.entry(&format_args!("{attribute}"), &format_args!("{:?}", value.to_string())),
                Intent::Clear => map.entry(&format_args!("{attribute}"), &format_args!("cleared")),
                Intent::OnCreate(value) => {
                    map.entry(&format_args!("{attribute}"), &format_args!("{:?} when creating", value.to_string()))
                }
            };
        }
        map.finish()
    }
}

/// One assignment a line, as [`assign`](UserDraftBuilder::assign) reads it.
impl fmt::Display for UserDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.intents.fmt(f)
    }
}

/// The attributes by name; beside them the record under `record`, without its secrets, `replace_existing` where it is true, and
/// `first_credential` where there is to be one.
impl Serialize for UserDraft {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = self.intents.to_json();
        if let Some((record, _)) = &self.record {
            members.insert("record".to_owned(), record.to_json());
        }
        if self.replace {
            members.insert("replace_existing".to_owned(), Json::Bool(true));
        }
        if self.credential != FirstCredential::None {
            members.insert("first_credential".to_owned(), Json::from(self.credential.name()));
        }
        members.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for UserDraft {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut draft = Self::default();
        for (name, member) in Map::deserialize(deserializer)? {
            match (name.as_str(), &member) {
                ("record", _) => {
                    let record = StoredUser::from_json(&member).map_err(D::Error::custom)?;
                    draft.record = Some((Arc::new(record), Origin::Directory));
                }
                ("replace_existing", Json::Bool(replace)) => draft.replace = *replace,
                ("first_credential", Json::String(name)) => draft.credential = name.parse().map_err(D::Error::custom)?,
                _ => draft.intents.take_member(&name, &member).map_err(D::Error::custom)?,
            }
        }
        Ok(draft)
    }
}

/// Builds a [`UserDraft`].
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct UserDraftBuilder {
    draft: UserDraft,
}

impl UserDraftBuilder {
    /// Sets the vendor's own record to start from; its vendor keeps all of it that no attribute of the draft changes. Other
    /// vendors ignore it. Secrets that stand in it are meant and are sent. Where the user exists and the vendor lets it be
    /// read, members that the record does not have stay as they are; where it cannot be read, the record replaces the one that
    /// is there.
    pub fn record(mut self, record: impl User) -> Self {
        self.draft.record = Some((Arc::new(record), Origin::Caller));
        self
    }

    /// As [`record`](Self::record), for a user as directories give it. Secrets that stand in it are what a read returned, so
    /// they are not sent.
    pub fn record_box(mut self, record: Box<dyn User>) -> Self {
        self.draft.record = Some((record.into(), Origin::Directory));
        self
    }

    /// Sets the attribute to a value; a flag may be given as text.
    ///
    /// # Errors
    ///
    /// The value does not fit the attribute.
    pub fn set<'v>(mut self, attribute: Attribute, value: impl Into<Value<'v>>) -> Result<Self, InvalidIntent> {
        self.draft.intents.set(attribute, value.into())?;
        Ok(self)
    }

    /// Clears the attribute; an error where the vendor documents no null for it.
    pub fn clear(mut self, attribute: Attribute) -> Self {
        self.draft.intents.put(attribute, Intent::Clear);
        self
    }

    /// A user that is created gets this value; one that exists keeps its own.
    ///
    /// # Errors
    ///
    /// The value does not fit the attribute.
    pub fn on_create<'v>(mut self, attribute: Attribute, value: impl Into<Value<'v>>) -> Result<Self, InvalidIntent> {
        self.draft.intents.on_create(attribute, value.into())?;
        Ok(self)
    }

    /// Takes an assignment as text: `title=Clerk` sets, `!title` clears, `title?=Clerk` sets only when creating.
    ///
    /// # Errors
    ///
    /// The text has another form, no attribute has this name, or the value does not fit.
    pub fn assign(mut self, assignment: &str) -> Result<Self, InvalidIntent> {
        self.draft.intents.assign(assignment)?;
        Ok(self)
    }

    /// Takes the attribute out again: it is kept.
    pub fn unset(mut self, attribute: Attribute) -> Self {
        self.draft.intents.remove(attribute);
        self
    }

    /// Allows to replace a user that exists and cannot be read: what draft and record do not mention is lost.
    ///
    /// Without it, saving such a user fails, and the error says what would be lost. It changes nothing where the vendor's record
    /// can be read.
    pub fn replace_existing(mut self, replace: bool) -> Self {
        self.draft.replace = replace;
        self
    }

    /// Sets what the user gets as its first credential, if it is created. Which ones a vendor offers is in
    /// [`Capabilities::credentials`](crate::Capabilities::credentials).
    pub fn first_credential(mut self, credential: FirstCredential) -> Self {
        self.draft.credential = credential;
        self
    }

    /// Returns the draft.
    #[must_use]
    pub fn build(self) -> UserDraft {
        self.draft
    }
}
