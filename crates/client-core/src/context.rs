//! Which call an error is about, and what all of its attempts have done.

use std::fmt;
use std::sync::Arc;

/// Which call it was, and what is known of its attempts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallContext {
    /// The vendor's title, such as "VBA Software"; empty where the client has none.
    pub vendor: &'static str,
    /// The host that the client sends to.
    pub host: Arc<str>,
    /// The `operationId`.
    pub operation: &'static str,
    /// How often the request was sent, or a connection for it tried.
    pub attempts: u32,
    /// Whether any of the attempts may have taken effect.
    pub may_have_arrived: bool,
    /// Whether the method is safe ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1)): such a call only reads.
    pub safe: bool,
}

impl CallContext {
    /// What a call does that was sent and has no proven result; empty for one that only reads.
    pub(crate) const fn effect(&self) -> &'static str {
        if self.safe { "" } else { "; it may have taken effect" }
    }
}

impl fmt::Display for CallContext {
    /// The vendor, the operation and the host.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.vendor.is_empty() {
            write!(to, "{} ", self.vendor)?;
        }
        to.write_str(self.operation)?;
        if self.host.is_empty() { Ok(()) } else { write!(to, " at {}", self.host) }
    }
}
