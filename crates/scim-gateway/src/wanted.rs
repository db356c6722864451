//! What a request wants of a user: from a SCIM user, attribute by attribute.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};
use vendor_users::attribute::Value;
use vendor_users::{Attribute, Capabilities, Clearing, Directory, User, UserDraft, UserPatch};

use crate::carried::{FORMATTED_NAME, Keeper, Position, chosen, keeper, position, value_in};
use crate::protocol::error::{ScimError, ScimType};
use crate::protocol::names::{core_name, member};
use crate::protocol::{ENTERPRISE, USER};

/// Characters of what users are looked up by; the limits of vendors are shorter where they document one.
const LONGEST: usize = 1000;

/// The name of an attribute, what its value is, and whether a value is that.
type Shape = (&'static str, &'static str, fn(&Json) -> bool);

/// What the values of complex attributes are.
const SHAPES: [Shape; 4] = [
    ("name", "an object", Json::is_object),
    (ENTERPRISE, "an object", Json::is_object),
    ("emails", "a list", Json::is_array),
    ("phoneNumbers", "a list", Json::is_array),
];

/// What a request wants of a user. What it does not mention is not here; null clears.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Wanted {
    /// What the vendor is to have, `active` left out.
    pub(crate) vendor: BTreeMap<Attribute, Option<String>>,
    /// What the store is to keep, by name.
    pub(crate) kept: BTreeMap<String, Json>,
    /// Whether the user may log in.
    pub(crate) active: Option<bool>,
    /// What the client calls the user.
    pub(crate) external_id: Option<Option<String>>,
    /// The user name as it was sent.
    pub(crate) user_name: Option<String>,
    /// What was sent for attributes that the mappings of the instance make.
    pub(crate) mapped: BTreeMap<Attribute, Option<String>>,
    /// What nobody keeps.
    pub(crate) ignored: Vec<String>,
}

impl Wanted {
    /// Reads a SCIM user.
    ///
    /// # Errors
    ///
    /// [`ScimType::InvalidSyntax`] where it is no user, [`ScimType::InvalidValue`] for a value that does not fit.
    pub(crate) fn read(resource: &Map<String, Json>, capabilities: &Capabilities) -> Result<Self, ScimError> {
        for (name, kind, fits) in SHAPES {
            if member(resource, name).is_some_and(|value| !value.is_null() && !fits(value)) {
                return Err(ScimError::of(ScimType::InvalidValue, format!("`{name}` is {kind}")));
            }
        }
        let mut wanted = Self::default();
        for &attribute in Attribute::ALL {
            let Some(value) = value_in(resource, attribute, capabilities) else { continue };
            wanted.take(attribute, value, resource, capabilities)?;
        }
        if let Some(Json::Object(name)) = member(resource, "name")
            && let Some(formatted) = member(name, "formatted")
        {
            let formatted = text("name.formatted", formatted)?.map_or(Json::Null, Json::from);
            wanted.kept.insert(FORMATTED_NAME.to_owned(), formatted);
        }
        wanted.external_id = match member(resource, "externalId") {
            None => None,
            Some(value) => Some(text("externalId", value)?),
        };
        if let Some(user_name) = member(resource, "userName") {
            let name = text("userName", user_name).ok().filter(|_| !user_name.is_number());
            let name = name.ok_or_else(|| ScimError::of(ScimType::InvalidValue, "`userName` is text"))?;
            let name = name.ok_or_else(|| ScimError::of(ScimType::InvalidValue, "`userName` cannot be empty"))?;
            short_enough("userName", &name)?;
            wanted.user_name = Some(name);
        }
        wanted.ignored = ignored(resource, capabilities);
        Ok(wanted)
    }

    fn take(
        &mut self,
        attribute: Attribute,
        value: Json,
        resource: &Map<String, Json>,
        capabilities: &Capabilities,
    ) -> Result<(), ScimError> {
        if attribute == Attribute::Active {
            self.active = flag(&value)?;
            return Ok(());
        }
        let value = text(attribute.scim().unwrap_or(attribute.name()), &value)?;
        if let (Attribute::Manager, Some(manager)) = (attribute, &value) {
            short_enough("manager", manager)?;
        }
        if let (Position::Typed(list, kind), Some(_)) = (position(attribute), &value) {
            let details = member(resource, list).and_then(Json::as_array).and_then(|elements| {
                let mut details = elements.get(chosen(elements, attribute, kind, capabilities)?)?.as_object()?.clone();
                details.retain(|name, _| matches!(name.as_str(), "type" | "primary" | "display"));
                if let Some(primary) = details.get_mut("primary")
                    && let Ok(Some(is_primary)) = flag(primary)
                {
                    *primary = Json::Bool(is_primary);
                }
                Some(Json::Object(details))
            });
            self.kept.insert(format!("{}_details", attribute.name()), details.unwrap_or_default());
        }
        match keeper(capabilities, attribute) {
            Keeper::Vendor => drop(self.vendor.insert(attribute, value)),
            Keeper::Store => drop(self.kept.insert(attribute.name().to_owned(), value.map_or(Json::Null, Json::from))),
            Keeper::VendorReadOnly | Keeper::Nobody => {}
        }
        Ok(())
    }

    /// Leaves out what `before` has already.
    pub(crate) fn since(mut self, before: &Self) -> Self {
        self.vendor.retain(|attribute, value| before.vendor.get(attribute).cloned().flatten() != *value);
        let parts = [Attribute::GivenName, Attribute::FamilyName];
        let is_renamed = parts.iter().any(|part| {
            let kept = self.kept.get(part.name());
            self.vendor.contains_key(part) || kept.is_some_and(|name| before.kept.get(part.name()).unwrap_or(&Json::Null) != name)
        });
        // A whole name that was not sent anew is that of before.
        let formatted = self.kept.get(FORMATTED_NAME).or_else(|| before.kept.get(FORMATTED_NAME));
        if is_renamed && formatted == before.kept.get(FORMATTED_NAME) && formatted.is_some() {
            self.kept.insert(FORMATTED_NAME.to_owned(), Json::Null);
        }
        if self.active == before.active {
            self.active = None;
        }
        if self.external_id.as_ref().is_some_and(|wanted| *wanted == before.external_id.clone().flatten()) {
            self.external_id = None;
        }
        if self.user_name == before.user_name {
            self.user_name = None;
        }
        self
    }

    /// What `before` has and this does not mention is to be cleared: PATCH says what is left.
    pub(crate) fn clearing(mut self, before: &Self) -> Self {
        for attribute in before.vendor.keys() {
            self.vendor.entry(*attribute).or_insert(None);
        }
        for name in before.kept.keys() {
            self.kept.entry(name.clone()).or_insert(Json::Null);
        }
        if before.external_id.is_some() && self.external_id.is_none() {
            self.external_id = Some(None);
        }
        self
    }

    /// What changes of `user`, for the audit log: of each attribute what it was and becomes.
    pub(crate) fn changes(&self, user: Option<&dyn User>) -> Json {
        let was = |attribute: Attribute| {
            user.and_then(|user| user.attribute(attribute)).map_or(Json::Null, |value| match value {
                Value::Text(text) => Json::from(text.into_owned()),
                Value::Flag(flag) => Json::from(flag),
            })
        };
        let text = |text: &Option<String>| text.as_deref().map_or(Json::Null, Json::from);
        let vendors = self.vendor.iter().map(|(attribute, value)| (*attribute, text(value)));
        let kept = self.kept.iter().filter_map(|(name, value)| Some((name.parse().ok()?, value.clone())));
        let own = [
            self.active.map(|active| (Attribute::Active, Json::from(active))),
            self.external_id.as_ref().map(|id| (Attribute::ExternalId, text(id))),
            self.user_name.as_ref().map(|name| (Attribute::UserName, Json::from(name.as_str()))),
        ];
        let all = own.into_iter().flatten().chain(kept).chain(vendors);
        Json::Object(all.map(|(attribute, new)| (attribute.name().to_owned(), json!([was(attribute), new]))).collect())
    }

    /// The change of the directory's user, `active` left out. Where the vendor documents no null, a text that is removed becomes
    /// an empty one, if it may.
    pub(crate) fn patch(&self, directory: &dyn Directory) -> UserPatch {
        self.vendor.iter().fold(UserPatch::new(), |patch, (attribute, value)| {
            let empty = || (directory.clearing(*attribute) == Clearing::EmptyText).then_some("");
            match value.as_deref().or_else(empty) {
                Some(value) => patch.clone().set(*attribute, value).unwrap_or(patch),
                None => patch.clear(*attribute),
            }
        })
    }

    /// A new user. A vendor that has one name for people gets it from its parts where it was not sent.
    pub(crate) fn draft(&self, capabilities: &Capabilities) -> UserDraft {
        let mut draft = UserDraft::builder();
        for (attribute, value) in &self.vendor {
            if let Some(value) = value {
                draft = draft.clone().set(*attribute, value.as_str()).unwrap_or(draft);
            }
        }
        let has_name = self.vendor.get(&Attribute::DisplayName).is_some_and(Option::is_some);
        if !has_name && keeper(capabilities, Attribute::DisplayName) == Keeper::Vendor {
            let part = |attribute: Attribute| {
                let carried = self.vendor.get(&attribute).cloned().flatten();
                carried.or_else(|| self.kept.get(attribute.name())?.as_str().map(str::to_owned))
            };
            let parts: Vec<String> = [Attribute::GivenName, Attribute::FamilyName].into_iter().filter_map(part).collect();
            if !parts.is_empty() {
                draft = draft.display_name(parts.join(" "));
            }
        }
        // Whoever is created without a word about it is to work.
        if self.active.is_some() || capabilities.property(Attribute::Active).is_some() {
            draft = draft.active(self.active.unwrap_or(true));
        }
        draft.build()
    }
}

fn text(name: &str, value: &Json) -> Result<Option<String>, ScimError> {
    match value {
        Json::Null => Ok(None),
        Json::String(text) if text.trim().is_empty() => Ok(None),
        Json::String(text) => Ok(Some(text.clone())),
        Json::Number(number) => Ok(Some(number.to_string())),
        _ => Err(ScimError::of(ScimType::InvalidValue, format!("`{name}` is text"))),
    }
}

/// Refuses what no vendor could be asked for, since it is part of an address then.
fn short_enough(name: &str, value: &str) -> Result<(), ScimError> {
    let length = value.chars().count();
    if length <= LONGEST {
        return Ok(());
    }
    Err(ScimError::of(ScimType::InvalidValue, format!("`{name}` has {length} characters, and {LONGEST} are the most")))
}

fn flag(value: &Json) -> Result<Option<bool>, ScimError> {
    match value {
        Json::Bool(flag) => Ok(Some(*flag)),
        Json::String(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Json::String(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        Json::Null => Ok(None),
        _ => Err(ScimError::of(ScimType::InvalidValue, "`active` is true or false")),
    }
}

/// The attributes that are in a request and that nobody keeps.
fn ignored(resource: &Map<String, Json>, capabilities: &Capabilities) -> Vec<String> {
    let names = resource.keys().filter(|name| !is_kept(name, capabilities) && !name.eq_ignore_ascii_case(USER));
    let names = names.map(|name| core_name(name).unwrap_or("other").to_owned());
    names
        .chain(["emails", "phoneNumbers"].into_iter().filter(|list| has_more(resource, list, capabilities)).map(str::to_owned))
        .collect()
}

/// Whether a list has more values than there is room for.
fn has_more(resource: &Map<String, Json>, list: &str, capabilities: &Capabilities) -> bool {
    let Some(Json::Array(elements)) = member(resource, list) else { return false };
    let carried = Attribute::ALL.iter().filter_map(|&attribute| match position(attribute) {
        Position::Typed(at, kind) if at == list && matches!(keeper(capabilities, attribute), Keeper::Vendor | Keeper::Store) => {
            chosen(elements, attribute, kind, capabilities)
        }
        _ => None,
    });
    let carried: BTreeSet<usize> = carried.collect();
    !carried.is_empty() && carried.len() < elements.len()
}

/// Whether the directory or the gateway keeps anything of the member `name` of a user.
pub(crate) fn is_kept(name: &str, capabilities: &Capabilities) -> bool {
    let of_gateway = ["schemas", "id", "externalId", "meta", "groups"].iter().any(|own| own.eq_ignore_ascii_case(name));
    of_gateway
        || Attribute::ALL.iter().any(|&attribute| {
            let stands_at = match position(attribute) {
                Position::Top(top) | Position::Within(top, _) | Position::Typed(top, _) => top,
                Position::Enterprise(_) | Position::Manager => ENTERPRISE,
                Position::Own => return false,
            };
            stands_at.eq_ignore_ascii_case(name) && matches!(keeper(capabilities, attribute), Keeper::Vendor | Keeper::Store)
        })
}
