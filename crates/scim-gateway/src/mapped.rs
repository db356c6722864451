//! What the configuration's expressions make of a SCIM user, and what was sent in its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use provisioning::Link;
use provisioning::config::{Authority, Mapping, day};
use provisioning::jiff::Timestamp;
use provisioning::mapping::{Cells, Mapped};
use serde_json::{Map, Value as Json, json};
use vendor_users::{Attribute, Capabilities};

use crate::carried::{Keeper, keeper, sent, value_in};
use crate::protocol::error::{ScimError, ScimType};
use crate::protocol::names::member;

/// Under which name the store keeps what was sent and what became of it.
const MAPPED: &str = "mapped";

/// The mappings of an instance.
pub(crate) type Mappings = BTreeMap<Attribute, Mapping>;

/// The user as expressions see it: a column for each attribute, by its name.
fn cells(resource: &Map<String, Json>, capabilities: &Capabilities) -> Cells {
    let text = |value: &Json| match value {
        Json::String(text) => text.clone(),
        Json::Bool(_) | Json::Number(_) => value.to_string(),
        _ => String::new(),
    };
    let cell = |attribute: Attribute| {
        let own = |name: &str| member(resource, name).cloned();
        let value = match attribute {
            Attribute::ExternalId => own("externalId"),
            Attribute::Id => own("id"),
            _ => value_in(resource, attribute, capabilities),
        };
        (Arc::from(attribute.name()), value.as_ref().map(text).unwrap_or_default())
    };
    Cells::new(Attribute::ALL.iter().copied().map(cell).collect(), day(Timestamp::now()))
}

/// Puts what the mappings make of `resource` in the place of what it says itself. Returns what was sent, by attribute.
///
/// # Errors
///
/// [`ScimType::InvalidValue`] where an expression cannot be evaluated.
pub(crate) fn apply(
    mappings: &Mappings,
    resource: &Map<String, Json>,
    capabilities: &Capabilities,
    is_new: bool,
    vendor: &mut BTreeMap<Attribute, Option<String>>,
) -> Result<BTreeMap<Attribute, Option<String>>, ScimError> {
    let mut before = BTreeMap::new();
    if mappings.is_empty() {
        return Ok(before);
    }
    let cells = cells(resource, capabilities);
    for (&attribute, mapping) in mappings {
        if keeper(capabilities, attribute) != Keeper::Vendor {
            continue;
        }
        if !is_new && mapping.authority == Authority::Create {
            vendor.remove(&attribute);
            continue;
        }
        let wrong = |words: String| ScimError::of(ScimType::InvalidValue, format!("`{attribute}` cannot be made: {words}"));
        let value = match mapping.expression.evaluate(&cells).map_err(wrong)? {
            Mapped::Text(text) => text,
            Mapped::Flag(flag) => flag.to_string(),
            Mapped::Nothing => {
                // What is cleared by name stays cleared.
                if vendor.get(&attribute).is_some_and(Option::is_some) {
                    vendor.remove(&attribute);
                }
                continue;
            }
        };
        before.insert(attribute, vendor.insert(attribute, Some(value)).flatten());
    }
    Ok(before)
}

/// The value of a mapped attribute for a single search value: what the vendor has where `attribute` was sent as `value`.
pub(crate) fn sought(mappings: &Mappings, attribute: Attribute, value: &str) -> Option<String> {
    let mapping = mappings.get(&attribute)?;
    let only = mapping.expression.columns().iter().all(|column| column == attribute.name());
    let cells = Cells::new(BTreeMap::from([(Arc::from(attribute.name()), value.to_owned())]), day(Timestamp::now()));
    match mapping.expression.evaluate(&cells) {
        Ok(Mapped::Text(text)) if only => Some(text),
        _ => None,
    }
}

/// Writes into the link what was sent, and what the mappings made of it.
pub(crate) fn remember(
    link: &mut Link,
    before: &BTreeMap<Attribute, Option<String>>,
    vendor: &BTreeMap<Attribute, Option<String>>,
) {
    if before.is_empty() {
        return;
    }
    if !link.sent.is_object() {
        link.sent = json!({});
    }
    let Some(all) = link.sent.as_object_mut() else { return };
    let Json::Object(mapped) = all.entry(MAPPED).or_insert_with(|| json!({})) else { return };
    for (attribute, was) in before {
        // What is not in the change the vendor has already.
        if let Some(Some(now)) = vendor.get(attribute) {
            mapped.insert(attribute.name().to_owned(), json!({ "sent": was, "vendor": now }));
        } else if let Some(known) = mapped.get_mut(attribute.name()) {
            known["sent"] = json!(was);
        }
    }
}

/// What was sent for an attribute, where the vendor still has what the mapping made of it.
pub(crate) fn given_back(link: &Link, attribute: Attribute, now: Option<&str>) -> Option<Json> {
    let known = sent(link, MAPPED)?.get(attribute.name())?;
    let made = known.get("vendor").and_then(Json::as_str)?;
    let is_there = now.is_some_and(|now| now.eq_ignore_ascii_case(made));
    known.get("sent").filter(|sent| is_there && !sent.is_null()).cloned()
}
