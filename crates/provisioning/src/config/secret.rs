//! Where a credential comes from. Never the credential itself, unless the file says so twice.

use std::fmt;

/// Where a credential comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// A variable of the environment.
    Env(String),
    /// A file, without the line end behind the credential.
    File(String),
    /// The standard output of a command, without the line end.
    Command(Vec<String>),
    /// The configuration itself: `{ value = "…", in_this_file = true }`.
    Here(String),
    /// Not secret: an address, a user or a database.
    Plain(String),
}

impl fmt::Debug for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "environment {name}"),
            Self::File(path) => write!(f, "file {path}"),
            Self::Command(words) => write!(f, "command {}", words.first().map(String::as_str).unwrap_or_default()),
            Self::Here(_) => f.write_str("***"),
            Self::Plain(text) => f.write_str(text),
        }
    }
}
