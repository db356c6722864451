//! The planner: tables of situations and of disasters.

use std::collections::BTreeMap;

use provisioning::config::Config;
use provisioning::jiff::Timestamp;
use provisioning::people::People;
use provisioning::planner::{Account, Action, Input, Plan, Recent, Rules, Stop, Wishes, plan};
use provisioning::store::{Kind, Link, Origin};
use vendor_users::attribute::Value;
use vendor_users::{Attribute, Capabilities, Capability, Instance, Verb};

pub(crate) const CONFIG: &str = r#"[people]
key = "nr"
[instances.x]
vendor = "x"
match = ["user_name", "email"]
protect = ["svc-*", "root"]
active = "active"
leavers = "disable"
MORE
[instances.x.limits]
max_disable = "100%"
LIMITS
[instances.x.map]
user_name = "name"
email = "mail"
title = "title"
locale = { from = "locale", authority = "create" }
"#;

/// A world to plan in.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) more: String,
    pub(crate) limits: String,
    pub(crate) rows: String,
    pub(crate) accounts: Vec<Account>,
    pub(crate) links: Vec<Link>,
    pub(crate) recent: Recent,
    pub(crate) complete: bool,
    pub(crate) adopt: bool,
    pub(crate) delete: bool,
    pub(crate) confirmed: bool,
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_second(1_760_000_000).expect("a time")
}

pub(crate) fn account(id: &str, name: &str, active: bool) -> Account {
    let values = BTreeMap::from([
        (Attribute::Id, Value::from(id.to_owned())),
        (Attribute::UserName, Value::from(name.to_owned())),
        (Attribute::Email, Value::from(format!("{name}@x.org"))),
        (Attribute::Title, Value::from("Clerk".to_owned())),
        (Attribute::Active, Value::Flag(active)),
    ]);
    Account { id: id.to_owned(), values, is_administrator: false }
}

pub(crate) fn link(key: &str, account: &str) -> Link {
    let mut link = Link::new("x", Origin::Created, now()).expect("an identifier");
    link.key = Some(key.to_owned());
    link.account = Some(account.to_owned());
    link
}

/// Ann, Bob and Cy are linked to a1, a2 and a3 and as wished; a4 is nobody's.
pub(crate) fn world() -> World {
    World {
        more: String::new(),
        limits: String::new(),
        rows: "1,ann,ann@x.org,Clerk,,true\n2,bob,bob@x.org,Clerk,,true\n3,cy,cy@x.org,Clerk,,true\n".to_owned(),
        accounts: vec![
            account("a1", "ann", true),
            account("a2", "bob", true),
            account("a3", "cy", true),
            account("a4", "di", true),
        ],
        links: vec![link("1", "a1"), link("2", "a2"), link("3", "a3")],
        recent: Recent::default(),
        complete: true,
        adopt: false,
        delete: false,
        confirmed: true,
    }
}

fn rules(world: &World) -> Rules {
    let text = CONFIG.replace("MORE", &world.more).replace("LIMITS", &world.limits);
    let config = Config::parse("c.toml", &text).expect("a good configuration");
    let mut capabilities = Capabilities::builder(Instance::new("x", "X"));
    for attribute in
        [Attribute::Id, Attribute::UserName, Attribute::Email, Attribute::Title, Attribute::Locale, Attribute::Active]
    {
        capabilities = capabilities.carries(attribute, attribute.name());
    }
    let operation = || Capability::direct(vendor_users::Operation::new("Do", "POST", "/do"));
    for verb in [Verb::Create, Verb::Update, Verb::Activate, Verb::Deactivate, Verb::Delete] {
        capabilities = capabilities.verb(verb, operation());
    }
    Rules::new(&config.instances["x"], &capabilities.build())
}

fn planned(world: &World) -> Plan {
    planned_with(world, CONFIG)
}

/// `key action` of each step that is more than nothing.
fn told(plan: &Plan) -> Vec<String> {
    let steps = plan.steps.iter().filter(|step| step.action != Action::Nothing);
    steps.map(|step| format!("{} {}", step.key, step.action)).collect()
}

type Change = fn(&mut World);

#[test]
fn each_situation_has_its_outcome() {
    let table: [(&str, Change, &[&str]); 27] = [
        ("somebody has another name", |w| w.rows = w.rows.replace("1,ann,", "1,anne,"), &["1 update"]),
        ("all as wished", |_| {}, &[]),
        ("a joiner", |w| w.rows += "5,eve,eve@x.org,Clerk,en,true\n", &["5 create"]),
        ("an inactive joiner gets nothing", |w| w.rows += "5,eve,eve@x.org,Clerk,en,false\n", &[]),
        ("a mover", |w| w.rows = w.rows.replace("ann@x.org,Clerk", "ann@x.org,Boss"), &["1 update"]),
        ("an empty cell keeps", |w| w.rows = w.rows.replace("ann@x.org,Clerk", "ann@x.org,"), &[]),
        (
            "a clear column clears",
            |w| {
                w.more = "clear = ['title']".into();
                w.rows = w.rows.replace("ann@x.org,Clerk", "ann@x.org,");
            },
            &["1 update"],
        ),
        ("case of names is no drift", |w| w.rows = w.rows.replace("1,ann", "1,ANN"), &[]),
        ("create-only is not put right", |w| w.rows = w.rows.replace("Clerk,,true", "Clerk,nb,true"), &[]),
        (
            "a status leaver",
            |w| w.rows = w.rows.replace("1,ann,ann@x.org,Clerk,,true", "1,ann,ann@x.org,Clerk,,false"),
            &["1 disable"],
        ),
        ("an absent leaver", |w| w.rows = w.rows.replace("1,ann,ann@x.org,Clerk,,true\n", ""), &["1 disable"]),
        (
            "absence in a file that is not complete",
            |w| {
                w.complete = false;
                w.rows = w.rows.replace("1,ann,ann@x.org,Clerk,,true\n", "");
            },
            &["1 leaver"],
        ),
        (
            "absence with a store that was lost",
            |w| {
                w.confirmed = false;
                w.rows = w.rows.replace("1,ann,ann@x.org,Clerk,,true\n", "");
            },
            &["1 leaver"],
        ),
        (
            "absence beside a row that cannot be read",
            |w| {
                w.rows = w.rows.replace("1,ann,ann@x.org,Clerk,,true\n", "").replace("2,bob,bob@x.org,", "2,bob,");
            },
            &["1 leaver", "2 refused"],
        ),
        (
            "a protected leaver",
            |w| {
                w.more = "protect = []".into();
                w.more.clear();
                w.accounts[0] = account("a1", "svc-ann", true);
                w.rows = w.rows.replace("1,ann,ann@x.org,Clerk,,true\n", "");
            },
            &["1 protected"],
        ),
        (
            "an administrator who leaves",
            |w| {
                w.accounts[0].is_administrator = true;
                w.rows = w.rows.replace("1,ann,ann@x.org,Clerk,,true\n", "");
            },
            &["1 protected"],
        ),
        ("an unmanaged match", |w| w.rows += "5,di,di@x.org,Clerk,,true\n", &["5 would adopt"]),
        (
            "an unmanaged match is adopted when asked",
            |w| {
                w.adopt = true;
                w.rows += "5,di,di@x.org,Clerk,,true\n";
            },
            &["5 adopt"],
        ),
        ("two rows with one name", |w| w.rows += "5,ann,eve@x.org,Clerk,,true\n", &["1 refused", "5 refused"]),
        ("two rows with one key", |w| w.rows += "1,eve,eve@x.org,Clerk,,true\n", &["1 refused", "1 refused"]),
        (
            "keys that find two accounts",
            |w| {
                w.links.clear();
                w.rows = "9,ann,bob@x.org,Clerk,,true\n".into();
            },
            &["9 refused"],
        ),
        ("a name re-used by somebody else", |w| w.rows = w.rows.replace("1,ann", "7,ann"), &["1 disable", "7 refused"]),
        ("a locked account is not enabled", |w| w.accounts[0] = account("a1", "ann", false), &["1 refused"]),
        (
            "who returns is enabled",
            |w| {
                w.accounts[0] = account("a1", "ann", false);
                w.links[0].disabled = Some(now());
            },
            &["1 enable"],
        ),
        (
            "a disable that was not verified",
            |w| {
                w.accounts[0] = account("a1", "ann", false);
                w.links[0].unverified = true;
                w.rows = w.rows.replace("1,ann,ann@x.org,Clerk,,true\n", "");
            },
            &["1 disable"],
        ),
        (
            "deleting takes three words",
            |w| {
                w.more = "delete_after = '30d'".into();
                w.accounts[0] = account("a1", "ann", false);
                w.links[0].disabled = Some(Timestamp::UNIX_EPOCH);
                w.delete = true;
                w.rows = w.rows.replace("1,ann,ann@x.org,Clerk,,true\n", "");
            },
            &[],
        ),
        ("an account that is gone is made again", |w| drop(w.accounts.remove(0)), &["1 create"]),
    ];
    for (what, change, wanted) in table {
        let mut world = world();
        change(&mut world);
        let plan = planned(&world);
        assert_eq!(told(&plan), wanted, "{what}: {plan:#?}");
        assert_eq!(plan.counts().values().sum::<u64>(), plan.steps.len() as u64, "{what}");
    }
}

#[test]
fn what_was_disabled_long_enough_is_deleted_when_asked_thrice() {
    let mut gone = world();
    gone.accounts[0] = account("a1", "ann", false);
    gone.links[0].disabled = Some(Timestamp::UNIX_EPOCH);
    gone.rows = gone.rows.replace("1,ann,ann@x.org,Clerk,,true\n", "");
    let with = |delete: bool, origin: Origin, word: &str| {
        let mut world = gone.clone();
        (world.delete, world.links[0].origin) = (delete, origin);
        let text =
            CONFIG.replace("leavers = \"disable\"", &format!("leavers = \"{word}\"")).replace("MORE", "").replace("LIMITS", "");
        let config = Config::parse("c.toml", &text).expect("good");
        let mut rules = rules(&world);
        rules.config = config.instances["x"].clone();
        let file = format!("nr,name,mail,title,locale,active\n{}", world.rows);
        let wishes = Wishes::read(People::open(file.as_bytes(), &config.people, "").expect("a file"), &rules);
        let input = Input {
            rules: &rules,
            wishes: &wishes,
            accounts: &world.accounts,
            unseen: &std::collections::BTreeSet::new(),
            links: &world.links,
            recent: &world.recent,
            now: now(),
            complete: true,
            adopt: false,
            delete: world.delete,
            confirmed: true,
            only: None,
        };
        told(&plan(&input))
    };
    assert_eq!(with(true, Origin::Created, "delete"), ["1 delete"]);
    for (delete, origin, word) in
        [(false, Origin::Created, "delete"), (true, Origin::Adopted, "delete"), (true, Origin::Created, "disable")]
    {
        assert!(with(delete, origin, word).is_empty(), "{delete} {origin:?} {word}");
    }
}

/// Each disaster, and that nothing at all is written.
#[test]
fn no_disaster_harms_anybody() {
    let table: [(&str, Change); 9] = [
        ("the file is empty", |w| w.rows.clear()),
        ("the file is cut in the middle of a row", |w| w.rows.truncate(w.rows.len() - 20)),
        ("the file is cut within quotes", |w| w.rows += "5,\"eve,eve@x.org,Clerk,,true\n"),
        ("filtered to one department", |w| {
            w.limits = "max_delete = 1".into();
            w.more.clear();
            w.rows = w.rows.lines().take(1).map(|line| format!("{line}\n")).collect();
            w.recent.0.insert(Kind::Disable, 0);
            w.accounts.extend((10..40).map(|n| account(&format!("b{n}"), &format!("p{n}"), true)));
            w.links.extend((10..40).map(|n| link(&format!("{n}"), &format!("b{n}"))));
        }),
        ("the vendor answers an empty list", |w| w.accounts.clear()),
        ("another tenant", |w| {
            for (place, account) in w.accounts.iter_mut().enumerate() {
                account.id = format!("other{place}");
            }
        }),
        ("the key column is swapped with the name", |w| {
            w.rows = "ann,1,ann@x.org,Clerk,,true\nbob,2,bob@x.org,Clerk,,true\ncy,3,cy@x.org,Clerk,,true\n".into();
        }),
        ("names are re-used by other people", |w| {
            w.rows = "7,ann,ann@x.org,Clerk,,true\n8,bob,bob@x.org,Clerk,,true\n9,cy,cy@x.org,Clerk,,true\n".into();
        }),
        ("the store is deleted", |w| {
            w.links.clear();
            w.confirmed = false;
        }),
    ];
    for (what, change) in table {
        let mut world = world();
        change(&mut world);
        // A share of ten in a hundred, as stands where nothing is configured.
        world.limits = format!("{}\nmax_update = 5", world.limits);
        let rules_text = CONFIG.replace("max_disable = \"100%\"", "max_disable = \"10%\"");
        let plan = planned_with(&world, &rules_text);
        let writes = plan.steps.iter().filter(|step| step.action.kind().is_some() || step.adopts).count();
        assert!(plan.stop.is_some() || writes == 0, "{what}: {plan:#?}");
    }
}

pub(crate) fn planned_with(world: &World, text: &str) -> Plan {
    let text = text.replace("MORE", &world.more).replace("LIMITS", &world.limits);
    let config = Config::parse("c.toml", &text).expect("a good configuration");
    let mut rules = rules(world);
    rules.config = config.instances["x"].clone();
    let file = format!("nr,name,mail,title,locale,active\n{}", world.rows);
    let wishes = match People::open(file.as_bytes(), &config.people, "2026-01-31") {
        Ok(people) => Wishes::read(people, &rules),
        Err(error) => Wishes::read(std::iter::once(Err(error)), &rules),
    };
    plan(&Input {
        rules: &rules,
        wishes: &wishes,
        accounts: &world.accounts,
        unseen: &std::collections::BTreeSet::new(),
        links: &world.links,
        recent: &world.recent,
        now: now(),
        complete: world.complete,
        adopt: world.adopt,
        delete: world.delete,
        confirmed: world.confirmed,
        only: None,
    })
}

#[test]
fn limits_count_seven_days_too() {
    let mut world = world();
    world.rows = world.rows.replace("1,ann,ann@x.org,Clerk,,true\n", "");
    world.recent.0.insert(Kind::Disable, 1);
    let one = CONFIG.replace("\"100%\"", "1");
    let stop = planned_with(&world, &one).stop;
    assert_eq!(stop, Some(Stop::Limit { kind: Kind::Disable, planned: 1, recent: 1, allowed: 1, managed: 3 }));
    world.recent.0.clear();
    assert_eq!(planned_with(&world, &one).stop, None);
}

/// A vendor that leaves identifiers to its customers: they are given to who is new, and lead nobody to somebody else's account.
#[test]
fn an_identifier_of_our_own_is_given_once_and_takes_nothing_over() {
    let with_id = CONFIG.replace("locale = {", "id = \"locale\"\nrole = {").replace("from = \"locale\"", "from = \"title\"");
    let joiner = |rows: &str| {
        let mut world = world();
        world.rows += rows;
        planned_with(&world, &with_id)
    };
    let plan = joiner("5,eve,eve@x.org,Clerk,a9,true\n");
    assert_eq!(told(&plan), ["5 create"]);
    let given: Vec<_> =
        plan.steps.iter().flat_map(|step| &step.changes).filter(|change| change.attribute == Attribute::Id).collect();
    assert_eq!(given.len(), 1);
    assert_eq!(given[0].new, "a9");
    // Somebody unmanaged has it, somebody managed has it, two are to have it.
    for (rows, told_of) in [
        ("5,eve,eve@x.org,Clerk,a4,true\n", vec!["5 refused"]),
        ("5,eve,eve@x.org,Clerk,a1,true\n", vec!["5 refused"]),
        ("5,eve,eve@x.org,Clerk,a9,true\n6,fay,fay@x.org,Clerk,a9,true\n", vec!["5 refused", "6 refused"]),
    ] {
        assert_eq!(told(&joiner(rows)), told_of, "{rows}");
    }
    // Who is there keeps the identifier, whatever the file says.
    let mut world = world();
    world.rows = world.rows.replace("1,ann,ann@x.org,Clerk,,", "1,ann,ann@x.org,Clerk,a7,");
    assert_eq!(told(&planned_with(&world, &with_id)), Vec::<String>::new());
    // It finds accounts where it was made a match key.
    world.rows += "5,di,other@x.org,Clerk,a4,true\n";
    let matched = with_id.replace("match = [\"user_name\", \"email\"]", "match = [\"id\"]");
    assert_eq!(told(&planned_with(&world, &matched)), ["5 would adopt"]);
}

/// What the vendor would refuse is refused while it is planned, with the attribute, the length and the limit.
#[test]
fn what_a_vendor_demands_is_looked_at_before_anything_is_sent() {
    let documented = &vendor_users::documented::VBASOFTWARE;
    let capabilities = documented.capabilities(documented.instance()).build();
    let text = CONFIG.replace("locale = { from = \"locale\", authority = \"create\" }", "display_name = \"name\"");
    let plan_of = |rows: &str, more: &str, accounts: &[Account], links: &[Link]| {
        let text = text.replace("MORE", more).replace("LIMITS", "");
        let config = Config::parse("c.toml", &text).expect("a good configuration");
        let rules = Rules::new(&config.instances["x"], &capabilities);
        let file = format!("nr,name,mail,title,locale,active\n{rows}");
        let wishes = Wishes::read(People::open(file.as_bytes(), &config.people, "2026-01-31").expect("a file"), &rules);
        let (unseen, recent) = (std::collections::BTreeSet::new(), Recent::default());
        let input = Input {
            rules: &rules,
            wishes: &wishes,
            accounts,
            unseen: &unseen,
            links,
            recent: &recent,
            now: now(),
            complete: false,
            adopt: false,
            delete: false,
            confirmed: true,
            only: None,
        };
        plan(&input).steps.into_iter().map(|step| format!("{}: {}", step.action, step.why)).collect::<Vec<_>>()
    };
    let long = "a".repeat(17);
    let told = plan_of(&format!("5,{long},eve@x.org,Clerk,,true\n"), "", &[], &[]);
    assert_eq!(told, ["refused: `user_name` has 17 characters, and the vendor takes 16 at most; `cut(16)` shortens it"]);
    assert_eq!(
        plan_of("5,eve,,Clerk,,true\n", "", &[], &[]),
        ["refused: a new user needs `email`, and has none: map it, or give it in `defaults`"]
    );
    let mut ann = account("ann", "ann", true);
    ann.values.insert(Attribute::DisplayName, Value::from("ann".to_owned()));
    let links = [link("5", "ann")];
    let title = "b".repeat(200);
    let told = plan_of(&format!("5,ann,ann@x.org,{title},,true\n"), "", std::slice::from_ref(&ann), &links);
    assert!(told[0].starts_with("refused: `title` has 200 characters, and the vendor takes "), "{told:?}");
    let told = plan_of("5,ann,,Clerk,,true\n", "clear = ['email']", std::slice::from_ref(&ann), &links);
    assert_eq!(told, ["refused: `email` is required and cannot be cleared"]);
}
