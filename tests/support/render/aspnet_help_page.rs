//! An ASP.NET Web API help page as its text, in the ways that extraction renders it.
//!
//! Input: choices. Output: what such a page can say, and the pages that say it. Shares nothing with the reader.

use std::fmt::Write as _;

use serde_json::{Number, Value};
use xtask::{
    api::{Api, Example, Kind, Location, MediaType, Named, Operation, Origin, Property, RequestBody, Schema},
    dialect::Options,
};

use super::{
    Form, Renderer,
    random_api::{Dice, Vocabulary, operation, parameter, plain, response, scalar},
    saved,
};

/// How a table is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Table {
    Glued,
    LeadingPipes,
    TrailingPipes,
    /// A browser's copy.
    Tabs,
    /// Rows of HTML, for [`saved::help_page`].
    Html,
}

/// How such pages are written.
pub(super) const RENDERER: Renderer = Renderer {
    api,
    forms: &[
        Form { name: "glued", page: |api| render(api, Table::Glued) },
        Form { name: "with pipes", page: |api| render(api, Table::LeadingPipes) },
        Form { name: "with pipes behind cells", page: |api| render(api, Table::TrailingPipes) },
        Form { name: "copied from a browser", page: |api| render(api, Table::Tabs) },
        Form { name: "saved as HTML", page: |api| saved::help_page(&render(api, Table::Html)) },
    ],
    respelled: |page| page.replace("\n\n", "\n"),
    options: Options::default,
    joins: false,
    nameless: false,
    large: &[
        (
            "GET a\n\nResponse Information\n\nResource Description\n\nA\nNameDescriptionTypeAdditional information\n",
            "a§\n\nWords.\n\nCollection of B§\n\nRequired\n\nMax length: 9\n\n",
        ),
        (
            "GET a\nResponse Information\nResource Description\nA| Name | Description | Type | Additional information |\n|---|---|---|---|\n",
            "| a§ |\nWords. |\nstring |\nRequired\nMax length: 9 |\n",
        ),
    ],
};

const WORDS: Vocabulary = Vocabulary {
    integers: &[],
    numbers: &[],
    strings: &["date", "uuid", "uri", "email", "password", "date-time"],
    nullable: false,
    enumeration: false,
    default: false,
    example: false,
    read_only: false,
    deprecated: false,
};

/// What the page can say: one operation.
fn api(dice: &mut Dice<'_>) -> Api {
    let mut api = Api::default();
    let mut made = operation(dice);
    made.operation_id = id(&made);
    made.description = dice.text();
    for known in &mut made.parameters {
        let Property { mut schema, .. } = field(dice, &mut api.schemas, 0);
        known.description = schema.description.take();
        known.schema = schema;
    }
    for _ in 0..dice.below(4) {
        let name = dice.name();
        let Property { mut schema, required, .. } = field(dice, &mut api.schemas, 0);
        let mut parameter = parameter(name, Location::Query, required, Schema::default());
        parameter.description = schema.description.take();
        parameter.schema = schema;
        made.parameters.push(parameter);
    }
    if dice.once_in(2) {
        let (description, content) = body(dice, &mut api.schemas);
        made.request_body =
            Some(RequestBody { name: None, description, required: Some(true), content, origin: Origin::default() });
    }
    let mut response = response("200", "OK");
    if dice.once_in(2) {
        let (description, content) = body(dice, &mut api.schemas);
        response.description = description.unwrap_or(response.description);
        response.content = content;
    }
    made.responses.push(response);
    let first = made.description.as_deref().map(|text| text.split_inclusive(". ").next().unwrap_or(text).trim_end());
    made.summary = Some(first.map_or_else(|| format!("{} {}", made.method.name(), address(&made)), str::to_owned));
    api.operations.push(made);
    api
}

/// `PutShipsById`, without `api` and the version.
fn id(operation: &Operation) -> String {
    let name = operation.method.name();
    let mut id = name[..1].to_owned() + &name[1..].to_lowercase();
    for part in operation.path.split('/').filter(|part| !matches!(*part, "" | "api" | "v1")) {
        id += if part.starts_with('{') { "By" } else { "" };
        for word in part.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()) {
            id += &(word[..1].to_uppercase() + &word[1..]);
        }
    }
    id
}

type Entities = Named<Schema>;

fn body(dice: &mut Dice<'_>, entities: &mut Entities) -> (Option<String>, Vec<MediaType>) {
    let mut schema = match dice.below(5) {
        0 => plain(Kind::Array(Box::new(entity(dice, entities, 2)))),
        1 => scalar(dice, &Vocabulary::default()),
        _ => entity(dice, entities, 2),
    };
    let example = dice.once_in(2).then(|| {
        let value = sample(dice, &mut schema, entities);
        Example { collapsed: collapsed(&value), value, origin: Origin::default() }
    });
    let names: &[&str] = if dice.once_in(2) { &["application/json", "text/json"] } else { &["application/json"] };
    let content = names.iter().map(|name| MediaType {
        name: (*name).to_owned(),
        schema: Some(schema.clone()),
        example: example.clone(),
        origin: Origin::default(),
    });
    (dice.text(), content.collect())
}

/// A named type with its rows.
fn entity(dice: &mut Dice<'_>, entities: &mut Entities, depth: usize) -> Schema {
    let name = capital(&dice.name());
    let mut properties = Named::default();
    // Names that read like other parts of the page.
    let mut hostile = ["Required", "Parameters", "string", "URI", "None", "Type"].into_iter();
    for _ in 0..=dice.below(5) {
        let name = hostile.next().filter(|_| dice.once_in(4)).map_or_else(|| dice.name(), str::to_owned);
        properties.insert(name, field(dice, entities, depth));
    }
    entities.insert(name.clone(), plain(Kind::Object(properties)));
    plain(Kind::Reference(name))
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

fn field(dice: &mut Dice<'_>, entities: &mut Entities, depth: usize) -> Property {
    let mut schema = match dice.below(if depth == 0 { 7 } else { 10 }) {
        5 => plain(Kind::Array(Box::new(scalar(dice, &Vocabulary::default())))),
        6 => plain(Kind::Unknown),
        7 => plain(Kind::Map(Box::new(plain(Kind::Integer)))),
        // A type that the page only names.
        8 => {
            let name = capital(&dice.name());
            entities.insert(name.clone(), plain(Kind::Unknown));
            plain(Kind::Reference(name))
        }
        9 => {
            let name = capital(&dice.name());
            entities.insert(name.clone(), plain(Kind::Unknown));
            plain(Kind::Array(Box::new(plain(Kind::Reference(name)))))
        }
        _ => scalar(dice, &WORDS),
    };
    constraints(dice, &mut schema);
    schema.description = dice.text();
    Property::new(schema, dice.once_in(3))
}

fn constraints(dice: &mut Dice<'_>, schema: &mut Schema) {
    let constraints = &mut schema.constraints;
    match schema.kind {
        Kind::String => {
            constraints.min_length = dice.once_in(4).then_some(2);
            constraints.max_length = dice.once_in(4).then_some(64);
            constraints.pattern = dice.once_in(6).then(|| dice.pick(&["^a+$", "^\\d{4} x$", "[a-z]{2}|b"]).to_owned());
            schema.default = dice.once_in(8).then(|| Box::new("some words".into()));
        }
        Kind::Integer if dice.once_in(4) => {
            constraints.minimum = Some(Number::from(1));
            constraints.maximum = Some(Number::from(99));
        }
        Kind::Number if dice.once_in(4) => {
            constraints.minimum = Number::from_f64(0.5);
            constraints.maximum = Number::from_f64(20.5);
        }
        Kind::Integer | Kind::Boolean => schema.default = dice.once_in(8).then(|| Box::new(dice.value(&schema.kind))),
        Kind::Array(_) => {
            constraints.min_items = dice.once_in(4).then_some(1);
            constraints.max_items = dice.once_in(4).then_some(5);
        }
        _ => {}
    }
}

/// A sample, which is all that a page knows of types that it only names.
fn sample(dice: &mut Dice<'_>, schema: &mut Schema, entities: &mut Entities) -> Value {
    match &mut schema.kind {
        Kind::Array(item) => (0..2).map(|_| sample(dice, item, entities)).collect(),
        Kind::Map(_) => [("sample string 1", 2), ("sample string 3", 4)]
            .map(|(name, value)| (name.to_owned(), value.into()))
            .into_iter()
            .collect::<serde_json::Map<_, _>>()
            .into(),
        // What is of any type is of the type that the sample shows.
        Kind::Unknown => {
            schema.kind = Kind::Integer;
            dice.value(&Kind::Integer)
        }
        Kind::Reference(name) => {
            let mut entity = entities.get(name.as_str()).cloned().unwrap_or_default();
            if entity.kind == Kind::Unknown {
                let kinds = [Kind::String, Kind::Integer, Kind::Boolean];
                let members =
                    (0..=dice.below(3)).map(|_| (dice.name(), Property::new(plain(kinds[dice.below(3)].clone()), false)));
                entity.kind = Kind::Object(members.collect());
            }
            let Kind::Object(properties) = &mut entity.kind else { return Value::Null };
            let value: serde_json::Map<String, Value> = properties
                .iter_mut()
                .map(|(name, property)| (name.clone(), sample(dice, &mut property.schema, entities)))
                .collect();
            entities.insert(name.clone(), entity);
            value.into()
        }
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

fn address(operation: &Operation) -> String {
    let query = operation.parameters.iter().filter(|parameter| parameter.location == Location::Query);
    let query: Vec<String> = query.map(|parameter| format!("{0}={{{0}}}", parameter.name)).collect();
    let path = operation.path.trim_start_matches('/');
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// The page in one of its forms.
fn render(api: &Api, form: Table) -> String {
    let mut page = String::new();
    for operation in &api.operations {
        let _ = writeln!(page, "{} {}\n", operation.method.name(), address(operation));
        if let Some(text) = &operation.description {
            let _ = writeln!(page, "{text}\n");
        }
        page.push_str("Request Information\n\nURI Parameters\n\n");
        if operation.parameters.is_empty() {
            page.push_str("None.\n\n");
        } else {
            head("", form, &mut page);
            for parameter in &operation.parameters {
                let required = parameter.required && (parameter.location == Location::Query || parameter.name.len() % 2 == 0);
                row(&parameter.name, parameter.description.as_deref(), &parameter.schema, required, form, &mut page);
            }
        }
        page.push_str("Body Parameters\n\n");
        let sent = operation.request_body.as_ref();
        self::content(
            sent.and_then(|body| body.description.as_deref()),
            sent.map_or(&[], |body| &body.content),
            "Request",
            api,
            form,
            &mut page,
        );
        page.push_str("Response Information\n\nResource Description\n\n");
        for response in &operation.responses {
            let text = Some(response.description.as_str()).filter(|text| *text != "OK");
            self::content(text, &response.content, "Response", api, form, &mut page);
        }
    }
    page
}

fn content(text: Option<&str>, content: &[MediaType], title: &str, api: &Api, form: Table, page: &mut String) {
    if let Some(text) = text {
        let _ = writeln!(page, "{text}\n");
    }
    let Some(media) = content.first() else {
        page.push_str("None.\n\n");
        return;
    };
    let schema = media.schema.as_ref().expect("a body has a type");
    let name = type_name(schema);
    match entity_of(schema).and_then(|name| api.schemas.get(name)).map(|entity| &entity.kind) {
        Some(Kind::Object(properties)) => {
            head(&name, form, page);
            for (name, Property { schema, required, .. }) in properties {
                row(name, schema.description.as_deref(), schema, *required, form, page);
            }
        }
        _ => {
            let _ = writeln!(page, "{name}\n");
        }
    }
    let names: Vec<&str> = content.iter().map(|media| media.name.as_str()).collect();
    let _ = writeln!(page, "{title} Formats\n\n{}\n\nSample:", names.join(", "));
    match &media.example {
        Some(example) => {
            let text = serde_json::to_string_pretty(&example.value).expect("JSON can be written");
            let _ = writeln!(page, "{text}\n");
        }
        None => page.push_str("Sample not available.\n\n"),
    }
}

fn entity_of(schema: &Schema) -> Option<&str> {
    match &schema.kind {
        Kind::Reference(name) => Some(name),
        Kind::Array(item) => entity_of(item),
        _ => None,
    }
}

fn head(name: &str, form: Table, page: &mut String) {
    let head = match form {
        Table::Glued => {
            let gap = if name.is_empty() { "" } else { "\n" };
            format!("{name}{gap}NameDescriptionTypeAdditional information\n")
        }
        Table::LeadingPipes => format!("{name}| Name | Description | Type | Additional information |\n|---|---|---|---|\n"),
        Table::Tabs => {
            let gap = if name.is_empty() { "" } else { "\n" };
            format!("{name}{gap}Name\tDescription\tType\tAdditional information\n")
        }
        Table::Html => {
            let gap = if name.is_empty() { "" } else { "\n" };
            let words = ["Name", "Description", "Type", "Additional information"];
            format!(
                "{name}{gap}{}\n",
                saved::row(&words.map(str::to_owned)).replace("td>", "th>").replace("<p>", "").replace("</p>", "")
            )
        }
        Table::TrailingPipes => format!("{name}Name | Description | Type | Additional information |\n---|---|---|---|\n"),
    };
    page.push_str(&head);
}

fn row(name: &str, text: Option<&str>, schema: &Schema, required: bool, form: Table, page: &mut String) {
    let kind = type_name(schema);
    let mut notes = annotations(schema, required);
    if notes.is_empty() {
        notes.push("None.".to_owned());
    }
    let lead = if form == Table::LeadingPipes { "| " } else { "" };
    let _ = match (form, text) {
        (Table::Glued, text) => {
            let text = text.map_or_else(String::new, |text| format!("{}\n\n", text.replace(". ", ".\n\n")));
            writeln!(page, "{name}\n\n{text}{kind}\n\n{}\n", notes.join("\n\n"))
        }
        (Table::Tabs, text) => {
            let text = text.map_or_else(String::new, |text| format!("{}\n\n", text.replace(". ", ".\n\n")));
            writeln!(page, "{name}\t\n{text}{kind}\t\n{}\n", notes.join("\n\n"))
        }
        (Table::Html, text) => {
            let text = text.map_or_else(String::new, |text| text.replace(". ", ".\n"));
            writeln!(page, "{}", saved::row(&[name.to_owned(), text, kind, notes.join("\n")]))
        }
        (_, Some(text)) => {
            let text = text.replace(". ", ".\n");
            writeln!(page, "{lead}{name} |\n{text} |\n{kind} |\n{} |", notes.join("\n"))
        }
        (_, None) => writeln!(page, "{lead}{name} | {kind} |\n{} |\n|", notes.join("\n")),
    };
}

fn type_name(schema: &Schema) -> String {
    match &schema.kind {
        Kind::Boolean => "boolean".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Number => "decimal number".to_owned(),
        Kind::String => match schema.format.as_deref() {
            Some("date-time") => "date".to_owned(),
            Some("uuid") => "globally unique identifier".to_owned(),
            Some("uri") => "URI".to_owned(),
            _ => "string".to_owned(),
        },
        Kind::Array(item) => format!("Collection of {}", type_name(item)),
        Kind::Map(value) => format!("Dictionary of string [key] and {} [value]", type_name(value)),
        Kind::Reference(name) => name.clone(),
        Kind::Unknown | Kind::Object(_) | Kind::AnyOf(_) => "Object".to_owned(),
    }
}

fn annotations(schema: &Schema, required: bool) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(required.then(|| "Required".to_owned()));
    let data_type = match schema.format.as_deref() {
        Some("email") => Some("EmailAddress"),
        Some("password") => Some("Password"),
        Some("date") => Some("Date"),
        _ => None,
    };
    notes.extend(data_type.map(|name| format!("Data type: {name}")));
    let constraints = &schema.constraints;
    notes.extend(constraints.pattern.as_ref().map(|pattern| format!("Matching regular expression pattern: {pattern}")));
    match (constraints.min_length.or(constraints.min_items), constraints.max_length.or(constraints.max_items)) {
        (Some(least), Some(most)) if constraints.min_items.is_none() => {
            notes.push(format!("String length: inclusive between {least} and {most}"));
        }
        (least, most) => {
            notes.extend(most.map(|most| format!("Max length: {most}")));
            notes.extend(least.map(|least| format!("Min length: {least}")));
        }
    }
    if let (Some(least), Some(most)) = (&constraints.minimum, &constraints.maximum) {
        notes.push(format!("Range: inclusive between {least} and {most}"));
    }
    notes.extend(schema.default.as_deref().map(|value| match value {
        Value::String(text) => format!("Default value is {text}"),
        Value::Bool(true) => "Default value is True".to_owned(),
        Value::Bool(false) => "Default value is False".to_owned(),
        value => format!("Default value is {value}"),
    }));
    notes
}
