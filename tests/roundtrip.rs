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
    aspnet_help_page::{self, Form},
    random_api::{Dice, bare, folded, inlined, names},
    redoc_page, redocly_markdown, superoffice_docfx,
};

#[test]
fn redocly_markdown_comes_back_as_published_and_folded() {
    check(Dialect::RedoclyMarkdown, 1500, redocly_markdown::api, |api| {
        let page = redocly_markdown::render(api);
        let folded = folded(&page);
        vec![page, folded]
    });
}

#[test]
fn aspnet_help_page_comes_back_in_its_three_forms() {
    const FORMS: [Form; 3] = [Form::Glued, Form::LeadingPipes, Form::TrailingPipes];
    check(Dialect::AspnetHelpPage, 2000, aspnet_help_page::api, |api| {
        let mut pages = FORMS.map(|form| aspnet_help_page::render(api, form)).to_vec();
        pages.push(pages[0].replace("\n\n", "\n"));
        pages
    });
}

#[test]
fn redoc_page_comes_back() {
    check(Dialect::RedocPage, 2000, redoc_page::api, |api| vec![redoc_page::render(api)]);
}

#[test]
fn superoffice_docfx_comes_back() {
    check(Dialect::SuperofficeDocfx, 2000, superoffice_docfx::api, |api| {
        let page = superoffice_docfx::render(api);
        vec![page.replace('\n', "\r\n"), page]
    });
}

/// As many random APIs as the environment asks for, or `cases` of them, the same ones on every run.
fn check(dialect: Dialect, cases: u32, make: fn(&mut Dice<'_>) -> Api, render: impl Fn(&Api) -> Vec<String>) {
    let asked = Config::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { cases };
    let rng_seed = if asked.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { asked.rng_seed };
    let config = Config { cases, rng_seed, failure_persistence: None, max_shrink_iters: 20_000, ..asked };
    let outcome = TestRunner::new(config).run(&vec(any::<u64>(), 0..90), |choices| {
        let bytes: Vec<u8> = choices.into_iter().flat_map(u64::to_le_bytes).collect();
        let api = make(&mut Dice::new(&bytes));
        for page in render(&api) {
            compare(dialect, &api, page)?;
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{dialect:?}: {error}");
    }
}

fn compare(dialect: Dialect, api: &Api, page: String) -> Result<(), TestCaseError> {
    let document = Document::new(0, "page", page);
    let read = resolve::read(dialect, &document);
    let refusals: String = read.diagnostics.iter().map(|diagnostic| diagnostic.render(&document)).collect();
    let read = if dialect == Dialect::RedocPage { inlined(&read.api) } else { read.api };
    let (written, read) = (bare(api), bare(&read));
    // Maps are equal in any order; a page has one.
    if refusals.is_empty() && written == read && names(&written) == names(&read) {
        return Ok(());
    }
    let (written, read, text) = (format!("{written:#?}"), format!("{read:#?}"), &document.text);
    let difference = TextDiff::from_lines(&written, &read).unified_diff().context_radius(6).to_string();
    Err(TestCaseError::fail(format!("{refusals}\nwritten (-) and read (+):\n{difference}\nthe page:\n{text}\n")))
}
