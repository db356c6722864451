//! One tenant of one vendor, with a name of its own. Knows no vendor.

use std::fmt;
use std::sync::Arc;

use client_core::serde_json::{Value as Json, json};

/// One tenant of one vendor. Capabilities, errors and spans carry it, so that two tenants of one vendor can be told apart.
///
/// ```
/// use vendor_users::Instance;
///
/// let instance = Instance::new("vbasoftware", "VBA Software");
/// assert_eq!(instance.to_string(), "VBA Software");
/// assert_eq!(instance.named("claims-test").to_string(), "VBA Software (claims-test)");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Instance(Arc<Parts>);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Parts {
    name: Option<String>,
    vendor: String,
    title: String,
    host: Option<String>,
}

impl Instance {
    /// Creates the only tenant of a vendor: from its machine name, such as that of a crate, and its name for people.
    #[must_use]
    pub fn new(vendor: impl Into<String>, title: impl Into<String>) -> Self {
        Self(Arc::new(Parts { name: None, vendor: vendor.into(), title: title.into(), host: None }))
    }

    /// Sets a name of its own.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        let mut parts = Arc::unwrap_or_clone(self.0);
        parts.name = Some(name.into());
        Self(Arc::new(parts))
    }

    /// Sets its address; only the host of a URL is kept.
    #[must_use]
    pub fn at(self, url: &str) -> Self {
        let mut parts = Arc::unwrap_or_clone(self.0);
        let after = url.split_once("://").map_or(url, |(_, rest)| rest);
        let authority = after.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        parts.host = Some(host.to_owned()).filter(|host| !host.is_empty());
        Self(Arc::new(parts))
    }

    /// Returns its name; the vendor's machine name where it has none of its own.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name.as_deref().unwrap_or(&self.0.vendor)
    }

    /// Returns the vendor's machine name.
    #[must_use]
    pub fn vendor(&self) -> &str {
        &self.0.vendor
    }

    /// Returns the vendor's name for people.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.0.title
    }

    /// Returns the host that it is at, as far as that is known.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.0.host.as_deref()
    }
}

impl Instance {
    pub(crate) fn to_json(&self) -> Json {
        let Parts { name, vendor, title, host } = &*self.0;
        json!({ "name": name, "vendor": vendor, "title": title, "host": host })
    }

    pub(crate) fn from_json(json: Option<&Json>) -> Option<Self> {
        let text = |name: &str| json?.get(name)?.as_str().map(str::to_owned);
        let (vendor, title) = (text("vendor")?, text("title")?);
        Some(Self(Arc::new(Parts { name: text("name"), vendor, title, host: text("host") })))
    }
}

impl fmt::Display for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.name {
            Some(name) => write!(f, "{} ({name})", self.0.title),
            None => f.write_str(&self.0.title),
        }
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all = f.debug_struct("Instance");
        all.field("name", &self.name()).field("vendor", &self.vendor()).field("host", &self.host()).finish()
    }
}
