//! `plan`: what would be done, and why. Nothing is written at a vendor.

use std::path::PathBuf;

use clap::Args;
use provisioning::jiff::Timestamp;
use provisioning::saved::SavedPlan;
use provisioning::snapshot::Asked;

use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Format, note, say, say_json};
use crate::report::{self, Report};
use crate::work::{self, How, Source};
use crate::{private, session};

/// Shows what a file of people would change at each instance. Nothing is written at a vendor.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  vendor-users plan people.csv\n  vendor-users plan people.csv --only 4711\n  vendor-users plan \
                        people.csv --out friday.plan\n\nExit codes: 0 nothing to do, 1 a person has to look at some, 2 changes \
                        wait, be it for `--adopt`, 3 an instance is stopped."
)]
pub(crate) struct Arguments {
    /// The file of people, as CSV; `-` is standard input.
    #[arg(value_name = "PEOPLE")]
    people: PathBuf,
    #[command(flatten)]
    wanted: Wanted,
    /// Keep the plan in this file, for `vendor-users apply --plan FILE`. Only its owner can read it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What plans are made from.
#[derive(Clone, Debug, Args)]
pub(crate) struct Wanted {
    /// Manage accounts that match and are not managed yet.
    #[arg(long)]
    pub(crate) adopt: bool,
    /// Delete whom the configuration says to delete.
    #[arg(long)]
    pub(crate) delete: bool,
    /// Look at this person alone, by the key.
    #[arg(long, value_name = "KEY")]
    pub(crate) only: Option<String>,
}

impl Wanted {
    pub(crate) fn asked(&self, configuration: &Configuration) -> Asked<'_> {
        let complete = configuration.config.people.complete;
        Asked { complete, adopt: self.adopt, delete: self.delete, only: self.only.as_deref() }
    }
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let configuration = Configuration::read(context)?;
    let instances = session::instances(&configuration, context)?;
    let source = Source::open(&arguments.people)?;
    work::check_columns(&source, &configuration, &instances)?;
    let store = session::store(&configuration).await?;
    let asked = arguments.wanted.asked(&configuration);
    let opened = futures_util::future::join_all(instances.into_iter().map(work::open)).await;
    let how = How { configuration: &configuration, source: &source, asked, hold: None };
    let planned = futures_util::future::join_all(opened.iter().map(|opened| work::plan(opened, &store, how))).await;
    let reports: Vec<Report<'_>> = planned
        .iter()
        .map(|planned| Report { opened: planned.opened, plan: planned.plan.as_ref().map_err(String::as_str), carried: None })
        .collect();
    match context.format {
        Format::Text => {
            reports.iter().for_each(|report| say(&format!("{}\n", report.planned())));
            say(&report::summary(&reports));
        }
        Format::Json => say_json(&report::json(&reports)),
    }
    if let Some(path) = &arguments.out {
        let plans = reports.iter().filter_map(|report| report.plan.ok().cloned()).collect();
        let mut saved = SavedPlan::new(&configuration.config, plans, Timestamp::now());
        saved.whole = asked.only.is_none();
        saved.tenants = opened.iter().map(|opened| (opened.config.name.clone(), opened.tenant.clone())).collect();
        let text = saved.to_text().map_err(Failure::failed)?;
        private::write(path, text.as_bytes()).map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
        let hours = configuration.config.plan_age_hours;
        note(&format!("the plan is kept in {}; `vendor-users apply --plan {0}` does it within {hours} hours", path.display()));
    }
    Ok(report::code(&reports))
}
