//! Any text as a JSON and as an XML sample: a tree whose places lie in the text, or refused at a place.

#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask::{
    document::Document,
    sample::{Node, Value, json, schema, xml},
};

fuzz_target!(|text: &str| {
    let document = Document::new(0, "sample", text.to_owned());
    let all = document.span(0..text.len());
    match json(&document, all) {
        Ok(node) => {
            check(&document, &node);
            let _ = (schema(&node), node.to_value(), node.is_collapsed());
        }
        Err(problem) => assert!(!problem.render(&document).is_empty()),
    }
    match xml(&document, all) {
        Ok(element) => assert!(document.slice(element.span).starts_with('<')),
        Err(problem) => assert!(!problem.render(&document).is_empty()),
    }
});

fn check(document: &Document, node: &Node) {
    assert!(!document.slice(node.span).is_empty());
    match &node.value {
        Value::Array(items) => items.iter().for_each(|item| check(document, item)),
        Value::Object(members) => members.iter().for_each(|member| check(document, &member.node)),
        _ => {}
    }
}
