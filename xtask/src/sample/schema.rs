//! What a sample alone says about a type.
//!
//! Input: a sample. Output: a schema in which everything is of basis `sample`. Knows nothing of tables.

use super::{Node, Value, is_integer};
use crate::api::{Kind, Named, Origin, Property, Schema, named};

/// Reason of everything that a sample alone says.
pub(crate) const SHOWN: &str = "only the sample shows it";
const COLLAPSED: &str = "the sample is collapsed here: what it holds is not shown";
const NULL: &str = "the sample only shows null here";
const MIXED: &str = "the sample shows values of different types here";

/// The type of a sample: `{}` and null are unknown, `[]` is a list of unknown, elements of a list are merged.
#[must_use]
pub fn schema(node: &Node<'_>) -> Schema {
    let shown = |kind| Schema::new(kind, Origin::sample(node.span, SHOWN));
    match &node.value {
        Value::Null => Schema { nullable: true, ..Schema::new(Kind::Unknown, Origin::sample(node.span, NULL)) },
        Value::Bool(_) => shown(Kind::Boolean),
        Value::Number(text) => shown(if is_integer(text) { Kind::Integer } else { Kind::Number }),
        Value::String(text) => Schema { format: text_format(text).map(str::to_owned), ..shown(Kind::String) },
        Value::Array(items) => {
            let mut items = items.iter().map(schema);
            let collapsed = || Schema::new(Kind::Unknown, Origin::sample(node.span, COLLAPSED));
            let mut element = items.next().unwrap_or_else(collapsed);
            for item in items {
                merge(&mut element, item);
            }
            shown(Kind::Array(Box::new(element)))
        }
        Value::Object(members) if members.is_empty() => Schema::new(Kind::Unknown, Origin::sample(node.span, COLLAPSED)),
        Value::Object(members) => {
            let mut properties: Named<Property> = named(members.len());
            for member in members {
                let mut schema = schema(&member.node);
                if let Some(first) = schema.origin.spans.first_mut() {
                    *first = member.key_span.to(member.node.span);
                }
                properties.insert(member.key.to_string(), Property::new(schema, false));
            }
            shown(Kind::Object(properties))
        }
    }
}

/// Adds what another sample of the same value shows.
pub fn merge(into: &mut Schema, other: Schema) {
    into.nullable |= other.nullable;
    match (&mut into.kind, other.kind) {
        (_, Kind::Unknown) => {}
        (Kind::Unknown, kind) => {
            into.kind = kind;
            into.format = other.format;
            into.origin = other.origin;
        }
        (Kind::Integer, Kind::Number) => into.kind = Kind::Number,
        (Kind::Number, Kind::Integer) | (Kind::Boolean, Kind::Boolean) => {}
        (Kind::Array(element), Kind::Array(more)) => merge(element, *more),
        (Kind::Object(properties), Kind::Object(more)) => {
            for (name, property) in more {
                match properties.get_mut(&name) {
                    Some(known) => merge(&mut known.schema, property.schema),
                    None => {
                        properties.insert(name, property);
                    }
                }
            }
        }
        (mine, theirs) if *mine == theirs => {
            if into.format != other.format {
                into.format = None;
            }
        }
        _ => {
            into.kind = Kind::Unknown;
            into.format = None;
            into.origin.reason = Some(MIXED.into());
        }
    }
}

/// `date-time`, `date` or `uuid` for a text that has this form.
#[must_use]
pub fn text_format(text: &str) -> Option<&'static str> {
    let bytes = text.as_bytes();
    let follows = |form: &[u8]| {
        bytes.len() >= form.len()
            && bytes.iter().zip(form).all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                b'x' => byte.is_ascii_hexdigit(),
                form => byte == form,
            })
    };
    if follows(b"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") && bytes.len() == 36 {
        return Some("uuid");
    }
    if follows(b"0000-00-00T00:00:00") {
        let rest = text.get(19..)?;
        let rest = rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(|char: char| char.is_ascii_digit()));
        let zone = rest.as_bytes();
        let offset = matches!(zone, [b'+' | b'-', a, b, b':', c, d] if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()));
        return (rest.is_empty() || rest == "Z" || offset).then_some("date-time");
    }
    (follows(b"0000-00-00") && bytes.len() == 10).then_some("date")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::Document, sample::json};

    #[test]
    fn texts_tell_their_format() {
        for (text, format) in [
            ("2024-03-28T08:12:49.3595132+00:00", Some("date-time")),
            ("2024-03-28T08:12:49Z", Some("date-time")),
            ("2024-03-28T08:12:49", Some("date-time")),
            ("2024-03-28T08:12:49 noon", None),
            ("2024-03-28", Some("date")),
            ("a2d8b2d2-1673-4f2d-a9ec-b02947160be7", Some("uuid")),
            ("sample string 6", None),
            ("", None),
        ] {
            assert_eq!(text_format(text), format, "{text}");
        }
    }

    #[test]
    fn elements_are_merged_and_collapsed_ones_unknown() {
        let text = r#"[{"a": 1, "b": null, "e": []}, {"a": 1.5, "b": "x", "c": {}, "d": true}]"#;
        let document = Document::new(0, "sample", text.to_owned());
        let schema = schema(&json(&document, document.span(0..text.len())).unwrap());
        let Kind::Array(element) = schema.kind else { panic!("{schema:?}") };
        let Kind::Object(properties) = element.kind else { panic!("{element:?}") };
        let kinds: Vec<_> = properties.iter().map(|(name, property)| (name.as_str(), &property.schema.kind)).collect();
        assert!(matches!(
            kinds.as_slice(),
            [("a", Kind::Number), ("b", Kind::String), ("e", Kind::Array(_)), ("c", Kind::Unknown), ("d", Kind::Boolean)]
        ));
        assert!(properties["b"].schema.nullable);
    }
}
