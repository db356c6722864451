//! A directory in memory, and one of each vendor on its emulator.

use std::any::Any;
use std::error::Error;
use std::sync::Arc;

use provisioning::config::{Authority, Mapping};
use provisioning::mapping::Expression;
use provisioning::place::Place;
use scim_gateway::InstanceSettings;
use serde_json::json;
use vendor_users::testing::{self, memory::Memory};
use vendor_users::{Attribute, Directory, adapter, billingplatform, superoffice};

/// A directory to be served.
pub(crate) struct Instance {
    /// Its name below `/v/`.
    pub(crate) name: &'static str,
    /// The directory.
    pub(crate) directory: Arc<dyn Directory>,
    /// What its vendor demands of users, beside what its documents say.
    pub(crate) required: &'static [Attribute],
    /// What is made of what identity providers send.
    map: Vec<(Attribute, Mapping)>,
    /// What it talks to, which ends with this.
    _behind: Box<dyn Any + Send + Sync>,
}

impl Instance {
    /// A directory that talks to `behind`.
    pub(crate) fn new(name: &'static str, directory: Arc<dyn Directory>, behind: impl Any + Send + Sync) -> Self {
        Self { name, directory, required: &[], map: Vec::new(), _behind: Box::new(behind) }
    }

    /// Settings with what the vendor demands.
    pub(crate) fn settings(&self, settings: InstanceSettings) -> InstanceSettings {
        settings.required(self.required.iter().copied()).map(self.map.iter().cloned())
    }
}

/// All of them.
pub(crate) async fn all() -> Result<Vec<Instance>, Box<dyn Error>> {
    let memory = Instance::new("memory", Arc::new(Memory::new("memory")), ());
    Ok(vec![memory, vbasoftware().await?, superoffice().await?, twosms().await?, billingplatform().await?])
}

/// VBA Software, without users.
pub(crate) async fn vbasoftware() -> Result<Instance, Box<dyn Error>> {
    let emulator = testing::vbasoftware::start().await?;
    let settings = emulator.settings().defaults(testing::vbasoftware::flags());
    Ok(Instance::new("vbasoftware", Arc::new(adapter::vbasoftware::connect(settings).await?), emulator))
}

/// SuperOffice on site, without users.
pub(crate) async fn superoffice() -> Result<Instance, Box<dyn Error>> {
    let emulator = testing::superoffice::start().await?;
    let mut defaults = superoffice::types::User::default();
    defaults.rank.set(1);
    let settings = emulator.settings().defaults(defaults);
    let instance = Instance::new("superoffice", Arc::new(adapter::superoffice::connect(settings).await?), emulator);
    // An installation says by itself which members are mandatory; the emulator's are these.
    Ok(Instance { required: &[Attribute::FamilyName], ..instance })
}

/// 2sms, with two users, since no page says how they are created.
pub(crate) async fn twosms() -> Result<Instance, Box<dyn Error>> {
    let emulator = testing::twosms::start().await?;
    let people = [("a2d8b2d2-1673-4f2d-a9ec-b02947160be7", "kim.lee"), ("f4e9a1c0-5d2f-4c8b-9a53-0c4b6e0a7d11", "sam.roe")];
    for (id, name) in people {
        let user = json!({
            "ID": id, "Username": name, "DisplayName": name, "EmailAddress": format!("{name}@example.com"), "Enabled": true,
            "MobilePhone": "+1 555 0100", "TimeZone": "UTC", "LanguageID": "c2fd9942-2548-483b-875c-a724b208dcaa",
            "AccountID": "5a1ca887-9ec4-4ae8-bf61-715056ea9e98", "DateCreated": "2024-03-28T08:12:49.3595132+00:00",
            "DateModified": "2024-03-28T08:12:49.3595132+00:00",
        });
        emulator.with(|vendor| vendor.users.put(user));
    }
    Ok(Instance::new("twosms", Arc::new(adapter::twosms::connect(emulator.settings()).await?), emulator))
}

/// BillingPlatform, without users.
pub(crate) async fn billingplatform() -> Result<Instance, Box<dyn Error>> {
    let emulator = testing::billingplatform::start().await?;
    let mut defaults = billingplatform::types::ApplicationUser::default();
    defaults.role_id.set(1);
    defaults.language_code.set(1);
    defaults.time_zone_id.set(12);
    // What no page of the vendor says: its reads are those of other entities, and the words of `Status` are its settings'.
    let settings = emulator.settings().defaults(defaults).status_words("ACTIVE", "INACTIVE");
    let settings = settings.accept_weak(["get", "list", "find", "delete"]);
    let instance = Instance::new("billingplatform", Arc::new(adapter::billingplatform::connect(settings).await?), emulator);
    // The document demands the identifier of whoever creates a user.
    let expression = Expression::compile("user_name", Place::default())?;
    Ok(Instance { map: vec![(Attribute::Id, Mapping { expression, authority: Authority::Create })], ..instance })
}
