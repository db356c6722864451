//! Conditions on users, as they are typed: `title=Clerk`, `email^=kim`, `display_name~=lee`.

use futures_util::StreamExt as _;
use vendor_users::query::{Comparison, ListQuery};
use vendor_users::{Attribute, Directory, MatchKey, User};

use crate::failure::Failure;

/// Conditions that all hold.
pub(crate) fn conditions(texts: &[String]) -> Result<ListQuery, Failure> {
    let mut query = ListQuery::new();
    for text in texts {
        let (name, comparison, value) = split(text)?;
        let attribute: Attribute = name.parse().map_err(Failure::usage)?;
        let value = attribute.value_of(value).map_err(|error| Failure::usage(format!("`{text}`: {error}")))?;
        query = query.with(attribute, comparison, value);
    }
    Ok(query)
}

/// A key and its value, such as `user_name=kim.lee`.
pub(crate) fn key(text: &str) -> Result<(MatchKey, &str), Failure> {
    let wrong = || Failure::usage(format!("`{text}` is no key with a value, such as user_name=kim.lee"));
    let (name, value) = text.split_once('=').ok_or_else(wrong)?;
    Ok((name.trim().parse().map_err(Failure::usage)?, value.trim()))
}

fn split(text: &str) -> Result<(&str, Comparison, &str), Failure> {
    let wrong = || Failure::usage(format!("`{text}` is no condition, such as title=Clerk, email^=kim or display_name~=lee"));
    let (name, value) = text.split_once('=').ok_or_else(wrong)?;
    Ok(match name.strip_suffix(['^', '~']) {
        Some(bare) if name.ends_with('^') => (bare.trim(), Comparison::StartsWith, value.trim()),
        Some(bare) => (bare.trim(), Comparison::Contains, value.trim()),
        None => (name.trim(), Comparison::Equals, value.trim()),
    })
}

/// All users for whom `holds`; where the list breaks off, none.
pub(crate) async fn all(directory: &dyn Directory, holds: impl Fn(&dyn User) -> bool) -> Result<Vec<Box<dyn User>>, String> {
    let mut stream = directory.list();
    let mut users = Vec::new();
    while let Some(user) = stream.next().await {
        let user = user.map_err(|error| error.to_string())?;
        if holds(&*user) {
            users.push(user);
        }
    }
    Ok(users)
}
