//! What one field says: its type, and the values that end its text.
//!
//! Input: the text in a field's parentheses, and the text after them. Output: a type and its values. Knows nothing of
//! the fields around it.

use serde_json::Value;
use smallvec::SmallVec;

use super::text::{skip_blank, starts_word};
use crate::{
    api::{Kind, Named},
    words,
};

/// What the parentheses of a field say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Types<'a> {
    /// All types but null, each once, in the order of the page.
    pub(super) names: SmallVec<[&'a str; 2]>,
    pub(super) nullable: bool,
    pub(super) required: bool,
    pub(super) deprecated: bool,
    pub(super) read_only: bool,
}

impl<'a> Types<'a> {
    /// Reads the parentheses after a name; `None` where they cannot be a field's.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let mut types = Self::default();
        for word in text.split(',').map(str::trim) {
            let first = types.names.is_empty() && !types.nullable;
            match word {
                "null" => types.nullable = true,
                name if type_of(name).is_some() => {
                    if !types.names.contains(&name) {
                        types.names.push(name);
                    }
                }
                // A type stands first.
                _ if first => return None,
                "required" => types.required = true,
                "nullable" => types.nullable = true,
                "deprecated" => types.deprecated = true,
                "read-only" | "readOnly" => types.read_only = true,
                _ => return None,
            }
        }
        Some(types)
    }

    /// The types of an object.
    pub(super) fn object() -> Self {
        Self { names: smallvec::smallvec!["object"], ..Self::default() }
    }

    /// The one kind that carries all of them; `None` where only "any value" does.
    pub(super) fn kind(&self) -> Option<(Type, Option<&'static str>)> {
        let mut types = self.names.iter().filter_map(|name| type_of(name));
        let Some(first) = types.next() else { return Some((Type::Any, None)) };
        let numeric = |name: Type| matches!(name, Type::Integer | Type::Number);
        types.try_fold(first, |(left, format), (right, other)| {
            if left == right {
                Some((left, format.filter(|format| other == Some(*format))))
            } else if numeric(left) && numeric(right) {
                Some((Type::Number, None))
            } else {
                None
            }
        })
    }

    /// Words that are no type of JSON Schema, such as `date`.
    pub(super) fn foreign(&self) -> impl Iterator<Item = &'a str> {
        const OWN: [&str; 7] = ["string", "integer", "number", "boolean", "array", "object", "any"];
        self.names.iter().copied().filter(|name| !OWN.contains(name))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// Whether a field of these types can have members.
    pub(super) fn can_hold(&self) -> bool {
        let scalar = |name: &&str| matches!(*name, "string" | "integer" | "number" | "boolean");
        self.names.is_empty() || !self.names.iter().all(scalar)
    }
}

/// The types of JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
    Any,
}

impl From<Type> for Kind {
    fn from(name: Type) -> Self {
        match name {
            Type::String => Self::String,
            Type::Integer => Self::Integer,
            Type::Number => Self::Number,
            Type::Boolean => Self::Boolean,
            Type::Array => Self::Array(Box::default()),
            Type::Object => Self::Object(Named::default()),
            Type::Any => Self::Unknown,
        }
    }
}

/// A type and its format. Beside JSON Schema's own words stand those that sloppy specifications use in their place.
fn type_of(name: &str) -> Option<(Type, Option<&'static str>)> {
    Some(match name {
        "string" | "text" | "str" | "enum" => (Type::String, None),
        "date" => (Type::String, Some("date")),
        "date-time" | "datetime" | "timestamp" => (Type::String, Some("date-time")),
        "uuid" | "guid" => (Type::String, Some("uuid")),
        "email" => (Type::String, Some("email")),
        "uri" | "url" => (Type::String, Some("uri")),
        "password" => (Type::String, Some("password")),
        "file" | "binary" => (Type::String, Some("binary")),
        "integer" | "int" => (Type::Integer, None),
        "int32" => (Type::Integer, Some("int32")),
        "int64" | "long" => (Type::Integer, Some("int64")),
        "number" | "decimal" | "numeric" => (Type::Number, None),
        "float" => (Type::Number, Some("float")),
        "double" => (Type::Number, Some("double")),
        "boolean" | "bool" => (Type::Boolean, None),
        "array" | "list" => (Type::Array, None),
        "object" | "map" | "dict" | "json" => (Type::Object, None),
        "any" => (Type::Any, None),
        _ => return None,
    })
}

/// What ends a field's text: `Enum: …`, `Example: …` and `Default: …`, each at most once, with JSON as their values.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Values<'a> {
    /// Length of the text before them.
    pub(super) description: usize,
    pub(super) enumeration: Vec<Value>,
    /// The field that has the same values.
    pub(super) same_as: Option<SameAs<'a>>,
    pub(super) example: Option<Box<Value>>,
    /// Where the example's JSON stands in the text.
    pub(super) example_at: std::ops::Range<usize>,
    pub(super) default: Option<Box<Value>>,
}

const MARKS: [&str; 3] = ["Enum:", "Example:", "Default:"];

/// Reads the values that end `text`: from the first mark on from where everything is marks and JSON.
pub(super) fn values(text: &str) -> Values<'_> {
    let mut from = 0;
    // A mark without a value costs what was read to see that; the budget keeps hostile text from making it quadratic.
    let mut budget = text.len().saturating_mul(8) + 1024;
    while let Some(colon) = text.get(from..).and_then(|rest| rest.find(':')).map(|at| from + at) {
        from = colon + 1;
        let Some(mark) = MARKS.into_iter().find(|mark| text.get(..from).is_some_and(|text| text.ends_with(mark))) else {
            continue;
        };
        let start = from - mark.len();
        if !starts_word(text, start) {
            continue;
        }
        if let Some(values) = marks(text, start, &mut budget) {
            return values;
        }
        if budget == 0 {
            break;
        }
    }
    Values { description: text.len(), ..Values::default() }
}

fn marks<'a>(text: &'a str, start: usize, budget: &mut usize) -> Option<Values<'a>> {
    let mut values = Values { description: start, ..Values::default() };
    let mut at = start;
    loop {
        let rest = text.get(at..)?;
        let mark = MARKS.into_iter().find(|mark| rest.starts_with(mark))?;
        let first = at + mark.len();
        if let Some((name, end)) = (mark == "Enum:").then(|| same_as(text, first)).flatten() {
            values.same_as = Some(name);
            at = skip_blank(text, end);
            if at == text.len() {
                return Some(values);
            }
            continue;
        }
        let (value, end) = json(text, first, budget)?;
        at = end;
        match mark {
            "Enum:" if values.enumeration.is_empty() => {
                values.enumeration.push(value);
                while let Some(next) = text.get(at..).and_then(|rest| rest.trim_start().strip_prefix(',')) {
                    let (value, end) = json(text, text.len() - next.len(), budget)?;
                    values.enumeration.push(value);
                    at = end;
                }
            }
            "Example:" if values.example.is_none() => {
                values.example_at = skip_blank(text, first)..end;
                values.example = Some(Box::new(value));
            }
            "Default:" if values.default.is_none() => values.default = Some(Box::new(value)),
            _ => return None,
        }
        let next = skip_blank(text, at);
        if next == text.len() {
            return Some(values);
        }
        if next == at {
            return None;
        }
        at = next;
    }
}

/// ``same as `kind` (3 values)``, ``same as `kind` in "Ship" (3 values)``
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SameAs<'a> {
    pub(super) name: &'a str,
    /// The label of the alternative that it is a field of.
    pub(super) alternative: Option<&'a str>,
    pub(super) count: Option<usize>,
}

/// Which field has the same values, and where that ends.
fn same_as(text: &str, at: usize) -> Option<(SameAs<'_>, usize)> {
    let rest = text.get(at..)?.trim_start();
    let (name, mut rest) = rest.strip_prefix("same as `")?.split_once('`')?;
    let within = rest.trim_start().strip_prefix("in ").and_then(|rest| rest.trim_start().strip_prefix('"')?.split_once('"'));
    let alternative = within.map(|(label, behind)| {
        rest = behind;
        label
    });
    let after = rest.trim_start();
    let counted = after.strip_prefix('(').and_then(|rest| rest.split_once(" values)"));
    let counted = counted.and_then(|(count, rest)| Some((count.parse().ok()?, rest)));
    let rest = counted.map_or(after, |(_, rest)| rest);
    Some((SameAs { name, alternative, count: counted.map(|(count, _)| count) }, text.len() - rest.len()))
}

/// Where the last mark in `text` starts.
pub(super) fn last_mark(text: &str) -> Option<usize> {
    let start = text.rmatch_indices(':').find_map(|(colon, _)| {
        let text = text.get(..=colon)?;
        MARKS.into_iter().find(|mark| text.ends_with(mark)).map(|mark| text.len() - mark.len())
    })?;
    starts_word(text, start).then_some(start)
}

/// Where the JSON behind the mark at `start` ends.
pub(super) fn end_of_values(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    let mark = MARKS.into_iter().find(|mark| rest.starts_with(mark))?;
    let mut budget = usize::MAX;
    let (_, mut end) = json(text, start + mark.len(), &mut budget)?;
    while let Some(next) = text.get(end..).and_then(|rest| rest.trim_start().strip_prefix(',')).filter(|_| mark == "Enum:") {
        end = json(text, text.len() - next.len(), &mut budget)?.1;
    }
    Some(end)
}

/// One JSON value and where it ends.
fn json(text: &str, at: usize, budget: &mut usize) -> Option<(Value, usize)> {
    let rest = text.get(at..)?;
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
    let value = values.next();
    let read = match &value {
        Some(Ok(_)) => values.byte_offset(),
        Some(Err(error)) => {
            let lines = rest.split_inclusive('\n').take(error.line().saturating_sub(1));
            lines.map(str::len).sum::<usize>() + error.column()
        }
        None => 0,
    };
    *budget = budget.saturating_sub(read.max(1));
    if *budget == 0 {
        return None;
    }
    let end = values.byte_offset();
    let value = words::exact(value?.ok()?, rest.get(..end)?);
    Some((value, at + end))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_end_a_text_and_prose_about_them_does_not() {
        for (text, description, enumeration, example, default) in [
            (r#"Kind Enum: "a", "b, c" Example: "a""#, "Kind ", vec![json!("a"), json!("b, c")], Some(json!("a")), None),
            ("Number\n    Example: 1", "Number\n    ", vec![], Some(json!(1)), None),
            (r#"Default: 10 Example: [{"a": "Enum: 1"}]"#, "", vec![], Some(json!([{"a": "Enum: 1"}])), Some(json!(10))),
            (r#"Say Example: "a" twice"#, r#"Say Example: "a" twice"#, vec![], None, None),
            (r#"Example: 1 Example: 2"#, "Example: 1 ", vec![], Some(json!(2)), None),
            ("Counter-Example: 2", "Counter-Example: 2", vec![], None, None),
            ("Enum: x", "Enum: x", vec![], None, None),
            ("Enum: null, 1", "", vec![json!(null), json!(1)], None, None),
        ] {
            let values = values(text);
            assert_eq!(&text[..values.description], description, "{text}");
            let (example, default) = (example.map(Box::new), default.map(Box::new));
            assert_eq!((values.enumeration, values.example, values.default), (enumeration, example, default), "{text}");
        }
    }

    #[test]
    fn types_are_read() {
        let read = |text| {
            let types = Types::read(text).unwrap();
            (types.kind(), types.nullable, types.required)
        };
        assert_eq!(read("string,null,string,null"), (Some((Type::String, None)), true, false));
        assert_eq!(read("integer,number, required"), (Some((Type::Number, None)), false, true));
        assert_eq!(read("object,array"), (None, false, false));
        assert_eq!(read("any,null, required"), (Some((Type::Any, None)), true, true));
        assert!(["see below", "required", "string, see below", ""].iter().all(|text| Types::read(text).is_none()));
    }
}
