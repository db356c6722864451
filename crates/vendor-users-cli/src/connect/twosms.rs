//! Connecting 2sms.

use vendor_users::adapter::twosms::{Settings, connect_with};
use vendor_users::documented;
use vendor_users::twosms::{ClientBuilder, types};

use super::{Given, Ready, Setting, Vendor};

pub(super) static VENDOR: Vendor = Vendor {
    documented: &documented::TWOSMS,
    settings: &[
        Setting::plain("client_id", "the OAuth client of the account"),
        Setting::secret("client_secret", "that client's secret"),
    ],
    base_url: None,
    tenant: Some("client_id"),
    signs_in: None,
    administrator: Some("record.AdminUser is defined and record.AdminUser"),
    defaults: "",
    scim: "",
    prepare,
    #[cfg(feature = "demo")]
    emulate: || Box::pin(emulate()),
};

fn prepare(given: Given) -> Result<Ready, String> {
    let mut settings =
        Settings::new(given.required("client_id")?.expose(), given.required("client_secret")?).named(&given.instance);
    if let Some(url) = &given.base_url {
        settings = settings.base_url(url);
    }
    let defaults = given.defaults(|user: &types::User| &user.extra)?;
    let settings = settings.defaults(defaults).accept_weak(given.accept_weak).write_explicitly(given.write_explicitly);
    let tune = move |builder: ClientBuilder| if given.paced { builder } else { builder.rate_limit(None) };
    Ok(Ready::new(settings.capabilities(), connect_with(settings, tune)))
}

#[cfg(feature = "demo")]
async fn emulate() -> std::io::Result<super::Emulated> {
    use serde_json::json;
    use vendor_users::testing::twosms as emulator;
    let running = emulator::start().await?;
    // Users cannot be created through the API, so that somebody has done it by hand: the first five of the file, and one who
    // is nobody's.
    let people = ["alma.kurz", "bert.lang", "cora.weiss", "dirk.schwarz", "edda.braun", "reception"];
    running.with(|vendor| {
        for (number, name) in people.iter().enumerate() {
            vendor.users.put(json!({
                "ID": format!("a2d8b2d2-1673-4f2d-a9ec-b029471600{number:02}"),
                "AccountID": "5a1ca887-9ec4-4ae8-bf61-715056ea9e98",
                "DisplayName": name,
                "EmailAddress": format!("{name}@example.com"),
                "Enabled": true,
                "LanguageID": "c2fd9942-2548-483b-875c-a724b208dcaa",
                "MobilePhone": "+1 555 0000",
                "TimeZone": "UTC",
                "Username": name,
            }));
        }
    });
    let settings = vec![("client_id", emulator::CLIENT.0), ("client_secret", emulator::CLIENT.1)];
    Ok(super::Emulated { base_url: running.url(), settings, running: Box::new(running) })
}
