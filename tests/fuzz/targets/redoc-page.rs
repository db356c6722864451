//! Any text as a page of `redoc-page`: read whole or refused at a place, soon and without a panic.

#![no_main]

use fuzz::page;
use libfuzzer_sys::fuzz_target;
use xtask::dialect::Dialect;

fuzz_target!(|text: &str| page(Dialect::RedocPage, text));
