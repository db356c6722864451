//! Errors of directories and stores as SCIM's errors.

use std::time::Duration;

use provisioning::StoreError;
use provisioning::store::StoreErrorKind;
use vendor_users::error::Problem;
use vendor_users::value::ValueError;
use vendor_users::{Error, ErrorKind};

use crate::protocol::error::{ScimError, ScimType};

/// How long to wait where nobody says it.
const WAIT: Duration = Duration::from_secs(30);

/// An error of a directory.
pub(crate) fn of_directory(error: &Error) -> ScimError {
    let text = error.to_string();
    let wait = error.retry_after().unwrap_or(WAIT);
    match error.kind() {
        ErrorKind::NotFound => ScimError::new(404, text),
        ErrorKind::AlreadyExists | ErrorKind::Conflict => ScimError::of(ScimType::Uniqueness, text),
        ErrorKind::Changed => ScimError::new(412, text),
        ErrorKind::Invalid if is_fixed(error) => ScimError::of(ScimType::Mutability, text),
        ErrorKind::Invalid => ScimError::of(ScimType::InvalidValue, text),
        ErrorKind::Refused => match error.status() {
            Some(409) => ScimError::of(ScimType::Uniqueness, text),
            _ => ScimError::of(ScimType::InvalidValue, text),
        },
        ErrorKind::RateLimited => ScimError::new(429, text).retry_after(wait),
        ErrorKind::Unsupported => ScimError::new(501, text),
        // Not 500, which stops the whole job of an identity provider, and not 401, which is about its own token.
        ErrorKind::NotPermitted | ErrorKind::Misconfigured => ScimError::new(503, text).retry_after(Duration::from_secs(300)),
        _ => ScimError::new(503, text).retry_after(wait),
    }
}

/// An error of a directory that was only read from: no fault of the client's, whatever the vendor calls it.
pub(crate) fn of_reading(error: &Error) -> ScimError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::RateLimited | ErrorKind::Unsupported => of_directory(error),
        ErrorKind::NotPermitted | ErrorKind::Misconfigured => of_directory(error),
        _ => ScimError::new(503, error.to_string()).retry_after(error.retry_after().unwrap_or(WAIT)),
    }
}

/// An error in the middle of a list: what was read before it is not the list, and nobody was looked for who is not there.
pub(crate) fn of_listing(error: &Error) -> ScimError {
    match error.kind() {
        ErrorKind::NotFound => ScimError::new(503, error.to_string()).retry_after(WAIT),
        _ => of_reading(error),
    }
}

/// Whether the value is one that nobody may change.
fn is_fixed(error: &Error) -> bool {
    matches!(error.problem(), Problem::Value { why: ValueError::Identifier | ValueError::Assigned, .. })
}

/// An error of the store.
pub(crate) fn of_store(error: &StoreError) -> ScimError {
    let text = error.to_string();
    match error.kind() {
        StoreErrorKind::Taken => ScimError::of(ScimType::Uniqueness, text),
        StoreErrorKind::Changed | StoreErrorKind::Busy { .. } | StoreErrorKind::Unfinished(_) => {
            ScimError::new(503, text).retry_after(Duration::from_secs(1))
        }
        _ => ScimError::new(503, text).retry_after(WAIT),
    }
}
