//! Any text as a vendor's manifest: read, or refused at a place.

#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask::{document::Document, vendor};

fuzz_target!(|text: &str| {
    let source = Document::new(0, "vendor.toml", text.to_owned());
    if let Err(problems) = vendor::parse(&source) {
        assert!(!problems.is_empty());
        problems.iter().for_each(|problem| assert!(!problem.render(&source).is_empty()));
    }
});
