//! Asking before anything is written.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use crate::failure::Failure;

/// Whether a person says yes to `question`. Where nobody can be asked, `--yes` has to say it.
pub(crate) fn ask(question: &str, yes: bool) -> Result<bool, Failure> {
    if yes {
        return Ok(true);
    }
    let mut input = std::io::stdin().lock();
    if !input.is_terminal() {
        return Err(Failure::usage("nothing was done: there is no terminal to ask at; `--yes` does it without a question"));
    }
    let mut out = std::io::stderr();
    let _ = write!(out, "{question} [y/N] ").and_then(|()| out.flush());
    let mut answer = String::new();
    input.read_line(&mut answer).map_err(|error| Failure::failed(format!("standard input: {error}")))?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}
