//! The latest run at an instance, written into the file of its lock: so that a store that is an older copy is told from the one
//! that was used last.

use std::path::PathBuf;

use provisioning::Store as _;
use provisioning::config::StoreConfig;
use provisioning::snapshot;
use provisioning::store::SqlStore;

use crate::configuration::Configuration;
use crate::failure::Failure;
use crate::output::note;

/// So many of the latest runs are looked at; a run that was killed early is not in the file yet.
const RUNS: usize = 50;

/// The file of an instance's lock, where the store is a file.
pub(crate) fn path(configuration: &Configuration, instance: &str) -> Option<PathBuf> {
    let StoreConfig::Sqlite(store) = &configuration.config.store else { return None };
    Some(configuration.folder().join(format!("{store}-{instance}.lock")))
}

/// Lets a store that does not know the latest run decide nothing from absence, until everybody who is there was adopted.
pub(crate) async fn doubt(configuration: &Configuration, store: &SqlStore) -> Result<(), Failure> {
    for instance in configuration.config.instances.keys() {
        let Some(path) = path(configuration, instance) else { return Ok(()) };
        let Some(latest) = std::fs::read_to_string(path).ok().filter(|latest| !latest.is_empty()) else { continue };
        let runs = store.runs(instance, RUNS).await.map_err(Failure::failed)?;
        if runs.iter().any(|run| run.id == latest) {
            continue;
        }
        if snapshot::doubt(store, instance).await.map_err(Failure::failed)? {
            note(&format!(
                "{instance}: the store does not know the latest run here, so that it is an older one; nothing is decided from \
                 absence until all are adopted who are there (`--adopt`)"
            ));
        }
    }
    Ok(())
}
