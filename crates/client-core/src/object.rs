//! `object!`: reading, writing and checking of a vendor's JSON object, without serde's derive and its buffering flatten.
//!
//! In: a struct of [`Field`](crate::Field)s that ends with `extra: Extra`, and the wire name and limits of each field.
//! Out: `Serialize`, `Deserialize` and [`Check`](crate::Check). Knows no vendor.

use serde::de::{Deserialize, Deserializer, Visitor};
use std::borrow::Cow;
use std::fmt;

/// Implements `Serialize`, `Deserialize` and [`Check`](crate::Check) for a struct that stands for a JSON object.
///
/// Every member of the struct is a [`Field`](crate::Field), the last one is `extra: Extra`, and the struct has `Default`.
/// Reading takes absent, null, unknown and repeated members (the last one counts); writing gives back what was read.
/// Limits may be left out: nothing is documented then.
///
/// ```
/// use client_core::{Extra, Field, Limits, Secret};
///
/// #[derive(Clone, Debug, Default, PartialEq)]
/// pub struct User {
///     pub user_id: Field<String>,
///     pub password: Field<Secret>,
///     pub extra: Extra,
/// }
/// client_core::object!(User {
///     user_id = "user_ID": Limits::REQUIRED.length(1, 16),
///     password = "password",
/// });
///
/// let text = r#"{"user_ID":"ann","password":null,"shoe_Size":38.50}"#;
/// let user: User = serde_json::from_str(text)?;
/// assert_eq!(user.user_id.as_deref(), Some("ann"));
/// assert_eq!(serde_json::to_string(&user)?, text);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! object {
    ($name:ident { $($field:ident = $wire:literal $(: $limits:expr)?),* $(,)? }) => {
        const _: () = {
            static DOCUMENTED: &[&str] = &[$($wire),*];

            impl $crate::serde::Serialize for $name {
                fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                    let mut members = $crate::serde::Serializer::serialize_map(serializer, ::core::option::Option::None)?;
                    $(
                        if !self.$field.is_absent() {
                            $crate::serde::ser::SerializeMap::serialize_entry(&mut members, $wire, &self.$field)?;
                        }
                    )*
                    self.extra.put(&mut members, DOCUMENTED)?;
                    $crate::serde::ser::SerializeMap::end(members)
                }
            }

            impl<'de> $crate::serde::Deserialize<'de> for $name {
                fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                    struct Reader;
                    impl<'de> $crate::serde::de::Visitor<'de> for Reader {
                        type Value = $name;

                        fn expecting(&self, to: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                            to.write_str(concat!("an object (", stringify!($name), ")"))
                        }

                        fn visit_map<A: $crate::serde::de::MapAccess<'de>>(self, mut members: A) -> ::core::result::Result<$name, A::Error> {
                            let mut object = <$name as ::core::default::Default>::default();
                            while let ::core::option::Option::Some(name) = members.next_key::<$crate::object::Name<'de>>()? {
                                match name.as_str() {
                                    $($wire => object.$field = members.next_value()?,)*
                                    _ => {
                                        object.extra.insert(name, members.next_value::<$crate::Json>()?);
                                    }
                                }
                            }
                            ::core::result::Result::Ok(object)
                        }
                    }
                    $crate::serde::Deserializer::deserialize_map(deserializer, Reader)
                }
            }

            impl $crate::Check for $name {
                fn check(&self, _: &$crate::Limits, at: &$crate::At<'_>, found: &mut $crate::Violations) {
                    $({
                        static LIMITS: $crate::Limits = $crate::limits_or_any!($($limits)?);
                        $crate::Check::check(&self.$field, &LIMITS, &at.member($wire), found);
                    })*
                    self.extra.check_names(DOCUMENTED, at, found);
                }
            }
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! limits_or_any {
    () => {
        $crate::Limits::ANY
    };
    ($limits:expr) => {
        $limits
    };
}

/// A member's name: borrowed from the body wherever it has no escapes.
#[doc(hidden)]
pub struct Name<'de>(Cow<'de, str>);

impl Name<'_> {
    #[inline]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Name<'_>> for String {
    fn from(name: Name<'_>) -> Self {
        name.0.into_owned()
    }
}

impl<'de> Deserialize<'de> for Name<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameReader)
    }
}

struct NameReader;

impl<'de> Visitor<'de> for NameReader {
    type Value = Name<'de>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a member's name")
    }

    #[inline]
    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Name(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Name(Cow::Owned(name.to_owned())))
    }

    fn visit_string<E>(self, name: String) -> Result<Self::Value, E> {
        Ok(Name(Cow::Owned(name)))
    }
}
