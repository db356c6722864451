//! A user that was written, as the vendor has it now. Knows no vendor.

use client_core::Secret;
use client_core::serde::de::Error as _;
use client_core::serde::{Deserialize, Deserializer, Serialize, Serializer};
use client_core::serde_json::{Map, Value as Json, json};

use crate::attribute::Attribute;
use crate::capabilities::DroppedAttribute;
use crate::search::MatchKey;
use crate::user::{StoredUser, User};

/// What became of a user that was to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// It was created.
    Created,
    /// It was there and was changed.
    Updated,
    /// It was there and was as wanted: nothing was sent.
    Unchanged,
    /// It was written; whether it was there before is not known.
    Written,
}

impl Effect {
    const ALL: [(Self, &'static str); 4] =
        [(Self::Created, "created"), (Self::Updated, "updated"), (Self::Unchanged, "unchanged"), (Self::Written, "written")];

    /// Returns its name, such as `created`.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(effect, _)| *effect == self).map_or("written", |(_, name)| name)
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(effect, _)| effect)
    }
}

/// A user that was written, as the vendor has it now.
///
/// ```
/// use vendor_users::{Effect, Outcome, UserDraft};
///
/// let kim = UserDraft::builder().user_name("kim.lee").build();
/// let outcome = Outcome::new(kim).with_effect(Effect::Created);
/// assert_eq!(outcome.user.user_name().as_deref(), Some("kim.lee"));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// The record of the vendor's response; where the vendor responds without one, the record that was sent.
    pub user: Box<dyn User>,
    /// What became of the user.
    pub effect: Effect,
    /// What the draft had and was not written, such as what the vendor has no place for.
    pub dropped: Vec<DroppedAttribute>,
    /// Properties whose values were lost, where a user was replaced without having been read.
    pub lost: Vec<String>,
    /// The first of the match keys that found the user, where it was looked for by keys.
    pub matched_by: Option<MatchKey>,
    /// The password that was generated for a user that was created. It is handed out here and nowhere else.
    pub password: Option<Secret>,
}

impl Outcome {
    /// Creates an outcome with nothing dropped or lost.
    #[must_use]
    pub fn new(user: impl User) -> Self {
        Self::boxed(Box::new(user))
    }

    /// Creates one as [`new`](Self::new) does, from a user as directories return it.
    #[must_use]
    pub fn boxed(user: Box<dyn User>) -> Self {
        Self { user, effect: Effect::Written, dropped: Vec::new(), lost: Vec::new(), matched_by: None, password: None }
    }

    /// Sets what became of the user.
    #[must_use]
    pub fn with_effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// Sets what was not written.
    #[must_use]
    pub fn with_dropped(mut self, dropped: Vec<DroppedAttribute>) -> Self {
        self.dropped = dropped;
        self
    }

    /// Sets the properties whose values were lost.
    #[must_use]
    pub fn with_lost(mut self, lost: Vec<String>) -> Self {
        self.lost = lost;
        self
    }

    /// Sets the key that found the user.
    #[must_use]
    pub fn with_matched_by(mut self, key: Option<MatchKey>) -> Self {
        self.matched_by = key;
        self
    }

    /// Sets the password that was generated.
    #[must_use]
    pub fn with_password(mut self, password: Option<Secret>) -> Self {
        self.password = password;
        self
    }
}

/// The user without its secrets, and without a password that was generated. What was dropped is told by attribute and reason.
impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let dropped = dropped_to_json(&self.dropped);
        let matched_by = self.matched_by.map(|key| key.attribute().name());
        let (user, effect) = (self.user.to_json(), self.effect.name());
        let json = json!({ "user": user, "effect": effect, "dropped": dropped, "lost": self.lost, "matched_by": matched_by });
        json.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Outcome {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Map::deserialize(deserializer)?;
        let user = members.get("user").ok_or_else(|| D::Error::missing_field("user"))?;
        let user = StoredUser::from_json(user).map_err(D::Error::custom)?;
        let effect = members.get("effect").and_then(Json::as_str).and_then(Effect::named);
        let effect = effect.ok_or_else(|| D::Error::custom("`effect` is created, updated, unchanged or written"))?;
        let lost = members.get("lost").and_then(Json::as_array).into_iter().flatten();
        let lost = lost.filter_map(|name| name.as_str().map(str::to_owned)).collect();
        let dropped = dropped_from_json(members.get("dropped")).map_err(D::Error::custom)?;
        let key = members.get("matched_by").and_then(Json::as_str).map(str::parse).transpose().map_err(D::Error::custom)?;
        Ok(Self::new(user).with_effect(effect).with_lost(lost).with_dropped(dropped).with_matched_by(key))
    }
}

pub(crate) fn dropped_to_json(dropped: &[DroppedAttribute]) -> Json {
    let list = dropped.iter().map(|dropped| json!({ "attribute": dropped.attribute.name(), "why": dropped.why.to_json() }));
    Json::Array(list.collect())
}

pub(crate) fn dropped_from_json(json: Option<&Json>) -> Result<Vec<DroppedAttribute>, String> {
    let list = json.and_then(Json::as_array).into_iter().flatten();
    list.map(|dropped| {
        let name = dropped.get("attribute").and_then(Json::as_str).unwrap_or_default();
        let attribute: Attribute = name.parse().map_err(|error| format!("{error}"))?;
        let why = dropped.get("why").and_then(crate::value_error::ValueError::from_json);
        let why = why.ok_or_else(|| format!("`{name}` was dropped for a reason that is not known"))?;
        Ok(DroppedAttribute::new(attribute, why))
    })
    .collect()
}
