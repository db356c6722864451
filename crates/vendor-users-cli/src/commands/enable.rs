//! `enable`: people may log in again.

use clap::Args;
use provisioning::planner::Change;

use crate::context::Context;
use crate::failure::Failure;
use crate::perform::Manner;
use crate::targets::{self, Targets};

/// Lets people log in again, and gives back what disabling took where the vendor documents how.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  vendor-users enable 4711\n  vendor-users enable --from leavers.csv --dry-run\n  vendor-users enable -i claims --where title=Clerk"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    targets: Targets,
    #[command(flatten)]
    manner: Manner,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    targets::run(context, &arguments.targets, &Change::Enable, &arguments.manner).await
}
