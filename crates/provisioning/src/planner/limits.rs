//! How much may be done at once, and in seven days.

use super::account::Account;
use super::input::{Input, Recent};
use super::plan::{Step, Stop};
use super::rules::Rules;
use crate::config::Limit;
use crate::store::{Kind, Link};

/// What stops the instance, if anything does.
pub(super) fn check(input: &Input<'_>, steps: &[Step]) -> Option<Stop> {
    if let Some(error) = input.wishes.errors.iter().find(|error| error.line == 0) {
        return Some(Stop::File { words: error.words.clone() });
    }
    exceeded(input.rules, input.accounts, input.links, input.recent, steps)
}

/// Returns what stops an instance that has these accounts and links, if these steps are more than its limits allow.
#[must_use]
pub fn exceeded(rules: &Rules, accounts: &[Account], links: &[Link], recent: &Recent, steps: &[Step]) -> Option<Stop> {
    let accounts: std::collections::BTreeMap<&str, bool> =
        accounts.iter().map(|account| (account.id.as_str(), account.is_active())).collect();
    let linked = || links.iter().filter_map(|link| link.account.as_deref());
    let managed = count(linked().filter(|id| accounts.get(id) == Some(&true)).count());
    let vanished = count(linked().filter(|id| !accounts.contains_key(id)).count());
    let all = count(linked().count());
    let missing = rules.config.limits.get(&Kind::Disable).copied().unwrap_or(Limit::Share(1000)).allowed(all);
    if vanished > missing {
        return Some(Stop::Vanished { vanished, linked: all, allowed: missing });
    }
    over(rules, managed, recent, steps)
}

/// Returns what stops an instance of which so many accounts are managed and active, if these steps are more than its limits
/// allow.
#[must_use]
pub fn over(rules: &Rules, managed: u64, recent: &Recent, steps: &[Step]) -> Option<Stop> {
    rules.config.limits.iter().find_map(|(&kind, limit)| {
        let planned = count(steps.iter().filter(|step| step.action.kind() == Some(kind)).count());
        let recent = recent.0.get(&kind).copied().unwrap_or_default();
        // Those that were disabled lately were managed and active before: a share is of both.
        let base = if kind == Kind::Disable { managed.saturating_add(recent) } else { managed };
        let allowed = limit.allowed(base);
        let over = planned > 0 && planned.saturating_add(recent) > allowed;
        over.then_some(Stop::Limit { kind, planned, recent, allowed, managed })
    })
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
