//! The facade: `fixtures/facade/*.toml` held against one specification. A fixture that starts with `err_` must be refused with
//! places in its manifest; every other one gives the generated Rust and the blocks of hand-written files.

#![allow(clippy::expect_used, reason = "a helper that cannot go on says why, as a test does")]

use std::{fmt::Write as _, fs, path::Path};

use serde_json::Value;
use xtask::{
    attributes,
    document::Document,
    facade::{self, Block, Facade, FacadeInput, Part, replace},
    failure::Failure,
    normalize::Names,
    rust::{self, ClientInput},
    vendor::{self, Vendor},
};

fn specification() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/facade/specification.json");
    serde_json::from_str(&fs::read_to_string(path).expect("the fixture is there")).expect("the fixture is JSON")
}

fn made(manifest: &str) -> Result<Facade, Failure> {
    let source = Document::new(u32::MAX, "vendor.toml", manifest.to_owned());
    let manifest = vendor::parse(&source).expect("the manifest is sound in itself");
    let vendor = Vendor { manifest, source, documents: Vec::new(), overlays: Vec::new(), changelog: None };
    let specification = specification();
    let input = ClientInput { vendor: "example", version: "0.1.0", specification: &specification, names: &Names::default() };
    let (model, _) = rust::model(&input).expect("the specification is sound");
    let input = FacadeInput { vendor: &vendor, specification: &specification, model: &model, features: &[] };
    let model = facade::model(&input)?;
    let part = Part::of(&model)?;
    let mut facade = facade::emit(vec![(model, part)])?;
    facade.files.extend(facade::of_attributes(attributes::check()?)?);
    Ok(facade)
}

#[test]
fn maps_become_code_or_say_where_they_do_not_fit() {
    insta::glob!("fixtures/facade/*.toml", |path| {
        let name = path.file_name().expect("a glob gives files").to_string_lossy();
        let result = made(&fs::read_to_string(path).expect("fixtures are UTF-8"));
        assert_eq!(name.starts_with("err_"), result.is_err(), "refused or not, against the name");
        let told = match result {
            Ok(Facade { files, blocks }) => {
                let mut told = String::new();
                files.iter().for_each(|(path, text)| writeln!(told, "==> {path}\n{text}").expect("a string takes all"));
                let blocks = blocks.iter().filter(|block| block.path != "README.md");
                blocks.for_each(|Block { path, name, text }| {
                    writeln!(told, "==> {path}: {name}\n{text}").expect("a string takes all")
                });
                told
            }
            Err(failure) => failure.to_string(),
        };
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(told) });
    });
}

#[test]
fn a_block_replaces_what_stands_between_its_marks_and_nothing_else() {
    let block = |path: &str| Block { path: path.to_owned(), name: "list", text: "new\n".to_owned() };
    let toml = "a = 1\n# begin generated: list\nold\n# end generated: list\nb = 2\n";
    let replaced = replace(toml, &block("x.toml")).expect("the marks are there");
    assert_eq!(replaced, "a = 1\n# begin generated: list\nnew\n# end generated: list\nb = 2\n");
    assert_eq!(replace(&replaced, &block("x.toml")).as_ref(), Ok(&replaced));

    let markdown = "# A\n<!-- begin generated: list -->\n<!-- end generated: list -->";
    let replaced = replace(markdown, &block("x.md")).expect("the marks are there");
    assert_eq!(replaced, "# A\n<!-- begin generated: list -->\n\nnew\n\n<!-- end generated: list -->");
    assert_eq!(replace(&replaced, &block("x.md")).as_ref(), Ok(&replaced));
}

#[test]
fn a_file_without_the_marks_in_order_is_told_where_they_belong() {
    let block = Block { path: "README.md".to_owned(), name: "list", text: "new\n".to_owned() };
    for text in [
        "",
        "begin generated: list",
        "end generated: list\nbegin generated: list\n",
        "begin generated: lists\nend generated: lists",
    ] {
        let told = replace(text, &block).expect_err("there is no place").to_string();
        assert!(told.contains("README.md has no place for the generated part `list`"), "{told}");
    }
}
