//! What plans and results look like, for people and for programs.

use std::collections::BTreeMap;

use provisioning::apply::{Outcome, StepResult};
use provisioning::planner::{Action, Plan, Step};
use serde_json::{Value as Json, json};

use crate::carry::Carried;
use crate::failure;
use crate::table;
use crate::work::{Opened, is_shown};

/// So many steps of an action are shown; `--format json` has all.
const SHOWN: usize = 10;

/// So many people with whom something did not go as planned are told in full.
const TROUBLES: usize = 50;

/// What a run that ended early did not come to, or of which it does not know; the next run looks.
pub(crate) const LEFT_OPEN: &str = "left open";

/// What became of an instance.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    pub(crate) opened: &'a Opened,
    pub(crate) plan: Result<&'a Plan, &'a str>,
    pub(crate) carried: Option<&'a Carried>,
}

impl Report<'_> {
    /// What is planned, as text.
    pub(crate) fn planned(&self) -> String {
        let title = &self.opened.title;
        let plan = match self.plan {
            Ok(plan) => plan,
            Err(error) => return format!("{title}\n  failed: {}\n", table::line(error)),
        };
        let mut text = format!("{title}\n");
        if let Some(stop) = &plan.stop {
            text += &format!("  stopped, nothing is done here: {stop}\n");
        }
        let mut shown: BTreeMap<Action, usize> = BTreeMap::new();
        let mut rows = Vec::new();
        for step in plan.steps.iter().filter(|step| is_shown(step.action)) {
            let count = shown.entry(step.action).or_default();
            *count += 1;
            if *count <= SHOWN {
                rows.push(vec![format!("  {}", step.action), table::line(&step.key), account(step), told(step)]);
            }
        }
        rows.insert(0, vec!["  what".to_owned(), "key".to_owned(), "account".to_owned(), "why".to_owned()]);
        if rows.len() > 1 {
            text += &table::render(&rows);
        } else if plan.stop.is_none() {
            text += "  nothing to do\n";
        }
        for (action, count) in shown.iter().filter(|(_, count)| **count > SHOWN) {
            text += &format!("  and {} more: {action}; `--format json` has all\n", count - SHOWN);
        }
        if !plan.unmanaged.is_empty() {
            let some: Vec<String> = plan.unmanaged.iter().take(5).map(|id| table::line(id)).collect();
            let more = if plan.unmanaged.len() > some.len() { ", …" } else { "" };
            text += &format!("  not managed and left alone: {} ({}{more})\n", plan.unmanaged.len(), some.join(", "));
        }
        if !self.opened.ignored.is_empty() {
            let names: Vec<&str> = self.opened.ignored.iter().map(|attribute| attribute.name()).collect();
            text += &format!("  mapped, and not carried by this vendor: {}\n", names.join(", "));
        }
        text
    }

    /// What did not go as planned, as text.
    pub(crate) fn troubles(&self) -> String {
        let Some(carried) = self.carried else { return String::new() };
        let name = &self.opened.config.name;
        let mut text = String::new();
        let mut told = 0;
        for result in &carried.results {
            let Some(words) = &result.words else { continue };
            told += 1;
            if told <= TROUBLES {
                let (key, words) = (table::line(&result.key), table::line(words));
                text += &format!("{name}: {} {key}: {}: {words}\n", result.action, outcome(result.outcome));
            }
        }
        if told > TROUBLES {
            text += &format!("{name}: and {} more; `--results FILE` and `--format json` have all\n", told - TROUBLES);
        }
        if let Some(error) = &carried.ended {
            text += &format!("{}: the run ended early: {}\n", self.opened.title, table::line(error));
        }
        text
    }

    fn counts(&self) -> Vec<(String, u64)> {
        let Ok(plan) = self.plan else { return Vec::new() };
        let mut counts: Vec<(String, u64)> = Vec::new();
        let mut add = |name: &str| match counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name.to_owned(), 1)),
        };
        let writes = |action: Action| action.kind().is_some() || action == Action::Adopt;
        for (place, step) in plan.steps.iter().enumerate() {
            let became = self.carried.map(|carried| carried.results.get(place).map(|result| result.outcome));
            match became {
                _ if !writes(step.action) => add(step.action.name()),
                _ if plan.stop.is_some() => add("stopped"),
                None | Some(Some(Outcome::Done)) => add(step.action.name()),
                Some(Some(other)) => add(outcome(other)),
                Some(None) => add(LEFT_OPEN),
            }
        }
        counts
    }

    /// The instance for programs.
    pub(crate) fn json(&self) -> Json {
        let plan = self.plan.ok();
        let ignored: Vec<&str> = self.opened.ignored.iter().map(|attribute| attribute.name()).collect();
        let error = self.plan.err().or(self.carried.and_then(|carried| carried.ended.as_deref()));
        let results = self.carried.map(|carried| carried.results.iter().map(result).collect::<Vec<_>>());
        json!({
            "instance": self.opened.config.name,
            "vendor": self.opened.config.vendor,
            "tenant": self.opened.tenant,
            "counts": self.counts().into_iter().collect::<BTreeMap<_, _>>(),
            "stopped": plan.and_then(|plan| plan.stop.as_ref()).map(ToString::to_string),
            "error": error,
            "steps": plan.map(|plan| &plan.steps),
            "unmanaged": plan.map(|plan| &plan.unmanaged),
            "not_carried": ignored,
            "results": results,
        })
    }

    /// The exit code of the instance.
    pub(crate) fn code(&self) -> u8 {
        let Ok(plan) = self.plan else { return failure::FAILED };
        if plan.stop.is_some() {
            return failure::STOPPED;
        }
        let any = |action: Action| plan.steps.iter().any(|step| step.action == action);
        let (refused, unadopted) = (any(Action::Refused), any(Action::WouldAdopt));
        match self.carried {
            Some(carried) => {
                let good = |result: &StepResult| matches!(result.outcome, Outcome::Done | Outcome::NotNeeded);
                let all = carried.ended.is_none() && carried.results.iter().all(good);
                // Nobody reads "all done" of people of whom nothing was done.
                if refused || unadopted || !all { failure::FAILED } else { failure::DONE }
            }
            None if plan.pending() > 0 || unadopted => failure::PENDING,
            None if refused => failure::FAILED,
            None => failure::DONE,
        }
    }
}

/// The exit code of several instances: what a person has to look at first.
pub(crate) fn code(reports: &[Report<'_>]) -> u8 {
    let codes: Vec<u8> = reports.iter().map(Report::code).collect();
    let worst = [failure::STOPPED, failure::FAILED, failure::PENDING].into_iter().find(|code| codes.contains(code));
    worst.unwrap_or(failure::DONE)
}

/// One line for each instance, with counts that add up to its people.
pub(crate) fn summary(reports: &[Report<'_>]) -> String {
    let counts: Vec<Vec<(String, u64)>> = reports.iter().map(Report::counts).collect();
    let names = Action::ALL.iter().map(|action| action.name());
    let outcomes = [Outcome::Stale, Outcome::Unverified, Outcome::Failed, Outcome::Stopped].map(outcome);
    let used = |name: &&str| counts.iter().flatten().any(|(known, _)| known == *name);
    let columns: Vec<&str> = names.chain(outcomes).chain([LEFT_OPEN]).filter(used).collect();
    let mut rows = vec![["instance", "people"].iter().chain(&columns).map(|head| (*head).to_owned()).collect::<Vec<_>>()];
    for (report, counts) in reports.iter().zip(&counts) {
        let of = |name: &str| counts.iter().find(|(known, _)| known == name).map_or(0, |(_, count)| *count);
        let people: u64 = counts.iter().map(|(_, count)| count).sum();
        let mut row = vec![report.opened.config.name.clone(), people.to_string()];
        row.extend(columns.iter().map(|name| of(name).to_string()));
        rows.push(row);
    }
    table::render(&rows)
}

/// All of it for programs.
pub(crate) fn json(reports: &[Report<'_>]) -> Json {
    json!({ "exit_code": code(reports), "instances": reports.iter().map(Report::json).collect::<Vec<_>>() })
}

fn account(step: &Step) -> String {
    step.account.as_deref().map_or_else(|| "-".to_owned(), table::line)
}

/// Why, and what changes.
fn told(step: &Step) -> String {
    let shown = |value: &Json| value.as_str().map_or_else(|| value.to_string(), |text| format!("\"{text}\""));
    let changes = step.changes.iter().map(|change| match (&change.old, &change.new) {
        (Json::Null, new) => format!("{} {}", change.attribute, shown(new)),
        (old, Json::Null) => format!("{} {} is cleared", change.attribute, shown(old)),
        (old, new) => format!("{} {} → {}", change.attribute, shown(old), shown(new)),
    });
    let changes: Vec<String> = changes.collect();
    let text = if changes.is_empty() { step.why.clone() } else { format!("{}: {}", step.why, changes.join(", ")) };
    let line = step.line.filter(|_| step.action == Action::Refused).map(|line| format!("line {line}: "));
    table::line(&(line.unwrap_or_default() + &text))
}

/// The outcome in words for people.
pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    match outcome.name() {
        "not-needed" => "not needed",
        name => name,
    }
}

fn result(result: &StepResult) -> Json {
    json!({
        "key": result.key,
        "action": result.action,
        "outcome": outcome(result.outcome),
        "account": result.account,
        "words": result.words,
    })
}
