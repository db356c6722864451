//! The users of SuperOffice.
//!
//! From an address, credentials and defaults to a directory of a tenant's users. A user is retired by saving it as not active.

use client_core::serde_json::{self, Value as Json};
use client_core::{Field, Reason};
use superoffice::{Auth, Client, ClientBuilder, types};

use super::settings::{InstanceSettings, instance_settings};
use crate::capabilities::Capabilities;
use crate::capability::Verb;
use crate::directory::DirectoryFuture;
use crate::error::Error;
use crate::generated::documented::SUPEROFFICE as DOCUMENTED;
use crate::primitives::{Primitives, Write};

/// The identifier of a user that does not exist yet.
const NEW: i32 = 0;

/// What it takes to connect.
#[derive(Clone, Debug)]
#[must_use]
pub struct Settings {
    base_url: String,
    auth: Auth,
    defaults: types::User,
    instance: InstanceSettings,
}

impl Settings {
    instance_settings!();

    /// The address of the tenant, such as `https://online.superoffice.com/Cust12345`, and the credentials.
    pub fn new(base_url: impl Into<String>, auth: Auth) -> Self {
        Self { base_url: base_url.into(), auth, defaults: types::User::default(), instance: InstanceSettings::default() }
    }

    /// What users that are created get where their draft says nothing, such as `Type` or `Role`.
    pub fn defaults(mut self, defaults: types::User) -> Self {
        self.defaults = defaults;
        self
    }
}

/// Connects; nothing is sent yet.
///
/// # Errors
///
/// The settings do not fit.
pub async fn connect(settings: Settings) -> Result<Users, Error> {
    connect_with(settings, |builder| builder).await
}

/// As [`connect`], with the client's own settings changed by `tune`.
///
/// # Errors
///
/// As [`connect`].
#[expect(clippy::unused_async, reason = "every vendor connects in the same way, and some log in")]
pub async fn connect_with(settings: Settings, tune: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Result<Users, Error> {
    let Settings { base_url, auth, defaults, instance } = settings;
    let capabilities = instance.capabilities(&DOCUMENTED, &base_url);
    let client = tune(Client::builder(base_url).auth(auth)).build();
    let client = client.map_err(|error| Error::build(capabilities.instance(), &error))?;
    Ok(Users { client, defaults, capabilities })
}

/// The users of a tenant.
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
}

/// The number of an associate; `None` for what cannot be one, as users that exist have numbers from 1 and one way to write them.
fn number(id: &str) -> Option<i32> {
    id.parse::<i32>().ok().filter(|number| *number > NEW && number.to_string() == id)
}

/// Whether the vendor says that there is no such user: a success whose body is null.
fn is_nobody<E>(error: &client_core::Error<E>) -> bool {
    error.error_response().is_some_and(|response| response.status.is_success() && response.reason == Reason::Failure(""))
}

/// The record as it is sent. What a read returns for the values of credentials is never written back, and no page says what a
/// credential without its value does to how the user signs in: where none has a value, the list of a user that is there is not
/// mentioned.
fn sent(record: &types::User) -> types::User {
    let mut record = record.clone();
    let is_there = record.associate_id.as_ref().is_some_and(|id| *id != NEW);
    let has_value = |credential: &types::Credential| credential.value.as_ref().or(credential.display_value.as_ref()).is_some();
    if is_there && record.credentials.as_ref().is_some_and(|credentials| !credentials.iter().any(has_value)) {
        record.credentials = Field::Absent;
    }
    record
}

impl Primitives for Users {
    type Record = types::User;

    fn describe(&self) -> &Capabilities {
        &self.capabilities
    }

    fn defaults(&self) -> Option<&types::User> {
        Some(&self.defaults)
    }

    fn assigns_identifiers(&self) -> bool {
        true
    }

    fn mark_new(&self, record: &mut types::User) {
        if record.associate_id.as_ref().is_none() {
            record.associate_id = NEW.into();
        }
    }

    fn read<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Option<types::User>> {
        Box::pin(async move {
            let Some(number) = number(id) else { return Ok(None) };
            match self.client.get_user(number).await {
                Ok(response) => Ok(Some(response.into_body())),
                Err(error) if is_nobody(&error) => Ok(None),
                Err(error) => Err(Error::call(self.capabilities.instance(), error)),
            }
        })
    }

    fn write<'a>(&'a self, write: &'a Write<types::User>) -> DirectoryFuture<'a, Option<types::User>> {
        Box::pin(async move {
            let response = self.client.save_user(&sent(&write.record)).await;
            let response = response.map_err(|error| Error::call(self.capabilities.instance(), error))?;
            Ok(Some(response.into_body()))
        })
    }

    fn remove<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        Box::pin(async move {
            let instance = self.capabilities.instance();
            // No page says what deleting somebody who is not there responds with, so that a success alone proves nothing.
            let found = self.read(id).await.map_err(|error| error.with_may_have_arrived(false))?;
            let (Some(number), Some(found)) = (number(id), found) else { return Err(Error::not_found(instance, id)) };
            if found.associate_id.as_ref() != Some(&number) {
                return Err(Error::malformed(instance, format!("user `{id}`"), "another user"));
            }
            self.client.delete_user(number).await.map(drop).map_err(|error| Error::call(instance, error))
        })
    }

    fn body(&self, _: Verb, records: Vec<Json>) -> Json {
        let body = records.into_iter().next().unwrap_or_default();
        // Masks are text, as secrets are, so that the record of a plan is one as well.
        serde_json::from_value(body.clone()).ok().and_then(|record| serde_json::to_value(sent(&record)).ok()).unwrap_or(body)
    }
}
