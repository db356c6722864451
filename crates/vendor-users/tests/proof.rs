//! Success is proven and nothing is written that nobody asked for, where a vendor responds with something else than it
//! documents. Over sockets.

use std::error::Error as StdError;

use vendor_users::client_core::serde_json::{self, Value, json};
use vendor_users::testing::vbasoftware::Vba;
use vendor_users::testing::{Emulator, Fault, Reply};
use vendor_users::{
    Action, Attribute, Directory, Effect, ErrorKind, UserDraft, UserPatch, adapter, billingplatform, testing, twosms, vbasoftware,
};

type Result<T> = std::result::Result<T, Box<dyn StdError>>;

const ID: &str = "a2d8b2d2-1673-4f2d-a9ec-b02947160be7";

fn record(id: &str) -> Value {
    json!({
        "user_ID": id, "account_Locked": false, "administrator": true, "audit_User": false, "eMail_Address": "kim@example.com",
        "iD_Card_Notification": false, "is_SSO_User": false, "mfA_Enabled": true, "nav_ID_Underline": false,
        "single_Use_Account": false, "use_Windows_Authentication": false, "vbA_Password_Reset": false, "vbA_User": true,
        "title": "Clerk", "theme": { "dark": true }
    })
}

async fn emulated() -> Result<(Emulator<Vba>, adapter::vbasoftware::Users)> {
    let server = testing::vbasoftware::start().await?;
    server.with(|vendor| vendor.users.put(record("kim")));
    let defaults: vbasoftware::types::User = serde_json::from_value(record("nobody"))?;
    let users = adapter::vbasoftware::connect(server.settings().defaults(defaults)).await?;
    server.forget();
    Ok((server, users))
}

fn writes<V: testing::Vendor>(server: &Emulator<V>) -> usize {
    server.exchanges().iter().filter(|exchange| exchange.request.method != "GET").count()
}

#[tokio::test]
async fn a_read_that_goes_wrong_writes_nothing() -> Result<()> {
    let page = Reply { status: 404, headers: vec![("content-type", "text/html".to_owned())], body: None };
    let reads = [
        ("an empty object", Fault::json(200, json!({}))),
        ("no data", Fault::json(200, json!({ "data": null, "error": null }))),
        ("another spelling of data", Fault::json(200, json!({ "Data": record("kim"), "error": null }))),
        ("another user", Fault::json(200, json!({ "data": record("ann"), "error": null }))),
        ("a 404 of something on the way", Fault::reply(page)),
        ("a 404 inside of a 400", Fault::json(400, json!({ "error": { "status": 404 } }))),
        ("a server that fails", Fault::json(500, json!({}))),
        ("a response that is lost", Fault::reset()),
    ];
    for (case, read) in reads {
        let (server, users) = emulated().await?;
        server.inject(read.on("GET", "users"));
        let draft = UserDraft::builder().user_name("kim").title("Manager").build();
        for (verb, result) in [("save", users.save(&draft).await), ("create", users.create(&draft).await)] {
            let error = result.expect_err(case);
            assert!(!error.may_have_arrived(), "{case}: nothing but a read was sent by {verb}: {error}");
            assert_eq!(error.user(), Some("kim"), "{case}: {verb}: {error}");
        }
        assert_eq!(writes(&server), 0, "{case}");
    }
    Ok(())
}

#[tokio::test]
async fn an_outcome_of_a_batch_is_a_success_only_where_it_says_so_of_this_user() -> Result<()> {
    let kim = json!([{ "key": "user_ID", "value": "kim" }]);
    let outcomes = [
        ("no outcome", json!([])),
        ("a null", json!([null])),
        ("no list", Value::Null),
        ("no status", json!([{ "id": kim, "body": { "title": "Bad Request", "status": 400 } }])),
        ("a null for the status", json!([{ "id": kim, "status": null }])),
        ("no status of HTTP", json!([{ "id": kim, "status": 70000 }])),
        ("a status below 0", json!([{ "id": kim, "status": -1 }])),
        ("a status as text", json!([{ "id": kim, "status": "400" }])),
        ("an error inside", json!([{ "id": kim, "status": 200, "body": { "data": null, "error": { "title": "Bad" } } }])),
        ("a problem inside", json!([{ "id": kim, "status": 200, "body": { "title": "Bad Request", "status": 400 } }])),
        ("two outcomes", json!([{ "id": kim, "status": 200 }, { "id": kim, "status": 400 }])),
        ("another user's", json!([{ "id": [{ "key": "user_ID", "value": "ann" }], "status": 200 }])),
        ("another user's behind a null", json!([null, { "id": [{ "key": "user_ID", "value": "ann" }], "status": 200 }])),
        ("another key", json!([{ "id": [{ "key": "database", "value": "kim" }], "status": 200 }])),
        ("no key", json!([{ "status": 200 }])),
        ("another user's record", json!([{ "id": kim, "status": 200, "body": record("ann") }])),
    ];
    for (case, outcomes) in outcomes {
        let (server, users) = emulated().await?;
        server.inject(Fault::json(207, json!({ "data": outcomes, "error": null })).on("PUT", ""));
        let draft = UserDraft::builder().user_name("kim").title("Manager").build();
        let error = users.save(&draft).await.expect_err(case);
        assert!(error.may_have_arrived(), "{case}: {error}");
        let all = users.save_all(std::slice::from_ref(&draft)).await;
        assert!(all.is_err() || all.is_ok_and(|all| all.iter().all(std::result::Result::is_err)), "{case}");
    }
    Ok(())
}

/// A null among the outcomes moves none of them to another user.
#[tokio::test]
async fn outcomes_are_told_apart_by_their_keys() -> Result<()> {
    let (server, users) = emulated().await?;
    server.with(|vendor| vendor.users.put(record("ann")));
    let of = |name: &str, status: u16| json!({ "id": [{ "key": "user_ID", "value": name }], "status": status });
    server.inject(Fault::json(207, json!({ "data": [null, of("ANN", 400), null, of("kim", 200)] })).on("PUT", ""));
    let drafts = ["kim", "ann"].map(|name| UserDraft::builder().user_name(name).title("Manager").build());
    let outcomes = users.save_all(&drafts).await?;
    let told: Vec<_> = outcomes.iter().map(|outcome| outcome.as_ref().map(|done| done.effect).map_err(|no| no.kind())).collect();
    assert_eq!(told, [Ok(Effect::Updated), Err(ErrorKind::Refused)]);
    Ok(())
}

#[tokio::test]
async fn a_saved_user_is_the_one_that_was_sent() -> Result<()> {
    let saved = [
        json!({}),
        json!({ "retrieveResponse": { "Id": "77", "Username": "kim" } }),
        json!({ "retrieveResponse": { "Id": "1", "Username": "ann" } }),
        json!({ "createResponse": [{ "ErrorCode": "0", "ErrorText": "", "Id": "1" }] }),
    ];
    let server = testing::billingplatform::start().await?;
    let user: billingplatform::types::ApplicationUser = serde_json::from_value(json!({
        "Id": "1", "Username": "kim", "Email": "kim@example.com", "RoleId": 1, "LanguageCode": 1, "TimeZoneId": 1
    }))?;
    let users = adapter::billingplatform::connect(server.settings()).await?;
    for body in saved {
        server.heal();
        server.inject(Fault::json(200, body.clone()));
        let error = users.save(&UserDraft::builder().record(user.clone()).build()).await.expect_err(&body.to_string());
        assert!(error.kind() == ErrorKind::MalformedResponse && error.may_have_arrived(), "{body}: {error}");
    }

    let saved = [
        (json!({}), "Detail"),
        (
            json!({ "Error": { "ErrorCode": "17", "ErrorReason": "The PIN was rejected" }, "ResponseData": { "Result": "OK" } }),
            "PIN",
        ),
        (json!({ "Error": { "ErrorCode": "0" }, "ResponseData": { "Result": "Queued" } }), "Queued"),
        (json!({ "Error": null, "ResponseData": { "Result": "OK", "Detail": { "Username": "kim" } } }), "identifier"),
    ];
    let server = testing::twosms::start().await?;
    let user: twosms::types::User = serde_json::from_value(json!({
        "ID": ID, "DisplayName": "Kim", "EmailAddress": "kim@example.com", "Enabled": true, "Username": "kim", "TimeZone": "UTC",
        "LanguageID": "c2fd9942-2548-483b-875c-a724b208dcaa", "MobilePhone": "+1 555 0100"
    }))?;
    server.with(|vendor| vendor.users.put(json!({ "ID": ID, "Username": "kim", "DisplayName": "Before" })));
    let users = adapter::twosms::connect(server.settings()).await?;
    for (body, word) in saved {
        server.heal();
        server.inject(Fault::json(200, body.clone()).on("PUT", "users"));
        let error = users.save(&UserDraft::builder().record(user.clone()).build()).await.expect_err(&body.to_string());
        assert!(error.may_have_arrived() && error.to_string().contains(word), "{body}: {error}");
    }
    Ok(())
}

/// What stands in a record that came with the draft is no proof of what the vendor has.
#[tokio::test]
async fn a_record_that_came_with_the_draft_is_written_over_the_one_that_is_there() -> Result<()> {
    let (server, users) = emulated().await?;
    let mut boss = vbasoftware::types::User::default();
    boss.user_id.set("kim");
    boss.title.set("Boss");
    let draft = UserDraft::builder().record(boss.clone()).on_create(Attribute::PhoneNumber, "+1 555 0100")?.build();
    let plan = users.plan(Action::Save(&draft)).await?;
    assert_eq!(plan.users[0].changes.iter().map(|change| change.field.as_str()).collect::<Vec<_>>(), ["title"]);
    assert_eq!(users.save(&draft).await?.effect, Effect::Updated);
    let mut expected = record("kim");
    expected["title"] = json!("Boss");
    let sent = server.exchanges().into_iter().rfind(|exchange| exchange.request.method == "PUT");
    assert_eq!(sent.map(|exchange| exchange.request.body), Some(json!([expected])), "the rest stays");
    assert_eq!(users.save(&draft).await?.effect, Effect::Unchanged);

    // The same for a user that is not there: it is created, with the defaults and with what is only for new users.
    let mut ann = boss;
    ann.user_id.set("ann");
    let draft = draft.rebuild().record(ann).build();
    let outcome = users.save(&draft).await?;
    assert_eq!((outcome.effect, outcome.user.phone_number().as_deref()), (Effect::Created, Some("+1 555 0100")));

    // A vendor without a read: nobody knows whether the record is what is there, so that it is sent.
    let server = testing::billingplatform::start().await?;
    let users = adapter::billingplatform::connect(server.settings()).await?;
    server.forget();
    let known: billingplatform::types::ApplicationUser = serde_json::from_value(json!({
        "Id": "1", "Username": "kim", "Email": "kim@example.com", "RoleId": 1, "LanguageCode": 1, "TimeZoneId": 1
    }))?;
    let draft = UserDraft::builder().record(known).build();
    assert_eq!(users.plan(Action::Save(&draft)).await?.requests.len(), 1);
    assert_eq!(users.save(&draft).await?.effect, Effect::Updated);
    assert_eq!(writes(&server), 1);
    Ok(())
}

#[tokio::test]
async fn a_mask_that_a_read_returned_is_not_written_back() -> Result<()> {
    let (server, users) = emulated().await?;
    let mut masked = record("kim");
    masked["password"] = json!("********");
    server.inject(Fault::json(200, json!({ "data": masked, "error": null })).on("GET", "users"));
    users.update("kim", &UserPatch::new().title("Manager")).await?;
    users.save(&UserDraft::builder().user_name("kim").title("Boss").build()).await?;
    let puts: Vec<Value> = server
        .exchanges()
        .into_iter()
        .map(|exchange| exchange.request)
        .filter(|request| request.method == "PUT")
        .map(|request| request.body)
        .collect();
    assert_eq!(puts.len(), 2);
    assert!(puts.iter().all(|body| !body.to_string().contains("password")), "{puts:?}");
    Ok(())
}
