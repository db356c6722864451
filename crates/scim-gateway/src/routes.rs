//! The endpoints: from a request below an instance to the response.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, header};
use serde_json::{Map, Value as Json};

use crate::protocol::error::{ScimError, ScimType, shortened};
use crate::protocol::list::{self, ListRequest};
use crate::protocol::names::member;
use crate::protocol::patch;
use crate::protocol::projection::Projection;
use crate::protocol::{ENTERPRISE, PATCH, USER};
use crate::schemas;
use crate::service::{Caller, Change, Preconditions, Resource, Users, tag_matches};

/// What is sent back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Option<Json>,
    pub(crate) headers: Vec<(header::HeaderName, String)>,
}

impl Reply {
    pub(crate) const fn new(status: u16, body: Json) -> Self {
        Self { status, body: Some(body), headers: Vec::new() }
    }
}

/// A request, taken apart.
pub(crate) struct Asked {
    pub(crate) method: Method,
    /// Where the client finds the instance.
    pub(crate) base: String,
    /// The path below it.
    pub(crate) rest: Vec<String>,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Responds to a request whose caller is known and may send it.
pub(crate) async fn respond(users: &Users, caller: &Caller, asked: Asked) -> Result<Reply, ScimError> {
    let rest: Vec<&str> = asked.rest.iter().map(String::as_str).collect();
    let basis = schemas::Basis { directory: users.directory.as_ref(), settings: &users.settings };
    match (&asked.method, rest.as_slice()) {
        (method, [.., ".search"]) if method != Method::POST => Ok(not_allowed(method, "POST")),
        (&Method::GET, ["Users"]) => {
            listed(users, caller, &asked, ListRequest::of_query(&asked.query, users.limits.filter)?).await
        }
        // At the root, too, there is what `/ResourceTypes` has: groups are no resource that clients could write.
        (&Method::POST, ["Users", ".search"] | [".search"]) => {
            let request = ListRequest::of_body(&json_of(&asked)?, users.limits.filter)?;
            listed(users, caller, &asked, request).await
        }
        (&Method::POST, ["Users"]) => {
            let resource = users.create(caller, &object_of(&asked)?).await?;
            sent(201, resource, &asked)
        }
        (&Method::GET, ["Users", id]) => {
            let resource = users.get(caller, id).await?;
            let known = asked.headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
            if known.is_some_and(|known| tag_matches(known, &resource)) {
                return Ok(Reply { status: 304, body: None, headers: vec![(header::ETAG, meta_of(&resource, "version"))] });
            }
            sent(200, resource, &asked)
        }
        (&Method::PUT, ["Users", id]) => {
            let change = Change::Replace(object_of(&asked)?);
            sent(200, users.change(caller, id, &change, &preconditions(&asked)).await?, &asked)
        }
        (&Method::PATCH, ["Users", id]) => {
            let body = json_of(&asked)?;
            body.as_object().map_or(Ok(()), |members| has_schema(members, PATCH))?;
            let operations = patch::parse(&body, users.limits.operations, users.limits.filter)?;
            sent(200, users.change(caller, id, &Change::Patch(operations), &preconditions(&asked)).await?, &asked)
        }
        (&Method::DELETE, ["Users", id]) => {
            users.delete(caller, id, &preconditions(&asked)).await?;
            Ok(Reply { status: 204, body: None, headers: Vec::new() })
        }
        (&Method::GET, ["Groups"]) => groups(users, &asked, &ListRequest::of_query(&asked.query, users.limits.filter)?).await,
        (&Method::POST, ["Groups", ".search"]) => {
            groups(users, &asked, &ListRequest::of_body(&json_of(&asked)?, users.limits.filter)?).await
        }
        (&Method::GET, ["Groups", id]) => {
            let group = users.group(id).await?;
            Ok(Reply::new(200, Json::Object(located(group, &asked.base, "Groups"))))
        }
        // RFC 7644, section 4: so that clients do not take what comes back for what they filtered by.
        (&Method::GET, ["ServiceProviderConfig" | "Schemas" | "ResourceTypes", ..]) if asked.query.contains_key("filter") => {
            Err(ScimError::new(403, "what the server says of itself is not filtered"))
        }
        (&Method::GET, ["ServiceProviderConfig"]) => {
            Ok(Reply::new(200, schemas::service_provider_config(&asked.base, users.limits.page)))
        }
        (&Method::GET, ["Schemas", id @ ..]) if id.len() < 2 => one_or_all(schemas::schemas(basis, &asked.base), id),
        (&Method::GET, ["ResourceTypes", id @ ..]) if id.len() < 2 => one_or_all(schemas::resource_types(basis, &asked.base), id),
        (_, ["Me" | "Bulk", ..]) => Err(ScimError::new(501, "this is not supported; `/ServiceProviderConfig` says what is")),
        _ => allowed(&rest)
            .map(|allowed| not_allowed(&asked.method, allowed))
            .ok_or_else(|| ScimError::new(404, "there is no such endpoint")),
    }
}

/// What may be sent to an endpoint; `None` where there is none.
fn allowed(rest: &[&str]) -> Option<&'static str> {
    match rest {
        [".search"] | ["Users" | "Groups", ".search"] => Some("POST"),
        ["Users"] => Some("GET, HEAD, POST"),
        ["Users", _] => Some("GET, HEAD, PUT, PATCH, DELETE"),
        ["Groups" | "Schemas" | "ResourceTypes"] | ["Groups" | "Schemas" | "ResourceTypes", _] | ["ServiceProviderConfig"] => {
            Some("GET, HEAD")
        }
        _ => None,
    }
}

fn not_allowed(method: &Method, allowed: &'static str) -> Reply {
    let error = ScimError::new(405, format!("{method} is not supported here; what is: {allowed}"));
    Reply { status: 405, body: Some(error.to_json()), headers: vec![(header::ALLOW, allowed.to_owned())] }
}

fn one_or_all(all: Vec<Json>, id: &[&str]) -> Result<Reply, ScimError> {
    let Some(id) = id.first() else { return Ok(Reply::new(200, list::response(all.clone(), all.len(), 1))) };
    let found =
        all.into_iter().find(|one| one.get("id").and_then(Json::as_str).is_some_and(|known| known.eq_ignore_ascii_case(id)));
    found.map(|one| Reply::new(200, one)).ok_or_else(|| ScimError::new(404, "there is none of this name"))
}

async fn listed(users: &Users, caller: &Caller, asked: &Asked, request: ListRequest) -> Result<Reply, ScimError> {
    let page = users.list(caller, &request).await?;
    let resources = page.resources.into_iter();
    let resources = resources.map(|resource| Json::Object(request.projection.of(located(resource, &asked.base, "Users"))));
    Ok(Reply::new(200, list::response(resources.collect(), page.total, page.start)))
}

async fn groups(users: &Users, asked: &Asked, request: &ListRequest) -> Result<Reply, ScimError> {
    let (total, groups) = users.groups(request).await?;
    let groups = groups.into_iter().map(|group| Json::Object(request.projection.of(located(group, &asked.base, "Groups"))));
    Ok(Reply::new(200, list::response(groups.collect(), total, request.start)))
}

fn sent(status: u16, resource: Resource, asked: &Asked) -> Result<Reply, ScimError> {
    let text = |name: &str| asked.query.get(name).map(String::as_str);
    let projection = Projection::parse(text("attributes"), text("excludedAttributes"))?;
    let resource = located(resource, &asked.base, "Users");
    let headers = vec![(header::ETAG, meta_of(&resource, "version")), (header::LOCATION, meta_of(&resource, "location"))];
    Ok(Reply { status, body: Some(Json::Object(projection.of(resource))), headers })
}

fn meta_of(resource: &Resource, name: &str) -> String {
    resource.get("meta").and_then(|meta| meta.get(name)).and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn located(mut resource: Resource, base: &str, endpoint: &str) -> Resource {
    let id = resource.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
    if let Some(Json::Object(meta)) = resource.get_mut("meta") {
        meta.insert("location".to_owned(), Json::from([base, endpoint, &id].join("/")));
    }
    if let Some(Json::Array(groups)) = resource.get_mut("groups") {
        for group in groups {
            let id = group.get("value").and_then(Json::as_str).unwrap_or_default().to_owned();
            group["$ref"] = Json::from([base, "Groups", &id].join("/"));
        }
    }
    if let Some(manager) = resource.get_mut(ENTERPRISE).and_then(|part| part.get_mut("manager")?.as_object_mut())
        && let Some(id) = manager.get("value").and_then(Json::as_str).filter(|id| is_id(id))
    {
        let location = [base, "Users", id].join("/");
        manager.insert("$ref".to_owned(), Json::from(location));
    }
    resource
}

/// Whether an identifier is one that the store gives; else it is one of the vendor's, of a user without a link.
fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn preconditions(asked: &Asked) -> Preconditions {
    let if_match = asked.headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Preconditions { if_match }
}

/// Refuses what says of itself that it is no JSON; who does not say is believed, and so is every name of it.
fn is_json(headers: &HeaderMap) -> Result<(), ScimError> {
    let Some(sent) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let sent = String::from_utf8_lossy(sent.as_bytes());
    let name = sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if name.is_empty() || ["application/json", "text/json"].contains(&name.as_str()) || name.ends_with("+json") {
        return Ok(());
    }
    let words = format!("the body is application/scim+json or application/json, and `{}` was sent", shortened(&name));
    Err(ScimError::new(415, words))
}

fn json_of(asked: &Asked) -> Result<Json, ScimError> {
    is_json(&asked.headers)?;
    serde_json::from_slice(&asked.body)
        .map_err(|error| ScimError::of(ScimType::InvalidSyntax, format!("the body is no JSON: {error}")))
}

/// Refuses what says of itself that it is something else; clients that do not say it are believed.
fn has_schema(members: &Map<String, Json>, schema: &str) -> Result<(), ScimError> {
    let is_named = |name: &Json| name.as_str().is_some_and(|name| name.eq_ignore_ascii_case(schema));
    match member(members, "schemas") {
        None | Some(Json::Null) => Ok(()),
        Some(Json::Array(names)) if names.is_empty() || names.iter().any(is_named) => Ok(()),
        Some(_) => Err(ScimError::of(ScimType::InvalidSyntax, format!("`schemas` is a list with `{schema}` in it"))),
    }
}

fn object_of(asked: &Asked) -> Result<Map<String, Json>, ScimError> {
    match json_of(asked)? {
        Json::Object(members) => {
            has_schema(&members, USER)?;
            Ok(members)
        }
        _ => Err(ScimError::of(ScimType::InvalidSyntax, "a user is a JSON object")),
    }
}
