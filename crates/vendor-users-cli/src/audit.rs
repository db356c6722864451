//! The audit log as JSON lines, beside the store: what the store has recorded since the last time is added.

use std::io::Write as _;

use provisioning::Store;
use provisioning::jiff::Timestamp;
use provisioning::store::{AuditEntry, HistoryFilter};
use serde_json::{Value as Json, json};

use crate::configuration::Configuration;
use crate::failure::Failure;
use crate::private;

/// The kind of document by which the store knows what was written to a file.
const WRITTEN: &str = "audit-written";

/// Adds what is new to the file that the configuration names, if it names one.
pub(crate) async fn export(configuration: &Configuration, store: &dyn Store) -> Result<(), Failure> {
    let Some(name) = &configuration.config.audit else { return Ok(()) };
    let path = configuration.folder().join(name);
    let now = Timestamp::now();
    let mark = store.document(WRITTEN, name, now).await.map_err(Failure::failed)?.unwrap_or_default();
    let since: Option<Timestamp> = mark.get("at").and_then(Json::as_str).and_then(|at| at.parse().ok());
    let lines: Vec<&Json> = mark.get("lines").and_then(Json::as_array).into_iter().flatten().collect();
    let filter = HistoryFilter { since, ..HistoryFilter::default() };
    let line = |entry: &AuditEntry| serde_json::to_value(entry).map_err(Failure::failed);
    let mut new = Vec::new();
    for entry in store.history(&filter).await.map_err(Failure::failed)? {
        let json = line(&entry)?;
        // Of the time that was reached, some may be in the file already.
        if !(since == Some(entry.at) && lines.contains(&&json)) {
            new.push((entry.at, json));
        }
    }
    let Some(last) = new.last().map(|(at, _)| *at) else { return Ok(()) };
    let failed = |error: std::io::Error| Failure::failed(format!("the audit log {} cannot be written: {error}", path.display()));
    let text: String = new.iter().map(|(_, json)| format!("{json}\n")).collect();
    let mut file = private::append(&path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_data()).map_err(failed)?;
    let mut at_last: Vec<Json> = new.into_iter().filter(|(at, _)| *at == last).map(|(_, json)| json).collect();
    if since == Some(last) {
        at_last.extend(lines.into_iter().cloned());
    }
    let mark = json!({ "at": last.to_string(), "lines": at_last });
    store.put_document(WRITTEN, name, &mark, None).await.map_err(Failure::failed)
}
