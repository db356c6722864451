//! Users of one instance: from requests in SCIM's words to verbs of the directory, with links, limits and the audit log.
//!
//! Takes parsed requests, returns resources. Knows no HTTP and no vendor.

mod create;
mod delete;
mod groups;
mod listing;
mod lookup;
mod pages;
mod turn;
mod write;

use turn::Turn;
pub(crate) use write::Change;

use std::fmt;
use std::sync::Arc;

use provisioning::Store;
use provisioning::jiff::Timestamp;
use provisioning::store::{AuditEntry, Kind, Request};
use serde_json::{Map, Value as Json};
use vendor_users::{Directory, Verb};

use crate::protocol::error::ScimError;
use crate::settings::{InstanceSettings, Limits};

/// A resource as it is sent.
pub(crate) type Resource = Map<String, Json>;

/// Who sends a request, and which one it is.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Name of the client, whose external identifiers these are.
    pub(crate) client: String,
    /// Identifier of the request.
    pub(crate) request: String,
}

/// What must hold of the resource before a request changes it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Preconditions {
    /// Entity tags of which one must be that of the resource.
    pub(crate) if_match: Option<String>,
}

impl Preconditions {
    /// Checks them against a resource.
    pub(crate) fn check(&self, resource: &Resource) -> Result<(), ScimError> {
        let Some(wanted) = &self.if_match else { return Ok(()) };
        if tag_matches(wanted, resource) {
            return Ok(());
        }
        Err(ScimError::new(412, "the user has changed since it was read; read it again and decide"))
    }
}

/// Whether one of the entity tags in a header is that of the resource.
pub(crate) fn tag_matches(header: &str, resource: &Resource) -> bool {
    let version = resource.get("meta").and_then(|meta| meta.get("version")).and_then(Json::as_str).unwrap_or_default();
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    header.split(',').any(|tag| tag.trim() == "*" || plain(tag) == plain(version))
}

/// The users of one instance.
pub(crate) struct Users {
    pub(crate) name: String,
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) settings: InstanceSettings,
    pub(crate) limits: Limits,
    pub(crate) holder: String,
}

impl fmt::Debug for Users {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Users").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Users {
    /// Whether the directory can do `verb`; the reason as 501 where it cannot.
    fn demand(&self, verb: Verb) -> Result<(), ScimError> {
        let capabilities = self.directory.capabilities();
        if capabilities.supports(verb) {
            return Ok(());
        }
        Err(crate::failure::of_directory(&vendor_users::Error::unsupported(capabilities, verb)))
    }

    /// Refuses what would be one deactivation or deletion too many, those that are under way and began earlier included.
    async fn within_limit(&self, turn: &Turn) -> Result<(), ScimError> {
        let Some(limit) = self.settings.max_deactivations_per_hour else { return Ok(()) };
        let failed = |error| crate::failure::of_store(&error);
        let hour = provisioning::jiff::SignedDuration::from_hours(1);
        let since = Timestamp::now().checked_sub(hour).unwrap_or(Timestamp::MIN);
        let counted = [Kind::Disable, Kind::Delete];
        // First those under way: one that is done between the two looks is then counted twice, not never.
        let under_way = self.store.unfinished(&self.name).await.map_err(failed)?;
        // What a process that is gone began long ago is none of them.
        let is_earlier = |other: &&Request| counted.contains(&other.kind) && other.begun >= since && turn.is_behind(other);
        let earlier = under_way.iter().filter(is_earlier);
        let mut done = u64::try_from(earlier.count()).unwrap_or(u64::MAX);
        for kind in counted {
            done += self.store.done_since(&self.name, kind, since).await.map_err(failed)?;
        }
        if done < limit {
            return Ok(());
        }
        let words = format!(
            "{}: {done} users were deactivated or deleted within an hour, and {limit} are allowed; nothing was done. Look whether \
             that is meant, and raise `max_deactivations_per_hour` if it is",
            self.directory.capabilities().instance()
        );
        metrics::counter!("scim_deactivations_refused_total", "instance" => self.name.clone()).increment(1);
        if let Some(notify) = &self.settings.notify {
            notify(&words);
        }
        Err(ScimError::new(503, words).retry_after(std::time::Duration::from_secs(600)))
    }

    /// Counts what a request has and nobody keeps.
    fn count_ignored(&self, names: &[String]) {
        for name in names {
            tracing::debug!(attribute = name.as_str(), "the vendor has no place for it");
            let labels = [("instance", self.name.clone()), ("attribute", name.clone())];
            metrics::counter!("scim_ignored_attributes_total", &labels).increment(1);
        }
    }

    /// A line of the audit log.
    fn audit(&self, caller: &Caller, person: &str, account: Option<&str>, action: &str, error: Option<&ScimError>) -> AuditEntry {
        AuditEntry {
            at: Timestamp::now(),
            actor: caller.client.clone(),
            run: None,
            instance: self.name.clone(),
            person: Some(person.to_owned()),
            account: account.map(str::to_owned),
            action: action.to_owned(),
            changes: Json::Null,
            outcome: if error.is_none() { "done" } else { "failed" }.to_owned(),
            error: error.map(|error| error.detail.clone()),
            request: Some(caller.request.clone()),
        }
    }
}
