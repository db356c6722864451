//! The command line: flags, and one match.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use xtask::{failure::Failure, regen::regen};

/// From the references that vendors publish to specifications, client crates and the facade.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_version_flag = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Reads specs/<vendor>/ and writes specifications, findings, client crates and the facade
    Regen {
        /// One vendor only
        vendor: Option<String>,
        /// Write nothing; show what differs and fail if anything does
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    match run(&root(), Arguments::parse().command) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("{}", failure.to_string().trim_end());
            ExitCode::FAILURE
        }
    }
}

fn run(root: &Path, command: Command) -> Result<String, Failure> {
    match command {
        Command::Regen { vendor, check } => regen(root, vendor.as_deref(), check),
    }
}

/// The workspace: where cargo says that this package stands, one up.
fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or_else(|| package.clone(), Path::to_path_buf)
}
