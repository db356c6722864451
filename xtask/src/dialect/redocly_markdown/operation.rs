//! One operation of a page.
//!
//! Input: its part of the text. Output: an operation, its claims, findings and diagnostics. Knows nothing of how the
//! parts were found.

use std::borrow::Cow;

use super::{
    field::{self, SameAs},
    heading,
    prose::{self, Place},
    relative,
    row::Row,
    scan::{self, Block, Field, Section, Subject},
    text::{skip_blank, starts_word, text_of},
    tree, uncallable,
};
use crate::{
    api::{Location, MediaType, Named, Operation, Origin, Parameter, Property, RequestBody, Response, SecurityScheme},
    diagnostic::Diagnostic,
    dialect::{Page, Reading},
    document::{Document, Span},
    finding::{Finding, FindingKind},
    sample::Node,
};
use foldhash::{HashMap, HashMapExt as _};
use serde_json::Value;

/// Reads one operation into `reading`; the block's places count from `base`.
pub(super) fn read<'a>(document: &'a Document, base: usize, block: &Block<'_>, reading: &mut Reading<'a>) {
    let Reading { page, lists, .. } = reading;
    let text = document.text.get(base..base + block.end).unwrap_or_default();
    let (path, query) =
        block.endpoint.path.split_once('?').map_or((block.endpoint.path, None), |(path, query)| (path, Some(query)));
    let endpoint = document.span(base + block.endpoint.start..base + block.endpoint.end);
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let mut operation =
        Operation { query: query.map(str::to_owned), ..Operation::new(block.endpoint.method, path, Origin::stated(endpoint)) };
    page.ledger.fact(endpoint);
    if let Some(what) = uncallable::named(block.endpoint.path) {
        page.diagnostics.push(uncallable::refusal(endpoint, what));
        return;
    }
    let subject = format!("{} {}", operation.method.name(), operation.path);
    let mut reader = Reader {
        document,
        text,
        base,
        subject,
        page,
        lists,
        enumerations: HashMap::new(),
        alternative: None,
        fields: Vec::new(),
    };
    if operation.path != block.endpoint.path {
        reader.note(FindingKind::Assumption, "", format!("the path is written `{}`", block.endpoint.path), endpoint);
    }
    reader.heading(block, &mut operation);
    let sections = scan::sections(text, block.endpoint.end, block.end);
    let head_end = sections.first().map_or(block.end, |section| section.start);
    reader.head(block.endpoint.end, head_end, &mut operation);
    for section in &sections {
        reader.section(section, &mut operation);
    }
    reader.page.api.operations.push(operation);
}

struct Reader<'a, 'p> {
    document: &'a Document,
    /// The document from `base` to the end of the operation.
    text: &'a str,
    base: usize,
    subject: String,
    page: &'p mut Page,
    lists: &'p mut Vec<(Span, Node<'a>)>,
    /// The text of the first field of each name, within its alternative, that lists its values.
    enumerations: HashMap<(&'a str, Option<&'a str>), &'a str>,
    /// The label of the alternative whose fields are read.
    alternative: Option<&'a str>,
    /// Room for the fields of one section after the other.
    fields: Vec<Field<'a>>,
}

impl<'a> Reader<'a, '_> {
    fn span(&self, start: usize, end: usize) -> Span {
        self.document.span(self.base + start..self.base + end)
    }

    /// Where a part of the text stands, and what it says.
    fn span_of(&self, part: &'a str) -> (&'a str, Span) {
        (part, self.document.span_of(part).unwrap_or_else(|| self.span(0, 0)))
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Refuses what stands between two places and is no description.
    fn describe(&mut self, start: usize, end: usize, place: Place) {
        for (at, what) in prose::foreign(self.slice(start, end), place) {
            let span = self.span(start + at.start, start + at.end);
            self.page.ledger.refuse(span, what);
        }
    }

    fn note(&mut self, kind: FindingKind, member: &str, text: impl Into<String>, span: Span) {
        let subject = if member.is_empty() { self.subject.clone() } else { format!("{} {member}", self.subject) };
        self.page.findings.push(Finding::new(kind, subject, text, vec![span]));
    }

    fn heading(&mut self, block: &Block<'_>, operation: &mut Operation) {
        let line = self.slice(block.start, block.endpoint.start);
        let hash = usize::from(line.starts_with('#'));
        let start = skip_blank(self.text, block.start + hash).min(block.endpoint.start);
        let line = self.slice(start, block.endpoint.start).trim_end();
        self.page.ledger.fact(self.span(block.start, start + line.len()));
        let whole = self.slice(start, block.endpoint.start);
        let first = whole.find('\n').unwrap_or(0);
        self.describe(start + first, block.endpoint.start, Place::Operation);
        let (summary, description) = match whole.find('\n') {
            Some(end) => (whole.get(..end).unwrap_or_default(), whole.get(end..).unwrap_or_default()),
            None => {
                let split = heading::split(line);
                let (summary, description) = (line.get(..split.heading), line.get(split.text..));
                if !line.is_empty() {
                    let text = format!(
                        "heading and text stand on one line; the heading is taken to be `{}`: {}",
                        summary.unwrap_or_default(),
                        split.rule
                    );
                    self.note(FindingKind::Assumption, "", text, self.span(start, start + line.len()));
                }
                (summary.unwrap_or_default(), description.unwrap_or_default())
            }
        };
        operation.summary = text_of(summary);
        operation.description = text_of(description);
    }

    /// `Version:` and `Security:`, each of which can be missing or stand several times.
    fn head(&mut self, start: usize, end: usize, operation: &mut Operation) {
        const LABELS: [&str; 2] = ["Version:", "Security:"];
        let mut at = skip_blank(self.text, start);
        while at < end {
            let rest = self.slice(at, end);
            let Some(label) = LABELS.into_iter().find(|label| rest.starts_with(label)) else {
                self.unknown(self.span(at, at + rest.trim_end().len()));
                return;
            };
            let value_start = at + label.len();
            let rest = self.slice(value_start, end);
            // A value is a line; what it is in a folded page, only the next label or heading tells.
            let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            let line = rest.get(blank..).and_then(|rest| rest.find('\n')).map_or(rest.len(), |len| blank + len);
            let value_end = value_start + next_label(rest.get(..line).unwrap_or_default(), &LABELS).unwrap_or(line);
            let value = self.slice(value_start, value_end).trim();
            let span = self.span(at, value_start + self.slice(value_start, value_end).trim_end().len());
            self.page.ledger.fact(span);
            match label {
                "Version:" => operation.version = text_of(value),
                _ => self.security(value, span, operation),
            }
            at = skip_blank(self.text, value_end);
        }
    }

    fn unknown(&mut self, span: Span) {
        let line = self.document.slice(span).lines().next().unwrap_or_default();
        if let Some(title) = line.strip_prefix("##") {
            let what = format!("the section `{}`, which the dialect does not know,", title.trim().trim_end_matches(':'));
            let line = Span { end: span.start + line.len() as u32, ..span };
            self.page.ledger.fact(span);
            return self.page.ledger.refuse(line, what);
        }
        self.page.diagnostics.push(Diagnostic::new(
            span,
            "`Version:`, `Security:` or a section such as `## Path parameters:` was expected here",
            "compare with the vendor's page: the lines after `Endpoint:` must be these",
        ));
    }

    fn security(&mut self, value: &str, span: Span, operation: &mut Operation) {
        let alternatives = operation.security.get_or_insert_default();
        if !value.is_empty() {
            alternatives.push(vec![value.to_owned()]);
            let scheme = || SecurityScheme { kind: None, description: None, origin: Origin::stated(span) };
            self.page.api.security_schemes.entry(value.to_owned()).or_insert_with(scheme);
        }
    }

    fn section(&mut self, section: &Section<'a>, operation: &mut Operation) {
        let heading = self.span(section.start, section.heading_end);
        self.page.ledger.fact(heading);
        let mut fields = std::mem::take(&mut self.fields);
        scan::fields(self.text, section.heading_end, section.end, &mut fields);
        let intro_end = fields.first().map_or(section.end, |field| field.start);
        let intro = self.slice(section.heading_end, intro_end);
        let intro_span = self.span(section.heading_end + (intro.len() - intro.trim_start().len()), intro_end);
        let alternatives = fields.iter().position(|field| relative::opens(self.slice(field.rest, field.end)));
        let mut rows = Vec::with_capacity(fields.len());
        let mut label_indent = None;
        self.alternative = None;
        for (index, field) in fields.iter().enumerate() {
            // As published, what stands as far out as the field with the alternatives is in none of them.
            let opener = alternatives.and_then(|first| fields.get(first)).and_then(|first| first.indent);
            if field.indent.zip(opener).is_some_and(|(own, opener)| own <= opener) {
                self.alternative = None;
            }
            let within = alternatives.is_some_and(|first| first <= index);
            let row = self.row(field, within && index + 1 < fields.len());
            self.alternative = row.label.map(|(label, _)| label).or(self.alternative);
            label_indent = label_indent.or(row.label.and_then(|(label, _)| self.indent_of_label(label)));
            rows.push(row);
        }
        for field in fields.iter().skip(alternatives.unwrap_or(fields.len())) {
            self.check_alternatives(field, label_indent);
        }
        if fields.first().is_some_and(|_| relative::opens(intro) || relative::label(intro).1.is_some()) {
            let (_, span) = self.span_of(intro.trim());
            self.page.ledger.refuse(span, "a choice between types of the whole body");
        }
        relative::resolve(&mut rows, &fields);
        for (span, name) in tree::orphans(&rows) {
            self.page.ledger.refuse(span, format!("the member `{name}` of a map that has no row"));
        }
        self.fields = fields;
        let end = rows.last().map_or(heading, |row| row.span);
        let whole = heading.to(end);
        let empty = rows.is_empty();
        let (blank, part) = match &section.subject {
            Subject::Parameters(_) => ("", ""),
            Subject::Request { .. } => (" ", "request"),
            Subject::Response { status, .. } => (" ", status.as_str()),
        };
        let mut found = tree::Found { findings: &mut self.page.findings, lists: self.lists };
        let members = tree::nest(self.document, format_args!("{}{blank}{part}", self.subject), rows, &mut found);
        let mut description = None;
        if !intro.trim().is_empty() && !matches!(section.subject, Subject::Parameters(_)) {
            self.page.ledger.fact(intro_span);
            self.describe(section.heading_end, intro_end, Place::Section(None));
            description = text_of(intro);
        }
        match &section.subject {
            Subject::Parameters(location) => self.parameters(*location, members, operation),
            Subject::Request { media } => {
                let content = self.content(*media, members, empty, heading, whole);
                let body = operation.request_body.get_or_insert_with(|| RequestBody {
                    name: None,
                    description: None,
                    required: None,
                    content: Vec::new(),
                    origin: Origin::stated(heading),
                });
                body.description = body.description.take().or(description);
                body.content.extend(content);
            }
            Subject::Response { status, media } => {
                let content = self.content(*media, members, empty, heading, whole);
                operation.responses.push(Response {
                    status: status.clone(),
                    description: description.unwrap_or_default(),
                    content: content.into_iter().collect(),
                    origin: Origin::stated(heading),
                });
            }
        }
    }

    /// The values of a field before: of the alternative that is named, outside of all, or of any.
    fn same_values(&self, same: &SameAs<'a>) -> Option<Vec<Value>> {
        let known = self.enumerations.get(&(same.name, same.alternative));
        let any = || {
            let mut others = self.enumerations.iter().filter(|((name, _), _)| *name == same.name && same.alternative.is_none());
            others.next().filter(|_| others.next().is_none()).map(|(_, text)| text)
        };
        let values = field::values(known.or_else(any)?).enumeration;
        same.count.is_none_or(|count| count == values.len()).then_some(values)
    }

    /// How far the dash of an alternative's label is indented; `None` where it does not start a line.
    fn indent_of_label(&self, label: &'a str) -> Option<usize> {
        let at = self.document.span_of(label)?.start as usize;
        let before = self.document.text.get(..at)?.trim_end().strip_suffix('-')?;
        let line = before.get(self.document.line_at(before.len() as u32).span.start as usize..)?;
        line.trim().is_empty().then_some(line.len())
    }

    /// Refuses alternatives without members, which read like items of a list in the text above them.
    fn check_alternatives(&mut self, field: &Field<'a>, label_indent: Option<usize>) {
        let (text, _) = relative::label(self.slice(field.rest, field.end));
        let text = text.get(..field::values(text.trim_end()).description).unwrap_or_default();
        let item = |line: &str| match (label_indent, field.indent) {
            (Some(indent), Some(_)) => line.strip_prefix(&" ".repeat(indent)).is_some_and(|line| line.starts_with("- ")),
            (None, None) => line.contains(" - `"),
            _ => false,
        };
        let lines = text.lines().skip(usize::from(field.indent.is_some()));
        for line in lines.filter(|line| item(line)) {
            if let Some(span) = self.document.span_of(line.trim()) {
                self.page.ledger.refuse(span, "an alternative without members");
            }
        }
    }

    /// `labelled`: its text may end with the label of an alternative.
    fn row(&mut self, field: &Field<'a>, labelled: bool) -> Row<'a> {
        let whole = self.slice(field.rest, field.end);
        let (text, label) = if labelled { relative::label(whole) } else { (whole, None) };
        let label = label.map(|label| self.span_of(label));
        let mut values = field::values(text.trim_end());
        let span = self.span(field.start, field.rest + whole.trim_end().len());
        self.page.ledger.fact(span);
        self.describe(field.rest, field.rest + values.description, Place::Section(field.indent));
        let example = values.example.is_some().then(|| {
            let at = &values.example_at;
            self.span(field.rest + at.start, field.rest + at.end)
        });
        match values.same_as {
            Some(same) => match self.same_values(&same) {
                Some(known) => values.enumeration = known,
                None => self.page.diagnostics.push(Diagnostic::new(
                    span,
                    format!(
                        "this field has the values of `{}`, and no field of this name with so many values stands before it",
                        same.name
                    ),
                    "compare with the vendor's page: the field that lists the values must be there",
                )),
            },
            None if !values.enumeration.is_empty() => {
                self.enumerations.entry((field.name, self.alternative)).or_insert(text.trim_end());
            }
            None => {}
        }
        let description = text_of(text.get(..values.description).unwrap_or_default());
        let name = Cow::Borrowed(field.name);
        Row {
            name,
            types: field.types.clone(),
            values,
            description,
            span,
            example,
            label,
            choice: None,
            discriminator: None,
            assumed: None,
        }
    }

    fn parameters(&mut self, location: Location, members: Named<Property>, operation: &mut Operation) {
        operation.parameters.reserve_exact(members.len());
        for (name, mut property) in members {
            let rows = property.repeated.take().into_iter().flat_map(|rows| rows.into_iter());
            operation.parameters.extend(std::iter::once(property).chain(rows).map(
                |Property { mut schema, required, .. }| {
                    let (origin, description) = (schema.origin.clone(), schema.description.take());
                    Parameter { name: name.clone(), location, required, description, schema, origin }
                },
            ));
        }
    }

    fn content(
        &mut self,
        media: Option<&str>,
        members: Named<Property>,
        empty: bool,
        heading: Span,
        whole: Span,
    ) -> Option<MediaType> {
        let schema = (!empty).then(|| tree::whole(members, Origin::stated(whole)));
        if media.is_none() && empty {
            return None;
        }
        let name = media.unwrap_or_default().to_owned();
        Some(MediaType { name, schema, example: None, origin: Origin::stated(heading) })
    }
}

/// Where the next label or heading starts.
fn next_label(text: &str, labels: &[&str]) -> Option<usize> {
    let heading = text.find(" ##").map(|at| at + 1);
    let text = heading.and_then(|at| text.get(..at)).unwrap_or(text);
    label_in(text, labels).or(heading)
}

fn label_in(text: &str, labels: &[&str]) -> Option<usize> {
    let mut from = 0;
    while let Some(colon) = text.get(from..)?.find(':').map(|at| from + at) {
        from = colon + 1;
        let label = labels.iter().find(|label| text.get(..from).is_some_and(|text| text.ends_with(**label)));
        if let Some(start) = label.map(|label| from - label.len()).filter(|&start| starts_word(text, start)) {
            return Some(start);
        }
    }
    None
}
