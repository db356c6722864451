//! What vendors do beside the plain case, and what the caller is told: wrong credentials, users that are not there, and
//! refusals that come as a success. Over sockets.

use std::error::Error as StdError;
use std::fmt::Write as _;

use vendor_users::client_core::serde_json::json;
use vendor_users::{Action, Directory, Error, ErrorKind, UserDraft, adapter, billingplatform, superoffice, testing, twosms};

use crate::support::required;

type Result<T> = std::result::Result<T, Box<dyn StdError>>;

fn note<T>(told: &mut String, case: &str, result: std::result::Result<T, Error>) {
    let text = result.err().map_or_else(|| "done".to_owned(), |error| format!("{:?}: {error}", error.kind()));
    // The port is another one on every run.
    let text: Vec<&str> =
        text.split("127.0.0.1:").map(|part| part.trim_start_matches(|char: char| char.is_ascii_digit())).collect();
    let text = text.join("127.0.0.1");
    let _ = writeln!(told, "{case}\n  {text}");
}

#[tokio::test]
async fn a_refusal_is_an_error_whatever_its_status_is() -> Result<()> {
    let mut told = String::new();

    let server = testing::billingplatform::start().await?;
    let wrong = adapter::billingplatform::Settings::new(server.url(), "emulator-api", "of another day");
    note(&mut told, "BillingPlatform: a login answered 200 with an error code", adapter::billingplatform::connect(wrong).await);
    let mut defaults = billingplatform::types::ApplicationUser::default();
    defaults.role_id.set(1);
    defaults.language_code.set(1);
    defaults.time_zone_id.set(1);
    let users = adapter::billingplatform::connect(server.settings().defaults(defaults.clone())).await?;
    let nowhere = UserDraft::builder().record(defaults).id("1").user_name("kim").email("nowhere").replace_existing(true).build();
    note(&mut told, "BillingPlatform: a save answered 200 with an error code", users.save(&nowhere).await);

    let server = testing::superoffice::start().await?;
    let wrong = adapter::superoffice::Settings::new(server.url(), superoffice::Auth::new().basic("emulated", "of another day"));
    let kim = UserDraft::builder().user_name("kim").family_name("Lee").build();
    let users = adapter::superoffice::connect(wrong).await?;
    note(&mut told, "SuperOffice: wrong credentials", users.save(&kim).await);
    let users = adapter::superoffice::connect(server.settings()).await?;
    note(
        &mut told,
        "SuperOffice: a new user with a number of its own",
        users.create(&kim.clone().rebuild().id("7").replace_existing(true).build()).await,
    );
    note(
        &mut told,
        "SuperOffice: a user that is not there, 200 with null",
        users.save(&kim.clone().rebuild().id("7").replace_existing(true).build()).await,
    );
    users.create(&kim).await?;
    note(&mut told, "SuperOffice: a name that is taken", users.create(&kim).await);

    let server = testing::twosms::start().await?;
    let wrong = adapter::twosms::Settings::new("emulator-client", "of another day").base_url(server.url());
    note(&mut told, "2sms: wrong credentials", adapter::twosms::connect(wrong).await);
    let user = twosms::types::User::new(twosms::types::UserRequired {
        display_name: "Kim".into(),
        email_address: "kim@example.com".into(),
        enabled: true,
        language_id: "c2fd9942-2548-483b-875c-a724b208dcaa".into(),
        mobile_phone: "+1 555 0100".into(),
        time_zone: "UTC".into(),
        username: "kim".into(),
    });
    let users = adapter::twosms::connect(server.settings()).await?;
    let draft = UserDraft::builder().record(user).id("a2d8b2d2-1673-4f2d-a9ec-b02947160be7").replace_existing(true).build();
    note(&mut told, "2sms: a user that is not there", users.save(&draft).await);

    let server = testing::vbasoftware::start().await?;
    let wrong =
        adapter::vbasoftware::Settings::new("emulator-api-key", "emulated", "admin", "of another day").base_url(server.url());
    let wrong = wrong.client("emulator-client", "emulator-code");
    note(&mut told, "VBA: wrong credentials", adapter::vbasoftware::connect(wrong).await);
    let users = adapter::vbasoftware::connect(server.settings()).await?;
    note(&mut told, "VBA: a user that is not there", users.get("nobody").await);
    note(&mut told, "VBA: a user that is not there, to be removed", users.delete("nobody").await);
    note(&mut told, "VBA: an identifier that would leave its path", users.delete("..").await);
    let again = required::vba_user("kim");
    let draft = UserDraft::builder().record(again).build();
    users.create(&draft).await?;
    note(&mut told, "VBA: a user that is there already", users.create(&draft).await);

    insta::assert_snapshot!(told);
    Ok(())
}

#[tokio::test]
async fn a_user_that_is_created_as_inactive_is_retired() -> Result<()> {
    let server = testing::superoffice::start().await?;
    let users = adapter::superoffice::connect(server.settings()).await?;
    let draft = UserDraft::builder().user_name("kim").family_name("Lee").nick_name("Kimmy").active(false);
    let plan = users.plan(Action::Create(&draft.clone().build())).await?;
    let planned: Vec<&str> = plan.requests.iter().map(|request| &*request.operation.id).collect();
    assert_eq!(planned, ["SavePersonEntity", "SaveUser", "MakeRetired"]);
    let created = users.create(&draft.clone().build()).await?;
    assert_eq!(created.user.active(), Some(false));
    // Whoever is there is switched by the verbs that tell what becomes of its licences.
    let draft = UserDraft::builder().record_box(created.user).active(true).build();
    assert_eq!(users.save(&draft).await.err().map(|error| error.kind()), Some(ErrorKind::Unsupported));
    let kept = server.with(|vendor| vendor.users.get("1").cloned()).unwrap_or_default();
    assert_eq!((kept.get("Deleted"), kept.get("NickName")), (Some(&json!(true)), Some(&json!("Kimmy"))));
    Ok(())
}

#[tokio::test]
async fn only_a_user_that_is_there_is_deleted() -> Result<()> {
    let server = testing::superoffice::start().await?;
    let users = adapter::superoffice::connect(server.settings()).await?;
    for name in ["ann", "kim"] {
        users.create(&UserDraft::builder().user_name(name).family_name(name).build()).await?;
    }
    let deletes = || {
        let exchanges = server.exchanges();
        exchanges.iter().filter(|exchange| exchange.request.path.last().is_some_and(|last| last == "DeleteUser")).count()
    };
    // A refusal that comes as a success, a read of somebody else, and a read that fails delete nobody.
    let refused = json!({ "Message": "You are not allowed to do this." });
    for (fault, sent) in [
        (testing::Fault::json(200, refused.clone()).on("POST", "DeleteUser"), 1),
        (testing::Fault::json(200, refused).on("POST", "GetUser"), 0),
        (testing::Fault::json(200, json!({ "AssociateId": 2, "UserName": "kim" })).on("POST", "GetUser"), 0),
    ] {
        server.forget();
        server.inject(fault);
        let error = users.delete("1").await.err().ok_or("nobody is deleted")?;
        assert_eq!((error.kind() == ErrorKind::NotFound, deletes()), (false, sent), "{error}");
        assert!(sent == 1 || !error.may_have_arrived(), "{error}");
        server.heal();
    }
    server.forget();
    users.delete("1").await?;
    assert_eq!(users.delete("1").await.err().map(|error| error.kind()), Some(ErrorKind::NotFound));
    assert_eq!(users.delete("kim").await.err().map(|error| error.kind()), Some(ErrorKind::NotFound));
    assert_eq!(deletes(), 1);
    let left = server.with(|vendor| (vendor.users.get("1").is_some(), vendor.users.get("2").is_some()));
    assert_eq!(left, (false, true));
    Ok(())
}

#[tokio::test]
async fn what_the_vendor_says_is_read_only_stays() -> Result<()> {
    let server = testing::twosms::start().await?;
    let id = "a2d8b2d2-1673-4f2d-a9ec-b02947160be7";
    let user = json!({
        "ID": id, "DisplayName": "Kim", "EmailAddress": "kim@example.com", "Enabled": true, "Username": "kim", "TimeZone": "UTC",
        "LanguageID": "c2fd9942-2548-483b-875c-a724b208dcaa", "MobilePhone": "+1 555 0100", "DPAVersion": "3"
    });
    server.with(|vendor| vendor.users.put(user.clone()));
    let users = adapter::twosms::connect(server.settings()).await?;
    let record: twosms::types::User = vendor_users::client_core::serde_json::from_value(user)?;
    let mut changed = record;
    changed.dpa_version.set("4");
    let saved = users.save(&UserDraft::builder().record(changed).display_name("Kim Lee").build()).await?.user;
    let saved = saved.downcast_ref::<twosms::types::User>().cloned().unwrap_or_default();
    assert_eq!((saved.dpa_version.as_deref(), saved.display_name.as_deref()), (Some("3"), Some("Kim Lee")));
    Ok(())
}
