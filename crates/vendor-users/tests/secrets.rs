//! Secrets that a vendor may return on reading are never written back.

use std::error::Error;

use vendor_users::client_core::serde_json::{self, Value, json};
use vendor_users::testing::twosms::Secrets;
use vendor_users::{Action, By, Directory, Effect, ErrorKind, UserDraft, UserPatch, adapter, superoffice, testing};

const ID: &str = "a2d8b2d2-1673-4f2d-a9ec-b02947160be7";

#[tokio::test]
async fn what_a_read_returns_for_secrets_is_not_written_back() -> Result<(), Box<dyn Error>> {
    for secrets in [Secrets::Absent, Secrets::Null, Secrets::Masked, Secrets::Shown] {
        let server = testing::twosms::start().await?;
        server.with(|vendor| {
            vendor.secrets = secrets;
            vendor.users.put(json!({
                "ID": ID, "DisplayName": "Kim", "EmailAddress": "kim@example.com", "Enabled": true, "Username": "kim",
                "TimeZone": "UTC", "LanguageID": "c2fd9942-2548-483b-875c-a724b208dcaa", "MobilePhone": "+1 555 0123",
                "AdminUser": true, "Password": "kept-password", "Pin": "4711", "Region": "north",
            }));
        });
        let users = adapter::twosms::connect(server.settings()).await?;
        users.update(ID, &UserPatch::new().mobile_phone("+1 555 0199")).await?;
        users.deactivate(ID).await?;
        users.activate(ID).await?;
        let puts: Vec<Value> =
            server.exchanges().into_iter().filter(|sent| sent.request.method == "PUT").map(|sent| sent.request.body).collect();
        assert_eq!(puts.len(), 3, "{secrets:?}");
        for body in &puts {
            assert!(body.get("Password").is_none() && body.get("Pin").is_none(), "{secrets:?}: {body}");
            assert_eq!(body.get("Region"), Some(&json!("north")), "{secrets:?}: members that are not documented stay");
        }
        let kept = server.with(|vendor| vendor.users.get(ID).cloned()).unwrap_or_default();
        assert_eq!((kept.get("Password"), kept.get("Pin")), (Some(&json!("kept-password")), Some(&json!("4711"))), "{secrets:?}");
        assert_eq!((kept.get("MobilePhone"), kept.get("Enabled")), (Some(&json!("+1 555 0199")), Some(&json!(true))));
        // Administrators are found as well, from one list.
        server.forget();
        assert_eq!(users.find(By::Email("KIM@example.com")).await?.len(), 1);
        assert!(users.find(By::UserName("nobody")).await?.is_empty());
        assert_eq!(server.exchanges().len(), 2, "one list for each");
    }
    Ok(())
}

/// A credential without its value could end the way in which its user signs in, so that the list is not mentioned.
#[tokio::test]
async fn credentials_that_a_read_returned_are_not_mentioned() -> Result<(), Box<dyn Error>> {
    for value in [Value::Null, json!("********"), json!("kept-password")] {
        let server = testing::superoffice::start().await?;
        let credential = json!({ "Type": { "Type": "Password" }, "Value": value, "DisplayValue": value });
        let kim = json!({
            "AssociateId": 7, "UserName": "kim", "NickName": "Kimmy", "Deleted": false, "Type": "InternalAssociate",
            "Person": { "PersonId": 12, "Firstname": "Kim" }, "Credentials": [credential], "Region": { "Code": "north" },
            "LicenseOwners": [{ "Name": "SuperOffice", "RestrictedModuleLicenses": [{ "ModuleLicenseId": 3, "Assigned": true }] }],
        });
        server.with(|vendor| vendor.users.put(kim.clone()));
        let users = adapter::superoffice::connect(server.settings()).await?;
        assert_eq!(users.get("7").await?.nick_name().as_deref(), Some("Kimmy"));
        let plan = users.plan(Action::Update { id: "7", patch: &UserPatch::new().nick_name("Lee") }).await?;
        let planned = plan.requests.first().and_then(|request| request.body.clone()).unwrap_or_default();
        assert!(planned.get("NickName") == Some(&json!("Lee")) && planned.get("Credentials").is_none(), "{planned}");
        users.update("7", &UserPatch::new().nick_name("Lee")).await?;
        let read = users.get("7").await?;
        users.save(&UserDraft::builder().record_box(read).nick_name("Lou").build()).await?;
        users.deactivate("7").await?;
        let again = users.deactivate("7").await?;
        assert_eq!(again.effect, Effect::Unchanged);
        users.activate("7").await?;
        let saves: Vec<Value> = server
            .exchanges()
            .into_iter()
            .map(|exchange| exchange.request)
            .filter(|request| request.path.last().is_some_and(|last| last == "SaveUser"))
            .map(|request| request.body)
            .collect();
        assert_eq!(saves.len(), 2, "{value}: switching is no save");
        for body in &saves {
            assert!(body.get("Credentials").is_none(), "{value}: {body}");
            let others = ["Person", "LicenseOwners", "Type", "Region"];
            assert!(others.iter().all(|name| body.get(*name) == kim.get(*name)), "{value}: what nobody named stays: {body}");
        }
        let kept = server.with(|vendor| vendor.users.get("7").cloned()).unwrap_or_default();
        assert_eq!((kept.get("Credentials"), kept.get("NickName")), (kim.get("Credentials"), Some(&json!("Lou"))), "{value}");
        // What the caller names is sent.
        server.forget();
        let named: superoffice::types::Credential = serde_json::from_value(json!({ "Value": "chosen-password" }))?;
        let mut record = superoffice::types::User::default();
        record.associate_id.set(7);
        record.credentials.set(vec![named]);
        users.save(&UserDraft::builder().record(record).build()).await?;
        let body = server.exchanges().pop().map(|exchange| exchange.request.body).unwrap_or_default();
        assert_eq!(body.pointer("/Credentials/0/Value"), Some(&json!("chosen-password")), "{value}");
    }
    Ok(())
}

/// Numbers that nobody has: the vendor's null is no user, and what is no number is not sent.
#[tokio::test]
async fn nobody_is_told_from_a_read_that_failed() -> Result<(), Box<dyn Error>> {
    let server = testing::superoffice::start().await?;
    let users = adapter::superoffice::connect(server.settings()).await?;
    let change = UserPatch::new().nick_name("Lee");
    for (id, sent) in [("7", 1), ("0", 0), ("-1", 0), ("007", 0), ("kim", 0), ("99999999999", 0)] {
        server.forget();
        let errors = [users.get(id).await.err(), users.update(id, &change).await.err(), users.disable(id).await.err()];
        for error in errors {
            assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::NotFound), "{id}");
        }
        assert_eq!(server.exchanges().len(), 3 * sent, "{id}");
    }
    server.inject(testing::Fault::json(200, json!({ "Message": "You are not allowed to do this." })));
    let error = users.update("7", &change).await.err().ok_or("refused")?;
    assert!(error.kind() != ErrorKind::NotFound && !error.may_have_arrived(), "{error}");
    server.heal();
    server.forget();
    server.inject(testing::Fault::json(200, json!({ "AssociateId": 8, "UserName": "ann" })));
    assert_eq!(users.update("7", &change).await.err().map(|error| error.kind()), Some(ErrorKind::MalformedResponse));
    let is_read = |last: Option<&String>| last.is_some_and(|last| last == "GetUser");
    assert!(server.exchanges().iter().all(|exchange| is_read(exchange.request.path.last())), "nothing was written");
    Ok(())
}
