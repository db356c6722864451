//! Telling somebody that an instance was stopped: a command that gets the summary as JSON.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value as Json;

use crate::configuration::Configuration;
use crate::output::note;

/// Runs the `notify` command of the configuration with `summary` on its standard input.
pub(crate) fn notify(configuration: &Configuration, summary: &Json) {
    let Some((program, arguments)) = configuration.config.notify.split_first() else { return };
    let mut command = Command::new(program);
    command.args(arguments).current_dir(configuration.folder()).stdin(Stdio::piped()).stdout(Stdio::null());
    let told = command.spawn().and_then(|mut child| {
        if let Some(mut input) = child.stdin.take() {
            // A command that does not read what it is told has been told all the same.
            let _ = input.write_all(summary.to_string().as_bytes());
        }
        child.wait()
    });
    match told {
        Ok(status) if status.success() => {}
        Ok(status) => note(&format!("`notify`: {program} ended with {status}")),
        Err(error) => note(&format!("`notify`: {program} cannot be run: {error}")),
    }
}
