//! `set`: attributes of people get values.

use clap::Args;
use provisioning::planner::Change;
use vendor_users::Attribute;

use crate::context::Context;
use crate::failure::Failure;
use crate::perform::Manner;
use crate::targets::{self, Targets};

/// Sets attributes of people: `title=Manager` sets, `title=` clears; all else is kept.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  vendor-users set 4711 title=Manager\n  vendor-users set --from moved.csv title=Manager \
                        phone_number= --dry-run\n  vendor-users set -i claims --where title=Clerk title=Agent")]
pub(crate) struct Arguments {
    #[command(flatten)]
    targets: Targets,
    #[command(flatten)]
    manner: Manner,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let (assignments, keys): (Vec<String>, Vec<String>) =
        arguments.targets.keys.iter().cloned().partition(|word| word.contains('='));
    if assignments.is_empty() {
        return Err(Failure::usage("nothing is set: name an attribute with its value, such as title=Manager"));
    }
    let mut values = Vec::new();
    for assignment in &assignments {
        let (name, text) = assignment.split_once('=').unwrap_or((assignment, ""));
        let attribute: Attribute = name.trim().parse().map_err(Failure::usage)?;
        if attribute == Attribute::Active {
            return Err(Failure::usage("`active` is set by `vendor-users enable` and `vendor-users disable`"));
        }
        let value = (!text.trim().is_empty()).then(|| attribute.value_of(text.trim())).transpose();
        values.push((attribute, value.map_err(|error| Failure::usage(format!("`{assignment}`: {error}")))?));
    }
    let mut targets = arguments.targets.clone();
    targets.keys = keys;
    targets::run(context, &targets, &Change::Set(values), &arguments.manner).await
}
