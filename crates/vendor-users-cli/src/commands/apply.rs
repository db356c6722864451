//! `apply`: the file becomes true at each instance, after a question.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use provisioning::jiff::Timestamp;
use provisioning::planner::Plan;
use provisioning::saved::SavedPlan;

use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::Failure;
use crate::perform::{Manner, finish};
use crate::session;
use crate::work::{self, How, Session, Source};

/// Makes the file true at each instance: disables first, then updates, then creates. Shows the plan and asks.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  vendor-users apply people.csv\n  vendor-users apply people.csv --yes --results \
                        results.csv\n  vendor-users apply people.csv --only 4711\n\nExit codes: 0 all done, 1 some failed or \
                        wait for `--adopt`, 3 an instance was stopped.")]
pub(crate) struct Arguments {
    /// The file of people, as CSV; `-` is standard input.
    #[arg(value_name = "PEOPLE", required_unless_present = "plan")]
    people: Option<PathBuf>,
    /// Do exactly what this plan says, which `vendor-users plan --out FILE` has kept.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["people", "adopt", "delete", "only"])]
    plan: Option<PathBuf>,
    #[command(flatten)]
    wanted: super::plan::Wanted,
    #[command(flatten)]
    manner: Manner,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let configuration = Configuration::read(context)?;
    match (&arguments.plan, &arguments.people) {
        (Some(plan), _) => saved(context, &configuration, plan, &arguments.manner).await,
        (None, Some(people)) => from_file(context, &configuration, people, arguments).await,
        (None, None) => Err(Failure::usage("a file of people is missing, or `--plan FILE`")),
    }
}

async fn from_file(
    context: &Context,
    configuration: &Configuration,
    people: &Path,
    arguments: &Arguments,
) -> Result<u8, Failure> {
    let instances = session::instances(configuration, context)?;
    let source = Source::open(people)?;
    work::check_columns(&source, configuration, &instances)?;
    let session = Session::begin(configuration, instances, arguments.manner.dry_run).await?;
    let asked = arguments.wanted.asked(configuration);
    let how = How { configuration, source: &source, asked, hold: session.hold() };
    let plans = session.opened.iter().map(|opened| work::plan(opened, &session.store, how));
    let planned = futures_util::future::join_all(plans).await;
    finish(context, configuration, &session.store, planned, Some(asked), &arguments.manner).await
}

/// Does what a saved plan says: people whose accounts or links have changed since are skipped and counted.
async fn saved(context: &Context, configuration: &Configuration, path: &Path, manner: &Manner) -> Result<u8, Failure> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| Failure::usage(format!("{name} cannot be read: {error}")))?;
    let saved = SavedPlan::parse(&text).map_err(|words| Failure::failed(format!("{name}: {words}")))?;
    saved.check(&configuration.config, Timestamp::now()).map_err(|words| Failure::failed(format!("{name}: {words}")))?;
    let mut plans: BTreeMap<String, Plan> = saved.plans.into_iter().map(|plan| (plan.instance.clone(), plan)).collect();
    let mut instances = session::instances(configuration, context)?;
    instances.retain(|instance| plans.contains_key(&instance.config.name));
    if instances.is_empty() {
        return Err(Failure::usage(format!("{name} has a plan for none of the instances that were named")));
    }
    let session = Session::begin(configuration, instances, manner.dry_run).await?;
    let planned = session.opened.iter().map(|opened| {
        let plan = plans.remove(&opened.config.name);
        let tenant = saved.tenants.get(&opened.config.name);
        work::recheck(opened, &session.store, plan, tenant.map(String::as_str), session.hold())
    });
    let planned = futures_util::future::join_all(planned).await;
    finish(context, configuration, &session.store, planned, None, manner).await
}
