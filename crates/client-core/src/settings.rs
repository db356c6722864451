//! `settings!`: the settings that every client has, for a vendor's own builder around [`ClientBuilder`](crate::ClientBuilder).
//!
//! Input: nothing. Output: methods that pass their value on. Knows no vendor.

/// Writes the methods of a vendor's builder that set what client-core offers to all.
///
/// It stands in the `impl` of a struct whose only field is a [`ClientBuilder`](crate::ClientBuilder).
///
/// ```
/// pub struct ClientBuilder(client_core::ClientBuilder);
///
/// impl ClientBuilder {
///     client_core::codegen::settings!();
/// }
///
/// let builder = ClientBuilder(client_core::Client::builder("https://example.com", &[]));
/// assert!(builder.timeout(std::time::Duration::from_secs(5)).0.build().is_ok());
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __settings {
    () => {
        /// Returns what the client calls itself; by default the name and version of this crate.
        pub fn user_agent(self, value: impl Into<String>) -> Self {
            Self(self.0.user_agent(value))
        }

        /// Returns how long setting up a connection may take.
        pub fn connect_timeout(self, value: ::std::time::Duration) -> Self {
            Self(self.0.connect_timeout(value))
        }

        /// Returns how long one attempt may take, its response included.
        pub fn timeout(self, value: ::std::time::Duration) -> Self {
            Self(self.0.timeout(value))
        }

        /// Returns how long a whole call may take, with waiting and all attempts.
        pub fn deadline(self, value: ::std::time::Duration) -> Self {
            Self(self.0.deadline(value))
        }

        /// Returns how often and how soon idempotent operations are tried again.
        pub fn retries(self, value: $crate::RetryPolicy) -> Self {
            Self(self.0.retries(value))
        }

        /// The largest response that is taken, in bytes.
        pub fn max_response_size(self, value: usize) -> Self {
            Self(self.0.max_response_size(value))
        }

        /// Returns how many calls per second are sent.
        pub fn rate_limit(self, value: impl Into<Option<$crate::RateLimit>>) -> Self {
            Self(self.0.rate_limit(value))
        }

        /// Returns whether a base URL without TLS is taken although it is not this machine.
        pub fn allow_insecure(self, value: bool) -> Self {
            Self(self.0.allow_insecure(value))
        }

        /// Shows each attempt of each call to this code of the program: to sign, log, audit or cache.
        pub fn interceptor(self, value: impl $crate::Interceptor + 'static) -> Self {
            Self(self.0.interceptor(value))
        }

        /// Changes the HTTP client beneath, for proxies and certificates.
        pub fn http(
            self,
            value: impl FnOnce($crate::reqwest::ClientBuilder) -> $crate::reqwest::ClientBuilder + Clone + Send + Sync + 'static,
        ) -> Self {
            Self(self.0.http(value))
        }
    };
}
