//! What a directory must be able to do itself; every other verb follows from it, in `derived`. Knows no
//! vendor.

use std::fmt;
use std::pin::Pin;

use client_core::Secret;
use client_core::serde_json::Value as Json;
use futures_core::Stream;

use crate::attribute::Attribute;
use crate::batch;
use crate::capabilities::{Capabilities, DroppedAttribute};
use crate::capability::Verb;
use crate::choice::{Choice, FirstCredential};
use crate::directory::DirectoryFuture;
use crate::error::Error;
use crate::plan::PlannedRequest;
use crate::query::{ListQuery, QueryPart};
use crate::record::{Record, members};
use crate::search::{By, CaseRule};
use crate::switch::Taken;

mod pages;

/// One user's record on its way to the vendor.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Write<R> {
    /// The verb whose operation sends it: one that the capabilities call direct.
    pub verb: Verb,
    /// The identifier of the user, where it is there or known; empty for a new one whose identifier the vendor gives.
    pub id: String,
    /// The record as it was read or came with the draft; `None` for a new user, and for one that is replaced unread.
    pub before: Option<R>,
    /// Whether `before` was read just now. One that came with the draft is no proof of what the vendor has.
    pub read: bool,
    /// The record as it is sent.
    pub record: R,
    /// Whether the user is there already, as far as that is known.
    pub exists: bool,
    /// What the draft had and the vendor has no place for.
    pub dropped: Vec<DroppedAttribute>,
    /// Properties whose values are lost, since the user is replaced unread.
    pub lost: Vec<String>,
    /// What the user gets as its first credential, if it is created.
    pub credential: FirstCredential,
    /// The password in the record, where one was generated for it.
    pub password: Option<Secret>,
}

impl<R> Write<R> {
    /// A write of a user that is there, by the operation of `verb`.
    pub(crate) const fn of(verb: Verb, record: R) -> Self {
        Self {
            verb,
            id: String::new(),
            before: None,
            read: false,
            record,
            exists: true,
            dropped: Vec::new(),
            lost: Vec::new(),
            credential: FirstCredential::None,
            password: None,
        }
    }
}

/// A page of a list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<R> {
    /// The users of the page.
    pub users: Vec<R>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<String>,
}

impl<R> Page<R> {
    /// Creates a page from its users and where the next one begins.
    #[must_use]
    pub const fn new(users: Vec<R>, next: Option<String>) -> Self {
        Self { users, next }
    }
}

/// A page of a list that was filtered and ordered.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct QueryPage<R> {
    /// The page. It may have more users than those of whom the conditions hold, and must not lack one of them.
    pub page: Page<R>,
    /// What of the query the vendor did not do.
    pub not_done: Vec<QueryPart>,
}

impl<R> QueryPage<R> {
    /// Creates a page from its users and what of the query the vendor did not do.
    #[must_use]
    pub const fn new(page: Page<R>, not_done: Vec<QueryPart>) -> Self {
        Self { page, not_done }
    }
}

/// What a vendor's own search found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SearchResult<R> {
    /// The users, inactive ones included. There may be more than those that are meant, and none of these may be missing.
    pub users: Vec<R>,
    /// How the search compares text.
    pub case: CaseRule,
}

impl<R> SearchResult<R> {
    /// Creates the result of a search that compares text in this way.
    #[must_use]
    pub const fn new(users: Vec<R>, case: CaseRule) -> Self {
        Self { users, case }
    }
}

/// What a directory must be able to do itself.
///
/// Whoever implements it gets [`Directory`](crate::Directory): update from reading, changing and saving; find from the list;
/// enable and disable from update; `save_all` from save; and the plan of every verb. The capabilities say which primitives are
/// there: a method whose verb they do not call direct is never called, so that it need not be implemented. What is not
/// implemented is done by [`base`](Self::base), where there is one.
///
/// The crate's test `in_house` has a whole one.
pub trait Primitives: fmt::Debug + Send + Sync {
    /// The vendor's record of a user.
    type Record: Record;

    /// What the directory can do.
    fn describe(&self) -> &Capabilities;

    /// A directory beneath, which does every primitive that is not implemented here: such as the one that is generated of the
    /// vendor's documented operations.
    fn base(&self) -> Option<&dyn Primitives<Record = Self::Record>> {
        None
    }

    /// What users that are created get where their draft says nothing.
    fn defaults(&self) -> Option<&Self::Record> {
        self.base().and_then(Primitives::defaults)
    }

    /// Properties that the operations demand beyond what the schema says.
    fn also_required(&self) -> &[&'static str] {
        self.base().map_or(&[], Primitives::also_required)
    }

    /// Whether the vendor gives every new user its identifier, so that a draft cannot.
    fn assigns_identifiers(&self) -> bool {
        self.base().is_some_and(Primitives::assigns_identifiers)
    }

    /// Puts into the record of a new user what tells the vendor that it is new.
    fn mark_new(&self, record: &mut Self::Record) {
        if let Some(base) = self.base() {
            base.mark_new(record);
        }
    }

    /// Reads the user `id`: for [`Verb::Get`]. `None` only where the vendor itself says that there is no such user.
    fn read<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Option<Self::Record>> {
        self.base().map_or_else(|| unsupported(self.describe(), Verb::Get, id), |base| base.read(id))
    }

    /// Reads a page of the list of all users, from the beginning without a position: for [`Verb::List`].
    fn page(&self, position: Option<String>) -> DirectoryFuture<'_, Page<Self::Record>> {
        match self.base() {
            Some(base) => base.page(position),
            None => unsupported(self.describe(), Verb::List, ""),
        }
    }

    /// Reads all users, page by page as they are wanted: for [`Verb::List`]. Not to be implemented where [`page`](Self::page) is.
    fn records(&self) -> RecordStream<'_, Self::Record> {
        pages::records(self)
    }

    /// Reads a page of the list as far as the vendor's list can filter and order it: for [`Verb::List`].
    fn query<'a>(&'a self, query: &'a ListQuery) -> DirectoryFuture<'a, QueryPage<Self::Record>> {
        if let Some(base) = self.base() {
            return base.query(query);
        }
        Box::pin(async move {
            let page = self.page(query.position().map(str::to_owned)).await?;
            Ok(QueryPage::new(page, query.parts()))
        })
    }

    /// Looks for users by the vendor's own search: for [`Verb::Find`] where it is direct. `None` where the vendor cannot search
    /// by this key; then the list is read.
    fn search<'a>(&'a self, by: By<'a>) -> DirectoryFuture<'a, Option<SearchResult<Self::Record>>> {
        self.base().map_or_else(|| nothing(None), |base| base.search(by))
    }

    /// Reads the values that an attribute may have: for [`Verb::Choices`].
    fn values_of(&self, attribute: Attribute) -> DirectoryFuture<'_, Vec<Choice>> {
        self.base().map_or_else(|| unsupported(self.describe(), Verb::Choices, ""), |base| base.values_of(attribute))
    }

    /// Sends a record: for [`Verb::Create`], [`Verb::Update`] and [`Verb::Save`]. Returns the record that the vendor responds
    /// with, `None` where it documents none.
    fn write<'a>(&'a self, write: &'a Write<Self::Record>) -> DirectoryFuture<'a, Option<Self::Record>> {
        self.base().map_or_else(|| unsupported(self.describe(), write.verb, &write.id), |base| base.write(write))
    }

    /// Sends many records, with one result for each in the same order; one by one where it is not implemented.
    fn write_batch<'a>(&'a self, writes: &'a [Write<Self::Record>]) -> DirectoryFuture<'a, BatchResults<Self::Record>> {
        Box::pin(async move { Ok(batch::bounded(writes.iter().map(|write| self.write(write))).await) })
    }

    /// Switches the user `id` on or off: for [`Verb::Enable`] and [`Verb::Disable`].
    fn set_active<'a>(&'a self, id: &'a str, active: bool) -> DirectoryFuture<'a, ()> {
        let verb = if active { Verb::Enable } else { Verb::Disable };
        self.base().map_or_else(|| unsupported(self.describe(), verb, id), |base| base.set_active(id, active))
    }

    /// What switching this user off would take from it.
    fn would_take(&self, record: &Self::Record) -> Vec<Taken> {
        self.base().map_or_else(Vec::new, |base| base.would_take(record))
    }

    /// Gives back to the user `id`, which was switched on, what switching it off took, and returns what was given back. What
    /// is not returned a person must give back by hand.
    fn give_back<'a>(&'a self, id: &'a str, taken: &'a [Taken]) -> DirectoryFuture<'a, Vec<Taken>> {
        self.base().map_or_else(|| nothing(Vec::new()), |base| base.give_back(id, taken))
    }

    /// Puts into the record of a new user what its first credential needs there, and returns the password that was generated
    /// for it. Called only for credentials that the capabilities offer.
    ///
    /// # Errors
    ///
    /// No password can be generated.
    fn prepare_credential(&self, credential: FirstCredential, record: &mut Self::Record) -> Result<Option<Secret>, Error> {
        self.base().map_or(Ok(None), |base| base.prepare_credential(credential, record))
    }

    /// Gives the user `id`, which was just created, its first credential, where that takes a request of its own, and returns
    /// the password that the vendor generated. Called only for credentials that the capabilities offer.
    fn issue_credential<'a>(&'a self, credential: FirstCredential, id: &'a str) -> DirectoryFuture<'a, Option<Secret>> {
        self.base().map_or_else(|| nothing(None), |base| base.issue_credential(credential, id))
    }

    /// Removes the user `id`: for [`Verb::Delete`].
    fn remove<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        self.base().map_or_else(|| unsupported(self.describe(), Verb::Delete, id), |base| base.remove(id))
    }

    /// Makes the user `id` choose a new password: for [`Verb::ResetPassword`].
    fn require_new_password<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        self.base().map_or_else(|| unsupported(self.describe(), Verb::ResetPassword, id), |base| base.require_new_password(id))
    }

    /// The record as [`write`](Self::write) sends it: of a partial update, only what changes.
    fn sent(&self, write: &Write<Self::Record>) -> Self::Record {
        self.base().map_or_else(|| write.record.clone(), |base| base.sent(write))
    }

    /// The body of the request that sends these records, which are masked already, by the operation of `verb`.
    fn body(&self, verb: Verb, records: Vec<Json>) -> Json {
        match self.base() {
            Some(base) => base.body(verb, records),
            None => records.into_iter().next().unwrap_or_default(),
        }
    }

    /// How many records one request of `verb` takes.
    fn records_per_request(&self, verb: Verb) -> usize {
        self.base().map_or(1, |base| base.records_per_request(verb))
    }

    /// The requests that [`write_batch`](Self::write_batch) sends for these writes, all of the same verb.
    fn requests(&self, writes: &[Write<Self::Record>]) -> Vec<PlannedRequest> {
        let Some(first) = writes.first() else { return Vec::new() };
        let Some(operation) = self.describe().operation(first.verb) else { return Vec::new() };
        let chunks = writes.chunks(self.records_per_request(first.verb).max(1));
        let request = |chunk: &[Write<Self::Record>]| {
            let records = chunk.iter().map(|write| Json::Object(Self::Record::SHAPE.masked(members(&self.sent(write)))));
            let id = chunk.first().map(|write| write.id.as_str()).unwrap_or_default();
            PlannedRequest::new(operation, id).with_body(self.body(first.verb, records.collect()))
        };
        chunks.map(request).collect()
    }
}

/// Records as they come.
#[cfg(not(target_arch = "wasm32"))]
pub type RecordStream<'a, R> = Pin<Box<dyn Stream<Item = Result<R, Error>> + Send + 'a>>;
/// Records as they come.
#[cfg(target_arch = "wasm32")]
pub type RecordStream<'a, R> = Pin<Box<dyn Stream<Item = Result<R, Error>> + 'a>>;

/// One result for each record of a batch.
pub type BatchResults<R> = Vec<Result<Option<R>, Error>>;

fn nothing<'a, T: Send + 'a>(nothing: T) -> DirectoryFuture<'a, T> {
    Box::pin(std::future::ready(Ok(nothing)))
}

fn unsupported<'a, T: Send + 'a>(capabilities: &Capabilities, verb: Verb, id: &str) -> DirectoryFuture<'a, T> {
    let error = Error::unsupported(capabilities, verb).about(id);
    Box::pin(std::future::ready(Err(error)))
}
