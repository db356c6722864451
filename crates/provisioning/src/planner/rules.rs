//! The rules of one instance: its configuration, and what its vendor can do.

use std::collections::{BTreeMap, BTreeSet};

use vendor_users::{Attribute, Capabilities, Verb};

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
            carried: all.filter(|attribute| capabilities.obstacle(*attribute).is_none()).collect(),
            name_is_id: id.is_some() && id == capabilities.property(Attribute::UserName),
            by_hand: by_hand.collect(),
            own_accounts: Vec::new(),
        }
    }

    /// Whether an attribute tells people apart: the match keys, and always the user name.
    #[must_use]
    pub fn tells_apart(&self, attribute: Attribute) -> bool {
        attribute == Attribute::UserName || self.config.match_keys.contains(&attribute)
    }

    /// Why an account is never touched, if it is not.
    #[must_use]
    pub fn untouchable(&self, account: &Account) -> Option<&'static str> {
        let names = [Some(account.id.clone()), account.text(Attribute::UserName), account.text(Attribute::Email)];
        if self.protects(&names) {
            return Some("the account is protected");
        }
        let is_administrator = account.is_administrator && !self.config.administrators;
        is_administrator.then_some("the account is an administrator's, and `administrators` is not true")
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
