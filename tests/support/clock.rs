//! How long a piece of work takes, whatever else the machine does.

use std::{
    fs,
    time::{Duration, Instant},
};

/// The time that this thread was running, where the system tells it; other programs on the machine do not count then.
pub(crate) fn time(work: impl FnOnce()) -> Duration {
    let running = || {
        let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
    };
    let (clock, start) = (Instant::now(), running());
    work();
    match (start, running()) {
        (Some(start), Some(end)) => end.saturating_sub(start),
        _ => clock.elapsed(),
    }
}
