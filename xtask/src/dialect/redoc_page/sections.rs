//! The sections of one operation: security, tables of fields, bodies and responses.
//!
//! Input: lines up to method and path. Output: parameters, body and responses, their claims, findings and diagnostics. Knows
//! nothing of headings and samples.

use super::{
    checks,
    lines::{self, COMPARE, Heading, Lines, Mark, Text},
    rows::{self, Row},
    samples,
    security::{self, security_lines},
    types,
};
use crate::{
    api::{Kind, Location, MediaType, Method, Origin, Parameter, RareConstraints, RequestBody, Response, Schema},
    diagnostic::Diagnostic,
    dialect::Page,
    document::Span,
    finding::{Finding, FindingKind},
};

/// What the sections of an operation say.
pub(super) struct Sections<'a, 'p> {
    pub(super) page: &'p mut Page,
    pub(super) security: Option<Vec<Vec<String>>>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<RequestBody>,
    pub(super) responses: Vec<Response>,
    pub(super) verb: Option<(Method, &'a str, Span)>,
}

impl<'a> Sections<'a, '_> {
    pub(super) fn read(&mut self, lines: &mut Lines<'a>) {
        while let Some(line) = lines.peek(0) {
            let security = security_lines(lines);
            if security > 0 {
                security::read(lines, security, self.security.get_or_insert_default(), self.page);
                continue;
            }
            let Some(heading) = line.heading else {
                // The next operation begins, and this one has no method.
                if matches!(line.mark, Mark::Heading(_)) {
                    return;
                }
                let text = rows::text(lines, |lines| security_lines(lines) > 0);
                let span = text.or_else(|| lines.next().map(|line| line.span)).unwrap_or(line.span);
                self.unknown(span, "a section such as `path Parameters`, `Responses`, or method and path, was expected here");
                continue;
            };
            lines.next();
            self.page.ledger.fact(line.span);
            match heading {
                Heading::Request => {}
                Heading::Parameters(location) => self.parameters(lines, location),
                Heading::Body(media) => self.body(lines, line, media),
                Heading::Responses => self.responses(lines),
                Heading::Verb(method, path) => {
                    self.verb = Some((method, path, line.span));
                    return;
                }
                Heading::RequestSamples | Heading::ResponseSamples => {
                    self.unknown(line.span, "method and path, such as `get/path`, were expected before the samples");
                    samples::read(lines, self.page);
                    return;
                }
                Heading::ResponseHeaders | Heading::ResponseSchema(_) | Heading::Callbacks => {
                    self.unknown(line.span, "this heading was not expected here");
                }
            }
        }
    }

    fn unknown(&mut self, span: Span, message: &str) {
        self.page.diagnostics.push(Diagnostic::new(span, message, COMPARE));
    }

    /// Claims rows and tells what they say beyond their schemas.
    fn rows(&mut self, lines: &mut Lines<'a>, ends: impl Fn(&Text<'a>) -> bool + Copy) -> Vec<Row<'a>> {
        let mut rows = rows::read(lines, ends);
        for row in &rows {
            let subject = row.name.unwrap_or("a field without a name");
            let mut note = |text: String| {
                self.page.findings.push(Finding::new(FindingKind::Loss, subject, text, vec![row.span]));
            };
            for lost in &row.lost {
                note(format!("the page says {lost}; the specification does not carry this"));
            }
            if row.pattern {
                self.page.ledger.boilerplate(row.span, "members whose names match a pattern");
            } else if row.name.is_none() {
                self.page.ledger.boilerplate(row.span, "field whose name the page has lost");
                note("the page has lost the name of this field, so it is not carried".to_owned());
            } else {
                self.page.ledger.fact(row.span);
                checks::describe(self.page, lines, row.text);
                checks::name_of(self.page, lines, row);
            }
        }
        checks::names_in_texts(self.page, lines, &rows);
        rows.retain(|row| row.name.is_some());
        rows
    }

    fn parameters(&mut self, lines: &mut Lines<'a>, location: Location) {
        for row in self.rows(lines, |_| false) {
            if row.additional {
                self.further_names(row);
                continue;
            }
            let name = row.name.unwrap_or_default().to_owned();
            let span = row.span;
            let required = row.required;
            let (description, origin) = (row.description, Origin::stated(span));
            self.parameters.push(Parameter { name, location, required, description, schema: row.schema, origin });
        }
    }

    /// The row for further names belongs to the parameter above it.
    fn further_names(&mut self, row: Row<'a>) {
        let above = self.parameters.last_mut().map(|parameter| &mut parameter.schema);
        match above.filter(|schema| matches!(&schema.kind, Kind::Object(members) if members.is_empty())) {
            Some(map) => {
                map.origin.spans.extend(row.schema.origin.spans.iter().copied());
                map.kind = Kind::Map(Box::new(Schema { description: row.description, ..row.schema }));
            }
            None => self.unknown(row.span, "a row for further names was expected below a parameter that is an object"),
        }
    }

    fn body(&mut self, lines: &mut Lines<'a>, heading: Text<'a>, media: Option<&'a str>) {
        let mut span = heading.span;
        checks::named_media(self.page, span, media);
        let mut media = media.map(|name| (name, heading.span));
        if let Some(line) = lines.peek(0).filter(|line| media.is_none() && lines::is_media(line.text)) {
            media = Some((line.text, line.span));
            span = self.claim(lines, span);
        }
        let required =
            lines.adjacent(0).filter(|line| matches!(line.text, "required" | "optional")).map(|line| line.text == "required");
        if required.is_some() {
            span = self.claim(lines, span);
        }
        self.further_types(lines);
        let (schema, description) = self.schema(lines, span, |_| false);
        let (name, named_at) = media.unwrap_or(("", heading.span));
        let content = vec![MediaType { name: name.to_owned(), schema, example: None, origin: Origin::stated(named_at) }];
        let required = Some(required == Some(true));
        self.body = Some(RequestBody { name: None, description, required, content, origin: Origin::stated(span) });
    }

    /// Media types that a person could choose on the page, of which its HTML names no more.
    fn further_types(&mut self, lines: &mut Lines<'a>) {
        let further = lines.adjacent(0).and_then(|line| line.text.strip_prefix("Further content types: "));
        if let Some(names) = further.filter(|_| lines.marked())
            && let Some(line) = lines.next()
        {
            self.page.ledger.fact(line.span);
            let text = "the page offers this beside the media type that it shows, and tells nothing of it: it is not carried";
            self.page.findings.push(Finding::new(FindingKind::Loss, names, text, vec![line.span]));
        }
    }

    fn claim(&mut self, lines: &mut Lines<'a>, span: Span) -> Span {
        let Some(line) = lines.next() else { return span };
        self.page.ledger.fact(line.span);
        span.to(line.span)
    }

    /// What stands under a schema's heading: text, then `Array` or not, then rows or one type line.
    fn schema(
        &mut self,
        lines: &mut Lines<'a>,
        heading: Span,
        ends: impl Fn(&Text<'a>) -> bool + Copy,
    ) -> (Option<Schema>, Option<String>) {
        let starts = |lines: &Lines<'a>| {
            let line = lines.peek(0);
            rows::starts(lines) || line.is_some_and(|line| array(line.text).is_some() || line.kind.is_some() || ends(&line))
        };
        let first = lines.peek(0);
        let alternatives = |text: &str| {
            ["One of", "Any of"].iter().any(|words| {
                text.strip_prefix(words)
                    .is_some_and(|rest| rest.trim_end_matches(':').is_empty() || rest.starts_with(' ') && !rest.ends_with('.'))
            })
        };
        let choice = first.filter(|line| alternatives(line.text));
        let description = rows::text(lines, starts).map(|span| {
            match choice {
                Some(_) => self.page.ledger.fact(span),
                None => checks::describe(self.page, lines, Some(span)),
            }
            lines.said(span)
        });
        if let Some(line) = choice {
            self.unknown(
                line.span,
                "one type was expected here, found the tabs of alternatives, of which the page's text shows only the open one",
            );
        }
        let mut lists = Vec::new();
        while let Some((line, constraints)) = lines.peek(0).and_then(|line| Some((line, array(line.text)?))) {
            self.page.ledger.fact(line.span);
            lines.next();
            lists.push((line.span, constraints));
        }
        let before = lines.peek(0);
        let whole = before.filter(|_| !rows::starts(lines) || self.is_whole(lines)).and_then(|_| rows::value(lines, None, ends));
        let mut schema = match whole {
            Some(row) => {
                self.page.ledger.fact(row.span);
                checks::name_apart(self.page, lines, description.as_deref(), row.span);
                checks::describe(self.page, lines, row.text);
                Some(Schema { description: row.description, ..row.schema })
            }
            None => {
                let found = before.is_some();
                let rows = self.rows(lines, ends);
                let span = rows.iter().map(|row| row.span).reduce(Span::to);
                span.map(|span| rows::object(rows, span, lines.marked())).filter(|_| found)
            }
        };
        for (span, constraints) in lists.into_iter().rev() {
            let item = schema.unwrap_or_else(|| Schema::new(Kind::Unknown, Origin::stated(span)));
            let all = item.origin.spans.first().map_or(span, |item| span.to(*item));
            schema = Some(Schema { constraints, ..Schema::new(Kind::Array(Box::new(item)), Origin::stated(heading.to(all))) });
        }
        (schema, description)
    }

    /// Whether the next line is a type of its own that no rows follow: the type of the whole body.
    fn is_whole(&self, lines: &Lines<'a>) -> bool {
        let own = lines.peek(0).is_some_and(|line| line.kind.is_some());
        own && lines.peek(1).is_none_or(|line| line.heading.is_some())
    }

    /// Responses behind tabs that were closed when the page was saved.
    fn closed(&mut self, lines: &mut Lines<'a>) {
        let closed = lines.peek(0).filter(|_| lines.marked());
        let Some((line, statuses)) = closed.and_then(|line| Some((line, line.text.strip_prefix("Further responses: ")?))) else {
            return;
        };
        lines.next();
        self.page.ledger.fact(line.span);
        for status in statuses.split(", ").filter_map(crate::words::status) {
            let text = "the page lists this response and shows nothing of it, as its tab is closed: what it holds is not carried";
            self.page.findings.push(Finding::new(FindingKind::Loss, status.clone(), text, vec![line.span]));
            let (description, content) = (String::new(), Vec::new());
            self.responses.push(Response { status, description, content, origin: Origin::stated(line.span) });
        }
    }

    fn responses(&mut self, lines: &mut Lines<'a>) {
        while let Some((line, (status, rest))) = lines.peek(0).and_then(|line| Some((line, lines::status(line.text)?))) {
            lines.next();
            let mut span = line.span;
            let mut description = rest.to_owned();
            // Where the text stands behind its status, the next status does so too.
            let next = |line: Text<'_>| is_status(&line) || !rest.is_empty() && lines::status(line.text).is_some();
            let text = rows::text(lines, |lines| lines.peek(0).is_some_and(next));
            if let Some(text) = text {
                span = span.to(text);
                description = [rest, lines.said(text).as_str()].join("\n").trim().to_owned();
            }
            self.page.ledger.fact(span);
            checks::describe(self.page, lines, text);
            let ends = |line: &Text<'_>| next(*line);
            let mut response = Response { status, description, content: Vec::new(), origin: Origin::stated(span) };
            while let Some(line) = lines.peek(0) {
                match line.heading {
                    Some(Heading::ResponseHeaders) => {
                        self.page.ledger.fact(line.span);
                        lines.next();
                        for row in self.rows(lines, ends) {
                            let text = "the page documents this header of a response; the specification does not carry it";
                            let name = row.name.unwrap_or_default();
                            self.page.findings.push(Finding::new(FindingKind::Loss, name, text, vec![row.span]));
                        }
                    }
                    Some(Heading::ResponseSchema(media)) => {
                        self.page.ledger.fact(line.span);
                        lines.next();
                        checks::named_media(self.page, line.span, media);
                        self.further_types(lines);
                        let (schema, _) = self.schema(lines, line.span, ends);
                        let name = media.unwrap_or_default().to_owned();
                        response.content.push(MediaType { name, schema, example: None, origin: Origin::stated(line.span) });
                    }
                    _ => break,
                }
            }
            self.responses.push(response);
        }
        self.closed(lines);
    }
}

/// A status alone on a line, or one with its text behind a gap.
fn is_status(line: &Text<'_>) -> bool {
    lines::status(line.text).is_some_and(|(_, rest)| rest.is_empty() || line.gap)
}

/// `Array`, `Array ()`, `Array (<= 5 items)`
fn array(line: &str) -> Option<RareConstraints> {
    let rest = line.strip_prefix("Array")?.trim();
    if rest.is_empty() || rest == "()" {
        return Some(RareConstraints::default());
    }
    let constraints = rest.strip_prefix('(')?.strip_suffix(')')?;
    let shape = types::read(&format!("Array of any {constraints}"))?;
    Some(shape.schema.constraints)
}
