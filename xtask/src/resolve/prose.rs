//! What only a description says about its value.
//!
//! Takes the types of a page. A description that calls the value read-only or offers null as a value is believed, which the
//! node's `x-basis` says; one that starts with the word `Deprecated` says so itself. A sentence that only asks or denies it
//! says neither.

use crate::{
    api::{Api, Kind, Operation, Schema},
    words::says,
};

use super::subject::each_schema;

const READ_ONLY: &str = "only the prose says that it is read-only: it is taken to be readOnly";
const NULLABLE: &str = "only the prose says that it may be null: it is taken to be nullable";
const NULL_AMONG_TYPES: &str = "null is one of its types, which OpenAPI 3.0 cannot say beside `anyOf`: it is not carried";

/// Reads the descriptions of all properties, parameters and operations.
pub(super) fn settle(api: &mut Api) {
    each_schema(api, |schema, _| within(schema));
    for Operation { summary, description, deprecated, parameters, .. } in &mut api.operations {
        *deprecated |= summary.as_deref().is_some_and(marks_deprecated) || description.as_deref().is_some_and(says_deprecated);
        for parameter in parameters {
            parameter.schema.deprecated |= parameter.description.as_deref().is_some_and(says_deprecated);
        }
    }
}

fn within(schema: &mut Schema) {
    match &mut schema.kind {
        Kind::Object(properties) => {
            for property in properties.values_mut() {
                value(&mut property.schema);
                within(&mut property.schema);
            }
        }
        Kind::Array(inner) | Kind::Map(inner) => within(inner),
        Kind::AnyOf(alternatives) => {
            alternatives.iter_mut().for_each(|alternative| within(&mut alternative.schema));
            if schema.nullable {
                schema.origin.infer(NULL_AMONG_TYPES);
            }
        }
        _ => {}
    }
}

fn value(schema: &mut Schema) {
    let Some(text) = schema.description.as_deref() else { return };
    schema.deprecated |= says_deprecated(text);
    let read_only = !schema.read_only && says_read_only(text);
    let nullable = !schema.nullable && says_nullable(text);
    if read_only {
        schema.read_only = true;
        schema.origin.infer(READ_ONLY);
    }
    if nullable {
        schema.nullable = true;
        schema.origin.infer(NULLABLE);
    }
}

/// Whether a heading has a mark such as `Create ship (deprecated)`.
fn marks_deprecated(heading: &str) -> bool {
    ["(deprecated)", "[deprecated]", "deprecated:"].iter().any(|mark| says(heading, mark))
}

fn says_deprecated(description: &str) -> bool {
    let start = description.trim_start_matches(['*', '[', '_', ' ']);
    ["Deprecated", "Obsolete"].iter().any(|word| {
        let ends = start.get(word.len()..).is_none_or(|rest| !rest.starts_with(char::is_alphanumeric));
        ends && start.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
    })
}

fn says_read_only(text: &str) -> bool {
    const WORDS: [&str; 3] = ["read-only", "read only", "readonly"];
    if !says(text, "read") {
        return false;
    }
    sentences(text).any(|sentence| {
        WORDS.iter().any(|word| {
            let Some((before, after)) = sentence.split_once(word) else { return false };
            let marked = before.ends_with(['[', '(', '*', '_']) || before.trim().is_empty() && ends(after);
            let called = ["is ", "are ", "is only ", "as "].iter().any(|verb| before.ends_with(verb));
            let field = before.ends_with("a ")
                && ["field", "property", "value", "attribute"].iter().any(|noun| after.trim_start().starts_with(noun));
            (marked || called || field) && claims(before)
        })
    })
}

fn ends(after: &str) -> bool {
    after.trim_start().chars().next().is_none_or(|char| !char.is_alphanumeric())
}

fn says_nullable(text: &str) -> bool {
    const OFFERS: [&str; 5] = ["set it to null", "set to null", "can be null", "may be null", "null is allowed"];
    if !says(text, "null") {
        return false;
    }
    sentences(text)
        .any(|sentence| OFFERS.iter().any(|offer| sentence.split_once(offer).is_some_and(|(before, _)| claims(before))))
}

/// Whether what stands before in the sentence neither denies nor asks.
fn claims(before: &str) -> bool {
    const DOUBTS: [&str; 9] = ["not", "never", "cannot", "whether", "if", "when", "unless", "true", "isn't"];
    !before
        .split(|char: char| !char.is_alphanumeric() && char != '\'')
        .any(|word| DOUBTS.contains(&word) || word.ends_with("n't"))
}

/// In lower case.
fn sentences(text: &str) -> impl Iterator<Item = String> {
    text.split_inclusive(['.', '!', ';', '\n'])
        .map(|sentence| sentence.trim_end_matches(['.', '!', ';', '\n']).to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_calls_a_value_read_only() {
        for text in [
            "When it was built. This field is read-only.",
            "The version. This field is only read-only.",
            "[ReadOnly] The version.",
            "The version (read-only)",
            "Read-only",
            "Read only. The version.",
            "This is a read-only field",
        ] {
            assert!(says_read_only(text), "{text}");
        }
        for text in [
            "This field is not read-only.",
            "Whether the list is read-only.",
            "True if the ship is read-only",
            "Locks the ship, so that it can be read only by its crew",
            "Makes the folder read-only",
            "A read-only user sees this.",
        ] {
            assert!(!says_read_only(text), "{text}");
        }
    }

    #[test]
    fn prose_offers_null() {
        for text in ["The mate. Can be null.", "Set it to null to remove it.", "May be null"] {
            assert!(says_nullable(text), "{text}");
        }
        for text in ["Cannot be null.", "It must not be set to null", "Nullify it.", "Tells whether it can be null"] {
            assert!(!says_nullable(text), "{text}");
        }
    }

    #[test]
    fn a_description_starts_with_its_deprecation() {
        for (text, deprecated) in [
            ("Deprecated: use B", true),
            ("**[Obsolete]** x", true),
            ("Deprecations are listed", false),
            ("Not deprecated", false),
        ] {
            assert_eq!(says_deprecated(text), deprecated, "{text}");
        }
    }
}
