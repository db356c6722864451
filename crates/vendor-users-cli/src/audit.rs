//! The audit log as JSON lines, beside the store: what the store has recorded since the last time is added.
//!
//! The store has each line as soon as a request has its result, in the same transaction; the file gets them from there, so that a
//! line that could not be written is written by the next run.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use provisioning::Store;
use provisioning::jiff::{SignedDuration, Timestamp};
use provisioning::store::{AuditEntry, HistoryFilter};
use serde_json::{Value as Json, json};

use crate::configuration::Configuration;
use crate::failure::Failure;
use crate::{machine, private};

/// The kind of document by which the store knows what was written to a file.
const WRITTEN: &str = "audit-written";

/// So many lines are read at once, however many there are.
const PAGE: usize = 5000;

/// So much later than its time a line may come to the store: several processes write at once.
const LATE: SignedDuration = SignedDuration::from_secs(10);

/// How long to wait for another process that writes to the file.
const WAIT: Duration = Duration::from_secs(30);

/// The file that the configuration names, if it names one.
struct Log<'c> {
    name: &'c str,
    path: PathBuf,
}

impl<'c> Log<'c> {
    fn of(configuration: &'c Configuration) -> Option<Self> {
        let name = configuration.config.audit.as_deref()?;
        Some(Self { name, path: configuration.folder().join(name) })
    }

    fn failed(&self, error: &std::io::Error) -> Failure {
        Failure::failed(format!("the audit log {} cannot be written: {error}", self.path.display()))
    }

    fn open(&self) -> Result<File, Failure> {
        private::append(&self.path).map_err(|error| self.failed(&error))
    }

    /// Waits until no other process writes to the file. A system without locks for it has none to wait for.
    async fn lock(&self, file: &File) -> Result<(), Failure> {
        let begun = Instant::now();
        while let Err(TryLockError::WouldBlock) = file.try_lock() {
            if begun.elapsed() > WAIT {
                return Err(Failure::failed(format!("another program writes to the audit log {}", self.path.display())));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }
}

/// What of the store's lines is in a file: all before a time, and of those about it the ones that are named.
#[derive(Default)]
struct Mark {
    at: Option<Timestamp>,
    lines: BTreeMap<String, Timestamp>,
}

impl Mark {
    fn read(json: &Json) -> Self {
        let time = |json: &Json| json.as_str().and_then(|text| text.parse::<Timestamp>().ok());
        let lines = json.get("lines").and_then(Json::as_object).into_iter().flatten();
        Self {
            at: json.get("at").and_then(time),
            lines: lines.filter_map(|(line, at)| Some((line.clone(), time(at)?))).collect(),
        }
    }

    fn since(&self) -> Option<Timestamp> {
        self.at.map(|at| at.checked_sub(LATE).unwrap_or(Timestamp::MIN))
    }

    /// Notes that a line is in the file. Says whether it was not there before.
    fn note(&mut self, entry: &AuditEntry) -> bool {
        let about = entry.request.as_ref().or(entry.person.as_ref()).or(entry.account.as_ref()).map_or("", String::as_str);
        let line = format!("{} {about} {} {}", entry.at, entry.action, entry.outcome);
        let is_new = self.lines.insert(line, entry.at).is_none();
        self.at = self.at.max(Some(entry.at));
        is_new
    }

    /// Forgets lines that can no longer be met.
    fn forget(&mut self) {
        let since = self.since();
        self.lines.retain(|_, at| since.is_none_or(|since| *at >= since));
    }

    fn to_json(&self) -> Json {
        let lines: serde_json::Map<_, _> = self.lines.iter().map(|(line, at)| (line.clone(), json!(at.to_string()))).collect();
        json!({ "at": self.at.map(|at| at.to_string()), "lines": lines })
    }
}

/// Sees that the file can be written, before anything is sent.
pub(crate) fn check(configuration: &Configuration) -> Result<(), Failure> {
    Log::of(configuration).map_or(Ok(()), |log| log.open().map(drop))
}

/// Adds what is new to the file.
pub(crate) async fn export(configuration: &Configuration, store: &dyn Store) -> Result<(), Failure> {
    let Some(log) = Log::of(configuration) else { return Ok(()) };
    let mut file = log.open()?;
    log.lock(&file).await?;
    // Machines that share a store have a file each.
    let name = format!("{} at {}", log.name, machine::name());
    let written = store.document(WRITTEN, &name, Timestamp::now()).await.map_err(Failure::failed)?;
    let mut mark = Mark::read(&written.unwrap_or_default());
    let mut limit = PAGE;
    loop {
        let filter = HistoryFilter { since: mark.since(), limit: Some(limit), oldest_first: true, ..HistoryFilter::default() };
        let entries = store.history(&filter).await.map_err(Failure::failed)?;
        let mut text = String::new();
        for entry in &entries {
            if mark.note(entry) {
                text += &serde_json::to_string(entry).map_err(Failure::failed)?;
                text.push('\n');
            }
        }
        let is_last = entries.len() < limit;
        if !text.is_empty() {
            let length = length(&file);
            let added = file.write_all(text.as_bytes()).and_then(|()| file.sync_data().or_else(no_file));
            mark.forget();
            let marked = match added {
                Ok(()) => store.put_document(WRITTEN, &name, &mark.to_json(), None).await.map_err(Failure::failed),
                Err(error) => Err(log.failed(&error)),
            };
            if let (Err(_), Some(length)) = (&marked, length) {
                // A part of a line, or lines of which the store does not know that they are there, would be there twice later.
                let _ = file.set_len(length);
            }
            marked?;
        } else if !is_last {
            // As many as a page are of the time that was reached.
            limit = limit.saturating_mul(2);
        }
        if is_last {
            return Ok(());
        }
    }
}

/// How long a file is; a pipe has no length.
fn length(file: &File) -> Option<u64> {
    file.metadata().ok().filter(std::fs::Metadata::is_file).map(|known| known.len())
}

/// What is no file, such as a pipe, is on no disk.
fn no_file(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::InvalidInput { Ok(()) } else { Err(error) }
}
