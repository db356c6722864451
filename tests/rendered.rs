//! Specifications rendered by Redoc, as built, as saved from a browser and as copied there, read back and compared with the
//! specification that they were made from: `fixtures/rendered/*`, which `tests/tools/render` makes.

#![allow(clippy::expect_used, clippy::panic, reason = "a test may panic")]

use std::{collections::BTreeSet, fs, path::PathBuf};

use serde_json::Value;
use xtask::{
    dialect::{Dialect, Options},
    import::import,
};

/// What a specification says of operations, parameters, bodies and responses, a line each.
fn facts(specification: &Value) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    let none = serde_json::Map::new();
    for (path, item) in specification["paths"].as_object().unwrap_or(&none) {
        let item = item.as_object().expect("a path has operations");
        let shared = item.get("parameters").and_then(Value::as_array).into_iter().flatten();
        for (method, operation) in item.iter().filter(|(name, _)| *name != "parameters") {
            let own = operation["parameters"].as_array().into_iter().flatten();
            for parameter in shared.clone().chain(own) {
                let head = format!("{method} {path} {} {}", parameter["in"], parameter["name"]);
                facts.insert(format!("{head} {} {}", parameter["required"] == true, parameter["description"]));
                schema(specification, &head, &parameter["schema"], &mut facts);
            }
            let body = &operation["requestBody"];
            facts.insert(format!("{method} {path} {} body {}", operation["deprecated"] == true, body["required"] == true));
            let content = &body["content"]["application/json"]["schema"];
            schema(specification, &format!("{method} {path} body"), content, &mut facts);
            for (status, response) in operation["responses"].as_object().unwrap_or(&none) {
                facts.insert(format!("{method} {path} {status} {}", response["description"]));
            }
        }
    }
    facts
}

fn schema(specification: &Value, head: &str, value: &Value, facts: &mut BTreeSet<String>) {
    let value = match value["$ref"].as_str().and_then(|to| specification.pointer(to.strip_prefix('#')?)) {
        Some(named) => named,
        None => value,
    };
    if value["type"] == "array" {
        return schema(specification, &format!("{head} []"), &value["items"], facts);
    }
    let told = ["type", "format", "pattern", "maxLength", "minimum", "maximum", "default", "enum"];
    // A page shows so much of a pattern.
    let cut = |key: &str| key == "pattern" && value[key].as_str().is_some_and(|pattern| pattern.encode_utf16().count() >= 45);
    let told = told.iter().filter(|key| !value[**key].is_null() && !cut(key));
    let told: Vec<String> = told.map(|key| value[*key].to_string()).collect();
    if value["type"] != "object" && !told.is_empty() {
        facts.insert(format!("{head}: {}", told.join(" ")));
    }
    // Further in, a folded page shows samples alone.
    if head.contains('.') {
        return;
    }
    for (name, property) in value["properties"].as_object().into_iter().flatten() {
        // What is only read is no part of a request's table.
        if property["readOnly"] == true {
            continue;
        }
        let required = value["required"].as_array().is_some_and(|names| names.iter().any(|known| known == name));
        facts.insert(format!("{head}.{name} required {required}"));
        schema(specification, &format!("{head}.{name}"), property, facts);
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/rendered")
}

/// What differs between what was written and what was read.
fn difference(written: &BTreeSet<String>, read: &BTreeSet<String>) -> String {
    let lost: Vec<_> = written.difference(read).collect();
    let invented: Vec<_> = read.difference(written).collect();
    if lost.is_empty() && invented.is_empty() { String::new() } else { format!("lost {lost:#?}\ninvented {invented:#?}") }
}

#[test]
fn rendered_pages_say_what_their_specification_says() {
    for name in ["harbour", "quay"] {
        let text = fs::read_to_string(folder().join(format!("{name}.json"))).expect("the specification is there");
        let written = facts(&serde_json::from_str(&text).expect("it is JSON"));
        assert!(written.len() > 40, "{written:#?}");
        for form in ["built.html", "saved.html", "copied.txt"] {
            let imported = import(None, &Options::default(), &[folder().join(format!("{name}.{form}"))]);
            let read = facts(&imported.value.unwrap_or_else(|| panic!("{name}.{form}: {}", imported.refused)));
            let difference = difference(&written, &read);
            assert!(difference.is_empty(), "{name}.{form}: {difference}");
        }
    }
}

/// Each way of turning a page into text is read as its HTML is, or refused with the advice to save that.
#[test]
fn other_ways_of_taking_a_pages_text_are_read_right_or_refused() {
    let mut read = Vec::new();
    let mut refused = Vec::new();
    for (name, dialect, html) in [
        ("quay", Dialect::RedocPage, "rendered/quay.built.html"),
        ("help_page", Dialect::AspnetHelpPage, "html/help_page.html"),
        ("docfx_page", Dialect::SuperofficeDocfx, "html/docfx_page.html"),
    ] {
        let html = import(None, &Options::default(), &[PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(html)]);
        let written = facts(&html.value.unwrap_or_else(|| panic!("{name}: {}", html.refused)));
        let ways = fs::read_dir(folder()).expect("the folder is there").map(|entry| entry.expect("an entry").path());
        for path in ways.filter(|path| path.extension().is_some_and(|extension| extension == "txt")) {
            let way = path.file_stem().expect("a name").to_string_lossy().into_owned();
            if !way.starts_with(&format!("{name}.")) {
                continue;
            }
            let imported = import(Some(dialect), &Options::default(), &[path]);
            let Some(value) = imported.value else {
                let advice = imported.refused.to_string();
                assert!(advice.contains("save the page as HTML") || advice.contains("the page saved as HTML"), "{way}: {advice}");
                refused.push(way);
                continue;
            };
            let difference = difference(&written, &facts(&value));
            assert!(difference.is_empty(), "{way}: {difference}");
            read.push(way);
        }
    }
    read.sort();
    refused.sort();
    insta::assert_snapshot!("ways", format!("read: {}\nrefused: {}", read.join(", "), refused.join(", ")));
}
