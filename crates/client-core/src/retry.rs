//! When a call is retried, and after how long.
//!
//! Takes the policy, a response's status and its Retry-After. Returns waits. Whether a retry is safe stands in the operation.

use crate::clock::LONGEST_WAIT;
use crate::operation::RetryPolicy;
use backon::{BackoffBuilder, ExponentialBuilder};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::time::{Duration, SystemTime};

/// The statuses that say "later".
pub(crate) fn asks_for_later(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502 | 503 | 504)
}

/// The waits between attempts: each twice the last one, with as much again by chance, so that callers do not come in step.
pub(crate) fn delays(policy: &RetryPolicy) -> impl Iterator<Item = Duration> + use<> {
    ExponentialBuilder::new()
        .with_min_delay(policy.first_delay)
        .with_max_delay(policy.max_delay)
        .with_max_times(usize::try_from(policy.max_retries).unwrap_or(usize::MAX))
        .with_jitter()
        .build()
}

/// What `Retry-After` asks for, as seconds or as a date. A date that has passed asks for nothing more.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Digits that fit no number ask for a longer wait than any, not for none.
        return Some(text.parse().map_or(LONGEST_WAIT, Duration::from_secs).min(LONGEST_WAIT));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now()?).unwrap_or_default().min(LONGEST_WAIT))
}

fn now() -> Option<SystemTime> {
    // The wall clock panics on wasm32-unknown-unknown.
    crate::clock::CAN_WAIT.then(SystemTime::now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn asked(text: &str) -> Option<Duration> {
        retry_after(&HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_str(text).unwrap())]))
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        assert_eq!(asked("7"), Some(Duration::from_secs(7)));
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(100));
        assert!(asked(&soon).is_some_and(|wait| (98..=100).contains(&wait.as_secs())));
        for endless in ["18446744073709551615", "99999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
            assert_eq!(asked(endless), Some(LONGEST_WAIT), "{endless}");
        }
        for nonsense in ["", "soon", "-3", "1.5"] {
            assert_eq!(asked(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn waits_grow_with_jitter_and_end() {
        let policy =
            RetryPolicy { max_retries: 4, first_delay: Duration::from_millis(100), max_delay: Duration::from_millis(300) };
        let waits: Vec<_> = delays(&policy).map(|wait| wait.as_millis()).collect();
        let ranges = [(100, 200), (200, 400), (300, 600), (300, 600)];
        assert_eq!(waits.len(), ranges.len());
        for (wait, (low, high)) in waits.iter().zip(ranges) {
            assert!((low..=high).contains(wait), "{waits:?}");
        }
        assert_eq!(delays(&RetryPolicy::NONE).count(), 0);
    }
}
