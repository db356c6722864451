//! Any bytes as choices of an API, written as a page of each dialect: it comes back as it was.

#![no_main]

#[allow(dead_code, reason = "not all of it is needed here")]
#[path = "../../support/render/mod.rs"]
mod render;

use libfuzzer_sys::fuzz_target;
use render::{
    options,
    random_api::{Dice, bare, inlined},
    renderer,
};
use xtask::{
    api::Api,
    dialect::Dialect,
    document::Document,
    resolve,
};

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, choices)) = bytes.split_first() else { return };
    let dialect = Dialect::ALL[usize::from(*choice) % Dialect::ALL.len()];
    let api = (renderer(dialect).api)(&mut Dice::new(choices));
    let written = bare(api.clone());
    for form in renderer(dialect).forms {
        compare(dialect, &written, (form.page)(&api));
    }
});

fn compare(dialect: Dialect, written: &Api, page: String) {
    let document = Document::new(0, "page", page);
    let read = resolve::read(dialect, &document, &options(dialect));
    let refusals: Vec<String> = read.diagnostics.iter().map(|diagnostic| diagnostic.render(&document)).collect();
    assert!(refusals.is_empty(), "{refusals:?}\n{}", document.text);
    let read = if renderer(dialect).nameless { inlined(read.api) } else { read.api };
    assert_eq!(*written, bare(read), "\n{}", document.text);
}
