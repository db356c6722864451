//! Why a value cannot stand in a vendor's field. Knows no vendor.

use std::borrow::Cow;

use client_core::serde_json::{Value as Json, json};

/// Why a value cannot stand in a vendor's field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueError {
    /// The vendor has no property for the attribute.
    NoProperty,
    /// The vendor writes it itself.
    Assigned,
    /// The property takes whole numbers only.
    NotAnInteger,
    /// The attribute takes yes or no only.
    NotAFlag,
    /// The attribute takes text only.
    NotText,
    /// Only one word of the property is known, and it means the opposite.
    NoWord,
    /// No null is documented, so the attribute cannot be cleared.
    NotNullable,
    /// It tells the vendor which user is meant, so that it never changes.
    Identifier,
    /// The attribute does more at this vendor than its name says, so that it is written only where the settings of the instance
    /// say so.
    Explicit {
        /// What writing it does.
        effect: Cow<'static, str>,
    },
    /// The vendor's record shows it, and nothing that is sent changes it.
    NeverWritten {
        /// Why.
        reason: Cow<'static, str>,
    },
    /// All users of this kind have the same value.
    Constant {
        /// That value.
        value: Cow<'static, str>,
    },
    /// No page says the vendor's word for it, and the settings of the instance do not either.
    NoSetting,
    /// The user reads as inactive, and the vendor has one word for switched off by an administrator and locked out.
    LockedOut,
    /// Another attribute has put another value into the same property.
    Occupied {
        /// The value that stands there.
        by: String,
    },
}

impl std::error::Error for ValueError {}

impl std::fmt::Display for ValueError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoProperty => f.write_str("the vendor documents no property for it"),
            Self::Assigned => f.write_str("the vendor writes it itself"),
            Self::NotAnInteger => f.write_str("a whole number was expected"),
            Self::NotAFlag => f.write_str("true or false was expected"),
            Self::NotText => f.write_str("text was expected"),
            Self::NoWord => f.write_str("only the vendor's word for active is known, not the one for the opposite"),
            Self::Identifier => f.write_str("it says which user is meant, so that it never changes; create another user instead"),
            Self::LockedOut => f.write_str(
                "the user is switched off or locked out, which are one word at this vendor, and was left so; `activate` unlocks it",
            ),
            Self::Explicit { effect } => write!(
                f,
                "{effect}, so it is written only where the settings of the instance name it (`Settings::write_explicitly`)"
            ),
            Self::NeverWritten { reason } => write!(f, "it is read and not written: {reason}"),
            Self::Constant { value } => write!(f, "it is `{value}` for all of these users"),
            Self::NoSetting => {
                f.write_str("no page says the vendor's word for it, and the settings of the instance name none")
            }
            Self::NotNullable => f.write_str("the vendor documents no null for it, so it cannot be cleared; give it a new value"),
            Self::Occupied { by } => {
                write!(f, "the same property carries `{by}` for another attribute; give both the same value, or only one")
            }
        }
    }
}

impl ValueError {
    const NAMES: [(Self, &'static str); 10] = [
        (Self::NoProperty, "no_property"),
        (Self::Assigned, "assigned"),
        (Self::NotAnInteger, "not_an_integer"),
        (Self::NotAFlag, "not_a_flag"),
        (Self::NotText, "not_text"),
        (Self::NoWord, "no_word"),
        (Self::NotNullable, "not_nullable"),
        (Self::Identifier, "identifier"),
        (Self::LockedOut, "locked_out"),
        (Self::NoSetting, "no_setting"),
    ];

    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Explicit { effect } => json!({ "explicit": effect }),
            Self::Occupied { by } => json!({ "occupied": by }),
            Self::NeverWritten { reason } => json!({ "never_written": reason }),
            Self::Constant { value } => json!({ "constant": value }),
            plain => Self::NAMES.iter().find(|(known, _)| known == plain).map_or(Json::Null, |(_, name)| Json::from(*name)),
        }
    }

    pub(crate) fn from_json(json: &Json) -> Option<Self> {
        if let Some(name) = json.as_str() {
            return Self::NAMES.into_iter().find(|(_, known)| *known == name).map(|(error, _)| error);
        }
        let text = |name: &str| json.get(name).and_then(Json::as_str).map(str::to_owned);
        text("explicit")
            .map(|effect| Self::Explicit { effect: Cow::Owned(effect) })
            .or_else(|| text("occupied").map(|by| Self::Occupied { by }))
            .or_else(|| text("never_written").map(|reason| Self::NeverWritten { reason: Cow::Owned(reason) }))
            .or_else(|| text("constant").map(|value| Self::Constant { value: Cow::Owned(value) }))
    }
}
