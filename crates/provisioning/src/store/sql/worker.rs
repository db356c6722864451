//! Threads that run statements, and [`Store`] for whoever has them.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use jiff::Timestamp;
use serde_json::Value as Json;
use tokio::sync::oneshot;

use super::connection::Connection;
use super::links::By;
use super::{documents, links, requests, runs};
use crate::store::{AuditEntry, HistoryFilter, Kind, Link, LinkBy, Request, RequestResult, Run, Store, StoreError, StoreFuture};

type Job = Box<dyn FnOnce(&mut dyn Connection) + Send>;

/// A store in a database that speaks SQL. Clones are the same store.
///
/// Its threads end when the last clone is dropped; a file is closed by then, and whole by itself.
#[derive(Clone)]
pub struct SqlStore {
    // Dropped first: the threads end once nobody can send to them.
    jobs: mpsc::Sender<Job>,
    _threads: Arc<Threads>,
}

/// Threads that are waited for when nobody needs them any more.
struct Threads(Vec<thread::JoinHandle<()>>);

impl Drop for Threads {
    fn drop(&mut self) {
        for thread in self.0.drain(..) {
            // One that has panicked has closed its connection as well.
            let _ = thread.join();
        }
    }
}

impl SqlStore {
    /// Starts a thread for each connection. Those to a file are waited for at the end, so that it is closed; a server that does not
    /// respond keeps nobody.
    pub(super) fn start(connections: Vec<Box<dyn Connection>>, is_file: bool) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        let mut threads = Vec::new();
        for mut connection in connections {
            let queue = Arc::clone(&queue);
            let work = move || {
                loop {
                    let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(job) = job else { break };
                    job(&mut *connection);
                }
            };
            let spawned = thread::Builder::new().name("provisioning-store".to_owned()).spawn(work);
            let thread = spawned.map_err(|error| StoreError::unavailable(format!("the store cannot start a thread: {error}")))?;
            threads.extend(is_file.then_some(thread));
        }
        Ok(Self { jobs, _threads: Arc::new(Threads(threads)) })
    }

    fn run<'a, T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> StoreFuture<'a, T> {
        let (done, result) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let result = connection.revive().and_then(|()| work(connection));
            // Whoever asked may be gone.
            let _ = done.send(result);
        });
        let sent = self.jobs.send(job);
        let gone = || StoreError::unavailable("the store's thread has ended");
        Box::pin(async move {
            sent.map_err(|_| gone())?;
            result.await.map_err(|_| gone())?
        })
    }
}

impl fmt::Debug for SqlStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlStore").finish_non_exhaustive()
    }
}

impl Store for SqlStore {
    fn link<'a>(&'a self, id: &'a str) -> StoreFuture<'a, Option<Link>> {
        let id = id.to_owned();
        self.run(move |connection| links::get(connection, &id))
    }

    fn find_link<'a>(&'a self, instance: &'a str, by: LinkBy<'a>) -> StoreFuture<'a, Option<Link>> {
        let (instance, by) = (instance.to_owned(), By::from(by));
        self.run(move |connection| Ok(links::find(connection, &instance, &by, false)?.pop()))
    }

    fn links<'a>(&'a self, instance: &'a str, after: Option<&'a str>, limit: usize) -> StoreFuture<'a, Vec<Link>> {
        let (instance, after) = (instance.to_owned(), after.unwrap_or_default().to_owned());
        self.run(move |connection| links::page(connection, &instance, &after, limit))
    }

    fn links_of<'a>(&'a self, instance: &'a str, accounts: &'a [String]) -> StoreFuture<'a, Vec<Link>> {
        let (instance, accounts) = (instance.to_owned(), accounts.to_vec());
        self.run(move |connection| links::of_accounts(connection, &instance, &accounts))
    }

    fn ended_links<'a>(&'a self, instance: &'a str, by: LinkBy<'a>) -> StoreFuture<'a, Vec<Link>> {
        let (instance, by) = (instance.to_owned(), By::from(by));
        self.run(move |connection| links::find(connection, &instance, &by, true))
    }

    fn put_link<'a>(&'a self, link: &'a Link) -> StoreFuture<'a, Link> {
        let link = link.clone();
        self.run(move |connection| links::put(connection, link))
    }

    fn begin<'a>(&'a self, request: &'a Request) -> StoreFuture<'a, ()> {
        let request = request.clone();
        self.run(move |connection| requests::begin(connection, &request))
    }

    fn finish<'a>(
        &'a self,
        id: &'a str,
        result: &'a RequestResult,
        link: Option<&'a Link>,
        audit: Option<&'a AuditEntry>,
    ) -> StoreFuture<'a, Option<Link>> {
        let (id, result, link, audit) = (id.to_owned(), result.clone(), link.cloned(), audit.cloned());
        self.run(move |connection| requests::finish(connection, &id, &result, link, audit.as_ref()))
    }

    fn unfinished<'a>(&'a self, instance: &'a str) -> StoreFuture<'a, Vec<Request>> {
        let instance = instance.to_owned();
        self.run(move |connection| requests::unfinished(connection, &instance))
    }

    fn done_since<'a>(&'a self, instance: &'a str, kind: Kind, since: Timestamp) -> StoreFuture<'a, u64> {
        let instance = instance.to_owned();
        self.run(move |connection| requests::done_since(connection, &instance, kind, since))
    }

    fn start_run<'a>(&'a self, run: &'a Run) -> StoreFuture<'a, ()> {
        let run = run.clone();
        self.run(move |connection| runs::start(connection, &run))
    }

    fn renew_run<'a>(&'a self, id: &'a str, until: Timestamp) -> StoreFuture<'a, ()> {
        let id = id.to_owned();
        self.run(move |connection| runs::renew(connection, &id, until))
    }

    fn end_run<'a>(&'a self, id: &'a str, at: Timestamp, summary: &'a Json) -> StoreFuture<'a, ()> {
        let (id, summary) = (id.to_owned(), summary.clone());
        self.run(move |connection| runs::end(connection, &id, at, &summary))
    }

    fn runs<'a>(&'a self, instance: &'a str, limit: usize) -> StoreFuture<'a, Vec<Run>> {
        let instance = instance.to_owned();
        self.run(move |connection| runs::latest(connection, &instance, limit))
    }

    fn record<'a>(&'a self, entry: &'a AuditEntry) -> StoreFuture<'a, ()> {
        let entry = entry.clone();
        self.run(move |connection| runs::record(connection, &entry))
    }

    fn history<'a>(&'a self, filter: &'a HistoryFilter) -> StoreFuture<'a, Vec<AuditEntry>> {
        let filter = filter.clone();
        self.run(move |connection| runs::history(connection, &filter))
    }

    fn put_document<'a>(
        &'a self,
        kind: &'a str,
        name: &'a str,
        document: &'a Json,
        expires: Option<Timestamp>,
    ) -> StoreFuture<'a, ()> {
        let (kind, name, document) = (kind.to_owned(), name.to_owned(), document.clone());
        self.run(move |connection| documents::put(connection, &kind, &name, &document, expires))
    }

    fn document<'a>(&'a self, kind: &'a str, name: &'a str, now: Timestamp) -> StoreFuture<'a, Option<Json>> {
        let (kind, name) = (kind.to_owned(), name.to_owned());
        self.run(move |connection| documents::get(connection, &kind, &name, now))
    }

    fn documents<'a>(&'a self, kind: &'a str, now: Timestamp) -> StoreFuture<'a, Vec<(String, Json)>> {
        let kind = kind.to_owned();
        self.run(move |connection| documents::list(connection, &kind, now))
    }

    fn remove_document<'a>(&'a self, kind: &'a str, name: &'a str) -> StoreFuture<'a, bool> {
        let (kind, name) = (kind.to_owned(), name.to_owned());
        self.run(move |connection| documents::remove(connection, &kind, &name))
    }

    fn expire_documents(&self, now: Timestamp) -> StoreFuture<'_, u64> {
        self.run(move |connection| documents::expire(connection, now))
    }
}
