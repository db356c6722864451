//! Operations that the vendor sends and no client can call.
//!
//! Input: the path behind `Endpoint:`, or a text. Output: what it is instead of an operation. Knows nothing of the page.

use crate::{api::Method, diagnostic::Diagnostic, document::Span};

/// What an endpoint is that is no address of the vendor's: its path is a runtime expression, or a name instead of a path.
pub(super) fn named(path: &str) -> Option<&'static str> {
    let name = !path.contains('/') && !path.contains("://");
    if path.starts_with("{$") {
        Some("a callback, which the vendor sends to an address that a request gave it")
    } else if name {
        Some("a webhook, which the vendor sends and nobody can call: it has a name instead of a path")
    } else {
        None
    }
}

/// What the page of a webhook is whose name is of several words, such as `Endpoint: POST new pet`.
pub(super) fn in_text(text: &str) -> Option<&'static str> {
    let of_line = |line: &str| {
        let mut words = line.trim().strip_prefix("Endpoint:")?.split_whitespace();
        words.next().filter(|word| Method::from_name(word).is_some_and(|method| method.name() == *word))?;
        named(words.next()?)
    };
    text.lines().find_map(of_line)
}

/// Refuses what nobody can call.
pub(super) fn refusal(span: Span, what: &str) -> Diagnostic {
    let message = format!("an operation that a client calls was expected, found {what}");
    Diagnostic::new(span, message, "leave this page out: a client cannot call it")
}
