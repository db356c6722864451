//! Why a command could not do its work, and the exit code that says so.

use std::fmt;

/// Nothing to do, or all done.
pub(crate) const DONE: u8 = 0;
/// Some of it failed.
pub(crate) const FAILED: u8 = 1;
/// A plan has changes that wait.
pub(crate) const PENDING: u8 = 2;
/// A limit, or a file that cannot be trusted, stopped an instance before anything was done there.
pub(crate) const STOPPED: u8 = 3;
/// The command line is wrong (EX_USAGE).
pub(crate) const USAGE: u8 = 64;
/// The configuration is wrong (EX_CONFIG).
pub(crate) const CONFIGURATION: u8 = 78;

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line asks for what does not go together or is not there.
    Usage(String),
    /// The configuration is wrong, with each error.
    Configuration(Vec<String>),
    /// A file cannot be trusted, so that nothing was begun.
    Stopped(String),
    /// Something that was tried failed.
    Failed(String),
}

impl Failure {
    pub(crate) fn usage(words: impl fmt::Display) -> Self {
        Self::Usage(words.to_string())
    }

    pub(crate) fn configuration(words: impl fmt::Display) -> Self {
        Self::Configuration(vec![words.to_string()])
    }

    pub(crate) fn failed(words: impl fmt::Display) -> Self {
        Self::Failed(words.to_string())
    }

    pub(crate) const fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => USAGE,
            Self::Configuration(_) => CONFIGURATION,
            Self::Stopped(_) => STOPPED,
            Self::Failed(_) => FAILED,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(words) | Self::Stopped(words) | Self::Failed(words) => write!(f, "error: {words}"),
            Self::Configuration(errors) => {
                for error in errors {
                    writeln!(f, "error: {error}")?;
                }
                let (count, ending) = (errors.len(), if errors.len() == 1 { "" } else { "s" });
                write!(f, "nothing was sent: {count} error{ending} in the configuration")
            }
        }
    }
}
