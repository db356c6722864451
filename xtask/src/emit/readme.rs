//! The crate's `README.md`, which is its first page of documentation too.
//!
//! Input: the model and the types. Output: Markdown with an example that compiles: the client set up with all that the
//! chosen operation needs, a request with its required fields, and a look at the response.

use std::collections::HashMap;

use super::{
    constraints::code,
    docs,
    parts::Part,
    placeholders::{self, is_structure},
    server::Server,
};
use crate::{
    markup::literal,
    rust::{
        model::{Model, Operation, Parameter, Scheme, SchemeKind},
        parts::ALL_OPERATIONS,
    },
};

/// What the example is chosen from.
pub(super) struct Setup<'a> {
    pub(super) model: &'a Model,
    pub(super) server: Option<&'a Server>,
    pub(super) parts: &'a [Part<'a>],
}

/// The whole text, and the code blocks in it.
pub(super) fn text(setup: &Setup<'_>) -> (String, Vec<String>) {
    let mut examples = Vec::new();
    let Model { vendor, title, description, .. } = setup.model;
    let mut text = format!("# {vendor}\n\nA client for {}.\n", literal(title));
    if !description.is_empty() {
        text.push_str(&format!("\n{}\n", docs::wrapped(description)));
    }
    if let Some(operation) = shown(setup.model) {
        let example = example(setup, operation);
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
    if let Some(feature) = setup.model.features.first().map(|feature| &feature.name) {
        let example =
            format!("{vendor} = {{ version = \"0.1\", default-features = false, features = [\"rustls\", \"{feature}\"] }}\n");
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
    if let Some(feature) = part.feature {
        text.push_str(&format!("\n### {}\n\nFeature `{}`.\n", literal(&feature.tag), feature.name));
    }
    text.push_str("\n| method | call |\n|---|---|\n");
    for operation in &part.operations {
        let call = format!("{} {}", operation.method.to_uppercase(), operation.path.replace('|', "\\|"));
        text.push_str(&format!("| `{}` | {} |\n", operation.name, code(&call)));
    }
}

/// The operation that shows the most; of equals the first one.
fn shown(model: &Model) -> Option<&Operation> {
    let mut subjects: HashMap<&str, usize> = HashMap::new();
    for subject in model.operations.iter().filter_map(subject) {
        *subjects.entry(subject).or_default() += 1;
    }
    // The last one of equals is the greatest.
    model.operations.iter().rev().max_by_key(|operation| score(operation, model, &subjects))
}

/// The vendor's type that an operation sends.
fn subject(operation: &Operation) -> Option<&str> {
    operation.body.as_ref()?.ty.own()
}

/// How much an operation shows: typed response, typed request, few arguments, and a request that other operations share.
fn score(operation: &Operation, model: &Model, subjects: &HashMap<&str, usize>) -> usize {
    let response = is_structure(model, &operation.response);
    let body = operation.body.as_ref().filter(|body| body.required && is_structure(model, &body.ty));
    let plain = operation.parameters.iter().all(|argument| argument.place == "path");
    let shared = body.and(subject(operation)).and_then(|subject| subjects.get(subject)).copied().unwrap_or_default();
    usize::from(response) * 4 + usize::from(body.is_some()) * 2 + usize::from(plain) + shared
}

fn example(setup: &Setup<'_>, operation: &Operation) -> String {
    let model = setup.model;
    let library = model.vendor.replace('-', "_");
    let mut code = String::new();
    let mut calls = Vec::new();
    let chosen = operation.security.iter().max_by_key(|schemes| schemes.len());
    let auth: String = model
        .schemes
        .iter()
        .filter(|scheme| chosen.is_some_and(|chosen| chosen.contains(&scheme.name)))
        .map(credential)
        .collect();
    if !auth.is_empty() {
        calls.push(format!("auth(Auth::new(){auth})"));
    }
    for parameter in operation.client_parameters.iter().filter(|parameter| parameter.required) {
        calls.push(format!("{}(\"…\")", parameter.setter));
    }
    calls.push("build()?".to_owned());
    let mut imports = vec!["Client".to_owned()];
    let base = match setup.server {
        Some(server) => {
            imports.push(server.import.to_owned());
            server.before.iter().for_each(|statement| code.push_str(&format!("    {statement}\n")));
            server.example
        }
        None => "\"https://api.example.com\"",
    };
    code.push_str(&format!("    let client = Client::builder({base})\n        .{};\n", calls.join("\n        .")));

    let needed = operation.parameters.iter().filter(|parameter| parameter.is_argument());
    let value = |parameter: &Parameter| placeholders::argument(model, &parameter.ty);
    let mut arguments: Vec<String> =
        needed.map(|parameter| value(parameter).unwrap_or_else(|| "&Default::default()".to_owned())).collect();
    if !auth.is_empty() {
        imports.push("Auth".to_owned());
    }
    let mut setter = "";
    if let Some(body) = &operation.body {
        let name = body.ty.own().filter(|_| is_structure(model, &body.ty));
        let made = name.and_then(|name| placeholders::body(model, name, body.example.as_ref()));
        let made = made.unwrap_or_else(|| vec!["let body = Default::default();".to_owned()]);
        made.iter().for_each(|statement| code.push_str(&format!("    {statement}\n")));
        if body.required {
            arguments.push("&body".to_owned());
        } else {
            setter = ".body(&body)";
        }
    }
    let answered = operation.response.own().and_then(|name| model.fields(name).first());
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
        "use {library}::{{{}}};\n\n#[tokio::main]\nasync fn main() -> Result<(), Box<dyn std::error::Error>> {{\n{code}    Ok(())\n}}\n",
        imports.join(", ")
    )
}

fn credential(scheme: &Scheme) -> String {
    let name = &scheme.setter;
    if scheme.kind == SchemeKind::Basic { format!(".{name}(\"user\", \"password\")") } else { format!(".{name}(\"…\")") }
}
