//! An account as plans look at it.

use std::collections::BTreeMap;

use vendor_users::attribute::Value;
use vendor_users::{Attribute, User};

use crate::config::InstanceConfig;
use crate::mapping::Cells;

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
