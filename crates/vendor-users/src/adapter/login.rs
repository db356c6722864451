//! Logging in while connecting, and again when the token runs out.
//!
//! In: a way to log in. Out: a source of tokens whose first one is there already, so that wrong credentials are told when
//! connecting and not at the first call. Knows no vendor.

#![allow(dead_code, reason = "which vendors log in depends on the features")]

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use client_core::{BoxError, BoxFuture, Constant, Failure, Method, Operation, Retry, Token, TokenSource};
use futures_util::lock::Mutex;

use crate::error::Error;

/// How a vendor is logged in to.
pub(super) trait Login: Send + Sync + 'static {
    /// Logs in.
    fn login(&self) -> BoxFuture<'_, Result<Token, Error>>;
}

/// A login that has worked once. Clones share what the last login gave: each of them hands out every token once, and logs in
/// only when none of the others has done so since.
pub(super) struct Session<L> {
    shared: Arc<Shared<L>>,
    /// Number of the login whose token this clone has handed out last.
    seen: AtomicU64,
}

struct Shared<L> {
    login: L,
    /// The last token, and the number of the login that gave it.
    last: Mutex<(Token, u64)>,
}

impl<L: Login> Session<L> {
    /// Logs in for the first time.
    pub(super) async fn open(login: L) -> Result<Self, Error> {
        let first = login.login().await?;
        let shared = Arc::new(Shared { login, last: Mutex::new((first, 1)) });
        Ok(Self { shared, seen: AtomicU64::new(0) })
    }

    async fn next(&self) -> Result<Token, BoxError> {
        let mut last = self.shared.last.lock().await;
        if self.seen.load(Ordering::Acquire) >= last.1 {
            let token = self.shared.login.login().await?;
            *last = (token, last.1 + 1);
        }
        self.seen.store(last.1, Ordering::Release);
        Ok(last.0.clone())
    }
}

impl<L> Clone for Session<L> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), seen: AtomicU64::new(0) }
    }
}

impl<L: Login> TokenSource for Session<L> {
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>> {
        Box::pin(self.next())
    }
}

impl<L> fmt::Debug for Session<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session(***)")
    }
}

/// A login that the vendor's documents do not have among the operations: a POST that needs no credentials but those in its body.
pub(super) const fn post(id: &'static str, path: &'static str, failures: &'static [Failure]) -> Operation {
    const NONE: &[Constant] = &[];
    Operation { id, method: Method::Post, path, security: &[], constants: NONE, success: &[200], retry: Retry::Never, failures }
}
