//! Any text as a page of the dialect that the target is named after: read whole or refused at a place, soon and without a
//! panic.

#![no_main]

use fuzz::page;
use libfuzzer_sys::fuzz_target;
use xtask::dialect::Dialect;

fuzz_target!(|text: &str| {
    let dialect = Dialect::ALL.into_iter().find(|dialect| dialect.name() == env!("CARGO_BIN_NAME"));
    page(dialect.expect("the target is named after a dialect"), text);
});
