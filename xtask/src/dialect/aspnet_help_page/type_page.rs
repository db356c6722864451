//! The page of one type: its members, or the values of an enumeration.
//!
//! Input: the lines of a page without method and path. Output: the entity, for the pages of operations that only name it.

use serde_json::Value;

use super::{Reader, sections::foreign, table, types};
use crate::{
    api::{Kind, Origin, Schema, named, observe},
    document::{Line, Span},
    finding::FindingKind,
};

/// What stands above the values of an enumeration.
const VALUES: [&str; 2] = ["Possible enumeration values:", "Enumeration Values"];
const NUMBERS: &str = "an enumeration travels as its number, unless the vendor's serializer is told otherwise";

impl<'a> Reader<'a> {
    /// Reads the page of a type; `false` where it is none.
    pub(super) fn type_page(&mut self, lines: &[Line<'a>]) -> bool {
        let Some((name, rest)) = lines.split_first() else { return false };
        let full = name.text.trim_start_matches('#').trim();
        let full = full.strip_suffix(" Resource Model").unwrap_or(full);
        let is_name = types::is_type(full) && !types::starts_generic(full) && !types::is_simple(full) && foreign(full).is_none();
        let head = table::head(self.document, rest);
        let values = values_at(rest);
        let starts = head.map(|head| head.line + 1 - head.lines).into_iter().chain(values.as_ref().map(|found| found.first));
        let Some(start) = starts.min().filter(|_| is_name) else { return false };
        let says = |line: &Line<'_>| foreign(line.text) == Some("the name of a section");
        if rest.iter().any(says) || head.is_some_and(|head| head.glued_name.is_some()) {
            return false;
        }
        self.fact(name.span);
        let entity_name = self.names.short(full);
        let description = self.prose(rest.get(..start).unwrap_or_default());
        let schema = match (head, values) {
            (Some(head), _) => {
                let rows = self.table(rest, Some(head));
                let mut properties = named(rows.len());
                let mut span = name.span;
                for row in rows {
                    span = span.to(row.span);
                    let property = self.property(&row, &entity_name);
                    observe(&mut properties, row.name.text.to_owned(), property);
                }
                Schema { description, ..Schema::new(Kind::Object(properties), Origin::stated(span)) }
            }
            (None, Some(values)) => {
                let Some(schema) = self.enumeration(&entity_name, rest, &values, description) else { return true };
                schema
            }
            (None, None) => return false,
        };
        self.page.api.schemas.insert(entity_name, schema);
        self.page.api.full_names.extend(self.names.full());
        true
    }

    fn enumeration(&mut self, name: &str, lines: &[Line<'a>], values: &Values, description: Option<String>) -> Option<Schema> {
        for line in lines.get(values.first..values.rows).unwrap_or_default() {
            self.boilerplate(line.span, "table head");
        }
        let rows = lines.get(values.rows..).unwrap_or_default();
        let mut text = description.map(|text| text + "\n\n").unwrap_or_default();
        let mut enumeration = Vec::new();
        let mut span: Option<Span> = None;
        let mut cells = rows.iter().flat_map(|line| cells(self.document, *line)).peekable();
        while let Some(word) = cells.next() {
            let number = cells.next().filter(|cell| cell.text.parse::<i64>().is_ok());
            let Some(number) = number.filter(|_| is_word(word.text)) else {
                let message = "a name and its number were expected here, as the values of an enumeration";
                self.error(word.span, message);
                return None;
            };
            let mut about = Vec::new();
            // The next value begins where a name stands before a number.
            while let Some(cell) = cells.peek().copied() {
                let mut ahead = cells.clone();
                ahead.next();
                let starts = is_word(cell.text) && ahead.next().is_some_and(|next| next.text.parse::<i64>().is_ok());
                if starts {
                    break;
                }
                about.push(cell);
                cells.next();
            }
            text.push_str(&format!("- {} is `{}`", number.text, word.text));
            for cell in &about {
                text.push_str(&format!(": {}", cell.text));
            }
            text.push('\n');
            let value = Value::from(number.text.parse::<i64>().unwrap_or_default());
            // Two names of one number are one value.
            if !enumeration.contains(&value) {
                enumeration.push(value);
            }
            let all = about.iter().map(|cell| cell.span).fold(word.span.to(number.span), Span::to);
            span = Some(span.map_or(all, |span| span.to(all)));
        }
        let span = span?;
        for line in rows {
            self.page.ledger.describe(self.document, line.span, |text| foreign(text).filter(|what| *what != "a row of a table"));
        }
        self.finding(FindingKind::Assumption, name, NUMBERS, vec![span]);
        let description = Some(text.trim_end().to_owned());
        Some(Schema { description, enumeration, ..Schema::new(Kind::Integer, Origin::inferred(span, NUMBERS)) })
    }
}

/// Where the values of an enumeration stand.
struct Values {
    /// The first line of what introduces them.
    first: usize,
    /// The first row.
    rows: usize,
}

fn values_at(lines: &[Line<'_>]) -> Option<Values> {
    let letters = |line: &Line<'_>| line.text.chars().filter(|char| char.is_alphabetic()).collect::<String>();
    let head = lines.iter().position(|line| matches!(letters(line).as_str(), "NameValueDescription" | "NameValue"));
    let columns = || {
        let first =
            lines.windows(2).position(|pair| matches!(pair, [name, value] if name.text == "Name" && value.text == "Value"))?;
        let described = lines.get(first + 2).is_some_and(|line| line.text == "Description");
        Some((first, first + 2 + usize::from(described)))
    };
    let (mut first, mut rows) = head.map(|at| (at, at + 1)).or_else(columns)?;
    rows += usize::from(lines.get(rows).is_some_and(|line| table::is_rule(line.text)));
    if first
        .checked_sub(1)
        .and_then(|at| lines.get(at))
        .is_some_and(|line| VALUES.contains(&line.text.trim_start_matches('#').trim_start()))
    {
        first -= 1;
    }
    Some(Values { first, rows })
}

fn is_word(text: &str) -> bool {
    text.starts_with(|char: char| char.is_alphabetic() || char == '_')
        && text.chars().all(|char| char.is_alphanumeric() || char == '_')
}

/// The cells of a line, whatever stands between them.
fn cells<'a>(document: &'a crate::document::Document, line: Line<'a>) -> impl Iterator<Item = Line<'a>> + Clone {
    let cells = line.text.split(['|', '\t']).map(str::trim).filter(|text| !text.is_empty());
    cells.filter_map(|text| Some(Line { span: document.span_of(text)?, text }))
}
