//! What is looked for among the users of a directory, and what a search proves. Knows no vendor.

use std::fmt;
use std::str::FromStr;

use crate::attribute::Attribute;
use crate::same;
use crate::user::User;

/// What to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum By<'a> {
    /// The user name; case does not count, as in SCIM.
    UserName(&'a str),
    /// The email address; case does not count.
    Email(&'a str),
    /// What the provisioning side calls the user; case counts.
    ExternalId(&'a str),
    /// What the vendor calls the user; case does not count.
    Id(&'a str),
}

impl<'a> By<'a> {
    /// Returns the attribute that is compared.
    #[must_use]
    pub const fn attribute(self) -> Attribute {
        self.key().attribute()
    }

    /// Returns the kind of key.
    #[must_use]
    pub const fn key(self) -> MatchKey {
        match self {
            Self::UserName(_) => MatchKey::UserName,
            Self::Email(_) => MatchKey::Email,
            Self::ExternalId(_) => MatchKey::ExternalId,
            Self::Id(_) => MatchKey::Id,
        }
    }

    /// Returns the value that is looked for.
    #[must_use]
    pub const fn value(self) -> &'a str {
        match self {
            Self::UserName(value) | Self::Email(value) | Self::ExternalId(value) | Self::Id(value) => value,
        }
    }

    /// Returns whether `user` is meant.
    #[must_use]
    pub fn matches(self, user: &dyn User) -> bool {
        let attribute = self.attribute();
        let found = user.attribute(attribute).map(|found| found.to_string());
        found.is_some_and(|found| same::key(attribute, &found) == same::key(attribute, self.value()))
    }
}

impl fmt::Display for By<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.key(), self.value())
    }
}

/// A kind of key by which a person and a vendor's user are matched.
///
/// ```
/// use vendor_users::search::MatchKey;
///
/// let keys = ["external_id", "user_name"].map(str::parse::<MatchKey>);
/// assert_eq!(keys, [Ok(MatchKey::ExternalId), Ok(MatchKey::UserName)]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum MatchKey {
    /// What the vendor calls the user.
    Id,
    /// What the provisioning side calls the user.
    ExternalId,
    /// What the user logs in with.
    UserName,
    /// The email address.
    Email,
}

impl MatchKey {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Id, Self::ExternalId, Self::UserName, Self::Email];

    /// Returns the attribute that holds the key.
    #[must_use]
    pub const fn attribute(self) -> Attribute {
        match self {
            Self::Id => Attribute::Id,
            Self::ExternalId => Attribute::ExternalId,
            Self::UserName => Attribute::UserName,
            Self::Email => Attribute::Email,
        }
    }

    /// Returns the search for this value of the key.
    #[must_use]
    pub const fn by(self, value: &str) -> By<'_> {
        match self {
            Self::Id => By::Id(value),
            Self::ExternalId => By::ExternalId(value),
            Self::UserName => By::UserName(value),
            Self::Email => By::Email(value),
        }
    }
}

impl fmt::Display for MatchKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.attribute().name())
    }
}

impl FromStr for MatchKey {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = || Self::ALL.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let found = Self::ALL.iter().copied().find(|key| key.attribute().name() == name);
        found.ok_or_else(|| format!("users cannot be matched by `{name}`; keys are {}", known()))
    }
}

/// How a vendor's search compares text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CaseRule {
    /// A page says that case does not count.
    Ignored,
    /// A page says that case counts.
    Counts,
    /// No page says it: a search that finds nothing proves nothing.
    Unknown,
}

/// Where users that were found come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FoundBy {
    /// The vendor was asked for one user by its identifier.
    Read,
    /// The vendor's own search, which compares text in this way.
    Search(CaseRule),
    /// The list of all users was read to its end and compared here.
    List,
}

/// The users that were found, inactive ones included, and whether there can be others.
///
/// ```
/// use vendor_users::search::{CaseRule, Found, FoundBy};
///
/// let nobody = Found::new(Vec::new(), FoundBy::Search(CaseRule::Unknown));
/// assert!(nobody.is_empty() && !nobody.is_complete());
/// assert!(Found::new(Vec::new(), FoundBy::List).is_complete());
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Found {
    /// The users.
    pub users: Vec<Box<dyn User>>,
    /// Where they come from.
    pub by: FoundBy,
}

impl Found {
    /// Creates the result of a search.
    #[must_use]
    pub const fn new(users: Vec<Box<dyn User>>, by: FoundBy) -> Self {
        Self { users, by }
    }

    /// Returns whether these are all users that match, so that none of them proves that there is no such user.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        !matches!(self.by, FoundBy::Search(CaseRule::Unknown))
    }

    /// Returns whether no user was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.users.is_empty()
    }

    /// Returns how many users were found.
    #[must_use]
    pub fn len(&self) -> usize {
        self.users.len()
    }
}

impl IntoIterator for Found {
    type Item = Box<dyn User>;
    type IntoIter = std::vec::IntoIter<Box<dyn User>>;

    fn into_iter(self) -> Self::IntoIter {
        self.users.into_iter()
    }
}
