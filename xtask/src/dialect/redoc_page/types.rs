//! The line that says a value's type, such as `string or null <= 255 characters`.
//!
//! Input: one line. Output: a type with its format and constraints. Knows nothing of the lines around it.

use serde_json::Number;
use smallvec::SmallVec;

use super::{
    pattern::{Pattern, SHOWN_BY, constrain, innermost},
    shape::{self, MAX_DEPTH, Shape, kind},
    union,
};
use crate::api::{Constraints, Kind, Schema};

/// Reads a whole line; `None` where any of it is not a type's.
pub(super) fn read(line: &str) -> Option<Shape> {
    if let Some(union) = union::read(line) {
        return Some(union);
    }
    // Most lines are none, and their first letter tells.
    if !line.starts_with(['A', 'a', 'b', 'f', 'i', 'n', 'o', 's']) {
        return None;
    }
    let mut rest = line.trim();
    let mut depth = 0;
    while let Some(inner) = rest.strip_prefix("Array of ") {
        rest = inner.trim_start();
        depth += 1;
        if depth > MAX_DEPTH {
            return None;
        }
    }
    // Of the rest, the first word tells before anything is made.
    kind(rest.split(|char: char| !char.is_ascii_alphabetic()).next()?)?;
    let mut shape = Shape::default();
    let mixed = depth > 0 && union::parts(rest).skip(1).any(union::is_single);
    let rest = base(rest, &mut shape)?;
    if mixed {
        // The list is one of several types, and not a list of them.
        (shape.schema.kind, depth) = (Kind::Unknown, 0);
        shape.lost = vec![format!("the types {}; carried is any value", line.trim())];
    }
    // A title stands behind a blank, and a pattern is glued to the type.
    let rest = match rest.strip_prefix('(').filter(|_| bounds(rest).is_none()) {
        Some(_) => {
            constrain(rest, &mut shape.schema, &mut shape.lost);
            ""
        }
        None => rest,
    };
    let list_or_null = depth > 0 && std::mem::take(&mut shape.schema.nullable);
    for _ in 0..depth {
        let item = std::mem::take(&mut shape.schema);
        shape.schema = Schema { kind: Kind::Array(Box::new(item)), ..Schema::default() };
    }
    shape.schema.nullable |= list_or_null;
    let Shape { schema, lost } = &mut shape;
    suffixes(rest, schema, lost)?;
    Some(shape)
}

/// `string`, `string or null`, `objects (Title)`
fn base<'a>(text: &'a str, shape: &mut Shape) -> Option<&'a str> {
    let mut rest = text;
    let mut words: SmallVec<[&str; 4]> = SmallVec::new();
    loop {
        let len = rest.find(|char: char| !char.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(len)?;
        let kind = kind(word)?;
        match kind {
            None => shape.schema.nullable = true,
            Some(kind) => {
                shape.schema.kind = match std::mem::take(&mut shape.schema.kind) {
                    _ if words.is_empty() => kind,
                    Kind::Integer | Kind::Number if matches!(kind, Kind::Integer | Kind::Number) => {
                        if kind == Kind::Integer && *words == ["integer"] { Kind::Integer } else { Kind::Number }
                    }
                    known if known == kind => known,
                    _ => Kind::Unknown,
                };
                words.push(word);
            }
        }
        rest = after;
        let next = rest.trim_start().strip_prefix("or ");
        match next.filter(|next| next.split(|char: char| !char.is_ascii_alphabetic()).next().and_then(shape::kind).is_some()) {
            Some(next) => rest = next,
            None => break,
        }
    }
    words.dedup();
    if words.len() > 1 && shape.schema.kind == Kind::Unknown {
        shape.lost.push(format!("the types {}; carried is any value", words.join(" or ")));
    }
    let glued = |char: char| char.is_whitespace() || matches!(char, '[' | '^' | '<' | '(' | '\\' | '.');
    rest.chars().next().is_none_or(glued).then_some(rest)
}

/// Format, title and constraints, in any order.
fn suffixes(text: &str, schema: &mut Schema, lost: &mut Vec<String>) -> Option<()> {
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        rest = suffix(rest, schema, lost)?.trim_start();
    }
    Some(())
}

fn suffix<'a>(text: &'a str, schema: &mut Schema, lost: &mut Vec<String>) -> Option<&'a str> {
    if let Some(format) = text.strip_prefix('<').filter(|rest| rest.starts_with(|char: char| char.is_ascii_alphabetic())) {
        let (format, rest) = format.split_once('>')?;
        innermost(schema, |schema| schema.format = Some(format.trim().to_owned()));
        return Some(rest);
    }
    if let Some(inner) = text.strip_prefix("[ items") {
        let (inner, rest) = inner.rsplit_once(']')?;
        if let Kind::Array(item) = &mut schema.kind {
            // Only a list has items, although the words before name just the innermost type.
            let of_lists = inner.trim().is_empty() || inner.split_whitespace().any(|word| word.ends_with("items"));
            if of_lists && !matches!(item.kind, Kind::Array(_)) {
                let innermost = std::mem::take(&mut **item);
                item.kind = Kind::Array(Box::new(innermost));
            }
            suffixes(inner, item, lost)?;
        }
        return Some(rest);
    }
    if let Some(bracketed) =
        text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).filter(|_| matches!(schema.kind, Kind::Array(_)))
        && bracketed.starts_with('^')
        && (bracketed.ends_with('$') || Pattern::of(bracketed) == Pattern::Cut)
    {
        constrain(bracketed, schema, lost);
        return Some("");
    }
    if let Some(bounds) = bounds(text) {
        let (bounds, rest) = bounds;
        let (unit, rest) = unit(rest);
        apply(&bounds, unit, schema, lost);
        return Some(rest);
    }
    let is_title = |rest: &str| {
        let title = text.get(..text.len() - rest.len()).unwrap_or_default();
        !title.contains(['|', '\\', '^', '[', '$']) && !rest.starts_with(['{', '?', '*', '+', '[', '(', '\\'])
    };
    if text.starts_with('(')
        && let Some(rest) = title(text).filter(|rest| is_title(rest))
    {
        return Some(rest);
    }
    for word in ["non-empty", "unique", "Nullable", "nullable", "Recursive", "Deprecated"] {
        let Some(rest) = text.strip_prefix(word).filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace)) else {
            continue;
        };
        match word {
            "non-empty" => match &schema.kind {
                Kind::Array(_) => schema.constraints.min_items = Some(1),
                _ => schema.constraints.min_length = Some(1),
            },
            "unique" => schema.constraints.unique_items = true,
            "Recursive" => lost.push("that it contains itself".to_owned()),
            "Deprecated" => schema.deprecated = true,
            _ => schema.nullable = true,
        }
        return Some(rest);
    }
    if let Some(rest) = text.strip_prefix("multiple of ") {
        let (number, rest) = number(rest)?;
        innermost(schema, |schema| schema.constraints.multiple_of = Some(number));
        return Some(rest);
    }
    if let Some(rest) = text.strip_prefix("decimal places <= ") {
        let (places, rest) = number(rest)?;
        let places = places.as_u64().filter(|places| *places <= 15)?;
        let step = format!("1e-{places}");
        let step = serde_json::from_str::<f64>(&step).ok().and_then(Number::from_f64);
        innermost(schema, |schema| schema.constraints.multiple_of = step);
        return Some(rest);
    }
    // A regular expression takes the rest of the line; prose does not look like one.
    let starts = text.starts_with(['^', '[', '\\', '(']) || [".*", ".+", ".{"].iter().any(|start| text.starts_with(start));
    (starts || text.ends_with('$') || text.ends_with(SHOWN_BY)).then(|| {
        constrain(text, schema, lost);
        ""
    })
}

/// What a constraint says before its unit.
#[derive(Debug, Default)]
struct Bounds {
    least: Option<Number>,
    most: Option<Number>,
    above: bool,
    below: bool,
}

/// `[ 1 .. 16 ]`, `( 0 .. 1 ]`, `<= 255`, `> 0`, `= 5`
fn bounds(text: &str) -> Option<(Bounds, &str)> {
    if let Some(inner) = text.strip_prefix(['[', '(']) {
        let (least, rest) = number(inner.trim_start())?;
        let (most, rest) = number(rest.trim_start().strip_prefix("..")?.trim_start())?;
        let rest = rest.trim_start();
        let bounds = Bounds { least: Some(least), most: Some(most), above: text.starts_with('('), below: rest.starts_with(')') };
        return rest.strip_prefix([']', ')']).map(|rest| (bounds, rest));
    }
    let (sign, rest) = ["<=", ">=", "<", ">", "="].into_iter().find_map(|sign| Some((sign, text.strip_prefix(sign)?)))?;
    let (number, rest) = number(rest.trim_start())?;
    let mut bounds = Bounds { above: sign == ">", below: sign == "<", ..Bounds::default() };
    if matches!(sign, ">=" | ">" | "=") {
        bounds.least = Some(number.clone());
    }
    if matches!(sign, "<=" | "<" | "=") {
        bounds.most = Some(number);
    }
    Some((bounds, rest))
}

fn number(text: &str) -> Option<(Number, &str)> {
    let len = text.find(|char: char| !char.is_ascii_digit() && !"+-.eE".contains(char)).unwrap_or(text.len());
    // `1..5` must not be read as the number `1..5`.
    let len = text.get(..len)?.find("..").unwrap_or(len);
    let (number, rest) = text.split_at_checked(len)?;
    Some((serde_json::from_str(number).ok()?, rest))
}

fn unit(text: &str) -> (Option<&'static str>, &str) {
    let trimmed = text.trim_start();
    for unit in ["characters", "character", "items", "item", "properties", "property"] {
        if let Some(rest) = trimmed.strip_prefix(unit).filter(|rest| !rest.starts_with(char::is_alphanumeric)) {
            return (Some(unit), rest);
        }
    }
    (None, text)
}

fn apply(bounds: &Bounds, unit: Option<&str>, schema: &mut Schema, lost: &mut Vec<String>) {
    let count = |number: &Option<Number>| number.as_ref().and_then(Number::as_u64);
    let set = |constraints: &mut Constraints| {
        if bounds.least.is_some() {
            constraints.minimum.clone_from(&bounds.least);
            constraints.exclusive_minimum = bounds.above;
        }
        if bounds.most.is_some() {
            constraints.maximum.clone_from(&bounds.most);
            constraints.exclusive_maximum = bounds.below;
        }
    };
    match unit {
        Some("characters" | "character") => innermost(schema, |schema| {
            schema.constraints.min_length = count(&bounds.least).or(schema.constraints.min_length);
            schema.constraints.max_length = count(&bounds.most).or(schema.constraints.max_length);
        }),
        Some("items" | "item") => {
            schema.constraints.min_items = count(&bounds.least).or(schema.constraints.min_items);
            schema.constraints.max_items = count(&bounds.most).or(schema.constraints.max_items);
        }
        Some(_) => lost.push("how many properties it can have".to_owned()),
        None => innermost(schema, |schema| set(&mut schema.constraints)),
    }
}

/// `(Title)`; the name of the vendor's own type says nothing about the value.
fn title(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, char) in text.char_indices() {
        match char {
            '(' => depth += 1,
            ')' if depth == 1 => return text.get(at + 1..),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Option<String> {
        let shape = read(line)?;
        let mut text = String::new();
        let mut schema = &shape.schema;
        loop {
            let constraints = &schema.constraints;
            let kind = format!("{:?}", schema.kind);
            text += kind.split(['(', ' ']).next().unwrap_or_default();
            text += if schema.nullable { "?" } else { "" };
            text += &schema.format.as_ref().map_or_else(String::new, |format| format!(" <{format}>"));
            for (name, limit) in [
                ("length>=", constraints.min_length.map(|limit| limit.to_string())),
                ("length<=", constraints.max_length.map(|limit| limit.to_string())),
                (if constraints.exclusive_minimum { ">" } else { ">=" }, constraints.minimum.as_ref().map(ToString::to_string)),
                (if constraints.exclusive_maximum { "<" } else { "<=" }, constraints.maximum.as_ref().map(ToString::to_string)),
                ("items>=", constraints.min_items.map(|limit| limit.to_string())),
                ("items<=", constraints.max_items.map(|limit| limit.to_string())),
                ("step ", constraints.multiple_of.as_ref().map(ToString::to_string)),
                ("~", constraints.pattern.clone()),
                ("unique", constraints.unique_items.then(String::new)),
            ] {
                text += &limit.map_or_else(String::new, |limit| format!(" {name}{limit}"));
            }
            let Kind::Array(item) = &schema.kind else { break };
            text += " of ";
            schema = item;
        }
        Some(text)
    }

    #[test]
    fn type_lines_are_read() {
        for (line, expected) in [
            ("string", "String"),
            ("string or null <= 255 characters", "String? length<=255"),
            ("string [ 1 .. 16 ] characters", "String length>=1 length<=16"),
            ("string non-empty", "String length>=1"),
            ("string = 5 characters", "String length>=5 length<=5"),
            ("string <date-time>", "String <date-time>"),
            ("number or null <double>", "Number? <double>"),
            ("integer <int32> >= 0", "Integer <int32> >=0"),
            ("number ( 0 .. 1.5 ]", "Number >0 <=1.5"),
            ("integer [ 1 .. 10 ]", "Integer >=1 <=10"),
            ("number > -1 multiple of 5", "Number >-1 step 5"),
            ("number decimal places <= 2", "Number step 0.01"),
            ("Array of strings", "Array of String"),
            ("Array of objects (Ship) <= 50 items", "Array items<=50 of Object"),
            (
                "Array of strings or null <uuid> [ 1 .. 5 ] items unique [ items <uuid > ]",
                "Array? items>=1 items<=5 unique of String <uuid>",
            ),
            (
                "Array of strings non-empty [ items [ 2 .. 4 ] characters ^a+$ ]",
                "Array items>=1 of String length>=2 length<=4 ~^a+$",
            ),
            ("Array of Array of integers", "Array of Array of Integer"),
            ("string <email> (Email) non-empty", "String <email> length>=1"),
            ("string (Phone) ^\\d{4} x$", "String ~^\\d{4} x$"),
            ("string or null[a-z]{43}", "String? ~[a-z]{43}"),
            ("Array of numbers[ items ]", "Array of Array of Number"),
            ("Array of numbers[ items <= 5 items ]", "Array of Array items<=5 of Number"),
            ("Array of numbers[ items [ items ] ]", "Array of Array of Array of Number"),
            ("Array of strings[ items^[a-z]+$]", "Array of String ~^[a-z]+$"),
            ("Array of strings [^[a-z]+$]", "Array of String ~^[a-z]+$"),
            ("string^(Alpha|Bravo|Charlie|Delta|Echo|Foxtrot|Golf...Show pattern", "String"),
            ("string ^(Alpha|Bravo|Charlie|Delta|Echo|Foxtrot|Golf... Show pattern", "String"),
            ("string^(Alpha|Bravo|Charlie|Delta|Echo|Foxtrot|Golf...", "String"),
            ("string(red|green)", "String ~(red|green)"),
            ("string (red|green)+ (x)?", "String ~(red|green)+ (x)?"),
            ("string (Title (of it)) (red)+", "String ~(red)+"),
            ("string\\d{5}", "String ~\\d{5}"),
            ("string.*", "String ~.*"),
            ("string^(Alpha|Bravo)$Hide pattern", "String ~^(Alpha|Bravo)$"),
            ("Array of strings unique [ items <= 9 characters ^(a|b...Show pattern ]", "Array unique of String length<=9"),
            ("Array of strings [^(red|green|blue...Show pattern]", "Array of String"),
            ("Dog (object) or Cat (object)", "AnyOf"),
            ("Big Dog (object) or Array of Cat (objects)", "AnyOf"),
            ("Array of Dog (object) or Cat (object)", "Array of AnyOf"),
            ("Array of Dogs (objects) or Cat (object)", "AnyOf"),
            ("(Dog (object) or Cat (object)) or null", "AnyOf?"),
            ("Dog (object) or null", "Object?"),
            ("Dog (object) or string", "AnyOf"),
            ("Array of strings or integers", "Array of Unknown"),
            ("Array of strings or integer", "Unknown"),
            ("string or integer", "Unknown"),
            ("any", "Unknown"),
        ] {
            assert_eq!(told(line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn prose_is_no_type() {
        for line in [
            "Dog (object) or a Cat",
            "one (of them) or two (of them)",
            "stringent rules",
            "string of pearls",
            "object to it",
            "Array of things",
            "",
            "number 5 is alive",
            "string.",
            "string... or more",
            "any ship",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
