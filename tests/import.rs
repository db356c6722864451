//! Each dialect on short documents of one behaviour each: `fixtures/<dialect>/*` read and settled, and told as an outline.
//! A fixture that starts with `err_` is a page that must be refused; every other one must be read whole.

#![allow(clippy::expect_used, reason = "a test may panic")]

use std::path::Path;

use crate::support::{outline, render::options};
use xtask::{dialect::Dialect, document::Document, resolve};

#[test]
fn pages_are_read_whole_or_refused() {
    for dialect in Dialect::ALL {
        insta::glob!(&format!("fixtures/{}/*", dialect.name()), |path| check(dialect, path));
    }
}

fn check(dialect: Dialect, path: &Path) {
    let name = path.file_name().expect("a glob gives files").to_string_lossy();
    let text = std::fs::read_to_string(path).expect("fixtures are UTF-8");
    let document = Document::new(0, name.clone(), text);
    let page = resolve::read(dialect, &document, &options(dialect));
    let outline = outline::page(&page, &document);
    assert_eq!(name.starts_with("err_"), !page.diagnostics.is_empty(), "refused or not, against its name:\n{outline}");
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(dialect.name(), outline) });
}
