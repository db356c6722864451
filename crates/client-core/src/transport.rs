//! The transport: one HTTP client with its proxies, certificates and connections, shared by all clients that are derived from
//! one another.
//!
//! Input: a base URL, and what the program changes of the HTTP client. Output: a transport that never follows a redirect. Knows no
//! credentials.

use crate::not_sent::{BuildError, NotSentCause};
use reqwest::{ClientBuilder as HttpBuilder, Url};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What the program changes of the HTTP client.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) type Change = Arc<dyn Fn(HttpBuilder) -> HttpBuilder + Send + Sync>;
#[cfg(target_arch = "wasm32")]
pub(crate) type Change = Arc<dyn Fn(HttpBuilder) -> HttpBuilder>;

/// All that makes an HTTP client.
#[derive(Clone)]
pub(crate) struct Recipe {
    /// Whether it is for this machine alone, and so uses no proxy of the environment.
    pub(crate) loopback: bool,
    pub(crate) connect_timeout: Duration,
    pub(crate) changes: Vec<Change>,
}

impl Recipe {
    fn make(&self) -> Result<reqwest::Client, reqwest::Error> {
        let mut http = reqwest::Client::builder();
        #[cfg(not(target_arch = "wasm32"))]
        {
            http = http.connect_timeout(self.connect_timeout);
            if self.loopback {
                // A proxy from the environment would get in plain text what is meant for this machine.
                http = http.no_proxy();
            }
        }
        for change in &self.changes {
            http = change(http);
        }
        #[cfg(not(target_arch = "wasm32"))]
        {
            http = http.redirect(reqwest::redirect::Policy::none()).referer(false);
        }
        http.build()
    }

    fn is_like(&self, other: &Self) -> bool {
        let same = |(one, other): (&Change, &Change)| Arc::ptr_eq(one, other);
        self.loopback == other.loopback
            && self.connect_timeout == other.connect_timeout
            && self.changes.len() == other.changes.len()
            && self.changes.iter().zip(&other.changes).all(same)
    }
}

/// The runtimes that one client can be used on, until the one of the oldest call is forgotten with its connections.
#[cfg(not(target_arch = "wasm32"))]
const RUNTIMES: usize = 64;

#[cfg(not(target_arch = "wasm32"))]
type RuntimeId = tokio::runtime::Id;
#[cfg(target_arch = "wasm32")]
type RuntimeId = ();

/// An HTTP client and the runtime whose it is; none before its first call.
type Owned = (Option<RuntimeId>, reqwest::Client);

/// An HTTP client for each runtime, and what they are made of. Clones share the connections.
///
/// A connection is driven by the runtime that opened it: on another one a call would wait for as long as that runtime stands
/// still.
#[derive(Clone)]
pub(crate) struct Transport {
    pub(crate) recipe: Recipe,
    clients: Arc<Mutex<Vec<Owned>>>,
}

impl Transport {
    /// The transport of this recipe: `shared`, if that is one of the same, and else a new one.
    pub(crate) fn of(recipe: Recipe, shared: Option<Self>) -> Result<Self, BuildError> {
        if let Some(shared) = shared.filter(|shared| shared.recipe.is_like(&recipe)) {
            return Ok(shared);
        }
        // The first runtime that comes gets this one.
        let first = recipe.make().map_err(|error| BuildError::Http(error.into()))?;
        Ok(Self { recipe, clients: Arc::new(Mutex::new(vec![(None, first)])) })
    }

    /// The HTTP client of the runtime that this is called on.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn http(&self) -> Result<reqwest::Client, NotSentCause> {
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| NotSentCause::NoRuntime)?.id();
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, http)) = clients.iter().find(|(known, _)| *known == Some(runtime)) {
            return Ok(http.clone());
        }
        if let Some((free, http)) = clients.iter_mut().find(|(known, _)| known.is_none()) {
            *free = Some(runtime);
            return Ok(http.clone());
        }
        let http = self.recipe.make().map_err(|error| NotSentCause::Build(BuildError::Http(error.into())))?;
        if clients.len() >= RUNTIMES {
            clients.remove(0);
        }
        clients.push((Some(runtime), http.clone()));
        Ok(http)
    }

    /// The HTTP client.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn http(&self) -> Result<reqwest::Client, NotSentCause> {
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.first().map(|(_, http)| http.clone()).ok_or(NotSentCause::NoRuntime)
    }
}

/// Whether a connection can be encrypted. A browser always can.
const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "native-tls", target_arch = "wasm32"));

/// The base URL, if requests with credentials may be sent there.
pub(crate) fn base_url(text: &str, allow_insecure: bool) -> Result<Url, BuildError> {
    let problem = |problem| BuildError::BaseUrl { problem };
    let url = Url::parse(text).map_err(|_| problem("is not a URL"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(problem("has a user or password in it; give credentials to the client's builder"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(problem("has a query or fragment, which would be lost"));
    }
    let host = url.host_str().ok_or_else(|| problem("has no host"))?;
    match url.scheme() {
        "https" if !HAS_TLS => Err(BuildError::NoTls { host: host.to_owned() }),
        "https" => Ok(url),
        "http" if allow_insecure || is_loopback(host) => Ok(url),
        "http" => Err(BuildError::Insecure { host: host.to_owned() }),
        _ => Err(problem("is neither https nor http")),
    }
}

/// Whether it is this machine, without TLS.
pub(crate) fn is_plain_loopback(url: &Url) -> bool {
    url.scheme() == "http" && url.host_str().is_some_and(is_loopback)
}

/// The host as the URL parser gives it: addresses are in their normal form, so 0x7f.1 has become 127.0.0.1.
fn is_loopback(host: &str) -> bool {
    let v6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    host == "localhost"
        || host.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
        || v6.is_some_and(|host| host.parse().is_ok_and(|address: Ipv6Addr| address.is_loopback()))
}
