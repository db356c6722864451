//! `Check`: walks a value with its documented constraints before it is sent.
//!
//! Input: any value that can stand in a request. Output: its violations, each with the wire path. The same walk collects the
//! secrets of a request when an answer has to be shown without them.

use crate::violations::{At, Violations};
use crate::{Constraints, Extra, Field, Json, Number, Secret, Timestamp};

/// Something that can be held against documented constraints.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a member of an object",
    note = "a JSON array is a `client_core::List` and an object with any names a `client_core::Map`, which take nulls; `object!` and `string_enum!` implement `Check` for types of your own"
)]
pub trait Check {
    /// Adds to `found` what is wrong with this value, which stands at `at`.
    fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations);
}

impl Check for str {
    #[inline]
    fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations) {
        constraints.check_text(self, at, found);
    }
}

impl Check for String {
    #[inline]
    fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations) {
        constraints.check_text(self, at, found);
    }
}

impl Check for Secret {
    #[inline]
    fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations) {
        found.meet_secret(self);
        constraints.check_text(self.expose(), at, found);
    }
}

impl Check for Timestamp {
    #[inline]
    fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations) {
        constraints.check_text(self.as_str(), at, found);
    }
}

impl Check for Number {
    #[inline]
    fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations) {
        constraints.check_number(self.as_f64(), at, found);
    }
}

macro_rules! check_number {
    ($($number:ty)*) => {$(
        impl Check for $number {
            #[inline]
            // Bounds in documents are far below 2^53, where a whole number is no longer exact.
            #[allow(clippy::cast_lossless, clippy::cast_precision_loss, clippy::unnecessary_cast)]
            fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations) {
                constraints.check_number(*self as f64, at, found);
            }
        }
    )*};
}
check_number!(i8 i16 i32 i64 u8 u16 u32 u64 f32 f64);

macro_rules! check_nothing {
    ($($unlimited:ty)*) => {$(
        impl Check for $unlimited {
            #[inline]
            fn check(&self, _: &Constraints, _: &At<'_>, _: &mut Violations) {}
        }
    )*};
}
check_nothing!(() bool Json serde_json::Value);

impl<T: Check> Check for Field<T> {
    #[inline]
    fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations) {
        match self {
            Self::Value(value) => value.check(constraints, at, found),
            Self::Absent => constraints.check_absent(false, at, found),
            Self::Null => constraints.check_absent(true, at, found),
        }
    }
}

impl<T: Check> Check for Option<T> {
    fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations) {
        match self {
            Some(value) => value.check(constraints, at, found),
            None => constraints.check_absent(false, at, found),
        }
    }
}

impl<T: Check + ?Sized> Check for &T {
    fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations) {
        (**self).check(constraints, at, found);
    }
}

impl<T: Check + ?Sized> Check for Box<T> {
    fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations) {
        (**self).check(constraints, at, found);
    }
}

impl<T: Check> Check for [T] {
    fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations) {
        constraints.check_items(self.len(), at, found);
        for (index, item) in self.iter().enumerate() {
            item.check(constraints.of_each(), &at.item(index), found);
        }
    }
}

/// Items that are documented as null need no [`List`](crate::List) to take them.
impl<T: Check> Check for Vec<Option<T>> {
    fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations) {
        self.as_slice().check(constraints, at, found);
    }
}

impl Extra {
    /// A documented member belongs in its field: in `extra` it would not be written.
    #[doc(hidden)]
    pub fn check_names(&self, documented: &[&str], sampled: &[&str], at: &At<'_>, found: &mut Violations) {
        for name in self.names().filter(|name| documented.contains(name) && !sampled.contains(name)) {
            found.add(&at.member(name), crate::Problem::DocumentedInExtra);
        }
    }
}
