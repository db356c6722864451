//! Doing what was planned at one instance.
//!
//! Takes a [`Plan`] and a directory, and gives a result for each step. Each write is stored before it is sent and finished
//! after; what an earlier run began is looked at first. Decides nothing about people: that is the plan's.

mod look;
mod send;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value as Json, json};
use vendor_users::client_core::Secret;
use vendor_users::{Directory, Error};

use crate::config::InstanceConfig;
use crate::planner::{Account, Action, Plan, Recent, Rules, Step};
use crate::store::{Kind, Run, Store, StoreError, new_id};

/// How long a run or a request is believed to be alive without a word of it.
const LEASE: SignedDuration = SignedDuration::from_secs(120);

/// Why a run could not be done as a whole.
#[derive(Debug)]
#[non_exhaustive]
pub enum ApplyError {
    /// The store refuses, for example since another run holds the instance.
    Store(StoreError),
    /// The vendor cannot be read.
    Directory(Error),
    /// An account cannot be understood.
    Account(String),
    /// Whoever looked at the results ended the run.
    Observer(String),
}

impl std::fmt::Display for ApplyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Directory(error) => error.fmt(f),
            Self::Account(words) | Self::Observer(words) => f.write_str(words),
        }
    }
}

impl std::error::Error for ApplyError {}

impl From<StoreError> for ApplyError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Error> for ApplyError {
    fn from(error: Error) -> Self {
        Self::Directory(error)
    }
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// It was done.
    Done,
    /// There was nothing to send.
    NotNeeded,
    /// The account is no longer as it was planned on; it was left alone.
    Stale,
    /// It was sent, and a read does not show it; the next run looks again.
    Unverified,
    /// It was not done.
    Failed,
    /// The whole instance was stopped.
    Stopped,
}

impl Outcome {
    /// Returns the name in the store and the audit log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotNeeded => "not-needed",
            Self::Stale => "stale",
            Self::Unverified => "unverified",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        }
    }
}

/// What became of one person.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StepResult {
    /// The stable key.
    pub key: String,
    /// What was planned.
    pub action: Action,
    /// What became of it.
    pub outcome: Outcome,
    /// The vendor's identifier of the account, where it is known.
    pub account: Option<String>,
    /// The error, or what a person still has to do.
    pub words: Option<String>,
    /// The password that was generated; it is handed out here and nowhere else.
    pub password: Option<Secret>,
}

/// Reads all accounts of a directory.
///
/// # Errors
///
/// The vendor cannot be read, or an account has no identifier or a record to which the rule for administrators does not apply.
pub async fn accounts(directory: &dyn Directory, config: &InstanceConfig) -> Result<Vec<Account>, ApplyError> {
    let mut users = directory.list();
    let mut accounts = Vec::new();
    while let Some(user) = futures_util::StreamExt::next(&mut users).await {
        let account = Account::of(&*user?, config).map_err(ApplyError::Account)?;
        accounts.push(account.ok_or_else(|| ApplyError::Account("the vendor lists an account without an identifier".into()))?);
    }
    Ok(accounts)
}

/// Reads what was done in the seven days before.
///
/// # Errors
///
/// The store cannot be read.
pub async fn recent(store: &dyn Store, instance: &str, now: Timestamp) -> Result<Recent, StoreError> {
    let since = now.checked_sub(SignedDuration::from_hours(7 * 24)).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut recent = Recent::default();
    for kind in Kind::ALL {
        recent.0.insert(kind, store.done_since(instance, kind, since).await?);
    }
    Ok(recent)
}

/// A run at one instance, which holds it until it is ended.
///
/// Start it before the links and the accounts are read, so that what an earlier run left open is settled by then.
#[derive(Debug)]
pub struct Applier<'a> {
    pub(crate) directory: &'a dyn Directory,
    pub(crate) store: &'a dyn Store,
    pub(crate) rules: &'a Rules,
    pub(crate) run: String,
    pub(crate) holder: String,
    pub(crate) actor: String,
}

impl<'a> Applier<'a> {
    /// Starts a run, and settles what earlier ones left open. `holder` is this process, `actor` on whose behalf it is. A process
    /// that is `alone`, since a lock of the operating system says so, need not wait until what a killed run holds expires.
    ///
    /// # Errors
    ///
    /// Another run holds the instance, or the vendor's records cannot be read to learn what became of a request.
    pub async fn start(
        directory: &'a dyn Directory,
        store: &'a dyn Store,
        rules: &'a Rules,
        holder: &str,
        actor: &str,
        alone: bool,
    ) -> Result<Self, ApplyError> {
        let now = Timestamp::now();
        if alone {
            for killed in store.runs(&rules.instance, 1).await?.into_iter().filter(|run| run.ended.is_none()) {
                store.end_run(&killed.id, now, &json!({ "killed": true })).await?;
            }
        }
        let run = Run {
            id: new_id()?,
            instance: rules.instance.clone(),
            purpose: "apply".to_owned(),
            holder: holder.to_owned(),
            started: now,
            until: now + LEASE,
            ended: None,
            summary: Json::Null,
        };
        store.start_run(&run).await?;
        let applier = Self { directory, store, rules, run: run.id, holder: holder.to_owned(), actor: actor.to_owned() };
        if let Err(error) = applier.settle(alone).await {
            store.end_run(&applier.run, Timestamp::now(), &json!({ "error": error.to_string() })).await?;
            return Err(error);
        }
        Ok(applier)
    }

    /// Does the steps of a plan in their order, and ends the run. A step that fails does not keep the others from being done.
    ///
    /// # Errors
    ///
    /// The store cannot be used any more, or the run was taken for dead.
    pub async fn apply(self, plan: &Plan) -> Result<Vec<StepResult>, ApplyError> {
        let mut results = Vec::with_capacity(plan.steps.len());
        let mut keep = |result: StepResult| {
            results.push(result);
            Ok(())
        };
        self.apply_with(plan, &mut keep).await?;
        Ok(results)
    }

    /// As [`apply`](Self::apply), and hands over each result as soon as it is there, before the next step begins. What `observe`
    /// refuses ends the run: such as that a password cannot be handed out.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply), and [`ApplyError::Observer`] with the words of `observe`.
    pub async fn apply_with(
        self,
        plan: &Plan,
        observe: &mut (dyn FnMut(StepResult) -> Result<(), String> + Send),
    ) -> Result<(), ApplyError> {
        let mut counts = std::collections::BTreeMap::<&str, u64>::new();
        for step in &plan.steps {
            let writes = step.action.kind().is_some() || step.adopts;
            let outcome = if plan.stop.is_some() { Outcome::Stopped } else { Outcome::NotNeeded };
            let result = if writes && plan.stop.is_none() {
                self.store.renew_run(&self.run, Timestamp::now() + LEASE).await?;
                self.send(step).await?
            } else {
                blank(step, outcome)
            };
            *counts.entry(result.outcome.name()).or_default() += 1;
            if let Err(words) = observe(result) {
                self.abandon(&words).await?;
                return Err(ApplyError::Observer(words));
            }
        }
        Ok(self.store.end_run(&self.run, Timestamp::now(), &json!(counts)).await?)
    }

    /// Returns the identifier of the run.
    #[must_use]
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Ends the run without doing anything more, and says why.
    ///
    /// # Errors
    ///
    /// The store cannot be used.
    pub async fn abandon(&self, why: &str) -> Result<(), ApplyError> {
        Ok(self.store.end_run(&self.run, Timestamp::now(), &json!({ "abandoned": why })).await?)
    }
}

fn blank(step: &Step, outcome: Outcome) -> StepResult {
    StepResult { key: step.key.clone(), action: step.action, outcome, account: step.account.clone(), words: None, password: None }
}
