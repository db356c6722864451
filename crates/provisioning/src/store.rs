//! What is remembered between runs: who is linked to which account, what is being sent, what was done.
//!
//! Takes and returns plain data. A store decides nothing about people and knows no vendor; it holds three promises that
//! everything above stands on: one account belongs to one person, one write per person is under way at a time, and what was
//! about to be sent is known after a crash.

mod audit;
mod error;
mod link;
mod request;
mod run;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;

use std::fmt;
use std::pin::Pin;

use jiff::Timestamp;
use serde_json::Value as Json;

pub use audit::{AuditEntry, HistoryFilter};
pub use error::{StoreError, StoreErrorKind};
pub use link::{Link, LinkBy, Origin};
pub use request::{Fate, Kind, Request, RequestResult};
pub use run::Run;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use sql::SqlStore;

/// What a [`Store`] returns, later.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Returns a new identifier: 32 hexadecimal digits from the operating system's random source.
///
/// # Errors
///
/// [`StoreErrorKind::Unavailable`] where the system has no random source.
pub fn new_id() -> Result<String, StoreError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| StoreError::unavailable(format!("the operating system gives no random numbers: {error}")))?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

/// Remembers links, requests, runs and the audit log.
///
/// The order of a write is always the same: [`begin`](Store::begin), then the vendor's request, then
/// [`finish`](Store::finish). What was begun and not finished is found again by [`unfinished`](Store::unfinished).
///
/// # Errors
///
/// Every method fails with [`StoreErrorKind::Unavailable`] where the database cannot be used; what else can go wrong is said
/// at the method.
pub trait Store: fmt::Debug + Send + Sync {
    /// Returns the link with this identifier, one that has ended included.
    fn link<'a>(&'a self, id: &'a str) -> StoreFuture<'a, Option<Link>>;

    /// Returns the link of an instance that has not ended.
    fn find_link<'a>(&'a self, instance: &'a str, by: LinkBy<'a>) -> StoreFuture<'a, Option<Link>>;

    /// Returns at most `limit` links of an instance that have not ended, in the order of their identifiers, from the first one
    /// behind `after`.
    fn links<'a>(&'a self, instance: &'a str, after: Option<&'a str>, limit: usize) -> StoreFuture<'a, Vec<Link>>;

    /// Returns the links of an instance that have not ended and have one of these accounts, in no order. What a vendor lists is
    /// looked up page by page in this way, so that nobody holds the links of everybody.
    fn links_of<'a>(&'a self, instance: &'a str, accounts: &'a [String]) -> StoreFuture<'a, Vec<Link>>;

    /// Returns the links of an instance that have ended (tombstones) and had this account or key, the latest first.
    fn ended_links<'a>(&'a self, instance: &'a str, by: LinkBy<'a>) -> StoreFuture<'a, Vec<Link>>;

    /// Adds a link, or replaces the one with its identifier, whose version must be the one that was read. Returns the link as
    /// it is stored, with its new version.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Taken`] where another link that has not ended has the same account, key, user name or external
    /// identifier; [`StoreErrorKind::Changed`] where another run changed it in between.
    fn put_link<'a>(&'a self, link: &'a Link) -> StoreFuture<'a, Link>;

    /// Writes down that `request` is about to be sent. From here on nobody else can begin one for the same person.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Busy`] where one for this person is under way; [`StoreErrorKind::Unfinished`] where one was begun and
    /// its holder is gone: look at the vendor what became of it, [`finish`](Store::finish) it, and begin again.
    fn begin<'a>(&'a self, request: &'a Request) -> StoreFuture<'a, ()>;

    /// Writes down what became of the request `id`, together with the link as it is now and the line of the audit log.
    /// Returns the link as it is stored.
    ///
    /// # Errors
    ///
    /// As [`put_link`](Store::put_link), and [`StoreErrorKind::Changed`] where the request is not under way.
    fn finish<'a>(
        &'a self,
        id: &'a str,
        result: &'a RequestResult,
        link: Option<&'a Link>,
        audit: Option<&'a AuditEntry>,
    ) -> StoreFuture<'a, Option<Link>>;

    /// Returns the requests of an instance that were begun and not finished, the oldest first.
    fn unfinished<'a>(&'a self, instance: &'a str) -> StoreFuture<'a, Vec<Request>>;

    /// Returns how many requests of this kind were done at an instance since a time.
    fn done_since<'a>(&'a self, instance: &'a str, kind: Kind, since: Timestamp) -> StoreFuture<'a, u64>;

    /// Starts a run, which holds the instance until it ends or its lease does.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Busy`] where another run holds the instance.
    fn start_run<'a>(&'a self, run: &'a Run) -> StoreFuture<'a, ()>;

    /// Holds the instance of a run until this time.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Changed`] where the run has ended, or its lease ran out and another has started.
    fn renew_run<'a>(&'a self, id: &'a str, until: Timestamp) -> StoreFuture<'a, ()>;

    /// Ends a run with a summary.
    fn end_run<'a>(&'a self, id: &'a str, at: Timestamp, summary: &'a Json) -> StoreFuture<'a, ()>;

    /// Returns the latest runs of an instance, the latest first.
    fn runs<'a>(&'a self, instance: &'a str, limit: usize) -> StoreFuture<'a, Vec<Run>>;

    /// Adds a line to the audit log.
    fn record<'a>(&'a self, entry: &'a AuditEntry) -> StoreFuture<'a, ()>;

    /// Returns lines of the audit log, the oldest first.
    fn history<'a>(&'a self, filter: &'a HistoryFilter) -> StoreFuture<'a, Vec<AuditEntry>>;

    /// Keeps a document of the caller's under a kind and a name, until it expires; one of that name is replaced.
    fn put_document<'a>(
        &'a self,
        kind: &'a str,
        name: &'a str,
        document: &'a Json,
        expires: Option<Timestamp>,
    ) -> StoreFuture<'a, ()>;

    /// Returns a document that has not expired at `now`.
    fn document<'a>(&'a self, kind: &'a str, name: &'a str, now: Timestamp) -> StoreFuture<'a, Option<Json>>;

    /// Returns the names and the documents of a kind that have not expired at `now`, by name.
    fn documents<'a>(&'a self, kind: &'a str, now: Timestamp) -> StoreFuture<'a, Vec<(String, Json)>>;

    /// Removes a document; whether it was there is returned.
    fn remove_document<'a>(&'a self, kind: &'a str, name: &'a str) -> StoreFuture<'a, bool>;

    /// Removes the documents that have expired at `now`.
    fn expire_documents(&self, now: Timestamp) -> StoreFuture<'_, u64>;
}
