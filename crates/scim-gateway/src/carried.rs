//! Which attributes an instance carries, which the gateway keeps, and where each one stands in a SCIM user.

use provisioning::Link;
use serde_json::{Map, Value as Json};
use vendor_users::{Attribute, Capabilities, Verb};

use crate::protocol::ENTERPRISE;
use crate::protocol::primary::is_primary;

/// Attributes that identity providers search by or demand, so that the gateway keeps them where a vendor has no place for them.
const KEPT: [Attribute; 4] = [Attribute::Email, Attribute::GivenName, Attribute::FamilyName, Attribute::DisplayName];

/// Under which name the store keeps `name.formatted`, which is not among the attributes.
pub(crate) const FORMATTED_NAME: &str = "formatted_name";

/// Who keeps an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeper {
    /// The vendor, and it can be changed.
    Vendor,
    /// The vendor, and nobody may change it from here.
    VendorReadOnly,
    /// The gateway's store.
    Store,
    /// Nobody.
    Nobody,
}

/// Who keeps `attribute` at the instance with these capabilities.
pub(crate) fn keeper(capabilities: &Capabilities, attribute: Attribute) -> Keeper {
    let carried = capabilities.property(attribute).is_some();
    match (carried, capabilities.obstacle(attribute)) {
        (true, None) => Keeper::Vendor,
        (true, Some(_)) => Keeper::VendorReadOnly,
        (false, _) if KEPT.contains(&attribute) => Keeper::Store,
        (false, _) => Keeper::Nobody,
    }
}

/// Whether `attribute` is in users as identity providers see them: of an extension of which nothing can be written nothing is,
/// since a client may remove it as a whole.
pub(crate) fn is_offered(capabilities: &Capabilities, attribute: Attribute) -> bool {
    let is_extension = |attribute: Attribute| matches!(position(attribute), Position::Enterprise(_) | Position::Manager);
    let is_written = |attribute: Attribute| matches!(keeper(capabilities, attribute), Keeper::Vendor | Keeper::Store);
    keeper(capabilities, attribute) != Keeper::Nobody
        && (!is_extension(attribute) || Attribute::ALL.iter().any(|&other| is_extension(other) && is_written(other)))
}

/// Whether the vendor has groups that can be read.
pub(crate) fn has_groups(capabilities: &Capabilities) -> bool {
    capabilities.property(Attribute::UserGroup).is_some() && capabilities.supports(Verb::Choices)
}

/// Where an attribute stands in a SCIM user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    /// At the top.
    Top(&'static str),
    /// Within an object.
    Within(&'static str, &'static str),
    /// The value of the element of this type in a list.
    Typed(&'static str, &'static str),
    /// In the extension for enterprises.
    Enterprise(&'static str),
    /// The value of the manager.
    Manager,
    /// Not among the attributes: `id`, `externalId` and `meta` are the gateway's.
    Own,
}

/// Where SCIM keeps an attribute, from its path.
pub(crate) fn position(attribute: Attribute) -> Position {
    let Some(path) = attribute.scim() else { return Position::Own };
    if let Some(name) = path.strip_prefix(ENTERPRISE).and_then(|rest| rest.strip_prefix(':')) {
        return if name.starts_with("manager") { Position::Manager } else { Position::Enterprise(name) };
    }
    if let Some((list, kind)) = path.split_once("[type eq \"") {
        return Position::Typed(list, kind.split('"').next().unwrap_or_default());
    }
    match path.split_once('.') {
        Some(("meta", _)) => Position::Own,
        Some((outer, inner)) => Position::Within(outer, inner),
        None if matches!(path, "id" | "externalId") => Position::Own,
        None => Position::Top(path),
    }
}

/// The value of `attribute` in a SCIM user: `None` where it is not mentioned, null where it is cleared.
pub(crate) fn value_in(resource: &Map<String, Json>, attribute: Attribute, capabilities: &Capabilities) -> Option<Json> {
    use crate::protocol::names::member;
    let cleared = |value: &Json| match value {
        Json::String(text) if text.trim().is_empty() => Json::Null,
        other => other.clone(),
    };
    let enterprise = || member(resource, ENTERPRISE);
    match position(attribute) {
        Position::Top(name) => member(resource, name).map(cleared),
        Position::Within(outer, inner) => match member(resource, outer)? {
            Json::Object(part) => member(part, inner).map(cleared),
            Json::Null => Some(Json::Null),
            _ => None,
        },
        Position::Typed(list, kind) => match member(resource, list)? {
            Json::Array(elements) => {
                let found = chosen(elements, attribute, kind, capabilities).and_then(|at| elements.get(at));
                let value = found.map(|element| element.as_object().map_or(Some(element), |element| member(element, "value")));
                Some(value.flatten().map_or(Json::Null, cleared))
            }
            Json::Null => Some(Json::Null),
            _ => None,
        },
        Position::Enterprise(name) => match enterprise()? {
            Json::Object(part) => member(part, name).map(cleared),
            Json::Null => Some(Json::Null),
            _ => None,
        },
        Position::Manager => match enterprise()?.as_object().and_then(|part| member(part, "manager"))? {
            Json::Object(manager) => Some(member(manager, "value").map_or(Json::Null, cleared)),
            plain => Some(cleared(plain)),
        },
        Position::Own => None,
    }
}

/// Which element of a list carries `attribute`: one of its type; for the attribute that stands for the list, else the
/// primary one, else the first that no other attribute carries.
pub(crate) fn chosen(elements: &[Json], attribute: Attribute, kind: &str, capabilities: &Capabilities) -> Option<usize> {
    let type_of = |element: &Json| element.get("type").and_then(Json::as_str).unwrap_or_default().to_ascii_lowercase();
    // There is room for one of each type: the preferred one, else the one that was added last.
    let is_of_type = |element: &Json| type_of(element) == kind;
    let preferred = elements.iter().rposition(|element| is_of_type(element) && is_primary(element));
    let of_type = preferred.or_else(|| elements.iter().rposition(is_of_type));
    if of_type.is_some() {
        return of_type;
    }
    let stands_for_list = match attribute {
        Attribute::MobilePhone => keeper(capabilities, Attribute::PhoneNumber) != Keeper::Vendor,
        _ => true,
    };
    if !stands_for_list {
        return None;
    }
    let other = match attribute {
        Attribute::PhoneNumber if keeper(capabilities, Attribute::MobilePhone) == Keeper::Vendor => "mobile",
        _ => "",
    };
    // A fax or pager is no telephone, whatever else there is.
    let is_free = |element: &&Json| {
        let kind = type_of(element);
        (other.is_empty() || kind != other) && !["fax", "pager"].contains(&kind.as_str())
    };
    let primary = elements.iter().position(|element| is_primary(element) && is_free(&element));
    primary.or_else(|| elements.iter().position(|element| is_free(&element)))
}

/// What the gateway remembers of what was sent, under a name.
pub(crate) fn sent<'a>(link: &'a Link, name: &str) -> Option<&'a Json> {
    link.sent.get(name)
}
