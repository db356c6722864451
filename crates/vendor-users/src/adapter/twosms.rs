//! The users of a 2sms account.
//!
//! From an OAuth client and defaults to a directory of the users of an account.

use std::time::Duration;

use client_core::{BoxFuture, Extra, Field, Mask, Number, Operation, Secret, StatusCode, Token};
use twosms::{Auth, Client, ClientBuilder, types};

use super::login::{self, Login};
use super::settings::{InstanceSettings, instance_settings};
use crate::capabilities::Capabilities;
use crate::directory::DirectoryFuture;
use crate::error::Error;
use crate::generated::documented::TWOSMS as DOCUMENTED;
use crate::instance::Instance;
use crate::primitives::{Page, Primitives, Write};

/// The path of the operation that saves needs it, although the record does not.
const ALSO: &[&str] = &["ID"];

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

    /// An OAuth client of the account.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Self {
            base_url: twosms::BASE_URL.to_owned(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            defaults: types::User::default(),
            instance: InstanceSettings::default(),
        }
    }

    /// Another of the vendor's hosts.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// What users that are created get where their draft says nothing, such as `LanguageID` and `TimeZone`.
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
    Ok(Users { client, defaults, capabilities })
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

/// The users of an account.
#[derive(Clone, Debug)]
pub struct Users {
    client: Client,
    defaults: types::User,
    capabilities: Capabilities,
}

impl Users {
    /// The vendor's client beneath.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The user of a response, by the one rule of [`classify`].
    fn one(&self, response: types::ResponseOfUser, mask: impl FnOnce() -> Mask) -> Result<types::User, Error> {
        let data = response.response_data.into_option();
        let result = data.as_ref().and_then(|data| data.result.as_ref());
        classify(self.instance(), response.error.as_ref(), result, mask)?;
        let user = data.and_then(|data| data.detail.into_option());
        user.ok_or_else(|| Error::malformed(self.instance(), "a user in `Detail`", "none"))
    }

    /// The users of a response to a list, by the same rule.
    fn all(&self, response: types::ResponseOfUsers) -> Result<Vec<types::User>, Error> {
        let data = response.response_data.into_option();
        let result = data.as_ref().and_then(|data| data.result.as_ref());
        classify(self.instance(), response.error.as_ref(), result, || self.client.core().mask())?;
        let users = data.and_then(|data| data.detail.into_option());
        let users = users.ok_or_else(|| Error::malformed(self.instance(), "a list of users in `Detail`", "none"))?;
        Ok(users.into_vec().into_iter().map(unread).collect())
    }

    fn instance(&self) -> &Instance {
        self.capabilities.instance()
    }
}

/// The record without its secrets. No page says what a read returns for them, so that it is neither shown nor written back.
fn unread(mut user: types::User) -> types::User {
    user.password = Field::Absent;
    user.pin = Field::Absent;
    user.user_password = Field::Absent;
    user
}

/// Whether a response means success. No page says which `ErrorCode` does, nor what `Result` may hold: the finding about
/// `ErrorCode` has the rule. A combination that it does not know is an error that shows both.
/// The vendor's words are masked before they are shown.
fn classify(
    instance: &Instance,
    error: Option<&types::Error>,
    result: Option<&String>,
    mask: impl FnOnce() -> Mask,
) -> Result<(), Error> {
    let text = |field: Option<&String>| field.map(|text| text.trim().to_owned()).unwrap_or_default();
    let code = text(error.and_then(|error| error.error_code.as_ref()));
    let reason = text(error.and_then(|error| error.error_reason.as_ref()));
    let result = text(result);
    let no_error = matches!(code.as_str(), "" | "0") && reason.is_empty();
    let done = result.is_empty() || result.eq_ignore_ascii_case("ok") || result.eq_ignore_ascii_case("success");
    if no_error && done {
        return Ok(());
    }
    let mask = mask();
    let [code, reason, result] = [&code, &reason, &result].map(|words| mask.text(words));
    let found = format!("ErrorCode {code:?}, ErrorReason {reason:?} and Result {result:?}");
    let expected = "no ErrorCode or 0, no ErrorReason, and no Result, OK or Success";
    Err(Error::refused(instance, None, format!("{found}, where success is {expected}")))
}

impl Primitives for Users {
    type Record = types::User;

    fn describe(&self) -> &Capabilities {
        &self.capabilities
    }

    fn defaults(&self) -> Option<&types::User> {
        Some(&self.defaults)
    }

    fn also_required(&self) -> &[&'static str] {
        ALSO
    }

    fn read<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Option<types::User>> {
        Box::pin(async move {
            match self.client.get_user(id).await {
                Ok(response) => self.one(response.into_body(), || self.client.core().mask()).map(unread).map(Some),
                // What is no identifier of the vendor's form is nobody's.
                Err(error) if error.violations().is_some() => Ok(None),
                // No page says how the vendor tells that there is no such user. Status 404 alone is no proof, since it is that of
                // a wrong path as well: the list decides.
                Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => {
                    let is_meant = |user: &types::User| user.id.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(id));
                    if self.page(None).await?.users.iter().any(is_meant) {
                        return Err(Error::call(self.instance(), error));
                    }
                    Ok(None)
                }
                Err(error) => Err(Error::call(self.instance(), error)),
            }
        })
    }

    fn page(&self, _: Option<String>) -> DirectoryFuture<'_, Page<types::User>> {
        Box::pin(async move {
            // Whoever is looked for may be a super user, and is there.
            let response = self.client.list_users().include_super_users(true).await;
            let response = response.map_err(|error| Error::call(self.instance(), error))?;
            Ok(Page::new(self.all(response.into_body())?, None))
        })
    }

    fn write<'a>(&'a self, write: &'a Write<types::User>) -> DirectoryFuture<'a, Option<types::User>> {
        Box::pin(async move {
            let response = self.client.update_user(&write.id, &write.record).await;
            let response = response.map_err(|error| Error::call(self.instance(), error))?;
            let saved = self.one(response.into_body(), || self.client.core().mask().with(&write.record));
            saved.map(Some).map_err(|error| error.with_may_have_arrived(true))
        })
    }
}
