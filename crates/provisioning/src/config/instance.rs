//! What the configuration says about one instance.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use vendor_users::{Attribute, FirstCredential};

use super::secret::SecretSource;
use crate::mapping::Expression;
use crate::place::{Misplaced, Place};
use crate::store::Kind;

/// Whether accounts that match and are not managed become managed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adopt {
    /// Only when the command line asks for it.
    #[default]
    WhenAsked,
    /// Those that match.
    Matching,
}

/// What becomes of people who are absent from a complete file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leavers {
    /// They are listed.
    #[default]
    Report,
    /// Their accounts are disabled.
    Disable,
    /// Their accounts are disabled, and deleted later.
    Delete,
}

/// Whose word counts for an attribute of an account that exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Authority {
    /// The file's: drift is put right.
    #[default]
    Always,
    /// The vendor's: it is set when the account is created.
    Create,
}

/// How many writes of a kind are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// So many.
    Absolute(u64),
    /// This share of the managed active accounts, in hundredths of a percent; rounded down, to one at least.
    Share(u64),
}

impl Limit {
    /// The number that is allowed where so many accounts are managed and active.
    #[must_use]
    pub fn allowed(self, managed: u64) -> u64 {
        match self {
            Self::Absolute(number) => number,
            Self::Share(_) if managed == 0 => 0,
            Self::Share(hundredths) => (managed.saturating_mul(hundredths) / 10_000).max(u64::from(hundredths > 0)),
        }
    }
}

/// How the value of an attribute is made from a row.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The expression.
    pub expression: Expression,
    /// Whose word counts later.
    pub authority: Authority,
}

impl InstanceConfig {
    /// Returns the expressions that look at rows, with what they are called.
    pub fn expressions(&self) -> impl Iterator<Item = (String, &Expression)> {
        let own = [("include", &self.include), ("active", &self.active)];
        let own = own.into_iter().filter_map(|(name, expression)| Some((name.to_owned(), expression.as_ref()?)));
        own.chain(self.map.iter().map(|(attribute, mapping)| (attribute.name().to_owned(), &mapping.expression)))
    }

    /// Returns what is wrong with the expressions where a file of people has these columns, each error at its place in `file`.
    #[must_use]
    pub fn misses(&self, columns: &[Arc<str>], file: &str) -> Vec<Misplaced> {
        let known = || columns.iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(", ");
        let mut missing = Vec::new();
        for (name, expression) in self.expressions() {
            for column in expression.columns().iter().filter(|column| columns.iter().all(|known| **known != ***column)) {
                let words = format!(
                    "`{name}` looks at the column `{column}`, which the file of people does not have; it has {}",
                    known()
                );
                missing.push(Misplaced { file: file.to_owned(), place: expression.place(), words });
            }
        }
        missing
    }
}

/// What DELETE does with an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScimDelete {
    /// It is switched off, and left at the vendor.
    #[default]
    Deactivate,
    /// It is removed.
    Delete,
}

/// The gateway at one instance: `[instances.<name>.scim]`.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ScimConfig {
    /// What DELETE does.
    pub on_delete: ScimDelete,
    /// Users that may be deactivated or deleted in an hour; `None` where nothing is said.
    pub max_deactivations_per_hour: Option<u64>,
    /// Attributes without which the vendor has no user, beside those that its documents demand.
    pub required: BTreeSet<Attribute>,
    /// How attributes are made of what identity providers send, instead of the mappings of the instance.
    pub map: Option<BTreeMap<Attribute, Mapping>>,
}

/// What the configuration says about one instance.
#[derive(Clone, Debug)]
pub struct InstanceConfig {
    /// Its name.
    pub name: String,
    /// The vendor's machine name.
    pub vendor: String,
    /// Where the vendor is named, for errors of whoever connects.
    pub place: Place,
    /// The address, where it is not the vendor's own: an installation on site, or an emulator.
    pub base_url: Option<String>,
    /// Whether requests are paced by the vendor's documented limits.
    pub paced: bool,
    /// Logins and other settings, by name.
    pub settings: BTreeMap<String, SecretSource>,
    /// The vendor's own fields for users that are created, as JSON.
    pub defaults: serde_json::Map<String, serde_json::Value>,
    /// Attributes that say which account is whose, in order.
    pub match_keys: Vec<Attribute>,
    /// Whether accounts are adopted.
    pub adopt: Adopt,
    /// What becomes of leavers.
    pub leavers: Leavers,
    /// Seconds between disabling and deleting.
    pub delete_after: u64,
    /// The rows that belong here; all where it is not given.
    pub include: Option<Expression>,
    /// Patterns of identifiers, user names and email addresses that are never touched.
    pub protect: Vec<String>,
    /// Whether administrators are touched.
    pub administrators: bool,
    /// How an administrator is told by the vendor's own record, as `record`.
    pub administrator: Option<Expression>,
    /// Whether an account that is found inactive, and that we did not disable, is enabled.
    pub unlock: bool,
    /// Attributes whose empty cell clears.
    pub clear: BTreeSet<Attribute>,
    /// Whether the person is active here.
    pub active: Option<Expression>,
    /// How attributes are made.
    pub map: BTreeMap<Attribute, Mapping>,
    /// The SCIM gateway here.
    pub scim: ScimConfig,
    /// How many writes are allowed, by kind.
    pub limits: BTreeMap<Kind, Limit>,
    /// Whether accounts are created where nobody can look whether they are there.
    pub create_unseen: bool,
    /// How joiners get credentials.
    pub password: FirstCredential,
    /// Weak evidence that is accepted by name.
    pub accept_weak: Vec<String>,
    /// Attributes that do more than their name says and are written all the same.
    pub write_explicitly: Vec<Attribute>,
}
