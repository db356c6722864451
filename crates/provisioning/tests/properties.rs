//! Properties of plans that hold in every world.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use provisioning::planner::{Account, Action, Plan};
use provisioning::store::Kind;
use vendor_users::Attribute;
use vendor_users::attribute::Value;

use crate::planner::{CONFIG, World, account, link, now, planned_with, world};

/// Does what a plan says to a world, as a vendor that carries everything would: the oracle, which knows nothing of rules.
fn applied(world: &World, plan: &Plan) -> World {
    let mut world = world.clone();
    if plan.stop.is_some() {
        return world;
    }
    let value = |json: &serde_json::Value| match json {
        serde_json::Value::Bool(flag) => Some(Value::Flag(*flag)),
        serde_json::Value::String(text) => Some(Value::from(text.clone())),
        _ => None,
    };
    for step in &plan.steps {
        match step.action {
            Action::Create => {
                let id = format!("new-{}", step.key);
                let mut new = Account { id: id.clone(), values: BTreeMap::new(), is_administrator: false };
                new.values.insert(Attribute::Id, Value::from(id.clone()));
                new.values.insert(Attribute::Active, Value::Flag(true));
                new.values.extend(step.changes.iter().filter_map(|change| Some((change.attribute, value(&change.new)?))));
                world.accounts.push(new);
                world.links.retain(|link| link.key.as_deref() != Some(&step.key));
                world.links.push(link(&step.key, &id));
            }
            Action::Delete => world.accounts.retain(|account| Some(&account.id) != step.account.as_ref()),
            _ => {
                let Some(id) = step.account.clone() else { continue };
                if step.adopts {
                    world.links.push(link(&step.key, &id));
                }
                let writes = step.action.kind().is_some();
                let account = world.accounts.iter_mut().find(|account| account.id == id);
                let Some(account) = account.filter(|_| writes) else { continue };
                for change in &step.changes {
                    match value(&change.new) {
                        Some(value) => drop(account.values.insert(change.attribute, value)),
                        None => drop(account.values.remove(&change.attribute)),
                    }
                }
                let link = world.links.iter_mut().find(|link| link.account.as_deref() == Some(&id));
                if let Some(link) = link.filter(|_| step.action == Action::Disable) {
                    link.disabled = Some(now());
                }
            }
        }
    }
    world
}

const NAMES: [&str; 8] = ["ann", "bob", "cy", "di", "eve", "svc-1", "root", "fay"];

prop_compose! {
    fn any_world()(
        accounts in prop::collection::btree_map(0..NAMES.len(), (any::<bool>(), any::<bool>()), 0..8),
        linked in prop::collection::btree_map(0..NAMES.len(), (0..NAMES.len(), any::<bool>()), 0..6),
        rows in prop::collection::vec((0..9_u8, 0..NAMES.len(), 0..NAMES.len(), 0..3_usize, 0..3_usize), 1..8),
        (complete, adopt, confirmed) in any::<(bool, bool, bool)>(),
        recent in 0..3_u64,
        share in 0..100_u64,
    ) -> (World, u64) {
        let mut world = world();
        world.accounts = accounts.iter().map(|(name, (active, administrator))| {
            let mut account = account(&format!("a{name}"), NAMES[*name], *active);
            account.is_administrator = *administrator;
            account
        }).collect();
        // One link for a person and one for an account, as the store promises.
        let mut taken = BTreeSet::new();
        world.links = linked.iter().filter(|(_, (account, _))| taken.insert(*account)).map(|(key, (account, disabled))| {
            let mut link = link(&key.to_string(), &format!("a{account}"));
            link.disabled = disabled.then(now);
            link
        }).collect();
        let cells = |(key, name, mail, title, active): &(u8, usize, usize, usize, usize)| {
            format!("{key},{},{}@x.org,{},,{}\n", NAMES[*name], NAMES[*mail], ["", "Clerk", "Boss"][*title], ["", "true", "false"][*active])
        };
        world.rows = rows.iter().map(cells).collect();
        (world.complete, world.adopt, world.confirmed) = (complete, adopt, confirmed);
        world.recent.0.insert(Kind::Disable, recent);
        (world, share)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn plans_are_safe_and_are_done_once((world, share) in any_world()) {
        let text = CONFIG.replace("\"100%\"", &format!("\"{share}%\""));
        let plan = planned_with(&world, &text);
        let after = applied(&world, &plan);
        let before: BTreeMap<&str, &Account> = world.accounts.iter().map(|account| (account.id.as_str(), account)).collect();
        let managed: BTreeSet<&str> = world.links.iter().filter_map(|link| link.account.as_deref()).collect();
        // Never touched: what is protected, administrators', and what is not managed unless it was to be adopted.
        for account in &after.accounts {
            let Some(old) = before.get(account.id.as_str()) else { continue };
            let name = old.text(Attribute::UserName).unwrap_or_default();
            let guarded = name.starts_with("svc-") || name == "root" || old.is_administrator;
            let unmanaged = !managed.contains(account.id.as_str()) && !world.adopt;
            if guarded || unmanaged {
                prop_assert_eq!(*old, account, "{:#?}", plan);
            }
        }
        // The limit holds, counted by the accounts themselves.
        let off = |id: &str, world: &World| world.accounts.iter().any(|account| account.id == id && !account.is_active());
        let newly = before.keys().filter(|id| off(id, &after) && !off(id, &world)).count() as u64;
        let recent = world.recent.0[&Kind::Disable];
        let active = managed.iter().filter(|id| before.get(**id).is_some_and(|account| account.is_active())).count() as u64;
        let allowed = ((active + recent) * share / 100).max(u64::from(share > 0));
        prop_assert!(newly == 0 || newly + recent <= allowed, "{newly} + {recent} > {allowed}: {plan:#?}");
        // Nobody is switched off by absence unless the file is complete, whole, and the store is known.
        let present: BTreeSet<&str> = world.rows.lines().filter_map(|row| row.split(',').next()).collect();
        for step in plan.steps.iter().filter(|step| step.action == Action::Disable && !present.contains(step.key.as_str())) {
            prop_assert!(world.complete && world.confirmed, "{step:?}");
        }
        // One account is one person's, and no two accounts share a name.
        let owned: Vec<&str> = after.links.iter().filter_map(|link| link.account.as_deref()).collect();
        prop_assert_eq!(owned.iter().collect::<BTreeSet<_>>().len(), owned.len());
        let names: Vec<String> = after.accounts.iter().filter_map(|account| account.text(Attribute::UserName)).collect();
        prop_assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{:#?}", plan);
        // A second run writes nothing. Who was refused for a name that this run has freed comes next, and that ends as well.
        let refused = plan.steps.iter().any(|step| step.action == Action::Refused);
        let (mut world, mut plan) = (after, plan);
        for round in 0..NAMES.len() {
            let again = planned_with(&world, &text);
            if plan.stop.is_some() || again.stop.is_some() {
                break;
            }
            let writes: Vec<_> = again.steps.iter().filter(|step| step.action.kind().is_some() || step.adopts).collect();
            prop_assert!(writes.is_empty() || refused, "{:#?} after {:#?}", writes, plan);
            if writes.is_empty() {
                break;
            }
            prop_assert!(round + 1 < NAMES.len(), "it does not end: {writes:#?}");
            world = applied(&world, &again);
            plan = again;
        }
    }
}
