//! Credentials: what the program has, and where tokens come from.
//!
//! Input: keys, passwords, tokens, token sources. Output: header values marked sensitive, by [`crate::tokens`] and the client.

use crate::secret::Secret;
use crate::tokens::TokenSource;
use std::fmt;
use std::sync::Arc;

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
    /// Returns a key or ticket.
    pub fn key(key: impl Into<Secret>) -> Self {
        Self::Key(key.into())
    }

    /// User and password.
    pub fn basic(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self::Basic { user: user.into(), password: password.into() }
    }

    /// Returns a token that stays the same.
    pub fn token(token: impl Into<Secret>) -> Self {
        Self::Token(token.into())
    }

    /// Returns a token from a source: an `async` closure, or a type of your own.
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
