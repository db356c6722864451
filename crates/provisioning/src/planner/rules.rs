//! The rules of one instance: its configuration, and what its vendor can do.

use std::collections::{BTreeMap, BTreeSet};

use vendor_users::attribute::Value;
use vendor_users::{Attribute, AttributeConstraints, Capabilities, DOCUMENTED, Verb};

use super::account::Account;
use crate::config::InstanceConfig;
use crate::store::Kind;

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
    /// What the vendor demands of the values of attributes.
    pub constraints: BTreeMap<Attribute, AttributeConstraints>,
    /// Attributes that a new user cannot be without and that `defaults` do not give, each with those that it is made of otherwise.
    pub demanded: BTreeMap<Attribute, Vec<Attribute>>,
    /// The kinds of writes that the vendor documents, with what a person does by hand for each of the others.
    pub by_hand: BTreeMap<Kind, String>,
    /// Patterns beside those of the configuration, such as the account that the tool signs in with.
    pub own_accounts: Vec<String>,
}

impl Rules {
    /// Returns the rules of an instance with these capabilities.
    #[must_use]
    pub fn new(config: &InstanceConfig, capabilities: &Capabilities) -> Self {
        let all = Attribute::ALL.iter().copied();
        let kinds = [
            (Kind::Create, Verb::Create),
            (Kind::Update, Verb::Update),
            (Kind::Disable, Verb::Deactivate),
            (Kind::Enable, Verb::Activate),
            (Kind::Delete, Verb::Delete),
            (Kind::ResetPassword, Verb::ResetPassword),
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
            constraints: all.clone().map(|attribute| (attribute, capabilities.constraints(attribute))).collect(),
            demanded: demanded(config, capabilities),
            carried: all.filter(|attribute| capabilities.obstacle(*attribute).is_none()).collect(),
            name_is_id: id.is_some() && id == capabilities.property(Attribute::UserName),
            by_hand: by_hand.collect(),
            own_accounts: Vec::new(),
        }
    }

    /// Returns whether an attribute tells people apart: the match keys, always the user name, and the identifier where it is
    /// mapped.
    #[must_use]
    pub fn tells_apart(&self, attribute: Attribute) -> bool {
        attribute == Attribute::UserName
            || self.config.match_keys.contains(&attribute)
            || (attribute == Attribute::Id && self.config.map.contains_key(&attribute))
    }

    /// Returns why the vendor would refuse that an attribute gets this value, if it would.
    #[must_use]
    pub fn refuses(&self, attribute: Attribute, value: Option<&Value<'_>>) -> Option<String> {
        let constraints = self.constraints.get(&attribute)?;
        let text = match value {
            Some(Value::Text(text)) => text,
            Some(Value::Flag(_)) => return None,
            None => return constraints.required.then(|| format!("`{attribute}` is required and cannot be cleared")),
        };
        let length = text.chars().count();
        if let Some(max) = constraints.max_length.filter(|max| length > *max) {
            let words =
                format!("`{attribute}` has {length} characters, and the vendor takes {max} at most; `cut({max})` shortens it");
            return Some(words);
        }
        let min = constraints.min_length;
        (length < min).then(|| format!("`{attribute}` has {length} characters, and the vendor wants {min} at least"))
    }

    /// The attributes that a new user cannot be without and does not have.
    pub(super) fn missing(&self, has: impl Fn(Attribute) -> bool) -> Vec<String> {
        let missing = self.demanded.iter().filter(|(attribute, parts)| !has(**attribute) && !parts.iter().any(|part| has(*part)));
        missing.map(|(attribute, _)| format!("`{attribute}`")).collect()
    }

    /// Returns why an account is never touched, if it is not.
    #[must_use]
    pub fn untouchable(&self, account: &Account) -> Option<&'static str> {
        let names = [Some(account.id.clone()), account.text(Attribute::UserName), account.text(Attribute::Email)];
        if self.protects(&names) {
            return Some("the account is protected");
        }
        let is_administrator = account.is_administrator && !self.config.administrators;
        is_administrator.then_some("the account is an administrator's, and `administrators` is not true")
    }

    /// Returns whether these names are of a person who is never touched.
    #[must_use]
    pub fn protects(&self, names: &[Option<String>]) -> bool {
        let patterns = || self.config.protect.iter().chain(&self.own_accounts);
        names.iter().flatten().any(|name| patterns().any(|pattern| fits(pattern, name)))
    }
}

/// What a new user cannot be without, beside what `defaults` give in the vendor's own words; each with what else gives it.
fn demanded(config: &InstanceConfig, capabilities: &Capabilities) -> BTreeMap<Attribute, Vec<Attribute>> {
    let (vendor, schema) = (capabilities.instance().vendor(), capabilities.schema());
    let documented = DOCUMENTED.iter().find(|documented| documented.vendor == vendor && documented.schema == schema);
    let others = |attribute: Attribute| {
        let composed = documented.iter().flat_map(|documented| documented.composed).filter(|(made, _)| *made == attribute);
        let property = capabilities.property(attribute);
        let same = Attribute::ALL.iter().filter(|other| **other != attribute && capabilities.property(**other) == property);
        composed.flat_map(|(_, parts)| *parts).chain(same).copied().collect()
    };
    let is_given =
        |attribute: &Attribute| capabilities.property(*attribute).is_some_and(|name| config.defaults.contains_key(name));
    let all = Attribute::ALL.iter().copied().filter(|attribute| capabilities.constraints(*attribute).required);
    all.filter(|attribute| !is_given(attribute)).map(|attribute| (attribute, others(attribute))).collect()
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
