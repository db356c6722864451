//! Time, where the platform has a clock that can be waited for.
//!
//! Input: durations. Output: moments, waits and limits on a future. On `wasm32-unknown-unknown` there is no such clock: nothing
//! passes, nothing waits, and each attempt is limited by the browser alone.

use std::time::Duration;

#[cfg(not(target_arch = "wasm32"))]
pub use native::pause;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::{Moment, within};
#[cfg(target_arch = "wasm32")]
pub use timeless::pause;
#[cfg(target_arch = "wasm32")]
pub(crate) use timeless::{Moment, within};

/// Whether a call can wait and try again.
pub(crate) const CAN_WAIT: bool = cfg!(not(target_arch = "wasm32"));

/// The longest wait: for lack of a calendar, thirty years.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(86_400 * 365 * 30);

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use super::{Duration, LONGEST_WAIT};
    use tokio::time::Instant;

    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub(crate) struct Moment(Instant);

    impl Moment {
        pub(crate) fn now() -> Self {
            Self(Instant::now())
        }

        /// The moment so much later.
        pub(crate) fn after(self, wait: Duration) -> Self {
            Self(self.0.checked_add(wait.min(LONGEST_WAIT)).unwrap_or(self.0))
        }

        /// How long it is until then from an earlier moment; nothing if it has passed.
        pub(crate) fn since(self, earlier: Self) -> Duration {
            self.0.saturating_duration_since(earlier.0)
        }
    }

    /// Waits. On `wasm32-unknown-unknown`, which has no clock to wait for, it returns at once.
    pub async fn pause(wait: Duration) {
        tokio::time::sleep(wait).await;
    }

    /// What the future gives, or an error if the moment comes first. No `async fn`, which would hold the future twice.
    pub(crate) fn within<F: Future>(limit: Moment, future: F) -> tokio::time::Timeout<F> {
        tokio::time::timeout_at(limit.0, future)
    }
}

#[cfg(target_arch = "wasm32")]
mod timeless {
    use super::Duration;

    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub(crate) struct Moment(());

    impl Moment {
        pub(crate) fn now() -> Self {
            Self(())
        }

        pub(crate) fn after(self, _: Duration) -> Self {
            self
        }

        pub(crate) fn since(self, _: Self) -> Duration {
            Duration::MAX
        }
    }

    /// Waits. On `wasm32-unknown-unknown`, which has no clock to wait for, it returns at once.
    pub async fn pause(_: Duration) {}

    pub(crate) async fn within<F: Future>(_: Moment, future: F) -> Result<F::Output, ()> {
        Ok(future.await)
    }
}
