//! The users of a 2sms account.
//!
//! From an OAuth client and defaults to a directory of the users of an account, whose operations all have a known shape. What is
//! written here is the login.

use std::time::Duration;

use client_core::{BoxFuture, Extra, Field, Number, Operation, Secret, Token};
use twosms::{Auth, Client, ClientBuilder, types};

use super::login::{self, Login};
use super::settings::{InstanceSettings, instance_settings};
use crate::error::Error;
use crate::generated::TwosmsUsers;
use crate::generated::documented::TWOSMS as DOCUMENTED;
use crate::instance::Instance;

/// The users of an account.
pub type Users = TwosmsUsers;

/// What it takes to connect.
#[derive(Clone, Debug)]
#[must_use]
pub struct Settings {
    base_url: String,
    client_id: String,
    client_secret: Secret,
    defaults: types::User,
    instance: InstanceSettings,
}

impl Settings {
    instance_settings!();

    /// Returns an OAuth client of the account.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Self {
            base_url: twosms::BASE_URL.to_owned(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            defaults: types::User::default(),
            instance: InstanceSettings::default(),
        }
    }

    /// Sets another of the vendor's hosts.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Sets what users that are created get where their draft says nothing, such as `LanguageID` and `TimeZone`.
    pub fn defaults(mut self, defaults: types::User) -> Self {
        self.defaults = defaults;
        self
    }
}

/// Logs in and connects.
///
/// # Errors
///
/// The settings do not fit, or the vendor refuses the login.
pub async fn connect(settings: Settings) -> Result<Users, Error> {
    connect_with(settings, |builder| builder).await
}

/// As [`connect`], with the client's own settings changed by `tune`.
///
/// # Errors
///
/// As [`connect`].
pub async fn connect_with(settings: Settings, tune: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Result<Users, Error> {
    let Settings { base_url, client_id, client_secret, defaults, instance } = settings;
    let capabilities = instance.capabilities(&DOCUMENTED, &base_url);
    let instance = capabilities.instance().clone();
    let wrong = |error: client_core::BuildError| Error::build(&instance, &error);
    // What `tune` changes holds for logins, too: all clients here are derived from the one that it made.
    let base = tune(Client::builder(base_url)).build().map_err(wrong)?;
    let oauth = OAuth { client: base.core().clone(), client_id, client_secret, instance: instance.clone() };
    let session = login::open(oauth).await?;
    let client = base.to_builder().auth(Auth::new().bearer_from(session)).build().map_err(wrong)?;
    Ok(Users::new(client, capabilities).with_defaults(defaults))
}

static TOKEN: Operation = login::post("Token", "/Token", &[]);

#[derive(Clone, Debug, Default, PartialEq)]
struct AccessToken {
    access_token: Field<Secret>,
    expires_in: Field<Number>,
    extra: Extra,
}
client_core::codegen::object!(AccessToken { access_token = "access_token", expires_in = "expires_in" });

struct OAuth {
    client: client_core::Client,
    client_id: String,
    client_secret: Secret,
    instance: Instance,
}

impl Login for OAuth {
    fn login(&self) -> BoxFuture<'_, Result<Token, Error>> {
        let call = self.client.call(&TOKEN).form("grant_type", "client_credentials");
        let call = call.form("client_id", &self.client_id).form("client_secret", &self.client_secret);
        Box::pin(async move {
            let response = call.send::<AccessToken, ()>().await.map_err(|error| Error::login(&self.instance, error))?.into_body();
            let Field::Value(token) = response.access_token else {
                return Err(Error::malformed(&self.instance, "an access token", "a login without one"));
            };
            let token = Token::new(token);
            let seconds = response.expires_in.as_ref().and_then(Number::as_i64).and_then(|seconds| u64::try_from(seconds).ok());
            Ok(seconds.map_or(token.clone(), |seconds| token.expires_in(Duration::from_secs(seconds))))
        })
    }
}
