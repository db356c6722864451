//! Pages that were saved as HTML: `fixtures/html/*`, each as the text that `extract` makes of it and as the outline of what
//! `import` reads there. A page whose name starts with `err_` must be refused.

#![allow(clippy::expect_used, reason = "a test may panic")]

use crate::support::{outline, render::options};
use xtask::{dialect::Dialect, document::Document, import::extract, resolve};

#[test]
fn a_page_saved_as_html_is_read_by_its_structure_or_refused() {
    insta::glob!("fixtures/html/*", |path| {
        let name = path.file_name().expect("a glob gives files").to_string_lossy();
        let told = match extract(path) {
            Ok(extracted) => {
                let text = extracted.text;
                let document = Document::new(0, "text", text.clone());
                let dialect = Dialect::recognise(&text).expect("the text has its dialect's marks");
                let page = resolve::read(dialect, &document, &options(dialect));
                assert!(page.diagnostics.is_empty(), "{text}\n{}", outline::page(&page, &document));
                format!("{text}\n{}", outline::page(&page, &document))
            }
            Err(failure) => failure.to_string().replace(&path.display().to_string(), &name),
        };
        assert_eq!(name.starts_with("err_"), told.contains("= help"), "refused or not, against its name:\n{told}");
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("saved_pages", told) });
    });
}
