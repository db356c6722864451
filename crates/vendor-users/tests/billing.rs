//! BillingPlatform's users: read, found, switched and deleted by what its other pages and a community client say, each weak fact
//! as the emulator has it and the other way round.

use std::error::Error as StdError;

use futures_util::TryStreamExt as _;
use vendor_users::adapter::billingplatform::{ExternalUsers, Settings, Users, connect, connect_external};
use vendor_users::client_core::serde_json::{Value, json};
use vendor_users::query::{Comparison, Order, QueryPart};
use vendor_users::search::FoundBy;
use vendor_users::testing::billingplatform::{BillingPlatform, CALLER, Deletion, End};
use vendor_users::testing::{Emulator, Fault};
use vendor_users::{
    Attribute, By, Directory, Effect, Error, ErrorKind, FirstCredential, ListQuery, MatchKey, UserDraft, UserPatch, Verb,
    billingplatform, testing,
};

type Result<T> = std::result::Result<T, Box<dyn StdError>>;

const WEAK: [&str; 5] = ["get", "list", "find", "delete", "choices"];

fn user(id: usize, name: &str) -> Value {
    json!({
        "Id": id.to_string(), "Username": name, "Email": format!("{id}@example.com"), "RoleId": 3, "LanguageCode": 1,
        "TimeZoneId": 12, "Status": "ACTIVE", "Title": "Clerk", "ImmediateManager": 7, "Custom__c": { "kept": [1.50] },
    })
}

/// An emulator with these users beside the one that logs in, and settings that accept what is weak.
async fn started(users: impl IntoIterator<Item = Value>) -> Result<(Emulator<BillingPlatform>, Settings)> {
    let server = testing::billingplatform::start().await?;
    server.with(|vendor| users.into_iter().for_each(|user| vendor.users.put(user)));
    let settings = server.settings().accept_weak(WEAK).status_words("ACTIVE", "INACTIVE");
    Ok((server, settings))
}

async fn directory(users: impl IntoIterator<Item = Value>) -> Result<(Emulator<BillingPlatform>, Users)> {
    let (server, settings) = started(users).await?;
    let users = connect(settings).await?;
    server.forget();
    Ok((server, users))
}

/// The texts of the queries since the last call.
fn queries(server: &Emulator<BillingPlatform>) -> Vec<String> {
    let sent = server.exchanges().into_iter().filter_map(|exchange| exchange.request.query.get("sql").cloned()).collect();
    server.forget();
    sent
}

fn writes(server: &Emulator<BillingPlatform>) -> usize {
    let sent = server.exchanges().iter().filter(|exchange| exchange.request.method != "GET").count();
    server.forget();
    sent
}

#[tokio::test]
async fn a_list_is_read_to_its_end_whatever_the_end_looks_like() -> Result<()> {
    for end in [End::NotFound, End::Empty, End::Absent] {
        for (numbers_as_text, page) in [(false, 10_000), (true, 7)] {
            let (server, users) = directory((1..=20).map(|id| user(id, &format!("user{id}")))).await?;
            server.with(|vendor| (vendor.end, vendor.numbers_as_text, vendor.page) = (end, numbers_as_text, page));
            let listed: Vec<_> = users.list().try_collect().await?;
            let ids: Vec<String> = listed.iter().filter_map(|user| Some(user.id()?.into_owned())).collect();
            let expected: Vec<String> = (1..=20).map(|id| id.to_string()).chain([CALLER.to_owned()]).collect();
            assert_eq!(ids, expected, "{end:?}");
            let first = listed.first().ok_or("nobody")?;
            assert_eq!((first.active(), first.manager().as_deref()), (Some(true), Some("7")));
            let record = first.downcast_ref::<billingplatform::types::ApplicationUser>().ok_or("another type")?;
            assert_eq!(record.role_id, 3.into(), "a number is one, however a row writes it");
            // Each page begins with the last user of the one before, and one page more shows the end.
            assert_eq!(queries(&server).len(), if page == 7 { 5 } else { 2 });
            // Nobody is found by a query that finds nothing either.
            assert!(users.find(By::Email("nobody@example.com")).await?.is_empty(), "{end:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_list_that_may_lack_somebody_is_an_error() -> Result<()> {
    let (server, users) = directory((1..=20).map(|id| user(id, &format!("user{id}")))).await?;
    let first = users.list_page(&ListQuery::new().page_size(5)).await?;
    assert_eq!(first.users.len(), 5);
    let next = first.next.clone().ok_or("one page")?;
    // Somebody leaves: everybody after would move to the front by one place, and one would be missing.
    server.with(|vendor| vendor.users.remove("2"));
    let error = users.list_page(&ListQuery::new().page_size(5).at(&*next)).await.expect_err("somebody left");
    assert_eq!(error.kind(), ErrorKind::Changed, "{error}");
    server.with(|vendor| vendor.users.put(user(2, "user2")));
    assert_eq!(users.list_page(&ListQuery::new().page_size(5).at(&*next)).await?.users.len(), 5);
    let error = users.list_page(&ListQuery::new().at("page two")).await.expect_err("no position");
    assert_eq!(error.kind(), ErrorKind::Invalid);

    // A query that finds not even the user that is signed in is no proof that there is nobody.
    let nothing = [
        Fault::json(404, json!({ "error": "Not found", "message": "" })),
        Fault::json(200, json!({ "queryResponse": [] })),
        Fault::json(200, json!({})),
    ];
    for fault in nothing {
        server.heal();
        server.inject(fault.on("GET", "query"));
        let draft = UserDraft::builder().id("77").user_name("kim").email("kim@example.com").build();
        let error = users.ensure(&draft, &[MatchKey::Email]).await.expect_err("nobody is listed");
        assert_eq!(error.kind(), ErrorKind::MalformedResponse, "{error}");
        assert_eq!(writes(&server), 0);
    }
    // A row without an identifier, and a page of a proxy.
    server.heal();
    server.inject(Fault::json(200, json!({ "queryResponse": [{ "Username": "kim" }] })).on("GET", "query"));
    assert!(users.list().try_collect::<Vec<_>>().await.is_err());
    server.heal();
    server.inject(Fault::status(404).on("GET", "query"));
    assert!(users.list().try_collect::<Vec<_>>().await.is_err());
    server.heal();
    server.inject(Fault::status(404).on("GET", "APPLICATION_USER"));
    assert_ne!(users.get("1").await.err().map(|error| error.kind()), Some(ErrorKind::NotFound), "a 404 of anything on the way");
    Ok(())
}

#[tokio::test]
async fn users_are_found_whether_case_counts_or_not_and_inactive_ones_too() -> Result<()> {
    let mut left = user(2, "Ann.Berg");
    left["Status"] = json!("INACTIVE");
    left["FederationId"] = json!("hr-2");
    let (server, users) = directory([user(1, "kim.lee"), left, user(3, "o'neil%\\")]).await?;
    for case_counts in [true, false] {
        server.with(|vendor| vendor.case_counts = case_counts);
        let found = async |by: By<'static>| {
            Ok::<_, Error>(users.find(by).await?.into_iter().filter_map(|user| Some(user.id()?.into_owned())).collect::<Vec<_>>())
        };
        assert_eq!(found(By::UserName("KIM.LEE")).await?, ["1"]);
        assert_eq!(found(By::UserName("ann.berg")).await?, ["2"]);
        assert_eq!(found(By::Email("2@EXAMPLE.com")).await?, ["2"]);
        assert_eq!(found(By::ExternalId("hr-2")).await?, ["2"]);
        assert_eq!(found(By::ExternalId("HR-2")).await?, [""; 0], "an external identifier is exact");
        assert_eq!(found(By::Id("2")).await?, ["2"]);
        // What cannot be quoted safely is not sent, and found in the list.
        queries(&server);
        assert_eq!(found(By::UserName("O'NEIL%\\")).await?, ["3"]);
        assert!(queries(&server).iter().all(|sql| !sql.contains('\'')));
    }
    let found = users.find(By::UserName("kim.lee")).await?;
    assert!(matches!(found.by, FoundBy::Search(_)), "{:?}", found.by);
    assert_eq!(queries(&server).len(), 1, "one query finds one user");
    Ok(())
}

#[tokio::test]
async fn a_page_is_filtered_and_ordered_as_far_as_the_query_language_surely_can() -> Result<()> {
    let (server, users) = directory((1..=9).map(|id| {
        let mut user = user(id, &format!("user{id}"));
        user["ImmediateManager"] = json!(id % 2);
        user["Title"] = json!(if id > 6 { "Boss" } else { "Clerk" });
        user
    }))
    .await?;
    let query = ListQuery::new()
        .with(Attribute::Manager, Comparison::Equals, "1")
        .with(Attribute::Title, Comparison::Equals, "boss")
        .ordered_by(Attribute::UserName, Order::Descending)
        .page_size(4);
    let page = users.list_page(&query).await?;
    let names: Vec<String> = page.users.iter().filter_map(|user| Some(user.user_name()?.into_owned())).collect();
    assert_eq!(names, ["user9", "user7"]);
    assert_eq!(page.not_done, [QueryPart::Condition(Attribute::Title)], "case may count at the vendor");
    let sql = queries(&server);
    assert!(
        sql.first().is_some_and(|sql| sql.contains("WHERE ImmediateManager = 1 ORDER BY Username DESC, Id OFFSET 0")),
        "{sql:?}"
    );
    let next = users.list_page(&query.clone().at(page.next.ok_or("one page")?)).await?;
    assert!(next.users.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_deletion_is_proven_by_a_read_whatever_it_responds_with() -> Result<()> {
    let (server, users) = directory([user(1, "kim")]).await?;
    for deletion in [Deletion::Record, Deletion::Outcomes, Deletion::Message] {
        server.with(|vendor| {
            vendor.users.put(user(1, "kim"));
            vendor.deletion = deletion;
        });
        users.delete("1").await?;
        assert_eq!(users.delete("1").await.err().map(|error| error.kind()), Some(ErrorKind::NotFound), "{deletion:?}");
    }
    server.with(|vendor| vendor.users.put(user(1, "kim")));
    let said = [
        (json!({ "deleteResponse": { "message": "queued", "entity": "APPLICATION_USER" } }), ErrorKind::Unverified),
        (json!({}), ErrorKind::MalformedResponse),
        (json!({ "deleteResponse": [] }), ErrorKind::MalformedResponse),
        (json!({ "deleteResponse": [{ "Id": "2", "success": true }] }), ErrorKind::MalformedResponse),
        (json!({ "deleteResponse": [{ "Id": "1", "success": false }] }), ErrorKind::MalformedResponse),
        (json!({ "deleteResponse": [{ "Id": "1", "ErrorCode": "17", "ErrorText": "in use" }] }), ErrorKind::Refused),
    ];
    for (body, kind) in said {
        server.heal();
        server.inject(Fault::json(200, body.clone()).on("DELETE", "delete"));
        let error = users.delete("1").await.expect_err("nothing was deleted");
        assert_eq!(error.kind(), kind, "{body}: {error}");
        assert!(server.with(|vendor| vendor.users.get("1").is_some()));
    }
    Ok(())
}

#[tokio::test]
async fn a_user_is_switched_by_the_words_of_the_settings_and_a_read_proves_it() -> Result<()> {
    let (server, users) = directory([user(1, "kim")]).await?;
    let off = users.deactivate("1").await?;
    assert_eq!((off.effect, off.user.active()), (Effect::Updated, Some(false)));
    let mut expected = user(1, "kim");
    expected["Status"] = json!("INACTIVE");
    let record = |server: &Emulator<BillingPlatform>| {
        let mut record = server.with(|vendor| vendor.users.get("1").cloned()).unwrap_or_default();
        record.retain(|name, _| !["Created", "Updated"].contains(&name.as_str()));
        Value::Object(record)
    };
    assert_eq!(record(&server), expected, "everything else stays");
    assert_eq!(writes(&server), 1);
    assert_eq!(users.deactivate("1").await?.effect, Effect::Unchanged);
    assert_eq!(writes(&server), 0);
    assert_eq!(users.activate("1").await?.user.active(), Some(true));
    assert_eq!(record(&server), user(1, "kim"));

    // A draft says it as well, and a third word means nothing here.
    let kim = UserDraft::builder().user_name("kim").active(false).build();
    assert_eq!(users.ensure(&kim, &[MatchKey::UserName]).await?.user.active(), Some(false));
    server.with(|vendor| vendor.users.get_mut("1").map(|user| user.insert("Status".to_owned(), json!("SUSPENDED"))));
    assert_eq!(users.get("1").await?.active(), None);
    assert_eq!(users.deactivate("1").await?.user.active(), Some(false));

    // The vendor accepts the record and keeps its word.
    let mut kept = user(1, "kim");
    kept["Status"] = json!("INACTIVE");
    server.inject(Fault::json(200, json!({ "retrieveResponse": kept })).on("POST", "APPLICATION_USER"));
    let error = users.activate("1").await.expect_err("nothing changed");
    assert_eq!(error.kind(), ErrorKind::Unverified, "{error}");
    Ok(())
}

#[tokio::test]
async fn without_words_nobody_is_switched_and_the_error_says_what_to_do() -> Result<()> {
    let server = testing::billingplatform::start().await?;
    server.with(|vendor| vendor.users.put(user(1, "kim")));
    let same = server.settings().accept_weak(WEAK).status_words("active", "ACTIVE ");
    for settings in [server.settings().accept_weak(WEAK), same] {
        let users = connect(settings).await?;
        assert_eq!(users.get("1").await?.active(), None);
        server.forget();
        for error in [users.deactivate("1").await.map(drop), users.disable("1").await, users.activate("1").await.map(drop)] {
            let error = error.expect_err("no words");
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            assert!(error.manual_step().is_some_and(|step| step.contains("status_words")), "{error}");
        }
        // Whoever is to be kept out is never dropped in silence.
        let draft = UserDraft::builder().user_name("kim").active(false).build();
        assert!(users.ensure(&draft, &[MatchKey::UserName]).await.is_err());
        assert_eq!(writes(&server), 0);
    }
    Ok(())
}

#[tokio::test]
async fn what_no_page_says_outright_is_done_only_where_it_is_accepted() -> Result<()> {
    let (server, _) = started([user(1, "kim")]).await?;
    let users = connect(server.settings()).await?;
    server.forget();
    let patch = UserPatch::new().title("Boss");
    let refused = [
        (Verb::Get, users.get("1").await.map(drop)),
        (Verb::Find, users.find(By::UserName("kim")).await.map(drop)),
        (Verb::List, users.list().try_collect::<Vec<_>>().await.map(drop)),
        (Verb::Update, users.update("1", &patch).await.map(drop)),
        (Verb::Delete, users.delete("1").await),
        (Verb::ResetPassword, users.reset_password("1").await),
        (Verb::Choices, users.choices(Attribute::UserType).await.map(drop)),
    ];
    for (verb, result) in refused {
        let error = result.expect_err(verb.name());
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains("accept"), "{error}");
    }
    assert_eq!(server.exchanges().len(), 0, "nothing is sent");
    Ok(())
}

#[tokio::test]
async fn external_users_have_a_directory_of_their_own() -> Result<()> {
    let (server, settings) = started([]).await?;
    let external = |id: usize| {
        let mut user = user(id, &format!("ext{id}"));
        user["AccountId"] = json!(5);
        user
    };
    server.with(|vendor| (1..=3).for_each(|id| vendor.external.put(external(id))));
    let users: ExternalUsers = connect_external(settings).await?;
    assert_eq!(users.capabilities().instance().title(), "BillingPlatform, external users");
    let listed: Vec<_> = users.list().try_collect().await?;
    assert_eq!(listed.iter().filter_map(|user| user.user_name()).collect::<Vec<_>>(), ["ext1", "ext2", "ext3"]);
    users.update("2", &UserPatch::new().family_name("Lee")).await?;
    let off = users.deactivate("2").await?;
    assert_eq!(
        (off.user.active(), off.user.family_name().as_deref(), off.user.organization().as_deref()),
        (Some(false), Some("Lee"), Some("5"))
    );
    let draft = UserDraft::builder().user_name("ext3").family_name("Berg").build();
    assert_eq!(users.ensure(&draft, &[MatchKey::UserName]).await?.effect, Effect::Updated);
    users.reset_password("3").await?;
    assert_eq!(
        server.with(|vendor| vendor.external.get("3").and_then(|user| user.get("ResetPasswordFlag").cloned())),
        Some(json!(1))
    );
    users.delete("1").await?;
    assert_eq!(users.get("1").await.err().map(|error| error.kind()), Some(ErrorKind::NotFound));

    server.forget();
    let nobody = UserDraft::builder().id("9").user_name("nobody").email("n@example.com").build();
    let error = users.ensure(&nobody, &[MatchKey::UserName]).await.expect_err("no page creates one");
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert!(error.manual_step().is_some_and(|step| step.contains("at its account")), "{error}");
    assert_eq!(writes(&server), 0);
    Ok(())
}

#[tokio::test]
async fn a_session_is_closed_and_whoever_calls_again_opens_another() -> Result<()> {
    let (server, users) = directory([user(1, "kim")]).await?;
    users.log_out().await?;
    server.forget();
    users.get("1").await?;
    let logins =
        server.exchanges().iter().filter(|exchange| exchange.request.path.last().is_some_and(|last| last == "login")).count();
    assert_eq!(logins, 1);
    server.inject(Fault::json(200, json!({ "logoutResponse": [{ "ErrorCode": "0", "Success": "false" }] })).on("POST", "logout"));
    assert!(users.log_out().await.is_err());
    Ok(())
}

#[tokio::test]
async fn credentials_and_choices_are_those_that_pages_have() -> Result<()> {
    let (server, settings) = started([]).await?;
    server.with(|vendor| {
        for (id, kind) in [(1, "ADMIN"), (2, "CLERK"), (3, "ADMIN")] {
            let mut user = user(id, &format!("user{id}"));
            user["Type"] = json!(kind);
            vendor.users.put(user);
        }
    });
    let users = connect(settings.clone()).await?;
    let choices: Vec<String> = users.choices(Attribute::UserType).await?.into_iter().map(|choice| choice.id).collect();
    assert_eq!(choices, ["ADMIN", "CLERK"]);
    assert_eq!(users.choices(Attribute::Title).await.err().map(|error| error.kind()), Some(ErrorKind::Unsupported));

    let base: billingplatform::types::ApplicationUser =
        vendor_users::client_core::serde_json::from_value(json!({ "RoleId": 1, "LanguageCode": 1, "TimeZoneId": 1 }))?;
    let draft = |id: &str, credential| {
        let draft = UserDraft::builder().id(id).user_name(format!("new{id}")).email("new@example.com").record(base.clone());
        draft.first_credential(credential).build()
    };
    users.create(&draft("11", FirstCredential::SingleSignOn)).await?;
    let flag = server.with(|vendor| vendor.users.get("11").and_then(|user| user.get("ForbidInternalAuth").cloned()));
    assert_eq!(flag, Some(json!(1)));
    for credential in [FirstCredential::VendorMail, FirstCredential::Generated] {
        let error = users.create(&draft("12", credential)).await.expect_err("not offered");
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    }
    let accepting = connect(settings.accept_weak(["vendor-mail"])).await?;
    accepting.create(&draft("12", FirstCredential::VendorMail)).await?;
    Ok(())
}
