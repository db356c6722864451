//! The table of attributes: `fixtures/attributes/*.toml` read. A fixture that starts with `err_` must be refused with places;
//! the rows of every other one, added to the real table, must reach each file that attributes are written into.

#![allow(clippy::expect_used, reason = "a helper that cannot go on says why, as a test does")]

use std::{fs, path::Path};

use xtask::{attributes, document::Document, facade};

#[test]
fn tables_of_attributes_become_code_or_say_what_is_wrong() {
    insta::glob!("fixtures/attributes/*.toml", |path| {
        let name = path.file_name().expect("a glob gives files").to_string_lossy();
        let text = fs::read_to_string(path).expect("fixtures are UTF-8");
        let told = if name.starts_with("err_") {
            let document = Document::new(0, "attributes.toml", text);
            let problems = attributes::rows(&document).expect_err("it is refused");
            problems.iter().map(|problem| problem.render(&document)).collect::<Vec<_>>().join("\n")
        } else {
            added(&text)
        };
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(told) });
    });
}

/// The lines that each file has more when the rows of `text` are added to the table.
fn added(text: &str) -> String {
    let made = |text: String| {
        let document = Document::new(0, "attributes.toml", text);
        let rows = attributes::rows(&document).unwrap_or_else(|problems| {
            panic!("{}", problems.iter().map(|problem| problem.render(&document)).collect::<String>())
        });
        facade::of_attributes(&rows).expect("the rows become Rust")
    };
    let (before, after) = (made(attributes::TEXT.to_owned()), made(format!("{}\n{text}", attributes::TEXT)));
    let mut told = String::new();
    for ((path, before), (_, after)) in before.iter().zip(&after) {
        told.push_str(&format!("==> {path}\n"));
        let changes = similar::TextDiff::from_lines(before, after);
        for change in changes.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal) {
            told.push_str(&format!("{}{change}", change.tag()));
        }
        let names = attributes::rows(&Document::new(0, "attributes.toml", text.to_owned())).expect("they were read");
        for row in names {
            assert!(after.contains(&row.variant), "{path} does not know `{}`", row.name);
        }
    }
    told
}

#[test]
fn the_committed_files_are_those_of_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests stand in the workspace");
    for (path, text) in facade::of_attributes(attributes::check().expect("the table is sound")).expect("it becomes Rust") {
        assert_eq!(fs::read_to_string(root.join(&path)).expect(&path), text, "{path}: run `cargo xtask regen`");
    }
}
