//! The users of VBA Software.
//!
//! From keys, a login and defaults to a directory of the users of a database, with every verb. The vendor replaces whole
//! records. What is written here is the login, the batch and the credentials.

use std::time::Duration;

use client_core::serde_json::Value;
use client_core::{BoxFuture, Field, Secret, Token};
use vbasoftware::{Auth, Client, ClientBuilder, types};

use super::login::{self, Login};
use super::settings::{InstanceSettings, instance_settings};
use crate::capabilities::{Capabilities, CapabilitiesBuilder};
use crate::capability::{Capability, Operation, Verb};
use crate::choice::FirstCredential;
use crate::directory::DirectoryFuture;
use crate::error::{Error, ErrorKind};
use crate::generated::VbasoftwareUsers;
use crate::generated::documented::VBASOFTWARE as DOCUMENTED;
use crate::instance::Instance;
use crate::password;
use crate::primitives::{BatchResults, Primitives, Write};

mod batch;

/// How long an id token lives.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What it takes to connect.
#[derive(Clone, Debug)]
#[must_use]
pub struct Settings {
    base_url: String,
    api_key: Secret,
    database: String,
    client: Option<(String, Secret)>,
    user: String,
    password: Secret,
    defaults: types::User,
    instance: InstanceSettings,
}

impl Settings {
    instance_settings!(offered);

    /// Returns a user of `database` who may administer others, and the API key of the caller.
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
            client: None,
            user: user.into(),
            password: password.into(),
            defaults: types::User::default(),
            instance: InstanceSettings::default(),
        }
    }

    /// Sets the client that the vendor has given to the caller; the login demands it.
    pub fn client(mut self, id: impl Into<String>, code: impl Into<Secret>) -> Self {
        self.client = Some((id.into(), code.into()));
        self
    }

    /// Sets another address of the API.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Sets what users that are created get where their draft says nothing: the flags that the vendor demands.
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
    let capabilities = settings.capabilities();
    let Settings { base_url, api_key, database, client, user, password, defaults, instance: _ } = settings;
    let instance = capabilities.instance().clone();
    let wrong = |error: client_core::BuildError| Error::build(&instance, &error);
    let mut builder = Client::builder(base_url).auth(Auth::new().api_key_auth(api_key)).vbasoftware_database(database);
    // Not every caller has a client of its own, and an empty header is not the same as none.
    if let Some((id, code)) = client {
        builder = builder.vbasoftware_client_id(id).vbasoftware_client_code(code);
    }
    // What `tune` changes holds for logins, too: all clients here are derived from the one that it made.
    let base = tune(builder).build().map_err(wrong)?;
    let login = base.to_builder().auth(Auth::new().basic_auth(user, password)).build().map_err(wrong)?;
    let session = login::open(IdToken { client: login, instance: instance.clone() }).await?;
    let client = base.to_builder().auth(Auth::new().bearer_auth_from(session)).build().map_err(wrong)?;
    Ok(Users { base: VbasoftwareUsers::new(client, capabilities).with_defaults(defaults) })
}

/// What the vendor's documents say of users beside the verbs.
fn offered(capabilities: CapabilitiesBuilder) -> CapabilitiesBuilder {
    let create = || Capability::derived(&[Verb::Create]);
    let welcome = Operation::new("AdminResendWelcomeMessage", "POST", "/users/{userID}/resend-welcome-message");
    let rules = "the password requirements in the application settings accept 24 characters of every kind";
    capabilities
        .credential(FirstCredential::SingleSignOn, create())
        .credential(FirstCredential::VendorMail, Capability::direct(welcome))
        .credential(FirstCredential::Generated, create().precondition(rules))
}

struct IdToken {
    client: Client,
    instance: Instance,
}

impl Login for IdToken {
    fn login(&self) -> BoxFuture<'_, Result<Token, Error>> {
        Box::pin(async move {
            let response = self.client.user_authentication().await.map_err(|error| Error::login(&self.instance, error))?;
            let result = response.into_body().data.into_option().and_then(|data| data.authentication_result.into_option());
            match result.map(|result| result.id_token) {
                Some(Field::Value(token)) => Ok(Token::new(token).expires_in(DAY)),
                // A new password or a code is wanted first: a person has to do that.
                _ => Err(Error::new(
                    ErrorKind::NotPermitted,
                    &self.instance,
                    "the login gives no id token but wants another step, which a person has to do",
                )),
            }
        })
    }
}

/// Length of a password that is generated; the vendor takes 32 characters at most.
const PASSWORD: usize = 24;

/// Users per request of a batch.
const BATCH: usize = 200;

/// The users of a database.
#[derive(Clone, Debug)]
pub struct Users {
    base: VbasoftwareUsers,
}

impl Users {
    /// Returns the vendor's client beneath.
    #[must_use]
    pub fn client(&self) -> &Client {
        self.base.client()
    }

    fn instance(&self) -> &Instance {
        self.base.instance()
    }
}

impl Primitives for Users {
    type Record = types::User;

    fn describe(&self) -> &Capabilities {
        self.base.describe()
    }

    fn base(&self) -> Option<&dyn Primitives<Record = types::User>> {
        Some(&self.base)
    }

    fn prepare_credential(&self, credential: FirstCredential, record: &mut types::User) -> Result<Option<Secret>, Error> {
        match credential {
            FirstCredential::SingleSignOn => record.is_sso_user = true.into(),
            FirstCredential::Generated => {
                let password = password::generate(PASSWORD);
                let password = password.map_err(|words| Error::new(ErrorKind::Unavailable, self.instance(), words))?;
                record.password = password.clone().into();
                return Ok(Some(password));
            }
            _ => {}
        }
        Ok(None)
    }

    fn issue_credential<'a>(&'a self, credential: FirstCredential, id: &'a str) -> DirectoryFuture<'a, Option<Secret>> {
        Box::pin(async move {
            if credential == FirstCredential::VendorMail {
                let sent = self.client().admin_resend_welcome_message(id).await;
                sent.map_err(|error| Error::call(self.instance(), error))?;
            }
            Ok(None)
        })
    }

    fn write<'a>(&'a self, write: &'a Write<types::User>) -> DirectoryFuture<'a, Option<types::User>> {
        if matches!(write.verb, Verb::Create | Verb::Update) {
            return self.base.write(write);
        }
        Box::pin(async move {
            let results = self.write_batch(std::slice::from_ref(write)).await?;
            results.into_iter().next().unwrap_or_else(|| Err(self.no_outcome()))
        })
    }

    fn write_batch<'a>(&'a self, writes: &'a [Write<types::User>]) -> DirectoryFuture<'a, BatchResults<types::User>> {
        Box::pin(self.send_batches(writes))
    }

    fn body(&self, verb: Verb, records: Vec<Value>) -> Value {
        match verb {
            Verb::Create | Verb::Update => records.into_iter().next().unwrap_or_default(),
            _ => Value::Array(records),
        }
    }

    fn records_per_request(&self, verb: Verb) -> usize {
        if matches!(verb, Verb::Create | Verb::Update) { 1 } else { BATCH }
    }
}
