//! The verbs that say what is wanted: `ensure`, `deactivate`, `activate`, `find`. At a register of one's own that can be told how
//! to behave, and at a vendor's emulator.

use std::error::Error as StdError;

use vendor_users::attribute::Value as Wanted;
use vendor_users::client_core::serde_json::{self, Value, json};
use vendor_users::query::{Comparison, Order, QueryPart};
use vendor_users::search::{CaseRule, FoundBy};
use vendor_users::testing::vbasoftware::Vba;
use vendor_users::testing::{Emulator, Fault};
use vendor_users::{
    Action, Attribute, Batch, By, Directory, Effect, ErrorKind, FirstCredential, ListQuery, MatchKey, UserDraft, UserPatch,
    adapter, testing, vbasoftware,
};

use crate::support::required;

type Result<T> = std::result::Result<T, Box<dyn StdError>>;

async fn emulated(users: &[Value]) -> Result<(Emulator<Vba>, adapter::vbasoftware::Users)> {
    let server = testing::vbasoftware::start().await?;
    server.with(|vendor| users.iter().for_each(|user| vendor.users.put(user.clone())));
    let defaults: vbasoftware::types::User = serde_json::from_value(required::vba("nobody"))?;
    let users = adapter::vbasoftware::connect(server.settings().defaults(defaults)).await?;
    server.forget();
    Ok((server, users))
}

fn user(id: &str, email: &str) -> Value {
    let mut user = required::vba(id);
    user["eMail_Address"] = json!(email);
    user["title"] = json!("Clerk");
    user["theme"] = json!({ "dark": true });
    user
}

/// Method and last segment of every request that changes something, since the last call.
fn writes(server: &Emulator<Vba>) -> Vec<String> {
    let exchanges = server.exchanges();
    server.forget();
    let requests = exchanges.into_iter().map(|exchange| exchange.request).filter(|request| request.method != "GET");
    requests.map(|request| format!("{} {}", request.method, request.path.last().cloned().unwrap_or_default())).collect()
}

const KEYS: &[MatchKey] = &[MatchKey::UserName, MatchKey::Email];

#[tokio::test]
async fn ensure_creates_updates_or_does_nothing_and_says_which() -> Result<()> {
    let (server, users) = emulated(&[]).await?;
    let kim =
        UserDraft::builder().user_name("kim").email("kim@example.com").title("Clerk").on_create(Attribute::PhoneNumber, "1")?;
    let created = users.ensure(&kim.clone().build(), KEYS).await?;
    assert_eq!((created.effect, created.matched_by), (Effect::Created, None));
    assert_eq!(writes(&server), ["POST users"]);
    let same = users.ensure(&kim.clone().build(), KEYS).await?;
    assert_eq!((same.effect, same.matched_by), (Effect::Unchanged, Some(MatchKey::UserName)));
    assert_eq!(writes(&server), [""; 0], "a second call sends no write");

    // What is only for users that are created is not written again, what is cleared is, and all else is kept.
    server.with(|vendor| vendor.users.get_mut("kim").map(|user| user.insert("theme".to_owned(), json!({ "dark": true }))));
    let moved = kim.clear(Attribute::Title).on_create(Attribute::PhoneNumber, "2")?.display_name("Kim Lee").build();
    assert_eq!(users.ensure(&moved, KEYS).await?.effect, Effect::Updated);
    assert_eq!(writes(&server), ["PUT kim"]);
    let kept = server.with(|vendor| vendor.users.get("kim").cloned()).ok_or("kim is there")?;
    let fields = ["title", "phone", "name", "theme"].map(|name| kept.get(name).cloned().unwrap_or_default());
    assert_eq!(fields, [Value::Null, json!("1"), json!("Kim Lee"), json!({ "dark": true })]);
    assert_eq!(users.ensure(&moved, KEYS).await?.effect, Effect::Unchanged);
    assert_eq!(writes(&server), [""; 0]);
    Ok(())
}

#[tokio::test]
async fn a_value_in_the_vendors_spelling_is_no_difference() -> Result<()> {
    let mut kim = user("KIM", "Kim@Example.com");
    kim["phone"] = json!("+1 (555) 0100");
    let (server, users) = emulated(&[kim]).await?;
    let draft = UserDraft::builder().user_name("kim").email("kim@example.com").phone_number("+1 555 0100").title("Clerk ");
    assert_eq!(users.ensure(&draft.build(), KEYS).await?.effect, Effect::Unchanged);
    assert_eq!(writes(&server), [""; 0]);
    Ok(())
}

#[tokio::test]
async fn keys_that_do_not_name_one_user_are_a_conflict_that_shows_them() -> Result<()> {
    let (server, users) =
        emulated(&[user("kim", "kim@example.com"), user("ann", "ann@example.com"), user("a2", "ann@example.com")]).await?;
    let told = |error: vendor_users::Error| (error.kind(), error.candidates().len(), error.to_string());
    let two = UserDraft::builder().user_name("kim").email("ann@example.com").title("Boss").build();
    let (kind, candidates, text) = users.ensure(&two, KEYS).await.err().map(told).ok_or("a conflict")?;
    assert_eq!((kind, candidates), (ErrorKind::Conflict, 3), "{text}");
    let several = UserDraft::builder().email("ann@example.com").title("Boss").build();
    let error = users.ensure(&several, &[MatchKey::Email]).await.err().ok_or("a conflict")?;
    insta::assert_snapshot!(error, @"VBA Software: `ensure`: the match keys do not name one user: email `ann@example.com` finds user `a2`, email `ann@example.com` finds user `ann`; nothing was written, a person must decide");
    // Found by the second key, and the first is somebody else's: never a take-over.
    let other = UserDraft::builder().user_name("kim.lee").email("kim@example.com").title("Boss").build();
    let error = users.ensure(&other, KEYS).await.err().ok_or("a conflict")?;
    insta::assert_snapshot!(error, @"VBA Software: `ensure`: the match keys do not name one user: email `kim@example.com` finds user `kim`, whose user_name is `kim`; nothing was written, a person must decide");
    // Where the address is the key, a new name would be a rename, and here the name is the identifier.
    let error = users.ensure(&other, &[MatchKey::Email]).await.err().ok_or("no rename")?;
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    let nobody = UserDraft::builder().title("Boss").build();
    assert_eq!(users.ensure(&nobody, KEYS).await.err().map(|error| error.kind()), Some(ErrorKind::Invalid));
    assert_eq!(writes(&server), [""; 0]);
    Ok(())
}

#[tokio::test]
async fn a_user_is_switched_off_and_on_and_a_read_proves_it() -> Result<()> {
    let (server, users) = emulated(&[user("kim", "kim@example.com")]).await?;
    for _ in 0..2 {
        let off = users.deactivate("kim").await?;
        assert_eq!(off.user.active(), Some(false));
    }
    let plan = users.plan(Action::Activate("kim")).await?;
    insta::assert_snapshot!(plan, @r"
    POST /users/kim/admin-enable (AdminEnableUser)
      account_Locked: true → false
    ");
    server.forget();
    let on = users.activate("kim").await?;
    assert_eq!((on.effect, on.user.active()), (Effect::Updated, Some(true)));
    assert_eq!(writes(&server), ["POST admin-enable"]);
    let kept = server.with(|vendor| vendor.users.get("kim").cloned()).unwrap_or_default();
    assert_eq!(kept.get("theme"), Some(&json!({ "dark": true })));
    assert_eq!(users.deactivate("nobody").await.err().map(|error| error.kind()), Some(ErrorKind::NotFound));
    Ok(())
}

/// No page says that disabling a user sets `account_Locked`. Where it does not, nobody can see that it is done.
#[tokio::test]
async fn what_a_read_does_not_show_is_not_a_success() -> Result<()> {
    let (server, users) = emulated(&[user("kim", "kim@example.com")]).await?;
    server.with(|vendor| vendor.disabling_locks = false);
    let error = users.deactivate("kim").await.err().ok_or("nothing shows it")?;
    assert_eq!((error.kind(), error.may_have_arrived()), (ErrorKind::Unverified, true));
    insta::assert_snapshot!(error, @"VBA Software: `deactivate` of user `kim`: the vendor accepted that the user is switched off, and a read does not show it: `account_Locked` reads as before; look again later; it may have taken effect, so read the user before you try again");
    assert_eq!(writes(&server), ["POST admin-disable"]);
    // It is switched on all the same: that it reads as active is no proof that it is.
    users.activate("kim").await?;
    assert_eq!(writes(&server), ["POST admin-enable"]);
    let off = UserDraft::builder().user_name("kim").active(false).build();
    let error = users.ensure(&off, KEYS).await.err().ok_or("nothing shows it")?;
    assert_eq!(error.kind(), ErrorKind::Unverified);
    Ok(())
}

#[tokio::test]
async fn ensure_switches_off_by_the_operation_for_it_and_never_unlocks() -> Result<()> {
    let (server, users) = emulated(&[user("kim", "kim@example.com")]).await?;
    let off = UserDraft::builder().user_name("kim").active(false).title("Guest").build();
    let plan = users.plan(Action::Ensure { draft: &off, keys: KEYS }).await?;
    insta::assert_snapshot!(plan, @r#"
    POST /users/kim/admin-disable (AdminDisableUser)
    PUT /users/kim (UpdateUser)
      title: "Clerk" → "Guest"
      account_Locked: false → true
    "#);
    server.forget();
    let done = users.ensure(&off, KEYS).await?;
    assert_eq!((done.effect, done.user.active(), done.user.title().as_deref()), (Effect::Updated, Some(false), Some("Guest")));
    assert_eq!(writes(&server), ["POST admin-disable", "PUT kim"]);
    let on = UserDraft::builder().user_name("kim").active(true).build();
    let left = users.ensure(&on, KEYS).await?;
    assert_eq!((left.effect, left.dropped.len()), (Effect::Unchanged, 1), "locked out or switched off: nobody knows");
    assert_eq!(writes(&server), [""; 0]);
    assert_eq!(Wanted::Flag(false), left.user.attribute(Attribute::Active).ok_or("a flag")?);
    Ok(())
}

/// A sign-in between reading and writing changes counters and dates, and is no reason to refuse an update.
#[tokio::test]
async fn a_sign_in_meanwhile_is_no_change_that_matters() -> Result<()> {
    let (server, users) = emulated(&[user("kim", "kim@example.com")]).await?;
    let touch = |name: &'static str, value: Value| {
        server.with(|vendor| {
            vendor.meanwhile =
                Some(Box::new(move |users| drop(users.get_mut("kim").map(|kim| kim.insert(name.to_owned(), value)))));
        });
    };
    for (name, value) in [("last_Login", json!("2025-03-28T09:00:00Z")), ("login_Attempts", json!(3)), ("phone", json!("5"))] {
        touch(name, value.clone());
        users.update("kim", &UserPatch::new().title(format!("after {name}"))).await?;
        let kept = server.with(|vendor| vendor.users.get("kim").cloned()).unwrap_or_default();
        assert_eq!(kept.get(name), Some(&value), "what was written meanwhile stays");
    }
    for (name, value) in [("title", json!("Boss")), ("account_Locked", json!(true))] {
        touch(name, value);
        let error = users.update("kim", &UserPatch::new().title("Manager")).await.err().ok_or(name)?;
        assert_eq!((error.kind(), error.fields()), (ErrorKind::Changed, vec![name.to_owned()]), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn a_search_says_whether_absence_is_proven() -> Result<()> {
    let (_server, users) = emulated(&[user("kim", "kim@example.com"), user("ann", "ann@example.com")]).await?;
    let by_id = users.find(By::Id("kim")).await?;
    assert_eq!((by_id.len(), by_id.by), (1, FoundBy::Read));
    let by_email = users.find(By::Email("ANN@example.com")).await?;
    assert_eq!((by_email.len(), by_email.by), (1, FoundBy::List));
    // A name is the identifier here, and whether case counts in it is not known: only the list proves that nobody has it.
    let nobody = users.find(By::UserName("Nobody")).await?;
    assert_eq!((nobody.is_empty(), nobody.by, nobody.is_complete()), (true, FoundBy::List, true));
    assert_ne!(nobody.by, FoundBy::Search(CaseRule::Unknown));
    Ok(())
}

/// Nobody but the caller sees a password that is generated, and a user that exists keeps its own.
#[tokio::test]
async fn a_new_user_gets_the_credential_that_was_chosen() -> Result<()> {
    let (server, users) = emulated(&[]).await?;
    let draft = |name: &str, credential| {
        let draft = UserDraft::builder().user_name(name).email(format!("{name}@example.com"));
        draft.first_credential(credential).build()
    };
    let kept = |name: &str| server.with(|vendor| vendor.users.get(name).cloned()).unwrap_or_default();

    let plan = users.plan(Action::Ensure { draft: &draft("kim", FirstCredential::Generated), keys: KEYS }).await?;
    assert_eq!(plan.requests[0].body.as_ref().and_then(|body| body.get("password")), Some(&json!("***")));
    let kim = draft("kim", FirstCredential::Generated);
    let outcome = users.ensure(&kim, KEYS).await?;
    let password = outcome.password.clone().ok_or("a password")?;
    assert_eq!(kept("kim").get("password"), Some(&json!(password.expose())));
    let shown = format!("{outcome:?}{}{plan}{plan:?}", serde_json::to_string(&outcome)?);
    assert!(!shown.contains(password.expose()), "{shown}");
    let again = users.ensure(&kim, KEYS).await?;
    assert_eq!((again.effect, again.password), (Effect::Unchanged, None));
    assert_eq!(kept("kim").get("password"), Some(&json!(password.expose())));

    let outcome = users.ensure(&draft("ann", FirstCredential::SingleSignOn), KEYS).await?;
    assert_eq!((outcome.password, kept("ann").get("is_SSO_User")), (None, Some(&json!(true))));
    let lou = draft("lou", FirstCredential::VendorMail);
    let plan = users.plan(Action::Create(&lou)).await?;
    let paths: Vec<&str> = plan.requests.iter().map(|request| request.path.as_str()).collect();
    assert_eq!(paths, ["/users", "/users/lou/resend-welcome-message"]);
    server.forget();
    users.create(&lou).await?;
    assert_eq!(writes(&server), ["POST users", "POST resend-welcome-message"]);
    users
        .ensure_all(&[draft("lou", FirstCredential::VendorMail), draft("mia", FirstCredential::VendorMail)], KEYS, &Batch::new())
        .await?;
    assert_eq!(writes(&server), ["POST users", "POST resend-welcome-message"], "only whoever is created gets a mail");
    users.create(&draft("max", FirstCredential::None)).await?;
    assert_eq!(writes(&server), ["POST users"]);

    // The user is there although the mail failed, and the error says both.
    server.inject(Fault::status(500).on("POST", "resend-welcome-message"));
    let error = users.ensure(&draft("eva", FirstCredential::VendorMail), KEYS).await.err().ok_or("no mail")?;
    assert!(error.to_string().contains("was created as `eva`") && error.may_have_arrived(), "{error}");
    assert!(!error.is_retryable() && !kept("eva").is_empty(), "the same call again would not send the mail");

    // What a vendor does not offer is refused before anything is sent.
    let server = testing::superoffice::start().await?;
    let other = adapter::superoffice::connect(server.settings()).await?;
    let offered: Vec<FirstCredential> = other.capabilities().credentials().map(|(credential, _)| credential).collect();
    for credential in FirstCredential::ALL.iter().filter(|credential| !offered.contains(credential)) {
        let error = other.create(&draft("kim", *credential)).await.err().ok_or("not offered")?;
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        assert!(error.to_string().contains("Offered: none"), "{error}");
    }
    assert_eq!(server.exchanges().len(), 0);
    Ok(())
}

#[tokio::test]
async fn a_page_is_ordered_by_the_vendor_and_filtered_here() -> Result<()> {
    let people = ["b", "a", "d", "c", "e"].map(|name| user(name, &format!("{name}@example.com")));
    let (server, users) = emulated(&people).await?;
    let mut query = ListQuery::new()
        .ordered_by(Attribute::Email, Order::Descending)
        .with(Attribute::Email, Comparison::Contains, "@EXAMPLE")
        .page_size(2);
    let mut names = Vec::new();
    loop {
        let page = users.list_page(&query).await?;
        assert_eq!(page.not_done, [QueryPart::Condition(Attribute::Email)]);
        names.extend(page.users.iter().filter_map(|user| user.user_name().map(|name| name.into_owned())));
        match page.next {
            Some(next) => query = query.at(next),
            None => break,
        }
    }
    assert_eq!(names, ["e", "d", "c", "b", "a"]);
    assert_eq!(server.exchanges().len(), 4, "three pages, and an empty one that ends the list");
    let error = users.list_page(&ListQuery::new().at("the third")).await.err().ok_or("no page")?;
    assert_eq!(error.kind(), ErrorKind::Invalid);
    // An order that the vendor has no property for, and a page that is larger than it gives.
    let page = users.list_page(&ListQuery::new().ordered_by(Attribute::Locale, Order::Ascending).page_size(5000)).await?;
    assert_eq!((page.users.len(), page.not_done), (5, vec![QueryPart::Order, QueryPart::PageSize]));
    Ok(())
}
