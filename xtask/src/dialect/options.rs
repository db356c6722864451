//! What the pages of one vendor have of their own within a dialect.
//!
//! Takes words from `[dialect]` of a manifest. Gives them to the reader of a page. Decides nothing, and has no word itself.

/// Words that only one vendor's pages have. Without any, a page is read by the words of its dialect alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `credential-headers`: request headers that carry a credential which is enough by itself.
    pub credential_headers: Vec<String>,
    /// `further-credential-headers`: request headers that carry a credential on top of the caller's own.
    pub further_credential_headers: Vec<String>,
}

/// All names of [`Options`], for the dialects that know them.
pub(super) const ALL: &[&str] = &["credential-headers", "further-credential-headers"];
