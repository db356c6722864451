//! Carrying plans out: all instances at once, each result told as soon as it is there.

use std::io::IsTerminal as _;
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use provisioning::apply::StepResult;
use provisioning::planner::Plan;

use crate::handout::Handout;
use crate::work::Planned;

/// What became of the steps of an instance, or why the run ended early.
pub(crate) type Carried = Result<Vec<StepResult>, String>;

/// Carries out the plans that instances are held for.
pub(crate) async fn carry(planned: &mut [Planned<'_>], handout: Option<Handout>) -> Vec<Option<Carried>> {
    let handout = Arc::new(Mutex::new(handout));
    let writes: usize = planned.iter().filter_map(|planned| planned.plan.as_ref().ok()).map(Plan::pending).sum();
    let bar = bar(writes);
    let runs = planned.iter_mut().map(|planned| {
        let (handout, bar) = (Arc::clone(&handout), bar.clone());
        async move {
            let (applier, plan) = (planned.applier.take()?, planned.plan.as_ref().ok()?);
            let name = planned.opened.config.name.clone();
            let mut observe = |result: &StepResult| {
                if result.action.kind().is_some() {
                    bar.inc(1);
                }
                match handout.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                    Some(handout) => handout.add(&name, result),
                    None => Ok(()),
                }
            };
            Some(applier.apply_with(plan, &mut observe).await.map_err(|error| error.to_string()))
        }
    });
    let results = futures_util::future::join_all(runs).await;
    bar.finish_and_clear();
    results
}

/// A bar with rate and time left, where somebody is there to see it and there is something to wait for.
fn bar(writes: usize) -> ProgressBar {
    let length = u64::try_from(writes).ok();
    if writes < 20 || !std::io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(length, ProgressDrawTarget::hidden());
    }
    let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} written, {per_sec}, {eta} left");
    style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style))
}
