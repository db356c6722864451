//! A vendor's rate limit, kept before the vendor has to enforce it: a bucket of tokens that refills with time.
//!
//! In: the limit and a moment. Out: how long to wait before sending. Waiting itself is the caller's work.

use crate::clock::Moment;
use crate::operation::RateLimit;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The bucket. A caller takes its token at once and waits until it would have been there, so callers go in order.
#[derive(Debug)]
pub(crate) struct Bucket {
    limit: RateLimit,
    level: Mutex<(f64, Moment)>,
}

impl Bucket {
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self { limit, level: Mutex::new((f64::from(limit.burst.max(1)), Moment::now())) }
    }

    /// Takes a token: gives the wait for it, or the wait as an error if it is longer than `patience` (nothing is taken then).
    pub(crate) fn take(&self, now: Moment, patience: Duration) -> Result<Duration, Duration> {
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        let (tokens, at) = *level;
        let refilled = tokens + now.since(at).as_secs_f64() * self.limit.per_second;
        let left = refilled.min(f64::from(self.limit.burst.max(1))) - 1.0;
        let wait = Duration::try_from_secs_f64((-left / self.limit.per_second).max(0.0)).unwrap_or(Duration::MAX);
        if wait > patience {
            return Err(wait);
        }
        *level = (left, now.max(at));
        Ok(wait)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_at_once_and_then_callers_queue() {
        let bucket = Bucket::new(RateLimit { per_second: 10.0, burst: 2 });
        let now = Moment::now();
        let wait = |at: u64, patience| bucket.take(now.after(Duration::from_millis(at)), Duration::from_millis(patience));
        let ms = Duration::from_millis;
        assert_eq!(wait(0, 1000), Ok(ms(0)));
        assert_eq!(wait(0, 1000), Ok(ms(0)));
        assert_eq!(wait(0, 1000).map(|wait| wait.as_millis()), Ok(100));
        assert_eq!(wait(0, 150).map_err(|wait| wait.as_millis()), Err(200), "nothing is taken by who cannot wait");
        assert_eq!(wait(0, 1000).map(|wait| wait.as_millis()), Ok(200));
        assert_eq!(wait(10_000, 0), Ok(ms(0)), "refills, but not beyond the burst");
        assert_eq!(wait(10_000, 0), Ok(ms(0)));
        assert!(wait(10_000, 0).is_err());
    }
}
