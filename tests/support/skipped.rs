//! Proofs that need what is not part of the workspace.

use std::{env, io::Write as _};

/// Says that a test is skipped and why, past the capturing of output, so that it is seen. Fails where `CI` is set: there
/// everything has to be at hand.
#[track_caller]
pub(crate) fn skipped(reason: &str) {
    assert!(env::var_os("CI").is_none_or(|value| value.is_empty()), "not to be skipped where CI is set: {reason}");
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}
