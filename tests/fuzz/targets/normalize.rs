//! Any JSON as a specification: normalized without being changed, or refused at a pointer.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::Value;
use xtask::normalize::{Names, normalize};

fuzz_target!(|text: &str| -> Corpus {
    let Ok(specification) = serde_json::from_str::<Value>(text) else { return Corpus::Reject };
    match normalize(&specification, &Names::new()) {
        Ok(copy) => assert_eq!(Ok(copy), normalize(&specification, &Names::new()), "not the same each time"),
        Err(problems) => assert!(!problems.is_empty()),
    }
    Corpus::Keep
});
