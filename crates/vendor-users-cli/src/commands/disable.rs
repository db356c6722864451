//! `disable`: people are kept from logging in.

use clap::Args;
use provisioning::planner::Change;

use crate::context::Context;
use crate::failure::Failure;
use crate::perform::Manner;
use crate::targets::{self, Targets};

/// Keeps people from logging in, verified by a read.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  vendor-users disable 4711\n  vendor-users disable --from leavers.csv --dry-run\n  vendor-users disable -i claims --where title=Clerk"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    targets: Targets,
    #[command(flatten)]
    manner: Manner,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    targets::run(context, &arguments.targets, &Change::Disable, &arguments.manner).await
}
