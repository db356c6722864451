//! Rows of a help page's tables as parameters and properties.
//!
//! Input: rows. Output: parameters in path and query, and schemas with what the annotations say. Knows nothing of samples.

use serde_json::Value;

use super::{
    Reader,
    body::Body,
    table::{self, Cell, Row},
    types::{self, Annotation, annotation, starts_of_annotations},
};
use crate::{
    api::{Basis, Kind, Location, Operation, Origin, Parameter, Property, Schema},
    document::{Document, Line},
    finding::FindingKind,
    words,
};

impl<'a> Reader<'a> {
    /// The table of parameters, and in the older template of the body's.
    pub(super) fn parameters(&mut self, lines: &[Line<'a>], operation: &mut Operation, request: &mut Body<'a>) {
        let in_path: Vec<String> = path_names(&operation.path).map(str::to_owned).collect();
        let rows = self.table(lines, None);
        operation.parameters.reserve_exact(rows.len());
        for row in rows {
            let in_body = row.additional.iter().any(|cell| annotation(cell.text) == Some(Annotation::InBody));
            let mut property = self.property(&row, "");
            if in_body {
                request.named = Some(row.name);
                request.description = property.schema.description.take();
                request.schema = Some(property.schema);
                continue;
            }
            let in_path = in_path.iter().any(|name| name.eq_ignore_ascii_case(row.name.text));
            operation.parameters.push(Parameter {
                name: row.name.text.to_owned(),
                location: if in_path { Location::Path } else { Location::Query },
                required: property.required,
                description: property.schema.description.take(),
                schema: property.schema,
                origin: Origin::stated(row.span),
            });
        }
    }

    /// Claims a section that holds a table or `None.`, and gives its rows. `intro` is how many lines before it are claimed already.
    pub(super) fn table(&mut self, lines: &[Line<'a>], head: Option<table::Head<'a>>) -> Vec<Row<'a>> {
        let Some(head) = head.or_else(|| table::head(self.document, lines)) else {
            for line in lines.iter().filter(|line| line.text == "None.") {
                self.boilerplate(line.span, "nothing is documented");
            }
            return Vec::new();
        };
        self.boilerplate(head.span, "table head");
        if let Some(rule) = lines.get(head.line + 1).filter(|line| table::is_rule(line.text)) {
            self.boilerplate(rule.span, "table head");
        }
        match table::rows(self.document, lines, &head) {
            Ok(rows) => {
                rows.iter().for_each(|row| self.fact(row.span));
                let is_name = |name: &str| name.starts_with(|char: char| char.is_alphanumeric() || "_@$".contains(char));
                for row in rows.iter().filter(|row| !is_name(row.name.text)) {
                    self.error(row.name.span, "the name of a row was expected");
                }
                rows
            }
            Err((span, message)) => {
                self.error(span, message);
                Vec::new()
            }
        }
    }

    /// The schema of a row; `owner` is the type that it belongs to.
    pub(super) fn property(&mut self, row: &Row<'a>, owner: &str) -> Property {
        let subject = || if owner.is_empty() { row.name.text.to_owned() } else { format!("{owner}.{}", row.name.text) };
        let mut schema = row.kind.map_or_else(Schema::default, |kind| types::schema(kind.text, kind.span, &mut self.names));
        // A type that is inferred from its word stays so.
        schema.origin = Origin { spans: Origin::stated(row.span).spans, ..schema.origin };
        let mut description = joined(row);
        let add = |words: &str, description: &mut Option<String>| match description {
            Some(description) => {
                description.push('\n');
                description.push_str(words);
            }
            None => *description = Some(words.to_owned()),
        };
        if let Some(more) = schema.description.take() {
            add(&more, &mut description);
        }
        let mut required = false;
        if row.kind.is_some() && row.additional.is_empty() {
            let text = "the document ends before the additional information of this row: it is read as if it said `None.`";
            self.finding(FindingKind::Loss, subject(), text, vec![row.span]);
        }
        for cell in &annotations(self.document, row) {
            let understood = match annotation(cell.text) {
                Some(Annotation::None | Annotation::InUri | Annotation::InBody) => true,
                Some(Annotation::Required) => {
                    required = true;
                    true
                }
                Some(annotation) => limit(&mut schema, annotation),
                None => false,
            };
            // These words are a keyword for whoever reads the description.
            let read_only = cell.text.trim_end_matches('.').eq_ignore_ascii_case("read-only");
            if read_only {
                add(cell.text, &mut description);
            } else if !understood {
                let text = format!("`{}` is no keyword of OpenAPI: the words are kept in the description", cell.text);
                self.finding(FindingKind::Loss, subject(), text, vec![cell.span]);
                add(cell.text, &mut description);
            }
        }
        schema.description = description;
        Property::new(schema, required)
    }
}

/// The annotations of a row, each for itself.
fn annotations<'a>(document: &'a Document, row: &Row<'a>) -> Cell<'a> {
    let mut found = Cell::new();
    for line in &row.additional {
        let Some(starts) = starts_of_annotations(line.text) else {
            found.push(*line);
            continue;
        };
        let ends = starts.iter().copied().skip(1).chain([line.text.len()]);
        for (start, end) in starts.iter().zip(ends) {
            let text = line.text.get(*start..end).unwrap_or_default().trim();
            found.push(Line { text, span: document.span_of(text).unwrap_or(line.span) });
        }
    }
    found
}

/// The names between braces.
fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

fn joined(row: &Row<'_>) -> Option<String> {
    let (first, more) = row.description.split_first()?;
    let mut text = unescaped(first.text);
    for line in more {
        text.push('\n');
        text.push_str(&unescaped(line.text));
    }
    Some(text)
}

/// A cell's text, in which a pipe that stands alone is escaped, as it would end the cell.
fn unescaped(text: &str) -> String {
    if !text.contains("\\|") {
        return text.to_owned();
    }
    text.split(' ').map(|word| if word == "\\|" { "|" } else { word }).collect::<Vec<_>>().join(" ")
}

/// Puts an annotation where OpenAPI has a place for it.
fn limit(schema: &mut Schema, annotation: Annotation<'_>) -> bool {
    let constraints = &mut schema.constraints;
    match (annotation, &schema.kind) {
        (Annotation::Pattern(pattern), Kind::String) => constraints.pattern = Some(unescaped(pattern)),
        (Annotation::Length(least, most), Kind::String) => {
            constraints.min_length = least.or(constraints.min_length);
            constraints.max_length = most.or(constraints.max_length);
        }
        (Annotation::Length(least, most), Kind::Array(_)) => {
            constraints.min_items = least.or(constraints.min_items);
            constraints.max_items = most.or(constraints.max_items);
        }
        (Annotation::Range(least, most), Kind::Integer | Kind::Number) => {
            constraints.minimum = Some(least);
            constraints.maximum = Some(most);
        }
        (Annotation::DataType(name), Kind::String) => match types::format_of(name) {
            Some(format) => {
                schema.format = Some(format.to_owned());
                // What the page says of it is no longer inferred from the type's word.
                (schema.origin.basis, schema.origin.reason) = (Basis::Stated, None);
            }
            None => return false,
        },
        (Annotation::Default(text), kind) => {
            let value = match kind {
                Kind::Boolean if text.eq_ignore_ascii_case("true") => Value::Bool(true),
                Kind::Boolean if text.eq_ignore_ascii_case("false") => Value::Bool(false),
                Kind::Integer | Kind::Number => match serde_json::from_str::<serde_json::Number>(text) {
                    Ok(number) => words::exact(Value::Number(number), text),
                    Err(_) => return false,
                },
                Kind::String | Kind::Reference(_) => Value::String(unescaped(text)),
                _ => return false,
            };
            schema.default = Some(Box::new(value));
        }
        _ => return false,
    }
    true
}
