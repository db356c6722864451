//! Walks through long lists: what is read and held for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use provisioning::Store;
use provisioning::jiff::Timestamp;
use provisioning::store::{AuditEntry, HistoryFilter, Kind, Link, LinkBy, Request, RequestResult, Run, SqlStore, StoreFuture};
use scim_gateway::{InstanceSettings, Limits};
use serde_json::Value as Json;
use vendor_users::testing::memory::Memory;
use vendor_users::{Directory, UserDraft};

use crate::support::Served;
use crate::support::instances::Instance;

/// A store that counts the links which it hands out.
#[derive(Debug)]
struct Counting {
    store: SqlStore,
    /// The most links that one call gave.
    most: AtomicUsize,
    /// Links that were read one by one.
    single: AtomicUsize,
    /// Calls for the links of a page.
    pages: AtomicUsize,
}

macro_rules! passed_on {
    ($($name:ident($($argument:ident: $type:ty),*) -> $given:ty;)*) => {
        $(fn $name<'a>(&'a self, $($argument: $type),*) -> StoreFuture<'a, $given> { self.store.$name($($argument),*) })*
    };
}

impl Store for Counting {
    fn link<'a>(&'a self, id: &'a str) -> StoreFuture<'a, Option<Link>> {
        self.single.fetch_add(1, Ordering::Relaxed);
        self.store.link(id)
    }

    fn links<'a>(&'a self, _: &'a str, _: Option<&'a str>, _: usize) -> StoreFuture<'a, Vec<Link>> {
        panic!("nobody needs the links of everybody")
    }

    fn links_of<'a>(&'a self, instance: &'a str, accounts: &'a [String]) -> StoreFuture<'a, Vec<Link>> {
        Box::pin(async move {
            let links = self.store.links_of(instance, accounts).await?;
            self.most.fetch_max(links.len(), Ordering::Relaxed);
            self.pages.fetch_add(1, Ordering::Relaxed);
            Ok(links)
        })
    }

    passed_on! {
        find_link(instance: &'a str, by: LinkBy<'a>) -> Option<Link>;
        ended_links(instance: &'a str, by: LinkBy<'a>) -> Vec<Link>;
        put_link(link: &'a Link) -> Link;
        begin(request: &'a Request) -> ();
        finish(id: &'a str, result: &'a RequestResult, link: Option<&'a Link>, audit: Option<&'a AuditEntry>) -> Option<Link>;
        unfinished(instance: &'a str) -> Vec<Request>;
        done_since(instance: &'a str, kind: Kind, since: Timestamp) -> u64;
        start_run(run: &'a Run) -> ();
        renew_run(id: &'a str, until: Timestamp) -> ();
        end_run(id: &'a str, at: Timestamp, summary: &'a Json) -> ();
        runs(instance: &'a str, limit: usize) -> Vec<Run>;
        record(entry: &'a AuditEntry) -> ();
        history(filter: &'a HistoryFilter) -> Vec<AuditEntry>;
        put_document(kind: &'a str, name: &'a str, document: &'a Json, expires: Option<Timestamp>) -> ();
        document(kind: &'a str, name: &'a str, now: Timestamp) -> Option<Json>;
        documents(kind: &'a str, now: Timestamp) -> Vec<(String, Json)>;
        remove_document(kind: &'a str, name: &'a str) -> bool;
        expire_documents(now: Timestamp) -> u64;
    }
}

const USERS: usize = 2500;
const PAGE: usize = 100;

#[tokio::test]
async fn a_walk_holds_the_links_of_one_page_and_reads_the_users_of_one_page() {
    let staff = Memory::new("staff");
    for number in 0..USERS {
        let draft = UserDraft::builder().user_name(format!("user{number}")).email(format!("user{number}@ex.org")).build();
        staff.create(&draft).await.expect("a user");
    }
    let zero = || AtomicUsize::new(0);
    let store = SqlStore::in_memory().expect("a store");
    let store = Arc::new(Counting { store, most: zero(), single: zero(), pages: zero() });
    let instance = Instance::new("staff", Arc::new(staff), ());
    let limits = Limits::default().page(PAGE);
    let served = Served::over(store.clone(), vec![instance], InstanceSettings::default(), |builder| builder.limits(limits)).await;
    let mut seen = std::collections::BTreeSet::new();
    for start in (1..=USERS).step_by(PAGE) {
        let (single, pages) = (store.single.load(Ordering::Relaxed), store.pages.load(Ordering::Relaxed));
        let page = served.send("staff", "GET", &format!("Users?startIndex={start}"), &Json::Null).await;
        assert_eq!((page.status, &page.body["totalResults"]), (200, &Json::from(USERS)), "{page:?}");
        let users = page.body["Resources"].as_array().expect("a list");
        seen.extend(users.iter().map(|user| user["id"].as_str().expect("an identifier").to_owned()));
        assert_eq!(store.single.load(Ordering::Relaxed) - single, PAGE, "a page reads what it sends");
        let looked_up = store.pages.load(Ordering::Relaxed) - pages;
        assert_eq!(looked_up, if start == 1 { USERS.div_ceil(500) } else { 0 }, "the list is made once for a walk");
    }
    assert_eq!(seen.len(), USERS);
    // Sorted and filtered lists are walked in the same way.
    let sorted = served.send("staff", "GET", "Users?sortBy=userName&filter=userName%20co%20%22user1%22", &Json::Null).await;
    assert_eq!((sorted.status, &sorted.body["Resources"][1]["userName"]), (200, &Json::from("user10")), "{sorted:?}");
    assert!(store.most.load(Ordering::Relaxed) <= 500, "{store:?}");
}
