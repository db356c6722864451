//! A page as text that a reviewer can read: one line per node, with its type, constraints, basis and places.

use std::fmt::Write as _;

use xtask::{
    api::{Alternative, Api, Basis, Constraints, Kind, MediaType, Operation, Origin, Property, Schema, SchemeKind},
    dialect::Page,
    document::{Document, Span},
};

/// Everything that was read from `document`, and what could not be.
pub(crate) fn page(page: &Page, document: &Document) -> String {
    let mut text = Outline { places: Some(document), text: String::new() };
    if page.diagnostics.is_empty() {
        text.api(&page.api);
    }
    for finding in &page.findings {
        let places: Vec<_> = finding.spans.iter().map(|&span| range(document, span)).collect();
        let _ = writeln!(text.text, "{:?} {}: {} [{}]", finding.kind, finding.subject, finding.text, places.join(", "));
    }
    for diagnostic in &page.diagnostics {
        text.text.push_str(&diagnostic.render(document));
    }
    let (claimed, total) = page.ledger.accounted(document);
    let _ = writeln!(text.text, "accounted {claimed} of {total}");
    text.text
}

/// What was read without where it stood, and with all white space folded: equal for two renderings of one page.
pub(crate) fn facts(api: &Api) -> String {
    let mut text = Outline { places: None, text: String::new() };
    text.api(api);
    text.text
}

struct Outline<'a> {
    places: Option<&'a Document>,
    text: String,
}

impl Outline<'_> {
    fn api(&mut self, api: &Api) {
        for operation in &api.operations {
            self.operation(operation);
        }
        for (name, schema) in &api.schemas {
            self.schema(0, &format!("schema {name}"), schema, "");
        }
        for (name, scheme) in &api.security_schemes {
            let kind = match &scheme.kind {
                None => "of unknown kind".to_owned(),
                Some(SchemeKind::Http(name)) => format!("http {name}"),
                Some(SchemeKind::Header { name, prefix }) => format!("header {name}, prefix {prefix:?}"),
            };
            self.line(0, &format!("security scheme {name} {kind}"), scheme.description.as_deref(), &scheme.origin);
        }
    }

    fn operation(&mut self, operation: &Operation) {
        let head = format!("{} {} = {}", operation.method.name(), operation.path, operation.operation_id);
        self.line(0, &head, operation.description.as_deref(), &operation.origin);
        let notes = [
            ("operation id", operation.operation_id_reason.as_deref().map(str::to_owned)),
            ("summary", operation.summary.clone()),
            ("tags", (!operation.tags.is_empty()).then(|| operation.tags.join(", "))),
            ("version", operation.version.clone()),
            ("deprecated", operation.deprecated.then(|| "yes".to_owned())),
            ("security", operation.security.as_ref().map(|alternatives| security(alternatives))),
        ];
        for (name, note) in notes {
            if let Some(note) = note {
                let _ = writeln!(self.text, "  {name}: {note}");
            }
        }
        for parameter in &operation.parameters {
            let head = format!("{:?} {}", parameter.location, parameter.name).to_lowercase().replacen(
                &parameter.name.to_lowercase(),
                &parameter.name,
                1,
            );
            let mut schema = parameter.schema.clone();
            schema.description = parameter.description.clone();
            self.schema(1, &head, &schema, if parameter.required { ", required" } else { "" });
        }
        if let Some(body) = &operation.request_body {
            let head = if body.required == Some(true) { "body, required" } else { "body" };
            self.line(1, head, body.description.as_deref(), &body.origin);
            self.content(&body.content);
        }
        for response in &operation.responses {
            self.line(1, &format!("response {}", response.status), Some(&response.description), &response.origin);
            self.content(&response.content);
        }
    }

    fn content(&mut self, content: &[MediaType]) {
        for media in content {
            self.line(2, &media.name, None, &media.origin);
            if let Some(schema) = &media.schema {
                self.schema(3, "schema", schema, "");
            }
            if let Some(example) = &media.example {
                let collapsed = if example.collapsed { ", collapsed" } else { "" };
                self.line(3, &format!("example{collapsed} {}", example.value), None, &example.origin);
            }
        }
    }

    fn schema(&mut self, depth: usize, head: &str, schema: &Schema, note: &str) {
        let head = format!("{head}: {}{note}", words(schema));
        self.line(depth, &head, schema.description.as_deref(), &schema.origin);
        match &schema.kind {
            Kind::Array(items) => self.schema(depth + 1, "item", items, ""),
            Kind::Map(values) => self.schema(depth + 1, "value", values, ""),
            Kind::AnyOf(alternatives) => {
                for Alternative { title, schema } in alternatives {
                    self.schema(depth + 1, &format!("or {}", title.as_deref().unwrap_or("-")), schema, "");
                }
            }
            Kind::Object(properties) => {
                for (name, Property { schema, required, .. }) in properties {
                    self.schema(depth + 1, name, schema, if *required { ", required" } else { "" });
                }
            }
            _ => {}
        }
    }

    fn line(&mut self, depth: usize, head: &str, description: Option<&str>, origin: &Origin) {
        let _ = write!(self.text, "{:width$}{head}", "", width = depth * 2);
        let Some(document) = self.places else {
            let words: Vec<_> = description.unwrap_or_default().split_whitespace().collect();
            let _ = writeln!(self.text, " {:?}", words.join(" "));
            return;
        };
        if let Some(description) = description {
            let _ = write!(self.text, " {description:?}");
        }
        let places: Vec<_> = origin.spans.iter().map(|&span| range(document, span)).collect();
        let _ = write!(self.text, " [{}]", places.join(", "));
        match origin.basis {
            Basis::Stated => {}
            Basis::Sample => self.text.push_str(" from the sample"),
            Basis::Inferred => self.text.push_str(" inferred"),
            Basis::Overlay => self.text.push_str(" from the overlay"),
        }
        if let Some(reason) = &origin.reason {
            let _ = write!(self.text, ": {reason}");
        }
        self.text.push('\n');
    }
}

/// `line:column-line:column`, the end being the last character.
fn range(document: &Document, span: Span) -> String {
    let (start, end) = (document.place(span.start), document.place(span.end));
    if start.line == end.line {
        format!("{}:{}-{}", start.line, start.column, end.column)
    } else {
        format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column)
    }
}

fn security(alternatives: &[Vec<String>]) -> String {
    if alternatives.is_empty() {
        return "none".to_owned();
    }
    alternatives.iter().map(|schemes| schemes.join(" and ")).collect::<Vec<_>>().join(", or ")
}

fn words(schema: &Schema) -> String {
    let mut words = vec![match &schema.kind {
        Kind::Unknown => "unknown".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Number => "number".to_owned(),
        Kind::String => "string".to_owned(),
        Kind::Array(_) => "array".to_owned(),
        Kind::Object(properties) => format!("object of {}", properties.len()),
        Kind::Map(_) => "map".to_owned(),
        Kind::Reference(name) => format!("-> {name}"),
        Kind::AnyOf(alternatives) => format!("any of {}", alternatives.len()),
    }];
    let flags = [(schema.nullable, "or null"), (schema.read_only, "read-only"), (schema.deprecated, "deprecated")];
    words.extend(flags.into_iter().filter(|(set, _)| *set).map(|(_, word)| word.to_owned()));
    words.extend(schema.format.as_ref().map(|format| format!("<{format}>")));
    words.extend(constraints(&schema.constraints));
    if !schema.enumeration.is_empty() {
        let values: Vec<_> = schema.enumeration.iter().map(ToString::to_string).collect();
        words.push(format!("one of {}", values.join(" ")));
    }
    words.extend(schema.default.as_ref().map(|value| format!("default {value}")));
    words.extend(schema.example.as_ref().map(|value| format!("e.g. {value}")));
    words.join(" ")
}

fn constraints(constraints: &Constraints) -> Vec<String> {
    let bound = |exclusive: bool| if exclusive { " exclusive" } else { "" };
    [
        constraints.min_length.map(|limit| format!("min-length {limit}")),
        constraints.max_length.map(|limit| format!("max-length {limit}")),
        constraints.pattern.as_ref().map(|pattern| format!("pattern {pattern:?}")),
        constraints.minimum.as_ref().map(|limit| format!("min {limit}{}", bound(constraints.exclusive_minimum))),
        constraints.maximum.as_ref().map(|limit| format!("max {limit}{}", bound(constraints.exclusive_maximum))),
        constraints.multiple_of.as_ref().map(|step| format!("multiple of {step}")),
        constraints.min_items.map(|limit| format!("min-items {limit}")),
        constraints.max_items.map(|limit| format!("max-items {limit}")),
        constraints.unique_items.then(|| "unique".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
