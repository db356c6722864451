//! What every store promises, tried at each of them.

use provisioning::jiff::Timestamp;
use provisioning::store::{
    AuditEntry, Fate, HistoryFilter, Kind, Link, LinkBy, Origin, Request, RequestResult, Run, SqlStore, Store, StoreErrorKind,
    new_id,
};
use serde_json::{Value as Json, json};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_750_000_000 + seconds).expect("a time")
}

fn link(instance: &str, key: &str, account: &str) -> Link {
    let mut link = Link::new(instance, Origin::Created, at(0)).expect("an identifier");
    link.key = Some(key.to_owned());
    link.account = Some(account.to_owned());
    link
}

fn request(person: &str, begun: i64, until: i64) -> Request {
    Request {
        id: new_id().expect("an identifier"),
        run: None,
        instance: "claims".to_owned(),
        person: person.to_owned(),
        account: None,
        kind: Kind::Create,
        wish: json!({ "user_name": "kim.lee" }),
        holder: "test".to_owned(),
        begun: at(begun),
        until: at(until),
    }
}

fn audit(person: &str, seconds: i64) -> AuditEntry {
    AuditEntry {
        at: at(seconds),
        actor: "test".to_owned(),
        run: None,
        instance: "claims".to_owned(),
        person: Some(person.to_owned()),
        account: None,
        action: "create".to_owned(),
        changes: json!({ "title": [null, "Clerk"] }),
        outcome: "done".to_owned(),
        error: None,
        request: None,
    }
}

/// Everything that a store promises; `again` opens the same store once more.
pub(crate) async fn keeps_its_promises(store: &dyn Store) {
    links_are_found_by_each_of_their_names(store).await;
    what_belongs_to_one_person_is_kept_from_others(store).await;
    a_tombstone_frees_the_names(store).await;
    one_request_per_person_is_under_way(store).await;
    one_run_holds_an_instance(store).await;
    the_audit_log_is_read_by_person(store).await;
    documents_expire(store).await;
}

async fn links_are_found_by_each_of_their_names(store: &dyn Store) {
    let mut kim = link("names", "4711", "kim.lee");
    kim.user_name = Some("Kim.Lee@Example.com".to_owned());
    kim.external_ids.insert("okta".to_owned(), "00u1".to_owned());
    kim.written.insert(vendor_users::Attribute::Title, json!("Clerk"));
    kim.to_restore = vec![vendor_users::Taken::new("licence", "12", "Sales")];
    kim.sent = json!({ "nickName": "Kim" });
    kim.disabled = Some(at(5));
    let kim = store.put_link(&kim).await.expect("stored");
    assert_eq!(kim.version, 1);
    let external = |value| LinkBy::ExternalId { client: "okta", value };
    for by in [LinkBy::Key("4711"), LinkBy::Account("kim.lee"), LinkBy::UserName("kim.lee@example.COM"), external("00u1")] {
        assert_eq!(store.find_link("names", by).await.expect("read"), Some(kim.clone()), "{by:?}");
        assert_eq!(store.find_link("elsewhere", by).await.expect("read"), None, "{by:?}");
    }
    // Case counts for what clients and files call a person.
    assert_eq!(store.find_link("names", external("00U1")).await.expect("read"), None);
    assert_eq!(store.link(&kim.id).await.expect("read"), Some(kim.clone()));
    let mut all = vec![kim];
    for number in 0..5 {
        all.push(store.put_link(&link("names", &format!("n{number}"), &format!("a{number}"))).await.expect("stored"));
    }
    all.sort_by(|a, b| a.id.cmp(&b.id));
    let first = store.links("names", None, 4).await.expect("read");
    let rest = store.links("names", first.last().map(|link| link.id.as_str()), 4).await.expect("read");
    assert_eq!([first, rest].concat(), all);
    let mut accounts: Vec<String> = (0..1200).map(|number| format!("a{number}")).collect();
    accounts.push("kim.lee".to_owned());
    let mut found = store.links_of("names", &accounts).await.expect("read");
    found.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(found, all);
    assert_eq!(store.links_of("elsewhere", &accounts).await.expect("read"), []);
    assert_eq!(store.links_of("names", &[]).await.expect("read"), []);
}

async fn what_belongs_to_one_person_is_kept_from_others(store: &dyn Store) {
    let mut kim = link("taken", "1", "kim");
    kim.user_name = Some("Kim".to_owned());
    kim.external_ids.insert("okta".to_owned(), "x".to_owned());
    let kim = store.put_link(&kim).await.expect("stored");
    let mut named = link("taken", "2", "other");
    named.user_name = Some("KIM".to_owned());
    let mut called = link("taken", "2", "other");
    called.external_ids.insert("okta".to_owned(), "x".to_owned());
    for other in [link("taken", "1", "other"), link("taken", "2", "kim"), named, called] {
        let refused = store.put_link(&other).await.expect_err("refused");
        assert_eq!(*refused.kind(), StoreErrorKind::Taken, "{refused}");
        assert_eq!(store.link(&other.id).await.expect("read"), None, "a refused link leaves nothing behind");
    }
    // The same names at another instance are other people's.
    store.put_link(&link("taken-2", "1", "kim")).await.expect("stored");
    // Two who read the same version cannot both write.
    let later = store.put_link(&kim).await.expect("stored");
    assert_eq!(later.version, 2);
    assert_eq!(*store.put_link(&kim).await.expect_err("refused").kind(), StoreErrorKind::Changed);
}

async fn a_tombstone_frees_the_names(store: &dyn Store) {
    let mut kim = link("graves", "1", "kim");
    kim.external_ids.insert("okta".to_owned(), "x".to_owned());
    let mut kim = store.put_link(&kim).await.expect("stored");
    kim.ended = Some(at(9));
    let kim = store.put_link(&kim).await.expect("stored");
    assert_eq!(store.find_link("graves", LinkBy::Key("1")).await.expect("read"), None);
    let external = LinkBy::ExternalId { client: "okta", value: "x" };
    for by in [LinkBy::Key("1"), LinkBy::Account("kim"), external] {
        assert_eq!(store.ended_links("graves", by).await.expect("read"), vec![kim.clone()]);
    }
    let mut back = link("graves", "1", "kim");
    back.external_ids.insert("okta".to_owned(), "x".to_owned());
    let back = store.put_link(&back).await.expect("the names are free again");
    assert_ne!(back.id, kim.id);
    assert_eq!(store.find_link("graves", external).await.expect("read"), Some(back));
}

async fn one_request_per_person_is_under_way(store: &dyn Store) {
    let first = request("4711", 0, 60);
    store.begin(&first).await.expect("begun");
    store.begin(&request("4712", 0, 60)).await.expect("somebody else's");
    let busy = store.begin(&request("4711", 30, 90)).await.expect_err("refused");
    assert!(matches!(busy.kind(), StoreErrorKind::Busy { until, .. } if *until == at(60)), "{busy}");
    // Its holder is gone.
    let unfinished = store.begin(&request("4711", 61, 121)).await.expect_err("refused");
    assert_eq!(*unfinished.kind(), StoreErrorKind::Unfinished(Box::new(first.clone())));
    assert_eq!(store.unfinished("claims").await.expect("read").len(), 2);
    let result = RequestResult { fate: Fate::Done, at: at(62) };
    let stored = store.finish(&first.id, &result, Some(&link("claims", "4711", "kim.lee")), Some(&audit("4711", 62))).await;
    let stored = stored.expect("finished").expect("a link");
    assert_eq!(store.find_link("claims", LinkBy::Key("4711")).await.expect("read"), Some(stored));
    let twice = store.finish(&first.id, &result, None, None).await.expect_err("refused");
    assert_eq!(*twice.kind(), StoreErrorKind::Changed);
    assert_eq!(store.done_since("claims", Kind::Create, at(62)).await.expect("read"), 1);
    assert_eq!(store.done_since("claims", Kind::Create, at(63)).await.expect("read"), 0);
    assert_eq!(store.done_since("claims", Kind::Delete, at(0)).await.expect("read"), 0);
    // A link that is refused leaves the request under way: nothing is half done.
    let second = request("4713", 63, 120);
    store.begin(&second).await.expect("begun");
    let taken = store.finish(&second.id, &result, Some(&link("claims", "4713", "kim.lee")), None).await.expect_err("refused");
    assert_eq!(*taken.kind(), StoreErrorKind::Taken);
    let under_way = store.unfinished("claims").await.expect("read");
    assert!(under_way.iter().any(|request| request.id == second.id));
}

async fn one_run_holds_an_instance(store: &dyn Store) {
    let run = |id: &str, started, until| Run {
        id: id.to_owned(),
        instance: "runs".to_owned(),
        purpose: "apply".to_owned(),
        holder: "test".to_owned(),
        started: at(started),
        until: at(until),
        ended: None,
        summary: Json::Null,
    };
    store.start_run(&run("first", 0, 60)).await.expect("started");
    let busy = store.start_run(&run("second", 30, 90)).await.expect_err("refused");
    assert!(matches!(busy.kind(), StoreErrorKind::Busy { until, .. } if *until == at(60)), "{busy}");
    store.renew_run("first", at(100)).await.expect("renewed");
    store.start_run(&run("second", 99, 160)).await.expect_err("still held");
    store.start_run(&run("second", 101, 160)).await.expect("the lease ran out");
    assert_eq!(*store.renew_run("first", at(200)).await.expect_err("lost").kind(), StoreErrorKind::Changed);
    store.end_run("second", at(150), &json!({ "done": 3 })).await.expect("ended");
    let runs = store.runs("runs", 5).await.expect("read");
    let ended: Vec<_> = runs.iter().map(|run| (run.id.as_str(), run.ended)).collect();
    assert_eq!(ended, [("second", Some(at(150))), ("first", Some(at(100)))]);
    assert_eq!(runs[0].summary, json!({ "done": 3 }));
    store.start_run(&run("third", 151, 160)).await.expect("free again");
}

async fn the_audit_log_is_read_by_person(store: &dyn Store) {
    for (person, seconds) in [("ann", 1), ("bob", 2), ("ann", 3), ("ann", 4)] {
        store.record(&audit(person, seconds)).await.expect("recorded");
    }
    let filter = HistoryFilter { person: Some("ann".to_owned()), limit: Some(2), ..HistoryFilter::default() };
    assert_eq!(store.history(&filter).await.expect("read"), vec![audit("ann", 3), audit("ann", 4)]);
    let filter = HistoryFilter { person: Some("ann".to_owned()), since: Some(at(4)), ..HistoryFilter::default() };
    assert_eq!(store.history(&filter).await.expect("read"), vec![audit("ann", 4)]);
    let filter = HistoryFilter { since: Some(at(2)), limit: Some(2), oldest_first: true, ..HistoryFilter::default() };
    assert_eq!(store.history(&filter).await.expect("read"), vec![audit("bob", 2), audit("ann", 3)]);
}

async fn documents_expire(store: &dyn Store) {
    store.put_document("token", "b", &json!(2), None).await.expect("kept");
    store.put_document("token", "a", &json!(0), Some(at(10))).await.expect("kept");
    store.put_document("token", "a", &json!(1), Some(at(20))).await.expect("replaced");
    assert_eq!(store.document("token", "a", at(15)).await.expect("read"), Some(json!(1)));
    assert_eq!(store.document("token", "a", at(20)).await.expect("read"), None);
    let all = store.documents("token", at(15)).await.expect("read");
    assert_eq!(all, [("a".to_owned(), json!(1)), ("b".to_owned(), json!(2))]);
    assert_eq!(store.expire_documents(at(30)).await.expect("done"), 1);
    assert!(store.remove_document("token", "b").await.expect("done"));
    assert!(!store.remove_document("token", "b").await.expect("done"));
}

#[tokio::test]
async fn sqlite_in_memory_keeps_a_stores_promises() {
    keeps_its_promises(&SqlStore::in_memory().expect("a store")).await;
}

#[tokio::test]
async fn a_file_of_sqlite_remembers_and_is_its_owners() {
    let folder = Folder::new();
    let path = folder.0.join("store.db");
    {
        let store = SqlStore::sqlite(&path).expect("a store");
        keeps_its_promises(&store).await;
    }
    // What is dropped is closed: the file by itself has everything, so that a copy of it is a copy of the store.
    assert!(!folder.0.join("store.db-wal").exists());
    let store = SqlStore::sqlite(&path).expect("opened again");
    assert!(store.find_link("names", LinkBy::Key("4711")).await.expect("read").is_some());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).expect("the file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "others can read the store");
    }
}

#[tokio::test]
async fn a_file_that_is_no_store_is_refused_and_kept() {
    let folder = Folder::new();
    let path = folder.0.join("people.csv");
    let text = "id;name\n".repeat(1000);
    std::fs::write(&path, &text).expect("written");
    let refused = SqlStore::sqlite(&path).expect_err("refused");
    assert_eq!(*refused.kind(), StoreErrorKind::Incompatible, "{refused}");
    assert_eq!(std::fs::read_to_string(&path).expect("read"), text);
}

/// A new folder, removed with all in it.
pub(crate) struct Folder(pub(crate) std::path::PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("provisioning-{}", new_id().expect("an identifier")));
        std::fs::create_dir(&folder).expect("a folder");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
