//! Failures inside of answers whose status says success.
//!
//! In: the vendor's rules and a body. Out: the pointer of the first rule that matches. A body is parsed only if a rule may
//! match: most answers have `"error":null` or no such member at all, and a look at the bytes tells.

use crate::operation::{Failure, Scalar, When};
use memchr::memmem;
use serde_json::Value;

/// The pointer of the first rule that matches.
pub(crate) fn find<'r>(rules: impl Iterator<Item = &'r Failure>, body: &[u8]) -> Option<&'static str> {
    let mut parsed: Option<Value> = None;
    for rule in rules {
        if !may_match(rule, body) {
            continue;
        }
        let value = match &mut parsed {
            Some(value) => value,
            // What is not JSON has no failure in it; decoding it will say so.
            None => parsed.insert(serde_json::from_slice(body).ok()?),
        };
        let segments: Vec<_> = rule.at.split('/').skip(1).collect();
        if matches_at(value, &segments, rule.when) {
            return Some(rule.at);
        }
    }
    None
}

fn matches_at(value: &Value, segments: &[&str], when: When) -> bool {
    let Some((segment, rest)) = segments.split_first() else {
        return is_failure(value, when);
    };
    match (value, *segment) {
        (Value::Object(members), "*") => members.values().any(|value| matches_at(value, rest, when)),
        (Value::Array(items), "*") => items.iter().any(|value| matches_at(value, rest, when)),
        (Value::Object(members), name) => {
            let name = name.replace("~1", "/").replace("~0", "~");
            members.get(&name).is_some_and(|value| matches_at(value, rest, when))
        }
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

/// Whether a look at the bytes leaves it open that the rule matches. Never wrong about a no, but for member names that a
/// vendor writes with escapes.
fn may_match(rule: &Failure, body: &[u8]) -> bool {
    let Some(name) = memchr::memrchr(b'/', rule.at.as_bytes()).and_then(|at| rule.at.get(at + 1..)) else {
        return match rule.when {
            When::Null => body.trim_ascii() == b"null",
            When::Present | When::Not(_) => true,
        };
    };
    if name == "*" || name.contains('~') || name.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    memmem::find_iter(body, name).any(|at| {
        let (before, after) = (at.checked_sub(1).and_then(|at| body.get(at)), body.get(at + name.len()..).unwrap_or_default());
        let Some(after) = after.strip_prefix(b"\"").filter(|_| before == Some(&b'"')) else {
            return false;
        };
        let Some(value) = after.trim_ascii_start().strip_prefix(b":").map(<[u8]>::trim_ascii_start) else {
            return false;
        };
        match rule.when {
            When::Null => value.starts_with(b"null"),
            When::Present => ![&b"null"[..], b"\"\"", b"{}", b"[]"].iter().any(|empty| value.starts_with(empty)),
            When::Not(good) => !value.starts_with(b"null") && !good.iter().any(|scalar| begins_with(value, *scalar)),
        }
    })
}

fn begins_with(value: &[u8], scalar: Scalar) -> bool {
    let rest = match scalar {
        Scalar::Text(text) => {
            value.strip_prefix(b"\"").and_then(|value| value.strip_prefix(text.as_bytes())?.strip_prefix(b"\""))
        }
        Scalar::Integer(number) => value.strip_prefix(number.to_string().as_bytes()),
        Scalar::Bool(truth) => value.strip_prefix(if truth { &b"true"[..] } else { b"false" }),
    };
    rest.is_some_and(|rest| matches!(rest.trim_ascii_start(), [b',' | b'}' | b']', ..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_find_what_they_describe_and_nothing_else() {
        let present = |at| Failure { at, when: When::Present };
        let code = Failure { at: "/loginResponse/*/ErrorCode", when: When::Not(&[Scalar::Text("0"), Scalar::Integer(0)]) };
        let null = Failure { at: "", when: When::Null };
        let table: &[(Failure, &str, bool)] = &[
            (null, "null", true),
            (null, " null\n", true),
            (null, "{}", false),
            (null, "", false),
            (present("/error"), r#"{"data":1,"error":null}"#, false),
            (present("/error"), r#"{"data":1}"#, false),
            (present("/error"), r#"{"error":{}}"#, false),
            (present("/error"), r#"{"error" : { } }"#, false),
            (present("/error"), r#"{"error":""}"#, false),
            (present("/error"), r#"{"error":{"title":"no"}}"#, true),
            (present("/error"), r#"{"error":false}"#, true),
            (present("/error"), r#"{"data":{"error":"inner"}}"#, false),
            (present("/error"), r#"{"data":"\"error\":1","error":null}"#, false),
            (present("/error"), r#"{"note":"error"}"#, false),
            (present("/error"), r#"{"error":{"cut"#, false),
            (present("/errors/0"), r#"{"errors":["x"]}"#, true),
            (present("/a~1b"), r#"{"a/b":1}"#, true),
            (code, r#"{"loginResponse":[{"ErrorCode":"0","SessionID":"x"}]}"#, false),
            (code, r#"{"loginResponse":[{"ErrorCode":0}]}"#, false),
            (code, r#"{"loginResponse":[{"ErrorCode":null}]}"#, false),
            (code, r#"{"loginResponse":[{"ErrorCode":"0"},{"ErrorCode":"07"}]}"#, true),
            (code, r#"{"loginResponse":[{"ErrorCode":10}]}"#, true),
            (code, r#"{"loginResponse":[]}"#, false),
        ];
        for (rule, body, expected) in table {
            assert_eq!(find([rule].into_iter(), body.as_bytes()).is_some(), *expected, "{} in {body}", rule.at);
            assert!(may_match(rule, body.as_bytes()) || !expected, "a look at the bytes must not miss {} in {body}", rule.at);
        }
    }
}
