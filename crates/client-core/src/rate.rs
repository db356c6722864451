//! A vendor's rate limit, kept before the vendor has to enforce it: a bucket of tokens that refills with time.
//!
//! Input: the limit and a deadline. Output: the right to send one request, in time. A caller that gives up leaves nothing behind.

use crate::clock::{self, Moment};
use crate::operation::RateLimit;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The bucket. A token is taken when it is there, and never before, so that a caller who goes away while it waits costs
/// nothing. Nobody holds a lock while waiting: a caller whose runtime stands still keeps nobody else waiting.
#[derive(Debug)]
pub(crate) struct Bucket {
    limit: RateLimit,
    level: Mutex<(f64, Moment)>,
    /// Callers that wait now.
    waiting: AtomicU32,
}

/// A place among those who wait; it ends with its caller.
struct Place<'a>(&'a AtomicU32);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Bucket {
    pub(crate) fn new(limit: RateLimit) -> Self {
        let burst = limit.burst.max(1);
        Self {
            limit: RateLimit { burst, ..limit },
            level: Mutex::new((f64::from(burst), Moment::now())),
            waiting: AtomicU32::new(0),
        }
    }

    /// Waits for a token and takes it, or gives the wait as an error if it would end after `deadline`.
    pub(crate) async fn take(&self, deadline: Moment) -> Result<(), Duration> {
        let ahead = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _place = Place(&self.waiting);
        // Who comes later does not overtake: it waits for the tokens of all who wait already, and then for its own.
        let mut needed = f64::from(ahead) + 1.0;
        while let Err(wait) = self.try_take(needed) {
            if wait > deadline.since(Moment::now()) {
                return Err(wait);
            }
            clock::pause(wait).await;
            needed = 1.0;
        }
        Ok(())
    }

    /// Takes a token if there are as many as are needed; else it says when there will be.
    fn try_take(&self, needed: f64) -> Result<(), Duration> {
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        let (tokens, at) = *level;
        let now = Moment::now().max(at);
        let tokens = (tokens + now.since(at).as_secs_f64() * self.limit.per_second).min(f64::from(self.limit.burst));
        *level = (tokens, now);
        // What is missing by a rounding error is there.
        let missing = needed - tokens;
        if missing > 1e-9 {
            return Err(Duration::try_from_secs_f64(missing / self.limit.per_second).unwrap_or(Duration::MAX));
        }
        level.0 = tokens - 1.0;
        Ok(())
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::time::Instant;

    fn soon(millis: u64) -> Moment {
        Moment::now().after(Duration::from_millis(millis))
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_goes_at_once_and_then_callers_queue() {
        let bucket = Arc::new(Bucket::new(RateLimit { per_second: 10.0, burst: 2 }));
        let start = Instant::now();
        assert_eq!(bucket.take(soon(0)).await, Ok(()));
        assert_eq!(bucket.take(soon(0)).await, Ok(()));
        assert_eq!(bucket.take(soon(50)).await, Err(Duration::from_millis(100)), "nothing is taken by who cannot wait");
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                let bucket = Arc::clone(&bucket);
                tokio::spawn(async move { bucket.take(soon(1000)).await.map(|()| start.elapsed().as_millis()) })
            })
            .collect();
        let mut times = Vec::new();
        for task in waiting {
            times.push(task.await.unwrap().unwrap());
        }
        assert!(times.iter().zip([100, 200, 300]).all(|(time, due)| time.abs_diff(due) <= 2), "{times:?}");
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(bucket.take(soon(0)).await, Ok(()), "refills, but not beyond the burst");
        assert_eq!(bucket.take(soon(0)).await, Ok(()));
        assert!(bucket.take(soon(0)).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_gives_its_place_back() {
        let bucket = Bucket::new(RateLimit { per_second: 5.0, burst: 1 });
        assert_eq!(bucket.take(soon(0)).await, Ok(()));
        for _ in 0..49 {
            assert!(tokio::time::timeout(Duration::from_millis(1), bucket.take(soon(10_000))).await.is_err());
        }
        let start = Instant::now();
        assert_eq!(bucket.take(soon(10_000)).await, Ok(()));
        assert!(start.elapsed() <= Duration::from_millis(202), "{:?}", start.elapsed());
    }
}
