//! Credentials: what the program has, and where tokens come from.
//!
//! In: keys, passwords, tokens, token sources. Out: header values marked sensitive, by [`crate::tokens`] and the client.

use crate::{Secret, SharedTokenSource};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// An error of a token source.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A future on the heap.
#[cfg(not(target_arch = "wasm32"))]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A future on the heap; in a browser it stays on its thread.
#[cfg(target_arch = "wasm32")]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What the program shows to the vendor under one security scheme.
#[derive(Clone)]
#[non_exhaustive]
pub enum Credential {
    /// A key or ticket, in the scheme's own header or query parameter.
    Key(Secret),
    /// User and password.
    Basic {
        /// The user's name.
        user: String,
        /// The password.
        password: Secret,
    },
    /// A token that stays the same.
    Token(Secret),
    /// A token that is fetched, kept until it expires, and fetched again.
    Source(Arc<dyn TokenSource>),
}

impl Credential {
    /// A key or ticket.
    pub fn key(key: impl Into<Secret>) -> Self {
        Self::Key(key.into())
    }

    /// User and password.
    pub fn basic(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self::Basic { user: user.into(), password: password.into() }
    }

    /// A token that stays the same.
    pub fn token(token: impl Into<Secret>) -> Self {
        Self::Token(token.into())
    }

    /// A token from a source: an `async` closure, or a type of your own.
    pub fn source(source: impl TokenSource + 'static) -> Self {
        Self::Source(Arc::new(source))
    }

    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Key(_) => "a key",
            Self::Basic { .. } => "user and password",
            Self::Token(_) => "a token",
            Self::Source(_) => "a token source",
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Credential({}: ***)", self.kind())
    }
}

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
