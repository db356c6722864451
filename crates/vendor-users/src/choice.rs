//! What a vendor offers to choose from: values of an attribute, and credentials for a new user. Knows no vendor.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// A value that an attribute may have at a vendor, such as a role, a group or a language.
///
/// ```
/// let role = vendor_users::Choice::new("3", "User level 1");
/// assert_eq!((role.id.as_str(), role.title.as_str()), ("3", "User level 1"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Choice {
    /// The value that is written.
    pub id: String,
    /// Its name for people.
    pub title: String,
}

impl Choice {
    /// Creates a choice from a value and its name for people.
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into() }
    }

    /// Returns the choice that a person means by its identifier or, where none has it, by its title; `None` where there is no such
    /// choice, or several have this title.
    ///
    /// ```
    /// use vendor_users::Choice;
    ///
    /// let roles = [Choice::new("3", "Clerk"), Choice::new("4", "Guest"), Choice::new("5", "guest")];
    /// assert_eq!(Choice::named(&roles, "clerk ").map(|role| role.id.as_str()), Some("3"));
    /// assert_eq!(Choice::named(&roles, "4").map(|role| role.title.as_str()), Some("Guest"));
    /// assert_eq!(Choice::named(&roles, "Guest"), None);
    /// ```
    #[must_use]
    pub fn named<'c>(choices: &'c [Self], text: &str) -> Option<&'c Self> {
        let text = text.trim();
        let by_id = choices.iter().find(|choice| choice.id == text);
        by_id.or_else(|| {
            let mut titled = choices.iter().filter(|choice| choice.title.trim().to_lowercase() == text.to_lowercase());
            titled.next().filter(|_| !text.is_empty() && titled.next().is_none())
        })
    }

    /// The choices of what a vendor lists, each a value and its name; one without a value cannot be chosen.
    #[allow(dead_code, reason = "which vendors there are depends on the features")]
    pub(crate) fn all<'a>(listed: impl Iterator<Item = (Option<Cow<'a, str>>, Option<Cow<'a, str>>)>) -> Vec<Self> {
        let listed = listed.filter_map(|(id, title)| Some((id.filter(|id| !id.trim().is_empty())?, title.unwrap_or_default())));
        listed.map(|(id, title)| Self::new(id, title)).collect()
    }
}

/// How a user that is created gets its first credential.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FirstCredential {
    /// Nothing is done about it: what the draft's record, the defaults and the vendor say holds.
    #[default]
    None,
    /// The user signs in at an identity provider.
    SingleSignOn,
    /// The vendor mails a password or a link to the user.
    VendorMail,
    /// A password from the operating system's random source, within the vendor's documented rules, which the outcome hands out
    /// once.
    Generated,
}

impl FirstCredential {
    /// All of them.
    pub const ALL: &[Self] = &[Self::None, Self::SingleSignOn, Self::VendorMail, Self::Generated];

    /// Returns its name in configurations: `none`, `sso`, `vendor-mail` or `generated`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::SingleSignOn => "sso",
            Self::VendorMail => "vendor-mail",
            Self::Generated => "generated",
        }
    }
}

impl fmt::Display for FirstCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for FirstCredential {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = || Self::ALL.iter().map(|credential| credential.name()).collect::<Vec<_>>().join(", ");
        let found = Self::ALL.iter().copied().find(|credential| credential.name() == name);
        found.ok_or_else(|| format!("there is no first credential `{name}`; they are {}", known()))
    }
}
