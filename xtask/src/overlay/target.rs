//! The JSONPath (RFC 9535) that names what an action changes.
//!
//! Input: the text of a path, then a specification. Output: the pointers of what it selects, or how far it leads.
//! Paths whose cost could grow beyond reason are refused. Knows nothing of what is done with what is found.

use serde_json::Value;
use serde_json_path::JsonPath;

use crate::nodes::Pointer;

/// A path that has been read.
#[derive(Clone, Debug)]
pub(super) struct Target {
    text: String,
    path: JsonPath,
}

/// The parser tries several readings of each nested filter, and each `..` and `,` multiplies what is selected: far
/// above what a correction needs, far below what takes noticeable time.
const MAX_CHARS: usize = 1000;
const MAX_NESTING: usize = 6;
const MAX_DESCENTS: usize = 2;
const MAX_COMMAS: usize = 12;

impl Target {
    /// Reads a path.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        guard(text)?;
        match JsonPath::parse(text) {
            Ok(path) => Ok(Self { text: text.to_owned(), path }),
            Err(error) => Err(format!("this is not a JSONPath of RFC 9535: {error}")),
        }
    }

    /// The path as written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Everything that the path selects, each once, in the order of the document.
    pub(super) fn find(&self, value: &Value) -> Vec<Pointer> {
        let mut seen = std::collections::HashSet::new();
        let nodes = self.path.query_located(value);
        let pointers = nodes.locations().filter_map(|location| Pointer::parse(&location.to_json_pointer()));
        pointers.filter(|pointer| seen.insert(pointer.clone())).collect()
    }

    /// Where a path that selects nothing stops leading somewhere, for a person.
    pub(super) fn dead_end(&self, value: &Value) -> String {
        // A path that selects something does so when it is cut short, too.
        let query = |cut: usize| Some(JsonPath::parse(self.text.get(..cut)?).ok()?.query(value).first());
        let cuts = segment_starts(&self.text);
        let leading = cuts.partition_point(|&cut| query(cut).flatten().is_some());
        if let Some(&cut) = leading.checked_sub(1).and_then(|last| cuts.get(last))
            && let Some(found) = query(cut).flatten()
        {
            let next = cuts.get(leading).copied().unwrap_or(self.text.len());
            let (head, tail) = (self.text.get(..cut), self.text.get(cut..next));
            return format!(
                "`{}` is there, `{}` below it is not; {}",
                head.unwrap_or("$"),
                tail.unwrap_or_default(),
                members(found)
            );
        }
        "not even its first step is there".to_owned()
    }
}

/// What a value has that a path could go on with.
fn members(value: &Value) -> String {
    const SHOWN: usize = 8;
    match value {
        Value::Object(object) => {
            let names: Vec<String> = object.keys().take(SHOWN).map(|name| format!("`{name}`")).collect();
            match object.len().saturating_sub(SHOWN) {
                0 if names.is_empty() => "it is an empty object".to_owned(),
                0 => format!("it has {}", names.join(", ")),
                more => format!("it has {} and {more} more", names.join(", ")),
            }
        }
        Value::Array(array) => format!("it is a list of {}", array.len()),
        value => format!("it is {}", super::yaml::describe(value)),
    }
}

fn guard(text: &str) -> Result<(), String> {
    if text.chars().count() > MAX_CHARS {
        return Err(format!("this path has more than {MAX_CHARS} characters"));
    }
    let (mut nesting, mut descents, mut commas) = (0usize, 0, 0);
    let mut before = ' ';
    for (_, char) in outside_quotes(text) {
        match char {
            '[' | '(' => nesting += 1,
            ']' | ')' => nesting = nesting.saturating_sub(1),
            '.' if before == '.' && nesting > 0 => return Err("`..` inside brackets is not read".to_owned()),
            '.' if before == '.' => descents += 1,
            ',' => commas += 1,
            _ => {}
        }
        if nesting > MAX_NESTING {
            return Err(format!("this path nests brackets more than {MAX_NESTING} deep"));
        }
        before = char;
    }
    if descents > MAX_DESCENTS {
        return Err(format!("this path has more than {MAX_DESCENTS} `..`"));
    }
    if commas > MAX_COMMAS {
        return Err(format!("this path has more than {MAX_COMMAS} alternatives"));
    }
    Ok(())
}

/// The byte positions after the root where a segment starts at the outermost level.
fn segment_starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let (mut nesting, mut before) = (0usize, ' ');
    for (at, char) in outside_quotes(text) {
        let opens = char == '[' || (char == '.' && before != '.');
        // `..[` is one segment.
        if nesting == 0 && opens && !(char == '[' && before == '.') {
            starts.push(at);
        }
        match char {
            '[' | '(' => nesting += 1,
            ']' | ')' => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        before = char;
    }
    starts
}

/// The characters that are not part of a quoted name or string.
fn outside_quotes(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote = None;
    let mut escaped = false;
    text.char_indices().filter(move |&(_, char)| match quote {
        None => {
            quote = matches!(char, '\'' | '"').then_some(char);
            quote.is_none()
        }
        Some(open) => {
            if escaped {
                escaped = false;
            } else if char == '\\' {
                escaped = true;
            } else if char == open {
                quote = None;
            }
            false
        }
    })
}
