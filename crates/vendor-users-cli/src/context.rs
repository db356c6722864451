//! What every command is told.

use std::path::PathBuf;

use clap::Args;

use crate::output::Format;

/// The options of every command.
#[derive(Clone, Debug, Args)]
pub(crate) struct Context {
    /// The configuration.
    #[arg(long, global = true, value_name = "FILE", env = "VENDOR_USERS_CONFIG", default_value = "vendor-users.toml")]
    pub(crate) config: PathBuf,
    /// Only this instance; several with commas between, or given several times. All where it is not given.
    #[arg(long = "instance", short, global = true, value_name = "NAME", value_delimiter = ',')]
    pub(crate) instances: Vec<String>,
    /// How results are shown.
    #[arg(long, global = true, value_enum, default_value_t)]
    pub(crate) format: Format,
}
