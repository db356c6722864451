//! Connecting VBA Software.

use vendor_users::adapter::vbasoftware::{Settings, connect_with};
use vendor_users::documented;
use vendor_users::vbasoftware::{ClientBuilder, types};

use super::{Given, Ready, Setting, Vendor};

pub(super) static VENDOR: Vendor = Vendor {
    documented: &documented::VBASOFTWARE,
    settings: &[
        Setting::secret("api_key", "the API key of your organization"),
        Setting::plain("database", "the database whose users these are"),
        Setting::plain("user", "a user of the database who may administer others"),
        Setting::secret("password", "that user's password"),
        Setting::plain("client_id", "the client that the vendor has given you, where it has").optional(),
        Setting::secret("client_code", "that client's code").optional(),
    ],
    base_url: None,
    tenant: Some("database"),
    signs_in: Some("user"),
    administrator: Some("record.administrator is defined and record.administrator"),
    defaults: "account_Locked = false\nadministrator = false\naudit_User = false\niD_Card_Notification = false\nis_SSO_User = \
               false\nmfA_Enabled = false\nnav_ID_Underline = false\nsingle_Use_Account = false\nuse_Windows_Authentication = \
               false\nvbA_Password_Reset = false\nvbA_User = false\n",
    scim: "",
    prepare,
    #[cfg(feature = "demo")]
    emulate: || Box::pin(emulate()),
};

fn prepare(given: Given) -> Result<Ready, String> {
    let text = |name: &str| given.required(name).map(|value| value.expose().to_owned());
    let mut settings = Settings::new(given.required("api_key")?, text("database")?, text("user")?, given.required("password")?)
        .named(&given.instance);
    match (given.optional("client_id"), given.optional("client_code")) {
        (Some(id), Some(code)) => settings = settings.client(id.expose(), code),
        (None, None) => {}
        _ => return Err("`client_id` and `client_code` belong together; one of them is missing".to_owned()),
    }
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
    use vendor_users::testing::vbasoftware as emulator;
    let running = emulator::start().await?;
    let settings = vec![
        ("api_key", emulator::KEY),
        ("database", emulator::DATABASE),
        ("user", emulator::LOGIN.0),
        ("password", emulator::LOGIN.1),
        ("client_id", emulator::CLIENT.0),
        ("client_code", emulator::CLIENT.1),
    ];
    Ok(super::Emulated { base_url: running.url(), settings, running: Box::new(running) })
}
