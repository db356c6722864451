//! Who is picked on the command line: people by key, accounts by identifier, a query, a file; and one change for all of them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use provisioning::Store;
use provisioning::jiff::Timestamp;
use provisioning::planner::{Change, Target, Wishes, direct};
use provisioning::snapshot::Snapshot;
use vendor_users::Verb;
use vendor_users::query::ListQuery;

use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::Failure;
use crate::hold::Held;
use crate::perform::{Manner, finish};
use crate::work::{self, Opened, Planned, Session, Source, words};
use crate::{query, session};

/// Who is picked.
#[derive(Clone, Debug, Args)]
pub(crate) struct Targets {
    /// People, by the key.
    #[arg(value_name = "KEY")]
    pub(crate) keys: Vec<String>,
    /// An account, by the vendor's identifier.
    #[arg(long, value_name = "ID")]
    id: Vec<String>,
    /// Accounts for which a condition holds, as `list` has it; all of several.
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<String>,
    /// The people of a CSV file with the column of the key; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Change accounts that are not managed as well; that does not make them managed.
    #[arg(long)]
    unmanaged: bool,
}

impl Targets {
    fn named(&self, configuration: &Configuration) -> Result<BTreeSet<Target>, Failure> {
        let mut named: BTreeSet<Target> = self.keys.iter().cloned().map(Target::Key).collect();
        named.extend(self.id.iter().cloned().map(Target::Account));
        if let Some(path) = &self.from {
            let source = Source::open(path)?;
            let wrong = |error: &dyn std::fmt::Display| Failure::Stopped(format!("{}: {error}", path.display()));
            let people = source.people(configuration, Timestamp::now()).map_err(|error| wrong(&error))?;
            for person in people {
                named.insert(Target::Key(person.map_err(|error| wrong(&error))?.key));
            }
        }
        if named.is_empty() && self.conditions.is_empty() {
            return Err(Failure::usage("nobody was picked: name keys, or use --id, --where or --from"));
        }
        Ok(named)
    }
}

/// The words of a command that does one change.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) targets: Targets,
    #[command(flatten)]
    pub(crate) manner: Manner,
}

/// Does one change for those whom a command names.
pub(crate) async fn change(context: &Context, arguments: &Arguments, change: &Change) -> Result<u8, Failure> {
    run(context, &arguments.targets, change, &arguments.manner).await
}

/// Does one change for those who are picked, at each instance that was named.
pub(crate) async fn run(context: &Context, targets: &Targets, change: &Change, manner: &Manner) -> Result<u8, Failure> {
    let configuration = Configuration::read(context)?;
    let query = query::conditions(&targets.conditions)?;
    let named = targets.named(&configuration)?;
    if context.instances.is_empty()
        && configuration.config.instances.len() > 1
        && !(targets.id.is_empty() && targets.conditions.is_empty())
    {
        return Err(Failure::usage("`--id` and `--where` pick accounts of one vendor: name the instance with `--instance`"));
    }
    let instances = session::instances(&configuration, context)?;
    let session = Session::begin(&configuration, instances, manner.dry_run).await?;
    let pick =
        Pick { query: (!targets.conditions.is_empty()).then_some(&query), named: &named, change, unmanaged: targets.unmanaged };
    let plans = session.opened.iter().map(|opened| plan(opened, &session.store, pick, session.hold()));
    let planned = futures_util::future::join_all(plans).await;
    finish(context, &configuration, &session.store, planned, None, manner).await
}

#[derive(Clone, Copy)]
struct Pick<'a> {
    query: Option<&'a ListQuery>,
    named: &'a BTreeSet<Target>,
    change: &'a Change,
    unmanaged: bool,
}

async fn plan<'a>(opened: &'a Opened, store: &'a dyn Store, pick: Pick<'_>, hold: Option<&Held>) -> Planned<'a> {
    work::holding(opened, store, hold, async |directory| {
        let rules = &opened.rules;
        let mut targets = pick.named.clone();
        let now = Timestamp::now();
        let snapshot = match pick.query {
            Some(query) => {
                if !directory.capabilities().supports(Verb::List) {
                    return Err(format!("{} has no list of users, so that `--where` picks nobody", opened.title));
                }
                let users = query::all(directory, |user| query.matches(user)).await?;
                targets.extend(users.iter().filter_map(|user| Some(Target::Account(user.id()?.into_owned()))));
                Snapshot::read(directory, store, rules, &Wishes::default(), now).await.map_err(words)?
            }
            None => Snapshot::of(directory, store, rules, &targets, now).await.map_err(words)?,
        };
        let Snapshot { accounts, links, recent, .. } = &snapshot;
        let mut plan = direct(rules, accounts, links, recent, &targets, pick.change, pick.unmanaged);
        plan.stop = snapshot.stop(&opened.tenant).or(plan.stop);
        Ok(plan)
    })
    .await
}
