//! The link between a person and an account.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use vendor_users::{Attribute, Taken};

/// How an account became managed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// We created it.
    Created,
    /// It was there, and a person was matched to it.
    Adopted,
}

/// A person's link to an account at an instance.
///
/// ```
/// use provisioning::store::{Link, Origin};
/// use provisioning::jiff::Timestamp;
///
/// let mut link = Link::new("claims", Origin::Created, Timestamp::UNIX_EPOCH)?;
/// link.key = Some("4711".to_owned());
/// link.account = Some("kim.lee".to_owned());
/// link.external_ids.insert("okta".to_owned(), "00u1".to_owned());
/// # Ok::<(), provisioning::store::StoreError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Link {
    /// Identifier of the link: opaque, never used again.
    pub id: String,
    /// The instance, by name.
    pub instance: String,
    /// Stable key of the person, such as an employee number.
    pub key: Option<String>,
    /// The vendor's identifier of the account; `None` before it is known.
    pub account: Option<String>,
    /// The user name that was sent to us, before any mapping; case does not count where two are compared.
    pub user_name: Option<String>,
    /// What each client of ours calls the person; case counts.
    pub external_ids: BTreeMap<String, String>,
    /// How the account became managed.
    pub origin: Origin,
    /// What we wrote last, by attribute. Never a secret.
    pub written: BTreeMap<Attribute, Json>,
    /// What was sent to us and the vendor has no place for, to be given back.
    pub sent: Json,
    /// Since when the account is disabled, where it was us who did it.
    pub disabled: Option<Timestamp>,
    /// What must be given back when the account is enabled, such as licences.
    pub to_restore: Vec<Taken>,
    /// Whether the last removal of access could not be verified, so that the next run looks again.
    pub unverified: bool,
    /// Since when the link has ended; such a link is a tombstone.
    pub ended: Option<Timestamp>,
    /// When the link was made.
    pub created: Timestamp,
    /// When the link was changed last.
    pub modified: Timestamp,
    /// Counts the changes; the store raises it. 0 where the link is not stored yet.
    pub version: u64,
}

impl Link {
    /// Returns a link with an identifier of its own and nothing else. Its times are in whole microseconds, as stores keep them.
    ///
    /// # Errors
    ///
    /// The system has no random source.
    pub fn new(instance: impl Into<String>, origin: Origin, now: Timestamp) -> Result<Self, super::StoreError> {
        let now = Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now);
        Ok(Self {
            id: super::new_id()?,
            instance: instance.into(),
            key: None,
            account: None,
            user_name: None,
            external_ids: BTreeMap::new(),
            origin,
            written: BTreeMap::new(),
            sent: Json::Null,
            disabled: None,
            to_restore: Vec::new(),
            unverified: false,
            ended: None,
            created: now,
            modified: now,
            version: 0,
        })
    }
}

/// What to look for among the links of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LinkBy<'a> {
    /// The stable key of the person; case counts.
    Key(&'a str),
    /// The vendor's identifier of the account.
    Account(&'a str),
    /// The user name that was sent; case does not count.
    UserName(&'a str),
    /// What a client calls the person; case counts.
    ExternalId {
        /// The client.
        client: &'a str,
        /// What it calls the person.
        value: &'a str,
    },
}

/// The form in which user names are compared.
pub(crate) fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}
