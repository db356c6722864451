//! Values that are put into requests: fixed ones, made once, and tokens, fetched once for all who wait.
//!
//! In: a secret, or a source of tokens. Out: a shared value with its header form. Knows nothing of operations.

use crate::clock::{CAN_WAIT, Moment};
use crate::credentials::{BoxError, TokenSource};
use crate::secret::Secret;
use crate::target;
use reqwest::header::HeaderValue;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A value ready to be sent.
#[derive(Debug)]
pub(crate) struct Ready {
    /// What stands in the header, prefix included; marked sensitive.
    pub(crate) header: HeaderValue,
    /// The text without the prefix.
    pub(crate) secret: Secret,
    /// Whether the text has to be masked in what a vendor says.
    pub(crate) masked: bool,
}

impl Ready {
    /// None if a header cannot carry the value.
    pub(crate) fn new(prefix: &str, secret: Secret) -> Option<Self> {
        let mut header = if prefix.is_empty() {
            target::header_value(secret.expose()).ok()?
        } else {
            target::header_value(&format!("{prefix}{}", secret.expose())).ok()?
        };
        header.set_sensitive(true);
        Some(Self { header, secret, masked: true })
    }
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub(crate) enum Provided {
    Fixed(Arc<Ready>),
    Sourced(Arc<Tokens>),
}

impl Provided {
    /// What must not be seen, as far as it is known now.
    pub(crate) fn secret(&self) -> Option<Secret> {
        match self {
            Self::Fixed(ready) => ready.masked.then(|| ready.secret.clone()),
            Self::Sourced(tokens) => tokens.state().latest.as_ref().map(|ready| ready.secret.clone()),
        }
    }
}

/// A source and its current token.
pub(crate) struct Tokens {
    prefix: &'static str,
    source: Arc<dyn TokenSource>,
    state: Mutex<State>,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    current: Option<(Arc<Ready>, Option<Moment>)>,
    /// Kept after its time, to be masked in what a vendor says about it.
    latest: Option<Arc<Ready>>,
    fetches: u64,
    failure: Option<Arc<BoxError>>,
}

impl State {
    fn fresh(&self) -> Option<(Arc<Ready>, u64)> {
        let (ready, until) = self.current.as_ref()?;
        let fresh = until.is_none_or(|until| Moment::now() < until);
        fresh.then(|| (Arc::clone(ready), self.fetches))
    }
}

impl Tokens {
    pub(crate) fn new(prefix: &'static str, source: Arc<dyn TokenSource>) -> Self {
        Self { prefix, source, state: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token, and the number of the fetch it came with.
    pub(crate) async fn get(&self) -> Result<(Arc<Ready>, u64), Arc<BoxError>> {
        let seen = {
            let state = self.state();
            if let Some(found) = state.fresh() {
                return Ok(found);
            }
            state.fetches
        };
        let _turn = self.turn.lock().await;
        {
            let state = self.state();
            if let Some(found) = state.fresh() {
                return Ok(found);
            }
            // Whoever waited while a fetch failed shares its failure, too: the source is not asked once per caller.
            if let Some(failure) = state.failure.as_ref().filter(|_| state.fetches != seen) {
                return Err(Arc::clone(failure));
            }
        }
        let fetched = self.source.token().await.and_then(|token| {
            let ready = Ready::new(self.prefix, token.secret).ok_or("the token has characters that a header cannot carry")?;
            Ok((Arc::new(ready), token.lifetime))
        });
        let mut state = self.state();
        state.fetches += 1;
        match fetched {
            Ok((ready, lifetime)) => {
                // Without a clock a token is good until the vendor says 401.
                let until = lifetime.filter(|_| CAN_WAIT).map(|lifetime| {
                    let margin = (lifetime / 10).min(Duration::from_secs(60));
                    Moment::now().after(lifetime.saturating_sub(margin))
                });
                state.current = Some((Arc::clone(&ready), until));
                state.latest = Some(Arc::clone(&ready));
                state.failure = None;
                Ok((ready, state.fetches))
            }
            Err(error) => {
                let error = Arc::new(error);
                state.current = None;
                state.failure = Some(Arc::clone(&error));
                Err(error)
            }
        }
    }

    /// Drops the token of this fetch, if it is still the current one.
    pub(crate) fn discard(&self, fetch: u64) {
        let mut state = self.state();
        if state.fetches == fetch {
            state.current = None;
        }
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Tokens(***)")
    }
}
