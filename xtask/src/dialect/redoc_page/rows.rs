//! Rows of a table of fields: name, labels, type line, values and text, each on lines of its own.
//!
//! Input: lines. Output: rows. Knows nothing of what the fields belong to.

use super::{
    lines::{Lines, Mark, Text, is_choice},
    pattern::{self, Pattern},
    shape::{Line::Expandable, Shape},
    values::{more, one, several, shown_values},
};
use crate::{
    api::{Kind, Origin, Property, Schema, named, observe},
    document::Span,
};

/// Longer lines are no names.
const LONGEST_NAME: usize = 200;

/// One field.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    /// `None` where the page has lost it.
    pub(super) name: Option<&'a str>,
    pub(super) required: bool,
    /// Without a description.
    pub(super) schema: Schema,
    pub(super) description: Option<String>,
    /// Where the description stands.
    pub(super) text: Option<Span>,
    /// From the name to the end of the text.
    pub(super) span: Span,
    /// What the row says and a schema cannot carry.
    pub(super) lost: Vec<String>,
    /// The name stands for any further name of the object above.
    pub(super) additional: bool,
    /// It stands for members whose names match a pattern, and has no name.
    pub(super) pattern: bool,
}

/// Reads rows until something else stands there; `ends` tells further lines that end a text.
pub(super) fn read<'a>(lines: &mut Lines<'a>, ends: impl Fn(&Text<'a>) -> bool + Copy) -> Vec<Row<'a>> {
    nested(lines, ends, 0)
}

fn nested<'a>(lines: &mut Lines<'a>, ends: impl Fn(&Text<'a>) -> bool + Copy, depth: usize) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mark = lines.peek(0).map(|line| line.mark);
    while lines.peek(0).map(|line| line.mark) == mark {
        let Some(row) = further(lines, ends).or_else(|| row(lines, ends, depth)) else { break };
        rows.push(row);
    }
    rows
}

/// The row for the members of a map, above which its kind may stand on a line of its own.
fn further<'a>(lines: &mut Lines<'a>, ends: impl Fn(&Text<'a>) -> bool + Copy) -> Option<Row<'a>> {
    let first = lines.peek(0).filter(|line| line.text == "additional")?;
    let is_name = lines.adjacent(1).is_some_and(|line| line.text.ends_with('*'));
    if !is_name || lines.adjacent(2).and_then(|line| label(line.text)) != Some(Label::Additional) {
        return None;
    }
    lines.next();
    let mut row = row(lines, ends, 0)?;
    row.span = first.span.to(row.span);
    stamp(&mut row.schema, row.span);
    Some(row)
}

/// How many lines from the next one on are a row's name and labels; its type line follows them.
fn before_type(lines: &Lines<'_>, start: usize) -> Option<usize> {
    const MOST_LABELS: usize = 4;
    let first = lines.peek(start)?;
    // A heading, the tabs of alternatives and the values of the row above never start a row.
    if first.heading.is_some() || !lines.marked() && (is_choice(first.text) || is_labelled(first.text)) {
        return None;
    }
    let mut next = start + 1;
    while next <= start + MOST_LABELS && lines.adjacent(next).is_some_and(|line| label(line.text).is_some()) {
        next += 1;
    }
    let follows = lines.adjacent(next).and_then(|line| line.kind);
    if lines.marked() {
        return follows.filter(|_| matches!(first.mark, Mark::Row(_))).map(|_| next - start);
    }
    let named = match (first.kind, follows) {
        (_, None) => false,
        (None, Some(_)) => first.text.len() <= LONGEST_NAME,
        // Two type lines: a property that is called `object`, or one whose name the page has lost.
        (Some(own), Some(follows)) => !(first.text.contains(' ') || own == Expandable && follows == Expandable),
    };
    if named { Some(next - start) } else { (first.kind == Some(Expandable)).then_some(0) }
}

/// Whether a row starts at the next line.
pub(super) fn starts(lines: &Lines<'_>) -> bool {
    let map = lines.peek(0).is_some_and(|line| line.text == "additional")
        && lines.adjacent(1).is_some_and(|line| line.text.ends_with('*'))
        && lines.adjacent(2).and_then(|line| label(line.text)) == Some(Label::Additional);
    map || before_type(lines, 0).is_some()
}

/// Whether a badge that stands under a type belongs to the row above: where what follows it is a row by itself, the badge
/// names none.
fn is_badge(lines: &Lines<'_>) -> bool {
    let next = lines.peek(1);
    next.is_none_or(|next| next.kind.is_none() || before_type(lines, 1).is_some_and(|labels| labels > 0))
}

/// Deeper nesting than any page has.
const MAX_DEPTH: usize = 64;

fn row<'a>(lines: &mut Lines<'a>, ends: impl Fn(&Text<'a>) -> bool + Copy, depth: usize) -> Option<Row<'a>> {
    let labels = before_type(lines, 0)?;
    let first = lines.peek(0)?;
    let name = match first.mark {
        Mark::Row(_) => first.text.strip_prefix('-').map(str::trim).filter(|name| !name.is_empty()),
        _ => (labels > 0).then_some(first.text),
    };
    let mut found = Vec::new();
    for ahead in 1..labels {
        found.extend(lines.peek(ahead).and_then(|line| label(line.text)));
    }
    (0..labels).for_each(|_| {
        lines.next();
    });
    let mut row = value(lines, name, ends)?;
    for label in found {
        match label {
            Label::Required => row.required = true,
            Label::Optional => {}
            Label::Deprecated => row.schema.deprecated = true,
            Label::ReadOnly => row.schema.read_only = true,
            Label::WriteOnly => row.lost.push("that it is only written, never read".to_owned()),
            Label::Conditional => row.lost.push("that it is required under some condition".to_owned()),
            Label::Nullable => row.schema.nullable = true,
            Label::Additional => row.additional = true,
            Label::Pattern => {
                let name = row.name.take().unwrap_or_default();
                row.pattern = true;
                row.lost.push(format!("members whose names match `{name}`"));
            }
        }
    }
    if let Mark::Row(column) = first.mark
        && depth < MAX_DEPTH
        && lines.adjacent(0).is_some_and(|line| matches!(line.mark, Mark::Row(inner) if inner > column))
    {
        let members = nested(lines, ends, depth + 1);
        unfold(&mut row, members);
    }
    row.span = first.span.to(row.span);
    stamp(&mut row.schema, row.span);
    Some(row)
}

/// Gives a row the members that the page unfolds below it.
fn unfold(row: &mut Row<'_>, mut members: Vec<Row<'_>>) {
    let Some(span) = members.iter().map(|member| member.span).reduce(Span::to) else { return };
    row.span = row.span.to(span);
    for member in &members {
        let name = member.name.unwrap_or("a field without a name");
        row.lost.extend(member.lost.iter().map(|lost| format!("of its member `{name}` {lost}")));
        if member.name.is_none() && !member.pattern {
            row.lost.push("a member without a name".to_owned());
        }
    }
    members.retain(|member| member.name.is_some());
    let inner = object(members, span, true);
    row.lost.extend(inner.origin.reason.as_ref().map(|_| "the type of members with further names".to_owned()));
    let carried = pattern::innermost(&mut row.schema, |schema| {
        let folded = matches!(&schema.kind, Kind::Object(known) if known.is_empty());
        if folded {
            schema.kind = inner.kind;
        }
        folded
    });
    if !carried {
        row.lost.push("members that its type does not have".to_owned());
    }
}

/// Why an object is taken to be a map: the text does not show whose row for further names it is.
const NEXT_ABOVE: &str =
    "the row for further names that stands below it is taken to be its own, and not that of the object around it";
/// What is lost of further names beside known ones, which any object of this workspace may have.
const OPEN: &str = "the page has a row for further names: it is open to them, their type is not kept";

/// An object of rows. Where marks do not tell, the row for further names belongs to the object above it that shows no others;
/// without one, to this.
pub(super) fn object(rows: Vec<Row<'_>>, span: Span, marked: bool) -> Schema {
    let mut properties = named(rows.len());
    let mut further = None;
    let last = rows.len().saturating_sub(1);
    for (index, row) in rows.into_iter().enumerate() {
        if !row.additional {
            let (name, property) = property(row);
            observe(&mut properties, name, property);
            continue;
        }
        let above = properties.values_mut().last().map(|property| &mut property.schema).filter(|_| !marked);
        let empty = |schema: &&mut Schema| matches!(&schema.kind, Kind::Object(members) if members.is_empty());
        match above.filter(empty) {
            Some(map) => {
                map.origin.spans.extend(row.schema.origin.spans.iter().copied());
                if index == last {
                    map.origin.infer(NEXT_ABOVE);
                }
                map.kind = Kind::Map(Box::new(property(row).1.schema));
            }
            None => further = Some(property(row).1.schema),
        }
    }
    let mut origin = Origin::stated(span);
    match further {
        Some(values) if properties.is_empty() => return Schema::new(Kind::Map(Box::new(values)), origin),
        Some(_) => origin.infer(OPEN),
        None => {}
    }
    Schema::new(Kind::Object(properties), origin)
}

fn property(row: Row<'_>) -> (String, Property) {
    let schema = Schema { description: row.description, ..row.schema };
    (row.name.unwrap_or_default().to_owned(), Property::new(schema, row.required))
}

/// A type line and what stands under it.
pub(super) fn value<'a>(lines: &mut Lines<'a>, name: Option<&'a str>, ends: impl Fn(&Text<'a>) -> bool) -> Option<Row<'a>> {
    let (line, Shape { schema, lost }) = lines.next_type()?;
    let mut row = Row {
        name,
        required: false,
        schema,
        description: None,
        text: None,
        span: line.span,
        lost,
        additional: false,
        pattern: false,
    };
    while let Some(line) = lines.adjacent(0).filter(|line| !starts(lines) || line.text == "Deprecated" && is_badge(lines)) {
        if !attribute(line.text, &mut row) {
            break;
        }
        row.span = row.span.to(line.span);
        lines.next();
        // Values that did not fit on the line of their label.
        while let Some(line) = lines.adjacent(0).filter(|line| line.text.starts_with('"') && !starts(lines)) {
            if !more_values(line.text, &mut row) {
                break;
            }
            row.span = row.span.to(line.span);
            lines.next();
        }
    }
    let text = text(lines, |lines| starts(lines) || lines.peek(0).is_some_and(|line| ends(&line)));
    if let Some(span) = text {
        row.description = Some(lines.said(span));
        row.text = Some(span);
        row.span = row.span.to(span);
    }
    stamp(&mut row.schema, row.span);
    Some(row)
}

/// Lines up to the next heading, or what `ends` tells.
pub(super) fn text<'a>(lines: &mut Lines<'a>, ends: impl Fn(&Lines<'a>) -> bool) -> Option<Span> {
    let mut span: Option<Span> = None;
    while let Some(line) = lines.peek(0) {
        let other = if lines.marked() { line.mark != Mark::Prose } else { ends(lines) };
        if line.heading.is_some() || other {
            break;
        }
        span = Some(span.map_or(line.span, |span| span.to(line.span)));
        lines.next();
    }
    span
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    Required,
    Optional,
    Deprecated,
    ReadOnly,
    WriteOnly,
    Conditional,
    Nullable,
    Additional,
    Pattern,
}

/// What the page shows under a name.
fn label(line: &str) -> Option<Label> {
    Some(match line {
        "required" => Label::Required,
        "optional" => Label::Optional,
        "deprecated" | "Deprecated" => Label::Deprecated,
        "read-only" | "Read-only" => Label::ReadOnly,
        "write-only" | "Write-only" => Label::WriteOnly,
        "conditional" => Label::Conditional,
        "nullable" | "Nullable" => Label::Nullable,
        "additional property" => Label::Additional,
        "pattern property" => Label::Pattern,
        // A style may show it in capitals.
        "DEPRECATED" | "REQUIRED" | "READ-ONLY" | "WRITE-ONLY" | "NULLABLE" => return label(&line.to_ascii_lowercase()),
        _ => return None,
    })
}

/// A line under the type line that says more about the value; `false` where it is the text.
fn attribute(line: &str, row: &mut Row<'_>) -> bool {
    match label(line) {
        Some(Label::Deprecated) => row.schema.deprecated = true,
        Some(Label::ReadOnly) => row.schema.read_only = true,
        Some(Label::WriteOnly) => row.lost.push("that it is only written, never read".to_owned()),
        Some(Label::Nullable) => row.schema.nullable = true,
        Some(_) => return false,
        None if line == pattern::SHOWN_BY => {
            let pattern = pattern::innermost(&mut row.schema, |schema| schema.constraints.pattern.take());
            row.lost.extend(pattern.map(|_| pattern::CUT.to_owned()));
        }
        None if line == pattern::HIDDEN_BY => {}
        None if line == "Examples:" => row.lost.push("a list of examples".to_owned()),
        None if line.starts_with("x-") && line.split_once(':').is_some_and(|(name, _)| !name.contains(' ')) => {
            row.lost.push(format!("an extension, `{line}`"));
        }
        None if line == "Hide" && has_values(row) => {}
        None if more(line).is_some() && has_values(row) => cut_values(row),
        None if line == "Recursive" => row.lost.push("that it contains itself".to_owned()),
        None if line.starts_with('^') && (line.ends_with('$') || !line.contains(' ') || Pattern::of(line) == Pattern::Cut) => {
            pattern::constrain(line, &mut row.schema, &mut row.lost);
        }
        None => return labelled(line, row),
    }
    true
}

const LABELS: [&str; 8] = ["Default:", "Enum:", "Value:", "Items Enum:", "Items Value:", "Example:", "Examples:", "Const:"];

/// `Default: false`: a label with what stands behind it.
fn is_labelled(line: &str) -> bool {
    // Few lines have a colon.
    let colon = memchr::memchr(b':', line.as_bytes());
    colon.is_some() && line.contains(": ") && LABELS.iter().any(|label| line.starts_with(label))
}

fn labelled(line: &str, row: &mut Row<'_>) -> bool {
    let Some((label, text)) = LABELS.into_iter().find_map(|label| Some((label, line.strip_prefix(label)?))) else { return false };
    let text = text.trim();
    match label {
        "Default:" => row.schema.default = Some(Box::new(one(text, &row.schema.kind))),
        "Examples:" if text.starts_with('"') => {
            row.schema.example = several(text, &row.schema.kind).into_iter().next().map(Box::new);
        }
        "Example:" | "Examples:" => {
            let text = row.name.and_then(|name| text.strip_prefix(name)?.strip_prefix('=')).unwrap_or(text);
            row.schema.example = Some(Box::new(one(text, &row.schema.kind)));
        }
        _ => {
            let (text, cut) = shown_values(text);
            let values = |schema: &mut Schema| schema.enumeration = several(text, &schema.kind);
            pattern::innermost(&mut row.schema, values);
            if cut {
                cut_values(row);
            }
        }
    }
    true
}

fn has_values(row: &mut Row<'_>) -> bool {
    pattern::innermost(&mut row.schema, |schema| !schema.enumeration.is_empty())
}

/// An enumeration of which the page hides some values would refuse what is allowed.
fn cut_values(row: &mut Row<'_>) {
    pattern::innermost(&mut row.schema, |schema| schema.enumeration.clear());
    row.lost.push("a list of allowed values of which only the first are shown".to_owned());
}

/// Further values of an `Enum:` whose list goes on.
fn more_values(line: &str, row: &mut Row<'_>) -> bool {
    let (line, cut) = shown_values(line);
    let known = pattern::innermost(&mut row.schema, |schema| {
        let values = several(line, &schema.kind);
        let known = !schema.enumeration.is_empty();
        if known {
            schema.enumeration.extend(values);
        }
        known
    });
    if known && cut {
        cut_values(row);
    }
    known
}

/// Sets the place of a schema and of the items in it.
fn stamp(schema: &mut Schema, span: Span) {
    schema.origin = Origin::stated(span);
    match &mut schema.kind {
        Kind::Array(item) => stamp(item, span),
        Kind::AnyOf(alternatives) => {
            alternatives.iter_mut().for_each(|alternative| stamp(&mut alternative.schema, span));
            schema.origin =
                Origin::inferred(span, "Redoc prints oneOf and anyOf alike: any of the types, or several, may be meant");
        }
        _ => {}
    }
}
