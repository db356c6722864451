//! The command `vendor-users`: what is typed, what is shown, and which vendor is connected. What is a rule stands in
//! `provisioning`.

mod arguments;
mod ask;
mod carry;
mod commands;
mod configuration;
mod connect;
mod context;
mod failure;
mod handout;
mod hold;
mod notify;
mod output;
mod private;
mod query;
mod report;
mod results;
mod secrets;
mod session;
mod table;
mod work;
#[cfg(feature = "demo")]
mod written;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::{Arguments, Command};
use crate::failure::Failure;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { failure::USAGE } else { 0 });
        }
    };
    match carry_out(arguments).await {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(failure.code())
        }
    }
}

/// Carries out a command, and returns its exit code.
async fn carry_out(arguments: Arguments) -> Result<u8, Failure> {
    let Arguments { context, command } = arguments;
    match command {
        Command::Vendors(arguments) => commands::vendors::run(&context, &arguments),
        Command::Check(arguments) => commands::check::run(&context, &arguments).await,
        Command::List(arguments) => commands::list::run(&context, &arguments).await,
        Command::Get(arguments) => commands::get::run(&context, &arguments).await,
        Command::Find(arguments) => commands::find::run(&context, &arguments).await,
        Command::Export(arguments) => commands::export::run(&context, &arguments).await,
        Command::Plan(arguments) => commands::plan::run(&context, &arguments).await,
        Command::Apply(arguments) => commands::apply::run(&context, &arguments).await,
        #[cfg(feature = "demo")]
        Command::Demo(arguments) => commands::demo::run(&context, &arguments).await,
    }
}
