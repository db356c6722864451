//! The crate's `README.md`, which is its first page of documentation too.
//!
//! Input: the model and the types. Output: Markdown with an example that compiles: the client set up with all that the
//! chosen operation needs, a request with its required fields, and a look at the response.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{
    constraints::code,
    docs,
    model::{Argument, Operation, Scheme, SchemeKind},
    parts::{ALL_OPERATIONS, Part},
    server::Server,
    types::{FieldOutline, TypeOutline, Types},
};
use crate::{
    markup::literal,
    normalize::{naming, walk::component_of},
};

/// What the example is chosen from.
pub(super) struct Setup<'a> {
    pub(super) vendor: &'a str,
    pub(super) server: Option<&'a Server>,
    pub(super) document: &'a Value,
    pub(super) operations: &'a [Operation],
    pub(super) parts: &'a [Part<'a>],
    pub(super) schemes: &'a [Scheme],
}

/// The whole text, and the code blocks in it.
pub(super) fn text(setup: &Setup<'_>, types: &Types) -> (String, Vec<String>) {
    let mut examples = Vec::new();
    let title = setup.document.pointer("/info/title").and_then(Value::as_str).unwrap_or(setup.vendor);
    let description = setup.document.pointer("/info/description").and_then(Value::as_str).unwrap_or_default();
    let mut text = format!("# {}\n\nA client for {}.\n", setup.vendor, literal(title));
    if !description.is_empty() {
        text.push_str(&format!("\n{}\n", docs::wrapped(description)));
    }
    if let Some(operation) = shown(setup, types) {
        let example = example(setup, types, operation);
        text.push_str(&format!("\n## Example\n\n```rust,no_run\n{example}```\n"));
        examples.push(example);
    }
    text.push_str("\n## Operations\n");
    setup.parts.iter().filter(|part| !part.operations.is_empty()).for_each(|part| operations(&mut text, part));
    text.push_str(
        "
## What it keeps and what it checks

- Fields are `Field<T>`: absent, null and a value are told apart, and what the vendor sends beyond its documents stays in
  `extra`. Reading a record, changing one field and sending it back changes that field only.
- Requests are checked against the documented constraints before they are sent; all violations come in one error.
- Secrets never show in `Debug`, in errors or in traces.
- A token that runs out may come from a source (`TokenSource`, or a closure that returns a future): see the `…_from` methods of
  `Auth`. Concurrent callers share one refresh, and a 401 refreshes and repeats once.

## Features

`rustls` (default) or `native-tls` for TLS; `tracing` (default) for one span per call.
",
    );
    if let Some(feature) = setup.parts.iter().find_map(Part::feature) {
        let example = format!(
            "{} = {{ version = \"0.1\", default-features = false, features = [\"rustls\", \"{feature}\"] }}\n",
            setup.vendor
        );
        text.push_str(&format!(
            "
The operations of each tag are a feature, with the types that no other tag needs; `{ALL_OPERATIONS}` (default) turns all of them
on. To compile one tag only:

```toml
{example}```
"
        ));
        examples.push(example);
    }
    (text, examples)
}

/// The table of a part.
fn operations(text: &mut String, part: &Part<'_>) {
    if let Some(tag) = &part.tag {
        text.push_str(&format!("\n### {}\n\nFeature `{}`.\n", literal(&tag.name), tag.feature));
    }
    text.push_str("\n| method | call |\n|---|---|\n");
    for operation in &part.operations {
        let call = format!("{} {}", operation.method.to_uppercase(), operation.path.replace('|', "\\|"));
        text.push_str(&format!("| `{}` | {} |\n", operation.name, code(&call)));
    }
}

/// The operation that shows the most; of equals the first one.
fn shown<'a>(setup: &Setup<'a>, types: &Types) -> Option<&'a Operation> {
    let mut subjects: HashMap<&str, usize> = HashMap::new();
    for subject in setup.operations.iter().filter_map(subject) {
        *subjects.entry(subject).or_default() += 1;
    }
    let structures: HashSet<&str> = types.outlines.iter().map(|outline| outline.name.as_str()).collect();
    let score = |operation: &&Operation| score(operation, &structures, &subjects);
    // The last one of equals is the greatest.
    setup.operations.iter().rev().max_by_key(score)
}

/// The component that an operation sends.
fn subject(operation: &Operation) -> Option<&str> {
    component_of(&operation.body.as_ref()?.schema)
}

/// How much an operation shows: typed response, typed request, few arguments, and a request that other operations share.
fn score(operation: &Operation, structures: &HashSet<&str>, subjects: &HashMap<&str, usize>) -> usize {
    let structure = |schema: &Value| component_of(schema).is_some_and(|name| structures.contains(name));
    let response = operation.response.as_ref().is_some_and(structure);
    let body = operation.body.as_ref().filter(|body| body.required && structure(&body.schema));
    let plain = operation.arguments.iter().all(|argument| argument.place == "path");
    let shared = body.and(subject(operation)).and_then(|subject| subjects.get(subject)).copied().unwrap_or_default();
    usize::from(response) * 4 + usize::from(body.is_some()) * 2 + usize::from(plain) + shared
}

fn find<'a>(types: &'a Types, name: &str) -> Option<&'a TypeOutline> {
    types.outlines.iter().find(|outline| outline.name == name)
}

fn example(setup: &Setup<'_>, types: &Types, operation: &Operation) -> String {
    let library = setup.vendor.replace('-', "_");
    let mut code = String::new();
    let mut calls = Vec::new();
    let chosen = operation.security.iter().max_by_key(|schemes| schemes.len());
    let auth: String = setup
        .schemes
        .iter()
        .filter(|scheme| chosen.is_some_and(|chosen| chosen.contains(&scheme.name)))
        .map(credential)
        .collect();
    if !auth.is_empty() {
        calls.push(format!("auth(Auth::new(){auth})"));
    }
    for parameter in operation.client_parameters.iter().filter(|parameter| parameter.required) {
        calls.push(format!("{}(\"…\")", naming::snake(&parameter.name)));
    }
    calls.push("build()?".to_owned());
    let mut imports = vec!["Client".to_owned()];
    let base = match setup.server {
        Some(server) => {
            imports.push(server.import.to_owned());
            server.example.clone()
        }
        None => "\"https://api.example.com\"".to_owned(),
    };
    code.push_str(&format!("    let client = Client::builder({base})\n        .{};\n", calls.join("\n        .")));

    let needed = |argument: &&Argument| argument.required || argument.place == "path";
    let mut arguments: Vec<String> = operation.arguments.iter().filter(needed).map(argument_value).collect();
    if !auth.is_empty() {
        imports.push("Auth".to_owned());
    }
    let mut setter = "";
    if let Some(body) = &operation.body {
        let value = body_value(body.example.as_ref(), &body.schema, types);
        code.push_str(&format!("    let body = {value};\n"));
        if body.required {
            arguments.push("&body".to_owned());
        } else {
            setter = ".body(&body)";
        }
    }
    let answered = operation
        .response
        .as_ref()
        .and_then(component_of)
        .and_then(|name| find(types, name))
        .and_then(|outline| outline.fields.first());
    code.push_str(&format!("    let response = client.{}({}){setter}.await?;\n", operation.name, arguments.join(", ")));
    match answered {
        Some(field) => code.push_str(&format!("    println!(\"{{:?}}\", response.{});\n", field.name)),
        None => code.push_str("    println!(\"{}\", response.status());\n"),
    }
    if code.contains("types::") {
        imports.push("types".to_owned());
    }
    imports.sort();
    format!(
        "use {library}::{{{}}};\n\nasync fn example() -> Result<(), Box<dyn std::error::Error>> {{\n{code}    Ok(())\n}}\n",
        imports.join(", ")
    )
}

fn credential(scheme: &Scheme) -> String {
    let name = naming::snake(&scheme.name);
    if scheme.kind == SchemeKind::Basic { format!(".{name}(\"user\", \"password\")") } else { format!(".{name}(\"…\")") }
}

fn is(schema: &Value, kind: &str) -> bool {
    schema.get("type").and_then(Value::as_str) == Some(kind)
}

fn argument_value(argument: &Argument) -> String {
    if is(&argument.schema, "integer") {
        "1".to_owned()
    } else if is(&argument.schema, "boolean") {
        "true".to_owned()
    } else if argument.schema.get("format").and_then(Value::as_str) == Some("password") {
        "&\"…\".into()".to_owned()
    } else {
        "\"…\"".to_owned()
    }
}

/// A request with its required fields, their values taken from the documents' own sample where it has them.
fn body_value(sample: Option<&Value>, schema: &Value, types: &Types) -> String {
    let Some(outline) = component_of(schema).and_then(|name| find(types, name)) else { return "Default::default()".to_owned() };
    structure(outline, sample, types, 1)
}

fn structure(outline: &TypeOutline, sample: Option<&Value>, types: &Types, depth: usize) -> String {
    let indent = "    ".repeat(depth);
    let name = &outline.name;
    let Some(required) = &outline.required else {
        let inner =
            outline.fields.iter().find(|field| find(types, &field.type_name).is_some_and(|inner| inner.required.is_some()));
        let shown = inner.or_else(|| outline.fields.iter().find(|field| field.type_name == "String"));
        return match shown {
            Some(field) => {
                let value = value(field, sample.and_then(|sample| sample.get(&field.wire)), types, depth + 1);
                let value = if value.ends_with(".into()") { value } else { format!("{value}.into()") };
                format!("types::{name} {{\n{indent}    {}: {value},\n{indent}    ..Default::default()\n{indent}}}", field.name)
            }
            None => format!("types::{name}::default()"),
        };
    };
    let fields = outline.fields.iter().filter(|field| field.required).map(|field| {
        let value = value(field, sample.and_then(|sample| sample.get(&field.wire)), types, depth + 1);
        format!("{indent}    {}: {value},\n", field.name)
    });
    let fields: String = fields.collect();
    format!("types::{name}::from(types::{required} {{\n{fields}{indent}}})")
}

fn value(field: &FieldOutline, sample: Option<&Value>, types: &Types, depth: usize) -> String {
    if let Some(outline) = find(types, &field.type_name) {
        return structure(outline, sample, types, depth);
    }
    let written = plain_value(field, sample, types);
    if field.nullable && field.required { format!("Some({written})") } else { written }
}

fn plain_value(field: &FieldOutline, sample: Option<&Value>, types: &Types) -> String {
    if let Some(variant) = types.first_variants.get(&field.type_name) {
        return format!("types::{}::{variant}", field.type_name);
    }
    let whole = sample.and_then(Value::as_i64).and_then(|number| i32::try_from(number).ok()).unwrap_or(1);
    match field.type_name.as_str() {
        // `string` is what tools put where nobody gave a sample.
        "String" => {
            format!("{:?}.into()", sample.and_then(Value::as_str).filter(|sample| !sample.contains("string")).unwrap_or("…"))
        }
        "Secret" => "\"…\".into()".to_owned(),
        // An example that is copied must not lock anyone out or make anyone an administrator.
        "bool" => "false".to_owned(),
        "i32" | "i64" => whole.to_string(),
        "Number" => format!("{whole}.into()"),
        _ => "Default::default()".to_owned(),
    }
}
