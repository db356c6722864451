//! From where a credential is said to be, to the credential. It is never shown, nor is what a command printed beside it.

use std::path::Path;
use std::process::{Command, Stdio};

use provisioning::config::SecretSource;
use vendor_users::client_core::Secret;

/// Fetches a credential; `folder` is where the configuration stands.
pub(crate) fn fetch(source: &SecretSource, folder: &Path) -> Result<Secret, String> {
    let text = match source {
        SecretSource::Here(text) | SecretSource::Plain(text) => return Ok(Secret::new(text.clone())),
        SecretSource::Env(name) => {
            std::env::var(name).map_err(|_| format!("the environment variable {name} is not set, or is not text in UTF-8"))?
        }
        SecretSource::File(path) => {
            let path = folder.join(path);
            let text = std::fs::read_to_string(&path);
            text.map_err(|error| format!("the file {} cannot be read: {error}", path.display()))?
        }
        SecretSource::Command(words) => run(words, folder)?,
    };
    let text = text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text));
    if text.is_empty() {
        return Err(format!("what the {source:?} gives is empty"));
    }
    Ok(Secret::new(text))
}

fn run(words: &[String], folder: &Path) -> Result<String, String> {
    let Some((program, arguments)) = words.split_first() else { return Err("the command is empty".to_owned()) };
    let child = Command::new(program).args(arguments).current_dir(folder).stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = child.map_err(|error| format!("the command {program} cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(format!("the command {program} failed: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("the command {program} did not print text in UTF-8"))
}
