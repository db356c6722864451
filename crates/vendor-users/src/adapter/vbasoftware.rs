//! The users of VBA Software.
//!
//! From keys, a login and defaults to a directory of the users of a database, with every verb. The vendor replaces whole
//! records.

use std::time::Duration;

use client_core::serde_json::Value;
use client_core::{BoxFuture, Field, Secret, StatusCode, Stream, Token};
use futures_util::{TryStreamExt as _, stream};
use vbasoftware::{Auth, Client, ClientBuilder, types};

use super::login::{self, Login};
use super::settings::{InstanceSettings, instance_settings};
use crate::capabilities::{Capabilities, CapabilitiesBuilder};
use crate::capability::{Capability, Operation, Verb};
use crate::choice::FirstCredential;
use crate::directory::DirectoryFuture;
use crate::error::{Error, ErrorKind};
use crate::generated::documented::VBASOFTWARE as DOCUMENTED;
use crate::instance::Instance;
use crate::password;
use crate::primitives::{BatchResults, Page, Primitives, QueryPage, RecordStream, Write};
use crate::query::{ListQuery, Order, QueryPart};

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
            client: None,
            user: user.into(),
            password: password.into(),
            defaults: types::User::default(),
            instance: InstanceSettings::default(),
        }
    }

    /// The client that the vendor has given to the caller; the login wants it.
    pub fn client(mut self, id: impl Into<String>, code: impl Into<Secret>) -> Self {
        self.client = Some((id.into(), code.into()));
        self
    }

    /// Another address of the API.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// What users that are created get where their draft says nothing: the flags that the vendor demands.
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
    Ok(Users { client, defaults, capabilities })
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

/// Users per page of the list.
const PAGE: i32 = 100;

/// Length of a password that is generated; the vendor takes 32 characters at most.
const PASSWORD: usize = 24;

/// Users per request of a batch.
const BATCH: usize = 200;

/// The users of a database.
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

    fn instance(&self) -> &Instance {
        self.capabilities.instance()
    }

    /// An error of a call for the user `id`.
    fn failed(&self, id: &str, error: client_core::Error<types::ErrorEnvelope>) -> Error {
        if is_not_found(&error) {
            return Error::not_found(self.instance(), id).with_may_have_arrived(error.may_have_arrived());
        }
        Error::call(self.instance(), error)
    }

    /// The users of a page of the list.
    fn page_of(&self, envelope: types::UsersEnvelope) -> Result<impl Stream<Item = Result<types::User, Error>> + use<>, Error> {
        let missing = || Error::malformed(self.instance(), "a list of users in `data`", "none");
        let users = envelope.data.into_option().ok_or_else(missing)?.into_vec();
        Ok(stream::iter(users.into_iter().map(Ok)))
    }

    /// The user of an envelope that a call for a user responded with.
    fn user(&self, envelope: types::UserEnvelope) -> Result<types::User, Error> {
        let missing = || Error::malformed(self.instance(), "a user in `data`", "none");
        envelope.data.into_option().ok_or_else(missing)
    }
}

/// Whether the vendor says that there is no such user: status 404 with its envelope, whose error says 404 as well. No page
/// documents it for `GetUser` (an inference, see the findings); a 404 of anything on the way does not have it.
fn is_not_found(error: &client_core::Error<types::ErrorEnvelope>) -> bool {
    let problem = error.error_response().and_then(|response| response.body.as_ref()?.error.as_ref());
    error.status() == Some(StatusCode::NOT_FOUND) && problem.is_some_and(|problem| problem.status.as_ref() == Some(&404))
}

impl Primitives for Users {
    type Record = types::User;

    fn describe(&self) -> &Capabilities {
        &self.capabilities
    }

    fn defaults(&self) -> Option<&types::User> {
        Some(&self.defaults)
    }

    fn read<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Option<types::User>> {
        Box::pin(async move {
            match self.client.get_user(id).await {
                Ok(response) => self.user(response.into_body()).map(Some),
                Err(error) if is_not_found(&error) => Ok(None),
                Err(error) => Err(Error::call(self.instance(), error)),
            }
        })
    }

    fn records(&self) -> RecordStream<'_, types::User> {
        // Without an order, a user who joins meanwhile would move others to a page that was read already.
        let pages = self.client.list_users().page_size(PAGE).sort_by("user_ID:asc").pages();
        let pages = pages.map_err(|error| Error::call(self.instance(), error));
        Box::pin(pages.and_then(|page| std::future::ready(self.page_of(page.into_body()))).try_flatten())
    }

    fn query<'a>(&'a self, query: &'a ListQuery) -> DirectoryFuture<'a, QueryPage<types::User>> {
        Box::pin(async move {
            let page = query.position().map_or(Ok(1), str::parse::<i32>);
            let page = page.map_err(|_| Error::new(ErrorKind::Invalid, self.instance(), "a page is given by its number"))?;
            let size = query.wanted_page_size().and_then(|size| i32::try_from(size).ok());
            let size = size.unwrap_or(PAGE).clamp(1, PAGE);
            let property = |(attribute, order)| {
                let ending = if order == Order::Descending { "desc" } else { "asc" };
                self.capabilities.property(attribute).map(|property| format!("{property}:{ending}"))
            };
            let sorted = query.order().and_then(property);
            let order = sorted.as_deref().unwrap_or("user_ID:asc");
            let response = self.client.list_users().page(page).page_size(size).sort_by(order).await;
            let response = response.map_err(|error| Error::call(self.instance(), error))?;
            let users: Vec<types::User> = self.page_of(response.into_body())?.try_collect().await?;
            // Only an empty page is the end: the vendor may give smaller pages than it was asked for.
            let next = (!users.is_empty()).then(|| page.saturating_add(1).to_string());
            let is_done = |part: &QueryPart| match part {
                QueryPart::Order => sorted.is_some(),
                QueryPart::PageSize => query.wanted_page_size().is_some_and(|wanted| i32::try_from(wanted) == Ok(size)),
                _ => false,
            };
            let not_done = query.parts().into_iter().filter(|part| !is_done(part)).collect();
            Ok(QueryPage::new(Page::new(users, next), not_done))
        })
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
                self.client.admin_resend_welcome_message(id).await.map_err(|error| self.failed(id, error))?;
            }
            Ok(None)
        })
    }

    fn write<'a>(&'a self, write: &'a Write<types::User>) -> DirectoryFuture<'a, Option<types::User>> {
        Box::pin(async move {
            let arrived = |error: Error| error.with_may_have_arrived(true);
            match write.verb {
                Verb::Create => {
                    let response = self.client.create_user(&write.record).await.map_err(|error| {
                        let exists = error.status() == Some(StatusCode::CONFLICT);
                        let error = Error::call(self.instance(), error);
                        if exists { error.with_kind(ErrorKind::AlreadyExists) } else { error }
                    })?;
                    self.user(response.into_body()).map(Some).map_err(arrived)
                }
                Verb::Update => {
                    let response = self.client.update_user(&write.id, &write.record).await;
                    let response = response.map_err(|error| self.failed(&write.id, error))?;
                    self.user(response.into_body()).map(Some).map_err(arrived)
                }
                _ => {
                    let results = self.write_batch(std::slice::from_ref(write)).await?;
                    results.into_iter().next().unwrap_or_else(|| Err(self.no_outcome()))
                }
            }
        })
    }

    fn write_batch<'a>(&'a self, writes: &'a [Write<types::User>]) -> DirectoryFuture<'a, BatchResults<types::User>> {
        Box::pin(self.send_batches(writes))
    }

    fn set_active<'a>(&'a self, id: &'a str, active: bool) -> DirectoryFuture<'a, ()> {
        Box::pin(async move {
            let done = match active {
                true => self.client.admin_enable_user(id).await.map(drop),
                false => self.client.admin_disable_user(id).await.map(drop),
            };
            done.map_err(|error| self.failed(id, error))
        })
    }

    fn remove<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        Box::pin(async move { self.client.delete_user(id).await.map(drop).map_err(|error| self.failed(id, error)) })
    }

    fn require_new_password<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        Box::pin(async move { self.client.admin_reset_user_password(id).await.map(drop).map_err(|error| self.failed(id, error)) })
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
