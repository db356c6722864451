//! Holding an instance: a lock of the operating system beside a store that is a file, so that nobody else on this machine is
//! at it, and what a killed process held is free at once.

use std::fs::{File, TryLockError};

use provisioning::config::StoreConfig;

use crate::configuration::Configuration;
use crate::failure::Failure;
use crate::private;
use crate::session::Instance;

/// Locks that end with the process.
#[derive(Debug)]
pub(crate) struct Held {
    /// Whether they say that nobody else is at the store: one in a database is shared with other machines.
    pub(crate) alone: bool,
    _locks: Vec<File>,
}

/// Holds these instances, or says who is at one.
pub(crate) fn hold(configuration: &Configuration, instances: &[Instance]) -> Result<Held, Failure> {
    let StoreConfig::Sqlite(store) = &configuration.config.store else { return Ok(Held { alone: false, _locks: Vec::new() }) };
    let mut locks = Vec::new();
    for instance in instances.iter().map(|instance| &instance.config.name) {
        let path = configuration.folder().join(format!("{store}-{instance}.lock"));
        let file = private::append(&path).map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
        match file.try_lock() {
            Ok(()) => locks.push(file),
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::failed(format!("{instance}: another run is under way; wait until it has ended")));
            }
            Err(TryLockError::Error(error)) => return Err(Failure::failed(format!("{}: {error}", path.display()))),
        }
    }
    Ok(Held { alone: true, _locks: locks })
}
