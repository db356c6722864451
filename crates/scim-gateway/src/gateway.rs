//! The gateway as HTTP has it: who calls, which instance, which resource, and the form of responses.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::Response;
use provisioning::store::new_id;
use provisioning::{Store, StoreError};
use serde_json::{Map, Value as Json, json};
use tokio::sync::Semaphore;
use vendor_users::Directory;

use crate::failure::of_store;
use crate::protocol::ENTERPRISE;
use crate::protocol::error::{ScimError, ScimType};
use crate::protocol::list::{self, ListRequest};
use crate::protocol::patch;
use crate::protocol::projection::Projection;
use crate::schemas;
use crate::service::{Caller, Change, Preconditions, Resource, Users, tag_matches};
use crate::settings::{InstanceSettings, Limits};
use crate::token;

/// A SCIM server over directories.
#[derive(Clone, Debug)]
pub struct Gateway(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    instances: BTreeMap<String, Arc<Users>>,
    store: Arc<dyn Store>,
    limits: Limits,
    public_url: Option<String>,
    free: Semaphore,
}

/// Builds a [`Gateway`].
#[derive(Debug)]
#[must_use]
pub struct GatewayBuilder {
    store: Arc<dyn Store>,
    limits: Limits,
    public_url: Option<String>,
    instances: Vec<(String, Arc<dyn Directory>, InstanceSettings)>,
}

impl GatewayBuilder {
    /// Serves the users of a directory below `/v/{name}`.
    pub fn instance(mut self, name: impl Into<String>, directory: Arc<dyn Directory>, settings: InstanceSettings) -> Self {
        self.instances.push((name.into(), directory, settings));
        self
    }

    /// Sets limits other than the default ones.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets where clients reach the gateway, such as `https://scim.example.com`, for the locations of resources. Without it they
    /// are of the host that a request names, over HTTP; what a proxy says in headers is not believed.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into().trim_end_matches('/').to_owned());
        self
    }

    /// Builds the gateway.
    ///
    /// # Errors
    ///
    /// The system has no random source.
    pub fn build(self) -> Result<Gateway, StoreError> {
        let holder = format!("scim-gateway {}", new_id()?);
        let mut instances = BTreeMap::new();
        for (name, directory, settings) in self.instances {
            let store = Arc::clone(&self.store);
            let (limits, holder) = (self.limits.clone(), holder.clone());
            instances.insert(name.clone(), Arc::new(Users { name, directory, store, settings, limits, holder }));
        }
        let free = Semaphore::new(self.limits.concurrency);
        Ok(Gateway(Arc::new(Parts { instances, store: self.store, limits: self.limits, public_url: self.public_url, free })))
    }
}

/// What is sent back.
#[derive(Debug)]
struct Reply {
    status: u16,
    body: Option<Json>,
    headers: Vec<(header::HeaderName, String)>,
}

impl Reply {
    const fn new(status: u16, body: Json) -> Self {
        Self { status, body: Some(body), headers: Vec::new() }
    }
}

/// A request, taken apart.
struct Asked {
    method: Method,
    base: String,
    rest: Vec<String>,
    query: BTreeMap<String, String>,
    headers: HeaderMap,
    body: Bytes,
}

impl Gateway {
    /// A gateway that keeps what it must remember in `store`.
    pub fn builder(store: Arc<dyn Store>) -> GatewayBuilder {
        GatewayBuilder { store, limits: Limits::default(), public_url: None, instances: Vec::new() }
    }

    /// The router, to be served or mounted.
    pub fn router(self) -> Router {
        Router::new().fallback(serve).with_state(self)
    }

    async fn respond(&self, request: Request, id: &str) -> Result<Reply, ScimError> {
        let limits = &self.0.limits;
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        match path.as_str() {
            "/healthz" => return Ok(Reply::new(200, json!({ "status": "up" }))),
            "/readyz" => {
                self.0.store.document("scim-token", "", provisioning::jiff::Timestamp::now()).await.map_err(|e| of_store(&e))?;
                return Ok(Reply::new(200, json!({ "status": "ready" })));
            }
            _ => {}
        }
        if parts.uri.to_string().len() > limits.uri {
            return Err(ScimError::new(414, format!("an address has at most {} bytes", limits.uri)));
        }
        let busy = || ScimError::new(429, "too many requests at the same time").retry_after(std::time::Duration::from_secs(1));
        let _turn = self.0.free.try_acquire().map_err(|_| busy())?;
        let mut segments = path.trim_matches('/').split('/').map(str::to_owned);
        let none = || ScimError::new(404, "there is nothing here; users are below `/v/{instance}/Users`");
        let (Some("v"), Some(name)) = (segments.next().as_deref(), segments.next()) else { return Err(none()) };
        let caller = self.authenticate(&parts.headers, &name, id).await?;
        let users = self.0.instances.get(&name).cloned().ok_or_else(none)?;
        if !caller.1 && !matches!(parts.method, Method::GET) && !path.ends_with("/.search") {
            return Err(ScimError::new(403, "the token may read only"));
        }
        let body = axum::body::to_bytes(body, limits.body).await;
        let body = body.map_err(|_| ScimError::new(413, format!("a body has at most {} bytes", limits.body)))?;
        let asked = Asked {
            method: parts.method,
            base: self.base(&parts.headers, &name),
            rest: segments.collect(),
            query: query(&parts.uri)?,
            headers: parts.headers,
            body,
        };
        // A client that hangs up does not stop a write in the middle.
        let work = tokio::spawn(async move { answer(&users, &caller.0, asked).await });
        work.await.unwrap_or_else(|_| Err(ScimError::new(503, "the request could not be finished; send it again")))
    }

    /// Who calls, and whether it may write.
    async fn authenticate(&self, headers: &HeaderMap, instance: &str, request: &str) -> Result<(Caller, bool), ScimError> {
        let unknown =
            || ScimError::new(401, "a bearer token for this instance is needed, and the one sent is unknown, revoked or expired");
        let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (scheme, token) = sent.split_once(' ').ok_or_else(unknown)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(unknown());
        }
        let granted = token::check(self.0.store.as_ref(), token.trim()).await.map_err(|error| of_store(&error))?;
        let granted = granted.filter(|granted| granted.allows(instance)).ok_or_else(unknown)?;
        Ok((Caller { client: granted.client, request: request.to_owned() }, granted.may_write))
    }

    /// The address of the instance as the client knows it.
    fn base(&self, headers: &HeaderMap, instance: &str) -> String {
        if let Some(url) = &self.0.public_url {
            return format!("{url}/v/{instance}");
        }
        let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
        format!("http://{host}/v/{instance}")
    }
}

async fn serve(State(gateway): State<Gateway>, request: Request) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    // A system without random numbers serves nobody; the request then says so by itself.
    let id = new_id().unwrap_or_default();
    let reply = gateway.respond(request, &id).await.unwrap_or_else(|error| {
        let mut reply = Reply::new(error.status, error.to_json());
        if let Some(wait) = error.retry_after {
            reply.headers.push((header::RETRY_AFTER, wait.as_secs().max(1).to_string()));
        }
        if error.status == 401 {
            reply.headers.push((header::WWW_AUTHENTICATE, "Bearer".to_owned()));
        }
        reply
    });
    tracing::info!(%method, path, status = reply.status, request = id, "request");
    let mut response = Response::builder().status(reply.status).header("x-request-id", id);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let body = match reply.body {
        Some(json) => {
            response = response.header(header::CONTENT_TYPE, "application/scim+json");
            Body::from(json.to_string())
        }
        None => Body::empty(),
    };
    response.body(body).unwrap_or_default()
}

fn query(uri: &Uri) -> Result<BTreeMap<String, String>, ScimError> {
    let query = Query::<BTreeMap<String, String>>::try_from_uri(uri);
    query.map(|Query(query)| query).map_err(|error| ScimError::of(ScimType::InvalidSyntax, error.to_string()))
}

async fn answer(users: &Users, caller: &Caller, asked: Asked) -> Result<Reply, ScimError> {
    let rest: Vec<&str> = asked.rest.iter().map(String::as_str).collect();
    let capabilities = users.directory.capabilities();
    match (&asked.method, rest.as_slice()) {
        (&Method::GET, ["Users"]) => {
            listed(users, caller, &asked, ListRequest::of_query(&asked.query, users.limits.filter)?).await
        }
        (&Method::POST, ["Users", ".search"] | [".search"]) => {
            let request = ListRequest::of_body(&json_of(&asked.body)?, users.limits.filter)?;
            listed(users, caller, &asked, request).await
        }
        (&Method::POST, ["Users"]) => {
            let resource = users.create(caller, &object_of(&asked.body)?).await?;
            sent(201, resource, &asked)
        }
        (&Method::GET, ["Users", id]) => {
            let resource = users.get(caller, id).await?;
            let known = asked.headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
            if known.is_some_and(|known| tag_matches(known, &resource)) {
                return Ok(Reply { status: 304, body: None, headers: Vec::new() });
            }
            sent(200, resource, &asked)
        }
        (&Method::PUT, ["Users", id]) => {
            let change = Change::Replace(object_of(&asked.body)?);
            sent(200, users.change(caller, id, &change, &preconditions(&asked)).await?, &asked)
        }
        (&Method::PATCH, ["Users", id]) => {
            let operations = patch::parse(&json_of(&asked.body)?, users.limits.operations, users.limits.filter)?;
            sent(200, users.change(caller, id, &Change::Patch(operations), &preconditions(&asked)).await?, &asked)
        }
        (&Method::DELETE, ["Users", id]) => {
            users.delete(caller, id, &preconditions(&asked)).await?;
            Ok(Reply { status: 204, body: None, headers: Vec::new() })
        }
        (&Method::GET, ["Groups"]) | (&Method::POST, ["Groups", ".search"]) => {
            Ok(Reply::new(200, list::response(Vec::new(), 0, 1)))
        }
        (&Method::GET, ["Groups", _]) => Err(ScimError::new(404, "there are no groups here")),
        (&Method::GET, ["ServiceProviderConfig"]) => {
            Ok(Reply::new(200, schemas::service_provider_config(&asked.base, users.limits.page)))
        }
        (&Method::GET, ["Schemas", id @ ..]) => one_or_all(schemas::schemas(capabilities, &asked.base), id),
        (&Method::GET, ["ResourceTypes", id @ ..]) => one_or_all(schemas::resource_types(capabilities, &asked.base), id),
        (_, ["Users" | "Groups" | "ServiceProviderConfig" | "Schemas" | "ResourceTypes", ..]) => {
            Err(ScimError::new(405, format!("{} is not supported here", asked.method)))
        }
        (_, ["Me" | "Bulk", ..]) => Err(ScimError::new(501, "this is not supported; `/ServiceProviderConfig` says what is")),
        _ => Err(ScimError::new(404, "there is no such endpoint")),
    }
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
    let resources = resources.map(|resource| Json::Object(request.projection.of(located(resource, &asked.base))));
    Ok(Reply::new(200, list::response(resources.collect(), page.total, page.start)))
}

fn sent(status: u16, resource: Resource, asked: &Asked) -> Result<Reply, ScimError> {
    let text = |name: &str| asked.query.get(name).map(String::as_str);
    let projection = Projection::parse(text("attributes"), text("excludedAttributes"))?;
    let resource = located(resource, &asked.base);
    let meta =
        |name: &str| resource.get("meta").and_then(|meta| meta.get(name)).and_then(Json::as_str).unwrap_or_default().to_owned();
    let headers = vec![(header::ETAG, meta("version")), (header::LOCATION, meta("location"))];
    Ok(Reply { status, body: Some(Json::Object(projection.of(resource))), headers })
}

fn located(mut resource: Resource, base: &str) -> Resource {
    let id = resource.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
    if let Some(Json::Object(meta)) = resource.get_mut("meta") {
        meta.insert("location".to_owned(), Json::from([base, "Users", &id].join("/")));
    }
    if let Some(manager) = resource.get_mut(ENTERPRISE).and_then(|part| part.get_mut("manager")?.as_object_mut())
        && let Some(id) = manager.get("value").and_then(Json::as_str).filter(|id| is_id(id))
    {
        let location = [base, "Users", id].join("/");
        manager.insert("$ref".to_owned(), Json::from(location));
    }
    resource
}

/// Whether this is an identifier of the store's making; else it is the vendor's of somebody who is not known here.
fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn preconditions(asked: &Asked) -> Preconditions {
    let if_match = asked.headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Preconditions { if_match }
}

fn json_of(body: &Bytes) -> Result<Json, ScimError> {
    serde_json::from_slice(body).map_err(|error| ScimError::of(ScimType::InvalidSyntax, format!("the body is no JSON: {error}")))
}

fn object_of(body: &Bytes) -> Result<Map<String, Json>, ScimError> {
    match json_of(body)? {
        Json::Object(members) => Ok(members),
        _ => Err(ScimError::of(ScimType::InvalidSyntax, "a user is a JSON object")),
    }
}
