//! Why a store cannot do what it was asked for.

use std::fmt;

use jiff::Timestamp;

use super::request::Request;

/// Why a store refused.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The database cannot be reached or used.
    Unavailable,
    /// Another link has what must be one person's only: its account, key, user name or external identifier.
    Taken,
    /// It is not there any more as it was read.
    Changed,
    /// Somebody else is at it until this time.
    Busy {
        /// Who.
        holder: String,
        /// When that ends at the latest.
        until: Timestamp,
    },
    /// A request was begun, and nobody knows what became of it.
    Unfinished(Box<Request>),
    /// The database was made by a newer version of this crate, or is not a store at all.
    Incompatible,
    /// A row cannot be read.
    Damaged,
}

/// Why a store failed, with what was expected and found.
#[derive(Clone, Debug, PartialEq)]
pub struct StoreError {
    kind: StoreErrorKind,
    words: String,
}

impl StoreError {
    pub(crate) fn new(kind: StoreErrorKind, words: impl Into<String>) -> Self {
        Self { kind, words: words.into() }
    }

    /// Returns an error of a store that cannot be used, in words.
    #[must_use]
    pub fn unavailable(words: impl Into<String>) -> Self {
        Self::new(StoreErrorKind::Unavailable, words)
    }

    /// Returns what can be done about it.
    #[must_use]
    pub const fn kind(&self) -> &StoreErrorKind {
        &self.kind
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            StoreErrorKind::Busy { holder, until } => write!(f, "{}: {holder} is at it until {until}", self.words),
            _ => f.write_str(&self.words),
        }
    }
}

impl std::error::Error for StoreError {}
