//! The attributes of a user, in the words of SCIM (RFC 7643).
//!
//! In: nothing. Out: their names, here and on SCIM's wire, and the values they take. Knows no vendor.

use std::borrow::Cow;
use std::fmt;

/// Hands the table of the text attributes to another macro, so that the trait, the draft and the patch cannot drift apart.
macro_rules! text_attributes {
    ($then:ident) => {
        $then! {
            Id, id, "id", "What the vendor calls the user for good; integers are written in digits.";
            ExternalId, external_id, "externalId", "What the provisioning side calls the user.";
            UserName, user_name, "userName", "What the user logs in with.";
            DisplayName, display_name, "displayName", "The name to show to people.";
            NickName, nick_name, "nickName", "What the user is called casually.";
            GivenName, given_name, "name.givenName", "First name.";
            FamilyName, family_name, "name.familyName", "Last name.";
            Title, title, "title", "The user's title, such as \"Vice President\".";
            UserType, user_type, "userType", "What kind of user, in the vendor's words.";
            Email, email, "emails[type eq \"work\"].value", "Email address.";
            PhoneNumber, phone_number, "phoneNumbers[type eq \"work\"].value", "Phone at work.";
            MobilePhone, mobile_phone, "phoneNumbers[type eq \"mobile\"].value", "Mobile phone.";
            Locale, locale, "locale", "Where the user is, for the format of numbers and dates, such as \"en-US\".";
            Timezone, timezone, "timezone", "The user's time zone, as the vendor writes it.";
            EmployeeNumber, employee_number, "employeeNumber", "Number within the organization (enterprise extension).";
            CostCenter, cost_center, "costCenter", "Cost center (enterprise extension).";
            Organization, organization, "organization", "Organization or account (enterprise extension).";
            Division, division, "division", "Division (enterprise extension).";
            Department, department, "department", "Department (enterprise extension).";
            Manager, manager, "manager.value", "Identifier of the manager (enterprise extension).";
            Created, created, "meta.created", "When the vendor created the user, as the vendor writes it.";
            LastModified, last_modified, "meta.lastModified", "When the user was changed last, as the vendor writes it.";
        }
    };
}
pub(crate) use text_attributes;

macro_rules! attribute {
    ($($variant:ident, $method:ident, $scim:literal, $doc:literal;)*) => {
        /// One attribute of a user.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Attribute {
            $(#[doc = $doc] $variant,)*
            /// Whether the user may log in.
            Active,
        }

        impl Attribute {
            /// All of them, in the order of the enum.
            pub const ALL: &[Self] = &[$(Self::$variant,)* Self::Active];

            /// The name of the method of [`User`](crate::User) that reads it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($method),)*
                    Self::Active => "active",
                }
            }

            /// Its path in a SCIM user.
            #[must_use]
            pub const fn scim(self) -> &'static str {
                match self {
                    $(Self::$variant => $scim,)*
                    Self::Active => "active",
                }
            }
        }
    };
}
text_attributes!(attribute);

impl Attribute {
    /// Whether the vendor alone writes it: nothing that is sent carries it.
    #[must_use]
    pub const fn is_assigned(self) -> bool {
        matches!(self, Self::Created | Self::LastModified)
    }

    /// Whether it says who the user is at one vendor, so that it does not travel to another.
    #[must_use]
    pub const fn is_local(self) -> bool {
        matches!(self, Self::Id) || self.is_assigned()
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The value of an attribute: text, except for [`Attribute::Active`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Text, as the vendor writes it.
    Text(Cow<'a, str>),
    /// Yes or no.
    Flag(bool),
}

impl Value<'_> {
    /// The same value with a life of its own.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Flag(flag) => Value::Flag(flag),
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Flag(flag) => flag.fmt(f),
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}
