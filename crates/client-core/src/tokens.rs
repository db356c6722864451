//! Values that are put into requests: fixed ones, made once, and tokens, fetched once for all who wait.
//!
//! Input: a secret, or a source of tokens. Output: a shared value with its header form. Knows nothing of operations.

use crate::clock::{self, CAN_WAIT, Moment};
use crate::secret::Secret;
use crate::target;
use reqwest::header::HeaderValue;
use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The wait after the first refused login; each further one doubles it.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How many tokens that have been replaced are remembered, to be masked in what a vendor says about them.
const REMEMBERED: usize = 8;

/// An error of a token source.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A future on the heap.
#[cfg(not(target_arch = "wasm32"))]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A future on the heap; in a browser it stays on its thread.
#[cfg(target_arch = "wasm32")]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Where tokens come from. Callers that need one at the same time share one fetch; a token that travels in two places is shared
/// by a [`SharedTokenSource`].
///
/// Implemented for closures that give a future:
///
/// ```
/// use client_core::{BoxError, Credential, Token};
/// use std::time::Duration;
///
/// let credential = Credential::source(|| async {
///     Ok::<_, BoxError>(Token::new("fresh").expires_in(Duration::from_secs(28_800)))
/// });
/// ```
pub trait TokenSource: Send + Sync {
    /// Fetches a token.
    ///
    /// # Errors
    ///
    /// Whatever keeps the source from a token. Callers see it as the `source` of the error of their call, and wait longer and
    /// longer before the next fetch.
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>>;

    /// The cache that this source shares with others.
    #[doc(hidden)]
    fn shared(&self) -> Option<SharedTokenSource> {
        None
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl<F, R> TokenSource for F
where
    F: Fn() -> R + Send + Sync,
    R: Future<Output = Result<Token, BoxError>> + Send + 'static,
{
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>> {
        Box::pin(self())
    }
}

#[cfg(target_arch = "wasm32")]
impl<F, R> TokenSource for F
where
    F: Fn() -> R + Send + Sync,
    R: Future<Output = Result<Token, BoxError>> + 'static,
{
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>> {
        Box::pin(self())
    }
}

/// A token and how long it is good for.
#[derive(Clone, Debug)]
pub struct Token {
    pub(crate) secret: Secret,
    pub(crate) lifetime: Option<Duration>,
}

impl Token {
    /// A token that is good until the vendor says 401.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self { secret: token.into(), lifetime: None }
    }

    /// The token is fetched again a little before this time has passed: a minute, or a tenth of a short life.
    #[must_use]
    pub fn expires_in(self, lifetime: Duration) -> Self {
        Self { lifetime: Some(lifetime), ..self }
    }
}

/// A fixed value ready to be sent.
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
        Some(Self { header: header(prefix, &secret)?, secret, masked: true })
    }
}

fn header(prefix: &str, secret: &Secret) -> Option<HeaderValue> {
    let mut header = if prefix.is_empty() {
        target::header_value(secret.expose()).ok()?
    } else {
        target::header_value(&format!("{prefix}{}", secret.expose())).ok()?
    };
    header.set_sensitive(true);
    Some(header)
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub(crate) enum ValueSource {
    Fixed(Arc<Ready>),
    Sourced {
        tokens: SharedTokenSource,
        /// What stands before the token in a header.
        prefix: &'static str,
    },
}

impl ValueSource {
    /// What must not be seen, as far as it is known now; tokens that have been replaced are part of it.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        match self {
            Self::Fixed(ready) => ready.masked.then(|| ready.secret.clone()).into_iter().collect(),
            Self::Sourced { tokens, .. } => tokens.state().known.iter().cloned().collect(),
        }
    }
}

/// A token source whose tokens are fetched once, wherever they are sent: for a vendor that demands one session in two places.
///
/// Clones share the token. Give clones of one to several credentials and client parameters, of several clients if need be:
/// all of them send the same token, the first one who needs a new one fetches it for all, and a token that the vendor refuses is
/// dropped everywhere. A credential from any other [`TokenSource`] is wrapped in one of its own.
///
/// After a fetch that failed, and after new tokens that the vendor refuses one after the other, callers wait before the next
/// fetch, twice as long each time, so that a wrong password does not lock an account.
///
/// ```
/// use client_core::{BoxError, Client, Credential, Scheme, SharedTokenSource, Token};
///
/// static SCHEMES: &[Scheme] = &[Scheme::bearer("bearerAuth")];
///
/// let session = SharedTokenSource::new(|| async { Ok::<_, BoxError>(Token::new("s3ss10n")) });
/// let client = Client::builder("https://api.example.com/v1", SCHEMES)
///     .credential("bearerAuth", Credential::source(session.clone()))
///     .client_parameter_from("sessionId", session)
///     .build()?;
/// # Ok::<_, client_core::BuildError>(())
/// ```
#[derive(Clone)]
pub struct SharedTokenSource(Arc<Inner>);

struct Inner {
    source: Arc<dyn TokenSource>,
    state: Mutex<State>,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    current: Option<Arc<Fetched>>,
    /// The last tokens, the newest first.
    known: VecDeque<Secret>,
    fetches: u64,
    failure: Option<Arc<BoxError>>,
    /// Fetches that failed and new tokens that were refused, since a token was last accepted.
    setbacks: u32,
    not_before: Option<Moment>,
}

/// A token, as one fetch gave it.
pub(crate) struct Fetched {
    pub(crate) secret: Secret,
    until: Option<Moment>,
    /// Whether the vendor has taken it.
    accepted: AtomicBool,
    /// Its header forms, one for each prefix.
    headers: Mutex<Vec<(&'static str, HeaderValue)>>,
}

impl Fetched {
    /// None if a header cannot carry the token.
    pub(crate) fn header(&self, prefix: &'static str) -> Option<HeaderValue> {
        let mut headers = self.headers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, header)) = headers.iter().find(|(known, _)| *known == prefix) {
            return Some(header.clone());
        }
        let header = header(prefix, &self.secret)?;
        headers.push((prefix, header.clone()));
        Some(header)
    }
}

impl State {
    fn fresh(&self) -> Option<Arc<Fetched>> {
        let current = self.current.as_ref()?;
        current.until.is_none_or(|until| Moment::now() < until).then(|| Arc::clone(current))
    }

    fn take(&mut self, token: Token) -> Arc<Fetched> {
        // Without a clock a token is good until the vendor says 401.
        let until = token.lifetime.filter(|_| CAN_WAIT).map(|lifetime| {
            let margin = (lifetime / 10).min(Duration::from_secs(60));
            Moment::now().after(lifetime.saturating_sub(margin))
        });
        self.known.push_front(token.secret.clone());
        self.known.truncate(REMEMBERED);
        self.failure = None;
        self.not_before = None;
        let fetched = Fetched { secret: token.secret, until, accepted: AtomicBool::new(false), headers: Mutex::default() };
        Arc::clone(self.current.insert(Arc::new(fetched)))
    }

    /// Puts the next fetch off after `steps` setbacks.
    fn put_off(&mut self, steps: u32) {
        if CAN_WAIT && steps > 0 {
            let wait = FIRST_WAIT.saturating_mul(1 << (steps - 1).min(16)).min(LONGEST_WAIT);
            self.not_before = Some(Moment::now().after(wait));
        }
    }
}

impl SharedTokenSource {
    /// Shares the tokens of a source.
    pub fn new(source: impl TokenSource + 'static) -> Self {
        Self::of(Arc::new(source))
    }

    /// Begins with a token that is there already, such as that of a login that has just shown that the password is right.
    #[must_use]
    pub fn starting_with(self, token: Token) -> Self {
        self.state().take(token);
        self
    }

    /// The cache of this source: its own if it has one.
    pub(crate) fn of(source: Arc<dyn TokenSource>) -> Self {
        source
            .shared()
            .unwrap_or_else(|| Self(Arc::new(Inner { source, state: Mutex::default(), turn: tokio::sync::Mutex::default() })))
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token; a wait for a new one that ends after `deadline` is not begun.
    pub(crate) async fn get(&self, deadline: Moment) -> Result<Arc<Fetched>, Arc<BoxError>> {
        let (seen, wait) = {
            let state = self.state();
            if let Some(fetched) = state.fresh() {
                return Ok(fetched);
            }
            let now = Moment::now();
            let wait = state.not_before.map(|then| then.since(now)).unwrap_or_default();
            if !wait.is_zero() && wait >= deadline.since(now) {
                return Err(state.failure.clone().unwrap_or_else(|| Arc::new(refused(state.setbacks, wait))));
            }
            (state.fetches, wait)
        };
        if !wait.is_zero() {
            clock::pause(wait).await;
        }
        let _turn = self.0.turn.lock().await;
        {
            let state = self.state();
            if let Some(fetched) = state.fresh() {
                return Ok(fetched);
            }
            // Whoever waited while a fetch failed shares its failure, too: the source is not called once per caller.
            if let Some(failure) = state.failure.as_ref().filter(|_| state.fetches != seen) {
                return Err(Arc::clone(failure));
            }
        }
        let fetched = self.0.source.token().await.and_then(|token| match target::header_value(token.secret.expose()) {
            Ok(_) => Ok(token),
            Err(_) => Err("the token has characters that a header cannot carry".into()),
        });
        let mut state = self.state();
        state.fetches += 1;
        match fetched {
            Ok(token) => Ok(state.take(token)),
            Err(error) => {
                let error = Arc::new(error);
                state.current = None;
                state.failure = Some(Arc::clone(&error));
                state.setbacks = state.setbacks.saturating_add(1);
                let setbacks = state.setbacks;
                state.put_off(setbacks);
                Err(error)
            }
        }
    }

    /// Notes that the vendor has taken this token.
    pub(crate) fn accept(&self, fetched: &Fetched) {
        if !fetched.accepted.swap(true, Ordering::Relaxed) {
            let mut state = self.state();
            state.setbacks = 0;
            state.not_before = None;
        }
    }

    /// Drops this token, if it is still the current one.
    pub(crate) fn discard(&self, fetched: &Arc<Fetched>) {
        let mut state = self.state();
        if state.current.as_ref().is_some_and(|current| Arc::ptr_eq(current, fetched)) {
            state.current = None;
            if !fetched.accepted.load(Ordering::Relaxed) {
                // The first one may have ended on its way; where the vendor accepts none of them, the next fetch waits.
                let steps = state.setbacks;
                state.setbacks = steps.saturating_add(1);
                state.put_off(steps);
            }
        }
    }
}

fn refused(count: u32, wait: Duration) -> BoxError {
    format!("the vendor has refused {count} new tokens in a row, and the next one is not fetched for {} s", wait.as_secs()).into()
}

impl TokenSource for SharedTokenSource {
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>> {
        Box::pin(async move {
            let day = Moment::now().after(Duration::from_secs(86_400));
            let fetched = self.get(day).await.map_err(|error| -> BoxError { error.to_string().into() })?;
            let left = fetched.until.map(|until| until.since(Moment::now()));
            Ok(Token { secret: fetched.secret.clone(), lifetime: left })
        })
    }

    fn shared(&self) -> Option<SharedTokenSource> {
        Some(self.clone())
    }
}

impl fmt::Debug for SharedTokenSource {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("SharedTokenSource(***)")
    }
}
