//! Holding an instance: a lock of the operating system beside a store that is a file, so that nobody else on this machine is
//! at it, and what a killed process held is free at once.

use std::fs::{File, TryLockError};
use std::io::Write as _;

use crate::configuration::Configuration;
use crate::failure::Failure;
use crate::latest;
use crate::private;
use crate::session::Instance;

/// Locks that end with the process.
#[derive(Debug)]
pub(crate) struct Held {
    /// Whether they say that nobody else is at the store: one in a database is shared with other machines.
    pub(crate) alone: bool,
    locks: Vec<(String, File)>,
}

/// Holds these instances, or says who is at one.
pub(crate) fn hold(configuration: &Configuration, instances: &[Instance]) -> Result<Held, Failure> {
    let mut locks = Vec::new();
    for instance in instances.iter().map(|instance| &instance.config.name) {
        let Some(path) = latest::path(configuration, instance) else { return Ok(Held { alone: false, locks }) };
        let file = private::append(&path).map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
        match file.try_lock() {
            Ok(()) => locks.push((instance.clone(), file)),
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::failed(format!("{instance}: another run is under way; wait until it has ended")));
            }
            Err(TryLockError::Error(error)) => return Err(Failure::failed(format!("{}: {error}", path.display()))),
        }
    }
    Ok(Held { alone: true, locks })
}

impl Held {
    /// Writes down that `run` is the latest one at an instance. Where that cannot be done, the store is believed as it is.
    pub(crate) fn note(&self, instance: &str, run: &str) {
        let Some((_, file)) = self.locks.iter().find(|(held, _)| held == instance) else { return };
        let mut file = file;
        let _ = file.set_len(0).and_then(|()| file.write_all(run.as_bytes()));
    }
}
