//! `object!`: reading, writing and checking of a vendor's JSON object, without serde's derive and its buffering flatten.
//!
//! Input: a struct of [`Field`]s that ends with `extra: Extra`, and the wire name and constraints of each field.
//! Output: `Serialize`, `Deserialize` and [`Check`]. Knows no vendor.

use crate::pointer::at;
use crate::{At, Check, Constraints, Extra, Field, Json, Violations};
use serde::de::{Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// Implements `Serialize`, `Deserialize` and [`Check`] for a struct that stands for a JSON object.
///
/// Every member of the struct is a [`Field`], the last one is `extra: Extra`, and the struct has `Default`.
/// Reading takes absent, null, unknown and repeated members (the last one counts); writing gives back what was read.
/// Constraints may be left out: nothing is documented then. A member whose type only a sample shows is marked `as sample`: a value
/// of another type is kept in `extra` as it came, and the field stays absent.
///
/// ```
/// use client_core::{Extra, Field, Constraints, Secret};
///
/// #[derive(Clone, Debug, Default, PartialEq)]
/// pub struct User {
///     pub user_id: Field<String>,
///     pub password: Field<Secret>,
///     pub level: Field<i32>,
///     pub extra: Extra,
/// }
/// client_core::codegen::object!(User {
///     user_id = "user_ID": Constraints::REQUIRED.length(1, 16),
///     password = "password",
///     level = "level" as sample,
/// });
///
/// let text = r#"{"user_ID":"ann","password":null,"level":"seven","shoe_Size":38.50}"#;
/// let user: User = serde_json::from_str(text)?;
/// assert_eq!(user.user_id.as_deref(), Some("ann"));
/// assert_eq!(serde_json::to_string(&user)?, text);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    (@constraints) => {
        &$crate::Constraints::NONE
    };
    (@constraints $constraints:expr) => {{
        static CONSTRAINTS: $crate::Constraints = $constraints;
        &CONSTRAINTS
    }};
    (@sampled sample $wire:literal) => {
        $wire
    };
    (@take $object:ident $field:ident $wire:literal $members:ident) => {
        $crate::codegen::take(&mut $object.$field, $wire, $members)
    };
    (@take $object:ident $field:ident $wire:literal $members:ident sample) => {
        $crate::codegen::take_sampled(&mut $object.$field, &mut $object.extra, $wire, $members)
    };
    (@visit $object:ident $to:ident $field:ident $wire:literal $constraints:expr) => {
        $to.documented($wire, &$object.$field, $constraints)
    };
    (@visit $object:ident $to:ident $field:ident $wire:literal $constraints:expr, sample) => {
        $to.sampled($wire, &$object.$field, $constraints, &$object.extra)
    };
    ($name:ident { $($field:ident = $wire:literal $(as $basis:ident)? $(: $constraints:expr)?),* $(,)? }) => {
        const _: () = {
            static DOCUMENTED: &[&str] = &[$($wire),*];
            static SAMPLED: &[&str] = &[$($($crate::__object!(@sampled $basis $wire),)?)*];

            // No vendor's type can have this name.
            #[allow(non_camel_case_types, unreachable_pub, reason = "a variant for each field, as public as the type")]
            pub enum __Member {
                $($field),*
            }

            impl $crate::codegen::Object for $name {
                type Member = __Member;

                fn member(name: &str) -> ::core::option::Option<__Member> {
                    match name {
                        $($wire => ::core::option::Option::Some(__Member::$field),)*
                        _ => ::core::option::Option::None,
                    }
                }

                fn take<'de, A: $crate::serde::de::MapAccess<'de>>(
                    &mut self,
                    member: __Member,
                    members: &mut A,
                ) -> ::core::result::Result<(), A::Error> {
                    match member {
                        $(__Member::$field => $crate::__object!(@take self $field $wire members $($basis)?),)*
                    }
                }

                fn extra(&mut self) -> &mut $crate::Extra {
                    &mut self.extra
                }

                #[inline(always)]
                fn show<V: $crate::codegen::Members>(&self, to: &mut V) {
                    $(
                        if !$crate::__object!(@visit self to $field $wire $crate::__object!(@constraints $($constraints)?) $(, $basis)?) {
                            return;
                        }
                    )*
                    to.others(&self.extra, DOCUMENTED, SAMPLED);
                }
            }

            impl $crate::serde::Serialize for $name {
                fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                    $crate::codegen::write(self, serializer)
                }
            }

            impl<'de> $crate::serde::Deserialize<'de> for $name {
                fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                    $crate::codegen::read(deserializer)
                }
            }

            impl $crate::Check for $name {
                fn check(&self, _: &$crate::Constraints, at: &$crate::At<'_>, found: &mut $crate::Violations) {
                    $crate::codegen::check(self, at, found);
                }
            }
        };
    };
}

/// What `object!` tells of an object's members. What is done with them stands here, once: a large vendor has tens of
/// thousands of members, and each line for one of them is a line for the compiler.
#[doc(hidden)]
pub trait Object: Default {
    /// A variant for each documented member.
    type Member;

    /// The documented member of this name.
    fn member(name: &str) -> Option<Self::Member>;

    /// Takes the value of a documented member.
    fn take<'de, A: MapAccess<'de>>(&mut self, member: Self::Member, members: &mut A) -> Result<(), A::Error>;

    /// Where the others go.
    fn extra(&mut self) -> &mut Extra;

    /// Shows all members, in their order.
    fn show<V: Members>(&self, to: &mut V);
}

/// A visitor of the members of an object.
#[doc(hidden)]
pub trait Members {
    /// A documented member. Says whether to go on.
    fn documented<T: Serialize + Check>(
        &mut self,
        name: &'static str,
        field: &Field<T>,
        constraints: &'static Constraints,
    ) -> bool;

    /// A member that only a sample shows. `extra` has its value where that is of another type.
    #[inline(always)]
    fn sampled<T: Serialize + Check>(
        &mut self,
        name: &'static str,
        field: &Field<T>,
        constraints: &'static Constraints,
        _extra: &Extra,
    ) -> bool {
        self.documented(name, field, constraints)
    }

    /// The other members. They cannot have the documented names, unless these are `sampled`.
    fn others(&mut self, extra: &Extra, documented: &[&str], sampled: &[&str]);
}

/// Reads an object; of a member that comes twice the last one counts.
#[doc(hidden)]
#[inline]
pub fn read<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Reader(PhantomData))
}

/// Reads the value of a documented member.
#[doc(hidden)]
#[inline]
pub fn take<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    field: &mut Field<T>,
    wire: &'static str,
    members: &mut A,
) -> Result<(), A::Error> {
    match members.next_value() {
        Ok(value) => {
            *field = value;
            Ok(())
        }
        Err(error) => Err(at(error, wire)),
    }
}

/// Reads the value of a member whose type only a sample shows: what is of another type is kept as it came.
#[doc(hidden)]
pub fn take_sampled<'de, T: DeserializeOwned, A: MapAccess<'de>>(
    field: &mut Field<T>,
    extra: &mut Extra,
    wire: &'static str,
    members: &mut A,
) -> Result<(), A::Error> {
    let value: Json = members.next_value().map_err(|error| at(error, wire))?;
    match value.decode() {
        Ok(decoded) => {
            *field = decoded;
            extra.remove(wire);
        }
        Err(_) => {
            *field = Field::Absent;
            extra.insert(wire, value);
        }
    }
    Ok(())
}

/// Writes an object: what is absent is left out.
#[doc(hidden)]
#[inline]
pub fn write<T: Object, S: Serializer>(object: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut writer = Writer { members: serializer.serialize_map(None)?, failed: None };
    object.show(&mut writer);
    match writer.failed {
        None => writer.members.end(),
        Some(error) => Err(error),
    }
}

/// Holds an object against the constraints of its members.
#[doc(hidden)]
#[inline]
pub fn check<T: Object>(object: &T, at: &At<'_>, found: &mut Violations) {
    object.show(&mut Checker { at, found });
}

struct Reader<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for Reader<T> {
    type Value = T;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = std::any::type_name::<T>();
        write!(to, "an object ({})", path.rsplit("::").next().unwrap_or(path))
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<T, A::Error> {
        let mut object = T::default();
        while let Some(member) = members.next_key_seed(MemberReader::<T>(PhantomData))? {
            match member {
                Ok(member) => object.take(member, &mut members)?,
                Err(name) => object.extra().read(name, &mut members)?,
            }
        }
        Ok(object)
    }
}

/// Reads a member's name: the documented one, or else the name itself.
struct MemberReader<T>(PhantomData<T>);

impl<'de, T: Object> DeserializeSeed<'de> for MemberReader<T> {
    type Value = Result<T::Member, String>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<T: Object> Visitor<'_> for MemberReader<T> {
    type Value = Result<T::Member, String>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a member's name")
    }

    #[inline]
    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(T::member(name).ok_or_else(|| name.to_owned()))
    }
}

struct Writer<M: SerializeMap> {
    members: M,
    failed: Option<M::Error>,
}

impl<M: SerializeMap> Members for Writer<M> {
    #[inline(always)]
    fn documented<T: Serialize + Check>(&mut self, name: &'static str, field: &Field<T>, _: &'static Constraints) -> bool {
        let done = match field {
            Field::Absent => return true,
            Field::Null => self.members.serialize_entry(name, &()),
            Field::Value(value) => self.members.serialize_entry(name, value),
        };
        match done {
            Ok(()) => true,
            Err(error) => {
                self.failed = Some(error);
                false
            }
        }
    }

    #[inline(always)]
    fn sampled<T: Serialize + Check>(
        &mut self,
        name: &'static str,
        field: &Field<T>,
        constraints: &'static Constraints,
        extra: &Extra,
    ) -> bool {
        match extra.json(name).filter(|_| field.is_absent()) {
            Some(value) => {
                self.failed = self.members.serialize_entry(name, value).err();
                self.failed.is_none()
            }
            None => self.documented(name, field, constraints),
        }
    }

    #[inline(always)]
    fn others(&mut self, extra: &Extra, documented: &[&str], _: &[&str]) {
        self.failed = extra.put(&mut self.members, documented).err();
    }
}

struct Checker<'a, 'b> {
    at: &'a At<'a>,
    found: &'b mut Violations,
}

impl Members for Checker<'_, '_> {
    #[inline(always)]
    fn documented<T: Serialize + Check>(
        &mut self,
        name: &'static str,
        field: &Field<T>,
        constraints: &'static Constraints,
    ) -> bool {
        if field.is_value() || constraints.is_required() {
            field.check(constraints, &self.at.member(name), self.found);
        }
        true
    }

    #[inline(always)]
    fn others(&mut self, extra: &Extra, documented: &[&str], sampled: &[&str]) {
        extra.check_names(documented, sampled, self.at, self.found);
    }
}
