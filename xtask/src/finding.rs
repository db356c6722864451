//! What a reader of a specification must know about how it came to be.
//!
//! Input: contradictions, assumptions, losses and corrections, as they are met. Output: the same, to be written to
//! `findings.md`. Knows nothing of where they came from beyond their places.

use crate::document::Span;

/// Why a finding was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// Two places of the documents disagree; a rule decided.
    Contradiction,
    /// The documents do not say it; a rule inferred it.
    Assumption,
    /// The documents say it, and what follows cannot carry it.
    Loss,
    /// An overlay changed it.
    Correction,
}

/// One thing worth knowing, with its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Why it was written down.
    pub kind: FindingKind,
    /// What it is about, such as `User.Preferences` or `PUT /users/{id}`.
    pub subject: String,
    /// What was found, what was decided, and by which rule.
    pub text: String,
    /// All places that matter, the one that won first.
    pub spans: Vec<Span>,
}

impl Finding {
    /// A finding of `kind` about `subject`.
    #[must_use]
    pub fn new(kind: FindingKind, subject: impl Into<String>, text: impl Into<String>, spans: Vec<Span>) -> Self {
        Self { kind, subject: subject.into(), text: text.into(), spans }
    }
}
