//! How much may be done at once, and in seven days.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::input::Input;
use super::plan::Step;
use crate::config::Limit;
use crate::store::Kind;

/// Why nothing at all is done at an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Stop {
    /// More writes of a kind than are allowed.
    Limit {
        /// The kind.
        kind: Kind,
        /// How many are planned.
        planned: u64,
        /// How many were done in the seven days before.
        recent: u64,
        /// How many are allowed together.
        allowed: u64,
        /// How many accounts are managed and active.
        managed: u64,
    },
    /// More managed accounts have vanished than may be disabled: it is the wrong tenant, or its list is cut.
    Vanished {
        /// How many have vanished.
        vanished: u64,
        /// How many are linked.
        linked: u64,
        /// How many may be missing.
        allowed: u64,
    },
    /// The file as a whole cannot be used.
    File {
        /// What is wrong with it.
        words: String,
    },
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit { kind, planned, recent, allowed, managed } => write!(
                f,
                "{planned} to {kind} now and {recent} in the last seven days are more than the {allowed} allowed by `max_{kind}` \
                 ({managed} accounts are managed and active)"
            ),
            Self::Vanished { vanished, linked, allowed } => write!(
                f,
                "{vanished} of {linked} managed accounts are not in the vendor's list, where {allowed} may be missing; look \
                 whether this is the right tenant"
            ),
            Self::File { words } => write!(f, "the file of people: {words}"),
        }
    }
}

/// What stops the instance, if anything does.
pub(super) fn check(input: &Input<'_>, steps: &[Step]) -> Option<Stop> {
    if let Some(error) = input.wishes.errors.iter().find(|error| error.line == 0) {
        return Some(Stop::File { words: error.words.clone() });
    }
    let accounts: std::collections::BTreeMap<&str, bool> =
        input.accounts.iter().map(|account| (account.id.as_str(), account.is_active())).collect();
    let linked = || input.links.iter().filter_map(|link| link.account.as_deref());
    let managed = count(linked().filter(|id| accounts.get(id) == Some(&true)).count());
    let vanished = count(linked().filter(|id| !accounts.contains_key(id)).count());
    let all = count(linked().count());
    let limits = &input.rules.config.limits;
    let missing = limits.get(&Kind::Disable).copied().unwrap_or(Limit::Share(1000)).allowed(all);
    if vanished > missing {
        return Some(Stop::Vanished { vanished, linked: all, allowed: missing });
    }
    limits.iter().find_map(|(&kind, limit)| {
        let planned = count(steps.iter().filter(|step| step.action.kind() == Some(kind)).count());
        let recent = input.recent.0.get(&kind).copied().unwrap_or_default();
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
