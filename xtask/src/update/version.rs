//! The version that a crate is released as next.
//!
//! Takes a vendor and the level of what a newer document changes. Returns the version, counted from what was released last:
//! several documents between two releases move it once, by the gravest of them. Writes nothing.

use super::level::Level;
use crate::vendor::{
    Vendor,
    version::{Step, Version},
};

/// The next version; `None` where nothing was released yet, nothing changes, or the manifest's version is far enough already.
pub(super) fn next(vendor: &Vendor, level: Option<Level>) -> Option<Version> {
    let released = Version::released(vendor.changelog.as_deref()?)?;
    let step = match level? {
        Level::Major => Step::Major,
        Level::Minor => Step::Minor,
        Level::Patch => Step::Patch,
    };
    let next = released.after(step);
    let stated = Version::read(vendor.manifest.version());
    (stated < Some(next)).then_some(next)
}

/// The version that the crate is released as, whether it moves or not.
pub(super) fn stated(vendor: &Vendor, next: Option<Version>) -> String {
    next.map_or_else(|| vendor.manifest.version().to_owned(), |next| next.to_string())
}

/// The same for a person.
pub(super) fn text(vendor: &Vendor, next: Option<Version>) -> String {
    let stated = vendor.manifest.version();
    let released = vendor.changelog.as_deref().and_then(Version::released);
    match (next, released) {
        (Some(next), _) => format!("The crate is released as {next} next; its manifest says {stated}.\n"),
        (None, Some(_)) => format!("The crate is released as {stated} next, as its manifest says.\n"),
        (None, None) => format!("No version of the crate was released yet: the first one is {stated}.\n"),
    }
}
