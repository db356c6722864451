//! What there is at an instance, and how much of it is read before it is planned on.

use std::sync::atomic::{AtomicUsize, Ordering};

use provisioning::config::Config;
use provisioning::jiff::Timestamp;
use provisioning::people::People;
use provisioning::planner::{Action, Rules, Wishes};
use provisioning::snapshot::{Asked, Snapshot};
use provisioning::store::SqlStore;
use vendor_users::directory::{DirectoryFuture, UserStream};
use vendor_users::testing::vbasoftware as emulator;
use vendor_users::{Capabilities, Directory, User, adapter};

use crate::apply::{CONFIG, rows, run};

/// A vendor whose reads are counted, and whose list shows whole records or not.
#[derive(Debug)]
struct Counted<'v> {
    vendor: &'v dyn Directory,
    capabilities: Capabilities,
    reads: AtomicUsize,
}

impl Directory for Counted<'_> {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn get<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Box<dyn User>> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.vendor.get(id)
    }

    fn list(&self) -> UserStream<'_> {
        self.vendor.list()
    }
}

#[tokio::test]
async fn accounts_are_read_whole_only_where_the_list_may_leave_out_what_matters() {
    let server = emulator::start().await.expect("a port");
    let directory = adapter::vbasoftware::connect(server.settings().defaults(emulator::flags())).await.expect("connected");
    let store = SqlStore::in_memory().expect("a store");
    run(&directory, &store, &rows((0..3).map(|n| (n, "", true)))).await;
    let lock = |locked: bool| {
        server.with(|vendor| {
            vendor.users.get_mut("p2").expect("it was created").insert("account_Locked".to_owned(), locked.into());
        });
    };
    let config = Config::parse("c.toml", CONFIG).expect("good");
    for (whole, reads, planned) in [
        (true, 0, vec![("0", Action::Update)]),
        // One whose title the list may leave out, and one whom the list shows as switched off although nobody here did.
        (false, 2, vec![("0", Action::Update), ("2", Action::Disable)]),
    ] {
        let capabilities = directory.capabilities().to_builder().lists_whole_records(whole).build();
        let counted = Counted { vendor: &directory, capabilities, reads: AtomicUsize::default() };
        let rules = Rules::new(&config.instances["x"], counted.capabilities());
        let file = rows([(0, "Clerk", true), (1, "", true), (2, "", false)]);
        let wishes = Wishes::read(People::open(file.as_bytes(), &config.people, "2026-01-31").expect("a file"), &rules);
        lock(true);
        let mut snapshot = Snapshot::read(&counted, &store, &rules, &wishes, Timestamp::now()).await.expect("read");
        lock(false);
        let plan = snapshot.plan(&counted, &rules, &wishes, Asked::default(), "t").await.expect("read");
        let steps = plan.steps.iter().filter(|step| step.action != Action::Nothing);
        let mut told: Vec<_> = steps.map(|step| (step.key.as_str(), step.action)).collect();
        told.sort_unstable_by_key(|(key, _)| *key);
        assert_eq!((counted.reads.into_inner(), told), (reads, planned), "whole: {whole}");
    }
}
