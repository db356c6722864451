//! Specifications rendered by Redoc, as built, as saved from a browser and as copied there, and by Redocly's portal, read back and
//! compared with the specification that they were made from: `fixtures/rendered/*`, which `tests/tools/render` makes.

#![allow(clippy::expect_used, clippy::panic, reason = "a test may panic")]

use std::{collections::BTreeSet, fs, path::PathBuf};

use serde_json::Value;
use xtask::{dialect::Options, import::import};

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
    let told: Vec<String> = told.iter().filter(|key| !value[**key].is_null()).map(|key| value[*key].to_string()).collect();
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

#[test]
fn rendered_pages_say_what_their_specification_says() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/rendered");
    let text = fs::read_to_string(folder.join("harbour.json")).expect("the specification is there");
    let written = facts(&serde_json::from_str(&text).expect("it is JSON"));
    assert!(written.len() > 40, "{written:#?}");
    for form in ["built.html", "saved.html", "copied.txt"] {
        let imported = import(None, &Options::default(), &[folder.join(format!("harbour.{form}"))]);
        let read = facts(&imported.value.unwrap_or_else(|| panic!("{form}: {}", imported.refused)));
        let missing: Vec<_> = written.difference(&read).collect();
        assert!(missing.is_empty(), "{form} has lost {missing:#?}\nit has {read:#?}");
        let invented: Vec<_> = read.difference(&written).collect();
        assert!(invented.is_empty(), "{form} has invented {invented:#?}");
    }
}

/// A portal shows one response of an operation and hides the others behind tabs; of a list it names only the innermost items, without
/// their constraints.
#[test]
fn a_page_of_a_portal_says_what_it_shows() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/rendered");
    let text = fs::read_to_string(folder.join("harbour.json")).expect("the specification is there");
    let shown =
        |fact: &String| ["get /boats/{boatId}", "put /boats/{boatId}"].iter().any(|operation| fact.starts_with(operation));
    let written: BTreeSet<String> = facts(&serde_json::from_str(&text).expect("it is JSON")).into_iter().filter(shown).collect();
    assert!(written.len() > 25, "{written:#?}");
    let imported = import(None, &Options::default(), &[folder.join("harbour.portal.html")]);
    let read = facts(&imported.value.unwrap_or_else(|| panic!("{}", imported.refused)));
    let hidden = |fact: &&String| {
        fact.contains(" 404 ") || fact.contains(" default ") || fact.contains("body.grid []") || fact.contains("body.tags []")
    };
    let missing: Vec<_> = written.difference(&read).filter(|fact| !hidden(fact)).collect();
    assert!(missing.is_empty(), "the page has lost {missing:#?}\nit has {read:#?}");
    let invented: Vec<_> = read.difference(&written).filter(|fact| !hidden(fact)).collect();
    assert!(invented.is_empty(), "the page has invented {invented:#?}");
    let told = |status: &str| {
        imported.findings.iter().any(|finding| finding.subject == status && finding.text.contains("its tab is closed"))
    };
    assert!(told("404") && told("default"), "a response whose tab is closed is a finding");
}
