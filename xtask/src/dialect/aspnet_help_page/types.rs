//! The words that a help page has for types and for their constraints.
//!
//! Input: the text of a type or of an annotation. Output: a schema, a name, constraints. Knows the vocabulary of the template
//! and how it names generic types; nothing of tables.

use foldhash::{HashMap, HashSet};
use serde_json::Number;
use smallvec::{SmallVec, smallvec};

use crate::{
    api::{Constraints, Kind, Origin, Schema},
    document::Span,
};

/// Entities of the page by the full name that it gives them.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    short: HashMap<&'a str, String>,
    taken: HashSet<String>,
}

impl<'a> Names<'a> {
    /// The names given so far, each with the full name that it stands for, where that says more.
    pub(super) fn full(&self) -> Vec<(String, String)> {
        let told = self.short.iter().filter(|(full, _)| full.contains('.'));
        let mut names: Vec<_> = told.map(|(full, short)| (short.clone(), (*full).to_owned())).collect();
        names.sort();
        names
    }

    /// The name of an entity: the last part of its full name, or two parts where that is taken.
    pub(super) fn short(&mut self, full: &'a str) -> String {
        if let Some(known) = self.short.get(full) {
            return known.clone();
        }
        let mut name = short_name(full);
        if self.taken.contains(&name) {
            let parts: Vec<&str> = full.rsplit('.').take(2).collect();
            name = parts.into_iter().rev().collect();
        }
        self.taken.insert(name.clone());
        self.short.insert(full, name.clone());
        name
    }
}

/// Name spaces out of a full name, also where it is a generic type's argument: `A.ListOfB.User` is `ListOfUser`.
fn short_name(full: &str) -> String {
    let mut name = String::new();
    let mut parts = full.split('.').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            name.push_str(part);
            break;
        }
        let word = |word: &str| {
            part.rfind(word).filter(|at| part.get(at + word.len()..).is_some_and(|rest| rest.starts_with(char::is_uppercase)))
        };
        let and = if name.is_empty() { None } else { word("And").map(|at| at + 3) };
        if let Some(end) = word("Of").map(|at| at + 2).or(and) {
            name.push_str(part.get(..end).unwrap_or_default());
        }
    }
    name
}

/// The vendor-neutral types.
const SIMPLE: [&str; 13] = [
    "string",
    "integer",
    "boolean",
    "date",
    "decimal number",
    "globally unique identifier",
    "byte",
    "signed byte",
    "unsigned integer",
    "character",
    "URI",
    "time interval",
    "Object",
];

/// Whether a text is the word for a simple type.
pub(super) fn is_simple(text: &str) -> bool {
    SIMPLE.contains(&text)
}

/// Whether a text has the form of a type; what stands between its words may be a line break.
pub(super) fn is_type(text: &str) -> bool {
    nested(text, 0)
}

fn nested(text: &str, depth: usize) -> bool {
    let text = linked(text).unwrap_or(text);
    if is_simple(text) {
        return true;
    }
    if depth >= MAX_NESTING {
        return false;
    }
    if let Some(item) = generic(text, "Collection of") {
        return nested(item, depth + 1);
    }
    if let Some((key, value)) = keyed(text, "Dictionary of").or_else(|| keyed(text, "Pair of")) {
        return nested(key, depth + 1) && nested(value, depth + 1);
    }
    let word = |char: char| char.is_alphanumeric() || "_.`<>[]+$-".contains(char);
    !text.is_empty() && text.chars().all(word) && text.starts_with(|char: char| char.is_alphabetic() || char == '_')
}

/// The name in a link to the page of a type, as Markdown made of a help page has it.
fn linked(text: &str) -> Option<&str> {
    let (name, target) = text.strip_prefix('[')?.strip_suffix(')')?.split_once("](")?;
    (target.contains("ResourceModel") && !target.contains(')')).then_some(name)
}

/// Whether a type is .NET's own for a request or a response as a whole, whose members are none of the body's.
pub(super) fn is_message(text: &str) -> bool {
    const MESSAGES: [&str; 8] = [
        "HttpResponseMessage",
        "HttpRequestMessage",
        "HttpResponse",
        "HttpContent",
        "IHttpActionResult",
        "IActionResult",
        "ActionResult",
        "ResponseMessageResult",
    ];
    let name = linked(text).unwrap_or(text).rsplit('.').next().unwrap_or_default();
    let name = name.strip_prefix("TaskOf").unwrap_or(name);
    MESSAGES.contains(&name.strip_prefix("Collection of ").unwrap_or(name))
}

/// Whether a line is where a type starts that has arguments, which may stand on the lines below.
pub(super) fn starts_generic(text: &str) -> bool {
    ["Collection of", "Dictionary of", "Pair of"]
        .iter()
        .any(|word| text.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace)))
}

/// The schema of a type; entities are referred to and named by `names`.
pub(super) fn schema<'a>(text: &'a str, span: Span, names: &mut Names<'a>) -> Schema {
    read(text, span, names, 0)
}

/// Why a `date` is a timestamp.
const TIMESTAMP: &str = "the template writes DateTime and DateTimeOffset as `date`: it is taken to be a timestamp";

/// `Collection of Collection of …` deeper than this is no type.
const MAX_NESTING: usize = 32;

fn read<'a>(text: &'a str, span: Span, names: &mut Names<'a>, depth: usize) -> Schema {
    let text = linked(text.trim()).unwrap_or(text.trim());
    let plain = |kind| Schema::new(kind, Origin::stated(span));
    let formatted = |format: &str| Schema { format: Some(format.to_owned()), ..plain(Kind::String) };
    let whole = |least: Option<i64>, most: Option<i64>| Schema {
        constraints: Constraints { minimum: least.map(Number::from), maximum: most.map(Number::from), ..Constraints::default() }
            .into(),
        ..plain(Kind::Integer)
    };
    match text {
        "string" => plain(Kind::String),
        "integer" => plain(Kind::Integer),
        "unsigned integer" => whole(Some(0), None),
        "byte" => whole(Some(0), Some(255)),
        "signed byte" => whole(Some(-128), Some(127)),
        "decimal number" => plain(Kind::Number),
        "boolean" => plain(Kind::Boolean),
        "date" => Schema { origin: Origin::inferred(span, TIMESTAMP), ..formatted("date-time") },
        "globally unique identifier" => formatted("uuid"),
        "URI" => formatted("uri"),
        "time interval" => plain(Kind::String),
        "character" => {
            let constraints = Constraints { min_length: Some(1), max_length: Some(1), ..Constraints::default() };
            Schema { constraints: constraints.into(), ..plain(Kind::String) }
        }
        "Object" | "System.Object" => plain(Kind::Unknown),
        _ if depth >= MAX_NESTING => plain(Kind::Unknown),
        _ => {
            if let Some(item) = generic(text, "Collection of") {
                // The serializer writes bytes as one text.
                if item == "byte" {
                    return formatted("byte");
                }
                return plain(Kind::Array(Box::new(read(item, span, names, depth + 1))));
            }
            if let Some((key, value)) = keyed(text, "Dictionary of") {
                let value = read(value, span, names, depth + 1);
                let map = plain(Kind::Map(Box::new(value)));
                let description = (key != "string").then(|| format!("The names are of type `{key}`."));
                return Schema { description, ..map };
            }
            if let Some((key, value)) = keyed(text, "Pair of") {
                let members = [("Key", key), ("Value", value)].map(|(name, kind)| {
                    let schema = read(kind, span, names, depth + 1);
                    (name.to_owned(), crate::api::Property::new(schema, false))
                });
                return plain(Kind::Object(members.into_iter().collect()));
            }
            plain(Kind::Reference(names.short(text)))
        }
    }
}

/// What follows the words of a generic type.
fn generic<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(words)?;
    rest.starts_with(char::is_whitespace).then(|| rest.trim_start())
}

/// Key and value of `Dictionary of string [key] and integer [value]`.
fn keyed<'a>(text: &'a str, words: &str) -> Option<(&'a str, &'a str)> {
    let (key, rest) = generic(text, words)?.strip_suffix("[value]")?.split_once("[key]")?;
    let value = generic(rest.trim_start(), "and")?;
    Some((key.trim_end(), value.trim_end()))
}

/// What an annotation says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Annotation<'a> {
    None,
    Required,
    InUri,
    InBody,
    Pattern(&'a str),
    Length(Option<u64>, Option<u64>),
    Range(Number, Number),
    Default(&'a str),
    DataType(&'a str),
    /// Of the vocabulary, with a value that no keyword of OpenAPI takes.
    Other,
}

/// Whether a text is of the vocabulary of the column `Additional information`.
pub(super) fn is_annotation(text: &str) -> bool {
    annotation(text).is_some()
}

/// Reads one annotation of the template's vocabulary.
pub(super) fn annotation(text: &str) -> Option<Annotation<'_>> {
    // Most lines are none.
    if !text.starts_with(['D', 'M', 'N', 'R', 'S']) {
        return None;
    }
    let after = |prefix: &str| text.strip_prefix(prefix);
    Some(match text {
        "None." => Annotation::None,
        "Required" => Annotation::Required,
        "Define this parameter in the request URI." => Annotation::InUri,
        "Define this parameter in the request body." => Annotation::InBody,
        _ => {
            if let Some(pattern) = after("Matching regular expression pattern: ") {
                Annotation::Pattern(pattern)
            } else if let Some(range) = after("String length: inclusive between ") {
                constraints(range, |text| text.parse().ok())
                    .map_or(Annotation::Other, |(least, most)| Annotation::Length(Some(least), Some(most)))
            } else if let Some(most) = after("Max length: ") {
                most.parse().map_or(Annotation::Other, |most| Annotation::Length(None, Some(most)))
            } else if let Some(least) = after("Min length: ") {
                least.parse().map_or(Annotation::Other, |least| Annotation::Length(Some(least), None))
            } else if let Some(range) = after("Range: inclusive between ") {
                constraints(range, number).map_or(Annotation::Other, |(least, most)| Annotation::Range(least, most))
            } else if let Some(value) = after("Default value is ") {
                Annotation::Default(value)
            } else {
                Annotation::DataType(after("Data type: ")?)
            }
        }
    })
}

/// The words that annotations start with.
const STARTS: [&str; 8] = [
    "Matching regular expression pattern: ",
    "String length: inclusive between ",
    "Range: inclusive between ",
    "Max length: ",
    "Min length: ",
    "Data type: ",
    "Default value is ",
    "Required",
];

/// Where annotations start that extraction has put into one line; `None` where the line holds one at most.
pub(super) fn starts_of_annotations(text: &str) -> Option<SmallVec<[usize; 4]>> {
    annotation_start(text)?;
    let mut starts = smallvec![0];
    for (at, _) in text.match_indices(' ') {
        // What follows a first `Required` is an annotation of its own, whether known or not.
        let follows_required = at == "Required".len() && text.starts_with("Required");
        let rest = text.get(at + 1..).unwrap_or_default();
        let alone = |rest: &str| rest.is_empty() || annotation_start(rest.trim_start()).is_some();
        let begins = |start| start != "Required" || rest.strip_prefix(start).is_some_and(alone);
        if follows_required || annotation_start(rest).is_some_and(begins) {
            starts.push(at + 1);
        }
    }
    (starts.len() > 1).then_some(starts)
}

fn annotation_start(text: &str) -> Option<&'static str> {
    if !text.starts_with(['M', 'S', 'R', 'D']) {
        return None;
    }
    STARTS.into_iter().find(|start| {
        let rest = text.strip_prefix(start);
        rest.is_some_and(|rest| *start != "Required" || rest.is_empty() || rest.starts_with(' '))
    })
}

fn constraints<T>(range: &str, read: impl Fn(&str) -> Option<T>) -> Option<(T, T)> {
    let (least, most) = range.split_once(" and ")?;
    Some((read(least)?, read(most)?))
}

fn number(text: &str) -> Option<Number> {
    text.parse::<i64>().map(Number::from).ok().or_else(|| Number::from_f64(text.parse().ok()?))
}

/// OpenAPI's format for .NET's data types; others are kept in words.
pub(super) fn format_of(data_type: &str) -> Option<&'static str> {
    Some(match data_type {
        "EmailAddress" => "email",
        "Password" => "password",
        "Url" | "ImageUrl" => "uri",
        "DateTime" => "date-time",
        "Date" => "date",
        "Time" => "time",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generic_names_lose_their_name_spaces() {
        for (full, short) in [
            ("User", "User"),
            ("ResponseOfUser", "ResponseOfUser"),
            ("A.B.Misc.Error", "Error"),
            ("A.B.ResponseOfSystem.Collections.Generic.ListOfA.B.Users.User", "ResponseOfListOfUser"),
            ("A.PairOfSystem.StringAndSystem.Int32", "PairOfStringAndInt32"),
        ] {
            assert_eq!(short_name(full), short);
        }
    }
}
