//! Logging in while connecting, and again when the token runs out.
//!
//! From a way to log in to a source of tokens whose first one is there already, so that wrong credentials are told when
//! connecting and not at the first call. Knows no vendor.

#![allow(dead_code, reason = "which vendors log in depends on the features")]

use client_core::{BoxError, BoxFuture, Failure, Method, Operation, SharedTokenSource, Token, TokenSource};

use crate::error::Error;

/// How a vendor is logged in to.
pub(super) trait Login: Send + Sync + 'static {
    /// Logs in.
    fn login(&self) -> BoxFuture<'_, Result<Token, Error>>;
}

/// Logs in for the first time, and gives a source that begins with the session and logs in again when it has to.
pub(super) async fn open<L: Login>(login: L) -> Result<SharedTokenSource, Error> {
    let first = login.login().await?;
    Ok(SharedTokenSource::new(Session(login)).starting_with(first))
}

struct Session<L>(L);

impl<L: Login> TokenSource for Session<L> {
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>> {
        Box::pin(async { Ok(self.0.login().await?) })
    }
}

/// A login that the vendor's documents do not have among the operations: a POST that needs no credentials but those in its body.
pub(super) const fn post(id: &'static str, path: &'static str, failures: &'static [Failure]) -> Operation {
    Operation::new(id, Method::Post, path).success(&[200]).failures(failures)
}
