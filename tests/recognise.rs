//! Pages without a word about their dialect: each is recognised as of the one that reads it, and `import` says so.

#![allow(clippy::expect_used, reason = "a test may panic")]

use std::{collections::BTreeSet, fs, path::Path};

use xtask::{
    dialect::{Dialect, Options},
    import::{Imported, import, summary},
};

use crate::support::workspace;

#[test]
fn a_page_is_recognised_by_the_marks_of_its_own_dialect() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut wrong = Vec::new();
    for dialect in Dialect::ALL {
        let pages = fs::read_dir(fixtures.join(dialect.name())).expect("a folder for each dialect");
        for page in pages.map(|entry| entry.expect("an entry").path()) {
            let name = format!("{}/{}", dialect.name(), page.file_name().expect("a file").to_string_lossy());
            let recognised = Dialect::recognise(&fs::read_to_string(&page).expect("fixtures are UTF-8"));
            let refused = name.contains("/err_");
            if recognised != Some(dialect) && !refused {
                wrong.push(format!("{name}: {recognised:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The compiler asks for everything of a new dialect but its place in this list, and in the reader's.
#[test]
fn every_dialect_that_a_manifest_may_name_is_listed() {
    let error = toml::Value::from("none").try_into::<Dialect>().expect_err("it is none").to_string();
    let named: BTreeSet<&str> = error.split('`').skip(3).step_by(2).collect();
    assert_eq!(named, BTreeSet::from(Dialect::ALL.map(Dialect::name)), "{error}");
    let readme = fs::read_to_string(workspace::root().join("README.md")).expect("the page is there");
    let (_, listed) = readme.split_once("\n- Dialects: ").expect("a list of dialects");
    let listed = listed.split("\n- ").next().unwrap_or_default();
    let missing: Vec<&str> = named.into_iter().filter(|name| !listed.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "README.md does not list {missing:?}");
}

fn imported(dialect: Option<Dialect>, pages: &[&str]) -> Imported {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    import(dialect, &Options::default(), &pages.iter().map(|page| fixtures.join(page)).collect::<Vec<_>>())
}

#[test]
fn pages_of_several_dialects_are_imported_together_in_their_order() {
    let pages = ["redoc-page/plain.txt", "html/help_page.html", "superoffice-docfx/plain.md"];
    let imported = imported(None, &pages);
    assert_eq!((imported.read, imported.unread), (3, 0), "{}", imported.refused);
    let paths: Vec<&str> = imported.documents.iter().map(|document| document.path.as_str()).collect();
    assert!(paths.iter().zip(pages).all(|(path, page)| path.ends_with(page)), "{paths:?}");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/");
    let told: Vec<String> = imported.told(true).map(|line| line.replace(folder, "")).collect();
    let summary = summary(imported.value.as_ref().expect("all pages are read"));
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("imported_together", format!("{}\n\n{summary}", told.join("\n")));
    });
}

#[test]
fn a_wrong_dialect_names_the_right_one() {
    for (dialect, page, right) in [
        (Dialect::RedocPage, "redocly-markdown/plain.md", "`redocly-markdown`, not `redoc-page`"),
        (Dialect::RedoclyMarkdown, "aspnet-help-page/annotations.txt", "`aspnet-help-page`, not `redocly-markdown`"),
        (Dialect::AspnetHelpPage, "superoffice-docfx/plain.md", "`superoffice-docfx`, not `aspnet-help-page`"),
        (Dialect::SuperofficeDocfx, "redoc-page/plain.txt", "`redoc-page`, not `superoffice-docfx`"),
    ] {
        let imported = imported(Some(dialect), &[page]);
        assert_eq!((imported.read, imported.unread), (0, 1));
        assert!(imported.refused.to_string().contains(right), "{}", imported.refused);
    }
}

#[test]
fn a_page_of_no_dialect_is_refused_with_the_known_ones() {
    let imported = imported(None, &["lints.json", "redoc-page/plain.txt"]);
    assert_eq!((imported.read, imported.unread), (1, 1));
    assert!(imported.refused.to_string().contains("known are: aspnet-help-page"), "{}", imported.refused);
}
