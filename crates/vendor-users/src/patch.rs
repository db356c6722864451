//! Changes to some attributes of a user.
//!
//! In: new values and attributes to clear. Out: the same, in a fixed order. Knows no vendor.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::attribute::{Attribute, Value, text_attributes};
use crate::draft::UserDraft;
use crate::user::User;

/// Which attributes change, and to what; all others stay.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct UserPatch {
    changes: BTreeMap<Attribute, Option<Value<'static>>>,
    expected: Option<String>,
}

impl UserPatch {
    /// No change at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the user may log in.
    pub fn active(mut self, active: bool) -> Self {
        self.changes.insert(Attribute::Active, Some(Value::Flag(active)));
        self
    }

    /// The attribute gets no value; an error where the vendor documents no null for it.
    pub fn clear(mut self, attribute: Attribute) -> Self {
        self.changes.insert(attribute, None);
        self
    }

    /// Refuse the change if `user`, as it was read, is no longer what the vendor has.
    ///
    /// Told by the date of the last change, so it does nothing where the vendor keeps none.
    pub fn since(mut self, user: &dyn User) -> Self {
        self.expected = user.last_modified().map(Cow::into_owned);
        self
    }

    /// The changes, in the order of [`Attribute`]; `None` clears.
    pub fn changes(&self) -> impl Iterator<Item = (Attribute, Option<&Value<'static>>)> {
        self.changes.iter().map(|(attribute, value)| (*attribute, value.as_ref()))
    }

    /// The date of the last change that the caller has seen.
    #[must_use]
    pub fn expected(&self) -> Option<&str> {
        self.expected.as_deref()
    }
}

impl From<&UserDraft> for UserPatch {
    /// Every attribute that the draft has, except for those that the vendor gives.
    fn from(draft: &UserDraft) -> Self {
        let changes = draft.attributes().filter(|(attribute, _)| !attribute.is_local());
        Self { changes: changes.map(|(attribute, value)| (attribute, Some(value.clone()))).collect(), expected: None }
    }
}

macro_rules! patch {
    ($($variant:ident, $method:ident, $scim:literal, $doc:literal;)*) => {
        impl UserPatch {
            $(
                #[doc = $doc]
                pub fn $method(mut self, value: impl Into<String>) -> Self {
                    self.changes.insert(Attribute::$variant, Some(Value::Text(Cow::Owned(value.into()))));
                    self
                }
            )*
        }
    };
}
text_attributes!(patch);
