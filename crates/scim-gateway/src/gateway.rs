//! The gateway as HTTP has it: the caller's credential, the instance, and how long a request may take.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::Response;
use percent_encoding::percent_decode_str;
use provisioning::store::new_id;
use provisioning::{Store, StoreError};
use serde_json::json;
use tokio::sync::Semaphore;
use vendor_users::Directory;

use crate::failure::of_store;
use crate::protocol::error::{ScimError, ScimType};
use crate::routes::{self, Asked, Reply};
use crate::service::{Caller, Users};
use crate::settings::{InstanceSettings, Limits};
use crate::token;

/// How long to wait after a request that took too long.
const AGAIN: Duration = Duration::from_secs(5);

/// A SCIM server over directories.
#[derive(Clone, Debug)]
pub struct Gateway(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    instances: BTreeMap<String, Arc<Users>>,
    store: Arc<dyn Store>,
    limits: Limits,
    address: Address,
    root: Option<String>,
    free: Arc<Semaphore>,
}

/// Where clients reach the gateway.
#[derive(Clone, Debug, Default)]
struct Address {
    public_url: Option<String>,
    over_tls: bool,
    trusts_proxy: bool,
}

/// Builds a [`Gateway`].
#[derive(Debug)]
#[must_use]
pub struct GatewayBuilder {
    store: Arc<dyn Store>,
    limits: Limits,
    address: Address,
    root: Option<String>,
    instances: Vec<(String, Arc<dyn Directory>, InstanceSettings)>,
}

impl GatewayBuilder {
    /// Serves the users of a directory below `/v/{name}`.
    pub fn instance(mut self, name: impl Into<String>, directory: Arc<dyn Directory>, settings: InstanceSettings) -> Self {
        self.instances.push((name.into(), directory, settings));
        self
    }

    /// Serves the instance of this name at the root as well: its users are at `/Users`.
    pub fn root(mut self, name: impl Into<String>) -> Self {
        self.root = Some(name.into());
        self
    }

    /// Sets limits other than the default ones.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets where clients reach the gateway, such as `https://scim.example.com`, for the locations of resources. Without it they
    /// are of the host that a request names.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.address.public_url = Some(url.into().trim_end_matches('/').to_owned());
        self
    }

    /// Says that requests come over TLS, for the locations of resources where no public address is set.
    pub fn over_tls(mut self, over_tls: bool) -> Self {
        self.address.over_tls = over_tls;
        self
    }

    /// Believes `X-Forwarded-Proto` and `X-Forwarded-Host`: only behind a proxy that sets both itself, whatever a client sent.
    pub fn trust_forwarded(mut self, trust: bool) -> Self {
        self.address.trusts_proxy = trust;
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
        let free = Arc::new(Semaphore::new(self.limits.concurrency));
        let (store, limits, address, root) = (self.store, self.limits, self.address, self.root);
        Ok(Gateway(Arc::new(Parts { instances, store, limits, address, root, free })))
    }
}

impl Gateway {
    /// Returns a gateway that keeps what it must remember in `store`.
    pub fn builder(store: Arc<dyn Store>) -> GatewayBuilder {
        let (limits, address) = (Limits::default(), Address::default());
        GatewayBuilder { store, limits, address, root: None, instances: Vec::new() }
    }

    /// Returns the router, to be served or mounted.
    pub fn router(self) -> Router {
        Router::new().fallback(serve).with_state(self)
    }

    async fn respond(&self, request: Request, id: &str, served: &mut String) -> Result<Reply, ScimError> {
        let limits = &self.0.limits;
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        match path.as_str() {
            "/healthz" => return Ok(Reply::new(200, json!({ "status": "up" }))),
            "/readyz" => {
                let now = provisioning::jiff::Timestamp::now();
                let read = tokio::time::timeout(AGAIN, self.0.store.document("scim-token", "", now)).await;
                read.map_err(|_| ScimError::new(503, "the store does not respond"))?.map_err(|error| of_store(&error))?;
                return Ok(Reply::new(200, json!({ "status": "ready" })));
            }
            _ => {}
        }
        if parts.uri.to_string().len() > limits.uri {
            return Err(ScimError::new(414, format!("an address has at most {} bytes", limits.uri)));
        }
        let busy = || ScimError::new(429, "too many requests at the same time").retry_after(Duration::from_secs(1));
        let turn = Arc::clone(&self.0.free).try_acquire_owned().map_err(|_| busy())?;
        let (name, prefix, rest) = self.instance_of(&path)?;
        let (caller, may_write) = self.authenticate(&parts.headers, &name, id).await?;
        served.clone_from(&name);
        let none = || ScimError::new(404, "there is nothing here; users are below `/v/{instance}/Users`");
        let users = self.0.instances.get(&name).cloned().ok_or_else(none)?;
        // The server leaves out the body of what HEAD is answered with.
        let method = if parts.method == Method::HEAD { Method::GET } else { parts.method };
        let reads = method == Method::GET || method == Method::POST && rest.last().is_some_and(|last| last == ".search");
        if !may_write && !reads {
            return Err(ScimError::new(403, "the token may read only"));
        }
        let asked = Asked {
            base: self.0.address.of(&parts.headers) + &prefix,
            rest,
            query: query(&parts.uri)?,
            body: self.body(&parts.headers, body).await?,
            method,
            headers: parts.headers,
        };
        // A client that hangs up, or waits no longer, does not stop a write in the middle.
        let mut work = tokio::spawn(async move {
            let _turn = turn;
            routes::respond(&users, &caller, asked).await
        });
        match tokio::time::timeout(limits.deadline, &mut work).await {
            Ok(done) => done.unwrap_or_else(|_| Err(ScimError::new(503, "the request could not be finished; send it again"))),
            Err(_) => {
                if reads {
                    work.abort();
                }
                let words = format!("{} s were not enough for the request; send it again", limits.deadline.as_secs_f32());
                Err(ScimError::new(503, words).retry_after(AGAIN))
            }
        }
    }

    /// Which instance a path is about, where that is, and what follows.
    fn instance_of(&self, path: &str) -> Result<(String, String, Vec<String>), ScimError> {
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        // Clients encode the colons of schemas.
        let owned =
            |rest: &[&str]| rest.iter().map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect();
        match (segments.as_slice(), &self.0.root) {
            (["v", name, rest @ ..], _) => Ok(((*name).to_owned(), format!("/v/{name}"), owned(rest))),
            (rest, Some(root)) => Ok((root.clone(), String::new(), owned(rest))),
            _ => Err(ScimError::new(404, "there is nothing here; users are below `/v/{instance}/Users`")),
        }
    }

    /// The whole body, within the limit and in time.
    async fn body(&self, headers: &HeaderMap, body: Body) -> Result<Bytes, ScimError> {
        let limits = &self.0.limits;
        let too_large = || ScimError::new(413, format!("a body has at most {} bytes", limits.body));
        let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if length.is_some_and(|length| length > limits.body) {
            return Err(too_large());
        }
        let read = tokio::time::timeout(limits.deadline, axum::body::to_bytes(body, limits.body)).await;
        read.map_err(|_| ScimError::new(408, "the body did not come in time"))?.map_err(|_| too_large())
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
}

impl Address {
    /// The address of the gateway as the client knows it.
    fn of(&self, headers: &HeaderMap) -> String {
        if let Some(url) = &self.public_url {
            return url.clone();
        }
        let first = |name: &str| {
            let value = headers.get(name).and_then(|value| value.to_str().ok())?;
            value.split(',').next().map(|first| first.trim().to_owned()).filter(|first| !first.is_empty())
        };
        let forwarded = |name: &str| if self.trusts_proxy { first(name) } else { None };
        let own = if self.over_tls { "https" } else { "http" };
        let scheme = forwarded("x-forwarded-proto").filter(|scheme| matches!(scheme.as_str(), "http" | "https"));
        let host = forwarded("x-forwarded-host").or_else(|| first("host")).unwrap_or_else(|| "localhost".to_owned());
        format!("{}://{host}", scheme.as_deref().unwrap_or(own))
    }
}

async fn serve(State(gateway): State<Gateway>, request: Request) -> Response {
    let (method, path, begun) = (request.method().clone(), request.uri().path().to_owned(), Instant::now());
    // A system without random numbers serves nobody; the request then says so by itself.
    let id = new_id().unwrap_or_default();
    let mut served = String::new();
    let reply = gateway.respond(request, &id, &mut served).await.unwrap_or_else(|error| {
        let mut reply = Reply::new(error.status, error.to_json());
        if let Some(wait) = error.retry_after {
            reply.headers.push((header::RETRY_AFTER, wait.as_secs().max(1).to_string()));
        }
        if error.status == 401 {
            reply.headers.push((header::WWW_AUTHENTICATE, "Bearer".to_owned()));
        }
        reply
    });
    let took = begun.elapsed();
    tracing::info!(%method, path, status = reply.status, request = id, ms = u64::try_from(took.as_millis()).ok(), "request");
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].into_iter().find(|known| method.as_str() == *known);
    let labels =
        [("instance", served.clone()), ("method", known.unwrap_or("other").to_owned()), ("status", reply.status.to_string())];
    metrics::counter!("scim_requests_total", &labels).increment(1);
    metrics::histogram!("scim_request_duration_seconds", "instance" => served).record(took.as_secs_f64());
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
