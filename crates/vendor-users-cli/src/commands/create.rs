//! `create`: an account for one person, with the same rules as a file of people.

use clap::Args;
use provisioning::Store;
use provisioning::config::Authority;
use provisioning::jiff::Timestamp;
use provisioning::planner::{Wish, WishValue, Wishes};
use provisioning::snapshot::{Asked, Snapshot};
use vendor_users::Attribute;

use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::Failure;
use crate::hold::Held;
use crate::perform::{Manner, finish};
use crate::session;
use crate::work::{self, Opened, Planned, Session, words};

/// Creates an account for one person at each instance. An account that matches is adopted only where `--adopt` says so. For many
/// people, see `apply`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vendor-users create 4711 user_name=kim.lee email=kim.lee@example.com -i claims")]
pub(crate) struct Arguments {
    /// The key of the person.
    key: String,
    /// Attributes with their values, `user_name` among them.
    #[arg(value_name = "ATTRIBUTE=VALUE", required = true)]
    values: Vec<String>,
    /// Manage an account that matches.
    #[arg(long)]
    adopt: bool,
    #[command(flatten)]
    manner: Manner,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let configuration = Configuration::read(context)?;
    let wish = wish(arguments)?;
    let instances = session::instances(&configuration, context)?;
    let session = Session::begin(&configuration, instances, arguments.manner.dry_run).await?;
    let plans = session.opened.iter().map(|opened| plan(opened, &session.store, &wish, arguments.adopt, session.hold()));
    let planned = futures_util::future::join_all(plans).await;
    finish(context, &configuration, &session.store, planned, None, &arguments.manner).await
}

fn wish(arguments: &Arguments) -> Result<Wish, Failure> {
    let mut wish = Wish { key: arguments.key.clone(), line: 0, in_scope: true, active: Some(true), values: Default::default() };
    for assignment in &arguments.values {
        let wrong = || Failure::usage(format!("`{assignment}` is no attribute with a value, such as user_name=kim.lee"));
        let (name, text) = assignment.split_once('=').ok_or_else(wrong)?;
        let attribute: Attribute = name.trim().parse().map_err(Failure::usage)?;
        let value = attribute.value_of(text.trim()).map_err(|error| Failure::usage(format!("`{assignment}`: {error}")))?;
        // An account that is there keeps what it has: this creates.
        wish.values.insert(attribute, WishValue { value: Some(value), authority: Authority::Create });
    }
    Ok(wish)
}

async fn plan<'a>(opened: &'a Opened, store: &'a dyn Store, wish: &Wish, adopt: bool, hold: Option<&Held>) -> Planned<'a> {
    work::holding(opened, store, hold, async |directory| {
        let rules = &opened.rules;
        let wishes = Wishes { people: vec![wish.clone()], present: [wish.key.clone()].into(), ..Wishes::default() };
        let mut snapshot = Snapshot::read(directory, store, rules, &wishes, Timestamp::now()).await.map_err(words)?;
        let asked = Asked { adopt, only: Some(&wish.key), ..Asked::default() };
        let mut plan = snapshot.plan(directory, rules, &wishes, asked, &opened.tenant).await.map_err(words)?;
        // Who else there is, is not the question here.
        plan.unmanaged.clear();
        plan.steps.iter_mut().for_each(|step| step.line = None);
        Ok(plan)
    })
    .await
}
