//! Which account is whose.

use std::collections::{BTreeMap, BTreeSet};

use vendor_users::Attribute;

use super::account::Account;
use super::input::Input;
use super::plan::Step;
use super::wishes::Wish;
use crate::store::Link;

/// What a person's match came to.
#[derive(Clone, Debug)]
pub(super) enum Match<'a> {
    /// The link's account is there.
    Linked(&'a Link, &'a Account),
    /// There is a link, and its account is gone.
    Vanished(&'a Link),
    /// An account matches that nobody manages.
    Unmanaged(&'a Account, Attribute),
    /// Nobody has such an account.
    Nobody,
    /// Several accounts, or another person's.
    Conflict(String),
}

/// The accounts and links by what they are looked up by.
pub(super) struct Matched<'a> {
    pub(super) by_key: BTreeMap<&'a str, Match<'a>>,
}

/// The form in which the values of an attribute are compared.
pub(crate) fn folded(attribute: Attribute, text: &str) -> String {
    if attribute == Attribute::ExternalId { text.trim().to_owned() } else { text.trim().to_lowercase() }
}

/// The attributes that tell people apart, the match keys first.
fn keys(input: &Input<'_>) -> Vec<Attribute> {
    let mut keys = input.rules.config.match_keys.clone();
    let others = [Attribute::UserName, Attribute::Id].into_iter().filter(|key| input.rules.tells_apart(*key));
    others.for_each(|key| {
        if !keys.contains(&key) {
            keys.push(key)
        }
    });
    keys
}

pub(super) fn matched<'a>(input: &Input<'a>) -> Matched<'a> {
    let keys = keys(input);
    let by_id: BTreeMap<&str, &Account> = input.accounts.iter().map(|account| (account.id.as_str(), account)).collect();
    let mut by_value: BTreeMap<(Attribute, String), Vec<&Account>> = BTreeMap::new();
    for account in input.accounts {
        for &key in &keys {
            if let Some(text) = account.text(key) {
                by_value.entry((key, folded(key, &text))).or_default().push(account);
            }
        }
    }
    let links: BTreeMap<&str, &Link> = input.links.iter().filter_map(|link| Some((link.key.as_deref()?, link))).collect();
    let owners: BTreeMap<&str, &Link> = input.links.iter().filter_map(|link| Some((link.account.as_deref()?, link))).collect();
    let mut by_key: BTreeMap<&str, Match<'a>> = BTreeMap::new();
    for wish in &input.wishes.people {
        let link = links.get(wish.key.as_str()).copied();
        let account = link.and_then(|link| by_id.get(link.account.as_deref()?).copied());
        let found = match (link, account) {
            (Some(link), Some(account)) => linked(wish, link, account, &keys, &by_value),
            (link, _) => {
                let found = unlinked(wish, &keys, &by_value, &owners, input);
                match (link, found) {
                    (Some(link), Match::Nobody) => Match::Vanished(link),
                    (_, found) => found,
                }
            }
        };
        by_key.insert(&wish.key, found);
    }
    refuse_who_meet(input, &keys, &mut by_key);
    Matched { by_key }
}

/// A linked account stays the person's; what the person is to be called must not be somebody else's.
fn linked<'a>(
    wish: &Wish,
    link: &'a Link,
    account: &'a Account,
    keys: &[Attribute],
    by_value: &BTreeMap<(Attribute, String), Vec<&'a Account>>,
) -> Match<'a> {
    for &key in keys {
        let Some(text) = wish.text(key) else { continue };
        let others = by_value.get(&(key, folded(key, &text))).into_iter().flatten();
        if let Some(other) = others.clone().find(|other| other.id != account.id) {
            // Where the person has the value already, as two in a family may share an address, nothing is taken over.
            if account.text(key).is_none_or(|own| folded(key, &own) != folded(key, &text)) {
                let words =
                    format!("`{key}` \"{text}\" is account `{}`'s, and the person is linked to `{}`", other.id, account.id);
                return Match::Conflict(words);
            }
        }
    }
    Match::Linked(link, account)
}

/// The first key that finds an account decides; one that finds another account is a conflict.
fn unlinked<'a>(
    wish: &Wish,
    keys: &[Attribute],
    by_value: &BTreeMap<(Attribute, String), Vec<&'a Account>>,
    owners: &BTreeMap<&str, &'a Link>,
    input: &Input<'_>,
) -> Match<'a> {
    let mut found: Option<(&'a Account, Attribute)> = None;
    for &key in keys {
        let Some(text) = wish.text(key) else { continue };
        let candidates = by_value.get(&(key, folded(key, &text))).map(Vec::as_slice).unwrap_or_default();
        match (candidates, found) {
            ([], _) => {}
            ([one], None) => found = Some((one, key)),
            ([one], Some((other, _))) if one.id == other.id => {}
            ([one, ..], Some((other, by))) => {
                let words = format!("`{by}` finds account `{}`, `{key}` finds account `{}`", other.id, one.id);
                return Match::Conflict(words);
            }
            (several, None) => {
                let ids: Vec<String> = several.iter().map(|account| format!("`{}`", account.id)).collect();
                return Match::Conflict(format!("`{key}` \"{text}\" finds several accounts: {}", ids.join(", ")));
            }
        }
    }
    let Some((account, key)) = found else { return Match::Nobody };
    if key == Attribute::Id && !input.rules.config.match_keys.contains(&key) {
        let id = &account.id;
        return Match::Conflict(format!("the identifier `{id}` is that of an account which no match key finds"));
    }
    match owners.get(account.id.as_str()) {
        Some(owner) if owner.key.as_deref() != Some(wish.key.as_str()) => {
            let whose = owner.key.as_deref().map_or_else(|| format!("link {}", owner.id), |key| format!("person `{key}`"));
            Match::Conflict(format!("`{key}` finds account `{}`, which is managed for {whose}", account.id))
        }
        _ => Match::Unmanaged(account, key),
    }
}

/// People who would have the same user name or match key, or the same account, are refused together.
fn refuse_who_meet<'a>(input: &Input<'a>, keys: &[Attribute], by_key: &mut BTreeMap<&'a str, Match<'a>>) {
    let mut meeting: BTreeMap<String, Vec<&'a str>> = BTreeMap::new();
    for wish in input.wishes.people.iter().filter(|wish| wish.in_scope) {
        for &key in keys {
            if let Some(text) = wish.text(key) {
                meeting.entry(format!("`{key}` \"{}\"", folded(key, &text))).or_default().push(&wish.key);
            }
        }
        if let Some(Match::Unmanaged(account, _) | Match::Linked(_, account)) = by_key.get(wish.key.as_str()) {
            meeting.entry(format!("account `{}`", account.id)).or_default().push(&wish.key);
        }
    }
    for (what, people) in meeting.into_iter().filter(|(_, people)| people.len() > 1) {
        for &person in &people {
            let others: Vec<String> = people.iter().filter(|other| **other != person).map(|key| format!("`{key}`")).collect();
            let words = format!("{what} would be that of {} as well", others.join(", "));
            by_key.insert(person, Match::Conflict(words));
        }
    }
}

impl Matched<'_> {
    /// The accounts that nobody manages and nobody in the file matches.
    pub(super) fn unmanaged(&self, input: &Input<'_>, steps: &[Step]) -> Vec<String> {
        let mut known: BTreeSet<&str> = input.links.iter().filter_map(|link| link.account.as_deref()).collect();
        known.extend(steps.iter().filter_map(|step| step.account.as_deref()));
        let unmanaged = input.accounts.iter().filter(|account| !known.contains(account.id.as_str()));
        unmanaged.map(|account| account.id.clone()).collect()
    }
}
