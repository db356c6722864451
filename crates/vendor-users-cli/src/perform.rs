//! Plans are shown, asked about, carried out and told: the same for a file, a saved plan and a change that was asked for by name.

use std::path::PathBuf;

use clap::Args;
use provisioning::snapshot::{self, Asked};
use vendor_users::FirstCredential;

use crate::carry::{Carried, carry};
use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::{Failure, PENDING};
use crate::handout::Handout;
use crate::output::{Format, note, say, say_json};
use crate::report::{self, Report};
use crate::work::{Opened, Planned};
use crate::{ask, audit, notify, results};

/// How a plan is carried out.
#[derive(Clone, Debug, Args)]
pub(crate) struct Manner {
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Show the plan and do nothing.
    #[arg(long, conflicts_with = "yes")]
    pub(crate) dry_run: bool,
    /// Write what became of each row to this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) results: Option<PathBuf>,
    /// Write joiners' generated passwords to this file, which must be new; only its owner can read it.
    #[arg(long, value_name = "FILE")]
    pub(crate) passwords: Option<PathBuf>,
}

impl Manner {
    /// The file of passwords, where there will be any. Without it nobody would ever know them.
    pub(crate) fn handout<'o>(&self, opened: impl Iterator<Item = &'o Opened>) -> Result<Option<Handout>, Failure> {
        let generated: Vec<&str> = opened
            .filter(|opened| opened.config.password == FirstCredential::Generated)
            .map(|opened| opened.config.name.as_str())
            .collect();
        match &self.passwords {
            Some(path) if !self.dry_run => Ok(Some(Handout::create(path)?)),
            None if !self.dry_run && !generated.is_empty() => {
                let names = generated.join(", ");
                Err(Failure::usage(format!("{names}: joiners' passwords are generated; `--passwords FILE` says where they go")))
            }
            _ => Ok(None),
        }
    }
}

/// Shows plans, asks, carries them out and says what became of them.
pub(crate) async fn finish(
    context: &Context,
    configuration: &Configuration,
    store: &dyn provisioning::Store,
    mut planned: Vec<Planned<'_>>,
    asked: Option<Asked<'_>>,
    manner: &Manner,
) -> Result<u8, Failure> {
    let is_text = context.format == Format::Text;
    let pending: usize = planned.iter().map(pending).sum();
    if is_text {
        reports(&planned, &[]).iter().for_each(|report| say(&format!("{}\n", report.planned())));
    }
    let go_on =
        if manner.dry_run || pending == 0 { Ok(true) } else { ask::ask(&format!("Do these {pending} changes?"), manner.yes) };
    let handout = go_on.and_then(|yes| match yes && !manner.dry_run {
        true => manner.handout(planned.iter().map(|planned| planned.opened)).map(|handout| Some((yes, handout))),
        false => Ok(yes.then_some((yes, None))),
    });
    let handout = match handout {
        Ok(Some((_, handout))) => handout,
        Ok(None) => {
            abandon(&planned, "nobody said yes").await?;
            note("nothing was done");
            return Ok(PENDING);
        }
        Err(failure) => {
            abandon(&planned, &failure.to_string()).await?;
            return Err(failure);
        }
    };
    let carried = if manner.dry_run { Vec::new() } else { carry(&mut planned, handout).await };
    let reports = reports(&planned, &carried);
    let mut confirmed = Ok(());
    for report in reports.iter().filter(|report| report.carried.is_some_and(|carried| carried.ended.is_none())) {
        if let (Ok(plan), Some(asked)) = (report.plan, asked) {
            let remembered = snapshot::confirm(store, plan, asked, &report.opened.tenant).await;
            confirmed = confirmed.and(remembered.map(drop).map_err(Failure::failed));
        }
    }
    // What was done is told even where it cannot be written down.
    let exported = if manner.dry_run { Ok(()) } else { audit::export(configuration, store).await };
    let written = manner.results.as_ref().map_or(Ok(()), |path| results::write(path, &reports));
    if is_text {
        reports.iter().for_each(|report| say(&report.troubles()));
        say(&report::summary(&reports));
    } else {
        say_json(&report::json(&reports));
    }
    let stopped = |report: &Report<'_>| report.plan.is_ok_and(|plan| plan.stop.is_some());
    if !manner.dry_run && reports.iter().any(stopped) {
        notify::notify(configuration, &report::json(&reports));
    }
    confirmed.and(exported).and(written)?;
    Ok(report::code(&reports))
}

fn pending(planned: &Planned<'_>) -> usize {
    planned.plan.as_ref().map_or(0, |plan| if plan.stop.is_some() { 0 } else { plan.pending() })
}

async fn abandon(planned: &[Planned<'_>], why: &str) -> Result<(), Failure> {
    for applier in planned.iter().filter_map(|planned| planned.applier.as_ref()) {
        applier.abandon(why).await.map_err(Failure::failed)?;
    }
    Ok(())
}

fn reports<'r>(planned: &'r [Planned<'_>], carried: &'r [Option<Carried>]) -> Vec<Report<'r>> {
    let report = |(place, planned): (usize, &'r Planned<'_>)| Report {
        opened: planned.opened,
        plan: planned.plan.as_ref().map_err(String::as_str),
        carried: carried.get(place).and_then(Option::as_ref),
    };
    planned.iter().enumerate().map(report).collect()
}
