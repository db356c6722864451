//! The users of SuperOffice.
//!
//! From an address, credentials and defaults to a directory of a tenant's users. A user stands on a person of a company that owns
//! the installation: the person is found or made first, and is changed by an operation of its own. Retiring takes licences.

use client_core::serde_json::{self, Value as Json};
use client_core::{Field, Reason, Secret};
use superoffice::{Auth, Client, ClientBuilder, types};

use super::settings::{InstanceSettings, instance_settings};
use crate::capabilities::{Capabilities, CapabilitiesBuilder};
use crate::capability::{Capability, Evidence, Operation, Verb};
use crate::choice::FirstCredential;
use crate::directory::DirectoryFuture;
use crate::error::{Error, ErrorKind};
use crate::generated::SuperofficeUsers;
use crate::generated::documented::SUPEROFFICE as DOCUMENTED;
use crate::instance::Instance;
use crate::operations::{self, pages};
use crate::plan::PlannedRequest;
use crate::primitives::{Page, Primitives, QueryPage, SearchResult, Write};
use crate::query::ListQuery;
use crate::search::{By, CaseRule};
use crate::switch::Taken;

mod create;
mod demands;
mod licences;
mod person;
mod rows;
mod update;

pub use rows::is_or_begins;

/// The identifier of a user that does not exist yet.
const NEW: i32 = 0;

/// Where the vendor's program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Installation {
    /// At the customer's.
    OnSite,
    /// In SuperOffice Online, where the vendor does not let others administer users by default, and no page says that the list
    /// of users works.
    Online,
}

/// What it takes to connect.
#[derive(Clone, Debug)]
#[must_use]
pub struct Settings {
    base_url: String,
    auth: Auth,
    defaults: types::User,
    installation: Option<Installation>,
    owner_company: Option<i32>,
    licences: Vec<String>,
    instance: InstanceSettings,
}

impl Settings {
    instance_settings!();

    /// Returns the address of the installation, such as `https://crm.example.com/WebApi`, and the credentials.
    pub fn new(base_url: impl Into<String>, auth: Auth) -> Self {
        Self {
            base_url: base_url.into(),
            auth,
            defaults: types::User::default(),
            installation: None,
            owner_company: None,
            licences: Vec::new(),
            instance: InstanceSettings::default(),
        }
    }

    /// Sets what users that are created get where their draft says nothing, such as `Role` and `UserGroup`.
    pub fn defaults(mut self, defaults: types::User) -> Self {
        self.defaults = defaults;
        self
    }

    /// Sets where the vendor's program runs; without it, an address below `superoffice.com` is Online and any other is on site.
    pub fn installation(mut self, installation: Installation) -> Self {
        self.installation = Some(installation);
        self
    }

    /// Sets the licences that new users get, by the vendor's numbers: without one, nobody signs in.
    pub fn licences<N: Into<String>>(mut self, module_license_ids: impl IntoIterator<Item = N>) -> Self {
        self.licences.extend(module_license_ids.into_iter().map(Into::into));
        self
    }

    /// Sets the number of the company that persons of new users belong to: one of those that own the installation. It need not
    /// be given where there is only one.
    pub fn owner_company(mut self, contact_id: i32) -> Self {
        self.owner_company = Some(contact_id);
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
    let Settings { base_url, auth, defaults, installation, owner_company, licences, instance } = settings;
    let installation = installation.unwrap_or_else(|| installation_at(&base_url));
    let capabilities = offered(instance.capabilities(&DOCUMENTED, &base_url), installation).build();
    let client = tune(Client::builder(base_url).auth(auth)).build();
    let client = client.map_err(|error| Error::build(capabilities.instance(), &error))?;
    let documented = SuperofficeUsers::new(client, capabilities).with_defaults(defaults);
    Ok(Users { documented, installation, owner_company, licences })
}

fn installation_at(base_url: &str) -> Installation {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    let host = rest.split(['/', ':', '?']).next().unwrap_or_default().to_lowercase();
    if host == "superoffice.com" || host.ends_with(".superoffice.com") { Installation::Online } else { Installation::OnSite }
}

const MAIL: Operation = Operation::new("SendChangePasswordEMail", "POST", "/api/v1/Agents/User/SendChangePasswordEMail");

/// What the vendor offers beside the verbs of the table, and what is weak where it runs.
fn offered(capabilities: Capabilities, installation: Installation) -> CapabilitiesBuilder {
    let under = |capability: Capability| {
        let preconditions = capabilities.preconditions(Verb::ResetPassword).into_iter().map(str::to_owned);
        preconditions.fold(capability.evidence(Evidence::OtherPages), Capability::precondition)
    };
    let mut builder = capabilities.to_builder();
    builder = builder.credential(FirstCredential::VendorMail, under(Capability::direct(MAIL)));
    if installation == Installation::Online {
        for verb in [Verb::List, Verb::Find] {
            let why = "no page says that the list of users works in SuperOffice Online".into();
            builder = builder.verb(verb, capabilities.of(verb).clone().evidence(Evidence::Weak { why }));
        }
    }
    builder
}

/// The users of a tenant.
#[derive(Clone, Debug)]
pub struct Users {
    documented: SuperofficeUsers,
    installation: Installation,
    owner_company: Option<i32>,
    licences: Vec<String>,
}

impl Users {
    /// Returns the vendor's client beneath.
    #[must_use]
    pub fn client(&self) -> &Client {
        self.documented.client()
    }

    fn instance(&self) -> &Instance {
        self.documented.instance()
    }

    fn failed(&self, error: client_core::Error<types::Failure>) -> Error {
        Error::call(self.instance(), error)
    }

    fn error(&self, kind: ErrorKind, words: impl Into<String>) -> Error {
        Error::new(kind, self.instance(), words)
    }

    /// Mails the user a link for a new password.
    async fn mail(&self, number: i32) -> Result<(), Error> {
        let mut request = types::AssociateIdRequest::default();
        request.associate_id = number.into();
        let response = self.client().send_change_password_email(&request).await.map_err(|error| self.failed(error))?.into_body();
        if response.success.as_ref() == Some(&true) {
            return Ok(());
        }
        let said = response.message.as_deref().filter(|message| !message.is_empty()).unwrap_or("it does not say why");
        Err(Error::refused(self.instance(), None, format!("the vendor did not send the mail: {said}")))
    }
}

/// The number of an associate; `None` for what cannot be one, as users that exist have numbers from 1 and one way to write them.
fn number(id: &str) -> Option<i32> {
    id.parse::<i32>().ok().filter(|number| *number > NEW && number.to_string() == id)
}

/// Whether the vendor says that there is no such thing: a success whose body is null.
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
        self.documented.described()
    }

    fn base(&self) -> Option<&dyn Primitives<Record = types::User>> {
        Some(&self.documented)
    }

    fn page(&self, position: Option<String>) -> DirectoryFuture<'_, Page<types::User>> {
        pages::page(self, position)
    }

    fn query<'a>(&'a self, query: &'a ListQuery) -> DirectoryFuture<'a, QueryPage<types::User>> {
        Box::pin(self.rows(query))
    }

    fn search<'a>(&'a self, by: By<'a>) -> DirectoryFuture<'a, Option<SearchResult<types::User>>> {
        Box::pin(async move {
            if let (By::UserName(name), Installation::OnSite) = (by, self.installation)
                && let Some(user) = self.named(name).await?
            {
                return Ok(Some(SearchResult::new(vec![user], CaseRule::Unknown)));
            }
            let column = match by {
                By::UserName(_) => rows::USER_NAME,
                By::Email(_) => rows::EMAIL,
                _ => return Ok(None),
            };
            let Some(filter) = rows::is_or_begins(column, by.value()) else { return Ok(None) };
            let users = self.filtered(&filter).await?;
            Ok(users.map(|users| SearchResult::new(users, CaseRule::Unknown)))
        })
    }

    fn write<'a>(&'a self, write: &'a Write<types::User>) -> DirectoryFuture<'a, Option<types::User>> {
        Box::pin(async move {
            match &write.before {
                Some(before) => self.changed(before, &write.record).await.map(Some),
                None if write.exists => self.save(&write.record).await.map(Some),
                None => self.created(&write.record).await.map(Some),
            }
        })
    }

    fn would_take(&self, record: &types::User) -> Vec<Taken> {
        licences::assigned(record)
    }

    fn give_back<'a>(&'a self, id: &'a str, taken: &'a [Taken]) -> DirectoryFuture<'a, Vec<Taken>> {
        Box::pin(self.assign(id, taken))
    }

    fn issue_credential<'a>(&'a self, credential: FirstCredential, id: &'a str) -> DirectoryFuture<'a, Option<Secret>> {
        Box::pin(async move {
            if credential == FirstCredential::VendorMail {
                let number = number(id).ok_or_else(|| Error::not_found(self.instance(), id))?;
                self.mail(number).await?;
            }
            Ok(None)
        })
    }

    fn require_new_password<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        Box::pin(async move {
            // No page says what the operation responds with for nobody.
            operations::known(self, id).await?;
            let number = number(id).ok_or_else(|| Error::not_found(self.instance(), id))?;
            self.mail(number).await
        })
    }

    fn body(&self, _: Verb, records: Vec<Json>) -> Json {
        let body = records.into_iter().next().unwrap_or_default();
        // Masks are text, as secrets are, so that the record of a plan is one as well.
        serde_json::from_value(body.clone()).ok().and_then(|record| serde_json::to_value(sent(&record)).ok()).unwrap_or(body)
    }

    fn requests(&self, writes: &[Write<types::User>]) -> Vec<PlannedRequest> {
        writes.iter().flat_map(|write| self.planned(write)).collect()
    }
}
