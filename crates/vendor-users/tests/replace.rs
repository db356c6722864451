//! Changing a user at a vendor that replaces whole records, over sockets.

use std::error::Error as StdError;

use vendor_users::client_core::serde_json::{Value, json};
use vendor_users::testing::Emulator;
use vendor_users::testing::vbasoftware::{Vba, start};
use vendor_users::{Action, Attribute, Directory, ErrorKind, UserDraft, UserPatch, adapter, vbasoftware};

type Result<T> = std::result::Result<T, Box<dyn StdError>>;

/// A record with every kind of value, and with members that no document has.
fn record(id: &str) -> Value {
    json!({
        "user_ID": id, "account_Locked": false, "administrator": true, "audit_User": false, "eMail_Address": "kim@example.com",
        "iD_Card_Notification": false, "is_SSO_User": false, "mfA_Enabled": true, "nav_ID_Underline": false,
        "single_Use_Account": false, "use_Windows_Authentication": false, "vbA_Password_Reset": false, "vbA_User": true,
        "claim_Maximum": 100.5, "grace_Logins": 3, "title": "Clerk", "phone": null, "entry_Date": "2024-01-02T03:04:05.678Z",
        "update_Date": "2024-01-02T03:04:05.678Z", "theme": { "dark": true, "accents": [1, null, "x"] }, "badge": "0017"
    })
}

async fn emulated() -> Result<(Emulator<Vba>, adapter::vbasoftware::Users)> {
    let server = start().await?;
    server.with(|vendor| vendor.users.put(record("kim")));
    let users = adapter::vbasoftware::connect(server.settings()).await?;
    server.forget();
    Ok((server, users))
}

#[tokio::test]
async fn an_update_changes_what_was_asked_and_keeps_all_else() -> Result<()> {
    let (server, users) = emulated().await?;
    let outcome = users.update("kim", &UserPatch::new().title("Manager").clear(Attribute::DisplayName)).await?;
    assert_eq!(outcome.user.title().as_deref(), Some("Manager"));

    let sent =
        server.exchanges().into_iter().find(|exchange| exchange.request.method == "PUT").map(|exchange| exchange.request.body);
    let mut expected = record("kim");
    expected["title"] = json!("Manager");
    expected["name"] = Value::Null;
    assert_eq!(sent, Some(expected));
    Ok(())
}

#[tokio::test]
async fn a_save_over_a_user_that_is_there_keeps_what_the_draft_does_not_mention() -> Result<()> {
    let (server, users) = emulated().await?;
    users.save(&UserDraft::builder().user_name("kim").phone_number("+1 555 0100").build()).await?;
    let sent =
        server.exchanges().into_iter().find(|exchange| exchange.request.method == "PUT").map(|exchange| exchange.request.body);
    let mut expected = record("kim");
    expected["phone"] = json!("+1 555 0100");
    assert_eq!(sent, Some(json!([expected])));
    Ok(())
}

#[tokio::test]
async fn a_change_by_someone_else_in_between_stops_the_update() -> Result<()> {
    let (server, users) = emulated().await?;
    let seen = users.get("kim").await?;
    server.with(|vendor| {
        vendor.meanwhile = Some(Box::new(|users| {
            if let Some(user) = users.get_mut("kim") {
                user.insert("title".to_owned(), json!("Director"));
                user.insert("update_Date".to_owned(), json!("2024-05-06T07:08:09Z"));
            }
        }));
    });
    let patch = UserPatch::new().title("Manager");
    let told = users.update("kim", &patch).await.err().map(|error| error.to_string()).unwrap_or_default();
    insta::assert_snapshot!(told, @"VBA Software: `update` of user `kim`: the user changed meanwhile (title); nothing was written, read it again and decide");
    assert!(server.exchanges().iter().all(|exchange| exchange.request.method == "GET"));

    // What the caller has seen is older than the change as well.
    let stale = users.update("kim", &patch.clone().since(&*seen)).await;
    assert!(stale.as_ref().is_err_and(|error| error.kind() == ErrorKind::Changed), "{stale:?}");
    let seen = users.get("kim").await?;
    users.update("kim", &patch.since(&*seen)).await?;
    Ok(())
}

#[tokio::test]
async fn a_plan_masks_secrets_and_what_is_not_documented() -> Result<()> {
    let (server, users) = emulated().await?;
    server.with(|vendor| {
        if let Some(user) = vendor.users.get_mut("kim") {
            user.insert("user_Type".to_owned(), json!("A"));
        }
    });
    let patch = UserPatch::new().title("Manager").active(false);
    let plan = users.plan(Action::Update { id: "kim", patch: &patch }).await?;
    insta::assert_snapshot!(plan, @r#"
    PUT /users/kim (UpdateUser)
      account_Locked: false → true
      title: "Clerk" → "Manager"
    "#);
    assert_eq!(plan.requests[0].body.as_ref().and_then(|body| body.get("badge")), Some(&json!("***")));

    let mut secret: vbasoftware::types::User = serde(&record("lou"))?;
    secret.password.set("p4ssw0rd");
    let draft = UserDraft::builder().user_name("lou").record(secret).build();
    let plan = users.plan(Action::Create(&draft)).await?;
    assert_eq!(plan.requests[0].body.as_ref().and_then(|body| body.get("password")), Some(&json!("***")));
    assert!(!format!("{plan}{plan:?}").contains("p4ssw0rd"));
    Ok(())
}

fn serde(value: &Value) -> Result<vbasoftware::types::User> {
    Ok(vendor_users::client_core::serde_json::from_value(value.clone())?)
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_refused_before_it_is_sent() -> Result<()> {
    let (server, users) = emulated().await?;
    let patches = [
        UserPatch::new().given_name("Kim"),
        UserPatch::new().clear(Attribute::Email),
        UserPatch::new().last_modified("2025-01-01T00:00:00Z"),
    ];
    let mut told = String::new();
    for patch in patches {
        let error = users.update("kim", &patch).await.err().map(|error| error.to_string()).unwrap_or_default();
        told.push_str(&format!("{error}\n"));
    }
    let error =
        users.update("nobody", &UserPatch::new().title("x")).await.err().map(|error| error.to_string()).unwrap_or_default();
    told.push_str(&error);
    insta::assert_snapshot!(told, @"
    VBA Software: `update` of user `kim`: `given_name` cannot be written: the vendor documents no property for it
    VBA Software: `update` of user `kim`: `email` cannot be written as `eMail_Address`: the vendor documents no null for it, so it cannot be cleared; give it a new value
    VBA Software: `update` of user `kim`: `last_modified` cannot be written as `update_Date`: the vendor writes it itself
    VBA Software: `update` of user `nobody`: there is no such user
    ");
    assert!(server.exchanges().iter().all(|exchange| exchange.request.method == "GET"));
    Ok(())
}

#[tokio::test]
async fn one_refused_user_of_a_batch_does_not_lose_the_outcomes_of_the_others() -> Result<()> {
    let (_server, users) = emulated().await?;
    let draft = |name: &str| UserDraft::builder().user_name(name).record_box(Box::new(serde(&record(name)).unwrap_or_default()));
    let drafts = [
        draft("kim").title("Manager").build(),
        UserDraft::builder().user_name("incomplete").build(),
        draft("lou").email("").build(),
        draft("max").email("nowhere").build(),
        draft("mia").title("Clerk").build(),
    ];
    let outcomes = users.save_all(&drafts).await?;
    let told: Vec<String> = outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Ok(outcome) => format!("{}: {}", all_name(&*outcome.user), outcome.user.title().unwrap_or_default()),
            Err(error) => error.to_string(),
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
    Ok(())
}

fn all_name(user: &dyn vendor_users::User) -> String {
    user.user_name().map(|name| name.into_owned()).unwrap_or_default()
}

#[tokio::test]
async fn a_list_reads_every_page() -> Result<()> {
    use futures_util::TryStreamExt as _;
    let (server, users) = emulated().await?;
    server.with(|vendor| (0..250).for_each(|number| vendor.users.put(record(&format!("user{number}")))));
    let all: Vec<_> = users.list().try_collect().await?;
    // The last page that is asked for is empty: that is the end of the list.
    assert_eq!((all.len(), server.exchanges().len()), (251, 4));
    assert_eq!(users.find(vendor_users::By::UserName("USER17")).await?.len(), 1);
    Ok(())
}
