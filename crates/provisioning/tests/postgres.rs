//! The store in PostgreSQL, against a real server: `tests/tools/postgres` starts one.

use std::io::Write as _;

use provisioning::jiff::Timestamp;
use provisioning::store::{Kind, Link, LinkBy, Origin, Request, SqlStore, Store, StoreErrorKind, new_id};

use crate::store::keeps_its_promises;

/// The URL of a server; without one the proof is skipped, but not where `CI` is set.
fn server() -> Option<String> {
    let url = std::env::var("STORE_TEST_URL").ok();
    if url.is_none() {
        assert!(std::env::var_os("CI").is_none(), "STORE_TEST_URL is not set: run this by tests/tools/postgres");
        // What is printed by a test that passes is kept by its runner; this is not printed.
        let words = "skipped: the store in PostgreSQL: STORE_TEST_URL is not set; tests/tools/postgres starts a server\n";
        std::io::stderr().write_all(words.as_bytes()).expect("standard error");
    }
    url
}

#[tokio::test]
async fn postgres_keeps_a_stores_promises_and_remembers() {
    let Some(url) = server() else { return };
    keeps_its_promises(&SqlStore::postgres(&url, 3).await.expect("a store")).await;
    let again = SqlStore::postgres(&url, 1).await.expect("opened again");
    assert!(again.find_link("names", LinkBy::Key("4711")).await.expect("read").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_machines_cannot_begin_for_one_person_at_once() {
    let Some(url) = server() else { return };
    // Both make the tables, if nobody has yet.
    let (one, two) = tokio::join!(SqlStore::postgres(&url, 2), SqlStore::postgres(&url, 2));
    let (one, two) = (one.expect("a store"), two.expect("a store"));
    let now = Timestamp::now();
    let request = |person: usize, holder: &str| Request {
        id: new_id().expect("an identifier"),
        run: None,
        instance: "shared".to_owned(),
        person: person.to_string(),
        account: None,
        kind: Kind::Create,
        wish: serde_json::Value::Null,
        holder: holder.to_owned(),
        begun: now,
        until: now + provisioning::jiff::SignedDuration::from_secs(60),
    };
    for person in 0..50 {
        let (first, second) = (request(person, "one"), request(person, "two"));
        let (first, second) = tokio::join!(one.begin(&first), two.begin(&second));
        assert!(first.is_ok() != second.is_ok(), "{person}: {first:?} {second:?}");
        let refused = first.err().or(second.err()).expect("one of them");
        assert!(matches!(refused.kind(), StoreErrorKind::Busy { .. }), "{refused}");
        let link = || {
            let mut link = Link::new("shared", Origin::Created, now).expect("an identifier");
            link.key = Some(person.to_string());
            link
        };
        let (first, second) = (link(), link());
        let (first, second) = tokio::join!(one.put_link(&first), two.put_link(&second));
        assert!(first.is_ok() != second.is_ok(), "{person}: {first:?} {second:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_without_the_url() {
    let error = SqlStore::postgres("postgres://me:very-secret@127.0.0.1:9/x", 1).await.expect_err("nobody is there");
    assert_eq!(*error.kind(), StoreErrorKind::Unavailable);
    assert!(!error.to_string().contains("very-secret"), "{error}");
}
