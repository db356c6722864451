//! `delete`: accounts are removed, which the configuration has to allow.

use clap::Args;
use provisioning::planner::Change;

use crate::context::Context;
use crate::failure::Failure;
use crate::perform::Manner;
use crate::targets::{self, Targets};

/// Removes accounts that were created here and are disabled, where the configuration says `leavers = "delete"`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  vendor-users delete 4711\n  vendor-users delete --from leavers.csv --dry-run\n  vendor-users delete -i claims --where title=Clerk"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    targets: Targets,
    #[command(flatten)]
    manner: Manner,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    targets::run(context, &arguments.targets, &Change::Delete, &arguments.manner).await
}
