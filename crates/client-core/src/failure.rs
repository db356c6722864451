//! The vendor's rules that tell a failure in a response whose status says success.
//!
//! Takes rules and a JSON value. Returns the pointer of the first rule that finds a failure. Parses nothing.

use crate::operation::{Failure, Scalar, When};
use jsonptr::Token;
use serde_json::Value;
use std::borrow::Cow;

/// Returns the pointer of the first rule that finds a failure in the body.
pub(crate) fn find(rules: &'static [Failure], body: &Value) -> Option<&'static str> {
    rules.iter().find(|rule| matches_at(body, &segments(rule), rule.when)).map(|rule| rule.at)
}

/// Whether the rule finds a failure in a member of the body that its pointer goes through.
pub(crate) fn matches_below(rule: &Failure, member: &Value) -> bool {
    segments(rule).split_first().is_some_and(|(_, rest)| matches_at(member, rest, rule.when))
}

/// A segment of a JSON pointer as the name that it stands for.
pub(crate) fn unescaped(segment: &str) -> Cow<'_, str> {
    match Token::from_encoded(segment) {
        Ok(token) if segment.contains('~') => token.decoded().into_owned().into(),
        _ => segment.into(),
    }
}

fn segments(rule: &Failure) -> Vec<&'static str> {
    rule.at.split('/').skip(1).collect()
}

fn matches_at(value: &Value, segments: &[&str], when: When) -> bool {
    let Some((segment, rest)) = segments.split_first() else {
        return is_failure(value, when);
    };
    match (value, *segment) {
        (Value::Object(members), "*") => members.values().any(|value| matches_at(value, rest, when)),
        (Value::Array(items), "*") => items.iter().any(|value| matches_at(value, rest, when)),
        (Value::Object(members), name) => members.get(&*unescaped(name)).is_some_and(|value| matches_at(value, rest, when)),
        (Value::Array(items), index) => {
            let item = index.parse().ok().and_then(|index: usize| items.get(index));
            item.is_some_and(|value| matches_at(value, rest, when))
        }
        _ => false,
    }
}

fn is_failure(value: &Value, when: When) -> bool {
    match when {
        When::Null => value.is_null(),
        When::Present => match value {
            Value::Null => false,
            Value::Object(members) => !members.is_empty(),
            Value::Array(items) => !items.is_empty(),
            Value::String(text) => !text.is_empty(),
            Value::Bool(_) | Value::Number(_) => true,
        },
        When::Not(good) => !value.is_null() && !good.iter().any(|scalar| equals(value, *scalar)),
    }
}

fn equals(value: &Value, scalar: Scalar) -> bool {
    match scalar {
        Scalar::Text(text) => value.as_str() == Some(text),
        Scalar::Integer(number) => value.as_i64() == Some(number),
        Scalar::Bool(truth) => value.as_bool() == Some(truth),
    }
}
