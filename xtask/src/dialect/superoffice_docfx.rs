//! SuperOffice's docfx pages: one operation in Markdown.
//!
//! Input: the Markdown of a page. Output: the operation, the entities of its tables and samples as one type for each name,
//! and the security schemes. Knows these pages' headings and tables, and nothing of any installation.

mod blocks;
mod body;
mod entities;
mod headers;
mod markup;
mod parameters;
mod prose;
mod samples;
mod types;

use std::cmp::Ordering;

use self::{
    blocks::{Block, BlockKind, Cell, Row, blocks},
    body::{Body, ResponsePart},
    parameters::{operation_id, tag},
};
use crate::{
    api::{Location, Method, Operation, Origin, Schema},
    diagnostic::Diagnostic,
    dialect::{Options, Page, Reading, Repeat, Said, Sample},
    document::{Document, Span},
    finding::{Finding, FindingKind},
};

/// What the parts of the reader share.
struct Reader<'a> {
    document: &'a Document,
    options: &'a Options,
    page: Page,
    tables: Vec<(String, Schema)>,
    repeats: Vec<Repeat<'a>>,
    samples: Vec<Sample<'a>>,
}

/// Where in the page the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Description,
    Query,
    Headers,
    RequestBody,
    Response,
    SampleRequest,
    SampleResponse,
}

/// What was read of the page before it becomes an operation.
#[derive(Default)]
struct Parts<'a> {
    title: Option<Cell<'a>>,
    uid: Option<Cell<'a>>,
    heading: Option<Cell<'a>>,
    description: Vec<Span>,
    path: Vec<Row<'a>>,
    query: Vec<Row<'a>>,
    shown: Vec<Cell<'a>>,
    headers: Vec<Row<'a>>,
    request: Option<Body<'a>>,
    response: ResponsePart<'a>,
}

impl<'a> Reader<'a> {
    fn fact(&mut self, span: Span) {
        self.page.ledger.fact(span);
    }

    fn boilerplate(&mut self, span: Span, rule: &'static str) {
        self.page.ledger.boilerplate(span, rule);
    }

    fn error(&mut self, span: Span, message: impl Into<String>, help: &'static str) {
        self.page.diagnostics.push(Diagnostic::new(span, message, help));
    }

    /// Notes what the only operation of the page says again at `span`.
    fn again(&mut self, said: Said<'a>, span: Span, first: Span) {
        self.repeats.push(Repeat { operation: 0, said, span, first });
    }

    fn finding(&mut self, kind: FindingKind, subject: impl Into<String>, text: impl Into<String>, spans: Vec<Span>) {
        self.page.findings.push(Finding::new(kind, subject, text, spans));
    }
}

pub(super) fn read<'a>(document: &'a Document, options: &'a Options) -> Reading<'a> {
    let blocks = blocks(document);
    let mut reader =
        Reader { document, options, page: Page::default(), tables: Vec::new(), repeats: Vec::new(), samples: Vec::new() };
    let Some((at, verb)) = blocks.iter().enumerate().find_map(|(at, block)| Some((at, verb_and_path(block)?))) else {
        reader.page.diagnostics.push(refusal(document, &blocks));
        return reader.page.into();
    };
    let mut parts = Parts::default();
    let mut section = Section::Description;
    for (index, block) in blocks.into_iter().enumerate() {
        match index.cmp(&at) {
            Ordering::Less => reader.front(&block, &mut parts),
            Ordering::Equal => reader.fact(block.span),
            Ordering::Greater => section = reader.block(block, section, &mut parts),
        }
    }
    reader.operation(verb, parts);
    let Reader { page, tables, repeats, samples, .. } = reader;
    Reading { tables, repeats, samples, made_up: samples::is_made_up, ..page.into() }
}

/// Method and path of a fence that has nothing else.
fn verb_and_path<'a>(block: &Block<'a>) -> Option<(Cell<'a>, Method, &'a str)> {
    let BlockKind::Fence { info: "http", lines, .. } = &block.kind else { return None };
    let mut said = lines.iter().filter(|line| !line.text.is_empty());
    let line = said.next().filter(|_| said.next().is_none())?;
    let (verb, path) = line.text.split_once(char::is_whitespace)?;
    let method = Method::from_name(verb).filter(|method| method.name() == verb)?;
    let path = path.trim();
    (!path.is_empty() && !path.contains(char::is_whitespace)).then_some((*line, method, path))
}

/// Names what a page without method and path is.
fn refusal(document: &Document, blocks: &[Block<'_>]) -> Diagnostic {
    let span = blocks.first().map_or_else(|| document.span(0..0), |block| block.span);
    let path_only = blocks.iter().any(|block| match &block.kind {
        BlockKind::Fence { info, lines, .. } => info.starts_with("http") && lines.iter().any(|line| line.text.starts_with('/')),
        _ => false,
    });
    let front = blocks.iter().any(|block| matches!(block.kind, BlockKind::FrontMatter(_)));
    let tables = blocks.iter().any(|block| matches!(block.kind, BlockKind::Table { .. }));
    let rest = blocks.iter().any(|block| match &block.kind {
        // The columns of docfx's own template for a page made from an OpenAPI document.
        BlockKind::Table { columns, .. } => matches!(
            columns.as_slice(),
            ["Name", "Type", "Default" | "Value", "Notes"] | ["Status Code", "Type", "Description", "Samples"]
        ),
        _ => false,
    });
    let what = if blocks.is_empty() {
        "this page is empty"
    } else if rest {
        "this is a REST page that docfx made from an OpenAPI document, and no page of one operation: import that document, which is the better source"
    } else if path_only && !tables {
        "this page is the index of a group of operations, and no operation"
    } else if !front && !tables {
        "this is an include, a part of other pages, or a text that has lost its front matter and its tables, and no page of an operation"
    } else if tables {
        "this page has lost its method and path: a fence ```http with a line such as `GET /api/v1/User` was expected"
    } else {
        "this is no page of an operation: a fence ```http with a line such as `GET /api/v1/User` was expected"
    };
    Diagnostic::new(
        span,
        what,
        "give the whole page of one operation, from its front matter on; or save the page as HTML and give that",
    )
}

impl<'a> Reader<'a> {
    /// What stands before method and path.
    fn front(&mut self, block: &Block<'a>, parts: &mut Parts<'a>) {
        match &block.kind {
            BlockKind::FrontMatter(entries) => {
                self.boilerplate(block.span, "front matter");
                for (key, value) in entries {
                    match *key {
                        "title" => parts.title = Some(*value),
                        "uid" | "id" => parts.uid = Some(*value),
                        _ => continue,
                    }
                    self.fact(value.span);
                }
            }
            BlockKind::Heading(cell) => {
                self.fact(block.span);
                if parts.heading.is_some() {
                    self.page.ledger.refuse(block.span, "a second heading of the page");
                }
                parts.heading = Some(*cell);
            }
            BlockKind::Include => self.include(block.span),
            BlockKind::Text if self.document.slice(block.span).starts_with("<!--") => self.boilerplate(block.span, "comment"),
            _ => {}
        }
    }

    fn include(&mut self, span: Span) {
        self.boilerplate(span, "include: the text stands in another file");
        let text = format!("what `{}` includes is not part of the page", self.document.slice(span));
        self.finding(FindingKind::Loss, "include", text, vec![span]);
    }

    /// Claims one block and says which section follows. What is not claimed is an error at its place.
    fn block(&mut self, Block { span, kind }: Block<'a>, section: Section, parts: &mut Parts<'a>) -> Section {
        match kind {
            BlockKind::Heading(cell) => return self.heading(span, cell, section, parts),
            BlockKind::Table { columns, rows } => self.table(span, &columns, rows, section, parts),
            BlockKind::Fence { closed: false, .. } => {
                self.fact(span);
                let open = Span { end: span.start + 3, ..span };
                self.error(open, "this fence is not closed", "the page was cut: give the whole page");
            }
            BlockKind::Fence { lines, .. } => match section {
                Section::Description => self.verbatim(span, &mut parts.description),
                Section::Query => {
                    self.fact(span);
                    parts.shown.extend(lines.into_iter().filter(|line| !line.text.is_empty()));
                }
                Section::SampleRequest => {
                    self.fact(span);
                    let sample = self.sample(&lines);
                    parts.request_mut(span).sample.get_or_insert(sample);
                }
                Section::SampleResponse => {
                    self.fact(span);
                    let sample = self.sample(&lines);
                    parts.response.body.sample.get_or_insert(sample);
                }
                Section::Headers | Section::RequestBody | Section::Response => {}
            },
            BlockKind::Include => self.include(span),
            // Older pages have the name of the type in a line instead of a heading.
            BlockKind::Text if section == Section::Response && self.document.slice(span).starts_with("Response body:") => {
                let cell = Cell { span, text: self.document.slice(span) };
                return self.heading(span, cell, section, parts);
            }
            BlockKind::Text => match section {
                Section::Description => self.words(span, &mut parts.description),
                Section::RequestBody => {
                    let mut prose = std::mem::take(&mut parts.request_mut(span).prose);
                    self.words(span, &mut prose);
                    parts.request_mut(span).prose = prose;
                }
                Section::Response => {
                    let mut prose = std::mem::take(&mut parts.response.body.prose);
                    self.words(span, &mut prose);
                    parts.response.body.prose = prose;
                }
                _ => {}
            },
            BlockKind::FrontMatter(_) => {}
        }
        section
    }

    /// Prose of several blocks in a row is one stretch.
    fn words(&mut self, span: Span, spans: &mut Vec<Span>) {
        self.page.ledger.describe(self.document, span, prose::foreign);
        self.join(span, spans);
    }

    /// A part of a description that is no line of prose, such as a fence.
    fn verbatim(&mut self, span: Span, spans: &mut Vec<Span>) {
        self.fact(span);
        self.join(span, spans);
    }

    fn join(&self, span: Span, spans: &mut Vec<Span>) {
        let blank =
            |from: u32, to: u32| self.document.text.get(from as usize..to as usize).is_some_and(|gap| gap.trim().is_empty());
        match spans.last_mut() {
            Some(last) if blank(last.end, span.start) => *last = last.to(span),
            _ => spans.push(span),
        }
    }

    fn heading(&mut self, span: Span, cell: Cell<'a>, section: Section, parts: &mut Parts<'a>) -> Section {
        let after = |prefix: &str| {
            let rest = cell.text.strip_prefix(prefix)?;
            let rest = rest.strip_prefix(':').unwrap_or(rest).trim();
            Some(self.document.span_of(rest).map_or(cell, |span| Cell { span, text: rest })).filter(|cell| !cell.text.is_empty())
        };
        let is = |heading: &str| cell.text.eq_ignore_ascii_case(heading);
        let next = if matches!(cell.text, "Query String Parameters" | "Query Parameters") {
            Section::Query
        } else if matches!(cell.text, "Path Parameters" | "Path Parts") {
            section
        } else if cell.text == "Request Headers" {
            Section::Headers
        } else if cell.text.starts_with("Request Body") {
            let body = parts.request_mut(span);
            body.heading = Some(span);
            body.named = after("Request Body");
            Section::RequestBody
        } else if cell.text.starts_with("Response body") {
            parts.response.body.heading = Some(span);
            parts.response.body.named = after("Response body");
            Section::Response
        } else if cell.text == "Response" || cell.text.starts_with("Response:") {
            parts.response.heading = Some(span);
            parts.response.named = after("Response");
            Section::Response
        } else if is("sample request") || is("sample requests") {
            Section::SampleRequest
        } else if is("sample response") || is("sample responses") {
            Section::SampleResponse
        } else if section == Section::Description && !prose::names_section(cell.text) {
            self.verbatim(span, &mut parts.description);
            return section;
        } else {
            self.page.ledger.refuse(span, format!("the section `{}`", cell.text.trim_end_matches(':')));
            return section;
        };
        self.fact(span);
        next
    }

    fn table(&mut self, span: Span, columns: &[&str], rows: Vec<Row<'a>>, section: Section, parts: &mut Parts<'a>) {
        self.claim_table(span, &rows);
        match (columns, section) {
            (["Path Part" | "Path Parameter", "Type", "Description"], _) => parts.path.extend(rows),
            (["Parameter Name", "Type", "Description"], _) => parts.query.extend(rows),
            (["Parameter Name", "Description"], _) => parts.headers.extend(rows),
            (["Response", "Description"], _) => parts.response.statuses.extend(rows),
            (["Property Name", "Type", "Description"], Section::RequestBody) => {
                parts.request_mut(span).rows.get_or_insert_default().extend(rows);
            }
            (["Property Name", "Type", "Description"], Section::Response) => {
                parts.response.body.rows.get_or_insert_default().extend(rows);
            }
            (columns, Section::Description) if !columns.contains(&"Type") && self.has_head(span) => {
                self.verbatim(span, &mut parts.description)
            }
            _ => {
                let help = "check that the page is of this dialect; if it is, its reader has to be extended by this table";
                self.error(span, "this table is not one that the dialect `superoffice-docfx` knows here", help);
            }
        }
    }

    /// Whether a table begins with its column words above a rule, and has not lost them.
    fn has_head(&self, table: Span) -> bool {
        let mut lines = self.document.slice(table).lines();
        let mut is_rule = || lines.next().is_some_and(|line| blocks::is_rule(line.trim()));
        !is_rule() && is_rule()
    }

    fn claim_table(&mut self, span: Span, rows: &[Row<'a>]) {
        let head = rows.first().map_or(span.end, |row| row.span.start);
        self.boilerplate(Span { end: head, ..span }, "table head");
        rows.iter().for_each(|row| self.fact(row.span));
    }

    fn operation(&mut self, (line, method, path): (Cell<'a>, Method, &'a str), mut parts: Parts<'a>) {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let summary = parts.title.or(parts.heading);
        if let (Some(title), Some(heading)) = (parts.title, parts.heading) {
            self.again(Said::Heading(heading.text), heading.span, title.span);
        }
        let path = format!("/{}", path.trim_start_matches('/'));
        let path = path.as_str();
        let (operation_id, operation_id_reason) = operation_id(parts.uid, path).unwrap_or_default();
        let description = self.prose(&parts.description);
        let mut operation = Operation {
            query: query.map(str::to_owned),
            operation_id,
            operation_id_reason,
            summary: summary.map(|cell| cell.text.to_owned()),
            description,
            tags: tag(parts.uid, path).map(str::to_owned).into_iter().collect(),
            ..Operation::new(method, path.to_owned(), Origin::stated(line.span))
        };
        operation.parameters.reserve_exact(parts.path.len() + parts.query.len());
        for row in &parts.path {
            self.parameter(row, Location::Path, &mut operation);
        }
        for row in &parts.query {
            self.parameter(row, Location::Query, &mut operation);
        }
        self.shown(&parts.shown, &mut operation);
        let media = self.headers(&parts.headers, &mut operation);
        self.bodies(parts.request.take(), parts.response, &media, &mut operation);
        self.page.api.operations = vec![operation];
    }

    fn prose(&self, spans: &[Span]) -> Option<String> {
        let texts: Vec<String> =
            spans.iter().map(|span| markup::prose(self.document.slice(*span))).filter(|text| !text.is_empty()).collect();
        (!texts.is_empty()).then(|| texts.join("\n\n"))
    }
}

impl<'a> Parts<'a> {
    /// The body that is sent; where no heading names it, its first mention does.
    fn request_mut(&mut self, span: Span) -> &mut Body<'a> {
        self.request.get_or_insert_with(|| Body { first: Some(span), ..Body::default() })
    }
}
