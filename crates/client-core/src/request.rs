//! `request!`: the request of one operation, with its options, sent when it is awaited.
//!
//! Takes a name, the operation's method and the types of its response and of its error. Makes a struct around a
//! [`Call`](crate::Call), so that an option or an optional parameter more changes no signature. Knows no vendor.

/// Makes the request of one operation: a struct that is sent when it is awaited.
///
/// ```
/// use client_core::{Call, Client, Json, Method, Operation, Retry};
/// use std::time::Duration;
///
/// static GET_USER: Operation =
///     Operation::new("GetUser", Method::Get, "/users/{id}").success(&[200]).retry(Retry::Idempotent);
///
/// pub struct Users(Client);
///
/// impl Users {
///     pub fn get_user(&self, id: &str) -> GetUser<'_> {
///         GetUser::new(self.0.call(&GET_USER).path("id", id))
///     }
/// }
/// client_core::codegen::request!(pub GetUser of Users::get_user -> Json, Json);
///
/// # async fn example(users: Users) -> Result<(), client_core::Error<Json>> {
/// let user = users.get_user("ann").timeout(Duration::from_secs(5)).header("x-trace", "7").retry(false).await?;
/// # Ok(())
/// # }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __request {
    (@ $vis:vis, $name:ident $client:ident $method:ident ($response:ty) ($error:ty) $send:ident) => {
        #[doc = concat!("The request of [`", stringify!($client), "::", stringify!($method), "`], which is sent when it is awaited.")]
        #[derive(Debug)]
        #[must_use = "a request is sent when it is awaited"]
        $vis struct $name<'a> {
            call: $crate::Call<'a>,
        }

        impl<'a> $name<'a> {
            fn new(call: $crate::Call<'a>) -> Self {
                Self { call }
            }

            /// Sets how long one attempt may take, instead of what the client's builder says.
            $vis fn timeout(self, limit: ::std::time::Duration) -> Self {
                Self { call: self.call.timeout(limit) }
            }

            /// Adds a header, or replaces one of the same name. Credentials cannot be replaced by it.
            $vis fn header(self, name: &'static str, value: impl ::core::convert::AsRef<str>) -> Self {
                Self { call: self.call.header(name, value.as_ref()) }
            }

            /// Sets whether the call may be sent more than once. By default that is what is safe for the operation.
            $vis fn retry(self, retry: bool) -> Self {
                Self { call: self.call.retry(retry) }
            }

            /// Keeps the bytes of the response's body, for [`Response::bytes`](client_core::Response::bytes).
            $vis fn keep_bytes(self) -> Self {
                Self { call: self.call.keep_bytes() }
            }
        }

        impl<'a> ::core::future::IntoFuture for $name<'a> {
            type Output = ::core::result::Result<$crate::Response<$response>, $crate::Error<$error>>;
            type IntoFuture = $crate::BoxFuture<'a, Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(self.call.$send())
            }
        }
    };
    ($vis:vis $name:ident of $client:ident::$method:ident -> (), $error:ty) => {
        $crate::__request!(@ $vis, $name $client $method (()) ($error) send_empty);
    };
    ($vis:vis $name:ident of $client:ident::$method:ident -> $response:ty, $error:ty) => {
        $crate::__request!(@ $vis, $name $client $method ($response) ($error) send);
    };
}
