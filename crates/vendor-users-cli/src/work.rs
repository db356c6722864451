//! From a file of people to the plans of instances.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use provisioning::Store;
use provisioning::apply::{Applier, ApplyError};
use provisioning::config::{InstanceConfig, day};
use provisioning::jiff::Timestamp;
use provisioning::people::{People, PeopleError};
use provisioning::planner::{Action, Plan, Rules, Stop, Wishes, exceeded};
use provisioning::snapshot::{Asked, Snapshot};
use vendor_users::{Attribute, Directory};

use crate::configuration::Configuration;
use crate::failure::Failure;
use crate::session::Instance;

/// A file of people, or standard input, to be read once for each instance.
#[derive(Debug)]
pub(crate) enum Source {
    File(PathBuf),
    Bytes(Vec<u8>),
}

impl Source {
    /// The file at `path`; `-` is standard input.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        if path.as_os_str() == "-" {
            let mut bytes = Vec::new();
            std::io::stdin()
                .lock()
                .read_to_end(&mut bytes)
                .map_err(|error| Failure::failed(format!("standard input: {error}")))?;
            return Ok(Self::Bytes(bytes));
        }
        match File::open(path) {
            Ok(_) => Ok(Self::File(path.to_owned())),
            Err(error) => Err(Failure::usage(format!("{} cannot be read: {error}", path.display()))),
        }
    }

    fn read(&self) -> std::io::Result<Box<dyn Read + '_>> {
        Ok(match self {
            Self::File(path) => Box::new(File::open(path)?),
            Self::Bytes(bytes) => Box::new(Cursor::new(bytes)),
        })
    }

    /// The rows, or why the file as a whole cannot be used.
    pub(crate) fn people(
        &self,
        configuration: &Configuration,
        now: Timestamp,
    ) -> Result<People<Box<dyn Read + '_>>, PeopleError> {
        let whole = |error: std::io::Error| PeopleError { line: 0, words: format!("it cannot be read: {error}") };
        People::open(self.read().map_err(whole)?, &configuration.config.people, &day(now))
    }

    /// What people are wished to be at an instance. A file that cannot be used is an error of it as a whole.
    fn wishes(&self, configuration: &Configuration, rules: &Rules, now: Timestamp) -> Wishes {
        match self.people(configuration, now) {
            Ok(people) => Wishes::read(people, rules),
            Err(error) => Wishes::read(std::iter::once(Err(error)), rules),
        }
    }
}

/// Expressions that look at columns which the file does not have, each at its place in the configuration.
pub(crate) fn check_columns(source: &Source, configuration: &Configuration, instances: &[Instance]) -> Result<(), Failure> {
    // What is wrong with the file as a whole stops the instances, and is told there.
    let Ok(people) = source.people(configuration, Timestamp::now()) else { return Ok(()) };
    let file = configuration.file.display().to_string();
    let mut missing = BTreeSet::new();
    for instance in instances {
        missing.extend(instance.config.misses(people.columns(), &file).iter().map(ToString::to_string));
    }
    if missing.is_empty() { Ok(()) } else { Err(Failure::Configuration(missing.into_iter().collect())) }
}

/// An instance that was signed in to, or why not.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) config: InstanceConfig,
    pub(crate) rules: Rules,
    pub(crate) title: String,
    pub(crate) tenant: String,
    pub(crate) ignored: Vec<Attribute>,
    pub(crate) directory: Result<Box<dyn Directory>, String>,
}

/// Signs in to an instance.
pub(crate) async fn open(instance: Instance) -> Opened {
    let (title, ignored) = (instance.title(), instance.ignored());
    let (config, rules, tenant, directory) = instance.connect().await;
    let directory = directory.map_err(|error| error.to_string());
    Opened { config, rules, title, tenant, ignored, directory }
}

/// What is planned at an instance, and the run that holds it where the plan is to be applied.
#[derive(Debug)]
pub(crate) struct Planned<'a> {
    pub(crate) opened: &'a Opened,
    pub(crate) plan: Result<Plan, String>,
    pub(crate) applier: Option<Applier<'a>>,
}

/// How a plan is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct How<'a> {
    pub(crate) configuration: &'a Configuration,
    pub(crate) source: &'a Source,
    pub(crate) asked: Asked<'a>,
    /// Whether the plan is to be applied, so that the instance is held from here on, and whether a lock says that nobody else is
    /// at it.
    pub(crate) hold: Option<bool>,
}

/// Plans an instance.
pub(crate) async fn plan<'a>(opened: &'a Opened, store: &'a dyn Store, how: How<'_>) -> Planned<'a> {
    let mut applier = None;
    let plan = match try_plan(opened, store, how, &mut applier).await {
        Ok(plan) => Ok(plan),
        Err(error) => {
            if let Some(applier) = applier.take() {
                // The store refused already, or the reason is told by the error at hand.
                let _ = applier.abandon(&error).await;
            }
            Err(error)
        }
    };
    Planned { opened, plan, applier }
}

async fn try_plan<'a>(
    opened: &'a Opened,
    store: &'a dyn Store,
    how: How<'_>,
    applier: &mut Option<Applier<'a>>,
) -> Result<Plan, String> {
    let words = |error: ApplyError| error.to_string();
    let directory = opened.directory.as_ref().map_err(Clone::clone)?.as_ref();
    let rules = &opened.rules;
    let now = Timestamp::now();
    let wishes = how.source.wishes(how.configuration, rules, now);
    // Nothing is asked of a vendor for a file that cannot be used.
    if let Some(error) = wishes.errors.iter().find(|error| error.line == 0) {
        return Ok(Plan::stopped(&rules.instance, Stop::File { words: error.words.clone() }));
    }
    if let Some(only) = how.asked.only.filter(|only| !wishes.present.contains(*only)) {
        return Err(format!("nobody in the file has the key `{only}`"));
    }
    if let Some(alone) = how.hold {
        *applier = Some(Applier::start_where(directory, store, rules, &holder(), &actor(), alone).await.map_err(words)?);
    }
    let snapshot = Snapshot::read(directory, store, rules, &wishes, now).await.map_err(words)?;
    Ok(snapshot.plan(rules, &wishes, how.asked, &opened.tenant))
}

/// Looks whether a saved plan is still within the limits of its instance, and holds it.
pub(crate) async fn recheck<'a>(
    opened: &'a Opened,
    store: &'a dyn Store,
    plan: Option<Plan>,
    tenant: Option<&str>,
    hold: Option<bool>,
) -> Planned<'a> {
    let mut applier = None;
    let checked = async {
        let mut plan = plan.ok_or("the plan has nothing for this instance")?;
        let words = |error: ApplyError| error.to_string();
        let directory = opened.directory.as_ref().map_err(Clone::clone)?.as_ref();
        if let Some(alone) = hold {
            let started = Applier::start_where(directory, store, &opened.rules, &holder(), &actor(), alone).await;
            applier = Some(started.map_err(words)?);
        }
        let snapshot =
            Snapshot::read(directory, store, &opened.rules, &Wishes::default(), Timestamp::now()).await.map_err(words)?;
        let Snapshot { accounts, links, recent, .. } = &snapshot;
        let other = tenant.filter(|tenant| *tenant != opened.tenant);
        let other = other.map(|known| Stop::Tenant { known: known.to_owned(), found: opened.tenant.clone() });
        let stop = other.or_else(|| snapshot.stop(&opened.tenant));
        plan.stop = plan.stop.or(stop).or_else(|| exceeded(&opened.rules, accounts, links, recent, &plan.steps));
        Ok::<Plan, String>(plan)
    };
    let plan = checked.await;
    if let (Err(error), Some(held)) = (&plan, applier.take_if(|_| plan.is_err())) {
        // What went wrong is told by the error at hand.
        let _ = held.abandon(error).await;
    }
    Planned { opened, plan, applier }
}

/// This process, as others are told who holds an instance.
pub(crate) fn holder() -> String {
    let host = std::fs::read_to_string("/etc/hostname").ok().or_else(|| std::env::var("COMPUTERNAME").ok());
    let host = host.map(|host| host.trim().to_owned()).filter(|host| !host.is_empty());
    format!("process {} of {}", std::process::id(), host.as_deref().unwrap_or("this machine"))
}

/// On whose behalf this is, for the audit log.
pub(crate) fn actor() -> String {
    let names = ["SUDO_USER", "USER", "LOGNAME", "USERNAME"];
    let name = names.iter().find_map(|name| std::env::var(name).ok().filter(|name| !name.is_empty()));
    name.unwrap_or_else(|| "unknown".to_owned())
}

/// Whether a step is something to show.
pub(crate) fn is_shown(action: Action) -> bool {
    action != Action::Nothing
}
