//! Setting a client up: all that is the same for every call is checked and made ready here, once.
//!
//! In: base URL, credentials, constants, limits. Out: a [`Client`], or why there is none.

use crate::client::{Client, Granted, Inner, Settings};
use crate::credentials::{Credential, TokenSource};
use crate::not_sent::BuildError;
use crate::operation::{RateLimit, RetryPolicy, Scheme, SchemeKind};
use crate::param::Param;
use crate::rate::Bucket;
use crate::secret::Secret;
use crate::target;
use crate::tokens::{Provided, Ready, Tokens};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderName};
use reqwest::{ClientBuilder as HttpBuilder, Url};
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

/// Sets a [`Client`] up.
#[must_use]
pub struct ClientBuilder {
    base_url: String,
    schemes: &'static [Scheme],
    credentials: Vec<(&'static str, Credential)>,
    constants: Vec<(&'static str, Given)>,
    user_agent: String,
    settings: Settings,
    rate_limit: Option<RateLimit>,
    allow_insecure: bool,
    http: Vec<Box<dyn FnOnce(HttpBuilder) -> HttpBuilder>>,
}

enum Given {
    /// The text, and whether it must not be seen.
    Value(Secret, bool),
    Source(Arc<dyn TokenSource>),
}

impl ClientBuilder {
    pub(crate) fn new(base_url: String, schemes: &'static [Scheme]) -> Self {
        Self {
            base_url,
            schemes,
            credentials: Vec::new(),
            constants: Vec::new(),
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")).to_owned(),
            settings: Settings {
                timeout: Duration::from_secs(30),
                deadline: Duration::from_secs(120),
                retries: RetryPolicy::default(),
                max_answer_size: 8 << 20,
                connect_timeout: Duration::from_secs(10),
            },
            rate_limit: None,
            allow_insecure: false,
            http: Vec::new(),
        }
    }

    /// The credential for a security scheme of the vendor. The last one counts.
    pub fn credential(mut self, scheme: &'static str, credential: impl Into<Credential>) -> Self {
        self.credentials.retain(|(name, _)| *name != scheme);
        self.credentials.push((scheme, credential.into()));
        self
    }

    /// A header or query value that is the same for all calls; an absent one is not set. Give a [`Secret`] where it is one.
    pub fn constant<P: Param>(mut self, name: &'static str, value: P) -> Self {
        self.constants.retain(|(known, _)| *known != name);
        value.each(&mut |text| {
            self.constants.push((name, Given::Value(text.into(), P::SECRET)));
        });
        self
    }

    /// A constant that has to be fetched, such as a session; it is fetched again after its time or a 401.
    pub fn constant_from(mut self, name: &'static str, source: impl TokenSource + 'static) -> Self {
        self.constants.retain(|(known, _)| *known != name);
        self.constants.push((name, Given::Source(Arc::new(source))));
        self
    }

    /// The `User-Agent`. Some vendors refuse requests without one, so there always is one.
    pub fn user_agent(mut self, value: impl Into<String>) -> Self {
        self.user_agent = value.into();
        self
    }

    /// How long setting up a connection may take: 10 s unless said otherwise. The browser decides on wasm.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.settings.connect_timeout = limit;
        self
    }

    /// How long one attempt may take, its body included: 30 s unless said otherwise.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.settings.timeout = limit;
        self
    }

    /// How long the whole call may take, with waits, fetched tokens and repetitions: 120 s unless said otherwise.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.settings.deadline = limit;
        self
    }

    /// How repeatable operations are repeated.
    pub fn retries(mut self, policy: RetryPolicy) -> Self {
        self.settings.retries = policy;
        self
    }

    /// The largest answer taken, in bytes: 8 MiB unless said otherwise.
    pub fn max_answer_size(mut self, bytes: usize) -> Self {
        self.settings.max_answer_size = bytes;
        self
    }

    /// How many requests are sent at most; none is set unless the vendor documents one.
    pub fn rate_limit(mut self, limit: impl Into<Option<RateLimit>>) -> Self {
        self.rate_limit = limit.into();
        self
    }

    /// Whether a base URL without https may be used although it is not loopback.
    pub fn allow_insecure(mut self, allow: bool) -> Self {
        self.allow_insecure = allow;
        self
    }

    /// Changes the HTTP client below: proxies, root certificates. Redirects stay off, whatever is said here.
    pub fn http(mut self, change: impl FnOnce(HttpBuilder) -> HttpBuilder + 'static) -> Self {
        self.http.push(Box::new(change));
        self
    }

    /// Checks everything and gives the client.
    pub fn build(self) -> Result<Client, BuildError> {
        let base = base_url(&self.base_url, self.allow_insecure)?;
        let mut http = reqwest::Client::builder();
        #[cfg(not(target_arch = "wasm32"))]
        {
            http = http.connect_timeout(self.settings.connect_timeout);
            if base.scheme() == "http" && base.host_str().is_some_and(is_loopback) {
                // A proxy from the environment would get in plain text what is meant for this machine.
                http = http.no_proxy();
            }
        }
        for change in self.http {
            http = change(http);
        }
        #[cfg(not(target_arch = "wasm32"))]
        {
            http = http.redirect(reqwest::redirect::Policy::none()).referer(false);
        }
        let credentials = self
            .credentials
            .into_iter()
            .map(|(name, credential)| granted(self.schemes, name, credential))
            .collect::<Result<_, _>>()?;
        let constants = self
            .constants
            .into_iter()
            .map(|(name, given)| {
                let value = match given {
                    Given::Value(value, secret) => fixed(name, "", value, secret)?,
                    Given::Source(source) => Provided::Sourced(Arc::new(Tokens::new("", source))),
                };
                // A name that no header can have is one of a query parameter; the operations say which it is.
                Ok(Granted { name, header: HeaderName::from_bytes(name.as_bytes()).ok(), query: name, value })
            })
            .collect::<Result<_, BuildError>>()?;
        let user_agent = target::header_value(&self.user_agent).map_err(|_| BuildError::HeaderValue { name: "User-Agent" })?;
        let base_path = base.path().trim_end_matches('/').to_owned();
        Ok(Client::new(Inner {
            http: http.build().map_err(BuildError::Http)?,
            base,
            base_path,
            user_agent,
            credentials,
            constants,
            bucket: self.rate_limit.filter(|_| crate::clock::CAN_WAIT).map(Bucket::new),
            settings: self.settings,
        }))
    }
}

impl fmt::Debug for ClientBuilder {
    /// Without the base URL, which is not checked yet and may have a password in it.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let constants: Vec<_> = self.constants.iter().map(|(name, _)| name).collect();
        to.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("constants", &constants)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

fn base_url(text: &str, allow_insecure: bool) -> Result<Url, BuildError> {
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
        "https" => Ok(url),
        "http" if allow_insecure || is_loopback(host) => Ok(url),
        "http" => Err(BuildError::Insecure { host: host.to_owned() }),
        _ => Err(problem("is neither https nor http")),
    }
}

/// The host as the URL parser gives it: addresses are in their normal form, so 0x7f.1 has become 127.0.0.1.
fn is_loopback(host: &str) -> bool {
    let v6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    host == "localhost"
        || host.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
        || v6.is_some_and(|host| host.parse().is_ok_and(|address: Ipv6Addr| address.is_loopback()))
}

fn fixed(name: &'static str, prefix: &str, value: Secret, masked: bool) -> Result<Provided, BuildError> {
    let ready = Ready::new(prefix, value).ok_or(BuildError::HeaderValue { name })?;
    Ok(Provided::Fixed(Arc::new(Ready { masked, ..ready })))
}

fn granted(schemes: &'static [Scheme], name: &'static str, credential: Credential) -> Result<Granted, BuildError> {
    let Some(scheme) = schemes.iter().find(|scheme| scheme.name == name) else {
        let known = schemes.iter().map(|scheme| scheme.name).collect();
        return Err(BuildError::UnknownScheme { name, known });
    };
    let (header, query, prefix) = match scheme.kind {
        SchemeKind::Header { header, prefix } => {
            (Some(HeaderName::from_bytes(header.as_bytes()).map_err(|_| BuildError::HeaderValue { name })?), "", prefix)
        }
        SchemeKind::Query { name } => (None, name, ""),
        SchemeKind::Basic => (Some(AUTHORIZATION), "", "Basic "),
        SchemeKind::Bearer => (Some(AUTHORIZATION), "", "Bearer "),
    };
    let wrong = |expected, found| Err(BuildError::WrongCredential { scheme: name, expected, found });
    let value = match (scheme.kind, credential) {
        (SchemeKind::Basic, Credential::Basic { user, password }) => {
            if user.contains(':') {
                return wrong("a user without a colon in its name", "one with a colon");
            }
            let pair = STANDARD.encode(format!("{user}:{}", password.expose()));
            let ready = Ready::new(prefix, pair.into()).ok_or(BuildError::HeaderValue { name })?;
            // The password is what may turn up in a vendor's text.
            Provided::Fixed(Arc::new(Ready { secret: password, ..ready }))
        }
        (SchemeKind::Basic, other) => return wrong("user and password", other.kind()),
        (_, Credential::Basic { .. }) => {
            return wrong("a key, token or token source", "user and password");
        }
        (_, Credential::Key(secret) | Credential::Token(secret)) => fixed(name, prefix, secret, true)?,
        (_, Credential::Source(source)) => Provided::Sourced(Arc::new(Tokens::new(prefix, source))),
    };
    Ok(Granted { name, header, query, value })
}
