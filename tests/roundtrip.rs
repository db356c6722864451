//! What the importers read of a page is what was written on it: random APIs, written as a page of each dialect by renderers
//! that share nothing with the readers, come back as they were.
//!
//! `PROPTEST_CASES=20000 cargo test --package tests roundtrip` tries more of them.

#![allow(clippy::expect_used, clippy::panic, reason = "a test may panic")]

use proptest::{
    collection::vec,
    prelude::any,
    test_runner::{Config, RngSeed, TestCaseError, TestRunner},
};
use similar::TextDiff;
use xtask::{api::Api, dialect::Dialect, document::Document, resolve};

use crate::support::render::{
    Renderer, options,
    random_api::{Dice, bare, inlined, names},
    renderer,
};

/// How many APIs are tried of each dialect.
const CASES: u32 = 1500;

#[test]
fn pages_of_each_dialect_come_back_in_all_their_forms() {
    // One thread for each; a panic in one is a panic here.
    std::thread::scope(|scope| {
        for dialect in Dialect::ALL {
            scope.spawn(move || check(dialect, renderer(dialect)));
        }
    });
}

#[test]
fn pages_that_stand_in_one_document_are_read_one_after_the_other() {
    for dialect in Dialect::ALL.into_iter().filter(|dialect| renderer(*dialect).joins) {
        let api = (renderer(dialect).api)(&mut Dice::new(&[7; 200]));
        for form in renderer(dialect).forms {
            let page = (form.page)(&api);
            let document = Document::new(0, "pages", [page.as_str(), &page, &page].join("\n\n"));
            let read = resolve::read(dialect, &document, &options(dialect));
            let told: String = read.diagnostics.iter().map(|diagnostic| diagnostic.render(&document)).collect();
            assert_eq!(read.api.operations.len(), 3 * api.operations.len(), "{dialect:?} {}: {told}", form.name);
        }
    }
}

/// As many random APIs as the environment asks for, or [`CASES`] of them, the same ones on every run.
fn check(dialect: Dialect, renderer: &Renderer) {
    let asked = Config::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { CASES };
    let rng_seed = if asked.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { asked.rng_seed };
    let config = Config { cases, rng_seed, failure_persistence: None, max_shrink_iters: 20_000, ..asked };
    let outcome = TestRunner::new(config).run(&vec(any::<u64>(), 0..90), |choices| {
        let bytes: Vec<u8> = choices.into_iter().flat_map(u64::to_le_bytes).collect();
        let api = (renderer.api)(&mut Dice::new(&bytes));
        let written = bare(api.clone());
        let pages: Vec<String> = renderer.forms.iter().map(|form| (form.page)(&api)).collect();
        let [first, ..] = pages.as_slice() else { return Err(TestCaseError::fail("a page has a form")) };
        compare(dialect, renderer, "respelled", &written, (renderer.respelled)(first))?;
        for (form, page) in renderer.forms.iter().zip(pages) {
            compare(dialect, renderer, form.name, &written, page)?;
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{dialect:?}: {error}");
    }
}

fn compare(dialect: Dialect, renderer: &Renderer, form: &str, written: &Api, page: String) -> Result<(), TestCaseError> {
    let document = Document::new(0, "page", page);
    let read = resolve::read(dialect, &document, &(renderer.options)());
    let refusals: String = read.diagnostics.iter().map(|diagnostic| diagnostic.render(&document)).collect();
    let read = if renderer.nameless { inlined(read.api) } else { read.api };
    let read = bare(read);
    // Maps are equal in any order; a page has one.
    if refusals.is_empty() && *written == read && names(written) == names(&read) {
        return Ok(());
    }
    let (written, read, text) = (format!("{written:#?}"), format!("{read:#?}"), &document.text);
    let difference = TextDiff::from_lines(&written, &read).unified_diff().context_radius(6).to_string();
    Err(TestCaseError::fail(format!("{form}: {refusals}\nwritten (-) and read (+):\n{difference}\nthe page:\n{text}\n")))
}
