//! Where in a body a value stands that could not be deserialized: each level adds its step to the error on its way out.
//!
//! Takes an error and the name or index of what was being deserialized. Returns the same error with that step before the
//! others. serde_json's own line and column point behind the value, and not always to the end of the same one.

use jsonptr::Token;
use serde::de::Error;

const MARK: &str = "at /";

/// Returns the error with one step more in its pointer.
#[cold]
#[inline(never)]
pub(crate) fn at<E: Error>(error: E, step: &str) -> E {
    let text = error.to_string();
    let mut pointer = Token::new(step).encoded().to_owned();
    if pointer.contains(": ") {
        // Otherwise a name could end the pointer early.
        pointer = pointer.replace(": ", ":\u{a0}");
    }
    match text.strip_prefix(MARK) {
        Some(rest) => E::custom(format_args!("{MARK}{pointer}/{rest}")),
        None => E::custom(format_args!("{MARK}{pointer}: {text}")),
    }
}

/// Splits an error's text into the pointer and what is wrong there; the pointer is empty where the body itself is meant.
pub(crate) fn split(text: &str) -> (&str, &str) {
    let marked = text.strip_prefix(MARK).and_then(|_| text.strip_prefix("at "));
    marked.and_then(|text| text.split_once(": ")).unwrap_or(("", text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::Error as _;
    use serde::de::value::Error;

    #[test]
    fn steps_are_put_together_from_the_inside() {
        let inner: Error = Error::custom("invalid type: null, expected a string");
        let error = at(at(at(inner, "a/b: c"), "2"), "Groups");
        assert_eq!(split(&error.to_string()), ("/Groups/2/a~1b:\u{a0}c", "invalid type: null, expected a string"));
        assert_eq!(split("at last: no"), ("", "at last: no"));
    }
}
