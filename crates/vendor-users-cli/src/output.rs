//! What a command says, as text or as JSON. A pipe that was closed ends the saying, not the work.

use std::io::{ErrorKind, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum;
use serde_json::Value as Json;

/// The form of what a command says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON document on standard output.
    Json,
}

/// Whether something could not be said, and nobody has closed the pipe.
static IS_INCOMPLETE: AtomicBool = AtomicBool::new(false);

/// Writes text to standard output.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe && !IS_INCOMPLETE.swap(true, Ordering::Relaxed) => {
            note(&format!("error: standard output: {error}; what is told there is not all"));
        }
        _ => {}
    }
}

/// Whether all was said that there was to say, as far as anybody listened.
pub(crate) fn is_complete() -> bool {
    !IS_INCOMPLETE.load(Ordering::Relaxed)
}

/// Writes a JSON document to standard output.
pub(crate) fn say_json(json: &Json) {
    say(&format!("{json:#}\n"));
}

/// Writes a line to standard error, for people.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
