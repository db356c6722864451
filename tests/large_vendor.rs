//! A vendor with more operations than one part of a crate holds: tags become modules and features.

use std::{fmt::Write as _, fs};

use serde_json::{Map, Value, json};
use xtask::{
    emit::{ClientCrate, generate},
    nodes::Pointer,
    normalize::Names,
    rust::{ClientInput, items::Items},
};

use crate::support::{compiled, tree::put};

/// The second is no name in Rust, the third has the name of another feature, and all of them have a type called `Place`.
const TAGS: [&str; 3] = ["Ship", "Crew list", "tracing"];

/// Three tags with so many operations each, and one operation without a tag.
fn specification(each: usize) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::from_iter([(
        "Place".to_owned(),
        json!({ "type": "object", "properties": { "port": { "type": "string", "pattern": "^[A-Z]{3}$" } } }),
    )]);
    for tag in TAGS {
        let name: String = tag.split(' ').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        let properties = json!({
            "code": { "type": "string", "pattern": "^[0-9]+$" },
            "place": { "$ref": "#/components/schemas/Place" },
            "state": { "type": "string", "enum": ["moored", "at sea"] },
        });
        schemas.insert(name.clone(), json!({ "type": "object", "required": ["code"], "properties": properties }));
        schemas.insert(format!("Saved{name}"), json!({ "type": "object", "required": ["code"], "properties": properties }));
        for number in 1..=each {
            let body = json!({ "$ref": format!("#/components/schemas/{name}") });
            let response = json!({ "$ref": format!("#/components/schemas/Saved{name}") });
            let mut operation = json!({
                "operationId": format!("Save{name}{number}"),
                "tags": [tag],
                "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
                "requestBody": { "required": true, "content": { "application/json": { "schema": body } } },
                "responses": { "200": { "description": "Saved", "content": { "application/json": { "schema": response } } } },
            });
            // Methods of one tag alone take arguments by name.
            if tag == "Ship" {
                let limit = json!({ "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1 } });
                operation["parameters"].as_array_mut().expect("a list").push(limit);
            }
            paths.insert(format!("/{}/{{id}}/{number}", name.to_lowercase()), json!({ "put": operation }));
        }
    }
    let ping = json!({ "operationId": "Ping", "responses": { "200": { "description": "Here" } } });
    paths.insert("/ping".to_owned(), json!({ "get": ping }));
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Fleet", "version": "1" },
        "servers": [{ "url": "https://fleet.example" }],
        "security": [{ "key": [] }],
        "x-failure": [{ "at": "/error", "when": "present" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": "x-key" } },
        },
    })
}

fn made(specification: &Value) -> ClientCrate {
    let input = ClientInput { vendor: "fleet", version: "0.1.0", specification, names: &Names::new() };
    generate(&input).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn a_hundred_operations_are_one_part_and_more_are_split_by_tag() {
    let files = |each| -> Vec<String> {
        let made = made(&specification(each));
        made.files.into_iter().map(|(path, _)| path).filter(|path| path.ends_with(".rs")).collect()
    };
    let (whole, split) = (files(33), files(34));
    assert_eq!(whole.len(), 7, "{whole:?}");
    assert_eq!(split.len(), 7 + 3 * TAGS.len(), "{split:?}");
    let tags: Vec<&String> = split.iter().filter(|path| path.contains("/types/")).collect();
    let expected = ["crew_list", "ship", "tracing_2"].map(|tag| format!("src/generated/types/{tag}.rs"));
    assert_eq!(tags, expected.iter().collect::<Vec<_>>());
}

#[test]
fn what_tags_share_is_always_compiled_and_the_rest_stands_behind_features() {
    let made = made(&specification(34));
    let mut shown = String::new();
    for (path, text) in &made.files {
        let head = |lines: usize| text.lines().take(lines).collect::<Vec<_>>().join("\n");
        let text = match path.as_str() {
            "Cargo.toml" => text.split_once("[features]").map_or("", |(_, features)| features).to_owned(),
            "src/generated/client.rs" | "src/generated/operations.rs" | "src/generated/types.rs" => text.clone(),
            "src/generated/client/ship.rs" | "src/generated/client/crew_list.rs" => head(30),
            "src/generated/operations/ship.rs" => head(20),
            "src/generated/types/ship.rs" => text.clone(),
            "README.md" => text.rsplit_once("## Features").map_or("", |(_, features)| features).to_owned(),
            _ => continue,
        };
        writeln!(shown, "==== {path}\n{}\n", text.trim_end()).expect("a string takes all");
    }
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(shown) });
}

#[test]
fn items_of_a_tag_are_found_in_its_files() {
    let specification = specification(34);
    let made = made(&specification);
    let items = Items::of(&made.model);
    let at = |pointer: &str| {
        let item = Pointer::parse(pointer).and_then(|pointer| items.at(&pointer).cloned());
        item.map(|item| format!("{}: {}", item.file, item.path)).unwrap_or_default()
    };
    for (pointer, item) in [
        ("/paths/~1ship~1{id}~17/put", "src/generated/client/ship.rs: fleet::Client::save_ship7"),
        ("/paths/~1ship~1{id}~17/put/parameters/1", "src/generated/client/ship.rs: fleet::SaveShip7::limit"),
        ("/paths/~1ping/get", "src/generated/client.rs: fleet::Client::ping"),
        ("/components/schemas/Place", "src/generated/types.rs: fleet::types::Place"),
        (
            "/components/schemas/SavedTracing/properties/code",
            "src/generated/types/tracing_2.rs: fleet::types::SavedTracing::code",
        ),
    ] {
        assert_eq!(at(pointer), item);
    }
}

/// No operation is without a tag here: what they share is taken by none where no feature is on.
#[test]
fn tags_that_meet_names_of_the_crate_get_names_of_their_own() {
    let mut paths = Map::new();
    for tag in ["operations", "types", "client", "client-core", "std", "default", "all operations", "self", "Self", "日本", "gen"]
    {
        for number in 1..=10 {
            let id = format!("Save{}", paths.len());
            let operation = json!({ "operationId": id, "tags": [tag], "responses": { "200": { "description": "Saved" } } });
            paths.insert(format!("/{tag}/{number}"), json!({ "put": operation }));
        }
    }
    let mut specification = specification(1);
    specification["paths"] = Value::Object(paths);
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    for (path, text) in made(&specification).files {
        put(folder.path(), &format!("crates/fleet/{path}"), &text);
    }
    for features in [&[][..], &["all-operations-2"], &["all-operations"]] {
        compiled::check(&folder.path().join("crates/fleet"), features, folder.path());
    }
}

#[test]
fn every_choice_of_tags_compiles() {
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    for (path, text) in made(&specification(34)).files {
        let path = folder.path().join("crates/fleet").join(path);
        fs::create_dir_all(path.parent().expect("files stand in folders")).expect("temporary folders are writable");
        fs::write(path, text).expect("temporary folders are writable");
    }
    for features in [&[][..], &["ship"], &["crew-list", "tracing-2"], &["all-operations"]] {
        compiled::check(&folder.path().join("crates/fleet"), features, folder.path());
    }
}
