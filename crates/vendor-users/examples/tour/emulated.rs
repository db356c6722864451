//! A directory of each vendor, on its emulator.

use std::error::Error;

use vendor_users::client_core::Field;
use vendor_users::client_core::serde_json::{Value, json};
use vendor_users::testing::{self, Emulator, Exchange, Fault, Vendor};
use vendor_users::{
    Capabilities, Directory, User, UserDraft, UserDraftBuilder, Verb, adapter, billingplatform, superoffice, twosms,
};

/// A vendor's directory and the emulator behind it.
pub(crate) struct Emulated {
    /// The directory.
    pub(crate) directory: Box<dyn Directory>,
    /// What the identifier of a new user is, where the vendor does not give one.
    pub(crate) id: Option<&'static str>,
    /// What a record needs beyond SCIM's attributes where the vendor cannot be read and replaces it whole.
    #[allow(dead_code, reason = "the tour has no use for it")]
    base: Option<fn(UserDraftBuilder) -> UserDraftBuilder>,
    server: Box<dyn Behind>,
}

impl Emulated {
    /// What the vendor documents.
    pub(crate) fn capabilities(&self) -> &Capabilities {
        self.directory.capabilities()
    }

    /// The draft with the number that a user has at a vendor which takes one of ours.
    pub(crate) fn numbered(&self, draft: &UserDraft) -> UserDraft {
        self.id
            .filter(|_| self.capabilities().supports(Verb::Create))
            .map_or_else(|| draft.clone(), |id| draft.clone().rebuild().id(id).build())
    }

    /// Does what a person does by hand where no page says how a program can: adds Kim Lee.
    pub(crate) fn do_by_hand(&self) {
        self.server.do_by_hand();
    }

    /// The draft for a new user, under the identifier that this vendor wants; where nobody can look whether it is there, it may
    /// be replaced.
    #[allow(dead_code, reason = "the tour has no use for it")]
    pub(crate) fn draft(&self, draft: &UserDraft) -> UserDraft {
        let mut builder = draft.clone().rebuild();
        if let Some(id) = self.id {
            builder = builder.id(id).replace_existing(true);
        }
        if let Some(base) = self.base {
            builder = base(builder);
        }
        builder.build()
    }

    /// What was sent since the emulated was set up or last asked.
    #[allow(dead_code, reason = "the tour has no use for it")]
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.server.exchanges()
    }

    /// Lets a fault happen to requests, or to none from now on.
    #[allow(dead_code, reason = "the tour has no use for it")]
    pub(crate) fn inject(&self, fault: Option<Fault>) {
        self.server.inject(fault);
    }

    /// Ends all tokens.
    #[allow(dead_code, reason = "the tour has no use for it")]
    pub(crate) fn expire(&self) {
        self.server.expire();
    }
}

/// A server of whatever vendor.
trait Behind: Send + Sync {
    fn exchanges(&self) -> Vec<Exchange>;
    fn expire(&self);
    fn do_by_hand(&self);
    fn inject(&self, fault: Option<Fault>);
}

/// An emulator, what ends its tokens, and what a person does there by hand.
struct Running<V>(Emulator<V>, fn(&mut V), fn(&mut V));

impl<V: Vendor> Behind for Running<V> {
    fn exchanges(&self) -> Vec<Exchange> {
        let exchanges = self.0.exchanges();
        self.0.forget();
        exchanges
    }

    fn expire(&self) {
        self.0.with(self.1);
    }

    fn do_by_hand(&self) {
        self.0.with(self.2);
    }

    fn inject(&self, fault: Option<Fault>) {
        match fault {
            Some(fault) => self.0.inject(fault),
            None => self.0.heal(),
        }
    }
}

/// All vendors, with the defaults that they want.
pub(crate) async fn all() -> Result<Vec<Emulated>, Box<dyn Error>> {
    with(true).await
}

/// All vendors, without defaults.
#[allow(dead_code, reason = "the tour has no use for it")]
pub(crate) async fn bare() -> Result<Vec<Emulated>, Box<dyn Error>> {
    with(false).await
}

async fn with(defaults: bool) -> Result<Vec<Emulated>, Box<dyn Error>> {
    Ok(vec![
        billingplatform(defaults).await?,
        superoffice(defaults).await?,
        twosms(defaults).await?,
        vbasoftware(defaults).await?,
    ])
}

async fn billingplatform(full: bool) -> Result<Emulated, Box<dyn Error>> {
    let server = testing::billingplatform::start().await?;
    let defaults = if full { billingplatform_base() } else { Default::default() };
    let settings = server.settings().defaults(defaults).accept_weak(["get", "list", "find", "delete", "choices"]);
    let directory = adapter::billingplatform::connect(settings.status_words("ACTIVE", "INACTIVE")).await?;
    server.forget();
    let server = Running(server, |vendor| vendor.expire(), |_| ());
    let base: fn(UserDraftBuilder) -> UserDraftBuilder = |draft| draft.record(billingplatform_base());
    let base = full.then_some(base);
    Ok(Emulated { directory: Box::new(directory), id: Some("1001"), base, server: Box::new(server) })
}

fn billingplatform_base() -> billingplatform::types::ApplicationUser {
    let mut user = billingplatform::types::ApplicationUser::default();
    user.role_id.set(1);
    user.language_code.set(1);
    user.time_zone_id.set(12);
    user
}

async fn superoffice(full: bool) -> Result<Emulated, Box<dyn Error>> {
    let server = testing::superoffice::start().await?;
    let mut defaults = superoffice::types::User::default();
    defaults.rank = if full { 1.into() } else { Field::Absent };
    let directory = adapter::superoffice::connect(server.settings().defaults(defaults)).await?;
    let server = Running(server, |_| (), |_| ());
    Ok(Emulated { directory: Box::new(directory), id: None, base: None, server: Box::new(server) })
}

const TWOSMS_ID: &str = "a2d8b2d2-1673-4f2d-a9ec-b02947160be7";

async fn twosms(full: bool) -> Result<Emulated, Box<dyn Error>> {
    let server = testing::twosms::start().await?;
    // Users of 2sms can be updated, not created.
    server.with(|vendor| vendor.users.put(twosms_user()));
    let directory = adapter::twosms::connect(server.settings()).await?;
    server.forget();
    let server = Running(server, |vendor| vendor.expire(), |vendor| vendor.users.put(added_by_hand()));
    let base: fn(UserDraftBuilder) -> UserDraftBuilder = |draft| draft.record(twosms_base());
    let base = full.then_some(base);
    Ok(Emulated { directory: Box::new(directory), id: Some(TWOSMS_ID), base, server: Box::new(server) })
}

fn twosms_base() -> twosms::types::User {
    let mut user = twosms::types::User::default();
    user.language_id.set("c2fd9942-2548-483b-875c-a724b208dcaa");
    user.time_zone.set("UTC");
    user
}

/// Kim Lee, as somebody adds her in the vendor's portal.
fn added_by_hand() -> Value {
    let mut user = twosms_user();
    user["DisplayName"] = json!("K. Lee");
    user["EmailAddress"] = json!("kim.lee@example.com");
    user["Username"] = json!("kim.lee");
    user
}

fn twosms_user() -> Value {
    json!({
        "ID": TWOSMS_ID,
        "AccountID": "5a1ca887-9ec4-4ae8-bf61-715056ea9e98",
        "DateCreated": "2024-03-28T08:12:49.3595132+00:00",
        "DateModified": "2024-03-28T08:12:49.3595132+00:00",
        "DisplayName": "Nobody yet",
        "EmailAddress": "nobody@example.com",
        "Enabled": false,
        "LanguageID": "c2fd9942-2548-483b-875c-a724b208dcaa",
        "MobilePhone": "+1 555 0000",
        "TimeZone": "UTC",
        "Username": "nobody",
    })
}

async fn vbasoftware(full: bool) -> Result<Emulated, Box<dyn Error>> {
    let server = testing::vbasoftware::start().await?;
    let mut flags = testing::vbasoftware::flags();
    flags.account_locked.set(false);
    let directory =
        adapter::vbasoftware::connect(server.settings().defaults(if full { flags } else { Default::default() })).await?;
    server.forget();
    let server = Running(server, |vendor| vendor.expire(), |_| ());
    Ok(Emulated { directory: Box::new(directory), id: None, base: None, server: Box::new(server) })
}

/// The name by which a directory knows a user.
pub(crate) fn id_of(user: &dyn User) -> String {
    user.id().map(|id| id.into_owned()).unwrap_or_default()
}
