//! Carrying plans out: all instances at once, each result told as soon as it is there.

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use provisioning::apply::StepResult;
use provisioning::planner::Plan;

use crate::ending::ended;
use crate::handout::Handout;
use crate::output::note;
use crate::work::Planned;

/// What became of the steps of an instance, as far as it came.
#[derive(Debug)]
pub(crate) struct Carried {
    /// One result for each step, in their order; none for those that were left open. Passwords are no longer there.
    pub(crate) results: Vec<StepResult>,
    /// Why the run ended early, where it did.
    pub(crate) ended: Option<String>,
}

/// Carries out the plans that instances are held for.
pub(crate) async fn carry(planned: &mut [Planned<'_>], handout: Option<Handout>) -> Vec<Option<Carried>> {
    let handout = Arc::new(Mutex::new(handout));
    let writes: usize = planned.iter().filter_map(|planned| planned.plan.as_ref().ok()).map(Plan::pending).sum();
    let bar = bar(writes);
    let interrupted = Arc::new(AtomicBool::new(false));
    let watch = tokio::spawn(interruption(Arc::clone(&interrupted)));
    let runs = planned.iter_mut().map(|planned| {
        let (handout, bar, interrupted) = (Arc::clone(&handout), bar.clone(), Arc::clone(&interrupted));
        async move {
            let (applier, plan) = (planned.applier.take()?, planned.plan.as_ref().ok()?);
            let name = planned.opened.config.name.clone();
            let mut results = Vec::with_capacity(plan.steps.len());
            let mut observe = |mut result: StepResult| {
                if result.action.kind().is_some() {
                    bar.inc(1);
                }
                let handed_out = match handout.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                    Some(handout) => handout.add(&name, &result),
                    None => Ok(()),
                };
                result.password = None;
                results.push(result);
                handed_out.and_then(|()| match interrupted.load(Ordering::Relaxed) {
                    true => Err("interrupted; run it again to do the rest".to_owned()),
                    false => Ok(()),
                })
            };
            let ended = applier.apply_with(plan, &mut observe).await.err().map(|error| error.to_string());
            Some(Carried { results, ended })
        }
    });
    let results = futures_util::future::join_all(runs).await;
    watch.abort();
    bar.finish_and_clear();
    results
}

/// Waits for Ctrl-C or SIGTERM: at the first one runs end after the request that is under way, at the second one the program does.
async fn interruption(interrupted: Arc<AtomicBool>) {
    ended().await;
    interrupted.store(true, Ordering::Relaxed);
    note("ending once the request that is under way has its response; Ctrl-C again ends at once");
    std::process::exit(ended().await);
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
