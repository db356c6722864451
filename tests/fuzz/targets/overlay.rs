//! Any text as an overlay on a small specification: applied, or refused at a place.

#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask::{document::Document, overlay};

const SPECIFICATION: &str = include_str!("../../fixtures/overlay/add_members/spec.json");

fuzz_target!(|text: &str| {
    let pages = [Document::new(0, "docs/pets.txt", "line\n".repeat(9))];
    let document = Document::new(1, "overlay.yaml", text.to_owned());
    let specification = serde_json::from_str(SPECIFICATION).expect("the specification is JSON");
    if let Err(problems) = overlay::apply(std::slice::from_ref(&document), &pages, specification) {
        assert!(!problems.is_empty());
        problems.iter().for_each(|problem| assert!(!problem.render(&document).is_empty()));
    }
});
