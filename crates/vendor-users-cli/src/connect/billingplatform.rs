//! Connecting BillingPlatform.

use vendor_users::adapter::billingplatform::{Settings, connect_external_with, connect_with};
use vendor_users::billingplatform::{ClientBuilder, types};
use vendor_users::documented;

use super::{Given, Ready, Setting, Vendor};

pub(super) static VENDOR: Vendor = Vendor {
    documented: &documented::BILLINGPLATFORM,
    settings: &[
        Setting::plain("user", "a user who may call the API"),
        Setting::secret("password", "that user's password"),
        Setting::secret("jwt", "the access token of an OAuth login, in place of the session").optional(),
        Setting::plain("active_word", "the word of `Status` that lets a user in, which no page of the vendor has").optional(),
        Setting::plain("inactive_word", "the word of `Status` that keeps a user out").optional(),
        Setting::word(
            "users",
            "those who work in the platform, or \"external\": those who belong to an account",
            &["application", "external"],
        ),
    ],
    base_url: Some("https://my.billingplatform.com/acme"),
    tenant: Some("users"),
    signs_in: Some("user"),
    administrator: None,
    defaults: "RoleId = 1\nLanguageCode = 1\nTimeZoneId = 12\n",
    scim: "",
    prepare,
    #[cfg(feature = "demo")]
    emulate: || Box::pin(emulate()),
};

fn prepare(given: Given) -> Result<Ready, String> {
    let user = given.required("user")?;
    let mut settings = Settings::new(given.url()?, user.expose(), given.required("password")?).named(&given.instance);
    if let Some(jwt) = given.optional("jwt") {
        settings = settings.jwt(jwt);
    }
    let word = |name| given.optional(name).map(|word| word.expose().trim().to_owned());
    settings = match (word("active_word"), word("inactive_word")) {
        (None, None) => settings,
        (Some(active), Some(inactive))
            if !active.is_empty() && !inactive.is_empty() && active.to_lowercase() != inactive.to_lowercase() =>
        {
            settings.status_words(active, inactive)
        }
        _ => return Err("`active_word` and `inactive_word` are two different words of `Status`: give both or none".to_owned()),
    };
    let is_external = given.optional("users").is_some();
    if is_external && !given.defaults.is_empty() {
        return Err("`defaults` are for new users, and no page says how to create an external user: leave them out".to_owned());
    }
    let defaults = given.defaults(|user: &types::ApplicationUser| &user.extra)?;
    let settings = settings.defaults(defaults).accept_weak(given.accept_weak).write_explicitly(given.write_explicitly);
    let tune = move |builder: ClientBuilder| if given.paced { builder } else { builder.rate_limit(None) };
    Ok(if is_external {
        Ready::new(settings.external_capabilities(), connect_external_with(settings, tune))
    } else {
        Ready::new(settings.capabilities(), connect_with(settings, tune))
    })
}

#[cfg(feature = "demo")]
async fn emulate() -> std::io::Result<super::Emulated> {
    use vendor_users::testing::billingplatform as emulator;
    let running = emulator::start().await?;
    let settings = vec![
        ("user", emulator::LOGIN.0),
        ("password", emulator::LOGIN.1),
        ("active_word", "ACTIVE"),
        ("inactive_word", "INACTIVE"),
    ];
    Ok(super::Emulated { base_url: running.url(), settings, running: Box::new(running) })
}
