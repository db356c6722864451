//! What switching a user off or on does beside it. Knows no vendor.

use std::fmt;

use client_core::serde::de::Error as _;
use client_core::serde::{Deserialize, Deserializer, Serialize, Serializer};
use client_core::serde_json::{Map, Value as Json, json};

use crate::outcome::Effect;
use crate::user::User;

/// Something that switching a user off takes from it, such as a licence.
///
/// ```
/// use vendor_users::Taken;
///
/// assert_eq!(Taken::new("licence", "12", "Sales Premium").to_string(), "licence Sales Premium (12)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Taken {
    /// What kind of thing, such as `licence`.
    pub kind: String,
    /// What the vendor calls it.
    pub id: String,
    /// Its name for people.
    pub title: String,
}

impl Taken {
    /// Creates a thing of this kind, from the vendor's identifier and its name for people.
    #[must_use]
    pub fn new(kind: impl Into<String>, id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { kind: kind.into(), id: id.into(), title: title.into() }
    }
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.kind, self.title, self.id)
    }
}

impl Serialize for Taken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({ "kind": self.kind, "id": self.id, "title": self.title }).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Taken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members: Map<String, Json> = Map::deserialize(deserializer)?;
        let text = |name: &'static str| {
            let text = members.get(name).and_then(Json::as_str).map(str::to_owned);
            text.ok_or_else(|| D::Error::custom(format!("what was taken has text under `{name}`")))
        };
        Ok(Self { kind: text("kind")?, id: text("id")?, title: text("title")? })
    }
}

/// A user that was switched off or on, verified by a read.
#[derive(Debug)]
#[non_exhaustive]
pub struct Switched {
    /// Whether something was sent: [`Effect::Updated`], or [`Effect::Unchanged`] where the user was as wanted.
    pub effect: Effect,
    /// The user as it was read afterwards.
    pub user: Box<dyn User>,
    /// What was taken from the user. Keep it: [`activate_with`](crate::Directory::activate_with) gives it back.
    pub taken: Vec<Taken>,
    /// What was given back to the user.
    pub restored: Vec<Taken>,
    /// What a person must give back by hand, since the vendor documents no operation for it.
    pub to_restore: Vec<Taken>,
}

impl Switched {
    /// Creates a user that was switched, with nothing taken or given back.
    #[must_use]
    pub fn new(effect: Effect, user: Box<dyn User>) -> Self {
        Self { effect, user, taken: Vec::new(), restored: Vec::new(), to_restore: Vec::new() }
    }

    /// Sets what was taken from the user.
    #[must_use]
    pub fn with_taken(mut self, taken: Vec<Taken>) -> Self {
        self.taken = taken;
        self
    }

    /// Sets what was given back, and what a person must give back.
    #[must_use]
    pub fn with_restored(mut self, restored: Vec<Taken>, to_restore: Vec<Taken>) -> Self {
        (self.restored, self.to_restore) = (restored, to_restore);
        self
    }
}
