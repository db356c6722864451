//! `/Schemas`, `/ResourceTypes` and `/ServiceProviderConfig`, made from what an instance can do.

use serde_json::{Value as Json, json};
use vendor_users::{Attribute, AttributeConstraints, Capabilities, Clearing, Directory, Verb};

use crate::carried::{Keeper, Position, has_groups, is_offered, keeper, position};
use crate::protocol::{ENTERPRISE, USER};
use crate::settings::InstanceSettings;

const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";
const RESOURCE_TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
const CONFIG: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";

fn attribute(name: &str, kind: &str, mutability: &str, description: &str) -> Json {
    json!({
        "name": name, "type": kind, "multiValued": false, "description": description, "required": false,
        "caseExact": false, "mutability": mutability, "returned": "default", "uniqueness": "none",
    })
}

fn with(mut attribute: Json, members: &[(&str, Json)]) -> Json {
    for (name, value) in members {
        attribute[*name] = value.clone();
    }
    attribute
}

/// What `/Schemas` says of an attribute beside its name.
struct Described {
    mutability: &'static str,
    description: String,
    required: bool,
    values: &'static [&'static str],
}

impl Described {
    /// The attribute under its name in SCIM.
    fn called(&self, name: &str, kind: &str) -> Json {
        let mut members = vec![("required", Json::Bool(self.required))];
        if !self.values.is_empty() {
            members.push(("canonicalValues", json!(self.values)));
        }
        with(attribute(name, kind, self.mutability, &self.description), &members)
    }
}

/// What schemas are made of: what the directory carries, and what the settings of the instance add.
#[derive(Clone, Copy)]
pub(crate) struct Basis<'b> {
    pub(crate) directory: &'b dyn Directory,
    pub(crate) settings: &'b InstanceSettings,
}

impl<'b> Basis<'b> {
    fn capabilities(self) -> &'b Capabilities {
        self.directory.capabilities()
    }
}

fn described(basis: Basis<'_>, named: Attribute) -> Described {
    let capabilities = basis.capabilities();
    let title = capabilities.instance().title();
    let (mutability, kept) = match keeper(capabilities, named) {
        Keeper::Vendor => ("readWrite", format!("Kept by {title} as `{}`.", capabilities.property(named).unwrap_or_default())),
        Keeper::Store => ("readWrite", format!("Kept by the gateway, since {title} has no place for it.")),
        Keeper::VendorReadOnly => ("readOnly", format!("Read from {title}; not written from here.")),
        Keeper::Nobody => ("readOnly", String::new()),
    };
    if mutability == "readOnly" {
        return Described { mutability, description: kept, required: false, values: &[] };
    }
    let constraints = capabilities.constraints(named);
    let required = basis.settings.demands(capabilities, named);
    let is_vendors = keeper(capabilities, named) == Keeper::Vendor;
    let stays = is_vendors && !required && basis.directory.clearing(named) == Clearing::Never;
    let words = [
        Some(kept),
        lengths(constraints),
        constraints.pattern.map(|pattern| format!("It matches `{pattern}`.")),
        stays.then(|| format!("{title} documents no way to remove it; it can be changed.")),
    ];
    Described {
        mutability,
        description: words.into_iter().flatten().collect::<Vec<_>>().join(" "),
        required,
        values: constraints.values,
    }
}

/// The lengths that are allowed. RFC 7643 has no member of an attribute for them, and clients refuse members that it does not
/// have: so they stand in the description, always in the same words.
fn lengths(constraints: AttributeConstraints) -> Option<String> {
    match (constraints.min_length, constraints.max_length) {
        (0, None) => None,
        (0, Some(max)) => Some(format!("At most {max} characters.")),
        (min, Some(max)) => Some(format!("From {min} to {max} characters.")),
        (min, None) => Some(format!("At least {min} characters.")),
    }
}

/// The schema of users.
fn user(basis: Basis<'_>) -> Json {
    let capabilities = basis.capabilities();
    let mut attributes = Vec::new();
    let is_id = capabilities.property(Attribute::Id).is_some_and(|id| capabilities.property(Attribute::UserName) == Some(id));
    let mut user_name = described(basis, Attribute::UserName);
    user_name.mutability = if is_id { "immutable" } else { "readWrite" };
    user_name.required = true;
    attributes.push(with(user_name.called("userName", "string"), &[("uniqueness", Json::from("server"))]));
    let external_id = attribute("externalId", "string", "readWrite", "What the client calls the user; each client has its own.");
    attributes.push(with(external_id, &[("caseExact", Json::Bool(true))]));
    let parts = [(Attribute::GivenName, "givenName"), (Attribute::FamilyName, "familyName")];
    let parts = parts.into_iter().filter(|(named, _)| is_offered(capabilities, *named));
    let parts: Vec<Json> = parts
        .map(|(named, name)| described(basis, named).called(name, "string"))
        .chain([attribute("formatted", "string", "readWrite", "Given back as it was sent, until another part changes.")])
        .collect();
    let is_required = parts.iter().any(|part| part["required"] == Json::Bool(true));
    let name = attribute("name", "complex", "readWrite", "The parts of the user's name.");
    attributes.push(with(name, &[("subAttributes", Json::Array(parts)), ("required", Json::Bool(is_required))]));
    for &named in Attribute::ALL {
        let Position::Top(name) = position(named) else { continue };
        if named == Attribute::UserName || named != Attribute::Active && !is_offered(capabilities, named) {
            continue;
        }
        let mut described = described(basis, named);
        let mut kind = "string";
        if named == Attribute::Active {
            kind = "boolean";
            described.mutability = if capabilities.supports(Verb::Disable) { "readWrite" } else { "readOnly" };
            // It can be switched and not removed; a user that is created without it is active.
            described.required = described.mutability == "readWrite";
        }
        attributes.push(described.called(name, kind));
    }
    for list in ["emails", "phoneNumbers"] {
        attributes.extend(listed(basis, list));
    }
    if has_groups(capabilities) {
        attributes.push(groups());
    }
    json!({
        "schemas": [SCHEMA], "id": USER, "name": "User", "description": "User account", "attributes": attributes,
        "meta": { "resourceType": "Schema" },
    })
}

/// A list such as `emails`, with the types that are carried.
fn listed(basis: Basis<'_>, list: &str) -> Option<Json> {
    let capabilities = basis.capabilities();
    let carried = Attribute::ALL.iter().filter_map(|&named| match position(named) {
        Position::Typed(at, kind) if at == list && is_offered(capabilities, named) => Some((named, kind)),
        _ => None,
    });
    let carried: Vec<(Attribute, &str)> = carried.collect();
    let (first, _) = carried.first()?;
    let kinds: Vec<&str> = carried.iter().map(|(_, kind)| *kind).collect();
    let mut value = described(basis, *first);
    if carried.len() > 1 {
        let each = carried.iter().map(|(named, kind)| format!("{kind}: {}", described(basis, *named).description));
        value.description = each.collect::<Vec<_>>().join(" ");
    }
    let mutability = value.mutability;
    let kind = with(attribute("type", "string", mutability, "Which one it is."), &[("canonicalValues", json!(kinds))]);
    let primary = attribute("primary", "boolean", mutability, "Whether it is preferred; given back as it was sent.");
    let parts = Json::Array(vec![value.called("value", "string"), kind, primary]);
    let list = attribute(list, "complex", mutability, "One value of each type is kept.");
    let members = [("multiValued", Json::Bool(true)), ("subAttributes", parts), ("required", Json::Bool(value.required))];
    Some(with(list, &members))
}

/// The groups of a user, which are read only.
fn groups() -> Json {
    let part = |name: &str, description: &str| attribute(name, "string", "readOnly", description);
    let reference = attribute("$ref", "reference", "readOnly", "Where the group is.");
    let reference = with(reference, &[("referenceTypes", json!(["Group"])), ("caseExact", Json::Bool(true))]);
    let kind = with(part("type", "How the user belongs to it."), &[("canonicalValues", json!(["direct"]))]);
    let parts = json!([part("value", "Identifier of the group."), reference, part("display", "Its name."), kind]);
    let groups = attribute("groups", "complex", "readOnly", "The vendor's groups that the user belongs to.");
    with(groups, &[("multiValued", Json::Bool(true)), ("subAttributes", parts)])
}

/// The extension for enterprises, where anything of it is carried.
fn enterprise(basis: Basis<'_>) -> Option<Json> {
    let capabilities = basis.capabilities();
    let mut attributes = Vec::new();
    for &named in Attribute::ALL {
        if !is_offered(capabilities, named) {
            continue;
        }
        let described = described(basis, named);
        match position(named) {
            Position::Enterprise(name) => attributes.push(described.called(name, "string")),
            Position::Manager => {
                let words = "Identifier of the manager here, or at the vendor.";
                let value = attribute("value", "string", described.mutability, words);
                let reference =
                    attribute("$ref", "reference", described.mutability, "Where the manager is, if it is a user here.");
                let reference = with(reference, &[("referenceTypes", json!(["User"])), ("caseExact", Json::Bool(true))]);
                let manager = described.called("manager", "complex");
                attributes.push(with(manager, &[("subAttributes", json!([value, reference]))]));
            }
            _ => {}
        }
    }
    (!attributes.is_empty()).then(|| {
        json!({
            "schemas": [SCHEMA], "id": ENTERPRISE, "name": "EnterpriseUser", "description": "Enterprise User",
            "attributes": attributes, "meta": { "resourceType": "Schema" },
        })
    })
}

/// The schemas of an instance.
pub(crate) fn schemas(basis: Basis<'_>, base: &str) -> Vec<Json> {
    let all = [Some(user(basis)), enterprise(basis)].into_iter().flatten();
    let located = all.map(|mut schema| {
        let id = schema["id"].as_str().unwrap_or_default().to_owned();
        schema["meta"]["location"] = Json::from(format!("{base}/Schemas/{id}"));
        schema
    });
    located.collect()
}

/// The kinds of resources of an instance.
pub(crate) fn resource_types(basis: Basis<'_>, base: &str) -> Vec<Json> {
    let extensions: Vec<Json> =
        enterprise(basis).into_iter().map(|_| json!({ "schema": ENTERPRISE, "required": false })).collect();
    let kind = |name: &str, endpoint: &str, schema: &str, extensions: Vec<Json>| {
        json!({
            "schemas": [RESOURCE_TYPE], "id": name, "name": name, "endpoint": endpoint, "description": name, "schema": schema,
            "schemaExtensions": extensions,
            "meta": { "resourceType": "ResourceType", "location": format!("{base}/ResourceTypes/{name}") },
        })
    };
    vec![kind("User", "/Users", USER, extensions)]
}

/// What this server can do.
pub(crate) fn service_provider_config(base: &str, max_results: usize) -> Json {
    let scheme = json!({
        "type": "oauthbearertoken", "name": "Bearer token", "primary": true,
        "description": "A token made by the operator of this gateway",
        "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
    });
    json!({
        "schemas": [CONFIG],
        "patch": { "supported": true },
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": max_results },
        "changePassword": { "supported": false },
        "sort": { "supported": true },
        "etag": { "supported": true },
        "authenticationSchemes": [scheme],
        "meta": { "resourceType": "ServiceProviderConfig", "location": format!("{base}/ServiceProviderConfig") },
    })
}
