//! Faults on the way: statuses, delays and lost connections. Knows no vendor.

use std::time::Duration;

use client_core::serde_json::Value;

use super::exchange::{Reply, Request};

/// A fault that happens to some requests.
///
/// ```
/// use vendor_users::testing::Fault;
///
/// // Every third save is done, and its response is lost.
/// let lost = Fault::reset_after().on("PUT", "users").every(3);
/// // The next two requests are refused.
/// let busy = Fault::status(429).times(2);
/// # let _ = (lost, busy);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Fault {
    method: Option<String>,
    segment: Option<String>,
    every: u32,
    times: u32,
    met: u32,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Reply(Reply),
    ResetBefore,
    ResetAfter,
    Delay(Duration),
}

/// What happens to one request.
#[derive(Debug, Default)]
pub(super) struct Happening {
    pub(super) delay: Option<Duration>,
    pub(super) reply: Option<Reply>,
    pub(super) reset_before: bool,
    pub(super) reset_after: bool,
}

impl Fault {
    const fn of(what: What) -> Self {
        Self { method: None, segment: None, every: 1, times: u32::MAX, met: 0, what }
    }

    /// Returns a status without a body; the vendor does not see the request.
    pub const fn status(status: u16) -> Self {
        Self::of(What::Reply(Reply { status, headers: Vec::new(), body: None }))
    }

    /// This response; the vendor does not see the request.
    pub const fn reply(reply: Reply) -> Self {
        Self::of(What::Reply(reply))
    }

    /// Returns a status with this body; the vendor does not see the request.
    pub const fn json(status: u16, body: Value) -> Self {
        Self::of(What::Reply(Reply { status, headers: Vec::new(), body: Some(body) }))
    }

    /// The connection is lost before the vendor sees the request.
    pub const fn reset() -> Self {
        Self::of(What::ResetBefore)
    }

    /// The vendor does what it is asked for, and the connection is lost before the response.
    pub const fn reset_after() -> Self {
        Self::of(What::ResetAfter)
    }

    /// The request is held up for this long.
    pub const fn delay(delay: Duration) -> Self {
        Self::of(What::Delay(delay))
    }

    /// Only for requests of this method whose path has this segment; an empty text stands for any.
    pub fn on(mut self, method: impl Into<String>, segment: impl Into<String>) -> Self {
        self.method = Some(method.into()).filter(|method| !method.is_empty());
        self.segment = Some(segment.into()).filter(|segment| !segment.is_empty());
        self
    }

    /// Only for every n-th of these requests.
    pub const fn every(mut self, nth: u32) -> Self {
        self.every = if nth == 0 { 1 } else { nth };
        self
    }

    /// At most so often.
    pub const fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    fn is_due(&mut self, request: &Request) -> bool {
        let method = self.method.as_ref().is_none_or(|method| *method == request.method);
        let segment = self.segment.as_ref().is_none_or(|segment| request.path.contains(segment));
        if !method || !segment || self.times == 0 {
            return false;
        }
        self.met += 1;
        let due = self.met.is_multiple_of(self.every);
        if due {
            self.times -= 1;
        }
        due
    }
}

/// What happens to `request`: of several faults that would answer it, the one that was injected first.
pub(super) fn happening(faults: &mut [Fault], request: &Request) -> Happening {
    let mut happening = Happening::default();
    for fault in faults {
        if !fault.is_due(request) {
            continue;
        }
        match &fault.what {
            What::Reply(reply) => drop(happening.reply.get_or_insert_with(|| reply.clone())),
            What::ResetBefore => happening.reset_before = true,
            What::ResetAfter => happening.reset_after = true,
            What::Delay(delay) => happening.delay = Some(*delay),
        }
    }
    happening
}
