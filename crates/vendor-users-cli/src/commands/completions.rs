//! `completions`: a script that completes commands in a shell.

use clap::Args;
use clap_complete::Shell;

use crate::failure::{DONE, Failure};
use crate::output::say;

/// Writes a script that completes commands, to be read by the shell.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vendor-users completions bash > /etc/bash_completion.d/vendor-users")]
pub(crate) struct Arguments {
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments, mut command: clap::Command) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "vendor-users", &mut script);
    say(&String::from_utf8_lossy(&script));
    Ok(DONE)
}
