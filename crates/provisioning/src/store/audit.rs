//! The audit log: who did what, where, and with which outcome.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// One line of the audit log. Secrets in it are masked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// On whose behalf: a user of the machine, or a client of the gateway.
    pub actor: String,
    /// The run that it belongs to, if any.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub run: Option<String>,
    /// The instance, by name.
    pub instance: String,
    /// Whom it is about: the key of the person, or the identifier of the link.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person: Option<String>,
    /// The vendor's identifier of the account.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account: Option<String>,
    /// What was done, such as `disable`.
    pub action: String,
    /// What changed: by attribute, what it was and what it became.
    #[serde(skip_serializing_if = "Json::is_null", default)]
    pub changes: Json,
    /// What became of it, such as `done` or `failed`.
    pub outcome: String,
    /// The error, where there was one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<String>,
    /// Identifier of the request, for the lines of other logs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request: Option<String>,
}

/// Which lines of the audit log are wanted; what is `None` does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// At this instance.
    pub instance: Option<String>,
    /// About this person.
    pub person: Option<String>,
    /// About this account.
    pub account: Option<String>,
    /// Of this run.
    pub run: Option<String>,
    /// Not before this time.
    pub since: Option<Timestamp>,
    /// The latest lines, at most so many.
    pub limit: Option<usize>,
    /// Whether `limit` takes the oldest lines instead, to read on from there.
    pub oldest_first: bool,
}
