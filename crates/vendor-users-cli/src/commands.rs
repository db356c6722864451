//! The commands, a module each: what each is told, and how it is carried out.

use crate::arguments::{Arguments, Command};
use crate::failure::Failure;

pub(crate) mod apply;
pub(crate) mod check;
#[cfg(feature = "demo")]
pub(crate) mod demo;
pub(crate) mod export;
pub(crate) mod find;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod plan;
pub(crate) mod vendors;

/// Carries out a command, and returns its exit code.
pub(crate) async fn run(arguments: Arguments) -> Result<u8, Failure> {
    let Arguments { context, command } = arguments;
    match command {
        Command::Vendors(arguments) => vendors::run(&context, &arguments),
        Command::Check(arguments) => check::run(&context, &arguments).await,
        Command::List(arguments) => list::run(&context, &arguments).await,
        Command::Get(arguments) => get::run(&context, &arguments).await,
        Command::Find(arguments) => find::run(&context, &arguments).await,
        Command::Export(arguments) => export::run(&context, &arguments).await,
        Command::Plan(arguments) => plan::run(&context, &arguments).await,
        Command::Apply(arguments) => apply::run(&context, &arguments).await,
        #[cfg(feature = "demo")]
        Command::Demo(arguments) => demo::run(&context, &arguments).await,
    }
}
