//! Plans that are done at an emulator of a vendor, with and without faults.

use provisioning::apply::{Applier, Outcome, StepResult, accounts, recent};
use provisioning::config::Config;
use provisioning::jiff::Timestamp;
use provisioning::people::People;
use provisioning::planner::{Action, Input, Plan, Rules, Wishes, plan};
use provisioning::store::{SqlStore, Store};
use vendor_users::directory::{DirectoryFuture, UserStream};
use vendor_users::testing::{Fault, vbasoftware as emulator};
use vendor_users::{
    Capabilities, Directory, Error, ErrorKind, Outcome as Written, Switched, Taken, User, UserDraft, UserPatch, adapter,
};

pub(crate) const CONFIG: &str = "[people]\nkey = 'nr'\n[instances.x]\nvendor = 'x'\nleavers = 'disable'\nactive = 'active'\n[instances.x.limits]\n\
                      max_disable = '100%'\n[instances.x.map]\nuser_name = 'name'\nemail = 'mail'\ntitle = 'title'\n";

pub(crate) fn rows(people: impl IntoIterator<Item = (usize, &'static str, bool)>) -> String {
    let rows = people.into_iter().map(|(n, title, active)| format!("{n},p{n},p{n}@x.org,{title},{active}\n"));
    format!("nr,name,mail,title,active\n{}", rows.collect::<String>())
}

pub(crate) async fn run(directory: &dyn Directory, store: &dyn Store, file: &str) -> (Plan, Vec<StepResult>) {
    let config = Config::parse("c.toml", CONFIG).expect("good");
    let rules = Rules::new(&config.instances["x"], directory.capabilities());
    let wishes = Wishes::read(People::open(file.as_bytes(), &config.people, "2026-01-31").expect("a file"), &rules);
    let applier = Applier::start(directory, store, &rules, "test", "test", false).await.expect("started");
    let accounts = accounts(directory, &rules.config).await.expect("listed");
    let links = store.links("x", None, 10_000).await.expect("read");
    let recent = recent(store, "x", Timestamp::now()).await.expect("read");
    let plan = plan(&Input {
        rules: &rules,
        wishes: &wishes,
        accounts: &accounts,
        unseen: &std::collections::BTreeSet::new(),
        links: &links,
        recent: &recent,
        now: Timestamp::now(),
        complete: true,
        adopt: false,
        delete: false,
        confirmed: true,
        only: None,
    });
    let results = applier.apply(&plan).await.expect("applied");
    (plan, results)
}

fn all_done(results: &[StepResult]) -> bool {
    results.iter().all(|result| matches!(result.outcome, Outcome::Done | Outcome::NotNeeded))
}

#[tokio::test]
async fn a_second_run_sends_no_write_and_leavers_are_disabled() {
    let server = emulator::start().await.expect("a port");
    let directory = adapter::vbasoftware::connect(server.settings().defaults(emulator::flags())).await.expect("connected");
    let store = SqlStore::in_memory().expect("a store");
    let everybody = rows((0..30).map(|n| (n, "Clerk", true)));
    let (plan, results) = run(&directory, &store, &everybody).await;
    assert!(plan.steps.iter().all(|step| step.action == Action::Create), "{plan:#?}");
    assert!(all_done(&results), "{results:#?}");
    server.forget();
    let (plan, _) = run(&directory, &store, &everybody).await;
    assert_eq!(plan.pending(), 0, "{plan:#?}");
    let writes: Vec<_> = server.exchanges().into_iter().filter(|exchange| exchange.request.method != "GET").collect();
    assert!(writes.is_empty(), "{writes:#?}");
    // One is absent, one is inactive, one has moved; the one who returns is enabled.
    let moved = rows((1..30).map(|n| (n, if n == 2 { "Boss" } else { "Clerk" }, n != 1)));
    let (plan, results) = run(&directory, &store, &moved).await;
    let told: Vec<_> =
        plan.steps.iter().filter(|step| step.action != Action::Nothing).map(|s| (s.key.as_str(), s.action)).collect();
    assert_eq!(told, [("0", Action::Disable), ("1", Action::Disable), ("2", Action::Update)]);
    assert!(all_done(&results), "{results:#?}");
    assert_eq!(directory.get("p0").await.expect("read").active(), Some(false));
    let (plan, results) = run(&directory, &store, &everybody).await;
    assert_eq!(plan.steps.iter().filter(|step| step.action == Action::Enable).count(), 2, "{plan:#?}");
    assert!(all_done(&results), "{results:#?}");
    assert_eq!(directory.get("p0").await.expect("read").active(), Some(true));
}

#[tokio::test]
async fn lost_responses_make_nobody_twice_and_lose_nobody() {
    let server = emulator::start().await.expect("a port");
    let directory = adapter::vbasoftware::connect(server.settings().defaults(emulator::flags())).await.expect("connected");
    let store = SqlStore::in_memory().expect("a store");
    let everybody = rows((0..20).map(|n| (n, "Clerk", true)));
    server.inject(Fault::reset_after().on("POST", "users").every(3));
    run(&directory, &store, &everybody).await;
    server.heal();
    run(&directory, &store, &everybody).await;
    let (plan, _) = run(&directory, &store, &everybody).await;
    assert_eq!(plan.pending(), 0, "{plan:#?}");
    assert_eq!(store.links("x", None, 100).await.expect("read").len(), 20);
    let config = Config::parse("c.toml", CONFIG).expect("good");
    assert_eq!(accounts(&directory, &config.instances["x"]).await.expect("listed").len(), 20);
}

/// A vendor that takes a licence from whom it switches off, and gives none back.
#[derive(Debug)]
struct Licensed<'v> {
    vendor: &'v dyn Directory,
    /// Whether a read shows that a user was switched off.
    is_verified: bool,
}

fn licence() -> Taken {
    Taken::new("licence", "7", "Sales")
}

impl Directory for Licensed<'_> {
    fn capabilities(&self) -> &Capabilities {
        self.vendor.capabilities()
    }

    fn get<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Box<dyn User>> {
        self.vendor.get(id)
    }

    fn list(&self) -> UserStream<'_> {
        self.vendor.list()
    }

    fn create<'a>(&'a self, draft: &'a UserDraft) -> DirectoryFuture<'a, Written> {
        self.vendor.create(draft)
    }

    fn update<'a>(&'a self, id: &'a str, patch: &'a UserPatch) -> DirectoryFuture<'a, Written> {
        self.vendor.update(id, patch)
    }

    fn deactivate<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Switched> {
        Box::pin(async move {
            let switched = self.vendor.deactivate(id).await?.with_taken(vec![licence()]);
            if self.is_verified {
                return Ok(switched);
            }
            let instance = self.capabilities().instance();
            Err(Error::new(ErrorKind::Unverified, instance, "a read shows nothing").with_taken(switched.taken))
        })
    }

    fn activate_with<'a>(&'a self, id: &'a str, taken: &'a [Taken]) -> DirectoryFuture<'a, Switched> {
        Box::pin(async move { Ok(self.vendor.activate(id).await?.with_restored(Vec::new(), taken.to_vec())) })
    }
}

#[tokio::test]
async fn what_a_leaver_lost_is_remembered_until_somebody_has_given_it_back() {
    for is_verified in [true, false] {
        let server = emulator::start().await.expect("a port");
        let vendor = adapter::vbasoftware::connect(server.settings().defaults(emulator::flags())).await.expect("connected");
        let (directory, store) = (Licensed { vendor: &vendor, is_verified }, SqlStore::in_memory().expect("a store"));
        run(&directory, &store, &rows([(1, "Clerk", true)])).await;
        let (_, results) = run(&directory, &store, &rows([(1, "Clerk", false)])).await;
        assert_eq!(results[0].outcome, if is_verified { Outcome::Done } else { Outcome::Unverified }, "{results:#?}");
        let links = store.links("x", None, 10).await.expect("read");
        assert_eq!((links[0].to_restore.as_slice(), links[0].unverified), (&[licence()][..], !is_verified));
        if is_verified {
            let (_, results) = run(&directory, &store, &rows([(1, "Clerk", true)])).await;
            assert!(results[0].words.as_ref().is_some_and(|words| words.contains("by hand")), "{results:#?}");
            assert_eq!(store.links("x", None, 10).await.expect("read")[0].to_restore, [licence()]);
        }
    }
}
