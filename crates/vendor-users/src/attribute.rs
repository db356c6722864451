//! The attributes of a user, in the words of SCIM (RFC 7643).
//!
//! Their names, here and in SCIM, and the values they take. Knows no vendor.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use client_core::serde::de::Error as _;
use client_core::serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::value_error::ValueError;

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

    /// Whether it stands in SCIM's extension for enterprises.
    #[must_use]
    pub const fn is_enterprise(self) -> bool {
        matches!(
            self,
            Self::EmployeeNumber | Self::CostCenter | Self::Organization | Self::Division | Self::Department | Self::Manager
        )
    }

    /// Whether it says who the user is at one vendor, so that it does not travel to another.
    #[must_use]
    pub const fn is_local(self) -> bool {
        matches!(self, Self::Id) || self.is_assigned()
    }
}

impl Attribute {
    /// Whether its value is true or false instead of text.
    #[must_use]
    pub const fn is_flag(self) -> bool {
        matches!(self, Self::Active)
    }

    /// The value that `text` stands for: text as it is; `true` or `false`, in any case, for a flag.
    ///
    /// # Errors
    ///
    /// [`ValueError::NotAFlag`] where the attribute is a flag and the text is neither `true` nor `false`.
    pub fn value_of(self, text: impl Into<String>) -> Result<Value<'static>, ValueError> {
        let text = text.into();
        if !self.is_flag() {
            return Ok(Value::Text(Cow::Owned(text)));
        }
        match text.trim() {
            flag if flag.eq_ignore_ascii_case("true") => Ok(Value::Flag(true)),
            flag if flag.eq_ignore_ascii_case("false") => Ok(Value::Flag(false)),
            _ => Err(ValueError::NotAFlag),
        }
    }

    /// Checks that `value` is of the attribute's kind, and reads a flag from text.
    ///
    /// # Errors
    ///
    /// [`ValueError::NotText`] for a flag where text belongs, [`ValueError::NotAFlag`] for text that is no flag.
    pub fn accept(self, value: Value<'_>) -> Result<Value<'static>, ValueError> {
        match value {
            Value::Text(text) => self.value_of(text),
            Value::Flag(flag) if self.is_flag() => Ok(Value::Flag(flag)),
            Value::Flag(_) => Err(ValueError::NotText),
        }
    }
}

/// A name that no attribute has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAttribute {
    /// The name.
    pub name: String,
}

impl fmt::Display for UnknownAttribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known: Vec<&str> = Attribute::ALL.iter().map(|attribute| attribute.name()).collect();
        write!(f, "there is no attribute `{}`; attributes are {}", self.name, known.join(", "))
    }
}

impl std::error::Error for UnknownAttribute {}

impl FromStr for Attribute {
    type Err = UnknownAttribute;

    fn from_str(name: &str) -> Result<Self, UnknownAttribute> {
        let found = Self::ALL.iter().copied().find(|attribute| attribute.name() == name);
        found.ok_or_else(|| UnknownAttribute { name: name.to_owned() })
    }
}

impl Serialize for Attribute {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Attribute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
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
