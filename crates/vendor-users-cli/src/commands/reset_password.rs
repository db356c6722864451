//! `reset-password`: people have to choose a new password.

use clap::Args;
use provisioning::planner::Change;

use crate::context::Context;
use crate::failure::Failure;
use crate::perform::Manner;
use crate::targets::{self, Targets};

/// Makes people choose a new password, as the vendor documents it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  vendor-users reset-password 4711\n  vendor-users reset-password --from leavers.csv --dry-run\n  vendor-users reset-password -i claims --where title=Clerk"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    targets: Targets,
    #[command(flatten)]
    manner: Manner,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    targets::run(context, &arguments.targets, &Change::ResetPassword, &arguments.manner).await
}
