//! Random APIs in the importers' own words, made from random bytes.
//!
//! Input: bytes. Output: operations, types, names and texts. Bytes are choices, and where none are left every choice is the
//! simplest one, so a shorter input is a simpler API: that is how failures shrink. Knows nothing of how pages are written.

use serde_json::{Value, json};
use xtask::api::{Api, Kind, Location, Method, Named, Operation, Origin, Parameter, Property, Response, Schema};

/// Choices, one byte each.
pub(crate) struct Dice<'a> {
    bytes: std::slice::Iter<'a, u8>,
    named: usize,
}

impl<'a> Dice<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter(), named: 0 }
    }

    /// Below `count`; 0 where no choices are left.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.bytes.next().map_or(0, |byte| usize::from(*byte) % count)
    }

    /// Once in `count` times.
    pub(crate) fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// Up to `most` of them.
    pub(crate) fn some<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }

    /// Each item once, some of them.
    pub(crate) fn subset<T: Copy>(&mut self, items: &[T]) -> Vec<T> {
        items.iter().copied().filter(|_| self.once_in(2)).collect()
    }

    /// A word that no other name of the API has.
    pub(crate) fn name(&mut self) -> String {
        const STEMS: [&str; 16] = [
            "id",
            "name",
            "Hull",
            "crew",
            "berthCode",
            "cargo_weight",
            "Type",
            "date",
            "string",
            "Request",
            "URI",
            "value",
            "user",
            "parameters",
            "object",
            "X",
        ];
        self.named += 1;
        format!("{}{}", self.pick(&STEMS), self.named)
    }

    /// Words of a heading, the first one in capitals.
    pub(crate) fn heading(&mut self) -> Vec<&'static str> {
        let mut words = vec![self.pick(&["Save", "Moor", "Hoist", "Rename", "Weigh"])];
        words.extend((0..=self.below(3)).map(|_| self.pick(&["ship", "crew", "berth", "cargo", "port", "chart", "anchor"])));
        words
    }

    /// Sentences, each of which ends with a full stop.
    pub(crate) fn sentences(&mut self) -> String {
        let sentences: Vec<&str> = (0..=self.below(3)).map(|_| self.pick(&SENTENCES)).collect();
        sentences.join(" ")
    }

    /// A text, more often than not.
    pub(crate) fn text(&mut self) -> Option<String> {
        (!self.once_in(3)).then(|| self.sentences())
    }

    /// A value of `kind`.
    pub(crate) fn value(&mut self, kind: &Kind) -> Value {
        match kind {
            Kind::Boolean => json!(self.once_in(2)),
            Kind::Integer => json!(self.below(250)),
            Kind::Number => json!(self.below(250) as f64 + 0.5),
            _ => json!(self.pick(&STRINGS)),
        }
    }

    /// Two to four values of `kind`, each once.
    pub(crate) fn values(&mut self, kind: &Kind) -> Vec<Value> {
        let mut values: Vec<Value> = Vec::new();
        for _ in 0..2 + self.below(3) {
            let value = self.value(kind);
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values
    }
}

/// Prose that looks like parts of a page and is none.
const SENTENCES: [&str; 14] = [
    "This tells what it is.",
    "Where it stands, as it was weighed.",
    "See `chart` (quoted) for more.",
    "Use a - b in its place.",
    "Naïve café, 日本, “quoted”.",
    "About 50% of 3 < 4 > 2 & more.",
    "Say Example: of pearls, then Default: none.",
    "One Enum: the sort of value.",
    "At 12:30, or so; C# and F# too.",
    "It is in {braces} and [brackets].",
    "Costs $5, a*b, c_d and e\\f.",
    "Its type is string, as required.",
    "Emoji 🚢 sail.",
    "GET /ships lists them.",
];

/// Strings that look like parts of a page, with nothing that folding white space would change.
const STRINGS: [&str; 10] = [
    "frigate",
    "a, b",
    "with \"quotes\"",
    "back\\slash",
    "Enum: x",
    "- `b` (string)",
    "",
    "日本 🚢",
    "{ } [ ]",
    "## Response 200 fields:",
];

/// Which of the words of a type a dialect has, beside its kind.
#[derive(Clone, Copy, Default)]
pub(crate) struct Vocabulary {
    pub(crate) integers: &'static [&'static str],
    pub(crate) numbers: &'static [&'static str],
    pub(crate) strings: &'static [&'static str],
    pub(crate) nullable: bool,
    pub(crate) enumeration: bool,
    pub(crate) default: bool,
    pub(crate) example: bool,
    pub(crate) read_only: bool,
    pub(crate) deprecated: bool,
}

/// A type without members.
pub(crate) fn scalar(dice: &mut Dice<'_>, words: &Vocabulary) -> Schema {
    let kind = dice.pick(&[0, 1, 2, 3]);
    let (kind, formats) = match kind {
        0 => (Kind::String, words.strings),
        1 => (Kind::Integer, words.integers),
        2 => (Kind::Number, words.numbers),
        _ => (Kind::Boolean, [].as_slice()),
    };
    let mut schema = plain(kind);
    if !formats.is_empty() && dice.once_in(3) {
        schema.format = Some(dice.pick(formats).to_owned());
    }
    schema.nullable = words.nullable && dice.once_in(4);
    if words.enumeration && dice.once_in(5) && schema.kind != Kind::Boolean {
        schema.enumeration = dice.values(&schema.kind);
    }
    if words.default && dice.once_in(5) {
        schema.default = Some(Box::new(dice.value(&schema.kind)));
    }
    if words.example && dice.once_in(4) {
        schema.example = Some(Box::new(dice.value(&schema.kind)));
    }
    schema.read_only = words.read_only && dice.once_in(9);
    schema.deprecated = words.deprecated && dice.once_in(9);
    schema
}

/// A schema of `kind` alone.
pub(crate) fn plain(kind: Kind) -> Schema {
    Schema::new(kind, Origin::default())
}

/// Method and path, with what every operation has; parameters of the path are there by name, and are text.
pub(crate) fn operation(dice: &mut Dice<'_>) -> Operation {
    const METHODS: [Method; 5] = [Method::Get, Method::Post, Method::Put, Method::Delete, Method::Patch];
    let method = dice.pick(&METHODS);
    let mut path = String::new();
    let mut parameters = Vec::new();
    for _ in 0..=dice.below(4) {
        if dice.once_in(3) {
            let name = dice.name();
            path.push_str(&format!("/{{{name}}}"));
            parameters.push(parameter(name, Location::Path, true, plain(Kind::String)));
        } else {
            path.push('/');
            path.push_str(dice.pick(&["ships", "fleet-list", "v1", "api", "Crew_Members", "harbour.json"]));
        }
    }
    Operation { parameters, ..Operation::new(method, path, Origin::default()) }
}

pub(crate) fn parameter(name: String, location: Location, required: bool, schema: Schema) -> Parameter {
    Parameter { name, location, required, description: None, schema, origin: Origin::default() }
}

pub(crate) fn response(status: &str, description: &str) -> Response {
    Response { status: status.to_owned(), description: description.to_owned(), content: Vec::new(), origin: Origin::default() }
}

/// What RFC 9110 calls the statuses that random APIs have.
pub(crate) const STATUSES: [(&str, &str); 10] = [
    ("200", "OK"),
    ("201", "Created"),
    ("204", "No Content"),
    ("304", "Not Modified"),
    ("400", "Bad Request"),
    ("404", "Not Found"),
    ("412", "Precondition Failed"),
    ("4XX", "Client error"),
    ("500", "Internal Server Error"),
    ("default", "Any other response"),
];

/// The same without places and reasons, and with the white space of texts folded: what two APIs are compared by.
pub(crate) fn bare(mut api: Api) -> Api {
    for operation in &mut api.operations {
        // Without a status, success is taken to be 200.
        if operation.responses.is_empty() {
            operation.responses.push(response("200", "OK"));
        }
        operation.origin = Origin::default();
        operation.operation_id_reason = None;
        fold(&mut operation.description);
        fold(&mut operation.summary);
        for parameter in &mut operation.parameters {
            parameter.origin = Origin::default();
            fold(&mut parameter.description);
            strip(&mut parameter.schema);
        }
        if let Some(body) = &mut operation.request_body {
            body.origin = Origin::default();
            fold(&mut body.description);
            strip_content(&mut body.content);
        }
        for response in &mut operation.responses {
            response.origin = Origin::default();
            response.description = folded(&response.description);
            strip_content(&mut response.content);
        }
    }
    // Which type is spoken of first is not a matter of what they are.
    api.schemas.sort_keys();
    api.schemas.values_mut().for_each(strip);
    for scheme in api.security_schemes.values_mut() {
        scheme.origin = Origin::default();
        fold(&mut scheme.description);
    }
    api
}

fn strip_content(content: &mut [xtask::api::MediaType]) {
    for media in content {
        media.origin = Origin::default();
        media.schema.iter_mut().for_each(strip);
        media.example.iter_mut().for_each(|example| example.origin = Origin::default());
    }
}

fn strip(schema: &mut Schema) {
    schema.origin = Origin::default();
    fold(&mut schema.description);
    match &mut schema.kind {
        Kind::Array(item) | Kind::Map(item) => strip(item),
        Kind::Object(properties) => properties.values_mut().for_each(|Property { schema, .. }| strip(schema)),
        Kind::AnyOf(alternatives) => alternatives.iter_mut().for_each(|alternative| strip(&mut alternative.schema)),
        _ => {}
    }
}

fn fold(text: &mut Option<String>) {
    *text = text.as_deref().map(folded);
}

/// All white space as single spaces.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// The same with what references stand for in their place, for dialects whose pages name no types.
pub(crate) fn inlined(mut api: Api) -> Api {
    let schemas = std::mem::take(&mut api.schemas);
    for operation in &mut api.operations {
        let bodies = operation.request_body.iter_mut().flat_map(|body| &mut body.content);
        let responses = operation.responses.iter_mut().flat_map(|response| &mut response.content);
        bodies.chain(responses).filter_map(|media| media.schema.as_mut()).for_each(|schema| inline(schema, &schemas));
    }
    api
}

fn inline(schema: &mut Schema, schemas: &Named<Schema>) {
    if let Kind::Reference(name) = &schema.kind {
        *schema = schemas.get(name.as_str()).cloned().unwrap_or_default();
    }
    match &mut schema.kind {
        Kind::Array(item) | Kind::Map(item) => inline(item, schemas),
        Kind::Object(properties) => properties.values_mut().for_each(|property| inline(&mut property.schema, schemas)),
        _ => {}
    }
}

/// The names of all members of all types, in their order.
pub(crate) fn names(api: &Api) -> Vec<&str> {
    let mut names = Vec::new();
    for operation in &api.operations {
        let bodies = operation.request_body.iter().flat_map(|body| &body.content);
        let responses = operation.responses.iter().flat_map(|response| &response.content);
        let content = bodies.chain(responses).filter_map(|media| media.schema.as_ref());
        let parameters = operation.parameters.iter().map(|parameter| &parameter.schema);
        parameters.chain(content).for_each(|schema| members(schema, &mut names));
    }
    for (name, schema) in &api.schemas {
        names.push(name.as_str());
        members(schema, &mut names);
    }
    names.extend(api.security_schemes.keys().map(String::as_str));
    names
}

fn members<'a>(schema: &'a Schema, names: &mut Vec<&'a str>) {
    match &schema.kind {
        Kind::Array(item) | Kind::Map(item) => members(item, names),
        Kind::AnyOf(alternatives) => alternatives.iter().for_each(|alternative| members(&alternative.schema, names)),
        Kind::Object(properties) => {
            for (name, property) in properties {
                names.push(name);
                members(&property.schema, names);
            }
        }
        _ => {}
    }
}

pub(crate) fn range(least: Option<u64>, most: Option<u64>, unit: &str) -> String {
    match (least, most) {
        (Some(1), None) => " non-empty".to_owned(),
        (Some(least), Some(most)) => format!(" [ {least} .. {most} ] {unit}"),
        (Some(least), None) => format!(" >= {least} {unit}"),
        (None, Some(most)) => format!(" <= {most} {unit}"),
        (None, None) => String::new(),
    }
}
