//! A docfx page, written.
//!
//! Input: choices. Output: what such a page can say, and the page that says it. Shares nothing with the reader.

use std::fmt::Write as _;

use serde_json::Value;
use xtask::{
    api::{
        Api, Example, Kind, Location, MediaType, Named, Operation, Origin, Property, RequestBody, Schema, SchemeKind,
        SecurityScheme,
    },
    dialect::Options,
};

use super::{
    Form, Renderer,
    random_api::{Dice, Vocabulary, operation, parameter, plain, response, scalar},
};

/// How such pages are written.
pub(super) const RENDERER: Renderer = Renderer {
    api,
    forms: &[Form { name: "page", page: render }],
    respelled: |page| page.replace('\n', "\r\n"),
    options,
    joins: false,
    nameless: false,
    large: &[(
        "```http\nGET /a\n```\n## Response:\n### Response body: A\n| Property Name | Type | Description |\n|--|--|--|\n",
        "| a§ | Part§ | Words.  <para>More &amp; more</para> |\n",
    )],
};

const WORDS: Vocabulary = Vocabulary {
    integers: &["int32", "int64", "int16"],
    numbers: &["double", "float"],
    strings: &["date-time", "date", "uuid", "uri"],
    nullable: false,
    enumeration: false,
    default: false,
    example: false,
    read_only: false,
    deprecated: false,
};

fn options() -> Options {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Options { credential_headers: words(&["X-XSRF-TOKEN"]), further_credential_headers: words(&["SO-AppToken"]) }
}

/// What the page can say: one operation.
fn api(dice: &mut Dice<'_>) -> Api {
    let mut api = Api::default();
    let mut made = operation(dice);
    let group = dice.pick(&["Ship", "CrewList", "Harbour"]);
    let name = dice.heading().iter().map(|word| word[..1].to_uppercase() + &word[1..]).collect::<String>();
    if dice.once_in(2) {
        made.path = format!("/api/v1/Agents/{group}/{name}");
        made.parameters.clear();
        made.operation_id = name;
    } else {
        made.path = format!("/api/v1/{group}{}", made.path);
        made.operation_id = format!("{group}{name}");
    }
    made.summary = Some(format!("{} {}", made.method.name(), made.path.trim_start_matches("/api/v1/")));
    made.tags.push(group.to_owned());
    made.deprecated = dice.once_in(6);
    made.description = if made.deprecated { Some(format!("Deprecated: {}", dice.sentences())) } else { dice.text() };
    for known in &mut made.parameters {
        known.schema = typed(dice);
        known.description = dice.text();
    }
    for _ in 0..dice.below(4) {
        let mut schema = typed(dice);
        let example = dice.once_in(3).then(|| dice.value(&schema.kind));
        schema.example = example.filter(|value| schema.enumeration.is_empty() && *value != "").map(Box::new);
        let mut parameter = parameter(format!("${}", dice.name()), Location::Query, dice.once_in(3), schema);
        parameter.description = dice.text();
        made.parameters.push(parameter);
    }
    let (sent, answered) = headers(dice, &mut made, &mut api);
    responses(dice, &mut made, &mut api, &answered);
    if dice.once_in(2) {
        let named =
            made.responses.iter().flat_map(|response| &response.content).find_map(|media| entity_of(media.schema.as_ref()?));
        let same = named.map(str::to_owned).filter(|_| dice.once_in(3));
        let name = same.unwrap_or_else(|| format!("{}Request", made.operation_id));
        if !api.schemas.contains_key(&name) {
            entity(dice, &mut api.schemas, &name);
        }
        // A type that the page does not name stands where it is used.
        let unnamed = name.ends_with("Request").then(|| api.schemas.shift_remove(&name)).flatten();
        let schema = unnamed.unwrap_or_else(|| plain(Kind::Reference(name)));
        let content = content(Some(schema), &sent, None);
        made.request_body =
            Some(RequestBody { name: None, description: dice.text(), required: Some(true), content, origin: Origin::default() });
    }
    api.operations.push(made);
    api
}

/// Headers as parameters, credentials, and the media types of both bodies.
fn headers(dice: &mut Dice<'_>, made: &mut Operation, api: &mut Api) -> (Vec<&'static str>, Vec<&'static str>) {
    let schemes = dice.subset(&["Basic", "SoTicket", "Bearer"]);
    let (cross, token) = (dice.once_in(3), dice.once_in(3));
    let mut alternatives: Vec<Vec<String>> = Vec::new();
    for name in &schemes {
        alternatives.push(vec![(*name).to_owned()]);
        if token {
            alternatives.push(vec![(*name).to_owned(), "SO-AppToken".to_owned()]);
        }
        let kind = match *name {
            "SoTicket" => SchemeKind::Header { name: "Authorization".to_owned(), prefix: "SoTicket ".to_owned() },
            name => SchemeKind::Http(name.to_lowercase()),
        };
        let description = Some(supports(&schemes));
        api.security_schemes
            .insert((*name).to_owned(), SecurityScheme { kind: Some(kind), description, origin: Origin::default() });
    }
    for (name, is) in [("X-XSRF-TOKEN", cross), ("SO-AppToken", token)] {
        if is {
            let kind = Some(SchemeKind::Header { name: name.to_owned(), prefix: String::new() });
            let scheme = SecurityScheme { kind, description: dice.text(), origin: Origin::default() };
            api.security_schemes.insert(name.to_owned(), scheme);
        }
    }
    if cross {
        alternatives.push(vec!["X-XSRF-TOKEN".to_owned()]);
    }
    if alternatives.is_empty() && token {
        alternatives.push(vec!["SO-AppToken".to_owned()]);
    }
    made.security = Some(alternatives).filter(|alternatives| !alternatives.is_empty());
    for name in dice.subset(&["Accept-Language", "SO-Culture"]) {
        let mut schema = plain(Kind::String);
        schema.example = dice.once_in(2).then(|| Box::new("en".into()));
        let mut parameter = parameter(name.to_owned(), Location::Header, false, schema);
        parameter.description = dice.text();
        made.parameters.push(parameter);
    }
    let names = ["application/json", "text/json", "application/xml"];
    (dice.subset(&names), dice.subset(&names))
}

fn supports(schemes: &[&str]) -> String {
    let names: Vec<String> = schemes.iter().map(|name| format!("'{name}'")).collect();
    format!("Supports {} schemes.", names.join(" and "))
}

fn responses(dice: &mut Dice<'_>, made: &mut Operation, api: &mut Api, names: &[&str]) {
    let mut statuses = vec![dice.pick(&["200", "201", "204"])];
    statuses.extend(dice.subset(&["304", "400", "412"]));
    made.responses = statuses.into_iter().map(|status| response(status, &dice.sentences())).collect();
    let Some(first) = made.responses.first_mut().filter(|first| first.status != "204") else { return };
    let mut schema = match dice.below(4) {
        0 => None,
        1 => Some(typed(dice)),
        2 => Some(plain(Kind::Array(Box::new(plain(Kind::Unknown))))),
        _ => {
            let name = format!("ResponseBody{}", dice.name());
            entity(dice, &mut api.schemas, &name);
            Some(plain(Kind::Reference(name)))
        }
    };
    // A response that is never JSON has no sample.
    let json = names.is_empty() || names.iter().any(|name| name.ends_with("/json"));
    let example = match &mut schema {
        Some(schema) if json && schema.enumeration.is_empty() && dice.once_in(2) => {
            let value = sample(dice, schema, &mut api.schemas);
            Some(Example { collapsed: collapsed(&value), value, origin: Origin::default() })
        }
        _ => None,
    };
    first.content = content(schema, names, example);
}

fn content(schema: Option<Schema>, names: &[&str], example: Option<Example>) -> Vec<MediaType> {
    let json = ["application/json"];
    let names = if names.is_empty() && schema.is_some() { &json } else { names };
    let media = |name: &&str| MediaType {
        name: (*name).to_owned(),
        schema: schema.clone(),
        example: example.clone().filter(|_| name.ends_with("/json")),
        origin: Origin::default(),
    };
    names.iter().map(media).collect()
}

/// A type that stands in one word.
fn typed(dice: &mut Dice<'_>) -> Schema {
    let mut schema = scalar(dice, &WORDS);
    if schema.kind == Kind::String && dice.once_in(6) {
        schema.format = None;
        schema.enumeration = vec!["Slim".into(), "Wide".into()];
    }
    schema
}

fn entity(dice: &mut Dice<'_>, schemas: &mut Named<Schema>, name: &str) {
    let mut properties = Named::default();
    let mut others = Vec::new();
    for _ in 0..=dice.below(6) {
        let mut schema = match dice.below(7) {
            3 => plain(Kind::Array(Box::new(plain(Kind::Unknown)))),
            4 => plain(Kind::Map(Box::new(plain(Kind::Unknown)))),
            5 => {
                others.push(format!("Part{}", dice.name()));
                plain(Kind::Reference(others[others.len() - 1].clone()))
            }
            _ => typed(dice),
        };
        schema.description = dice.text();
        schema.deprecated = dice.once_in(9);
        if schema.deprecated {
            schema.description = Some(format!("Deprecated: {}", dice.sentences()));
        }
        properties.insert(dice.name(), Property::new(schema, false));
    }
    schemas.insert(name.to_owned(), plain(Kind::Object(properties)));
    schemas.extend(others.into_iter().map(|name| (name, plain(Kind::Unknown))));
}

/// A sample, and what only it says of the types.
fn sample(dice: &mut Dice<'_>, schema: &mut Schema, schemas: &mut Named<Schema>) -> Value {
    match &mut schema.kind {
        Kind::Array(item) => {
            item.kind = [Kind::Integer, Kind::String][dice.below(2)].clone();
            (0..=dice.below(3)).map(|_| dice.value(&item.kind)).collect()
        }
        Kind::Map(value) => {
            value.kind = Kind::String;
            let entries: serde_json::Map<String, Value> =
                (0..=dice.below(2)).map(|_| (dice.name(), dice.value(&Kind::String))).collect();
            entries.into()
        }
        Kind::Reference(name) => {
            let mut entity = schemas.get(name.as_str()).cloned().unwrap_or_default();
            let tabled = entity.kind != Kind::Unknown;
            if !tabled {
                let kinds = [Kind::String, Kind::Integer, Kind::Boolean];
                let properties =
                    (0..=dice.below(3)).map(|_| (dice.name(), Property::new(plain(kinds[dice.below(3)].clone()), false)));
                entity.kind = Kind::Object(properties.collect());
            }
            let Kind::Object(properties) = &mut entity.kind else { return Value::Null };
            let mut members = serde_json::Map::new();
            for (name, Property { schema, .. }) in properties {
                // Where a sample shows null, null is a value; what it shows nothing else of is unknown.
                let null = tabled && dice.once_in(6);
                schema.nullable |= null;
                let value = if null { Value::Null } else { sample(dice, schema, schemas) };
                members.insert(name.clone(), value);
            }
            schemas.insert(name.clone(), entity);
            members.into()
        }
        _ if !schema.enumeration.is_empty() => schema.enumeration[0].clone(),
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

fn entity_of(schema: &Schema) -> Option<&str> {
    if let Kind::Reference(name) = &schema.kind { Some(name) } else { None }
}

/// The page.
fn render(api: &Api) -> String {
    let mut page = String::new();
    for operation in &api.operations {
        let title = operation.summary.as_deref().unwrap_or_default();
        let group = operation.tags.first().map(String::as_str).unwrap_or_default();
        let uid = match operation.path.contains("/Agents/") {
            true => format!("v1{group}Agent_{}", operation.operation_id),
            false => format!("v1{group}_{}", operation.operation_id.trim_start_matches(group)),
        };
        let _ = writeln!(page, "---\ntitle: {title}\nuid: {uid}\ngenerated: true\n---\n\n# {title}\n");
        let _ = writeln!(page, "```http\n{} {}\n```\n", operation.method.name(), operation.path);
        if let Some(text) = &operation.description {
            let _ = writeln!(page, "{}\n", text.replacen(". ", ".\n\n", 1));
        }
        parameters(operation, &mut page);
        credentials(operation, api, &mut page);
        let sent = operation.request_body.as_ref();
        if let Some(schema) = sent.and_then(|body| body.content.first()?.schema.as_ref()) {
            let name = entity_of(schema).map_or_else(|| "thing".to_owned(), str::to_lowercase);
            let text = sent.and_then(|body| body.description.as_deref()).unwrap_or_default();
            let _ = writeln!(page, "## Request Body: {name} \n\n{text} \n");
            properties(schema, api, &mut page);
        }
        responses_section(operation, api, &mut page);
    }
    page
}

fn parameters(operation: &Operation, page: &mut String) {
    let of = |location| operation.parameters.iter().filter(move |parameter| parameter.location == location);
    if of(Location::Path).next().is_some() {
        page.push_str("| Path Part | Type | Description |\n|-----------|------|-------------|\n");
    }
    for parameter in of(Location::Path) {
        let text = cell(parameter.description.as_deref());
        let _ = writeln!(page, "| {} | {} | {text} **Required** |", parameter.name, type_name(&parameter.schema));
    }
    page.push('\n');
    if of(Location::Query).next().is_some() {
        page.push_str(
            "## Query String Parameters\n\n| Parameter Name | Type |  Description |\n|----------------|------|--------------|\n",
        );
    }
    for parameter in of(Location::Query) {
        let required = if parameter.required { "**Required** " } else { "" };
        let text = cell(parameter.description.as_deref());
        let _ = writeln!(page, "| {} | {} | {required} {text} |", parameter.name, type_name(&parameter.schema));
    }
    let shown: Vec<_> = of(Location::Query).filter(|parameter| parameter.schema.example.is_some()).collect();
    if !shown.is_empty() {
        page.push_str("\n```http\n");
        for parameter in &shown {
            let value = match parameter.schema.example.as_deref() {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Bool(true)) => "True".to_owned(),
                value => value.map(Value::to_string).unwrap_or_default(),
            };
            let _ = writeln!(page, "{} {}?{}={value}", operation.method.name(), operation.path, parameter.name);
        }
        page.push_str("```\n");
    }
    page.push('\n');
}

fn credentials(operation: &Operation, api: &Api, page: &mut String) {
    page.push_str("## Request Headers\n\n| Parameter Name | Description |\n|----------------|-------------|\n");
    let schemes: Vec<&str> =
        ["Basic", "SoTicket", "Bearer"].into_iter().filter(|name| api.security_schemes.contains_key(*name)).collect();
    if !schemes.is_empty() {
        let _ = writeln!(page, "| Authorization  | {} |", supports(&schemes));
    }
    for name in ["X-XSRF-TOKEN", "SO-AppToken"] {
        if let Some(scheme) = api.security_schemes.get(name) {
            let _ = writeln!(page, "| {name} | {} |", cell(scheme.description.as_deref()));
        }
    }
    let media = |content: &[MediaType]| content.iter().map(|media| format!("`{}`", media.name)).collect::<Vec<_>>().join(", ");
    if let Some(body) = &operation.request_body {
        let _ = writeln!(page, "| Content-Type | Content-type of the request body: {} |", media(&body.content));
    }
    if let Some(response) = operation.responses.first().filter(|response| !response.content.is_empty()) {
        let _ = writeln!(page, "| Accept         | Content-type(s) you would like: {} |", media(&response.content));
    }
    for parameter in operation.parameters.iter().filter(|parameter| parameter.location == Location::Header) {
        let _ = writeln!(page, "| {} | {} |", parameter.name, cell(parameter.description.as_deref()));
    }
    page.push('\n');
}

fn responses_section(operation: &Operation, api: &Api, page: &mut String) {
    let Some(first) = operation.responses.first() else { return };
    let schema = first.content.first().and_then(|media| media.schema.as_ref());
    let named = schema.map(type_name).unwrap_or_default();
    let _ = writeln!(page, "## Response:{}\n\n{}\n", named, first.description);
    page.push_str("| Response | Description |\n|----------------|-------------|\n");
    for response in &operation.responses {
        let _ = writeln!(page, "| {} | {} |", response.status, response.description);
    }
    if let Some(schema) = schema {
        let _ = writeln!(page, "\n### Response body: {named}\n");
        properties(schema, api, page);
    }
    let shown: Vec<String> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location == Location::Header)
        .filter_map(|parameter| Some(format!("{}: {}\n", parameter.name, parameter.schema.example.as_ref()?.as_str()?)))
        .collect();
    let _ = writeln!(
        page,
        "\n## Sample request\n\n```http!\n{} {}\nAuthorization: Basic dGVzdA==\n{}\n\n```\n",
        operation.method.name(),
        operation.path,
        shown.concat()
    );
    if let Some(example) = first.content.iter().find_map(|media| media.example.as_ref()) {
        let text = serde_json::to_string_pretty(&example.value).expect("JSON can be written");
        let _ = writeln!(
            page,
            "## Sample response\n\n```http_\nHTTP/1.1 {} OK\nContent-Type: application/json\n\n{text}\n```\n",
            first.status
        );
    }
}

fn properties(schema: &Schema, api: &Api, page: &mut String) {
    let named = entity_of(schema).and_then(|name| api.schemas.get(name));
    let Kind::Object(properties) = &named.unwrap_or(schema).kind else { return };
    page.push_str("| Property Name | Type |  Description |\n|----------------|------|--------------|\n");
    for (name, Property { schema, .. }) in properties {
        let _ = writeln!(page, "| {name} | {} | {} |", type_name(schema), cell(schema.description.as_deref()));
    }
    page.push('\n');
}

/// A text in one line, its second sentence as a paragraph of the program that it was taken from.
fn cell(text: Option<&str>) -> String {
    let text = text.unwrap_or_default();
    text.split_once(". ").map_or_else(|| text.to_owned(), |(first, rest)| format!("{first}.  <para>{rest}</para>"))
}

fn type_name(schema: &Schema) -> String {
    if !schema.enumeration.is_empty() {
        let values: Vec<&str> = schema.enumeration.iter().filter_map(Value::as_str).collect();
        return format!("Enum: {}", values.join(", "));
    }
    let word = match &schema.kind {
        Kind::Boolean => "bool",
        Kind::Integer => schema.format.as_deref().unwrap_or("integer"),
        Kind::Number => schema.format.as_deref().unwrap_or("number"),
        Kind::String => schema.format.as_deref().unwrap_or("string"),
        Kind::Array(_) => "array",
        Kind::Map(_) | Kind::Object(_) => "object",
        Kind::Reference(name) => name,
        Kind::Unknown | Kind::AnyOf(_) => "any",
    };
    word.to_owned()
}
