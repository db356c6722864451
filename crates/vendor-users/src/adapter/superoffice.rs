//! The users of SuperOffice.
//!
//! In: an address, credentials and defaults. Out: a directory that can create and save users; nothing else is documented. A
//! user is retired by saving it as not active.

use superoffice::{Auth, Client, ClientBuilder, types};

use crate::attribute::Attribute;
use crate::capability::{Capabilities, NotCarried, Verb};
use crate::directory::{Answer, Directory, Outcome, unsupported};
use crate::draft::UserDraft;
use crate::error::Error;
use crate::generated::documented::SUPEROFFICE as DOCUMENTED;
use crate::plan::{Action, Plan};
use crate::record::compose;
use crate::user::User as _;
use crate::value::Unfit;

const VENDOR: &str = DOCUMENTED.vendor;

/// The identifier of a user that does not exist yet.
const NEW: i32 = 0;

/// What it takes to connect.
#[derive(Clone, Debug)]
#[must_use]
pub struct Settings {
    base_url: String,
    auth: Auth,
    defaults: types::User,
}

impl Settings {
    /// The address of the tenant, such as `https://online.superoffice.com/Cust12345`, and who calls.
    pub fn new(base_url: impl Into<String>, auth: Auth) -> Self {
        Self { base_url: base_url.into(), auth, defaults: types::User::default() }
    }

    /// What users get where their draft says nothing, such as `Type` or `Role`.
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
    let Settings { base_url, auth, defaults } = settings;
    let client = tune(Client::builder(base_url).auth(auth)).build();
    let client = client.map_err(|error| Error::Settings { vendor: VENDOR, why: error.to_string() })?;
    Ok(Users { client, defaults })
}

/// The users of a tenant.
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

    /// The record to send. One operation creates and updates; the identifier says which.
    fn record(&self, draft: &UserDraft, verb: Verb) -> Result<(types::User, Vec<NotCarried>), Error> {
        let (mut record, not_carried) = compose(draft, &self.defaults, verb)?;
        if record.associate_id.as_ref().is_none() {
            record.associate_id = NEW.into();
        }
        if verb == Verb::Create && record.associate_id != NEW.into() {
            let property = DOCUMENTED.property(Attribute::Id);
            return Err(Error::Unfit { vendor: VENDOR, attribute: Attribute::Id, property, why: Unfit::Assigned });
        }
        Ok((record, not_carried))
    }

    async fn send(&self, draft: &UserDraft, verb: Verb) -> Result<Outcome, Error> {
        let (record, not_carried) = self.record(draft, verb)?;
        let answer = self.client.save_user(&record).await.map_err(|error| Error::call(VENDOR, error))?;
        Ok(Outcome::new(answer.into_body(), not_carried))
    }
}

impl Directory for Users {
    fn capabilities(&self) -> &'static Capabilities {
        &DOCUMENTED
    }

    fn create<'a>(&'a self, draft: &'a UserDraft) -> Answer<'a, Outcome> {
        Box::pin(self.send(draft, Verb::Create))
    }

    fn save<'a>(&'a self, draft: &'a UserDraft) -> Answer<'a, Outcome> {
        Box::pin(self.send(draft, Verb::Save))
    }

    fn plan<'a>(&'a self, action: Action<'a>) -> Answer<'a, Plan> {
        Box::pin(async move {
            let (Action::Create(draft) | Action::Save(draft)) = action else {
                return Err(unsupported(&DOCUMENTED, action.verb()));
            };
            let (record, not_carried) = self.record(draft, action.verb())?;
            let before = draft.record().and_then(|record| record.downcast_ref::<types::User>());
            Plan::of(&DOCUMENTED, action.verb(), record.id().as_deref(), before, &record, not_carried)
        })
    }
}
