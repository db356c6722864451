//! What a command says, as text or as JSON. A pipe that was closed ends the saying, not the work.

use std::io::Write as _;

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

/// Writes text to standard output.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes a JSON document to standard output.
pub(crate) fn say_json(json: &Json) {
    say(&format!("{json:#}\n"));
}

/// Writes a line to standard error, for people.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
