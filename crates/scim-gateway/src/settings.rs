//! What can be set for a gateway and for each instance of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use provisioning::config::Mapping;
use provisioning::mapping::Expression;
use vendor_users::{Attribute, Capabilities};

use crate::protocol::filter::FilterLimits;

/// What DELETE does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnDelete {
    /// Switches the account off and leaves a tombstone: the user is gone here, the account stays at the vendor.
    #[default]
    Deactivate,
    /// Removes the account at the vendor.
    Delete,
}

/// Whether accounts that are at the vendor already may be changed by an identity provider that finds them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Adopt {
    /// Yes: whoever writes to a user that it found adopts its account, which the audit log says.
    Matching,
    /// No: they can be read, and a write is refused.
    #[default]
    Nothing,
}

/// Called with words for people when a limit stops something.
pub type Notify = Arc<dyn Fn(&str) + Send + Sync>;

/// Settings of one instance.
#[derive(Clone)]
#[non_exhaustive]
pub struct InstanceSettings {
    /// What DELETE does.
    pub on_delete: OnDelete,
    /// Whether accounts that are there already may be changed.
    pub adopt: Adopt,
    /// How many users may be deactivated or deleted in an hour; `None` for any number.
    pub max_deactivations_per_hour: Option<u64>,
    /// User names, identifiers and email addresses of accounts that are never changed; `*` stands for any text.
    pub protect: Vec<String>,
    /// Whether a user that reads as inactive, and that was not switched off from here, is unlocked by who sets it active, where
    /// the vendor has one word for both.
    pub unlock: bool,
    /// How an administrator is told by the vendor's own record; administrators are never changed.
    pub administrator: Option<Expression>,
    /// How attributes are made of what identity providers send, which expressions see by the names of attributes.
    pub map: BTreeMap<Attribute, Mapping>,
    /// Attributes without which the vendor has no user here, beside those that its documents demand: what is mandatory may be
    /// the choice of an installation.
    pub required: BTreeSet<Attribute>,
    /// Told when a limit stops something.
    pub notify: Option<Notify>,
}

impl Default for InstanceSettings {
    fn default() -> Self {
        Self {
            on_delete: OnDelete::default(),
            adopt: Adopt::default(),
            max_deactivations_per_hour: Some(50),
            protect: Vec::new(),
            unlock: false,
            administrator: None,
            map: BTreeMap::new(),
            required: BTreeSet::new(),
            notify: None,
        }
    }
}

impl fmt::Debug for InstanceSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all = f.debug_struct("InstanceSettings");
        all.field("on_delete", &self.on_delete)
            .field("adopt", &self.adopt)
            .field("protect", &self.protect)
            .field("map", &self.map)
            .finish_non_exhaustive()
    }
}

impl InstanceSettings {
    /// Sets what DELETE does.
    #[must_use]
    pub fn on_delete(mut self, on_delete: OnDelete) -> Self {
        self.on_delete = on_delete;
        self
    }

    /// Sets whether accounts that are there already may be changed.
    #[must_use]
    pub fn adopt(mut self, adopt: Adopt) -> Self {
        self.adopt = adopt;
        self
    }

    /// Sets how many users may be deactivated or deleted in an hour.
    #[must_use]
    pub fn max_deactivations_per_hour(mut self, limit: Option<u64>) -> Self {
        self.max_deactivations_per_hour = limit;
        self
    }

    /// Protects accounts whose user name, identifier or email address is such as a pattern says.
    #[must_use]
    pub fn protect<P: Into<String>>(mut self, patterns: impl IntoIterator<Item = P>) -> Self {
        self.protect.extend(patterns.into_iter().map(Into::into));
        self
    }

    /// Sets whether users are unlocked that were not switched off from here.
    #[must_use]
    pub fn unlock(mut self, unlock: bool) -> Self {
        self.unlock = unlock;
        self
    }

    /// Sets how an administrator is told by the vendor's own record, as `record`; administrators are never changed.
    #[must_use]
    pub fn administrator(mut self, administrator: Expression) -> Self {
        self.administrator = Some(administrator);
        self
    }

    /// Sets how attributes are made of what identity providers send.
    ///
    /// ```
    /// use provisioning::config::{Authority, Mapping};
    /// use provisioning::mapping::Expression;
    /// use provisioning::place::Place;
    /// use scim_gateway::InstanceSettings;
    /// use vendor_users::Attribute;
    ///
    /// let expression = Expression::compile("user_name | before('@') | cut(16)", Place::default())?;
    /// let name = Mapping { expression, authority: Authority::Always };
    /// let settings = InstanceSettings::default().map([(Attribute::UserName, name)]);
    /// assert!(settings.unknown_columns().is_empty());
    /// # Ok::<(), String>(())
    /// ```
    #[must_use]
    pub fn map(mut self, map: impl IntoIterator<Item = (Attribute, Mapping)>) -> Self {
        self.map.extend(map);
        self
    }

    /// Returns what the mappings look at and identity providers do not send: such a mapping can never give a value.
    #[must_use]
    pub fn unknown_columns(&self) -> Vec<(Attribute, String)> {
        let is_known = |column: &str| column.parse::<Attribute>().is_ok();
        let unknown = self.map.iter().flat_map(|(attribute, mapping)| {
            let columns = mapping.expression.columns().iter().filter(|column| !is_known(column));
            columns.map(|column| (*attribute, column.clone()))
        });
        unknown.collect()
    }

    /// Adds attributes without which the vendor has no user here.
    #[must_use]
    pub fn required(mut self, attributes: impl IntoIterator<Item = Attribute>) -> Self {
        self.required.extend(attributes);
        self
    }

    /// Whether no user is without `attribute`.
    pub(crate) fn demands(&self, capabilities: &Capabilities, attribute: Attribute) -> bool {
        attribute == Attribute::UserName || capabilities.constraints(attribute).required || self.required.contains(&attribute)
    }

    /// Sets who is told when a limit stops something.
    #[must_use]
    pub fn notify(mut self, notify: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.notify = Some(Arc::new(notify));
        self
    }

    /// Whether an account with this name is protected.
    pub(crate) fn protects(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.protect.iter().any(|pattern| fits(&pattern.to_lowercase(), &name))
    }
}

/// Whether `text` is such as `pattern` says, where `*` stands for any text.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let middle: Vec<&str> = parts.collect();
    let Some((last, middle)) = middle.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

/// Limits of the gateway as a whole.
///
/// ```
/// let limits = scim_gateway::Limits::default().deadline(std::time::Duration::from_secs(20)).page(100);
/// assert_eq!(limits.body, 1 << 20);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a request's body.
    pub body: usize,
    /// Bytes of a request's path and query.
    pub uri: usize,
    /// Filters and paths.
    pub filter: FilterLimits,
    /// Operations of a PATCH request.
    pub operations: usize,
    /// Users in a page of a list.
    pub page: usize,
    /// Requests at the same time; more are told to come later.
    pub concurrency: usize,
    /// How long a request may take.
    pub deadline: Duration,
    /// How long the list of a walk is kept.
    pub snapshot: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1 << 20,
            uri: 16 << 10,
            filter: FilterLimits::default(),
            operations: 200,
            page: 200,
            concurrency: 256,
            deadline: Duration::from_secs(60),
            snapshot: Duration::from_secs(300),
        }
    }
}

impl Limits {
    /// Sets how many bytes a request's body has at most.
    #[must_use]
    pub fn body(mut self, bytes: usize) -> Self {
        self.body = bytes;
        self
    }

    /// Sets how many users a page of a list has at most.
    #[must_use]
    pub fn page(mut self, users: usize) -> Self {
        self.page = users;
        self
    }

    /// Sets how many requests are worked on at the same time.
    #[must_use]
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests;
        self
    }

    /// Sets how long a request may take. A write that takes longer is told to be sent again, and goes on.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets how long the list of a walk is kept.
    #[must_use]
    pub fn snapshot(mut self, kept: Duration) -> Self {
        self.snapshot = kept;
        self
    }

    /// Sets how many operations a PATCH request has at most.
    #[must_use]
    pub fn operations(mut self, operations: usize) -> Self {
        self.operations = operations;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_text() {
        let table = [
            ("admin", "admin", true),
            ("admin", "administrator", false),
            ("admin*", "administrator", true),
            ("*@example.com", "kim@example.com", true),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c", false),
            ("*", "", true),
        ];
        for (pattern, text, expected) in table {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }
}
