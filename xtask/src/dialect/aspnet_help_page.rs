//! ASP.NET Web API help pages, as their text.
//!
//! Input: the text of the page of one operation, or of one type. Output: the operation, the entities that it names, and their
//! members, also those that only samples show. Knows the page's template, and nothing of any vendor.

mod body;
mod formats;
mod parameters;
mod sections;
mod table;
mod type_page;
mod types;

use self::{
    body::Body,
    sections::{Section, foreign, lines, sections},
    types::Names,
};
use crate::{
    api::{Kind, Method, Operation, Origin, RequestBody, Response, Schema},
    diagnostic::Diagnostic,
    dialect::{Options, Page, Reading, Sample},
    document::{Document, Line, Span},
    finding::{Finding, FindingKind},
};

/// What the parts of the reader share.
struct Reader<'a> {
    document: &'a Document,
    page: Page,
    tables: Vec<(String, Schema)>,
    samples: Vec<Sample<'a>>,
    names: Names<'a>,
}

impl Reader<'_> {
    fn boilerplate(&mut self, span: Span, rule: &'static str) {
        self.page.ledger.boilerplate(span, rule);
    }

    fn fact(&mut self, span: Span) {
        self.page.ledger.fact(span);
    }

    /// The links of a site are no part of the page; what else stands there, only a person can tell.
    fn navigation(&mut self, lines: &[Line<'_>]) {
        let mut unknown = lines.iter().filter(|line| !is_navigation(line.text) && verb_and_path(line).is_none());
        if let Some(first) = unknown.next() {
            let span = unknown.next_back().map_or(first.span, |last| first.span.to(last.span));
            let text = "what stands before the operation's verb and path is taken for the site's navigation: it is not carried";
            self.finding(FindingKind::Loss, "the page", text, vec![span]);
        }
    }

    fn error(&mut self, span: Span, message: impl Into<String>) {
        let help = "the table may have lost a cell when its text was taken: save the page as HTML and give that";
        self.page.diagnostics.push(Diagnostic::new(span, message, help));
    }

    fn finding(&mut self, kind: FindingKind, subject: impl Into<String>, text: impl Into<String>, spans: Vec<Span>) {
        self.page.findings.push(Finding::new(kind, subject, text, spans));
    }
}

pub(super) fn read<'a>(document: &'a Document, _options: &Options) -> Reading<'a> {
    let lines = lines(document);
    let mut reader = Reader { document, page: Page::default(), tables: Vec::new(), samples: Vec::new(), names: Names::default() };
    let heading = heading(&lines);
    let navigation = |line: &Line<'_>| is_navigation(line.text);
    let start = heading.unwrap_or_else(|| lines.iter().take_while(|line| navigation(line)).count());
    reader.navigation(lines.get(..start).unwrap_or_default());
    for line in lines.get(..start).unwrap_or_default() {
        match foreign(line.text).filter(|_| heading.is_some()) {
            None if line.text.len() <= LONGEST_LINK => reader.boilerplate(line.span, "navigation"),
            what => reader.page.ledger.refuse(line.span, what.unwrap_or("a text before the operation's method and path")),
        }
    }
    let lines = lines.get(start..).unwrap_or_default();
    let Some((line, method, target)) = lines.first().and_then(|line| verb_and_path(line)) else {
        if !reader.type_page(lines) {
            reader.page.diagnostics.push(refusal(document, lines));
        }
        return reader.reading();
    };
    let end = lines.iter().rposition(|line| !is_footer(line.text)).map_or(0, |at| at + 1);
    for line in lines.get(end..).unwrap_or_default() {
        reader.boilerplate(line.span, "footer");
    }
    reader.fact(line.span);
    reader.operation(line, method, target, lines.get(1..end).unwrap_or_default());
    reader.reading()
}

/// Longer lines are no navigation.
const LONGEST_LINK: usize = 120;

/// Where the heading of the operation stands: behind the navigation, which may hold the page's title and so the same words.
fn heading(lines: &[Line<'_>]) -> Option<usize> {
    const SECTIONS: [&str; 4] = ["Request Information", "Response Information", "Body Parameters", "Resource Description"];
    fn plain<'a>(line: &Line<'a>) -> &'a str {
        line.text.trim_start_matches('#').trim()
    }
    let section = lines.iter().position(|line| SECTIONS.contains(&plain(line)));
    let head = lines.get(..section.unwrap_or(lines.len()).min(MOST_NAVIGATION))?;
    let mut operations = head.iter().enumerate().filter(|(_, line)| verb_and_path(line).is_some());
    let (first, title) = operations.next()?;
    // An index has many operations, and no sections.
    let one = first == 0 || section.is_some() && operations.all(|(_, other)| plain(other) == plain(title));
    one.then(|| head.iter().rposition(|line| plain(line) == plain(title))).flatten()
}

/// More lines before the first section are no navigation.
const MOST_NAVIGATION: usize = 200;

/// What a help page writes above the operation.
fn is_navigation(text: &str) -> bool {
    let link = text.strip_prefix('[').and_then(|text| text.split(']').next()).filter(|text| !text.is_empty());
    let link = link.filter(|text| !text.bytes().all(|byte| byte.is_ascii_digit()));
    // A list of links numbers them, as in `[1]Help Page Home`.
    let plain = text.split_once(']').filter(|_| text.starts_with('[') && link.is_none()).map_or(text, |(_, text)| text);
    let text = link.unwrap_or(plain);
    matches!(text, "Home" | "API" | "ASP.NET Web API Help Page")
        || text == "Help Page Home"
        || text.starts_with("Help Page Home ")
}

/// A copyright, or the button of the template's test client.
fn is_footer(text: &str) -> bool {
    text == "Test API" || text.starts_with("© ") && text.len() < 200
}

fn verb_and_path<'a>(line: &Line<'a>) -> Option<(Line<'a>, Method, &'a str)> {
    let mut words = line.text.trim_start_matches('#').split_whitespace();
    let (verb, target) = (words.next()?, words.next()?);
    let method = Method::from_name(verb).filter(|method| method.name() == verb)?;
    words.next().is_none().then_some((*line, method, target)).filter(|(_, _, target)| target.chars().all(is_of_path))
}

/// Path and query; a question mark within braces is part of a route.
fn split_query(target: &str) -> (&str, &str) {
    let mut depth = 0_usize;
    for (at, char) in target.char_indices() {
        match char {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '?' if depth == 0 => return (target.get(..at).unwrap_or_default(), target.get(at + 1..).unwrap_or_default()),
            _ => {}
        }
    }
    (target, "")
}

fn is_of_path(char: char) -> bool {
    const MARKS: &[u8] = b"/-._~%!$&'()*+,;=:@{}?[]";
    char.is_alphanumeric() || char.is_ascii() && MARKS.contains(&(char as u8))
}

/// Names what a page without method and path is.
fn refusal(document: &Document, lines: &[Line<'_>]) -> Diagnostic {
    let span = lines.first().map_or_else(|| document.span(0..0), |line| line.span);
    let says = |text: &str| lines.iter().any(|line| line.text == text);
    let heads = |head: &str| lines.iter().any(|line| line.text.ends_with(head));
    let what = if lines.is_empty() {
        "this page is empty"
    } else if says("Introduction") || heads("APIDescription") || heads("API | Description |") {
        "this page is the index of a help page, and no operation"
    } else if says("Enumeration Values") || says("Resource Model") || heads("NameValueDescription") {
        "this page describes a model, and no operation"
    } else if table::head(document, lines).is_some() || says("Request Information") || says("Response Information") {
        "this page has lost its method and path: a first line such as `PUT api/users/{id}` was expected"
    } else {
        "this is no page of an operation: a first line such as `PUT api/users/{id}` was expected"
    };
    Diagnostic::new(span, what, "give the page of one operation, from its heading on")
}

impl<'a> Reader<'a> {
    fn reading(self) -> Reading<'a> {
        Reading { tables: self.tables, samples: self.samples, made_up: formats::is_made_up, ..self.page.into() }
    }

    fn operation(&mut self, heading: Line<'a>, method: Method, target: &'a str, lines: &[Line<'a>]) {
        let (path, query) = split_query(target);
        let path = self.path(path, heading.span);
        let mut operation = Operation {
            query: Some(query.to_owned()).filter(|query| !query.is_empty()),
            ..Operation::new(method, path, Origin::stated(heading.span))
        };
        let (mut request, mut response) = (Body::default(), Body::default());
        let mut response_heading = None;
        for (section, head, lines) in sections(lines) {
            if let Some(head) = head {
                self.boilerplate(head.span, "section heading");
            }
            match section {
                Section::Description => operation.description = self.description(lines),
                Section::RequestInformation | Section::ResponseInformation => {}
                Section::Uri => self.address(lines, &operation),
                Section::UriParameters => self.parameters(lines, &mut operation, &mut request),
                Section::BodyParameters => self.body(lines, head, &mut request),
                Section::ResourceDescription => self.body(lines, head, &mut response),
                Section::RequestFormats => {
                    request.formats = formats::formats(self.document, lines, &mut self.page.ledger, &mut self.page.diagnostics);
                }
                Section::ResponseFormats => {
                    response_heading = head;
                    response.formats = formats::formats(self.document, lines, &mut self.page.ledger, &mut self.page.diagnostics);
                }
            }
        }
        operation.request_body = self.request(request, &mut operation.description);
        let origin = response.heading.or(response_heading).map_or(heading.span, |line| line.span);
        operation.responses = vec![self.response(response, origin)];
        self.page.api.operations = vec![operation];
        self.page.api.full_names.extend(self.names.full());
    }

    /// What stands between the heading and the first section, without the links that some pages put there.
    fn description(&mut self, lines: &[Line<'_>]) -> Option<String> {
        let links = lines.iter().take_while(|line| is_navigation(line.text)).count();
        let (links, lines) = lines.split_at_checked(links)?;
        for line in links {
            self.boilerplate(line.span, "navigation");
        }
        self.prose(lines)
    }

    /// The path as written, with a leading slash. OpenAPI has no word for where it is served, for what a route demands of a
    /// parameter, nor for a parameter that takes slashes.
    fn path(&mut self, path: &str, span: Span) -> String {
        let (server, local) = match path.split_once("://").and_then(|(_, rest)| rest.split_once('/')) {
            Some((_, local)) => (path.strip_suffix(local), local),
            None => (None, path.trim_start_matches('~').trim_start_matches('/')),
        };
        let mut found = format!("/{local}");
        let mut lost = |text: &str, path: &str| {
            self.page.findings.push(Finding::new(FindingKind::Loss, path.to_owned(), text, vec![span]));
        };
        if let Some(server) = server {
            lost(
                &format!("the page gives the server `{server}`, which is no part of an operation: it belongs to the manifest"),
                &found,
            );
        }
        if found.contains("{*") {
            lost("the last parameter of the path takes the slashes of all that follows, which OpenAPI cannot say", &found);
            found = found.replace("{*", "{");
        }
        let mut plain = String::with_capacity(found.len());
        let mut rest = found.as_str();
        while let Some((before, (inner, after))) =
            rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            let name = inner.split([':', '?', '=']).next().unwrap_or_default();
            if name != inner {
                lost(&format!("the route says more of its parameter, `{{{inner}}}`, which a path cannot"), local);
            }
            plain.push_str(before);
            plain.push_str(&format!("{{{name}}}"));
            rest = after;
        }
        plain + rest
    }

    fn prose(&mut self, lines: &[Line<'_>]) -> Option<String> {
        for line in lines {
            self.page.ledger.describe(self.document, line.span, foreign);
        }
        let lines: Vec<&str> = lines.iter().map(|line| line.text).collect();
        (!lines.is_empty()).then(|| lines.join("\n\n"))
    }

    /// Some vendors add the whole address of the call.
    fn address(&mut self, lines: &[Line<'_>], operation: &Operation) {
        for line in lines.iter().filter(|line| line.text.starts_with("http") && line.text.contains("://")) {
            self.fact(line.span);
            let text = format!(
                "the page gives the address `{}`: its server is no part of an operation and belongs to the manifest",
                line.text
            );
            self.finding(FindingKind::Loss, format!("{} {}", operation.method.name(), operation.path), text, vec![line.span]);
        }
    }

    fn request(&mut self, body: Body<'a>, description: &mut Option<String>) -> Option<RequestBody> {
        let origin = Origin::stated(body.heading.map(|line| line.span).or(body.named.map(|cell| cell.span))?);
        if body.message || body.schema.is_none() && body.formats.content.is_empty() {
            // Words about a body that is none: they are about the operation.
            if let Some(more) = body.description {
                let text = description.get_or_insert_default();
                text.push_str(if text.is_empty() { "" } else { "\n\n" });
                text.push_str(&more);
            }
            return None;
        }
        let body_name = body.named.map(|name| name.text.to_owned());
        let (description, content) = self.content(body, None);
        Some(RequestBody { name: body_name, description, required: None, content, origin })
    }

    fn response(&mut self, body: Body<'a>, span: Span) -> Response {
        let (description, content) = self.content(body, Some(0));
        Response { status: String::new(), description: description.unwrap_or_default(), content, origin: Origin::stated(span) }
    }
}

/// An entity of which the page gives nothing but the name.
fn named_only(span: Span) -> Schema {
    Schema::new(Kind::Unknown, Origin::inferred(span, "the page only names this type"))
}
