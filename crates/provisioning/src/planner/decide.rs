//! What becomes of each person, once it is known which account is whose.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};
use vendor_users::Attribute;
use vendor_users::attribute::Value;

use super::account::Account;
use super::input::Input;
use super::matching::{Match, Matched, folded};
use super::plan::{Action, Step, ValueChange};
use super::wishes::Wish;
use crate::config::{Adopt, Authority, Leavers};
use crate::store::{Kind, Link, Origin};

/// A step for each person in the file, and for each row that cannot be read.
pub(super) fn people(input: &Input<'_>, matched: &Matched<'_>) -> Vec<Step> {
    let wanted = |key: &str| input.only.is_none_or(|only| only == key);
    let people = input.wishes.people.iter().filter(|wish| wish.in_scope && wanted(&wish.key));
    let mut steps: Vec<Step> = people.map(|wish| person(input, wish, matched.by_key.get(wish.key.as_str()))).collect();
    let errors = input.wishes.errors.iter().filter(|error| error.line > 0 && error.key.as_deref().is_none_or(wanted));
    let refused = errors.filter(|error| input.only.is_none() || error.key.is_some());
    steps.extend(refused.map(|error| {
        let mut step = blank(error.key.as_deref().unwrap_or_default(), Action::Refused, error.words.clone());
        step.line = Some(error.line);
        step
    }));
    steps
}

fn blank(key: &str, action: Action, why: impl Into<String>) -> Step {
    Step {
        key: key.to_owned(),
        line: None,
        action,
        account: None,
        link: None,
        adopts: false,
        changes: Vec::new(),
        seen: BTreeMap::new(),
        why: why.into(),
    }
}

fn person(input: &Input<'_>, wish: &Wish, found: Option<&Match<'_>>) -> Step {
    let mut step = match found.unwrap_or(&Match::Nobody) {
        Match::Conflict(words) => blank(&wish.key, Action::Refused, words.clone()),
        Match::Linked(link, account) => existing(input, wish, Some(link), account),
        Match::Unmanaged(account, key) => {
            if wish.active == Some(false) && !account.is_active() {
                about(blank(&wish.key, Action::Nothing, "an inactive person matches an inactive account"), account)
            } else if input.adopt || input.rules.config.adopt == Adopt::Matching {
                adopted(existing(input, wish, None, account), *key)
            } else {
                let why = format!("account `{}` has the same `{key}` and is not managed; --adopt manages it", account.id);
                about(blank(&wish.key, Action::WouldAdopt, why), account)
            }
        }
        Match::Vanished(link) => {
            let mut step = created(input, wish);
            step.link = Some(link.id.clone());
            step.why = format!("account `{}` is gone at the vendor; {}", link.account.as_deref().unwrap_or("?"), step.why);
            step
        }
        Match::Nobody => created(input, wish),
    };
    step.line = Some(wish.line);
    by_hand(input, step)
}

/// A write that the vendor documents no operation for is a person's.
fn by_hand(input: &Input<'_>, mut step: Step) -> Step {
    let manual = step.action.kind().and_then(|kind| input.rules.by_hand.get(&kind));
    if let Some(manual) = manual {
        step.why = format!("{} by hand: {manual}", step.action);
        step.action = Action::ByHand;
    }
    step
}

fn about(mut step: Step, account: &Account) -> Step {
    step.account = Some(account.id.clone());
    if step.action.kind().is_none() {
        // Nothing is sent, so that nothing can be stale.
        return step;
    }
    let keys = [Attribute::Id, Attribute::ExternalId, Attribute::UserName, Attribute::Active];
    let watched = keys.into_iter().chain(step.changes.iter().map(|change| change.attribute));
    step.seen = watched.filter_map(|attribute| Some((attribute, plain(account.values.get(&attribute)?)))).collect();
    step
}

/// An adoption is told as one, beside what else it changes.
fn adopted(mut step: Step, key: Attribute) -> Step {
    match step.action {
        Action::Nothing => {
            step.action = Action::Adopt;
            step.adopts = true;
            step.why = format!("the account has the same `{key}`");
        }
        Action::Protected | Action::Refused | Action::ByHand => {}
        _ => {
            step.adopts = true;
            step.why = format!("adopted by `{key}`; {}", step.why);
        }
    }
    step
}

fn created(input: &Input<'_>, wish: &Wish) -> Step {
    if wish.active == Some(false) {
        return blank(&wish.key, Action::Nothing, "inactive, and has no account");
    }
    let names = [wish.text(Attribute::UserName), wish.text(Attribute::Email)];
    if input.rules.protects(&names) {
        return blank(&wish.key, Action::Protected, "the name is protected");
    }
    if wish.text(Attribute::UserName).is_none() {
        return blank(&wish.key, Action::Refused, "the row gives no `user_name`, without which no account is created");
    }
    if input.unseen.contains(&wish.key) && !input.rules.config.create_unseen {
        let why = "the vendor offers neither a search nor a list, so that nobody can tell whether the account is there; \
                   `create_unseen = true` creates it all the same";
        return blank(&wish.key, Action::Refused, why);
    }
    let mut step = blank(&wish.key, Action::Create, "nobody has such an account");
    let values = wish.values.iter().filter_map(|(&attribute, wished)| Some((attribute, wished.value.as_ref()?)));
    step.changes = values.map(|(attribute, value)| ValueChange { attribute, old: Json::Null, new: plain(value) }).collect();
    // A joiner may log in, and some vendors demand that the request says so.
    if input.rules.carried.contains(&Attribute::Active) {
        step.changes.push(ValueChange { attribute: Attribute::Active, old: Json::Null, new: json!(true) });
    }
    if !input.rules.by_hand.contains_key(&Kind::Create) {
        let missing = input.rules.missing(|attribute| step.changes.iter().any(|change| change.attribute == attribute));
        let too_long = wish
            .values
            .iter()
            .find_map(|(attribute, wished)| wished.value.as_ref().and_then(|value| input.rules.refuses(*attribute, Some(value))));
        let why = match missing.as_slice() {
            [] => too_long,
            missing => Some(format!("a new user needs {}, and has none: map it, or give it in `defaults`", missing.join(", "))),
        };
        if let Some(why) = why {
            return blank(&wish.key, Action::Refused, why);
        }
    }
    step
}

fn existing(input: &Input<'_>, wish: &Wish, link: Option<&Link>, account: &Account) -> Step {
    let rules = input.rules;
    let mut step = blank(&wish.key, Action::Nothing, "as wished");
    step.link = link.map(|link| link.id.clone());
    if let Some(why) = untouchable(input, account) {
        step.action = Action::Protected;
        step.why = why.to_owned();
        return about(step, account);
    }
    if wish.active == Some(false) {
        return about(leaves(input, step, link, account, "inactive in the file"), account);
    }
    if !account.is_active() && wish.active == Some(true) {
        // Locked out by the vendor and switched off by an administrator can read the same: only what we did is undone.
        let ours = link.is_some_and(|link| link.disabled.is_some());
        if !ours && !rules.config.unlock {
            step.action = Action::Refused;
            step.why = "the account is inactive, and it was not us who disabled it; `unlock = true` enables it".to_owned();
            return about(step, account);
        }
        step.action = Action::Enable;
        step.why = "active in the file".to_owned();
        step.changes.push(ValueChange { attribute: Attribute::Active, old: json!(false), new: json!(true) });
    }
    for (&attribute, wished) in wish.values.iter().filter(|(_, wished)| wished.authority == Authority::Always) {
        let old = account.values.get(&attribute);
        if same(attribute, old, wished.value.as_ref()) {
            continue;
        }
        if attribute == Attribute::UserName && rules.name_is_id {
            step.action = Action::Refused;
            step.changes = Vec::new();
            let (old, new) = (account.text(attribute).unwrap_or_default(), wish.text(attribute).unwrap_or_default());
            step.why = format!("the user name is the vendor's identifier and cannot change from \"{old}\" to \"{new}\"");
            return about(step, account);
        }
        if let Some(why) = rules.refuses(attribute, wished.value.as_ref()) {
            (step.action, step.changes, step.why) = (Action::Refused, Vec::new(), why);
            return about(step, account);
        }
        let (old, new) = (old.map_or(Json::Null, plain), wished.value.as_ref().map_or(Json::Null, plain));
        step.changes.push(ValueChange { attribute, old, new });
    }
    if step.action == Action::Nothing && !step.changes.is_empty() {
        step.action = Action::Update;
        let names: Vec<&str> = step.changes.iter().map(|change| change.attribute.name()).collect();
        step.why = format!("differs in {}", names.join(", "));
    }
    about(step, account)
}

fn untouchable(input: &Input<'_>, account: &Account) -> Option<&'static str> {
    input.rules.untouchable(account)
}

/// Disabled first, deleted later where that was asked for three times.
fn leaves(input: &Input<'_>, mut step: Step, link: Option<&Link>, account: &Account, why: &str) -> Step {
    let unverified = link.is_some_and(|link| link.unverified);
    if account.is_active() || unverified {
        step.action = Action::Disable;
        step.why = if unverified { format!("{why}; the last try could not be verified") } else { why.to_owned() };
        step.changes = vec![ValueChange { attribute: Attribute::Active, old: json!(account.is_active()), new: json!(false) }];
        return step;
    }
    let config = &input.rules.config;
    let ours = link.filter(|link| link.origin == Origin::Created && config.leavers == Leavers::Delete && input.delete);
    let disabled = ours.and_then(|link| link.disabled).map(|since| input.now.as_second().saturating_sub(since.as_second()));
    if disabled.is_some_and(|seconds| u64::try_from(seconds).is_ok_and(|seconds| seconds >= config.delete_after)) {
        step.action = Action::Delete;
        step.why = format!("{why}; disabled for longer than `delete_after`");
        return step;
    }
    step.why = format!("{why}, and the account is inactive");
    step
}

/// A step for each managed account whose person is not in the file.
pub(super) fn absent(input: &Input<'_>) -> Vec<Step> {
    let here: BTreeSet<&str> = input.wishes.people.iter().filter(|wish| wish.in_scope).map(|wish| wish.key.as_str()).collect();
    let elsewhere: BTreeSet<&str> =
        input.wishes.people.iter().filter(|wish| !wish.in_scope).map(|wish| wish.key.as_str()).collect();
    let accounts: BTreeMap<&str, &Account> = input.accounts.iter().map(|account| (account.id.as_str(), account)).collect();
    let decides = if input.rules.config.leavers == Leavers::Report {
        Err("`leavers` is \"report\"")
    } else if !input.complete {
        Err("the file does not claim to be `complete`")
    } else if !input.wishes.errors.is_empty() {
        Err("some rows cannot be read")
    } else if !input.confirmed {
        Err("this store has confirmed no adoption yet")
    } else {
        Ok(())
    };
    let mut steps = Vec::new();
    for link in input.links {
        let (Some(key), Some(id)) = (link.key.as_deref(), link.account.as_deref()) else { continue };
        let known = here.contains(key) || (input.wishes.present.contains(key) && !elsewhere.contains(key));
        if known || input.only.is_some_and(|only| only != key) {
            continue;
        }
        let Some(account) = accounts.get(id) else { continue };
        let mut step = blank(key, Action::Nothing, "absent from the file, and the account is inactive");
        step.link = Some(link.id.clone());
        if let Some(why) = untouchable(input, account) {
            step.action = Action::Protected;
            step.why = why.to_owned();
        } else {
            let why = if elsewhere.contains(key) { "no longer in the scope of `include`" } else { "absent from the file" };
            let left = leaves(input, step.clone(), Some(link), account, why);
            match decides {
                Ok(()) => step = left,
                Err(reason) if left.action.kind().is_some_and(|kind| kind == Kind::Disable || kind == Kind::Delete) => {
                    step.action = Action::Leaver;
                    step.why = format!("{why}; nothing is done, since {reason}");
                }
                Err(_) => {}
            }
        }
        steps.push(by_hand(input, about(step, account)));
    }
    steps
}

pub(super) fn plain(value: &Value<'_>) -> Json {
    match value {
        Value::Text(text) => Json::String(text.to_string()),
        Value::Flag(flag) => Json::Bool(*flag),
    }
}

/// Whether two values are equal as vendors keep them.
pub(super) fn same(attribute: Attribute, old: Option<&Value<'_>>, new: Option<&Value<'_>>) -> bool {
    let text = |value: Option<&Value<'_>>| value.map(ToString::to_string).unwrap_or_default();
    let (old, new) = (text(old), text(new));
    match attribute {
        Attribute::UserName | Attribute::Email => folded(attribute, &old) == folded(attribute, &new),
        Attribute::PhoneNumber | Attribute::MobilePhone => digits(&old) == digits(&new),
        _ => old.trim() == new.trim(),
    }
}

/// A phone number without what it is grouped with.
fn digits(phone: &str) -> String {
    phone.chars().filter(|letter| !letter.is_whitespace() && !"-./()".contains(*letter)).collect()
}
