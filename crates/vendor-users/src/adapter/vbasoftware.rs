//! The users of VBA Software.
//!
//! In: keys, a login and defaults. Out: a directory with every verb.

use std::time::Duration;

use client_core::{BoxFuture, Field, Secret, StatusCode, Token};
use vbasoftware::{Auth, Client, ClientBuilder, types};

use super::login::{self, Login};
use crate::error::Error;
use crate::generated::documented::VBASOFTWARE as DOCUMENTED;

mod batch;
mod users;

const VENDOR: &str = DOCUMENTED.vendor;

/// How long an id token lives.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What it takes to connect.
#[derive(Clone, Debug)]
#[must_use]
pub struct Settings {
    base_url: String,
    api_key: Secret,
    database: String,
    client_id: String,
    client_code: Secret,
    user: String,
    password: Secret,
    defaults: types::User,
}

impl Settings {
    /// A user of `database` who may administer others, and the API key of the caller.
    pub fn new(
        api_key: impl Into<Secret>,
        database: impl Into<String>,
        user: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Self {
        Self {
            base_url: vbasoftware::BASE_URL.to_owned(),
            api_key: api_key.into(),
            database: database.into(),
            client_id: String::new(),
            client_code: Secret::default(),
            user: user.into(),
            password: password.into(),
            defaults: types::User::default(),
        }
    }

    /// The client that the vendor has given to the caller; the login wants it.
    pub fn client(mut self, id: impl Into<String>, code: impl Into<Secret>) -> Self {
        self.client_id = id.into();
        self.client_code = code.into();
        self
    }

    /// Another address of the API.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// What new users get where their draft says nothing: the flags that the vendor demands.
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
    let Settings { base_url, api_key, database, client_id, client_code, user, password, defaults } = settings;
    let wrong = |error: client_core::BuildError| Error::Settings { vendor: VENDOR, why: error.to_string() };
    let builder = Client::builder(base_url).auth(Auth::new().api_key_auth(api_key)).vbasoftware_database(database);
    let builder = builder.vbasoftware_client_id(client_id).vbasoftware_client_code(client_code);
    // What `tune` changes holds for logins, too: all clients here are derived from the one that it made.
    let base = tune(builder).build().map_err(wrong)?;
    let with_password = base.to_builder().auth(Auth::new().basic_auth(user, password)).build().map_err(wrong)?;
    let session = login::open(IdToken { client: with_password }).await?;
    let client = base.to_builder().auth(Auth::new().bearer_auth_from(session)).build().map_err(wrong)?;
    Ok(Users { client, defaults })
}

struct IdToken {
    client: Client,
}

impl Login for IdToken {
    fn login(&self) -> BoxFuture<'_, Result<Token, Error>> {
        Box::pin(async move {
            let answer = self.client.user_authentication().await.map_err(|error| Error::call(VENDOR, error))?;
            let result = answer.into_body().data.into_option().and_then(|data| data.authentication_result.into_option());
            match result.map(|result| result.id_token) {
                Some(Field::Value(token)) => Ok(Token::new(token).expires_in(DAY)),
                // A new password or a code is wanted first: a person has to do that.
                _ => Err(Error::Unanswered { vendor: VENDOR, expected: "an id token: the login wants another step" }),
            }
        })
    }
}

/// The users of a database.
#[derive(Clone, Debug)]
pub struct Users {
    client: Client,
    defaults: types::User,
}

impl Users {
    /// The vendor's client beneath.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }
}

/// An error of a call for the user `id`: where the vendor says 404, in the status or in the envelope, there is no such user.
fn failed(id: &str, error: client_core::Error<types::ErrorEnvelope>) -> Error {
    let problem = error.error_response().and_then(|response| response.body.as_ref()?.error.as_ref()?.status.as_ref());
    if error.status() == Some(StatusCode::NOT_FOUND) || problem == Some(&404) {
        Error::NotFound { vendor: VENDOR, id: id.to_owned() }
    } else {
        Error::call(VENDOR, error)
    }
}
