//! What a plan is made from.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vendor_users::attribute::Value;
use vendor_users::{Attribute, User};

use super::rules::Rules;
use super::wishes::Wishes;
use crate::config::InstanceConfig;
use crate::mapping::Cells;
use crate::store::{Kind, Link};

/// What a vendor has, as far as a plan looks at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// The vendor's identifier.
    pub id: String,
    /// Its attributes that have a value.
    pub values: BTreeMap<Attribute, Value<'static>>,
    /// Whether the instance's rule says that it is an administrator's.
    pub is_administrator: bool,
}

impl Account {
    /// The account of a user as a directory gives it; `None` where it has no identifier.
    ///
    /// # Errors
    ///
    /// The rule for administrators cannot be applied to it.
    pub fn of(user: &dyn User, config: &InstanceConfig) -> Result<Option<Self>, String> {
        let Some(id) = user.id() else { return Ok(None) };
        let values = Attribute::ALL.iter().filter_map(|&attribute| Some((attribute, user.attribute(attribute)?.into_owned())));
        let record = user.record().map(|(shape, members)| shape.without_secrets(members));
        let is_administrator = match &config.administrator {
            Some(rule) => {
                let record = record.map(serde_json::Value::Object).unwrap_or_default();
                let holds = rule.holds(&Cells::of_record(record));
                holds.map_err(|words| format!("the rule for administrators, at account `{id}`: {words}"))?.unwrap_or(false)
            }
            None => false,
        };
        Ok(Some(Self { id: id.clone().into_owned(), values: values.collect(), is_administrator }))
    }

    /// The text of an attribute.
    #[must_use]
    pub fn text(&self, attribute: Attribute) -> Option<String> {
        self.values.get(&attribute).map(ToString::to_string)
    }

    /// Whether the account may log in; an account that does not say is taken for one that may.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.values.get(&Attribute::Active) != Some(&Value::Flag(false))
    }
}

/// How many writes of each kind were done in the seven days before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent(pub BTreeMap<Kind, u64>);

/// All that a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The rules of the instance.
    pub rules: &'a Rules,
    /// What people are wished to be.
    pub wishes: &'a Wishes,
    /// The accounts that the vendor has: all of them, or where it lists none, those that could be looked up.
    pub accounts: &'a [Account],
    /// People without a link of whom nobody can tell whether they have an account.
    pub unseen: &'a BTreeSet<String>,
    /// The links of the store that have not ended.
    pub links: &'a [Link],
    /// What was done lately.
    pub recent: &'a Recent,
    /// The time.
    pub now: Timestamp,
    /// Whether the file claims to be everybody in scope.
    pub complete: bool,
    /// Whether accounts that match are adopted.
    pub adopt: bool,
    /// Whether deleting was asked for.
    pub delete: bool,
    /// Whether the store is known to be whole: an adoption was confirmed here once.
    pub confirmed: bool,
    /// The one person who is looked at.
    pub only: Option<&'a str>,
}
