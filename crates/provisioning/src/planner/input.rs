//! What a plan is made from.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::Account;
use super::rules::Rules;
use super::wishes::Wishes;
use crate::store::{Kind, Link};

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
