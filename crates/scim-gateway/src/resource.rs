//! A user as SCIM has it: from the vendor's user and the link.

use provisioning::Link;
use provisioning::jiff::Timestamp;
use serde_json::{Map, Value as Json, json};
use vendor_users::attribute::Value;
use vendor_users::{Attribute, Capabilities, User};

use crate::carried::{FORMATTED_NAME, Keeper, Position, has_groups, is_offered, keeper, position, sent};
use crate::digest::sha256;
use crate::mapped::given_back;
use crate::protocol::{ENTERPRISE, USER};

/// Returns the SCIM user, without `meta.location`. `manager` is the manager as identity providers know it.
pub(crate) fn of(
    user: &dyn User,
    link: &Link,
    client: &str,
    capabilities: &Capabilities,
    manager: Option<String>,
) -> Map<String, Json> {
    let mut resource = Map::new();
    resource.insert("schemas".to_owned(), json!([USER]));
    resource.insert("id".to_owned(), Json::from(link.id.as_str()));
    let external_id = link.external_ids.get(client).cloned();
    if let Some(external_id) = external_id.or_else(|| user.external_id().map(|id| id.into_owned())) {
        resource.insert("externalId".to_owned(), Json::from(external_id));
    }
    let always = [Attribute::UserName, Attribute::Active];
    let offered = |attribute: &&Attribute| always.contains(attribute) || is_offered(capabilities, **attribute);
    for &attribute in Attribute::ALL.iter().filter(offered) {
        if let Some(value) = value_of(user, link, attribute, capabilities) {
            put(&mut resource, link, attribute, value, manager.as_deref());
        }
    }
    add_formatted_name(&mut resource, link);
    let group = user.attribute(Attribute::UserGroup).filter(|_| has_groups(capabilities));
    if let Some(group) = group.map(|group| group.to_string()) {
        let title = user.attribute(Attribute::UserGroupTitle).map(|title| title.to_string());
        let display = title.map(|title| ("display".to_owned(), Json::from(title)));
        let member = [("value".to_owned(), Json::from(group)), ("type".to_owned(), Json::from("direct"))];
        resource.insert("groups".to_owned(), json!([member.into_iter().chain(display).collect::<Map<_, _>>()]));
    }
    if resource.contains_key(ENTERPRISE) {
        resource.insert("schemas".to_owned(), json!([USER, ENTERPRISE]));
    }
    let version = version(&resource);
    let time = |attribute: Attribute, or: Timestamp| {
        let text = user.attribute(attribute).map(|value| value.to_string());
        text.and_then(|text| text.parse::<Timestamp>().ok()).unwrap_or(or).to_string()
    };
    let meta = json!({
        "resourceType": "User",
        "created": time(Attribute::Created, link.created),
        "lastModified": time(Attribute::LastModified, link.modified),
        "version": version,
    });
    resource.insert("meta".to_owned(), meta);
    resource
}

/// The value to give back: of the user name what was sent, where the vendor still has what that became.
fn value_of(user: &dyn User, link: &Link, attribute: Attribute, capabilities: &Capabilities) -> Option<Json> {
    let keeper = keeper(capabilities, attribute);
    if keeper == Keeper::Store {
        return sent(link, attribute.name()).filter(|value| !value.is_null()).cloned();
    }
    let value = user.attribute(attribute).map(|value| match value {
        Value::Text(text) => Json::from(text.into_owned()),
        Value::Flag(flag) => Json::from(flag),
    });
    let value = value.filter(|value| value.as_str() != Some(""));
    if attribute == Attribute::UserName {
        let now = value.as_ref().and_then(Json::as_str);
        let is_made = given_back(link, attribute, now).is_some();
        let kept = link.user_name.as_deref().filter(|name| is_made || now.is_none_or(|now| now.eq_ignore_ascii_case(name)));
        return kept.map(Json::from).or(value).or_else(|| user.id().map(|id| Json::from(id.into_owned())));
    }
    if attribute == Attribute::Active {
        return Some(value.unwrap_or(Json::Bool(link.disabled.is_none())));
    }
    given_back(link, attribute, value.as_ref().and_then(Json::as_str)).or(value)
}

fn put(resource: &mut Map<String, Json>, link: &Link, attribute: Attribute, value: Json, manager: Option<&str>) {
    let mut within = |outer: &str, inner: &str, value: Json| {
        if let Json::Object(part) = resource.entry(outer.to_owned()).or_insert_with(|| json!({})) {
            part.insert(inner.to_owned(), value);
        }
    };
    match position(attribute) {
        Position::Top(name) => drop(resource.insert(name.to_owned(), value)),
        Position::Within(outer, inner) => within(outer, inner, value),
        Position::Enterprise(name) => within(ENTERPRISE, name, value),
        Position::Manager => {
            let value = manager.map_or(value, Json::from);
            within(ENTERPRISE, "manager", json!({ "value": value }));
        }
        Position::Typed(list, kind) => {
            // Type and the like as they were sent, with the value that the vendor has.
            let mut element = Map::from_iter([("type".to_owned(), Json::from(kind))]);
            if let Some(Json::Object(details)) = sent(link, &format!("{}_details", attribute.name())) {
                element.clone_from(details);
            }
            element.insert("value".to_owned(), value);
            if let Json::Array(elements) = resource.entry(list.to_owned()).or_insert_with(|| json!([])) {
                elements.push(Json::Object(element));
            }
        }
        Position::Own => {}
    }
}

/// `name.formatted` as it was sent, which no vendor keeps.
fn add_formatted_name(resource: &mut Map<String, Json>, link: &Link) {
    let Some(formatted) = sent(link, FORMATTED_NAME).filter(|name| !name.is_null()) else { return };
    if let Json::Object(name) = resource.entry("name".to_owned()).or_insert_with(|| json!({})) {
        name.insert("formatted".to_owned(), formatted.clone());
    }
}

/// The entity tag of a resource without `meta`.
fn version(resource: &Map<String, Json>) -> String {
    let text = Json::Object(resource.clone()).to_string();
    let short: String = sha256(&text).chars().take(24).collect();
    format!("W/\"{short}\"")
}
