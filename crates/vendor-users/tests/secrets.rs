//! Secrets that a vendor may return on reading are never written back.

use std::error::Error;

use vendor_users::client_core::serde_json::{Value, json};
use vendor_users::testing::twosms::Secrets;
use vendor_users::{By, Directory, UserPatch, adapter, testing};

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
