//! From an instance of the configuration to a directory. This is the one place of the crate that knows vendors, a module each.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use vendor_users::capabilities::{Capabilities, Documented};
use vendor_users::client_core::{BoxFuture, Extra, Secret};
use vendor_users::record::Record;
use vendor_users::{Attribute, Directory, Error};

#[cfg(feature = "billingplatform")]
mod billingplatform;
#[cfg(feature = "superoffice")]
mod superoffice;
#[cfg(feature = "twosms")]
mod twosms;
#[cfg(feature = "vbasoftware")]
mod vbasoftware;

/// The vendors that can be connected, as far as they are compiled in.
pub(crate) static VENDORS: &[&Vendor] = &[
    #[cfg(feature = "billingplatform")]
    &billingplatform::VENDOR,
    #[cfg(feature = "superoffice")]
    &superoffice::VENDOR,
    #[cfg(feature = "twosms")]
    &twosms::VENDOR,
    #[cfg(feature = "vbasoftware")]
    &vbasoftware::VENDOR,
];

/// What connecting to a vendor takes.
pub(crate) struct Vendor {
    /// Its name and title, and what it documents.
    pub(crate) documented: &'static Documented,
    /// Its settings.
    pub(crate) settings: &'static [Setting],
    /// Whether the address has to be given, with an example of one.
    pub(crate) base_url: Option<&'static str>,
    /// The setting by which two tenants at one address are told apart.
    pub(crate) tenant: Option<&'static str>,
    /// The setting that names the user that the tool itself signs in with.
    pub(crate) signs_in: Option<&'static str>,
    /// How the vendor's record tells that a user is an administrator, where its pages have that, as an expression over `record`.
    pub(crate) administrator: Option<&'static str>,
    /// What new users need beside their attributes, as lines of `defaults`.
    pub(crate) defaults: &'static str,
    /// Attributes that installations call mandatory beside the vendor's documents, as lines of `scim`.
    pub(crate) scim: &'static str,
    /// Checks the settings; nothing is sent before the future is awaited.
    pub(crate) prepare: fn(Given) -> Result<Ready, String>,
    /// Starts an emulator.
    #[cfg(feature = "demo")]
    pub(crate) emulate: fn() -> BoxFuture<'static, std::io::Result<Emulated>>,
}

impl Vendor {
    /// The vendor's machine name.
    pub(crate) const fn name(&self) -> &'static str {
        self.documented.vendor
    }

    /// The vendor of this name, or what to do where it is not there.
    pub(crate) fn named(name: &str) -> Result<&'static Self, String> {
        let known = || VENDORS.iter().map(|vendor| vendor.name()).collect::<Vec<_>>().join(", ");
        let found = VENDORS.iter().copied().find(|vendor| vendor.name() == name);
        found.ok_or_else(|| format!("there is no vendor `{name}` here; vendors are {}", known()))
    }
}

/// A setting of a vendor.
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) is_secret: bool,
    pub(crate) is_required: bool,
    /// Whether most have it, so that a new configuration begins with it.
    pub(crate) is_usual: bool,
    /// The words that it may be, the first of which counts where it is not given; any text where there are none.
    pub(crate) words: &'static [&'static str],
}

impl Setting {
    const fn plain(name: &'static str, about: &'static str) -> Self {
        Self { name, about, is_secret: false, is_required: true, is_usual: true, words: &[] }
    }

    const fn secret(name: &'static str, about: &'static str) -> Self {
        Self { name, about, is_secret: true, is_required: true, is_usual: true, words: &[] }
    }

    /// One of a few words.
    #[cfg(feature = "billingplatform")]
    const fn word(name: &'static str, about: &'static str, words: &'static [&'static str]) -> Self {
        Self { name, about, is_secret: false, is_required: false, is_usual: false, words }
    }

    const fn optional(mut self) -> Self {
        self.is_required = false;
        self.is_usual = false;
        self
    }

    /// One of several ways, and the usual one.
    #[cfg(feature = "superoffice")]
    const fn usual(mut self) -> Self {
        self.is_required = false;
        self
    }
}

/// What the configuration gives for an instance.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) instance: String,
    pub(crate) base_url: Option<String>,
    pub(crate) settings: BTreeMap<String, Secret>,
    pub(crate) defaults: Map<String, Json>,
    pub(crate) accept_weak: Vec<String>,
    pub(crate) write_explicitly: Vec<Attribute>,
    pub(crate) paced: bool,
}

impl Given {
    /// A setting that was checked to be there.
    fn required(&self, name: &str) -> Result<Secret, String> {
        self.settings.get(name).cloned().ok_or_else(|| format!("the setting `{name}` is missing"))
    }

    fn optional(&self, name: &str) -> Option<Secret> {
        self.settings.get(name).cloned()
    }

    fn url(&self) -> Result<String, String> {
        self.base_url.clone().ok_or_else(|| "`base_url` is missing: this vendor has an address for each customer".to_owned())
    }

    /// The defaults for new users as the vendor's record. Names that the vendor does not document are refused, and so are
    /// credentials.
    fn defaults<R: Record>(&self, unknown: fn(&R) -> &Extra) -> Result<R, String> {
        if R::SHAPE.without_secrets(self.defaults.clone()) != self.defaults {
            return Err("`defaults` holds a credential; joiners get theirs by `password`".to_owned());
        }
        let record: R = serde_json::from_value(Json::Object(self.defaults.clone()))
            .map_err(|error| format!("`defaults` does not fit the vendor's users: {error}"))?;
        let unknown: Vec<String> = unknown(&record).iter().map(|(name, _)| format!("`{name}`")).collect();
        if unknown.is_empty() {
            return Ok(record);
        }
        Err(format!("`defaults` has {}, which the vendor does not document for its {}", unknown.join(", "), R::SHAPE.schema))
    }
}

/// What is ready to be connected.
pub(crate) struct Ready {
    pub(crate) capabilities: Capabilities,
    pub(crate) connect: BoxFuture<'static, Result<Box<dyn Directory>, Error>>,
}

impl Ready {
    /// What is connected by a future that sends nothing before it is awaited.
    fn new<D: Directory + 'static>(
        capabilities: Capabilities,
        connect: impl Future<Output = Result<D, Error>> + Send + 'static,
    ) -> Self {
        let connect = async move { Ok::<Box<dyn Directory>, Error>(Box::new(connect.await?)) };
        Self { capabilities, connect: Box::pin(connect) }
    }
}

/// A running emulator, and how it is configured.
#[cfg(feature = "demo")]
pub(crate) struct Emulated {
    pub(crate) base_url: String,
    pub(crate) settings: Vec<(&'static str, &'static str)>,
    /// Runs as long as this is kept.
    pub(crate) running: Box<dyn std::any::Any + Send>,
}
