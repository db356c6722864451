//! The text of a Redoc page, written.
//!
//! Input: choices. Output: what such a page can say, and the page that says it. Shares nothing with the reader.

use std::fmt::Write as _;

use serde_json::{Number, Value};
use xtask::{
    api::{
        Alternative, Api, Basis, Example, Kind, Location, MediaType, Named, Operation, Origin, Property, RequestBody, Schema,
        SecurityScheme,
    },
    dialect::Options,
};

use super::{
    Form, Renderer,
    random_api::{Dice, STATUSES, Vocabulary, operation, parameter, plain, response, scalar},
};

/// How such pages are written.
pub(super) const RENDERER: Renderer = Renderer {
    api,
    forms: &[Form { name: "text", page: render }],
    respelled: |page| page.replace('\n', "\r\n"),
    options: Options::default,
    joins: true,
    nameless: true,
    large: &[(
        "A\n\nList a\n\nRequest\nResponses\n200\n\nOK\n\nget/a\n",
        "Read a§\n\nWords.\n\nRequest\nquery Parameters\na§\nrequired\nstring <= 9 characters\n\nWords.\n\nResponses\n200\n\nOK\n\nget/a§\n\n",
    )],
};

const WORDS: Vocabulary = Vocabulary {
    integers: &["int32", "int64"],
    numbers: &["float", "double"],
    strings: &["date", "date-time", "uuid", "email", "uri", "password"],
    nullable: true,
    enumeration: true,
    default: true,
    example: true,
    read_only: true,
    deprecated: true,
};

/// What the page can say.
fn api(dice: &mut Dice<'_>) -> Api {
    let mut api = Api::default();
    let tag = dice.once_in(2).then(|| "Crew Lists".to_owned());
    for _ in 0..=dice.below(3) {
        let mut operation = one(dice, api.operations.len());
        operation.tags.extend(tag.clone());
        for name in operation.security.iter().flatten().flatten() {
            let scheme = SecurityScheme { kind: None, description: None, origin: Origin::default() };
            api.security_schemes.insert(name.clone(), scheme);
        }
        api.operations.push(operation);
    }
    api
}

fn one(dice: &mut Dice<'_>, index: usize) -> Operation {
    let mut made = operation(dice);
    let heading = dice.heading();
    // Two operations of one heading are told apart by their paths, which is not a matter of the page.
    made.summary = Some(format!("{} {index}", heading.join(" ")));
    made.operation_id = heading.iter().map(|word| word[..1].to_uppercase() + &word[1..]).chain([index.to_string()]).collect();
    made.deprecated = dice.once_in(8);
    made.description = Some(format!("This says more. {}", dice.sentences()));
    if dice.once_in(2) {
        let mut alternatives: Vec<Vec<String>> = Vec::new();
        for _ in 0..=dice.below(2) {
            let names = dice.subset(&["api_key", "Basic-Auth", "bearer"]);
            let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            if !names.is_empty() && !alternatives.contains(&names) {
                alternatives.push(names);
            }
        }
        made.security = Some(alternatives);
    }
    for known in &mut made.parameters {
        let Property { mut schema, .. } = field(dice);
        known.description = schema.description.take();
        known.schema = schema;
    }
    for location in [Location::Query, Location::Header, Location::Cookie] {
        for _ in 0..dice.below(4) {
            let name = dice.name();
            let Property { mut schema, required, .. } = field(dice);
            let mut parameter = parameter(name, location, required, Schema::default());
            parameter.description = schema.description.take();
            parameter.schema = schema;
            made.parameters.push(parameter);
        }
    }
    if dice.once_in(2) {
        let name = dice.pick(&["application/json", "application/json; charset=utf-8", "application/scim+json"]);
        let mut content = body(dice, name);
        content.example = dice.once_in(2).then(|| show(dice, &mut content.schema));
        let description = dice.once_in(3).then(|| dice.sentences());
        let required = dice.once_in(2);
        made.request_body = Some(RequestBody {
            name: None,
            description,
            required: Some(required),
            content: vec![content],
            origin: Origin::default(),
        });
    }
    for (status, _) in dice.subset(&STATUSES) {
        let mut response = response(status, &dice.sentences());
        if dice.once_in(3) {
            response.content.push(body(dice, "application/json"));
        }
        made.responses.push(response);
    }
    // A sample belongs to the first success that can have a body.
    let carries = |status: &str| status.starts_with('2') && !["204", "205"].contains(&status);
    if let Some(first) = made.responses.iter_mut().find(|response| carries(&response.status))
        && dice.once_in(2)
    {
        if first.content.is_empty() {
            let (name, mut schema) = ("application/json".to_owned(), Some(plain(Kind::Object(shown(dice, 2)))));
            schema.iter_mut().for_each(|schema| schema.origin.basis = Basis::Sample);
            let example = show(dice, &mut schema);
            first.content.push(MediaType { name, schema, example: Some(example), origin: Origin::default() });
        } else if let Some(media) = first.content.first_mut() {
            media.example = Some(show(dice, &mut media.schema));
        }
    }
    made
}

/// A body of one field at least: a page shows nothing of an empty one.
fn body(dice: &mut Dice<'_>, name: &str) -> MediaType {
    let mut properties = Named::default();
    for _ in 0..=dice.below(4) {
        properties.insert(dice.name(), field(dice));
    }
    let mut schema = plain(Kind::Object(properties));
    if dice.once_in(4) {
        schema = plain(Kind::Array(Box::new(schema)));
        schema.constraints.max_items = dice.once_in(2).then_some(10);
    }
    MediaType { name: name.to_owned(), schema: Some(schema), example: None, origin: Origin::default() }
}

fn field(dice: &mut Dice<'_>) -> Property {
    let mut schema = match dice.below(13) {
        9 => plain(Kind::Map(Box::new(scalar(dice, &Vocabulary::default())))),
        10 => either(dice),
        11 => plain(Kind::Array(Box::new(either(dice)))),
        12 => plain(Kind::Array(Box::new(plain(Kind::Array(Box::new(plain(Kind::Number))))))),
        6 => plain(Kind::Object(Named::default())),
        7 => plain(Kind::Array(Box::new(plain(Kind::Object(Named::default()))))),
        8 => {
            let mut item = scalar(dice, &Vocabulary { enumeration: true, ..Vocabulary::default() });
            constraints(dice, &mut item);
            let mut list = plain(Kind::Array(Box::new(item)));
            list.constraints.min_items = dice.once_in(3).then_some(1);
            list.constraints.max_items = dice.once_in(3).then_some(50);
            list.constraints.unique_items = dice.once_in(4);
            list
        }
        _ => {
            let mut schema = scalar(dice, &WORDS);
            constraints(dice, &mut schema);
            schema
        }
    };
    let of_alternatives = matches!(&schema.kind, Kind::Array(item) if matches!(item.kind, Kind::AnyOf(_)));
    schema.nullable |= !of_alternatives && dice.once_in(8);
    schema.description = dice.text();
    Property::new(schema, dice.once_in(3))
}

/// Two or three objects of which one applies.
fn either(dice: &mut Dice<'_>) -> Schema {
    let titles = ["Ship", "Boat of a ship", "Raft"].into_iter().take(2 + dice.below(2));
    let object = || plain(Kind::Object(Named::default()));
    plain(Kind::AnyOf(titles.map(|title| Alternative { title: Some(title.to_owned()), schema: object() }).collect()))
}

fn constraints(dice: &mut Dice<'_>, schema: &mut Schema) {
    let constraints = &mut schema.constraints;
    match schema.kind {
        Kind::String => {
            constraints.min_length = dice.once_in(4).then_some(2);
            constraints.max_length = dice.once_in(4).then_some(64);
            constraints.pattern = dice.once_in(6).then(|| dice.pick(&["^a+$", "^\\d{4} x$", "^[a-z]{2} (b|c)$"]).to_owned());
        }
        Kind::Integer | Kind::Number => {
            constraints.minimum = dice.once_in(4).then(|| Number::from(dice.below(9)));
            constraints.maximum = dice.once_in(4).then(|| Number::from(100));
            constraints.exclusive_minimum = constraints.minimum.is_some() && dice.once_in(3);
            constraints.exclusive_maximum = constraints.maximum.is_some() && dice.once_in(3);
            constraints.multiple_of = dice.once_in(6).then(|| Number::from(5));
        }
        _ => {}
    }
}

/// Members that only a sample shows: nothing but their names and kinds.
fn shown(dice: &mut Dice<'_>, depth: usize) -> Named<Property> {
    let mut properties = Named::default();
    for _ in 0..=dice.below(3) {
        let kind = match dice.below(if depth == 0 { 4 } else { 6 }) {
            1 => Kind::Integer,
            2 => Kind::Number,
            3 => Kind::Boolean,
            4 => Kind::Object(shown(dice, depth - 1)),
            5 => Kind::Array(Box::new(plain(Kind::Object(shown(dice, depth - 1))))),
            _ => Kind::String,
        };
        properties.insert(dice.name(), Property::new(plain(kind), false));
    }
    properties
}

/// A sample of a type; objects without members get some of those that it shows.
fn show(dice: &mut Dice<'_>, schema: &mut Option<Schema>) -> Example {
    let value = schema.as_mut().map_or(Value::Null, |schema| sample(dice, schema));
    let collapsed = collapsed(&value);
    Example { value, collapsed, origin: Origin::default() }
}

fn sample(dice: &mut Dice<'_>, schema: &mut Schema) -> Value {
    if schema.nullable && dice.once_in(3) {
        return Value::Null;
    }
    match &mut schema.kind {
        Kind::Array(item) => {
            // An empty list would hide the members that only samples show.
            let least = usize::from(matches!(item.kind, Kind::Object(_)));
            (0..least + dice.below(3)).map(|_| sample(dice, item)).collect()
        }
        Kind::Object(properties) => {
            if properties.is_empty() && dice.once_in(2) {
                *properties = shown(dice, 1);
            }
            properties.iter_mut().map(|(name, property)| (name.clone(), sample(dice, &mut property.schema))).collect()
        }
        // What it may be is folded.
        Kind::AnyOf(_) => Value::Object(serde_json::Map::default()),
        Kind::Map(value) => Value::Object([("property1".to_owned(), sample(dice, value))].into_iter().collect()),
        kind => dice.value(kind),
    }
}

fn collapsed(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty() || items.iter().any(collapsed),
        Value::Object(members) => members.is_empty() || members.values().any(collapsed),
        _ => false,
    }
}

/// The page's text.
fn render(api: &Api) -> String {
    let mut page = String::new();
    for (index, operation) in api.operations.iter().enumerate() {
        if let Some(tag) = operation.tags.first().filter(|_| index == 0) {
            let _ = writeln!(page, "{tag}\n");
        }
        let badge = if operation.deprecated { " Deprecated" } else { "" };
        let _ = writeln!(page, "{}{badge}\n", operation.summary.as_deref().unwrap_or_default());
        let _ = writeln!(page, "{}\n", operation.description.as_deref().unwrap_or_default());
        if let Some(alternatives) = &operation.security {
            let alternatives: Vec<String> = alternatives.iter().map(|names| names.join(" and ")).collect();
            let text = if alternatives.is_empty() { "None".to_owned() } else { alternatives.join(" or ") };
            let _ = writeln!(page, "Security{text}");
        }
        page.push_str("Request\n");
        parameters(operation, &mut page);
        if let Some(body) = &operation.request_body {
            for media in &body.content {
                let _ = writeln!(page, "Request Body schema: {}", media.name);
                page.push_str(if body.required == Some(true) { "required\n" } else { "" });
                if let Some(text) = &body.description {
                    let _ = writeln!(page, "\n{text}\n");
                }
                schema(media, &mut page);
            }
        }
        page.push_str("Responses\n");
        for response in &operation.responses {
            let _ = writeln!(page, "{}\n\n{}\n", response.status, response.description);
            // What only the sample shows stands in no table.
            let tabled = response.content.iter().filter(|media| media.schema.as_ref().is_some_and(is_tabled));
            for media in tabled {
                let _ = writeln!(page, "Response Schema: {}", media.name);
                schema(media, &mut page);
            }
        }
        let _ = writeln!(page, "{}{}", operation.method.name().to_lowercase(), operation.path);
        page.push_str("Request samples\n");
        let sent = operation.request_body.iter().flat_map(|body| &body.content).find_map(|media| media.example.as_ref());
        samples(sent, &mut page);
        page.push_str("Response samples\n");
        let responses = operation.responses.iter().flat_map(|response| &response.content);
        samples(responses.into_iter().find_map(|media| media.example.as_ref()), &mut page);
        page.push('\n');
    }
    page
}

fn parameters(operation: &Operation, page: &mut String) {
    for (location, title) in
        [(Location::Path, "path"), (Location::Query, "query"), (Location::Header, "header"), (Location::Cookie, "cookie")]
    {
        let mut found = operation.parameters.iter().filter(|parameter| parameter.location == location).peekable();
        if found.peek().is_some() {
            let _ = writeln!(page, "{title} Parameters");
        }
        for parameter in found {
            let Schema { example, .. } = &parameter.schema;
            let example = example.as_deref().map(|value| match value {
                Value::String(text) => format!("{}={text}", parameter.name),
                value => format!("{}={value}", parameter.name),
            });
            row(&parameter.name, &parameter.schema, parameter.required, parameter.description.as_deref(), example, page);
        }
    }
}

fn is_tabled(schema: &Schema) -> bool {
    schema.origin.basis != Basis::Sample
}

fn schema(media: &MediaType, page: &mut String) {
    let mut schema = media.schema.as_ref();
    if let Some(Schema { kind: Kind::Array(item), constraints, .. }) = schema {
        let constraints = constraints.max_items.map_or_else(String::new, |most| format!(" (<= {most} items)"));
        let _ = writeln!(page, "Array{constraints}");
        schema = Some(item);
    }
    if let Some(Schema { kind: Kind::Object(properties), .. }) = schema {
        for (name, Property { schema, required, .. }) in properties {
            let example = schema.example.as_deref().map(Value::to_string);
            row(name, schema, *required, schema.description.as_deref(), example, page);
        }
    }
}

fn row(name: &str, schema: &Schema, required: bool, text: Option<&str>, example: Option<String>, page: &mut String) {
    let _ = writeln!(page, "{name}");
    page.push_str(if required { "required\n" } else { "" });
    page.push_str(if schema.read_only { "read-only\n" } else { "" });
    let _ = writeln!(page, "{}", type_line(schema));
    page.push_str(if schema.deprecated { "Deprecated\n" } else { "" });
    let shown = |values: &[Value]| values.iter().map(Value::to_string).collect::<Vec<_>>().join(" ");
    if let Some(value) = &schema.default {
        let _ = writeln!(page, "Default: {value}");
    }
    match &schema.kind {
        Kind::Array(item) if !item.enumeration.is_empty() => {
            let _ = writeln!(page, "Items Enum: {}", shown(&item.enumeration));
        }
        _ if !schema.enumeration.is_empty() => {
            let _ = writeln!(page, "Enum: {}", shown(&schema.enumeration));
        }
        _ => {}
    }
    if let Some(example) = example {
        let _ = writeln!(page, "Example: {example}");
    }
    if let Some(text) = text {
        let _ = writeln!(page, "\n{}\n", text.replacen(". ", ".\n\n", 1));
    }
    if let Kind::Map(value) = &schema.kind {
        let _ = writeln!(page, "property name*\nadditional property\n{}", type_line(value));
    }
}

fn type_line(schema: &Schema) -> String {
    let null = if schema.nullable { " or null" } else { "" };
    if let Kind::AnyOf(alternatives) = &schema.kind {
        let named = |alternative: &Alternative| format!("{} (object)", alternative.title.as_deref().unwrap_or_default());
        return alternatives.iter().map(named).collect::<Vec<_>>().join(" or ") + null;
    }
    if let Kind::Array(item) = &schema.kind {
        match &item.kind {
            Kind::AnyOf(_) => return format!("Array of {}", type_line(item)),
            Kind::Array(inner) => {
                return format!("Array of {}s[ items ]{}", word(inner), if schema.nullable { " Nullable" } else { "" });
            }
            _ => {}
        }
    }
    let Kind::Array(item) = &schema.kind else { return format!("{}{null}{}", word(schema), notes(schema)) };
    let mut line = format!("Array of {}s{null}", word(item));
    let constraints = &schema.constraints;
    line += &range(constraints.min_items, constraints.max_items, "items");
    line += if constraints.unique_items { " unique" } else { "" };
    let inner = notes(item);
    if !inner.is_empty() {
        line += &format!(" [ items{inner} ]");
    }
    line
}

fn word(schema: &Schema) -> &'static str {
    match schema.kind {
        Kind::Boolean => "boolean",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::String => "string",
        _ => "object",
    }
}

/// Format and constraints.
fn notes(schema: &Schema) -> String {
    let mut notes = schema.format.as_ref().map_or_else(String::new, |format| format!(" <{format}>"));
    let constraints = &schema.constraints;
    notes += &range(constraints.min_length, constraints.max_length, "characters");
    notes += &match (&constraints.minimum, &constraints.maximum) {
        (Some(least), Some(most)) => {
            let open = if constraints.exclusive_minimum { '(' } else { '[' };
            let close = if constraints.exclusive_maximum { ')' } else { ']' };
            format!(" {open} {least} .. {most} {close}")
        }
        (Some(least), None) => format!(" {} {least}", if constraints.exclusive_minimum { ">" } else { ">=" }),
        (None, Some(most)) => format!(" {} {most}", if constraints.exclusive_maximum { "<" } else { "<=" }),
        (None, None) => String::new(),
    };
    if let Some(step) = &constraints.multiple_of {
        notes += &format!(" multiple of {step}");
    }
    if let Some(pattern) = &constraints.pattern {
        notes += &format!(" {pattern}");
    }
    notes
}

fn range(least: Option<u64>, most: Option<u64>, unit: &str) -> String {
    match (least, most) {
        (Some(1), None) => " non-empty".to_owned(),
        (Some(least), Some(most)) => format!(" [ {least} .. {most} ] {unit}"),
        (Some(least), None) => format!(" >= {least} {unit}"),
        (None, Some(most)) => format!(" <= {most} {unit}"),
        (None, None) => String::new(),
    }
}

fn samples(example: Option<&Example>, page: &mut String) {
    let Some(example) = example else { return };
    let text = serde_json::to_string_pretty(&example.value).expect("JSON can be written");
    for line in text.lines() {
        let inner = line.trim_start();
        let bullet = if inner.starts_with('"') && line.len() > inner.len() { "• " } else { "" };
        let _ = writeln!(page, "{}{bullet}{inner}", &line[..line.len() - inner.len()]);
    }
}
