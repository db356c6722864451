//! Two closures in parallel.
//!
//! Takes both. Returns the results of both. Knows nothing of what they do.

use std::{panic, thread};

/// Runs `here` on this thread and `beside` on another one, and returns both results. A panic of either goes on in the caller.
pub(crate) fn join<A, B: Send>(here: impl FnOnce() -> A, beside: impl FnOnce() -> B + Send) -> (A, B) {
    thread::scope(|scope| {
        let beside = scope.spawn(beside);
        let here = here();
        (here, beside.join().unwrap_or_else(|payload| panic::resume_unwind(payload)))
    })
}
