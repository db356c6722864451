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
use provisioning::store::SqlStore;
use vendor_users::{Attribute, Directory};

use crate::audit;
use crate::configuration::Configuration;
use crate::failure::Failure;
use crate::hold::{self, Held};
use crate::machine;
use crate::session::{self, Instance};

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
        let whole = |error: std::io::Error| PeopleError { line: 0, key: None, words: format!("it cannot be read: {error}") };
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
    /// What holds the instance from here on, where the plan is to be applied.
    pub(crate) hold: Option<&'a Held>,
}

/// The store, and the instances that were signed in to.
pub(crate) struct Session {
    pub(crate) store: SqlStore,
    pub(crate) opened: Vec<Opened>,
    held: Held,
    is_dry: bool,
}

impl Session {
    /// Opens the store, holds the instances on this machine, and signs in to them.
    pub(crate) async fn begin(configuration: &Configuration, instances: Vec<Instance>, dry_run: bool) -> Result<Self, Failure> {
        let store = session::store(configuration).await?;
        if !dry_run {
            audit::check(configuration)?;
        }
        let held = hold::hold(configuration, &instances)?;
        let opened = futures_util::future::join_all(instances.into_iter().map(open)).await;
        Ok(Self { store, opened, held, is_dry: dry_run })
    }

    /// As [`How::hold`].
    pub(crate) fn hold(&self) -> Option<&Held> {
        (!self.is_dry).then_some(&self.held)
    }
}

/// Has a plan made at an instance. Where it is to be applied, a run holds the instance before that, and lets go of it where no
/// plan is made.
pub(crate) async fn holding<'a>(
    opened: &'a Opened,
    store: &'a dyn Store,
    hold: Option<&Held>,
    make: impl AsyncFnOnce(&'a dyn Directory) -> Result<Plan, String>,
) -> Planned<'a> {
    let mut applier = None;
    let made = async {
        let directory = opened.directory.as_ref().map_err(Clone::clone)?.as_ref();
        if let Some(held) = hold {
            let started =
                Applier::start(directory, store, &opened.rules, &holder(), &actor(), held.alone).await.map_err(words)?;
            held.note(&opened.config.name, started.run());
            applier = Some(started);
        }
        make(directory).await
    };
    let plan = made.await;
    if let (Err(error), Some(held)) = (&plan, applier.take_if(|_| plan.is_err())) {
        // What went wrong is told by the error at hand.
        let _ = held.abandon(error).await;
    }
    Planned { opened, plan, applier }
}

/// What an error of a run says.
pub(crate) fn words(error: ApplyError) -> String {
    error.to_string()
}

/// Plans an instance.
pub(crate) async fn plan<'a>(opened: &'a Opened, store: &'a dyn Store, how: How<'_>) -> Planned<'a> {
    let rules = &opened.rules;
    let now = Timestamp::now();
    let wishes = how.source.wishes(how.configuration, rules, now);
    // Nothing is asked of a vendor for a file that cannot be used.
    let unusable = wishes.errors.iter().find(|error| error.line == 0);
    let unusable = unusable.map(|error| Ok(Plan::stopped(&rules.instance, Stop::File { words: error.words.clone() })));
    let missing = how.asked.only.filter(|only| !wishes.present.contains(*only));
    let early = unusable.or_else(|| missing.map(|only| Err(format!("nobody in the file has the key `{only}`"))));
    let hold = how.hold.filter(|_| early.is_none());
    holding(opened, store, hold, async |directory| {
        if let Some(early) = early {
            return early;
        }
        let mut snapshot = Snapshot::read(directory, store, rules, &wishes, now).await.map_err(words)?;
        snapshot.plan(directory, rules, &wishes, how.asked, &opened.tenant).await.map_err(words)
    })
    .await
}

/// Looks whether a saved plan is still within the limits of its instance, and holds it.
pub(crate) async fn recheck<'a>(
    opened: &'a Opened,
    store: &'a dyn Store,
    plan: Option<Plan>,
    tenant: Option<&str>,
    hold: Option<&Held>,
) -> Planned<'a> {
    let hold = hold.filter(|_| plan.is_some());
    holding(opened, store, hold, async |directory| {
        let mut plan = plan.ok_or("the plan has nothing for this instance")?;
        let snapshot =
            Snapshot::read(directory, store, &opened.rules, &Wishes::default(), Timestamp::now()).await.map_err(words)?;
        let Snapshot { accounts, links, recent, .. } = &snapshot;
        let other = tenant.filter(|tenant| *tenant != opened.tenant);
        let other = other.map(|known| Stop::Tenant { known: known.to_owned(), found: opened.tenant.clone() });
        let stop = other.or_else(|| snapshot.stop(&opened.tenant));
        plan.stop = plan.stop.or(stop).or_else(|| exceeded(&opened.rules, accounts, links, recent, &plan.steps));
        Ok(plan)
    })
    .await
}

/// This process, as others are told who holds an instance.
fn holder() -> String {
    format!("process {} of {}", std::process::id(), machine::name())
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
