//! Names that Rust can carry, beside the names on the wire.
//!
//! Components get PascalCase, properties, parameters and operations `snake_case`, variants PascalCase; `x-wire`,
//! `x-values`, `x-operation-id` and `x-path` keep what travels. An operation stands at a path made of its own name, since a
//! path in the copy only has to be one that progenitor can read, once.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{
    Log, Names, naming, note, parameters,
    walk::{self, At},
};

/// Methods of the client itself, and those of traits that every client has: one of the same name would hide them. `new` is
/// what a constructor is called, of the client and of each request.
const OWN_METHODS: [&str; 14] = [
    "new",
    "builder",
    "core",
    "to_builder",
    "clone",
    "clone_from",
    "fmt",
    "to_owned",
    "clone_into",
    "into",
    "try_into",
    "borrow",
    "borrow_mut",
    "type_id",
];

pub(super) fn pass(document: &mut Value, names: &Names, log: &mut Log) {
    components(document, log);
    walk::schemas(document, &mut |at, schema| {
        properties(at, schema, names, log);
        variants(at, schema, log);
    });
    operations(document, names, log);
}

fn components(document: &mut Value, log: &mut Log) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let mut renamed: HashMap<String, String> = HashMap::new();
    let mut taken: HashMap<String, String> = HashMap::new();
    for name in schemas.keys() {
        let new = naming::type_name(name);
        if let Some(other) = taken.insert(new.clone(), name.clone()) {
            let at = walk::join("/components/schemas", name);
            let message = format!("`{other}` and `{name}` both become the type `{new}`");
            log.problem(&at, message, another_name("schemas", name));
        }
        renamed.insert(name.clone(), new);
    }
    *schemas = std::mem::take(schemas)
        .into_iter()
        .map(|(name, mut schema)| {
            if let Some(members) = schema.as_object_mut() {
                members.insert("x-wire".to_owned(), Value::String(name.clone()));
                if let Some(new) = renamed.get(&name) {
                    renamed_by(members, None, &name, new);
                }
            }
            (renamed.get(&name).cloned().unwrap_or(name), schema)
        })
        .collect();
    walk::schemas(document, &mut |_, schema| {
        let new =
            walk::component_of(schema).and_then(|name| renamed.get(name)).map(|name| format!("#/components/schemas/{name}"));
        if let (Some(new), Some(members)) = (new, schema.as_object_mut()) {
            members.insert("$ref".to_owned(), Value::String(new));
        }
    });
}

fn properties(at: &At<'_>, schema: &mut Value, names: &Names, log: &mut Log) {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    let mut fields = Map::new();
    let mut renamed = HashMap::new();
    for (wire, mut property) in std::mem::take(properties) {
        let wanted = names.get(&wire).map_or_else(|| naming::snake(&wire), |name| naming::snake(name));
        let field = naming::unique(&wanted, "_", |name| fields.contains_key(name));
        if field != wanted {
            log.loss(
                at.member("properties").member(&wire),
                &property,
                format!("`{wanted}` is the name of a property before it; `{wire}` becomes `{field}`"),
            );
        }
        if let Some(members) = property.as_object_mut() {
            members.insert("x-wire".to_owned(), Value::String(wire.clone()));
            renamed_by(members, names.get(&wire).map(String::as_str), &wire, &field);
        }
        renamed.insert(wire, field.clone());
        fields.insert(field, property);
    }
    *properties = fields;
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        *required = required.iter().filter_map(|name| renamed.get(name.as_str()?)).cloned().map(Value::String).collect();
    }
}

/// What to write in a manifest for a name that meets another one in Rust.
fn another_name(table: &str, name: &str) -> String {
    format!(
        "give one of them another name in vendor.toml, under `[names.{table}]`: `{name} = {{ name = \"…\", reason = \"…\" }}`"
    )
}

/// Notes a name that is another one in Rust, and the rule or the manifest entry that says so.
fn renamed_by(members: &mut Map<String, Value>, given: Option<&str>, wire: &str, name: &str) {
    match given {
        Some(given) if given == name => note(members, "identifiers", format_args!("the manifest calls `{wire}` `{name}`")),
        Some(given) => {
            note(members, "identifiers", format_args!("the manifest calls `{wire}` `{given}`, which is `{name}` in Rust"))
        }
        None if wire != name => note(members, "identifiers", format_args!("`{wire}` is `{name}` in Rust")),
        None => {}
    }
}

fn variants(at: &At<'_>, schema: &mut Value, log: &mut Log) {
    let Some(Value::Array(values)) = schema.as_object_mut().and_then(|members| members.shift_remove("enum")) else { return };
    let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    if texts.is_empty() {
        log.loss(at, schema, "the values of an enumeration that is not of strings are not checked");
        return;
    }
    if values.iter().any(|value| !value.is_string() && !value.is_null()) {
        log.loss(at, schema, "the values of an enumeration of strings that are no strings have no variant");
    }
    let mut variants: Vec<String> = Vec::new();
    let mut wires: Vec<&str> = Vec::new();
    for text in texts {
        if !wires.contains(&text) {
            // progenitor cases them once more: two that differ in case alone would meet there.
            let taken = |name: &str| variants.iter().any(|it| it.eq_ignore_ascii_case(name));
            variants.push(naming::unique(&naming::variant(text), "", taken));
            wires.push(text);
        }
    }
    if let Some(members) = schema.as_object_mut() {
        members.insert("type".to_owned(), json!("string"));
        note(members, "identifiers", "its values are variants; one that is not documented is kept as it came");
        members.insert("x-values".to_owned(), json!(wires));
        members.insert("enum".to_owned(), json!(variants));
    }
}

fn operations(document: &mut Value, names: &Names, log: &mut Log) {
    let mut copy = Map::new();
    let mut seen: HashMap<String, String> = HashMap::new();
    walk::operations(document, |pointer, path, method, operation| {
        let Some(id) = operation.get("operationId").and_then(Value::as_str).map(str::to_owned) else {
            log.problem(pointer, "an operation without `operationId`", "give it the vendor's own word");
            return;
        };
        let name = naming::snake(names.get(&id).unwrap_or(&id));
        let name = if OWN_METHODS.contains(&name.as_str()) { format!("{name}_") } else { name };
        if let Some(other) = seen.insert(name.clone(), pointer.to_owned()) {
            let message = format!("`{id}` becomes `{name}`, as does the operation at {other}");
            log.problem(pointer, message, another_name("operations", &id));
        }
        let mut taken = vec!["body".to_owned(), "params".to_owned()];
        let mut at_path = format!("/{name}");
        for parameter in parameters::each(operation) {
            let wire = walk::text(parameter, "name").unwrap_or_default().to_owned();
            let wanted = naming::snake(names.get(&wire).unwrap_or(&wire));
            let argument = naming::unique(&wanted, "_", |name| taken.iter().any(|it| it == name));
            taken.push(argument.clone());
            let Some(members) = parameter.as_object_mut() else { continue };
            renamed_by(members, names.get(&wire).map(String::as_str), &wire, &argument);
            members.insert("name".to_owned(), Value::String(argument));
            members.insert("x-wire".to_owned(), Value::String(wire));
        }
        for wire in parameters::placeholders(path) {
            let found = parameters::each(operation)
                .find(|it| walk::text(it, "in") == Some("path") && walk::text(it, "x-wire") == Some(wire));
            if let Some(argument) = found.and_then(|parameter| walk::text(parameter, "name")) {
                at_path.push_str(&format!("/{{{argument}}}"));
            }
        }
        renamed_by(operation, names.get(&id).map(String::as_str), &id, &name);
        operation.insert("operationId".to_owned(), Value::String(name));
        operation.insert("x-operation-id".to_owned(), Value::String(id));
        operation.insert("x-path".to_owned(), Value::String(path.to_owned()));
        operation.insert("x-pointer".to_owned(), Value::String(pointer.to_owned()));
        copy.insert(at_path, json!({ method: operation }));
    });
    if let Some(document) = document.as_object_mut() {
        document.insert("paths".to_owned(), Value::Object(copy));
    }
}
