//! Two things at once.
//!
//! Knows nothing of what they are.

use std::{panic, thread};

/// Does one thing here and the other beside it, and gives both results. A panic of either is the caller's.
pub(crate) fn join<A, B: Send>(here: impl FnOnce() -> A, beside: impl FnOnce() -> B + Send) -> (A, B) {
    thread::scope(|scope| {
        let beside = scope.spawn(beside);
        let here = here();
        (here, beside.join().unwrap_or_else(|payload| panic::resume_unwind(payload)))
    })
}
