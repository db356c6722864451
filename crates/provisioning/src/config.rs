//! The configuration: instances, their rules and mappings.
//!
//! Takes the text of a `vendor-users.toml` and gives [`Config`], or every error in it at its place. Reads no file, no
//! environment and no credential: those are named here and fetched by whoever connects. Knows no vendor.

mod instance;
mod read;
mod secret;
mod serve;
mod table;

use std::collections::BTreeMap;

use jiff::Timestamp;
use vendor_users::Attribute;

pub use crate::place::Misplaced;
pub use instance::{Adopt, Authority, InstanceConfig, Leavers, Limit, Mapping, ScimConfig, ScimDelete};
pub use secret::SecretSource;
pub use serve::ServeConfig;

/// Where links and runs are kept.
#[derive(Clone, Debug, PartialEq)]
pub enum StoreConfig {
    /// A file of SQLite; a relative path is beside the configuration.
    Sqlite(String),
    /// A PostgreSQL database, by its URL.
    Postgres(SecretSource),
}

/// How the file of people is read.
#[derive(Clone, Debug, PartialEq)]
pub struct PeopleConfig {
    /// The column with the stable key.
    pub key: String,
    /// The delimiter; where none is given, it is found from the header.
    pub delimiter: Option<u8>,
    /// Whether the last row may end without a line end.
    pub final_line_end_is_optional: bool,
    /// Whether the file claims to be everybody in scope.
    pub complete: bool,
}

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The store.
    pub store: StoreConfig,
    /// The file that the audit log is written to as JSON lines, beside the store.
    pub audit: Option<String>,
    /// The file of people.
    pub people: PeopleConfig,
    /// The command that is run where a limit stops an instance.
    pub notify: Vec<String>,
    /// The SCIM gateway.
    pub serve: ServeConfig,
    /// Hours after which a saved plan is refused.
    pub plan_age_hours: u64,
    /// The instances, by name.
    pub instances: BTreeMap<String, InstanceConfig>,
    /// Digest of the text, so that a saved plan knows its configuration.
    pub digest: String,
}

impl Config {
    /// Reads a configuration. `file` is how errors call it.
    ///
    /// # Errors
    ///
    /// All that is wrong in it, each error at its place.
    ///
    /// # Examples
    ///
    /// ```
    /// use provisioning::config::Config;
    ///
    /// let text = r#"
    /// [people]
    /// key = "number"
    /// [instances.claims]
    /// vendor = "vbasoftware"
    /// [instances.claims.map]
    /// user_name = "email | before('@') | ascii | cut(16)"
    /// "#;
    /// let config = Config::parse("vendor-users.toml", text).map_err(|errors| errors[0].clone())?;
    /// assert_eq!(config.instances["claims"].vendor, "vbasoftware");
    ///
    /// let errors = Config::parse("vendor-users.toml", &text.replace("cut", "truncate")).expect_err("no such filter");
    /// assert!(errors[0].to_string().starts_with("vendor-users.toml:7:13: "), "{}", errors[0]);
    /// # Ok::<(), provisioning::config::Misplaced>(())
    /// ```
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Misplaced>> {
        read::config(file, text)
    }

    /// Returns the attributes that a mapping may set: all but those that the vendor assigns.
    #[must_use]
    pub fn mappable() -> Vec<Attribute> {
        Attribute::ALL.iter().copied().filter(|attribute| !attribute.is_assigned()).collect()
    }
}

/// Returns the day of a time, as mappings compare it.
#[must_use]
pub fn day(now: Timestamp) -> String {
    now.to_zoned_datetime(jiff::tz::TimeZone::UTC).date().to_string()
}
