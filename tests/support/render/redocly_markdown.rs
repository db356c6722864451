//! Redocly's Markdown page, written.
//!
//! Input: choices. Output: what such a page can say, and the page that says it. Shares nothing with the reader.

use std::fmt::Write as _;

use serde_json::Value;
use xtask::{
    api::{Alternative, Api, Kind, Location, MediaType, Named, Operation, Origin, Property, RequestBody, Schema, SecurityScheme},
    dialect::Options,
};

use super::{
    Form, Renderer,
    random_api::{Dice, STATUSES, Vocabulary, folded, operation, parameter, plain, response, scalar},
};

/// How such pages are written.
pub(super) const RENDERER: Renderer = Renderer {
    api,
    forms: &[Form { name: "as published", page: render }, Form { name: "folded", page: |api| folded(&render(api)) }],
    respelled: |page| page.replace('\n', "\r\n"),
    options: Options::default,
    joins: true,
    nameless: true,
    large: &[
        (
            "# A\n\nEndpoint: GET /a\n\n## Response 200 fields (application/json):\n",
            "\n  - `a§` (object,null, required)\n    Words.\n\n  - `a§.b` (string)\n    Enum: \"c\", \"d\"\n",
        ),
        ("", "# Save a§ Saves a§. Endpoint: GET /a§ ## Query parameters: - `b` (string) Words. Default: 1 "),
    ],
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
    for _ in 0..=dice.below(3) {
        let operation = one(dice);
        for name in operation.security.iter().flatten().flatten() {
            let scheme = SecurityScheme { kind: None, description: None, origin: Origin::default() };
            api.security_schemes.insert(name.clone(), scheme);
        }
        api.operations.push(operation);
    }
    api
}

fn one(dice: &mut Dice<'_>) -> Operation {
    let mut made = operation(dice);
    let mut heading = dice.heading();
    if dice.once_in(6) {
        heading.push("(deprecated)");
        made.deprecated = true;
    }
    made.summary = Some(heading.join(" "));
    made.operation_id = heading.iter().map(|word| capital(word.trim_matches(['(', ')']))).collect();
    made.description = (!dice.once_in(3)).then(|| format!("This says more. {}", dice.sentences()));
    made.version = dice.once_in(3).then(|| dice.pick(&["2.1", "v1 (beta)", "2024-01-01"]).to_owned());
    if dice.once_in(2) {
        let mut alternatives: Vec<Vec<String>> = Vec::new();
        for _ in 0..=dice.below(2) {
            let names = dice.subset(&["api_key", "Basic-Auth", "bearer.token"]);
            let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            if !names.is_empty() && !alternatives.contains(&names) {
                alternatives.push(names);
            }
        }
        made.security = Some(alternatives).filter(|alternatives| !alternatives.is_empty());
    }
    for known in &mut made.parameters {
        let Property { mut schema, .. } = field(dice, 1);
        known.description = schema.description.take();
        known.schema = schema;
    }
    for location in [Location::Query, Location::Header, Location::Cookie] {
        for _ in 0..dice.below(4) {
            // What travels beside a body has a name of one word.
            let name = if location == Location::Query { member_name(dice).replace(' ', "") } else { dice.name() };
            let Property { mut schema, required, .. } = field(dice, if location == Location::Query { 2 } else { 0 });
            let mut parameter = parameter(name, location, required, Schema::default());
            parameter.description = schema.description.take();
            parameter.schema = schema;
            made.parameters.push(parameter);
        }
    }
    if dice.once_in(2) {
        let content: Vec<MediaType> = dice.subset(&MEDIA).into_iter().map(|name| media(dice, name)).collect();
        let described = content.first().is_some_and(|media| media.schema.is_some());
        let description = dice.text().filter(|_| described);
        if !content.is_empty() {
            made.request_body =
                Some(RequestBody { name: None, description, required: Some(true), content, origin: Origin::default() });
        }
    }
    for (status, phrase) in dice.subset(&STATUSES) {
        let mut response = response(status, phrase);
        response.content = dice.subset(&MEDIA).into_iter().map(|name| media(dice, name)).collect();
        if let Some(text) = dice.text().filter(|_| response.content.first().is_some_and(|media| media.schema.is_some())) {
            response.description = text;
        }
        made.responses.push(response);
    }
    made
}

const MEDIA: [&str; 3] = ["application/json", "application/json; charset=utf-8", "multipart/form-data"];

fn media(dice: &mut Dice<'_>, name: &str) -> MediaType {
    let mut properties = members(dice, 3);
    // Last, as a folded page does not tell where the last alternative ends.
    if dice.once_in(4) {
        let schema = alternatives(dice);
        properties.insert(dice.name(), Property::new(schema, dice.once_in(3)));
    }
    let mut schema = (!properties.is_empty()).then(|| plain(Kind::Object(properties)));
    if dice.once_in(8) {
        schema = Some(alternatives(dice));
    }
    MediaType { name: name.to_owned(), schema, example: None, origin: Origin::default() }
}

/// Two or three objects of which one applies, with names of their own and an example before them.
fn alternatives(dice: &mut Dice<'_>) -> Schema {
    const TITLES: [&str; 3] = ["Free passage", "Passage to be paid", "Tow (by a tug)"];
    let alternatives = TITLES.iter().take(2 + dice.below(2)).map(|title| {
        let members = (0..=dice.below(2)).map(|_| {
            let mut schema = scalar(dice, &WORDS);
            schema.description = dice.text();
            (dice.name(), Property::new(schema, dice.once_in(3)))
        });
        let schema = plain(Kind::Object(members.collect()));
        Alternative { title: Some((*title).to_owned()), schema }
    });
    let mut alternatives: Vec<Alternative> = alternatives.collect();
    // One member has the same values in the first alternative and in the last one, which only names the first.
    if dice.once_in(2) {
        let mut shared = plain(Kind::String);
        shared.enumeration = dice.values(&Kind::String);
        let name = format!("shared{}", dice.below(10_000));
        for at in [0, alternatives.len() - 1] {
            if let Kind::Object(members) = &mut alternatives[at].schema.kind {
                members.insert(name.clone(), Property::new(shared.clone(), false));
            }
        }
    }
    let mut schema = plain(Kind::AnyOf(alternatives));
    schema.description = dice.text();
    schema.nullable = dice.once_in(3);
    schema.example = dice.once_in(2).then(|| Box::new(serde_json::json!({ "free": true })));
    schema
}

fn members(dice: &mut Dice<'_>, depth: usize) -> Named<Property> {
    // Siblings differ in their names; others may share them.
    let mut common = ["id", "data", "Id", "items"].into_iter();
    let mut name = |dice: &mut Dice<'_>| match common.next().filter(|_| dice.once_in(3)) {
        Some(name) => name.to_owned(),
        None => member_name(dice),
    };
    dice.some(4, |dice| (name(dice), field(dice, depth))).into_iter().collect()
}

fn member_name(dice: &mut Dice<'_>) -> String {
    let name = dice.name();
    match dice.below(13) {
        7 => "urn:ships:2.0:".to_owned() + &name,
        8 => format!("${name}"),
        9 => format!("{name}[0][of]"),
        10 => format!("urn:{name}:2.0:User"),
        11 => format!("{name} (Home Port)"),
        _ => name,
    }
}

fn field(dice: &mut Dice<'_>, depth: usize) -> Property {
    let mut schema = match dice.below(if depth == 0 { 5 } else { 9 }) {
        4 => list(dice),
        5 => plain(Kind::Unknown),
        6 => plain(Kind::Object(members(dice, depth - 1))),
        7 => {
            let properties = members(dice, depth - 1);
            let item = if properties.is_empty() { Kind::Unknown } else { Kind::Object(properties) };
            plain(Kind::Array(Box::new(plain(item))))
        }
        8 => {
            let mut value = field(dice, depth - 1).schema;
            if value.kind == Kind::Unknown {
                value.kind = Kind::Boolean;
            }
            plain(Kind::Map(Box::new(value)))
        }
        _ => scalar(dice, &WORDS),
    };
    schema.nullable |= dice.once_in(8);
    schema.description = dice.text();
    Property::new(schema, dice.once_in(3))
}

/// A list whose items only its values tell.
fn list(dice: &mut Dice<'_>) -> Schema {
    let kinds = [Kind::String, Kind::Integer, Kind::Number];
    let mut item = plain(kinds[dice.below(3)].clone());
    let values = dice.values(&item.kind);
    if dice.once_in(2) {
        item.enumeration = values;
        return plain(Kind::Array(Box::new(item)));
    }
    let mut schema = plain(Kind::Array(Box::new(item)));
    schema.example = Some(Box::new(Value::Array(values)));
    schema
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

/// The page as published.
fn render(api: &Api) -> String {
    let mut page = String::new();
    for operation in &api.operations {
        let _ = writeln!(page, "# {}\n", operation.summary.as_deref().unwrap_or_default());
        if let Some(text) = &operation.description {
            let _ = writeln!(page, "{}\n", text.replacen(". ", ".\n\n", 1));
        }
        let _ = writeln!(page, "Endpoint: {} {}", operation.method.name(), operation.path);
        if let Some(version) = &operation.version {
            let _ = writeln!(page, "Version: {version}");
        }
        for names in operation.security.iter().flatten() {
            let _ = writeln!(page, "Security: {}", names.join(", "));
        }
        parameters(operation, &mut page);
        if let Some(body) = &operation.request_body {
            for (index, media) in body.content.iter().enumerate() {
                section(&format!("Request fields ({})", media.name), media, body.description.as_deref(), index, &mut page);
            }
        }
        for response in &operation.responses {
            let standard = STATUSES.iter().any(|(_, phrase)| *phrase == response.description);
            let text = (!standard).then_some(response.description.as_str());
            for (index, media) in response.content.iter().enumerate() {
                section(&format!("Response {} fields ({})", response.status, media.name), media, text, index, &mut page);
            }
            if response.content.is_empty() {
                let _ = writeln!(page, "\n## Response {} fields:", response.status);
            }
        }
        page.push('\n');
    }
    page
}

fn parameters(operation: &Operation, page: &mut String) {
    for (location, title) in
        [(Location::Path, "Path"), (Location::Query, "Query"), (Location::Header, "Header"), (Location::Cookie, "Cookie")]
    {
        let mut found = operation.parameters.iter().filter(|parameter| parameter.location == location).peekable();
        if found.peek().is_some() {
            let _ = writeln!(page, "\n## {title} parameters:");
        }
        for parameter in found {
            row(&parameter.name, &parameter.schema, parameter.required, parameter.description.as_deref(), page);
        }
    }
}

fn section(title: &str, media: &MediaType, text: Option<&str>, index: usize, page: &mut String) {
    let _ = writeln!(page, "\n## {title}:");
    if let Some(text) = text.filter(|_| index == 0) {
        let _ = writeln!(page, "\n{text}");
    }
    match &media.schema {
        Some(Schema { kind: Kind::Object(properties), .. }) => rows("", properties, page),
        // A body that is one of several types has a field of this name.
        Some(schema @ Schema { kind: Kind::AnyOf(_), .. }) => row("body", schema, false, schema.description.as_deref(), page),
        _ => {}
    }
}

fn rows(prefix: &str, properties: &Named<Property>, page: &mut String) {
    for (name, Property { schema, required, .. }) in properties {
        row(&format!("{prefix}{name}"), schema, *required, schema.description.as_deref(), page);
    }
}

fn row(name: &str, schema: &Schema, required: bool, description: Option<&str>, page: &mut String) {
    let (kind, members) = match &schema.kind {
        Kind::Boolean => ("boolean", None),
        Kind::Integer => ("integer", None),
        Kind::Number => ("number", None),
        Kind::String => ("string", None),
        Kind::Array(item) => ("array", Some(&item.kind)),
        Kind::Object(_) => ("object", Some(&schema.kind)),
        Kind::Map(_) | Kind::AnyOf(_) => ("object", None),
        _ => ("any", None),
    };
    let mut words = vec![schema.format.as_deref().unwrap_or(kind)];
    let _ = write!(page, "\n  - `{name}` (");
    let notes = [(schema.read_only, "read-only"), (schema.deprecated, "deprecated"), (required, "required")];
    words.extend(notes.into_iter().filter(|(is, _)| *is).map(|(_, word)| word));
    let mark = match &schema.kind {
        Kind::AnyOf(alternatives) if alternatives.len() > 2 => " — one of (discriminator: kind):",
        Kind::AnyOf(_) => " — one of:",
        _ => "",
    };
    let _ = writeln!(page, "{}{}){mark}", words[0], if schema.nullable { ",null" } else { "" }.to_owned() + &joined(&words[1..]));
    if let Some(text) = description {
        let _ = writeln!(page, "    {}", text.replace(". ", ".\n    "));
    }
    let values = match &schema.kind {
        Kind::Array(item) => &item.enumeration,
        _ => &schema.enumeration,
    };
    if !values.is_empty() {
        let values: Vec<String> = values.iter().map(Value::to_string).collect();
        let _ = writeln!(page, "    Enum: {}", values.join(", "));
    }
    if let Some(value) = &schema.default {
        let _ = writeln!(page, "    Default: {value}");
    }
    if let Some(value) = &schema.example {
        let _ = writeln!(page, "    Example: {value}");
    }
    if let Some(Kind::Object(properties)) = members {
        rows(&format!("{name}."), properties, page);
    }
    match &schema.kind {
        Kind::Map(value) => {
            row(&format!("{name}.additionalProperties"), value, false, value.description.as_deref(), page);
        }
        Kind::AnyOf(alternatives) => {
            for (index, Alternative { title, schema }) in alternatives.iter().enumerate() {
                let Kind::Object(properties) = &schema.kind else { continue };
                let _ = writeln!(page, "    - {}:", title.as_deref().unwrap_or_default());
                let mut members = String::new();
                rows("", properties, &mut members);
                if let Some(first) = alternatives.first().filter(|_| index > 0) {
                    name_shared_values(first, properties, &mut members);
                }
                for line in members.lines().filter(|line| !line.is_empty()) {
                    let _ = writeln!(page, "    {line}");
                }
            }
        }
        _ => {}
    }
}

/// Values that a member of the first alternative has too are not listed again.
fn name_shared_values(first: &Alternative, properties: &Named<Property>, page: &mut String) {
    let (Kind::Object(known), Some(title)) = (&first.schema.kind, &first.title) else { return };
    for (name, Property { schema, .. }) in properties.iter().filter(|(_, property)| !property.schema.enumeration.is_empty()) {
        if known.get(name).is_some_and(|known| known.schema.enumeration == schema.enumeration) {
            let values: Vec<String> = schema.enumeration.iter().map(Value::to_string).collect();
            let same = format!("Enum: same as `{name}` in \"{title}\" ({} values)\n", values.len());
            *page = page.replacen(&format!("Enum: {}\n", values.join(", ")), &same, 1);
        }
    }
}

fn joined(words: &[&str]) -> String {
    words.iter().map(|word| format!(", {word}")).collect()
}
