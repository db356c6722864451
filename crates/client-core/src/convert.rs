//! `convert!`: an object that was read becomes one of another type that is sent.
//!
//! Input: two structs made for [`object!`](crate::codegen::object!) with the same fields. Output: `From`, which keeps everything.

/// Implements `From` between two structs that have the same fields, members that are not documented included.
///
/// ```
/// use client_core::{Extra, Field};
///
/// #[derive(Debug, Default)]
/// pub struct SavedUser {
///     pub name: Field<String>,
///     pub extra: Extra,
/// }
/// #[derive(Debug, Default)]
/// pub struct User {
///     pub name: Field<String>,
///     pub extra: Extra,
/// }
/// client_core::codegen::convert!(SavedUser => User { name });
///
/// let user = User::from(SavedUser { name: "Ann".into(), ..SavedUser::default() });
/// assert_eq!(user.name.as_deref(), Some("Ann"));
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __convert {
    ($from:ident => $to:ident { $($field:ident),* $(,)? }) => {
        impl ::core::convert::From<$from> for $to {
            fn from(value: $from) -> Self {
                Self { $($field: value.$field,)* extra: value.extra }
            }
        }
    };
}
