//! Bodies, as tables and samples say them.
//!
//! Input: the parts of the page about the body that is sent and the responses. Output: request body, responses, entities.
//! Knows nothing of parameters.

use std::iter::repeat_n;

use super::{
    Reader,
    blocks::{Cell, Row},
    headers::Media,
    markup,
    samples::Sample,
    types,
};
use crate::words::{pascal_case, status_phrase};
use crate::{
    api::{DOCUMENTED_BODY, Example, Kind, MediaType, Operation, Origin, RequestBody, Response, Schema},
    dialect,
    document::Span,
    finding,
    sample::Node,
};
use foldhash::HashSet;

/// What the page says about one body.
#[derive(Debug, Default)]
pub(super) struct Body<'a> {
    /// Where the page first speaks of it.
    pub(super) first: Option<Span>,
    pub(super) heading: Option<Span>,
    /// What follows the colon of the heading.
    pub(super) named: Option<Cell<'a>>,
    pub(super) prose: Vec<Span>,
    pub(super) rows: Option<Vec<Row<'a>>>,
    pub(super) sample: Option<Sample<'a>>,
}

/// What the page says about responses.
#[derive(Debug, Default)]
pub(super) struct ResponsePart<'a> {
    pub(super) heading: Option<Span>,
    pub(super) named: Option<Cell<'a>>,
    pub(super) statuses: Vec<Row<'a>>,
    pub(super) body: Body<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn bodies(
        &mut self,
        request: Option<Body<'a>>,
        mut response: ResponsePart<'a>,
        media: &Media,
        operation: &mut Operation,
    ) {
        self.statuses(&response, operation);
        if let (Some(named), Some(body)) = (response.named, response.body.named)
            && named.text != body.text
        {
            let text =
                format!("one heading says `{}`, the other `{}`: the heading of the body is believed", named.text, body.text);
            let subject = operation.operation_id.clone();
            self.finding(finding::Kind::Contradiction, subject, text, vec![body.span, named.span]);
        }
        response.body.named = response.body.named.or(response.named);
        if let Some((status, span)) = response.body.sample.as_ref().and_then(Sample::status)
            && operation.responses.iter().all(|response| response.status != status)
        {
            let text = format!("the sample shows the status {status}, which no table of the page has: the table is believed");
            self.finding(finding::Kind::Contradiction, operation.operation_id.clone(), text, vec![span]);
        }
        let carrier = carrier(operation);
        let received = if carrier.is_some() { self.received(&response.body) } else { None };
        if carrier.is_none() {
            self.bodiless(&response, operation);
        }
        let mut request = request;
        let sent = request.as_ref().and_then(|body| self.sent(body, received.as_ref()));
        let sent_node = request.as_mut().and_then(|body| body.sample.as_mut());
        let example = sent_node.as_ref().and_then(|sample| sample.example(self.document));
        if let Some(json) = sent_node.and_then(|sample| sample.node.take()) {
            self.samples.push(shown(json, None));
        }
        if let Some(body) = request {
            operation.request_body = self.request_body(&body, sent, example, media, operation);
        }
        if let Some(carrying) = carrier.and_then(|at| operation.responses.get_mut(at)) {
            let span = response.body.heading.or(carrying.origin.spans.first().copied()).unwrap_or(self.document.span(0..0));
            let example = response.body.sample.as_ref().and_then(|sample| sample.example(self.document));
            carrying.content = content(received, &media.received, example, span);
            if let Some(json) = response.body.sample.as_mut().and_then(|sample| sample.node.take()) {
                self.samples.push(shown(json, carrier));
            }
        }
    }

    /// One response for each row; where the page has no table of them, success is taken to be 200.
    fn statuses(&mut self, response: &ResponsePart<'a>, operation: &mut Operation) {
        operation.responses.reserve_exact(response.statuses.len());
        for row in &response.statuses {
            let Some(status) =
                row.cell(0).filter(|cell| cell.text.len() == 3 && cell.text.bytes().all(|byte| byte.is_ascii_digit()))
            else {
                self.error(
                    row.span,
                    "a status such as `200` was expected in the first cell of this row",
                    "compare with the vendor's page",
                );
                continue;
            };
            let description = row.cell(1).map_or_else(|| status_phrase(status.text).to_owned(), |cell| markup::cell(cell.text));
            operation.responses.push(Response {
                status: status.text.to_owned(),
                description,
                content: Vec::new(),
                origin: Origin::stated(row.span),
            });
        }
        let prose = self.prose(&response.body.prose);
        if operation.responses.is_empty()
            && let Some(span) = response.heading.or(response.body.heading).or(operation.origin.spans.first().copied())
        {
            let reason = "the page has no table of responses: success is taken to be 200";
            self.finding(finding::Kind::Assumption, operation.operation_id.clone(), reason, vec![span]);
            operation.responses.push(Response {
                status: "200".to_owned(),
                description: prose.clone().unwrap_or_else(|| status_phrase("200").to_owned()),
                content: Vec::new(),
                origin: Origin::inferred(span, reason),
            });
        }
        let Some(prose) = prose else { return };
        // The line under the heading repeats a row, or says more about success.
        let said = operation.responses.iter().any(|response| response.description == prose);
        if let (false, Some(first)) = (said, operation.responses.first_mut()) {
            first.description = if first.description.is_empty() { prose } else { format!("{}\n\n{prose}", first.description) };
        }
    }

    /// A body that is named for a response which cannot have one.
    fn bodiless(&mut self, response: &ResponsePart<'a>, operation: &Operation) {
        let (Some(heading), Some(named)) = (response.body.heading, response.body.named) else { return };
        let statuses: Vec<&str> = operation.responses.iter().map(|response| response.status.as_str()).collect();
        let text = format!(
            "the page names `{}` as the type of the response, but no response of the page ({}) has a body: it is left out",
            named.text,
            statuses.join(", ")
        );
        let spans = operation
            .responses
            .iter()
            .flat_map(|response| response.origin.spans.iter().copied())
            .take(1)
            .chain([heading])
            .collect();
        self.finding(finding::Kind::Contradiction, operation.operation_id.clone(), text, spans);
        if let Some(rows) = &response.body.rows {
            self.entity(named.text, rows, heading);
        }
    }

    /// The type of the response.
    fn received(&mut self, body: &Body<'a>) -> Option<Schema> {
        let Some(named) = body.named else {
            let node = body.sample.as_ref()?.node.as_ref()?;
            let span = body.heading.unwrap_or(node.span);
            return body.rows.as_ref().map(|rows| self.object(rows, span));
        };
        let Some(mut schema) = types::schema(Some(named), Origin::stated(named.span)) else {
            let help = "if the word is right, the dialect's reader must learn it";
            self.error(named.span, format!("`{}` is no type that the dialect knows", named.text), help);
            return None;
        };
        let Some(rows) = &body.rows else { return Some(schema) };
        let heading = body.heading.unwrap_or(named.span);
        match schema.entity().map(str::to_owned) {
            Some(name) => self.entity(&name, rows, heading),
            None => {
                let table = self.object(rows, heading);
                match &mut schema.kind {
                    Kind::Array(item) => **item = table,
                    _ => schema = table,
                }
            }
        }
        Some(schema)
    }

    /// The type of what is sent: its heading names a parameter, not a type.
    fn sent(&mut self, body: &Body<'a>, received: Option<&Schema>) -> Option<Schema> {
        let span = body.heading.or(body.first)?;
        let node = body.sample.as_ref().and_then(|sample| sample.node.as_ref());
        let Some(rows) = &body.rows else {
            // Some headings have a type behind the parameter's name.
            let word = body.named.and_then(|cell| cell.text.split_once(' ')).map(|(_, word)| word.trim());
            let word = word.and_then(|word| Some(Cell { span: self.document.span_of(word)?, text: word }));
            let stated = || types::schema(word, Origin::stated(span)).unwrap_or_default();
            return body.heading.filter(|_| node.is_none()).map(|_| stated());
        };
        let Some((name, reason)) = self.name_of_sent(body, rows, received) else {
            return Some(self.object(rows, span));
        };
        self.decided(&name, reason, rows, span);
        self.entity(&name, rows, span);
        let origin = Origin::inferred(span, reason);
        Some(Schema::new(Kind::Reference(name), origin))
    }

    /// Writes down which type the body is taken to have, and what of it the body's own table lacks.
    fn decided(&mut self, name: &str, reason: &str, rows: &[Row<'a>], span: Span) {
        let known = self.page.api.schemas.get(name).map(|schema| &schema.kind);
        let lacking: Vec<String> = match known {
            Some(Kind::Object(properties)) => {
                let listed: HashSet<&str> = rows.iter().filter_map(|row| row.cell(0)).map(|cell| cell.text).collect();
                properties.keys().filter(|name| !listed.contains(name.as_str())).map(|name| format!("`{name}`")).collect()
            }
            _ => Vec::new(),
        };
        let lacking = match lacking.as_slice() {
            [] => String::new(),
            names => format!("; only the response's table has {}", names.join(", ")),
        };
        let there = known.and_then(|_| self.page.api.schemas.get(name)?.origin.spans.first().copied());
        let spans = std::iter::once(span).chain(there).collect();
        self.finding(finding::Kind::Assumption, name.to_owned(), format!("{reason}{lacking}"), spans);
    }

    /// The type that the page gives the body that is sent; `None` where it has no name.
    fn name_of_sent(&self, body: &Body<'a>, rows: &[Row<'a>], received: Option<&Schema>) -> Option<(String, &'static str)> {
        let parameter = body.named.and_then(|cell| cell.text.split_whitespace().next()).unwrap_or_default();
        let answered = received.and_then(Schema::entity);
        if let Some(name) = answered.filter(|name| name.eq_ignore_ascii_case(parameter)) {
            return Some((name.to_owned(), "the body has the name of the type that comes back: it is the same type"));
        }
        let prose = self.prose(&body.prose).unwrap_or_default();
        let saved = prose.strip_prefix("The ").and_then(|rest| rest.split_once(' '));
        let saved =
            saved.filter(|(_, rest)| ["to be saved", "that is saved", "to save"].iter().any(|words| rest.starts_with(words)));
        if let Some((name, _)) = saved.filter(|(name, _)| types::is_entity(name)) {
            return Some((name.to_owned(), "the description names the type that is saved"));
        }
        if let Some(name) = answered
            && let Some(Schema { kind: Kind::Object(properties), .. }) = self.page.api.schemas.get(name)
        {
            let names = rows.iter().filter_map(|row| row.cell(0));
            if rows.len() * 2 >= properties.len()
                && names.clone().count() > 1
                && names.clone().all(|name| properties.contains_key(name.text))
            {
                return Some((name.to_owned(), "all properties are those of the type that comes back: it is the same type"));
            }
        }
        let name = pascal_case(parameter);
        if prose.split(|char: char| !char.is_alphanumeric()).any(|word| word == name && types::is_entity(word)) {
            return Some((name, "the description names the type of the body"));
        }
        None
    }

    fn request_body(
        &mut self,
        body: &Body<'a>,
        schema: Option<Schema>,
        example: Option<Example>,
        media: &Media,
        operation: &mut Operation,
    ) -> Option<RequestBody> {
        if let Some(sample) = &body.sample {
            sample.show_headers(operation);
            if let Some(other) = sample.other_target(operation) {
                let text = format!("the sample sends `{}`, the page is about `{}`", other.text, operation.path);
                let spans = operation.origin.spans.iter().copied().chain([other.span]).collect();
                self.finding(finding::Kind::Contradiction, operation.operation_id.clone(), text, spans);
            }
        }
        let span = match (body.heading, &example) {
            (Some(span), _) => span,
            (None, Some(example)) => example.origin.spans.first().copied()?,
            (None, None) => return None,
        };
        let mut origin = Origin::stated(span);
        if body.heading.is_none() {
            origin = Origin::sample(span, "only the sample request has a body");
        }
        origin.infer(DOCUMENTED_BODY);
        let content = content(schema, &media.sent, example, span);
        Some(RequestBody { description: self.prose(&body.prose), required: true, content, origin })
    }
}

/// A sample of what is sent, or of a response.
fn shown(json: Node<'_>, response: Option<usize>) -> dialect::Sample<'_> {
    dialect::Sample { operation: 0, response, first_only: false, json: Some(json), xml: None }
}

/// The first response of success that can have a body.
fn carrier(operation: &Operation) -> Option<usize> {
    operation
        .responses
        .iter()
        .position(|response| response.status.starts_with('2') && !matches!(response.status.as_str(), "204" | "205"))
}

/// One entry for each media type; JSON where the page names none.
fn content(schema: Option<Schema>, names: &[(String, Span)], example: Option<Example>, span: Span) -> Vec<MediaType> {
    if names.is_empty() && (schema.is_some() || example.is_some()) {
        let origin = Origin::inferred(span, "the page names no media type for this body: it is taken to be JSON");
        return vec![MediaType { name: "application/json".to_owned(), schema, example, origin }];
    }
    let is_json = |name: &str| matches!(name, "application/json" | "text/json");
    let mut examples = repeat_n(example, names.iter().filter(|(name, _)| is_json(name)).count());
    let named = names.iter().zip(repeat_n(schema, names.len())).map(|((name, span), schema)| MediaType {
        name: name.clone(),
        schema,
        example: is_json(name).then(|| examples.next()).flatten().flatten(),
        origin: Origin::stated(*span),
    });
    named.collect()
}
