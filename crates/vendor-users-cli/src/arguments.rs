//! The words of the command line.

use clap::{Parser, Subcommand};

use crate::commands::{
    apply, check, completions, create, explain, export, find, get, history, init, list, plan, serve, set, token, vendors, verify,
};
use crate::context::Context;
use crate::targets;

/// Provisions people at vendors: a file says who works here, the vendors are put right.
#[derive(Debug, Parser)]
#[command(name = "vendor-users", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) context: Context,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  vendor-users demo                        try everything at emulators of all vendors
  vendor-users check                       can every instance be signed in to?
  vendor-users plan people.csv             what would be done, and why
  vendor-users apply people.csv            do it, after a question
  vendor-users apply people.csv --yes      do it, for cron

Exit codes:
  0   nothing to do, or all done
  1   some of it failed, or a person has to look at some
  2   a plan has changes that wait
  3   stopped before anything was done, by a limit or by a file that cannot be trusted
  64  the command line is wrong
  78  the configuration is wrong";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Vendors(vendors::Arguments),
    Check(check::Arguments),
    List(list::Arguments),
    Get(get::Arguments),
    Find(find::Arguments),
    Export(export::Arguments),
    Plan(plan::Arguments),
    Apply(apply::Arguments),
    Create(create::Arguments),
    Set(set::Arguments),
    /// Lets people log in again, and gives back what disabling took where the vendor documents how.
    #[command(after_help = "Examples:
  vendor-users enable 4711
  vendor-users enable 4711 4712 -i claims --yes
  vendor-users enable --from back-from-leave.csv --dry-run")]
    Enable(targets::Arguments),
    /// Keeps people from logging in, verified by a read.
    #[command(after_help = "Examples:
  vendor-users disable 4711
  vendor-users disable --from leavers.csv --dry-run
  vendor-users disable -i claims --where title=Contractor
  hr-export | vendor-users disable --from - --yes --results disabled.csv")]
    Disable(targets::Arguments),
    /// Removes accounts that were created here and are disabled, where the configuration says `leavers = "delete"`.
    #[command(after_help = "Examples:
  vendor-users delete 4711 --dry-run
  vendor-users delete --from left-last-year.csv --yes

Nobody is deleted who was not disabled before, nor where the configuration does not say `leavers = \"delete\"`.")]
    Delete(targets::Arguments),
    /// Makes people choose a new password, as the vendor documents it.
    #[command(after_help = "Examples:
  vendor-users reset-password 4711
  vendor-users reset-password -i claims --where email~=@example.com --dry-run
  vendor-users reset-password -i claims --id kim.lee --unmanaged")]
    ResetPassword(targets::Arguments),
    Explain(explain::Arguments),
    History(history::Arguments),
    Verify(verify::Arguments),
    Moved(crate::commands::moved::Arguments),
    Init(init::Arguments),
    Completions(completions::Arguments),
    Serve(serve::Arguments),
    Token(token::Arguments),
    #[cfg(feature = "demo")]
    Demo(crate::commands::demo::Arguments),
}
