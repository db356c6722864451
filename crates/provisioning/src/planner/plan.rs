//! What comes out: one step for each person, in the order in which they are done.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use vendor_users::Attribute;

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
    /// The store belongs to another tenant than the configuration leads to.
    Tenant {
        /// The tenant whose accounts the store knows.
        known: String,
        /// The tenant that the configuration leads to.
        found: String,
    },
    /// The store has seen a later time than this machine's clock shows.
    Clock {
        /// When the latest run started.
        last: jiff::Timestamp,
        /// What the clock shows.
        now: jiff::Timestamp,
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
            Self::Tenant { known, found } => write!(
                f,
                "the store knows the accounts of {known}, and the configuration leads to {found}; correct the configuration, or \
                 say with `vendor-users moved` that it is the same tenant at another address"
            ),
            Self::Clock { last, now } => {
                write!(f, "the clock of this machine shows {now}, and the latest run started at {last}; put the clock right")
            }
            Self::File { words } => write!(f, "the file of people: {words}"),
        }
    }
}

/// What becomes of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Action {
    /// The account is disabled.
    Disable,
    /// The account is deleted, which was asked for three times.
    Delete,
    /// The account is enabled again.
    Enable,
    /// Attributes of the account change.
    Update,
    /// An account is created.
    Create,
    /// A new password is demanded, which is only ever asked for by name.
    ResetPassword,
    /// An account that matches becomes managed; nothing else changes.
    Adopt,
    /// All is as wished.
    Nothing,
    /// A person has to do it, since the vendor documents no operation for it.
    ByHand,
    /// The person is absent and the account active; nobody has asked for more than to be told.
    Leaver,
    /// An account matches and is not managed; it is adopted only when that is asked for.
    WouldAdopt,
    /// The account is protected, or an administrator's.
    Protected,
    /// Nothing can be done before a person has looked at it.
    Refused,
}

impl Action {
    /// All of them, in the order in which they are done and told.
    pub const ALL: [Self; 13] = [
        Self::Disable,
        Self::Delete,
        Self::Enable,
        Self::Update,
        Self::Create,
        Self::ResetPassword,
        Self::Adopt,
        Self::Nothing,
        Self::ByHand,
        Self::Leaver,
        Self::WouldAdopt,
        Self::Protected,
        Self::Refused,
    ];

    pub(super) fn order(self) -> usize {
        Self::ALL.iter().position(|action| *action == self).unwrap_or(usize::MAX)
    }

    /// Returns the kind of write that it is; `None` where nothing is sent.
    #[must_use]
    pub const fn kind(self) -> Option<Kind> {
        match self {
            Self::Disable => Some(Kind::Disable),
            Self::Delete => Some(Kind::Delete),
            Self::Enable => Some(Kind::Enable),
            Self::Update => Some(Kind::Update),
            Self::Create => Some(Kind::Create),
            Self::ResetPassword => Some(Kind::ResetPassword),
            _ => None,
        }
    }

    /// Returns its name in tables, such as `by hand`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Delete => "delete",
            Self::Enable => "enable",
            Self::Update => "update",
            Self::Create => "create",
            Self::ResetPassword => "reset password",
            Self::Adopt => "adopt",
            Self::Nothing => "nothing",
            Self::ByHand => "by hand",
            Self::Leaver => "leaver",
            Self::WouldAdopt => "would adopt",
            Self::Protected => "protected",
            Self::Refused => "refused",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What one attribute was and becomes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueChange {
    /// The attribute.
    pub attribute: Attribute,
    /// What it was.
    pub old: Json,
    /// What it becomes.
    pub new: Json,
}

/// What becomes of one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The stable key; empty for a row that has none.
    pub key: String,
    /// The line of the row, where the person is in the file.
    pub line: Option<u64>,
    /// What is done.
    pub action: Action,
    /// The vendor's identifier of the account.
    pub account: Option<String>,
    /// The link, where there is one.
    pub link: Option<String>,
    /// Whether the account becomes managed with this step.
    pub adopts: bool,
    /// What changes.
    pub changes: Vec<ValueChange>,
    /// What the account had when this was planned: what changes, what tells who it is, and whether it was active.
    pub seen: BTreeMap<Attribute, Json>,
    /// Why, for people.
    pub why: String,
}

/// How many people each action is for. The sum is the number of people.
pub type Counts = BTreeMap<Action, u64>;

/// What is to be done at an instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The instance, by name.
    pub instance: String,
    /// One step for each person, in the order in which they are done.
    pub steps: Vec<Step>,
    /// Accounts that are not managed and that nobody in the file matches: listed, never touched.
    pub unmanaged: Vec<String>,
    /// Why nothing at all is done.
    pub stop: Option<Stop>,
}

impl Plan {
    /// Returns a plan for nobody, since the instance is stopped.
    #[must_use]
    pub fn stopped(instance: &str, stop: Stop) -> Self {
        Self { instance: instance.to_owned(), steps: Vec::new(), unmanaged: Vec::new(), stop: Some(stop) }
    }

    /// Returns how many people each action is for.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::new();
        for step in &self.steps {
            *counts.entry(step.action).or_default() += 1;
        }
        counts
    }

    /// Returns how many writes there are to do, adoptions included, which write to the store alone.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.steps.iter().filter(|step| step.action.kind().is_some() || step.action == Action::Adopt).count()
    }
}
