//! Values of path, query and header parameters, as text.
//!
//! Input: the program's values. Output: their texts, none when absent. Encoding and guards are not decided here.

use crate::{Field, Number, Secret, Timestamp};

/// A value that can stand in a path, a query or a header.
pub trait Param {
    /// Whether the text must not be seen.
    const SECRET: bool = false;

    /// Gives each text of the value: none when it is absent, several for a list.
    fn each(&self, put: &mut dyn FnMut(&str));
}

impl Param for str {
    fn each(&self, put: &mut dyn FnMut(&str)) {
        put(self);
    }
}

impl Param for String {
    fn each(&self, put: &mut dyn FnMut(&str)) {
        put(self);
    }
}

impl Param for bool {
    fn each(&self, put: &mut dyn FnMut(&str)) {
        put(if *self { "true" } else { "false" });
    }
}

macro_rules! by_display {
    ($($type:ty)*) => {$(
        impl Param for $type {
            fn each(&self, put: &mut dyn FnMut(&str)) {
                put(&self.to_string());
            }
        }
    )*};
}
by_display!(i8 i16 i32 i64 u8 u16 u32 u64 f32 f64);

impl Param for Number {
    fn each(&self, put: &mut dyn FnMut(&str)) {
        put(self.as_str());
    }
}

impl Param for Timestamp {
    fn each(&self, put: &mut dyn FnMut(&str)) {
        put(self.as_str());
    }
}

impl Param for Secret {
    const SECRET: bool = true;

    fn each(&self, put: &mut dyn FnMut(&str)) {
        put(self.expose());
    }
}

impl<T: Param + ?Sized> Param for &T {
    const SECRET: bool = T::SECRET;

    fn each(&self, put: &mut dyn FnMut(&str)) {
        (**self).each(put);
    }
}

impl<T: Param> Param for Option<T> {
    const SECRET: bool = T::SECRET;

    fn each(&self, put: &mut dyn FnMut(&str)) {
        if let Some(value) = self {
            value.each(put);
        }
    }
}

impl<T: Param> Param for Field<T> {
    const SECRET: bool = T::SECRET;

    fn each(&self, put: &mut dyn FnMut(&str)) {
        if let Self::Value(value) = self {
            value.each(put);
        }
    }
}

impl<T: Param> Param for [T] {
    const SECRET: bool = T::SECRET;

    fn each(&self, put: &mut dyn FnMut(&str)) {
        for value in self {
            value.each(put);
        }
    }
}

impl<T: Param> Param for Vec<T> {
    const SECRET: bool = T::SECRET;

    fn each(&self, put: &mut dyn FnMut(&str)) {
        self.as_slice().each(put);
    }
}
