//! The users of a 2sms account.
//!
//! In: an OAuth client and defaults. Out: a directory that can save users; nothing else is documented.

use std::time::Duration;

use client_core::{BoxFuture, Extra, Field, Number, Operation, Secret, Token};
use twosms::{Auth, Client, ClientBuilder, types};

use super::login::{self, Login};
use crate::capability::{Capabilities, NotCarried, Verb};
use crate::directory::{Answer, Directory, Outcome, unsupported};
use crate::draft::UserDraft;
use crate::error::Error;
use crate::generated::documented::TWOSMS as DOCUMENTED;
use crate::plan::{Action, Plan};
use crate::record::compose_with;
use crate::user::User as _;

const VENDOR: &str = DOCUMENTED.vendor;

/// The path of the only operation needs it, although the record does not.
const ALSO: &[&str] = &["ID"];

/// What it takes to connect.
#[derive(Clone, Debug)]
#[must_use]
pub struct Settings {
    base_url: String,
    client_id: String,
    client_secret: Secret,
    defaults: types::User,
}

impl Settings {
    /// An OAuth client of the account.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Self {
            base_url: twosms::BASE_URL.to_owned(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            defaults: types::User::default(),
        }
    }

    /// Another of the vendor's hosts.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// What users get where their draft says nothing, such as `LanguageID` and `TimeZone`.
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
    let Settings { base_url, client_id, client_secret, defaults } = settings;
    let wrong = |error: client_core::BuildError| Error::Settings { vendor: VENDOR, why: error.to_string() };
    // What `tune` changes holds for logins, too: all clients here are derived from the one that it made.
    let base = tune(Client::builder(base_url)).build().map_err(wrong)?;
    let session = login::open(OAuth { client: base.core().clone(), client_id, client_secret }).await?;
    let client = base.to_builder().auth(Auth::new().bearer_from(session)).build().map_err(wrong)?;
    Ok(Users { client, defaults })
}

static TOKEN: Operation = login::post("Token", "/Token", &[]);

#[derive(Clone, Debug, Default, PartialEq)]
struct Granted {
    access_token: Field<Secret>,
    expires_in: Field<Number>,
    extra: Extra,
}
client_core::object!(Granted { access_token = "access_token", expires_in = "expires_in" });

struct OAuth {
    client: client_core::Client,
    client_id: String,
    client_secret: Secret,
}

impl Login for OAuth {
    fn login(&self) -> BoxFuture<'_, Result<Token, Error>> {
        let call = self.client.call(&TOKEN).form("grant_type", "client_credentials");
        let call = call.form("client_id", &self.client_id).form("client_secret", &self.client_secret);
        Box::pin(async move {
            let granted = call.send::<Granted, ()>().await.map_err(|error| Error::call(VENDOR, error))?.into_body();
            let Field::Value(token) = granted.access_token else {
                return Err(Error::Unanswered { vendor: VENDOR, expected: "an access token" });
            };
            let token = Token::new(token);
            let seconds = granted.expires_in.as_ref().and_then(Number::as_i64).and_then(|seconds| u64::try_from(seconds).ok());
            Ok(seconds.map_or(token.clone(), |seconds| token.expires_in(Duration::from_secs(seconds))))
        })
    }
}

/// The users of an account.
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

    fn record(&self, draft: &UserDraft) -> Result<(types::User, Vec<NotCarried>), Error> {
        compose_with(draft, &self.defaults, Verb::Save, ALSO)
    }
}

impl Directory for Users {
    fn capabilities(&self) -> &'static Capabilities {
        &DOCUMENTED
    }

    fn save<'a>(&'a self, draft: &'a UserDraft) -> Answer<'a, Outcome> {
        Box::pin(async move {
            let (record, not_carried) = self.record(draft)?;
            let id = record.id().unwrap_or_default();
            let answer = self.client.update_user(&id, &record).await;
            let answer = answer.map_err(|error| match error.status() {
                Some(status) if status == client_core::StatusCode::NOT_FOUND => {
                    Error::NotFound { vendor: VENDOR, id: id.to_string() }
                }
                _ => Error::call(VENDOR, error),
            })?;
            let types::ResponseOfUser { error, response_data, .. } = answer.into_body();
            match response_data.into_option().and_then(|data| data.detail.into_option()) {
                Some(saved) => Ok(Outcome::new(saved, not_carried)),
                // The envelope has an error beside the data, and no rule says what its codes mean: no data, no success.
                None => match error.into_option().and_then(|error| error.error_reason.into_option()) {
                    Some(why) => Err(Error::Refused { vendor: VENDOR, status: None, why }),
                    None => Err(Error::Unanswered { vendor: VENDOR, expected: "the saved user" }),
                },
            }
        })
    }

    fn plan<'a>(&'a self, action: Action<'a>) -> Answer<'a, Plan> {
        Box::pin(async move {
            let Action::Save(draft) = action else { return Err(unsupported(&DOCUMENTED, action.verb())) };
            let (record, not_carried) = self.record(draft)?;
            let before = draft.record().and_then(|record| record.downcast_ref::<types::User>());
            Plan::of(&DOCUMENTED, action.verb(), None, before, &record, not_carried)
        })
    }
}
