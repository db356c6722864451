//! A user that is not yet any vendor's.
//!
//! In: attributes, or a user to start from. Out: what is to be written. Knows no vendor.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::attribute::{Attribute, Value, text_attributes};
use crate::user::User;

/// A user in normalized form, to be created or saved.
///
/// What a vendor demands beyond it comes from the defaults of the directory, or from a [record](UserDraftBuilder::record).
#[derive(Clone, Default)]
pub struct UserDraft {
    values: BTreeMap<Attribute, Value<'static>>,
    record: Option<Arc<dyn User>>,
}

impl UserDraft {
    /// A draft with nothing in it.
    pub fn builder() -> UserDraftBuilder {
        UserDraftBuilder::default()
    }

    /// All attributes of `user`, its identifier and dates included: for the vendor it comes from.
    #[must_use]
    pub fn copy_of(user: &dyn User) -> Self {
        let values = Attribute::ALL.iter().filter_map(|&attribute| Some((attribute, user.attribute(attribute)?.into_owned())));
        Self { values: values.collect(), record: None }
    }

    /// The attributes that are set, in the order of [`Attribute`].
    pub fn attributes(&self) -> impl Iterator<Item = (Attribute, &Value<'static>)> {
        self.values.iter().map(|(attribute, value)| (*attribute, value))
    }

    /// The vendor's own record that this draft changes, if one was given.
    #[must_use]
    pub fn record(&self) -> Option<&dyn User> {
        self.record.as_deref()
    }

    /// Goes on where [`UserDraftBuilder::build`] ended.
    pub fn rebuild(self) -> UserDraftBuilder {
        UserDraftBuilder { draft: self }
    }

    fn text(&self, attribute: Attribute) -> Option<Cow<'_, str>> {
        match self.values.get(&attribute)? {
            Value::Text(text) => Some(Cow::Borrowed(text)),
            Value::Flag(_) => None,
        }
    }
}

impl From<&dyn User> for UserDraft {
    /// What travels from one vendor to another: all but the identifier and the dates, which the old vendor gave.
    fn from(user: &dyn User) -> Self {
        let mut draft = Self::copy_of(user);
        draft.values.retain(|attribute, _| !attribute.is_local());
        draft
    }
}

/// Two drafts are equal when their attributes are; the record beneath does not count.
impl PartialEq for UserDraft {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl fmt::Debug for UserDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (attribute, value) in &self.values {
            map.entry(&format_args!("{attribute}"), &format_args!("{:?}", value.to_string()));
        }
        map.finish()
    }
}

/// Builds a [`UserDraft`].
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct UserDraftBuilder {
    draft: UserDraft,
}

impl UserDraftBuilder {
    /// The vendor's own record to start from; its vendor keeps all of it that no attribute of the draft changes. Other vendors
    /// do not look at it.
    pub fn record(mut self, record: impl User) -> Self {
        self.draft.record = Some(Arc::new(record));
        self
    }

    /// As [`record`](Self::record), for a user as directories give it.
    pub fn record_box(mut self, record: Box<dyn User>) -> Self {
        self.draft.record = Some(record.into());
        self
    }

    /// Whether the user may log in.
    pub fn active(mut self, active: bool) -> Self {
        self.draft.values.insert(Attribute::Active, Value::Flag(active));
        self
    }

    /// The attribute named by a value; a flag given as text, or text given as a flag, leaves it unset.
    pub fn set(mut self, attribute: Attribute, value: impl Into<Value<'static>>) -> Self {
        let value = value.into();
        if matches!(value, Value::Flag(_)) == (attribute == Attribute::Active) {
            self.draft.values.insert(attribute, value);
        }
        self
    }

    /// Takes the attribute out again.
    pub fn unset(mut self, attribute: Attribute) -> Self {
        self.draft.values.remove(&attribute);
        self
    }

    /// The draft.
    #[must_use]
    pub fn build(self) -> UserDraft {
        self.draft
    }
}

macro_rules! draft {
    ($($variant:ident, $method:ident, $scim:literal, $doc:literal;)*) => {
        impl UserDraftBuilder {
            $(
                #[doc = $doc]
                pub fn $method(mut self, value: impl Into<String>) -> Self {
                    self.draft.values.insert(Attribute::$variant, Value::Text(Cow::Owned(value.into())));
                    self
                }
            )*
        }

        impl User for UserDraft {
            $(
                fn $method(&self) -> Option<Cow<'_, str>> {
                    self.text(Attribute::$variant)
                }
            )*

            fn active(&self) -> Option<bool> {
                match self.values.get(&Attribute::Active)? {
                    Value::Flag(flag) => Some(*flag),
                    Value::Text(_) => None,
                }
            }
        }
    };
}
text_attributes!(draft);
