//! A user of any vendor.
//!
//! In: nothing; the vendors' types implement it in `generated`. Out: SCIM's attributes of a user, each one optional.
//! Knows no vendor.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;

use crate::attribute::{Attribute, Value, text_attributes};

macro_rules! user {
    ($($variant:ident, $method:ident, $scim:literal, $doc:literal;)*) => {
        /// A user, whoever keeps it.
        ///
        /// No vendor has all attributes, so each one is an [`Option`]: `None` where the vendor has no property for it, or where
        /// this user has no value. The vendor's own type is still there: see [`downcast_ref`](#method.downcast_ref).
        pub trait User: Any + fmt::Debug + Send + Sync {
            /// Name of the vendor crate that the type belongs to; `None` for a user of no vendor.
            fn vendor(&self) -> Option<&'static str> {
                None
            }

            $(
                #[doc = $doc]
                fn $method(&self) -> Option<Cow<'_, str>> {
                    None
                }
            )*

            /// Whether the user may log in.
            fn active(&self) -> Option<bool> {
                None
            }

            /// The attribute named by a value instead of by a method.
            fn attribute(&self, attribute: Attribute) -> Option<Value<'_>> {
                match attribute {
                    $(Attribute::$variant => self.$method().map(Value::Text),)*
                    Attribute::Active => self.active().map(Value::Flag),
                }
            }
        }
    };
}
text_attributes!(user);

impl dyn User {
    /// The vendor's own type, with all that has no place in [`User`].
    #[must_use]
    pub fn downcast_ref<T: User>(&self) -> Option<&T> {
        (self as &dyn Any).downcast_ref()
    }
}
