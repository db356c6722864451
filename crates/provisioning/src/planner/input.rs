//! What a plan is made from.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vendor_users::attribute::Value;
use vendor_users::{Attribute, Capabilities, User, Verb};

use super::wishes::Wishes;
use crate::config::{Authority, InstanceConfig};
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

/// The value that an attribute is wished to have.
#[derive(Clone, Debug, PartialEq)]
pub struct WishValue {
    /// The value; `None` clears.
    pub value: Option<Value<'static>>,
    /// Whose word counts later.
    pub authority: Authority,
}

/// What one person is wished to be at an instance. Attributes that are not mentioned are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// The stable key.
    pub key: String,
    /// The line of the row.
    pub line: u64,
    /// Whether the person belongs here at all.
    pub in_scope: bool,
    /// Whether the person is active; `None` keeps.
    pub active: Option<bool>,
    /// The attributes.
    pub values: BTreeMap<Attribute, WishValue>,
}

impl Wish {
    /// The text that an attribute is wished to have.
    #[must_use]
    pub fn text(&self, attribute: Attribute) -> Option<String> {
        self.values.get(&attribute)?.value.as_ref().map(ToString::to_string)
    }
}

/// How many writes of each kind were done in the seven days before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent(pub BTreeMap<Kind, u64>);

/// The rules of an instance: its configuration and what its vendor can do.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The instance, by name.
    pub instance: String,
    /// The configuration.
    pub config: InstanceConfig,
    /// Attributes that the vendor has a place for.
    pub carried: BTreeSet<Attribute>,
    /// Whether the user name is the vendor's identifier, so that it never changes.
    pub name_is_id: bool,
    /// The kinds of writes that the vendor documents, with what a person does by hand for each of the others.
    pub by_hand: BTreeMap<Kind, String>,
    /// Patterns beside those of the configuration, such as the account that the tool signs in with.
    pub own_accounts: Vec<String>,
}

impl Rules {
    /// The rules of an instance with these capabilities.
    #[must_use]
    pub fn new(config: &InstanceConfig, capabilities: &Capabilities) -> Self {
        let all = Attribute::ALL.iter().copied();
        let kinds = [
            (Kind::Create, Verb::Create),
            (Kind::Update, Verb::Update),
            (Kind::Disable, Verb::Deactivate),
            (Kind::Enable, Verb::Activate),
            (Kind::Delete, Verb::Delete),
        ];
        let missing = kinds.into_iter().filter(|(_, verb)| !capabilities.supports(*verb));
        let by_hand = missing.map(|(kind, verb)| {
            let error = vendor_users::Error::unsupported(capabilities, verb);
            let step = error.manual_step().map_or_else(|| error.to_string(), str::to_owned);
            (kind, step)
        });
        let id = capabilities.property(Attribute::Id);
        Self {
            instance: config.name.clone(),
            config: config.clone(),
            carried: all.filter(|attribute| capabilities.obstacle(*attribute).is_none()).collect(),
            name_is_id: id.is_some() && id == capabilities.property(Attribute::UserName),
            by_hand: by_hand.collect(),
            own_accounts: Vec::new(),
        }
    }

    /// Whether these names are of somebody who is never touched.
    #[must_use]
    pub fn protects(&self, names: &[Option<String>]) -> bool {
        let patterns = || self.config.protect.iter().chain(&self.own_accounts);
        names.iter().flatten().any(|name| patterns().any(|pattern| fits(pattern, name)))
    }
}

/// Whether a name fits a pattern, in which `*` is any text; case does not count.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.trim().to_lowercase(), name.trim().to_lowercase());
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut last = None;
    for part in parts {
        if let Some(part) = last.replace(part) {
            let Some((_, behind)) = rest.split_once(part) else { return false };
            rest = behind;
        }
    }
    last.map_or(rest.is_empty(), |last: &str| rest.ends_with(last))
}

/// All that a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The rules of the instance.
    pub rules: &'a Rules,
    /// What people are wished to be.
    pub wishes: &'a Wishes,
    /// The accounts that the vendor has: all of them.
    pub accounts: &'a [Account],
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
