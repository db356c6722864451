//! The client: what is the same for every call, ready to be used by many at once.
//!
//! Input: what the builder made ready. Output: calls. Which credentials an operation gets is decided here.

use crate::interceptor::Interceptors;
use crate::mask::Mask;
use crate::not_sent::NotSentCause;
use crate::operation::{Operation, Place, RetryPolicy, Scheme};
use crate::rate::Bucket;
use crate::tokens::ValueSource;
use crate::transport::Transport;
use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A client of one vendor. Cheap to clone; clones share connections, tokens and the rate limit.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) transport: Transport,
    /// The vendor's title.
    pub(crate) vendor: &'static str,
    /// The host of the base URL.
    pub(crate) host: Arc<str>,
    pub(crate) base: Url,
    /// The path of the base URL without the slash at its end.
    pub(crate) base_path: String,
    pub(crate) schemes: &'static [Scheme],
    pub(crate) user_agent: HeaderValue,
    pub(crate) credentials: Vec<CredentialValue>,
    pub(crate) client_parameters: Vec<CredentialValue>,
    pub(crate) bucket: Option<Arc<Bucket>>,
    pub(crate) settings: Settings,
    pub(crate) allow_insecure: bool,
    pub(crate) interceptors: Interceptors,
}

/// A credential or client parameter, and where it goes.
#[derive(Clone, Debug)]
pub(crate) struct CredentialValue {
    pub(crate) name: &'static str,
    pub(crate) header: Option<HeaderName>,
    pub(crate) query: &'static str,
    pub(crate) value: ValueSource,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) deadline: Duration,
    pub(crate) retries: RetryPolicy,
    pub(crate) max_response_size: usize,
}

/// A value for one call: the header or the query parameter that takes it.
pub(crate) enum Slot<'a> {
    Header(&'a HeaderName),
    Query(&'a str),
}

impl Client {
    /// Returns a mask for the vendor's words: it hides this client's credentials, and those of tokens that have been replaced.
    ///
    /// An error of a call shows the vendor's words masked. Whoever takes words out of a typed body, such as the reason beside one
    /// item of a batch, masks them by this before they go into an error or a log. [`Mask::with`] adds the secrets of what was sent.
    ///
    /// ```
    /// use client_core::{Client, Credential, Scheme, Secret};
    ///
    /// static SCHEMES: &[Scheme] = &[Scheme::bearer("bearerAuth")];
    /// let client = Client::builder("https://api.example.com", SCHEMES).credential("bearerAuth", Credential::token("t0ken")).build()?;
    /// let mask = client.mask().with(&Secret::from("hunter2"));
    /// assert_eq!(mask.text("hunter2 is too weak, said t0ken"), "*** is too weak, said ***");
    /// # Ok::<_, client_core::BuildError>(())
    /// ```
    #[must_use]
    pub fn mask(&self) -> Mask {
        self.0.mask()
    }

    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }
}

impl Inner {
    /// What the operation gets: its client parameters, and of the alternatives that the client can satisfy the one with the most schemes.
    pub(crate) fn credential_values(
        &self,
        operation: &'static Operation,
    ) -> Result<Vec<(Slot<'_>, &CredentialValue)>, NotSentCause> {
        let mut credential_values = Vec::with_capacity(operation.client_parameters.len() + 2);
        for parameter in operation.client_parameters {
            match self.client_parameters.iter().find(|known| known.name.eq_ignore_ascii_case(parameter.name)) {
                Some(known) => match (parameter.place, &known.header) {
                    (Place::Header, Some(header)) => credential_values.push((Slot::Header(header), known)),
                    _ => credential_values.push((Slot::Query(parameter.name), known)),
                },
                None if parameter.required => {
                    return Err(NotSentCause::MissingParameter { name: parameter.name, place: parameter.place });
                }
                None => {}
            }
        }
        for value in self.alternative(operation.security)? {
            let slot = value.header.as_ref().map_or(Slot::Query(value.query), Slot::Header);
            credential_values.push((slot, value));
        }
        Ok(credential_values)
    }

    fn alternative(
        &self,
        needed: &'static [&'static [&'static str]],
    ) -> Result<impl Iterator<Item = &CredentialValue>, NotSentCause> {
        let credential = |name: &&'static str| self.credentials.iter().find(|known| known.name == *name);
        let lacks = |schemes: &&&'static [&'static str]| schemes.iter().filter(|name| credential(name).is_none()).count();
        let best = needed
            .iter()
            .rev()
            // Of equals the one that is documented first.
            .filter(|schemes| lacks(schemes) == 0)
            .max_by_key(|schemes| schemes.len());
        let schemes: &'static [&'static str] = match best {
            Some(schemes) => schemes,
            None if needed.is_empty() => &[],
            None => {
                let nearest = needed.iter().min_by_key(|schemes| lacks(schemes)).copied().unwrap_or_default();
                let missing = nearest.iter().filter(|name| credential(name).is_none()).copied().collect();
                return Err(NotSentCause::MissingCredentials { needed, missing });
            }
        };
        Ok(schemes.iter().filter_map(credential))
    }

    /// Hides all that must not be seen, as far as the client knows it.
    pub(crate) fn mask(&self) -> Mask {
        let mut mask = Mask::default();
        self.schemes.iter().for_each(|scheme| mask.add_scheme(scheme));
        for value in self.credentials.iter().chain(&self.client_parameters) {
            let secrets = value.value.secrets();
            if !secrets.is_empty() {
                mask.add_name(value.name);
            }
            secrets.iter().for_each(|secret| mask.add(secret));
        }
        mask
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |list: &[CredentialValue]| list.iter().map(|value| value.name).collect::<Vec<_>>();
        to.debug_struct("Client")
            .field("base_url", &self.0.base.as_str())
            .field("credentials", &names(&self.0.credentials))
            .field("client_parameters", &names(&self.0.client_parameters))
            .field("settings", &self.0.settings)
            .finish_non_exhaustive()
    }
}
