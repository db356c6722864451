//! An account as plans look at it.

use std::collections::BTreeMap;

use vendor_users::attribute::Value;
use vendor_users::{Attribute, User};

use crate::config::InstanceConfig;
use crate::mapping::{Cells, Expression};

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
    /// Returns the account of a user as a directory gives it; `None` where it has no identifier.
    ///
    /// # Errors
    ///
    /// The rule for administrators cannot be applied to it.
    pub fn of(user: &dyn User, config: &InstanceConfig) -> Result<Option<Self>, String> {
        let Some(id) = user.id() else { return Ok(None) };
        let values = Attribute::ALL.iter().filter_map(|&attribute| Some((attribute, user.attribute(attribute)?.into_owned())));
        let told = config.administrator.as_ref().map_or(Ok(false), |rule| is_administrator(rule, user));
        let is_administrator = told.map_err(|words| format!("the rule for administrators, at account `{id}`: {words}"))?;
        Ok(Some(Self { id: id.clone().into_owned(), values: values.collect(), is_administrator }))
    }

    /// Returns the text of an attribute.
    #[must_use]
    pub fn text(&self, attribute: Attribute) -> Option<String> {
        self.values.get(&attribute).map(ToString::to_string)
    }

    /// Returns whether the account may log in; an account that does not say is taken for one that may.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.values.get(&Attribute::Active) != Some(&Value::Flag(false))
    }
}

/// Returns whether a rule says of the vendor's own record that the account is an administrator's. Secrets are not shown to it.
///
/// # Errors
///
/// The rule cannot be applied to the record.
pub fn is_administrator(rule: &Expression, user: &dyn User) -> Result<bool, String> {
    let record = user.record().map(|(shape, members)| serde_json::Value::Object(shape.without_secrets(members)));
    Ok(rule.holds(&Cells::of_record(record.unwrap_or_default()))?.unwrap_or(false))
}
