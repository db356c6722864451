//! Any text as a page: read whole or refused at a place, soon and without a panic. The variable `DIALECT` names the dialect;
//! without it, each of them reads the text.

#![no_main]

use std::{env, sync::LazyLock};

use fuzz::page;
use libfuzzer_sys::fuzz_target;
use xtask::dialect::Dialect;

static DIALECTS: LazyLock<Vec<Dialect>> = LazyLock::new(|| {
    let named = env::var("DIALECT").ok();
    let chosen: Vec<Dialect> =
        Dialect::ALL.into_iter().filter(|dialect| named.as_ref().is_none_or(|named| dialect.name() == named)).collect();
    assert!(!chosen.is_empty(), "no dialect is called {named:?}");
    chosen
});

fuzz_target!(|text: &str| {
    for dialect in DIALECTS.iter() {
        page(*dialect, text);
    }
});
