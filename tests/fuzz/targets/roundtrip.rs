//! Any bytes as choices of an API, written as a page of each dialect: it comes back as it was.

#![no_main]

#[allow(dead_code, reason = "not all of it is needed here")]
#[path = "../../support/render/mod.rs"]
mod render;

use libfuzzer_sys::fuzz_target;
use render::{
    aspnet_help_page::{self, Form},
    random_api::{Dice, bare, folded, inlined},
    redoc_page, redocly_markdown, superoffice_docfx,
};
use xtask::{
    api::Api,
    dialect::Dialect,
    document::Document,
    resolve,
};

fuzz_target!(|bytes: &[u8]| {
    let Some((dialect, choices)) = bytes.split_first() else { return };
    let mut dice = Dice::new(choices);
    match dialect % 4 {
        0 => {
            let api = redocly_markdown::api(&mut dice);
            let page = redocly_markdown::render(&api);
            compare(Dialect::RedoclyMarkdown, &api, folded(&page));
            compare(Dialect::RedoclyMarkdown, &api, page);
        }
        1 => {
            let api = redoc_page::api(&mut dice);
            compare(Dialect::RedocPage, &api, redoc_page::render(&api));
        }
        2 => {
            let api = aspnet_help_page::api(&mut dice);
            for form in [Form::Glued, Form::LeadingPipes, Form::TrailingPipes] {
                compare(Dialect::AspnetHelpPage, &api, aspnet_help_page::render(&api, form));
            }
        }
        _ => {
            let api = superoffice_docfx::api(&mut dice);
            compare(Dialect::SuperofficeDocfx, &api, superoffice_docfx::render(&api));
        }
    }
});

fn compare(dialect: Dialect, api: &Api, page: String) {
    let document = Document::new(0, "page", page);
    let read = resolve::read(dialect, &document);
    let refusals: Vec<String> = read.diagnostics.iter().map(|diagnostic| diagnostic.render(&document)).collect();
    assert!(refusals.is_empty(), "{refusals:?}\n{}", document.text);
    let read = if dialect == Dialect::RedocPage { inlined(&read.api) } else { read.api };
    assert_eq!(bare(api), bare(&read), "\n{}", document.text);
}
