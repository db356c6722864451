//! Progress of a run, step by step.
//!
//! Input: each step, as it begins. Output: the same, to the one observer that the command line may set.
//! Knows nothing of terminals.

use std::sync::OnceLock;

/// A step that begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// This many more pages are to be read.
    Pages(usize),
    /// One of them is being read.
    Page(&'a str),
    /// Something else is done with what was read.
    Stage(&'a str),
}

type Observer = Box<dyn Fn(Step<'_>) + Send + Sync>;

static OBSERVER: OnceLock<Observer> = OnceLock::new();

/// Tells every step from now on to `observer`; only the first observer is told.
pub fn observe(observer: impl Fn(Step<'_>) + Send + Sync + 'static) {
    let _ = OBSERVER.set(Box::new(observer));
}

pub(crate) fn tell(step: Step<'_>) {
    if let Some(observer) = OBSERVER.get() {
        observer(step);
    }
}
