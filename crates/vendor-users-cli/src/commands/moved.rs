//! `moved`: a person says that an instance has another address than before and is the same tenant.

use std::collections::BTreeSet;

use clap::Args;
use provisioning::Store as _;
use provisioning::jiff::Timestamp;
use provisioning::planner::{Stop, Wishes, exceeded};
use provisioning::snapshot::{self, Snapshot};
use provisioning::store::AuditEntry;
use serde_json::json;

use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::{DONE, Failure, PENDING, STOPPED};
use crate::output::{Format, note, say, say_json};
use crate::work::{self, Opened};
use crate::{ask, audit, hold, session};

/// Says that an instance was moved: its address or database is another one, and the accounts are those that the store knows.
/// Looks whether they are there, and asks.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  vendor-users moved claims --dry-run\n  vendor-users moved claims\n\nExit codes: 0 the store \
                        belongs to the new address, 2 it would (--dry-run), 3 the accounts are not there."
)]
pub(crate) struct Arguments {
    /// The instance.
    instance: String,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    /// Look and change nothing.
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let configuration = Configuration::read(context)?;
    let context = Context { instances: vec![arguments.instance.clone()], ..context.clone() };
    let mut instances = session::instances(&configuration, &context)?;
    let store = session::store(&configuration).await?;
    if !arguments.dry_run {
        audit::check(&configuration)?;
    }
    let _held = hold::hold(&configuration, &instances)?;
    let Some(instance) = instances.pop() else { return Ok(DONE) };
    let opened = work::open(instance).await;
    let directory = opened.directory.as_ref().map_err(|words| Failure::failed(format!("{}: {words}", opened.title)))?;
    let rules = &opened.rules;
    let read = Snapshot::read(directory.as_ref(), &store, rules, &Wishes::default(), Timestamp::now()).await;
    let there = read.map_err(|error| Failure::failed(format!("{}: {error}", opened.title)))?;
    let Some(known) = there.tenant.clone() else {
        return Err(Failure::failed(format!(
            "{}: the store belongs to no tenant yet; `vendor-users apply` settles it",
            opened.title
        )));
    };
    let linked = there.links.iter().filter(|link| link.account.is_some()).count();
    let ids: BTreeSet<&str> = there.accounts.iter().map(|account| account.id.as_str()).collect();
    let found = there.links.iter().filter(|link| link.account.as_deref().is_some_and(|id| ids.contains(id))).count();
    let vanished = exceeded(rules, &there.accounts, &there.links, &there.recent, &[]);
    let tell = |code: u8, words: &str| match context.format {
        Format::Text => say(&format!(
            "{}\n  the store belongs to {known}\n  the configuration leads to {}\n  {found} of {linked} managed accounts are \
             there\n  {words}\n",
            opened.title, opened.tenant
        )),
        Format::Json => say_json(&json!({
            "exit_code": code, "instance": opened.config.name, "known": known, "found": opened.tenant, "managed": linked, "there": found,
            "words": words,
        })),
    };
    if known == opened.tenant {
        tell(DONE, "nothing to do");
        return Ok(DONE);
    }
    if let Some(stop @ Stop::Vanished { .. }) = vanished {
        tell(STOPPED, &format!("stopped, nothing is done: {stop}"));
        return Ok(STOPPED);
    }
    if arguments.dry_run {
        tell(PENDING, "the store would belong to it");
        return Ok(PENDING);
    }
    if !ask::ask(&format!("Is {} the same tenant as {known}?", opened.tenant), arguments.yes)? {
        note("nothing was done");
        return Ok(PENDING);
    }
    snapshot::move_tenant(&store, &opened.config.name, &opened.tenant).await.map_err(Failure::failed)?;
    store.record(&entry(&opened, &known)).await.map_err(Failure::failed)?;
    audit::export(&configuration, &store).await?;
    tell(DONE, "the store belongs to it now");
    Ok(DONE)
}

fn entry(opened: &Opened, known: &str) -> AuditEntry {
    AuditEntry {
        at: Timestamp::now(),
        actor: work::actor(),
        run: None,
        instance: opened.config.name.clone(),
        person: None,
        account: None,
        action: "move".to_owned(),
        changes: json!({ "tenant": [known, opened.tenant] }),
        outcome: "done".to_owned(),
        error: None,
        request: None,
    }
}
