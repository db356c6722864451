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

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match arguments::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { failure::USAGE } else { 0 });
        }
    };
    match commands::run(arguments).await {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(failure.code())
        }
    }
}
