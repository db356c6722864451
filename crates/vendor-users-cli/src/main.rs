//! The command `vendor-users`: what is typed, what is shown, and which vendor is connected. What is a rule stands in
//! `provisioning`.

mod arguments;
mod ask;
mod audit;
mod carry;
mod commands;
mod configuration;
mod connect;
mod context;
mod ending;
mod failure;
mod handout;
mod hold;
mod latest;
mod machine;
mod notify;
mod output;
mod perform;
mod private;
mod query;
mod report;
mod results;
mod secrets;
mod server;
mod session;
mod table;
mod targets;
mod work;
mod written;

use std::process::ExitCode;

use clap::Parser as _;
use provisioning::planner::Change;

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
        // Whoever reads what was told would take a part of it for the whole.
        Ok(failure::DONE | failure::PENDING) if !output::is_complete() => ExitCode::from(failure::FAILED),
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            output::note(&failure.to_string());
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
        Command::Create(arguments) => commands::create::run(&context, &arguments).await,
        Command::Set(arguments) => commands::set::run(&context, &arguments).await,
        Command::Enable(arguments) => targets::change(&context, &arguments, &Change::Enable).await,
        Command::Disable(arguments) => targets::change(&context, &arguments, &Change::Disable).await,
        Command::Delete(arguments) => targets::change(&context, &arguments, &Change::Delete).await,
        Command::ResetPassword(arguments) => targets::change(&context, &arguments, &Change::ResetPassword).await,
        Command::Explain(arguments) => commands::explain::run(&context, &arguments).await,
        Command::History(arguments) => commands::history::run(&context, &arguments).await,
        Command::Verify(arguments) => commands::verify::run(&context, &arguments).await,
        Command::Moved(arguments) => commands::moved::run(&context, &arguments).await,
        Command::Init(arguments) => commands::init::run(&context, &arguments),
        Command::Completions(arguments) => commands::completions::run(&arguments, <Arguments as clap::CommandFactory>::command()),
        Command::Serve(arguments) => commands::serve::run(&context, &arguments).await,
        Command::Token(arguments) => commands::token::run(&context, &arguments).await,
        #[cfg(feature = "demo")]
        Command::Demo(arguments) => commands::demo::run(&context, &arguments).await,
    }
}
