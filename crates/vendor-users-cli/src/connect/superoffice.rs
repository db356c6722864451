//! Connecting SuperOffice.

use vendor_users::adapter::superoffice::{Settings, connect_with};
use vendor_users::documented;
use vendor_users::superoffice::{Auth, ClientBuilder, types};

use super::{Given, Ready, Setting, Vendor};

pub(super) static VENDOR: Vendor = Vendor {
    documented: &documented::SUPEROFFICE,
    settings: &[
        Setting::plain("user", "a user who may administer others, on site").usual(),
        Setting::secret("password", "that user's password").usual(),
        Setting::secret("ticket", "a ticket, in place of user and password").optional(),
        Setting::secret("token", "an access token, in place of user and password").optional(),
        Setting::secret("app_token", "the application's token, beside a ticket").optional(),
    ],
    base_url: Some("https://crm.example.com/superoffice"),
    tenant: None,
    signs_in: Some("user"),
    administrator: None,
    defaults: "Rank = 1\n",
    scim: "required = [\"family_name\"]\n",
    prepare,
    #[cfg(feature = "demo")]
    emulate: || Box::pin(emulate()),
};

fn prepare(given: Given) -> Result<Ready, String> {
    let mut auth = Auth::new();
    let mut ways = 0;
    match (given.optional("user"), given.optional("password")) {
        (Some(user), Some(password)) => {
            ways += 1;
            auth = auth.basic(user.expose(), password);
        }
        (None, None) => {}
        _ => return Err("`user` and `password` belong together; one of them is missing".to_owned()),
    }
    if let Some(ticket) = given.optional("ticket") {
        ways += 1;
        auth = auth.so_ticket(ticket);
    }
    if let Some(token) = given.optional("token") {
        ways += 1;
        auth = auth.bearer(token);
    }
    if let Some(token) = given.optional("app_token") {
        auth = auth.so_app_token(token);
    }
    if ways != 1 {
        return Err("one way to sign in is needed: `user` with `password`, `ticket`, or `token`".to_owned());
    }
    let defaults = given.defaults(|user: &types::User| &user.extra)?;
    let settings = Settings::new(given.url()?, auth).named(&given.instance).defaults(defaults);
    let settings = settings.accept_weak(given.accept_weak).write_explicitly(given.write_explicitly);
    let tune = move |builder: ClientBuilder| if given.paced { builder } else { builder.rate_limit(None) };
    Ok(Ready::new(settings.capabilities(), connect_with(settings, tune)))
}

#[cfg(feature = "demo")]
async fn emulate() -> std::io::Result<super::Emulated> {
    use vendor_users::testing::superoffice as emulator;
    let running = emulator::start().await?;
    let settings = vec![("user", emulator::LOGIN.0), ("password", emulator::LOGIN.1)];
    Ok(super::Emulated { base_url: running.url(), settings, running: Box::new(running) })
}
