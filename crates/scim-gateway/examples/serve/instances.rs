//! A directory in memory, and one of each vendor on its emulator.

use std::error::Error;
use std::sync::Arc;

use serde_json::json;
use vendor_users::testing::{self, Emulator, Fault, Vendor, memory::Memory};
use vendor_users::{Directory, adapter, billingplatform, superoffice};

/// A directory to be served, and what stands behind it.
pub(crate) struct Instance {
    /// Its name below `/v/`.
    pub(crate) name: &'static str,
    /// The directory.
    pub(crate) directory: Arc<dyn Directory>,
    /// Whether values can be cleared there; where the vendor documents no null, removing one is refused.
    pub(crate) clears: bool,
    /// The emulator, which ends with this; nothing for the directory in memory.
    pub(crate) behind: Option<Box<dyn Behind>>,
}

/// An emulator of whatever vendor.
pub(crate) trait Behind: Send + Sync {
    /// Lets a fault happen.
    fn inject(&self, fault: Fault);
    /// Ends all faults.
    fn heal(&self);
}

impl<V: Vendor> Behind for Emulator<V> {
    fn inject(&self, fault: Fault) {
        Self::inject(self, fault);
    }

    fn heal(&self) {
        Self::heal(self);
    }
}

fn instance(name: &'static str, directory: impl Directory + 'static, behind: impl Behind + 'static) -> Instance {
    Instance { name, directory: Arc::new(directory), clears: true, behind: Some(Box::new(behind)) }
}

/// All of them.
pub(crate) async fn all() -> Result<Vec<Instance>, Box<dyn Error>> {
    let memory = Instance { name: "memory", directory: Arc::new(Memory::new("memory")), clears: true, behind: None };
    Ok(vec![memory, vbasoftware().await?, superoffice().await?, twosms().await?, billingplatform().await?])
}

/// VBA Software, without users.
pub(crate) async fn vbasoftware() -> Result<Instance, Box<dyn Error>> {
    let emulator = testing::vbasoftware::start().await?;
    let settings = emulator.settings().defaults(testing::vbasoftware::flags());
    Ok(instance("vbasoftware", adapter::vbasoftware::connect(settings).await?, emulator))
}

/// SuperOffice on site, without users.
pub(crate) async fn superoffice() -> Result<Instance, Box<dyn Error>> {
    let emulator = testing::superoffice::start().await?;
    let mut defaults = superoffice::types::User::default();
    defaults.rank.set(1);
    let settings = emulator.settings().defaults(defaults);
    Ok(Instance { clears: false, ..instance("superoffice", adapter::superoffice::connect(settings).await?, emulator) })
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
    Ok(instance("twosms", adapter::twosms::connect(emulator.settings()).await?, emulator))
}

/// BillingPlatform, without users.
pub(crate) async fn billingplatform() -> Result<Instance, Box<dyn Error>> {
    let emulator = testing::billingplatform::start().await?;
    let mut defaults = billingplatform::types::ApplicationUser::default();
    defaults.role_id.set(1);
    defaults.language_code.set(1);
    defaults.time_zone_id.set(12);
    let settings = emulator.settings().defaults(defaults);
    Ok(instance("billingplatform", adapter::billingplatform::connect(settings).await?, emulator))
}
