//! What there is at an instance just now: its accounts, and what the store knows of them.
//!
//! Takes a directory and a store, and gives what a plan is made from. Reads only. Where a vendor lists no users, each person is searched
//! for, and those that no search can find are named.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};
use vendor_users::attribute::Value;
use vendor_users::{Attribute, Directory, Error, ErrorKind, MatchKey, Verb};

use crate::apply::{ApplyError, accounts, recent};
use crate::planner::{Account, Action, Input, Linked, Plan, Recent, Rules, Step, Stop, Target, Wish, Wishes, plan};
use crate::store::{Link, Store, StoreError};

/// The kind of document by which a store knows that it is whole, and which tenant it belongs to.
const CONFIRMED: &str = "confirmed-instance";

/// Clocks of machines that share a store or a saved plan may differ by so much.
pub(crate) const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// What is asked for beside the configuration and the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked<'a> {
    /// Whether the file claims to be everybody in scope.
    pub complete: bool,
    /// Whether accounts that match are adopted.
    pub adopt: bool,
    /// Whether deleting was asked for.
    pub delete: bool,
    /// The one person who is looked at.
    pub only: Option<&'a str>,
}

/// What there is at an instance.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The accounts, as far as the vendor shows them.
    pub accounts: Vec<Account>,
    /// People without a link of whom nobody can tell whether they have an account.
    pub unseen: BTreeSet<String>,
    /// The links of the store that have not ended.
    pub links: Vec<Link>,
    /// What was done lately.
    pub recent: Recent,
    /// The tenant that the store knows, once an apply was whole.
    pub tenant: Option<String>,
    /// Whether the store is whole, as far as anybody knows.
    pub confirmed: bool,
    /// When the latest run at the instance started.
    pub last: Option<Timestamp>,
    /// When it was read.
    pub now: Timestamp,
}

impl Snapshot {
    /// Reads what there is. `wishes` says of whom, where the vendor lists no users.
    ///
    /// # Errors
    ///
    /// The store or the vendor cannot be read.
    pub async fn read(
        directory: &dyn Directory,
        store: &dyn Store,
        rules: &Rules,
        wishes: &Wishes,
        now: Timestamp,
    ) -> Result<Self, ApplyError> {
        let mut snapshot = Self::without_accounts(store, rules, now).await?;
        if directory.capabilities().supports(Verb::List) {
            snapshot.accounts = accounts(directory, &rules.config).await?;
        } else {
            (snapshot.accounts, snapshot.unseen) = one_by_one(directory, rules, wishes, &snapshot.links).await?;
        }
        Ok(snapshot)
    }

    /// What the store knows.
    async fn without_accounts(store: &dyn Store, rules: &Rules, now: Timestamp) -> Result<Self, ApplyError> {
        let links = links(store, &rules.instance).await?;
        let recent = recent(store, &rules.instance, now).await?;
        let document = store.document(CONFIRMED, &rules.instance, now).await?;
        let tenant = document.as_ref().and_then(|document| document.get("tenant")?.as_str()).map(str::to_owned);
        let doubted = document.as_ref().and_then(|document| document.get("doubted")?.as_bool()).unwrap_or(false);
        let confirmed = tenant.is_some() && !doubted;
        let last = store.runs(&rules.instance, 1).await?.pop().map(|run| run.started);
        Ok(Self { accounts: Vec::new(), unseen: BTreeSet::new(), links, recent, tenant, confirmed, last, now })
    }

    /// Reads what there is of these accounts alone, by the vendor's identifiers and the keys of people.
    ///
    /// # Errors
    ///
    /// The store or the vendor cannot be read.
    pub async fn of(
        directory: &dyn Directory,
        store: &dyn Store,
        rules: &Rules,
        targets: &BTreeSet<Target>,
        now: Timestamp,
    ) -> Result<Self, ApplyError> {
        let mut snapshot = Self::without_accounts(store, rules, now).await?;
        let links = Linked::new(&snapshot.links);
        let mut accounts = BTreeMap::new();
        for target in targets {
            let link = links.of(target);
            let id = match target {
                Target::Account(id) => Some(id.clone()),
                Target::Key(_) => link.and_then(|link| link.account.clone()),
            };
            let Some(id) = id else { continue };
            let account = match link {
                Some(link) => linked(directory, rules, link, &id).await?,
                None => read(directory, rules, &id).await?,
            };
            accounts.extend(account.map(|account| (account.id.clone(), account)));
        }
        snapshot.accounts = accounts.into_values().collect();
        Ok(snapshot)
    }

    /// Returns why nothing at all is done at the tenant called `tenant`, whatever is planned.
    #[must_use]
    pub fn stop(&self, tenant: &str) -> Option<Stop> {
        if let Some(known) = self.tenant.as_ref().filter(|known| known.as_str() != tenant) {
            return Some(Stop::Tenant { known: known.clone(), found: tenant.to_owned() });
        }
        let last = self.last.filter(|last| last.duration_since(self.now) > SKEW)?;
        Some(Stop::Clock { last, now: self.now })
    }

    /// A plan from what is known here.
    fn planned(&self, rules: &Rules, wishes: &Wishes, asked: Asked<'_>, tenant: &str) -> Plan {
        let mut plan = plan(&Input {
            rules,
            wishes,
            accounts: &self.accounts,
            unseen: &self.unseen,
            links: &self.links,
            recent: &self.recent,
            now: self.now,
            complete: asked.complete,
            adopt: asked.adopt,
            delete: asked.delete,
            confirmed: self.confirmed,
            only: asked.only,
        });
        plan.stop = self.stop(tenant).or(plan.stop);
        plan
    }

    /// Plans the instance, which is the tenant called `tenant`. Where a value is to be set and a list that leaves out attributes shows
    /// none, the account is read whole first: what such a list leaves out is no difference. So is whom it shows as switched off
    /// although nobody here did.
    ///
    /// # Errors
    ///
    /// The vendor cannot be read.
    pub async fn plan(
        &mut self,
        directory: &dyn Directory,
        rules: &Rules,
        wishes: &Wishes,
        asked: Asked<'_>,
        tenant: &str,
    ) -> Result<Plan, ApplyError> {
        let plan = self.planned(rules, wishes, asked, tenant);
        let capabilities = directory.capabilities();
        if capabilities.lists_whole_records() || !capabilities.supports(Verb::List) || !capabilities.supports(Verb::Get) {
            return Ok(plan);
        }
        let is_unseen = |step: &&Step| step.changes.iter().any(|change| change.old.is_null());
        let mut ids: BTreeSet<String> = plan.steps.iter().filter(is_unseen).filter_map(|step| step.account.clone()).collect();
        // Whom we did not switch off is not taken for switched off because a list says so.
        let ours: BTreeSet<&String> =
            self.links.iter().filter(|link| link.disabled.is_none()).filter_map(|link| link.account.as_ref()).collect();
        let is_off = |account: &&Account| account.values.get(&Attribute::Active) == Some(&Value::Flag(false));
        let off = self.accounts.iter().filter(|account| ours.contains(&account.id)).filter(is_off);
        ids.extend(off.map(|account| account.id.clone()));
        if ids.is_empty() {
            return Ok(plan);
        }
        let mut read_whole = BTreeMap::new();
        for id in ids {
            read_whole.extend(read(directory, rules, &id).await?.map(|account| (id, account)));
        }
        for account in &mut self.accounts {
            if let Some(whole) = read_whole.remove(&account.id) {
                *account = whole;
            }
        }
        Ok(self.planned(rules, wishes, asked, tenant))
    }
}

/// Remembers that the store is whole for this tenant, once a plan for everybody left nobody to adopt. Says whether it did.
///
/// # Errors
///
/// The store cannot be used.
pub async fn confirm(store: &dyn Store, plan: &Plan, asked: Asked<'_>, tenant: &str) -> Result<bool, StoreError> {
    let whole = asked.only.is_none() && plan.stop.is_none();
    if !whole || plan.steps.iter().any(|step| step.action == Action::WouldAdopt) {
        return Ok(false);
    }
    store.put_document(CONFIRMED, &plan.instance, &json!({ "tenant": tenant }), None).await?;
    Ok(true)
}

/// Lets a store that was whole decide nothing from absence until it is [confirmed](confirm) again, such as one that is an older
/// copy of what was used last. Says whether it was believed before.
///
/// # Errors
///
/// The store cannot be used.
pub async fn doubt(store: &dyn Store, instance: &str) -> Result<bool, StoreError> {
    let Some(mut document) = store.document(CONFIRMED, instance, Timestamp::now()).await? else { return Ok(false) };
    if document.get("doubted") == Some(&Json::Bool(true)) {
        return Ok(false);
    }
    document["doubted"] = Json::Bool(true);
    store.put_document(CONFIRMED, instance, &document, None).await?;
    Ok(true)
}

/// Remembers that the store belongs to this tenant, after a person has said that it is the same one at another address.
///
/// # Errors
///
/// The store cannot be used.
pub async fn move_tenant(store: &dyn Store, instance: &str, tenant: &str) -> Result<(), StoreError> {
    let known = store.document(CONFIRMED, instance, Timestamp::now()).await?;
    let mut document = known.unwrap_or_else(|| json!({}));
    document["tenant"] = Json::from(tenant);
    store.put_document(CONFIRMED, instance, &document, None).await
}

/// Returns all links of an instance that have not ended.
///
/// # Errors
///
/// The store cannot be read.
pub async fn links(store: &dyn Store, instance: &str) -> Result<Vec<Link>, StoreError> {
    const PAGE: usize = 5000;
    let mut all: Vec<Link> = Vec::new();
    loop {
        let page = store.links(instance, all.last().map(|link| link.id.as_str()), PAGE).await?;
        let is_last = page.len() < PAGE;
        all.extend(page);
        if is_last {
            return Ok(all);
        }
    }
}

/// The accounts of links and of people, where there is no list.
async fn one_by_one(
    directory: &dyn Directory,
    rules: &Rules,
    wishes: &Wishes,
    links: &[Link],
) -> Result<(Vec<Account>, BTreeSet<String>), ApplyError> {
    let mut accounts: BTreeMap<String, Account> = BTreeMap::new();
    for link in links {
        let Some(id) = link.account.as_deref() else { continue };
        accounts.extend(linked(directory, rules, link, id).await?.map(|account| (account.id.clone(), account)));
    }
    let keys: BTreeSet<&str> = links.iter().filter_map(|link| link.key.as_deref()).collect();
    let mut unseen = BTreeSet::new();
    for wish in wishes.people.iter().filter(|wish| wish.in_scope && !keys.contains(wish.key.as_str())) {
        match searched(directory, rules, wish).await? {
            Some(found) => accounts.extend(found.into_iter().map(|account| (account.id.clone(), account))),
            None => drop(unseen.insert(wish.key.clone())),
        }
    }
    Ok((accounts.into_values().collect(), unseen))
}

/// The account of a link; where the vendor shows none, what was last written is all that is known.
async fn linked(directory: &dyn Directory, rules: &Rules, link: &Link, id: &str) -> Result<Option<Account>, ApplyError> {
    if !directory.capabilities().supports(Verb::Get) {
        let written = link.written.iter().filter_map(|(attribute, value)| Some((*attribute, value_of(value)?)));
        let mut values: BTreeMap<Attribute, Value<'static>> = written.collect();
        values.insert(Attribute::Id, Value::from(id.to_owned()));
        values.insert(Attribute::Active, Value::Flag(link.disabled.is_none()));
        return Ok(Some(Account { id: id.to_owned(), values, is_administrator: false }));
    }
    read(directory, rules, id).await
}

async fn read(directory: &dyn Directory, rules: &Rules, id: &str) -> Result<Option<Account>, ApplyError> {
    match directory.get(id).await {
        Ok(user) => Account::of(&*user, &rules.config).map_err(ApplyError::Account),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn value_of(json: &Json) -> Option<Value<'static>> {
    match json {
        Json::String(text) => Some(Value::from(text.clone())),
        Json::Bool(flag) => Some(Value::Flag(*flag)),
        _ => None,
    }
}

/// The accounts that a person's keys find; `None` where nobody can tell.
async fn searched(directory: &dyn Directory, rules: &Rules, wish: &Wish) -> Result<Option<Vec<Account>>, ApplyError> {
    if !directory.capabilities().supports(Verb::Find) {
        return Ok(None);
    }
    let (mut accounts, mut proven) = (Vec::new(), false);
    let keys = MatchKey::ALL.iter().filter(|key| rules.tells_apart(key.attribute()));
    for key in keys {
        let Some(text) = wish.text(key.attribute()) else { continue };
        let found = match directory.find(key.by(&text)).await {
            Ok(found) => found,
            // The vendor has no property for this key; another one may find the person.
            Err(error) if error.kind() == ErrorKind::Unsupported => continue,
            Err(error) => return Err(error.into()),
        };
        proven |= found.is_complete() || !found.is_empty();
        for user in found {
            accounts.extend(whole(directory, rules, &*user).await?);
        }
    }
    Ok(proven.then_some(accounts))
}

/// A search may show less of an account than a read does.
async fn whole(directory: &dyn Directory, rules: &Rules, user: &dyn vendor_users::User) -> Result<Option<Account>, ApplyError> {
    let id = user.id().map(std::borrow::Cow::into_owned);
    let read = match id.filter(|_| directory.capabilities().supports(Verb::Get)) {
        Some(id) => Some(directory.get(&id).await.map_err(|error: Error| ApplyError::from(error))?),
        None => None,
    };
    Account::of(read.as_deref().unwrap_or(user), &rules.config).map_err(ApplyError::Account)
}
