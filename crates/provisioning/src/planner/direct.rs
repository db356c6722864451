//! A change that is demanded by name: one change for accounts that are picked, within the same rules and limits.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};
use vendor_users::Attribute;
use vendor_users::attribute::Value;

use super::account::Account;
use super::decide::{plain, same};
use super::input::Recent;
use super::limits::over;
use super::plan::{Action, Plan, Step, ValueChange};
use super::rules::Rules;
use crate::config::Leavers;
use crate::store::{Link, Origin};

/// The change that is asked for.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// Attributes get these values; `None` clears.
    Set(Vec<(Attribute, Option<Value<'static>>)>),
    /// The account may log in again.
    Enable,
    /// The account is kept from logging in.
    Disable,
    /// The account is removed: one that we created and that is disabled, where `leavers` is "delete".
    Delete,
    /// A new password is demanded.
    ResetPassword,
}

/// Who is picked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Target {
    /// A person, by the stable key.
    Key(String),
    /// An account, by the vendor's identifier.
    Account(String),
}

/// Links by what people are picked by.
pub(crate) struct Linked<'a> {
    keys: BTreeMap<&'a str, &'a Link>,
    accounts: BTreeMap<&'a str, &'a Link>,
}

impl<'a> Linked<'a> {
    pub(crate) fn new(links: &'a [Link]) -> Self {
        let keys = links.iter().filter_map(|link| Some((link.key.as_deref()?, link)));
        let accounts = links.iter().filter_map(|link| Some((link.account.as_deref()?, link)));
        Self { keys: keys.collect(), accounts: accounts.collect() }
    }

    pub(crate) fn of(&self, target: &Target) -> Option<&'a Link> {
        match target {
            Target::Key(key) => self.keys.get(key.as_str()).copied(),
            Target::Account(id) => self.accounts.get(id.as_str()).copied(),
        }
    }
}

/// Plans a change for those who are picked. `unmanaged` says whether accounts that nobody manages are changed as well; that
/// does not make them managed.
#[must_use]
pub fn direct(
    rules: &Rules,
    accounts: &[Account],
    links: &[Link],
    recent: &Recent,
    targets: &BTreeSet<Target>,
    change: &Change,
    unmanaged: bool,
) -> Plan {
    let accounts: BTreeMap<&str, &Account> = accounts.iter().map(|account| (account.id.as_str(), account)).collect();
    let linked = Linked::new(links);
    let mut steps: BTreeMap<String, Step> = BTreeMap::new();
    for target in targets {
        let link = linked.of(target);
        let id = match target {
            Target::Account(id) => Some(id.as_str()),
            Target::Key(_) => link.and_then(|link| link.account.as_deref()),
        };
        let step = step(rules, target, link, id.and_then(|id| accounts.get(id).copied()), change, unmanaged);
        // A person may be picked by key and by account.
        steps.insert(step.key.clone(), step);
    }
    let mut steps: Vec<Step> = steps.into_values().collect();
    steps.sort_by(|a, b| (a.action.order(), &a.key).cmp(&(b.action.order(), &b.key)));
    let managed = links.iter().filter(|link| link.account.is_some() && link.disabled.is_none()).count();
    let stop = over(rules, u64::try_from(managed).unwrap_or(u64::MAX), recent, &steps);
    Plan { instance: rules.instance.clone(), steps, unmanaged: Vec::new(), stop }
}

fn step(
    rules: &Rules,
    target: &Target,
    link: Option<&Link>,
    account: Option<&Account>,
    change: &Change,
    unmanaged: bool,
) -> Step {
    let key = match (link, target) {
        (Some(link), _) => link.key.clone().unwrap_or_else(|| link.id.clone()),
        (None, Target::Key(key)) => key.clone(),
        (None, Target::Account(id)) => format!("account {id}"),
    };
    let mut step = Step {
        key,
        line: None,
        action: Action::Refused,
        account: account.map(|account| account.id.clone()),
        link: link.map(|link| link.id.clone()),
        adopts: false,
        changes: Vec::new(),
        seen: BTreeMap::new(),
        why: String::new(),
    };
    let Some(account) = account else {
        step.why = match (target, link) {
            (Target::Key(_), None) => "nobody with this key is managed here".to_owned(),
            _ => "the vendor has no such account".to_owned(),
        };
        return step;
    };
    if link.is_none() && !unmanaged {
        step.why = "the account is not managed; `--unmanaged` does it all the same".to_owned();
        return step;
    }
    if let Some(why) = rules.untouchable(account) {
        step.action = Action::Protected;
        step.why = why.to_owned();
        return step;
    }
    (step.action, step.changes, step.why) = asked(rules, link, account, change);
    if let Some(manual) = step.action.kind().and_then(|kind| rules.by_hand.get(&kind)) {
        step.why = format!("{} by hand: {manual}", step.action);
        step.action = Action::ByHand;
    }
    let keys = [Attribute::Id, Attribute::ExternalId, Attribute::UserName, Attribute::Active];
    let watched = keys.into_iter().chain(step.changes.iter().map(|change| change.attribute));
    step.seen = watched.filter_map(|attribute| Some((attribute, plain(account.values.get(&attribute)?)))).collect();
    step
}

fn asked(rules: &Rules, link: Option<&Link>, account: &Account, change: &Change) -> (Action, Vec<ValueChange>, String) {
    let active = |new: bool| vec![ValueChange { attribute: Attribute::Active, old: json!(account.is_active()), new: json!(new) }];
    let nothing = |why: &str| (Action::Nothing, Vec::new(), why.to_owned());
    let refused = |why: &str| (Action::Refused, Vec::new(), why.to_owned());
    let why = "asked for by name".to_owned();
    match change {
        Change::Enable if account.is_active() => nothing("the account is active"),
        Change::Enable => (Action::Enable, active(true), why),
        Change::Disable if !account.is_active() && link.is_none_or(|link| !link.unverified) => nothing("the account is inactive"),
        Change::Disable => (Action::Disable, active(false), why),
        Change::ResetPassword => (Action::ResetPassword, Vec::new(), why),
        Change::Delete if rules.config.leavers != Leavers::Delete => {
            refused("deleting needs `leavers = \"delete\"` in the configuration as well")
        }
        Change::Delete if link.is_none_or(|link| link.origin != Origin::Created) => {
            refused("only accounts that were created here are deleted; remove this one at the vendor")
        }
        Change::Delete if account.is_active() => refused("an account is disabled before it is deleted"),
        Change::Delete => (Action::Delete, Vec::new(), why),
        Change::Set(values) => set(rules, account, values, why),
    }
}

fn set(
    rules: &Rules,
    account: &Account,
    values: &[(Attribute, Option<Value<'static>>)],
    why: String,
) -> (Action, Vec<ValueChange>, String) {
    let mut changes = Vec::new();
    for (attribute, value) in values {
        if !rules.carried.contains(attribute) {
            return (
                Action::Refused,
                Vec::new(),
                format!("the vendor has no place for `{attribute}`, or it is not written by default"),
            );
        }
        let old = account.values.get(attribute);
        if *attribute == Attribute::UserName && rules.name_is_id && !same(*attribute, old, value.as_ref()) {
            return (Action::Refused, Vec::new(), "the user name is the vendor's identifier and cannot change".to_owned());
        }
        if !same(*attribute, old, value.as_ref()) {
            let (old, new) = (old.map_or(Json::Null, plain), value.as_ref().map_or(Json::Null, plain));
            changes.push(ValueChange { attribute: *attribute, old, new });
        }
    }
    if changes.is_empty() { (Action::Nothing, changes, "as asked for".to_owned()) } else { (Action::Update, changes, why) }
}
