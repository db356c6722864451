//! Setting a client up: all that is the same for every call is checked and made ready here, once.
//!
//! Input: base URL, credentials, client parameters, constraints. Output: a [`Client`], or why there is none.

use crate::client::{Client, CredentialValue, Inner, Settings};
use crate::credentials::Credential;
use crate::interceptor::{Interceptor, Interceptors};
use crate::not_sent::BuildError;
use crate::operation::{RateLimit, RetryPolicy, Scheme, SchemeKind};
use crate::param::Param;
use crate::rate::Bucket;
use crate::secret::Secret;
use crate::target;
use crate::tokens::TokenSource;
use crate::tokens::{Ready, SharedTokenSource, ValueSource};
use crate::transport::{self, Change, Recipe, Transport};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::ClientBuilder as HttpBuilder;
use reqwest::header::{AUTHORIZATION, HeaderName};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Sets a [`Client`] up.
#[must_use]
pub struct ClientBuilder {
    base_url: String,
    vendor: &'static str,
    schemes: &'static [Scheme],
    credentials: Vec<(&'static str, Setting)>,
    client_parameters: Vec<(&'static str, Setting)>,
    user_agent: String,
    settings: Settings,
    rate_limit: Rate,
    allow_insecure: bool,
    changes: Vec<Change>,
    interceptors: Interceptors,
    /// The transport of the client that this builder was derived from.
    shared: Option<Transport>,
}

enum Setting {
    Credential(Credential),
    /// The text, and whether it must not be seen.
    Value(Secret, bool),
    Source(Arc<dyn TokenSource>),
    /// One that another client has made ready, with its tokens.
    Inherited(CredentialValue),
}

impl fmt::Debug for Setting {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credential(credential) => credential.fmt(to),
            Self::Value(..) | Self::Source(_) | Self::Inherited(_) => to.write_str("***"),
        }
    }
}

enum Rate {
    Own(Option<RateLimit>),
    /// Clients of one transport keep the vendor's limit together.
    Shared(Option<Arc<Bucket>>),
}

impl Client {
    /// Sets a client up, for the vendor's base URL and security schemes.
    pub fn builder(base_url: impl Into<String>, schemes: &'static [Scheme]) -> ClientBuilder {
        ClientBuilder {
            base_url: base_url.into(),
            vendor: "",
            schemes,
            credentials: Vec::new(),
            client_parameters: Vec::new(),
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")).to_owned(),
            settings: Settings {
                timeout: Duration::from_secs(30),
                deadline: Duration::from_secs(120),
                retries: RetryPolicy::default(),
                max_response_size: 8 << 20,
                connect_timeout: Duration::from_secs(10),
            },
            rate_limit: Rate::Own(None),
            allow_insecure: false,
            changes: Vec::new(),
            interceptors: Vec::new(),
            shared: None,
        }
    }

    /// Returns a builder for another client with this one's base URL, credentials, settings, connections and rate limit, until
    /// something else is said.
    ///
    /// This is how a client for logins is made, so that a proxy, an authority, a timeout or `allow_insecure` reaches them, too.
    /// A further [`ClientBuilder::http`] comes on top of the changes that this client was made with, over connections of its own.
    ///
    /// ```
    /// use client_core::{Client, Credential, Scheme, Token};
    /// use std::time::Duration;
    ///
    /// static SCHEMES: &[Scheme] = &[Scheme::bearer("bearerAuth")];
    ///
    /// let base = Client::builder("https://api.example.com/v1", SCHEMES).timeout(Duration::from_secs(5)).build()?;
    /// let login = base.to_builder().base_url("https://login.example.com").build()?;
    /// let source = move || {
    ///     let login = login.clone();
    ///     async move {
    ///         // login.call(&LOGIN).form("user", &user).form("password", &password).send().await
    /// #       drop(login);
    ///         Ok(Token::new("t0ken"))
    ///     }
    /// };
    /// let client = base.to_builder().credential("bearerAuth", Credential::source(source)).build()?;
    /// # Ok::<_, client_core::BuildError>(())
    /// ```
    pub fn to_builder(&self) -> ClientBuilder {
        let from = self.inner();
        let inherited = |list: &[CredentialValue]| list.iter().map(|one| (one.name, Setting::Inherited(one.clone()))).collect();
        ClientBuilder {
            vendor: from.vendor,
            base_url: from.base.as_str().to_owned(),
            schemes: from.schemes,
            credentials: inherited(&from.credentials),
            client_parameters: inherited(&from.client_parameters),
            user_agent: from.user_agent.to_str().unwrap_or_default().to_owned(),
            settings: from.settings,
            rate_limit: Rate::Shared(from.bucket.clone()),
            allow_insecure: from.allow_insecure,
            changes: from.transport.recipe.changes.clone(),
            interceptors: from.interceptors.clone(),
            shared: Some(from.transport.clone()),
        }
    }
}

impl ClientBuilder {
    /// Sets the vendor's title, which errors and spans carry.
    pub fn vendor(mut self, title: &'static str) -> Self {
        self.vendor = title;
        self
    }

    /// Sets another base URL than the one that the builder began with, such as the vendor's host for logins.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Sets the credential for a security scheme of the vendor. The last one counts.
    pub fn credential(mut self, scheme: &'static str, credential: impl Into<Credential>) -> Self {
        self.credentials.retain(|(name, _)| *name != scheme);
        self.credentials.push((scheme, Setting::Credential(credential.into())));
        self
    }

    /// Sets a header or query value that is the same for all calls; an absent one is not set. Give a [`Secret`] where it is
    /// one.
    pub fn client_parameter<P: Param>(mut self, name: &'static str, value: P) -> Self {
        self.client_parameters.retain(|(known, _)| *known != name);
        value.each(&mut |text| {
            self.client_parameters.push((name, Setting::Value(text.into(), P::SECRET)));
        });
        self
    }

    /// A client parameter that has to be fetched, such as a session; it is fetched again after its time or a 401.
    pub fn client_parameter_from(mut self, name: &'static str, source: impl TokenSource + 'static) -> Self {
        self.client_parameters.retain(|(known, _)| *known != name);
        self.client_parameters.push((name, Setting::Source(Arc::new(source))));
        self
    }

    /// Sets the `User-Agent`. Some vendors refuse requests without one, so there always is one.
    pub fn user_agent(mut self, value: impl Into<String>) -> Self {
        self.user_agent = value.into();
        self
    }

    /// Sets how long setting up a connection may take: 10 s unless said otherwise. The browser decides on wasm.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.settings.connect_timeout = limit;
        self
    }

    /// Sets how long one attempt may take, its body included: 30 s unless said otherwise.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.settings.timeout = limit;
        self
    }

    /// Sets how long the whole call may take, with waits, fetched tokens and retries: 120 s unless said otherwise.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.settings.deadline = limit;
        self
    }

    /// Sets how often and how soon operations are retried that may be.
    pub fn retries(mut self, policy: RetryPolicy) -> Self {
        self.settings.retries = policy;
        self
    }

    /// Sets the largest response taken, in bytes: 8 MiB unless said otherwise.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.settings.max_response_size = bytes;
        self
    }

    /// Sets how many requests are sent at most; none is set unless the vendor documents one. A rate that is not a number above
    /// zero is refused by [`ClientBuilder::build`]. Callers that give up while they wait cost the others nothing.
    pub fn rate_limit(mut self, limit: impl Into<Option<RateLimit>>) -> Self {
        self.rate_limit = Rate::Own(limit.into());
        self
    }

    /// Sets whether a base URL without https may be used although it is not loopback.
    pub fn allow_insecure(mut self, allow: bool) -> Self {
        self.allow_insecure = allow;
        self
    }

    /// Changes the HTTP client below: proxies, root certificates. Redirects stay off, whatever is said here.
    ///
    /// Clients of this one's [`Client::to_builder`] are made with the same change, hence `Clone`.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn http(mut self, change: impl FnOnce(HttpBuilder) -> HttpBuilder + Clone + Send + Sync + 'static) -> Self {
        self.changes.push(Arc::new(move |http| change.clone()(http)));
        self
    }

    /// Changes the HTTP client below. Redirects are the browser's affair.
    #[cfg(target_arch = "wasm32")]
    pub fn http(mut self, change: impl FnOnce(HttpBuilder) -> HttpBuilder + Clone + 'static) -> Self {
        self.changes.push(Arc::new(move |http| change.clone()(http)));
        self
    }

    /// Shows each attempt of each call to this code of the program, after those that were set before.
    pub fn interceptor(mut self, interceptor: impl Interceptor + 'static) -> Self {
        self.interceptors.push(Arc::new(interceptor));
        self
    }

    /// Checks everything and gives the client.
    ///
    /// # Errors
    ///
    /// [`BuildError`] says what does not fit: the base URL, a credential, a value that no header can carry, a change of the
    /// HTTP client.
    pub fn build(self) -> Result<Client, BuildError> {
        let base = transport::base_url(&self.base_url, self.allow_insecure)?;
        let loopback = transport::is_plain_loopback(&base);
        let recipe = Recipe { loopback, connect_timeout: self.settings.connect_timeout, changes: self.changes };
        let transport = Transport::of(recipe, self.shared)?;
        let schemes = self.schemes;
        let credentials =
            self.credentials.into_iter().map(|(name, setting)| credential(schemes, name, setting)).collect::<Result<_, _>>()?;
        let client_parameters = self
            .client_parameters
            .into_iter()
            .map(|(name, setting)| client_parameter(name, setting))
            .collect::<Result<_, _>>()?;
        let user_agent = target::header_value(&self.user_agent).map_err(|_| BuildError::HeaderValue { name: "User-Agent" })?;
        let base_path = base.path().trim_end_matches('/').to_owned();
        let bucket = match self.rate_limit {
            Rate::Own(Some(limit)) if !(limit.per_second.is_finite() && limit.per_second > 0.0) => {
                return Err(BuildError::RateLimit { per_second: limit.per_second });
            }
            Rate::Own(limit) => limit.filter(|_| crate::clock::CAN_WAIT).map(|limit| Arc::new(Bucket::new(limit))),
            Rate::Shared(bucket) => bucket,
        };
        Ok(Client::new(Inner {
            transport,
            vendor: self.vendor,
            host: base.host_str().unwrap_or_default().into(),
            base,
            base_path,
            schemes,
            user_agent,
            credentials,
            client_parameters,
            bucket,
            settings: self.settings,
            allow_insecure: self.allow_insecure,
            interceptors: self.interceptors,
        }))
    }
}

impl fmt::Debug for ClientBuilder {
    /// Without the base URL, which is not checked yet and may have a password in it.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let client_parameters: Vec<_> = self.client_parameters.iter().map(|(name, _)| name).collect();
        to.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("client_parameters", &client_parameters)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

fn fixed(name: &'static str, prefix: &str, value: Secret, masked: bool) -> Result<ValueSource, BuildError> {
    let ready = Ready::new(prefix, value).ok_or(BuildError::HeaderValue { name })?;
    Ok(ValueSource::Fixed(Arc::new(Ready { masked, ..ready })))
}

/// What a security scheme needs, from the credential that was setting for it.
fn credential(schemes: &'static [Scheme], name: &'static str, setting: Setting) -> Result<CredentialValue, BuildError> {
    let credential = match setting {
        Setting::Credential(credential) => credential,
        Setting::Value(secret, _) => Credential::Token(secret),
        Setting::Source(source) => Credential::Source(source),
        Setting::Inherited(value) => return Ok(value),
    };
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
            ValueSource::Fixed(Arc::new(Ready { secret: password, ..ready }))
        }
        (SchemeKind::Basic, other) => return wrong("user and password", other.kind()),
        (_, Credential::Basic { .. }) => {
            return wrong("a key, token or token source", "user and password");
        }
        (_, Credential::Key(secret) | Credential::Token(secret)) => fixed(name, prefix, secret, true)?,
        (_, Credential::Source(source)) => ValueSource::Sourced { tokens: SharedTokenSource::of(source), prefix },
    };
    Ok(CredentialValue { name, header, query, value })
}

/// A value that is the same for every call.
fn client_parameter(name: &'static str, setting: Setting) -> Result<CredentialValue, BuildError> {
    let value = match setting {
        Setting::Value(value, secret) => fixed(name, "", value, secret)?,
        Setting::Source(source) => ValueSource::Sourced { tokens: SharedTokenSource::of(source), prefix: "" },
        Setting::Inherited(value) => return Ok(value),
        Setting::Credential(other) => {
            return Err(BuildError::WrongCredential { scheme: name, expected: "a value", found: other.kind() });
        }
    };
    // A name that no header can have is one of a query parameter; the operations say which it is.
    Ok(CredentialValue { name, header: HeaderName::from_bytes(name.as_bytes()).ok(), query: name, value })
}
