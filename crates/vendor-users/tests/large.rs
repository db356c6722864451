//! Ten thousand users at one instance: requests are counted, and each is there for a reason.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt as _;
use vendor_users::batch::Progress;
use vendor_users::client_core::serde_json;
use vendor_users::testing::Emulator;
use vendor_users::testing::vbasoftware::Vba;
use vendor_users::{Batch, Directory, Effect, Error, ErrorKind, MatchKey, Outcome, UserDraft, adapter, testing};

use crate::support::required;

type Result<T> = std::result::Result<T, Box<dyn StdError>>;

const USERS: usize = 10_000;
const KEYS: &[MatchKey] = &[MatchKey::UserName, MatchKey::Email];

fn draft(number: usize) -> UserDraft {
    let name = format!("user{number}");
    UserDraft::builder().email(format!("{name}@example.com")).user_name(name).title("Clerk").build()
}

/// How many requests of each method and kind of path were sent since the last call.
fn requests(server: &Emulator<Vba>) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for exchange in server.exchanges() {
        let path = if exchange.request.path.len() > 1 { "users/{id}" } else { "users" };
        *counted.entry(format!("{} {path}", exchange.request.method)).or_default() += 1;
    }
    server.forget();
    counted
}

fn effects(outcomes: &[std::result::Result<Outcome, Error>]) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for outcome in outcomes {
        let told =
            outcome.as_ref().map_or_else(|error| format!("{:?}", error.kind()), |outcome| outcome.effect.name().to_owned());
        *counted.entry(told).or_default() += 1;
    }
    counted
}

fn counts<const N: usize>(counts: [(&str, usize); N]) -> BTreeMap<String, usize> {
    counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_users_are_ensured_with_one_list_and_one_write_for_each_change() -> Result<()> {
    let server = testing::vbasoftware::start().await?;
    server.with(|vendor| {
        (0..USERS).for_each(|number| {
            let mut user = required::vba(&format!("user{number}"));
            user["title"] = if number % 100 == 0 { "Trainee".into() } else { "Clerk".into() };
            vendor.users.put(user);
        })
    });
    let defaults = serde_json::from_value(required::vba("nobody"))?;
    let settings = server.settings().defaults(defaults);
    let users = adapter::vbasoftware::connect_with(settings, |builder| builder.rate_limit(None)).await?;
    server.forget();
    let started = Instant::now();

    // A hundred users have another title, and a hundred are not there.
    let drafts: Vec<UserDraft> = (0..USERS + 100).map(draft).collect();
    let told = AtomicUsize::new(0);
    let tell = |progress: Progress<'_>| {
        assert!(progress.done <= progress.of && progress.place < progress.of && progress.error.is_none());
        told.fetch_max(progress.done, Ordering::Relaxed);
    };
    let outcomes = users.ensure_all(&drafts, KEYS, &Batch::new().on_progress(&tell)).await?;
    assert_eq!(effects(&outcomes), counts([("created", 100), ("unchanged", USERS - 100), ("updated", 100)]));
    assert_eq!(told.load(Ordering::Relaxed), USERS + 100);
    let lists = USERS / 100 + 1;
    let expected = [("GET users", lists), ("GET users/{id}", 100), ("POST users", 100), ("PUT users/{id}", 100)];
    assert_eq!(requests(&server), counts(expected), "each change is decided on a record that was read right before");

    let outcomes = users.ensure_all(&drafts, KEYS, &Batch::new()).await?;
    assert_eq!(effects(&outcomes), counts([("unchanged", USERS + 100)]));
    assert_eq!(requests(&server), counts([("GET users", lists + 1)]), "a second time only reads the list");

    let everybody: usize = users.list().try_fold(0, |count, _| std::future::ready(Ok(count + 1))).await?;
    assert_eq!(everybody, USERS + 100);
    // Users who are not there yet, all at once.
    let new: Vec<UserDraft> = (USERS + 100..2 * USERS).map(draft).collect();
    server.forget();
    let outcomes = users.ensure_all(&new, KEYS, &Batch::new()).await?;
    assert_eq!(effects(&outcomes), counts([("created", USERS - 100)]));
    assert_eq!(requests(&server), counts([("GET users", lists + 1), ("POST users", USERS - 100)]));
    let took = started.elapsed();
    assert!(took < Duration::from_secs(120), "{took:?}");
    Ok(())
}

#[tokio::test]
async fn drafts_for_the_same_user_are_refused_and_the_others_are_done() -> Result<()> {
    let server = testing::vbasoftware::start().await?;
    server.with(|vendor| vendor.users.put(required::vba("kim")));
    let defaults = serde_json::from_value(required::vba("nobody"))?;
    let users = adapter::vbasoftware::connect(server.settings().defaults(defaults)).await?;
    let by = |name: &str, email: &str| UserDraft::builder().user_name(name).email(email).build();
    // The second and the fourth say the same name, and the first and the last find the same user.
    let drafts = [
        by("kim", "other@example.com"),
        by("ann", "ann@example.com"),
        by("lou", "lou@example.com"),
        by("ANN ", "ann2@example.com"),
        UserDraft::builder().email("KIM@example.com").build(),
    ];
    let outcomes = users.ensure_all(&drafts, KEYS, &Batch::new()).await?;
    let told: Vec<_> = outcomes.iter().map(|outcome| outcome.as_ref().map(|done| done.effect).map_err(Error::kind)).collect();
    let conflict = Err(ErrorKind::Conflict);
    assert_eq!(told, [conflict, conflict, Ok(Effect::Created), conflict, conflict]);
    let told: Vec<String> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err().map(ToString::to_string)).collect();
    insta::assert_snapshot!(told.join("\n"));
    Ok(())
}

#[tokio::test]
async fn a_batch_keeps_its_pace_and_its_bound() -> Result<()> {
    let server = testing::vbasoftware::start().await?;
    let users = adapter::vbasoftware::connect(server.settings()).await?;
    let ids: Vec<String> = (0..20).map(|number| format!("nobody{number}")).collect();
    let started = Instant::now();
    let places = std::sync::Mutex::new(Vec::new());
    let tell = |progress: Progress<'_>| {
        assert_eq!(progress.error.map(Error::kind), Some(ErrorKind::NotFound));
        places.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(progress.place);
    };
    let outcomes = users.deactivate_all(&ids, &Batch::new().at_once(1).per_second(100.0).on_progress(&tell)).await?;
    assert_eq!(outcomes.len(), 20);
    assert!(outcomes.iter().zip(&ids).all(|(outcome, id)| outcome.as_ref().err().and_then(Error::user) == Some(id)));
    assert_eq!(places.into_inner().unwrap_or_default(), (0..20).collect::<Vec<_>>());
    assert!(started.elapsed() >= Duration::from_millis(190), "{:?}", started.elapsed());
    Ok(())
}

/// A list by a query in pages, and a list in one response: each is read once, whatever the number of drafts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_kinds_of_list_are_read_once_for_ten_thousand_drafts() -> Result<()> {
    let count = |exchanges: &[vendor_users::testing::Exchange]| {
        let mut counted: BTreeMap<String, usize> = BTreeMap::new();
        for exchange in exchanges {
            let last = exchange.request.path.last().filter(|last| !last.chars().any(|char| char.is_ascii_digit()));
            *counted.entry(format!("{} {}", exchange.request.method, last.map_or("{id}", |last| last))).or_default() += 1;
        }
        counted
    };
    let named = |id: String, number: usize| {
        let name = format!("user{number}");
        UserDraft::builder().id(id).email(format!("{name}@example.com")).user_name(name).given_name("Kim").build()
    };

    let server = testing::billingplatform::start().await?;
    server.with(|vendor| {
        for number in 0..USERS {
            let given = if number % 100 == 0 { "Lou" } else { "Kim" };
            vendor.users.put(vendor_users::client_core::serde_json::json!({
                "Id": (number + 1).to_string(), "Username": format!("user{number}"), "Email": format!("user{number}@example.com"),
                "First_Name": given, "RoleId": 1, "LanguageCode": 1, "TimeZoneId": 1,
            }));
        }
    });
    let settings = server.settings().accept_weak(["get", "list", "find"]);
    let users = adapter::billingplatform::connect_with(settings, |builder| builder.rate_limit(None)).await?;
    server.forget();
    let drafts: Vec<UserDraft> = (0..USERS).map(|number| named((number + 1).to_string(), number)).collect();
    let outcomes = users.ensure_all(&drafts, KEYS, &Batch::new()).await?;
    assert_eq!(effects(&outcomes), counts([("unchanged", USERS - 100), ("updated", 100)]));
    let lists = USERS / 1_000 + 2;
    assert_eq!(count(&server.exchanges()), counts([("GET query", lists), ("GET {id}", 100), ("POST APPLICATION_USER", 100)]));
    server.forget();
    let outcomes = users.ensure_all(&drafts, KEYS, &Batch::new()).await?;
    assert_eq!(effects(&outcomes), counts([("unchanged", USERS)]));
    assert_eq!(count(&server.exchanges()), counts([("GET query", lists)]), "a second time only reads the list");
    server.forget();
    let found = users.find(vendor_users::By::UserName("user77")).await?;
    assert_eq!((found.len(), server.exchanges().len()), (1, 1), "the vendor's own search finds one user");

    let server = testing::twosms::start().await?;
    let id = |number: usize| format!("00000000-0000-4000-8000-{number:012}");
    server.with(|vendor| {
        for number in 0..USERS {
            vendor.users.put(vendor_users::client_core::serde_json::json!({
                "ID": id(number), "Username": format!("user{number}"), "EmailAddress": format!("user{number}@example.com"),
                "DisplayName": "Kim", "Enabled": true, "TimeZone": "UTC", "MobilePhone": "+1 555 0100",
                "LanguageID": "c2fd9942-2548-483b-875c-a724b208dcaa",
            }));
        }
    });
    let users = adapter::twosms::connect_with(server.settings(), |builder| builder.rate_limit(None)).await?;
    server.forget();
    let drafts: Vec<UserDraft> = (0..USERS).map(|number| named(id(number), number)).collect();
    let outcomes = users.ensure_all(&drafts, KEYS, &Batch::new()).await?;
    assert_eq!(effects(&outcomes), counts([("unchanged", USERS)]));
    assert_eq!(count(&server.exchanges()), counts([("GET users", 1)]));
    let everybody: usize = users.list().try_fold(0, |count, _| std::future::ready(Ok(count + 1))).await?;
    assert_eq!(everybody, USERS);
    Ok(())
}

/// A list that shows less than a read does: whoever is as a draft wants it is not read, and the others are, one read each.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn users_whom_a_list_shows_as_they_are_wanted_are_not_read_one_by_one() -> Result<()> {
    use vendor_users::client_core::serde_json::json;
    let server = testing::superoffice::start().await?;
    server.with(|vendor| {
        for number in 0..USERS {
            let (id, given) = (number + 1, if number % 100 == 0 { "Lou" } else { "Kim" });
            vendor.persons.put(json!({
                "PersonId": id, "Firstname": given, "Lastname": "Lee", "Emails": [{ "Value": format!("user{number}@example.com") }],
                "Contact": { "ContactId": 2 },
            }));
            vendor.users.put(json!({
                "AssociateId": id, "UserName": format!("user{number}"), "Name": format!("u{number}"), "Deleted": false,
                "Role": { "Id": 1, "Value": "User" }, "Person": { "PersonId": id },
            }));
        }
    });
    let users = adapter::superoffice::connect_with(server.settings(), |builder| builder.rate_limit(None)).await?;
    let named = |number: usize| {
        let name = format!("user{number}");
        UserDraft::builder().email(format!("{name}@example.com")).user_name(name).given_name("Kim").build()
    };
    let count = || {
        let mut counted: BTreeMap<String, usize> = BTreeMap::new();
        for exchange in server.exchanges() {
            *counted.entry(exchange.request.path.last().cloned().unwrap_or_default()).or_default() += 1;
        }
        server.forget();
        counted
    };
    server.forget();
    let drafts: Vec<UserDraft> = (0..USERS).map(named).collect();
    let outcomes = users.ensure_all(&drafts, KEYS, &Batch::new()).await?;
    assert_eq!(effects(&outcomes), counts([("unchanged", USERS - 100), ("updated", 100)]));
    let counted = count();
    let lists = USERS / 500 + 1;
    assert_eq!((counted["User"], counted["SavePersonEntity"]), (lists, 100), "{counted:?}");
    assert!(counted["GetUser"] <= 300, "one read before a person is saved, and those that prove it: {counted:?}");
    let outcomes = users.ensure_all(&drafts, KEYS, &Batch::new()).await?;
    assert_eq!(effects(&outcomes), counts([("unchanged", USERS)]));
    assert_eq!(count(), counts([("User", lists)]), "a second time only reads the list");
    let found = users.find(vendor_users::By::Email("user77@example.com")).await?;
    assert_eq!((found.len(), count().values().sum::<usize>()), (1, 1), "the vendor's own search finds one user");
    let everybody: usize = users.list().try_fold(0, |count, _| std::future::ready(Ok(count + 1))).await?;
    assert_eq!((everybody, count()), (USERS, counts([("User", lists)])));

    // What the list does not show is read before it is decided on.
    let drafts: Vec<UserDraft> = (0..50).map(|number| named(number).rebuild().role("1").build()).collect();
    let outcomes = users.ensure_all(&drafts, KEYS, &Batch::new()).await?;
    assert_eq!(effects(&outcomes), counts([("unchanged", 50)]));
    assert_eq!(count()["GetUser"], 50);
    Ok(())
}
