//! The table of attributes: `fixtures/attributes/*.toml` read. A fixture that starts with `err_` must be refused with places;
//! the rows of every other one, added to the real table, must reach each file that attributes are written into.

#![allow(clippy::expect_used, reason = "a helper that cannot go on says why, as a test does")]

use std::{collections::BTreeSet, fs, path::Path};

use xtask::{attributes, document::Document, facade, vendor::user::UserMap};

use crate::support::workspace;

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

/// `specs/README.md` says of each vendor what writing each attribute does, and of no attribute that its map does not carry.
#[test]
fn the_page_on_writing_attributes_is_about_those_that_the_maps_carry() {
    let root = workspace::root();
    let page = fs::read_to_string(root.join("specs/README.md")).expect("it is committed");
    let (_, section) = page.split_once("### What writing each attribute does").expect("the section is there");
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let mut lines = section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let head = cells(lines.next().expect("the table has a head"));
    let mut said = BTreeSet::new();
    for row in lines.skip(1).map(cells) {
        for (title, cell) in head.iter().zip(&row).skip(1).filter(|(_, cell)| *cell != "–") {
            let names = row[0].split(',').map(|name| name.trim().trim_matches('`').to_owned());
            assert!(!cell.is_empty(), "{title} says nothing of {}", row[0]);
            said.extend(names.map(|name| (title.clone(), name)));
        }
    }
    let mut carried = BTreeSet::new();
    for name in xtask::vendor::names(&root).expect("specs/ can be listed").iter().filter(|name| workspace::reviewed(name)) {
        let vendor = xtask::vendor::load(&root, name).unwrap_or_else(|failure| panic!("{failure}"));
        let title = vendor.manifest.title.get_ref();
        let of =
            |map: &UserMap| map.attributes.keys().map(|at| (title.clone(), at.get_ref().name().to_owned())).collect::<Vec<_>>();
        carried.extend(vendor.manifest.user.values().flat_map(of));
    }
    let only = |some: &BTreeSet<(String, String)>, other: &BTreeSet<(String, String)>| {
        some.difference(other).cloned().collect::<Vec<_>>()
    };
    assert_eq!((only(&carried, &said), only(&said, &carried)), (vec![], vec![]), "not said, and said of what is not carried");
}

#[test]
fn the_committed_files_are_those_of_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests stand in the workspace");
    for (path, text) in facade::of_attributes(attributes::check().expect("the table is sound")).expect("it becomes Rust") {
        assert_eq!(fs::read_to_string(root.join(&path)).expect(&path), text, "{path}: run `cargo xtask regen`");
    }
}
