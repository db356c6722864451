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
use crate::{
    api::{Example, Kind, MediaType, Operation, Origin, RequestBody, Response, Schema},
    dialect::{self, Said},
    document::Span,
    sample::Node,
};

/// What the page says about one body.
#[derive(Debug, Default)]
pub(super) struct Body<'a> {
    /// Where the page first mentions it.
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

impl Body<'_> {
    fn sample_span(&self) -> Option<Span> {
        self.sample.as_ref()?.span
    }
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
        if let (Some(named), Some(body)) = (response.named, response.body.named) {
            self.again(Said::ResponseType { first: body.text, further: named.text }, named.span, body.span);
        }
        response.body.named = response.body.named.or(response.named);
        if let Some((status, span)) = response.body.sample.as_ref().and_then(Sample::status) {
            self.again(Said::Status(status), span, span);
        }
        let received = self.received(&response.body);
        let mut request = request;
        let sent = request.as_ref().and_then(|body| self.sent(body));
        let sent_node = request.as_mut().and_then(|body| body.sample.as_mut());
        let example = sent_node.as_ref().and_then(|sample| sample.example(self.document));
        if let Some(json) = sent_node.and_then(|sample| sample.node.take()) {
            self.samples.push(shown(json, None));
        }
        if let Some(body) = request {
            operation.request_body = self.request_body(&body, sent, example, media, operation);
        }
        let span = response.body.heading.or(response.heading).or(response.body.sample_span());
        let span = span.or(operation.origin.spans.first().copied()).unwrap_or(self.document.span(0..0));
        let example = response.body.sample.as_ref().and_then(|sample| sample.example(self.document));
        if let Some(json) = response.body.sample.as_mut().and_then(|sample| sample.node.take()) {
            self.samples.push(shown(json, Some(operation.responses.len())));
        }
        // No part of the page says with which status the body comes.
        operation.responses.push(Response {
            status: String::new(),
            description: self.prose(&response.body.prose).unwrap_or_default(),
            content: content(received, &media.received, example, span),
            origin: Origin::stated(response.heading.unwrap_or(span)),
        });
    }

    /// One response for each row.
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
            operation.responses.push(Response {
                status: status.text.to_owned(),
                description: row.cell(1).map(|cell| markup::cell(cell.text)).unwrap_or_default(),
                content: Vec::new(),
                origin: Origin::stated(row.span),
            });
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
            let help = "if the word is right, the dialect's reader has to be extended by it";
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
    fn sent(&mut self, body: &Body<'a>) -> Option<Schema> {
        let span = body.heading.or(body.first)?;
        let node = body.sample.as_ref().and_then(|sample| sample.node.as_ref());
        let Some(rows) = &body.rows else {
            // Some headings have a type behind the parameter's name.
            let word = body.named.and_then(|cell| cell.text.split_once(' ')).map(|(_, word)| word.trim());
            let word = word.and_then(|word| Some(Cell { span: self.document.span_of(word)?, text: word }));
            let stated = || types::schema(word, Origin::stated(span)).unwrap_or_default();
            return body.heading.filter(|_| node.is_none()).map(|_| stated());
        };
        Some(self.object(rows, span))
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
            if let Some(start) = sample.start {
                self.again(Said::Target(start.text), start.span, operation.origin.spans.first().copied().unwrap_or(start.span));
            }
        }
        let span = match (body.heading, &example) {
            (Some(span), _) => span,
            (None, Some(example)) => example.origin.spans.first().copied()?,
            (None, None) => return None,
        };
        let origin = match body.heading {
            Some(_) => Origin::stated(span),
            None => Origin::sample(span, "only the sample request has a body"),
        };
        let name = body.named.and_then(|cell| cell.text.split_whitespace().next()).map(str::to_owned);
        let content = content(schema, &media.sent, example, span);
        Some(RequestBody { name, description: self.prose(&body.prose), required: None, content, origin })
    }
}

/// A sample of what is sent, or of a response.
fn shown(json: Node<'_>, response: Option<usize>) -> dialect::Sample<'_> {
    dialect::Sample { operation: 0, response, first_only: false, json: Some(json), xml: None }
}

/// One entry for each media type, or one without a name where the page names none.
fn content(schema: Option<Schema>, names: &[(String, Span)], example: Option<Example>, span: Span) -> Vec<MediaType> {
    if names.is_empty() && (schema.is_some() || example.is_some()) {
        return vec![MediaType { name: String::new(), schema, example, origin: Origin::stated(span) }];
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
