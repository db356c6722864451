//! From the text of pages to what they say, in each dialect: `cargo bench --package tests --bench reading`.
//!
//! The pages are random ones, the same on every run; what is measured is bytes of them.

#![allow(clippy::expect_used, reason = "a helper that cannot go on says why, as a test does")]

#[allow(dead_code, reason = "not all of it is needed here")]
#[path = "../support/render/aspnet_help_page.rs"]
mod aspnet_help_page;
#[allow(dead_code, reason = "not all of it is needed here")]
#[path = "../support/random_api.rs"]
mod random_api;
#[path = "../support/render/redoc_page.rs"]
mod redoc_page;
#[path = "../support/render/redocly_markdown.rs"]
mod redocly_markdown;
#[path = "../support/render/superoffice_docfx.rs"]
mod superoffice_docfx;

use aspnet_help_page::Form;
use divan::{Bencher, black_box, counter::BytesCount};
use random_api::{Dice, folded};
use xtask::{
    dialect::{self, Dialect},
    document::Document,
};

fn main() {
    divan::main();
}

#[divan::bench]
fn redocly_markdown_as_published(bencher: Bencher<'_, '_>) {
    read(bencher, Dialect::RedoclyMarkdown, |dice| redocly_markdown::render(&redocly_markdown::api(dice)));
}

#[divan::bench]
fn redocly_markdown_folded(bencher: Bencher<'_, '_>) {
    read(bencher, Dialect::RedoclyMarkdown, |dice| folded(&redocly_markdown::render(&redocly_markdown::api(dice))));
}

#[divan::bench]
fn redoc_page_text(bencher: Bencher<'_, '_>) {
    read(bencher, Dialect::RedocPage, |dice| redoc_page::render(&redoc_page::api(dice)));
}

#[divan::bench]
fn aspnet_help_page_glued(bencher: Bencher<'_, '_>) {
    read(bencher, Dialect::AspnetHelpPage, |dice| aspnet_help_page::render(&aspnet_help_page::api(dice), Form::Glued));
}

#[divan::bench]
fn aspnet_help_page_with_pipes(bencher: Bencher<'_, '_>) {
    read(bencher, Dialect::AspnetHelpPage, |dice| aspnet_help_page::render(&aspnet_help_page::api(dice), Form::LeadingPipes));
}

#[divan::bench]
fn superoffice_docfx_page(bencher: Bencher<'_, '_>) {
    read(bencher, Dialect::SuperofficeDocfx, |dice| superoffice_docfx::render(&superoffice_docfx::api(dice)));
}

/// Reads 200 pages, each a document of its own.
fn read(bencher: Bencher<'_, '_>, dialect: Dialect, page: fn(&mut Dice<'_>) -> String) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut choices = || {
        let bytes = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_be_bytes()[0]
        });
        bytes.take(700).collect::<Vec<u8>>()
    };
    let pages: Vec<String> = (0..200).map(|_| page(&mut Dice::new(&choices()))).collect();
    let bytes: usize = pages.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).with_inputs(|| pages.clone()).bench_values(|pages| {
        for text in pages {
            black_box(dialect::read(dialect, &Document::new(0, "page", text)));
        }
    });
}
