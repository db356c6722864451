//! Handing out joiners' passwords: once, into a file that only its owner reads, as soon as each is there.

use std::fs::File;
use std::path::{Path, PathBuf};

use provisioning::apply::StepResult;

use crate::failure::Failure;
use crate::private;

/// The file of passwords.
#[derive(Debug)]
pub(crate) struct Handout {
    path: PathBuf,
    out: csv::Writer<File>,
}

impl Handout {
    /// Makes the file, which must not be there yet.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let wrong =
            |error: std::io::Error| Failure::usage(format!("{}: {error}; the file of passwords is a new one", path.display()));
        let mut out = csv::Writer::from_writer(private::create(path).map_err(wrong)?);
        let head = out.write_record(["instance", "key", "account", "password"]).map_err(std::io::Error::from);
        head.and_then(|()| out.flush()).map_err(wrong)?;
        Ok(Self { path: path.to_owned(), out })
    }

    /// Adds the password of a result, if it has one, and sees to it that it is on the disk.
    pub(crate) fn add(&mut self, instance: &str, result: &StepResult) -> Result<(), String> {
        let Some(password) = &result.password else { return Ok(()) };
        let account = result.account.as_deref().unwrap_or_default();
        let row = self.out.write_record([instance, &result.key, account, password.expose()]).map_err(std::io::Error::from);
        let kept = row.and_then(|()| self.out.flush()).and_then(|()| self.out.get_ref().sync_data());
        kept.map_err(|error| {
            let path = self.path.display();
            format!(
                "the password of {} cannot be kept in {path}: {error}; reset it with `vendor-users reset-password`",
                result.key
            )
        })
    }
}
