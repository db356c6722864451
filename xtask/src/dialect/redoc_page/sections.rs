//! The sections of one operation: security, tables of fields, bodies and responses.
//!
//! Input: lines up to method and path. Output: parameters, body and responses, their claims, findings and diagnostics. Knows
//! nothing of headings and samples.

use std::borrow::Cow;

use super::{
    lines::{self, COMPARE, Heading, Lines, Mark, Text},
    rows::{self, Row},
    samples, types,
};
use crate::{
    api::{Kind, Location, MediaType, Method, Origin, Parameter, RareConstraints, RequestBody, Response, Schema, SecurityScheme},
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
                self.security(lines, security);
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

    fn security(&mut self, lines: &mut Lines<'a>, count: usize) {
        let alternatives = self.security.get_or_insert_default();
        for (index, line) in (0..count).filter_map(|index| Some((index, lines.next()?))) {
            self.page.ledger.fact(line.span);
            let text = security_text(line.text).filter(|_| index == 0).unwrap_or(line.text);
            let text = &*without_scopes(text);
            for alternative in
                text.split(" or ").flat_map(|text| text.split(" OR ")).flat_map(glued_groups).filter(|text| !text.is_empty())
            {
                let mut names: Vec<String> = Vec::new();
                // Parentheses say that all of the schemes in them are needed, whose names a copy shows glued.
                let group = alternative.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
                if let Some(group) = group.filter(|group| !group.contains(char::is_whitespace) && !group.is_empty()) {
                    let scheme = || SecurityScheme { kind: None, description: None, origin: Origin::stated(line.span) };
                    self.page.api.security_schemes.entry(group.to_owned()).or_insert_with(scheme);
                    alternatives.push(vec![alternative.to_owned()]);
                    continue;
                }
                for name in alternative.split(" and ").flat_map(|text| text.split(" AND ")) {
                    // A group of names stands in parentheses whole.
                    let name = name.trim().trim_start_matches('(').trim_end_matches(')').trim();
                    if name.is_empty() || name.eq_ignore_ascii_case("none") || names.iter().any(|known| known == name) {
                        continue;
                    }
                    names.push(name.to_owned());
                    let scheme = || SecurityScheme { kind: None, description: None, origin: Origin::stated(line.span) };
                    self.page.api.security_schemes.entry(name.to_owned()).or_insert_with(scheme);
                }
                if !alternatives.contains(&names) {
                    alternatives.push(names);
                }
            }
        }
        // `None` alone says that no scheme is needed.
        if alternatives.len() == 1 && alternatives.iter().all(Vec::is_empty) {
            alternatives.clear();
        }
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
                self.describe(lines, row.text);
            }
        }
        rows.retain(|row| row.name.is_some());
        rows
    }

    fn describe(&mut self, lines: &Lines<'a>, span: Option<Span>) {
        let Some(span) = span else { return };
        let document = lines.document();
        self.page.ledger.describe(document, span, lines::foreign);
        // The structure of HTML tells what a row is; in a text a type that is not understood shows only by the name above it.
        let mut name = false;
        for line in document.slice(span).lines().filter(|_| !lines.marked()).map(str::trim) {
            if let Some(span) = document.span_of(line).filter(|_| name && lines::starts_like_type(line)) {
                self.page.ledger.refuse(span, "the type of a row, which is not understood,");
            }
            name = lines::is_like_name(line);
        }
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
                None => self.describe(lines, Some(span)),
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
                self.describe(lines, row.text);
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
            self.describe(lines, text);
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

/// A group in parentheses and what is glued to it, as a copy has alternatives side by side: `key(basicoauth)`.
fn glued_groups(text: &str) -> Vec<&str> {
    let text = text.trim();
    if text.contains(char::is_whitespace) {
        return vec![text];
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, group)) = rest.split_once('(') {
        let end = group.find(')').map_or(group.len(), |end| end + 1);
        parts.extend(Some(before).filter(|before| !before.is_empty()));
        parts.extend(rest.get(before.len()..before.len() + 1 + end));
        rest = group.get(end..).unwrap_or_default();
    }
    parts.extend(Some(rest).filter(|rest| !rest.is_empty()));
    parts
}

/// Without the scopes in parentheses behind a name; a name that follows them at once is an alternative.
fn without_scopes(text: &str) -> Cow<'_, str> {
    const WORDS: [&str; 4] = ["or", "and", "OR", "AND"];
    let (mut found, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once(" (") {
        found.push_str(before);
        let name = before.rsplit([' ', '(']).next().unwrap_or_default();
        if name.is_empty() || WORDS.contains(&name) {
            found.push_str(" (");
            rest = behind;
            continue;
        }
        rest = behind.split_once(')').map_or("", |(_, rest)| rest);
        let next = rest.trim_start();
        if !next.is_empty() && !next.starts_with(')') && !WORDS.contains(&next.split(' ').next().unwrap_or_default()) {
            found.push_str(" or ");
            rest = next;
        }
    }
    if found.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(found + rest) }
}

/// How many of the next lines are about security: a line that starts with the word, and those up to the next heading.
pub(super) fn security_lines(lines: &Lines<'_>) -> usize {
    const MOST: usize = 12;
    let Some(first) = lines.peek(0) else { return 0 };
    if security_text(first.text).is_none() {
        return 0;
    }
    let next_heading = (1..=MOST).find(|&ahead| lines.peek(ahead).is_none_or(|line| line.heading.is_some()));
    let close = |count: &usize| (1..*count).all(|ahead| lines.adjacent(ahead).is_some());
    next_heading.filter(close).unwrap_or(0)
}

/// What stands behind the word; a heading such as `Security Roles` is none, as a space follows it.
fn security_text(line: &str) -> Option<&str> {
    for label in ["Authorizations", "AUTHORIZATIONS", "Security", "SECURITY"] {
        if let Some(rest) = line.strip_prefix(label) {
            let glued = rest.is_empty() || rest.starts_with(':') || !rest.starts_with(char::is_whitespace);
            return glued.then(|| rest.trim_start_matches(':').trim());
        }
    }
    None
}
