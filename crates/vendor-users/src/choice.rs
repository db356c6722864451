//! What a vendor offers to choose from: values of an attribute, and credentials for a new user. Knows no vendor.

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
