//! Names, values and numbers that Rust has other plans for: `fixtures/awkward/*` become clients that compile.
//!
//! A page is a `.md` of Redocly's Markdown; a `.json` is a specification, for what more than one page must say.

use std::{fs, path::Path};

use serde_json::Value;
use xtask::{
    dialect::{Dialect, Options},
    emit::{ClientCrate, generate},
    finding::FindingKind,
    import::import,
    normalize::Names,
    rust::ClientInput,
};

use crate::support::{compiled, tree::put, workspace};

fn specification(path: &Path) -> Value {
    if path.extension().is_some_and(|extension| extension == "json") {
        return serde_json::from_str(&fs::read_to_string(path).expect("a fixture")).expect("JSON");
    }
    let read = import(Some(Dialect::RedoclyMarkdown), &Options::default(), &[path.to_owned()]);
    read.value.unwrap_or_else(|| panic!("{}", read.refused))
}

fn client(path: &Path) -> ClientCrate {
    let specification = specification(path);
    let input = ClientInput { vendor: "awkward", version: "0.1.0", specification: &specification, names: &Names::new() };
    generate(&input).unwrap_or_else(|problems| panic!("{}: {problems:?}", path.display()))
}

/// What stands in the clients; the compiler says the rest.
const SAYS: [(&str, &[&str]); 6] = [
    ("clone.md", &["pub fn clone_(&self, id: &str)"]),
    ("new.md", &["pub fn new_(&self, id: &str)", "pub New of Client::new_ "]),
    ("names_of_the_client.md", &["pub fn client<'a>(", "auth: &str,", "build: &str,", "pub fn timeout_2(self, timeout: &str)"]),
    (
        "names_of_the_builder.json",
        &["pub fn builder_(&self)", "pub fn core_<'a>(", "pub fn to_builder_(&self)", "pub fn auth(self, auth: Auth)"],
    ),
    (
        "words_that_meet.md",
        &[
            "    DeepRed = \"deep red\",",
            "    DeepRed2 = \"deep_red\",",
            "    SelfValue = \"self\",",
            "    SelfValue2 = \"Self\",",
        ],
    ),
    ("numbers_beyond_64_bits.md", &["pub grains: Field<i64>"]),
];

#[test]
fn awkward_names_values_and_numbers_become_clients_that_compile() {
    let folder = workspace::root().join("tests/fixtures/awkward");
    let listed = fs::read_dir(&folder).expect("the fixtures are there").count();
    assert_eq!(listed, SAYS.len(), "each fixture has its words");
    for (file, words) in SAYS {
        let made = client(&folder.join(file));
        let package = tempfile::tempdir().expect("a folder can be made");
        for (path, text) in &made.files {
            put(package.path(), path, text);
        }
        let code: String = made.files.iter().filter(|(path, _)| path.ends_with(".rs")).map(|(_, text)| text.as_str()).collect();
        for word in words {
            assert!(code.contains(word), "{file} has no `{word}`:\n{code}");
        }
        compiled::check(package.path(), &["rustls"], package.path());
    }
}

/// A default that is none of the values is kept beside what OpenAPI calls a default; it is never sent.
#[test]
fn a_default_beside_its_values_is_kept_and_not_sent() {
    let path = workspace::root().join("tests/fixtures/awkward/words_that_meet.md");
    let text = specification(&path).to_string();
    assert!(text.contains("\"x-default\":\"never\"") && text.contains("\"x-default\":9"), "{text}");
    let code: String =
        client(&path).files.iter().filter(|(path, _)| path.ends_with(".rs")).map(|(_, text)| text.as_str()).collect();
    assert!(!code.contains("= \"never\"") && !code.contains("\"never\".into()"), "{code}");
}

#[test]
fn a_default_or_a_listed_value_that_breaks_its_own_type_is_a_contradiction() {
    let path = workspace::root().join("tests/fixtures/values/contradictions.md");
    let read = import(Some(Dialect::RedoclyMarkdown), &Options::default(), &[path]);
    let contradictions = read.findings.iter().filter(|finding| finding.kind == FindingKind::Contradiction);
    let told: Vec<String> = contradictions
        .map(|finding| {
            let places = finding.spans.iter().map(|span| read.documents[0].place(span.start).line.to_string());
            format!("{} line {}: {}", finding.subject, places.collect::<Vec<_>>().join(", "), finding.text)
        })
        .collect();
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("contradictions", told.join("\n")) });
}

/// Digits that no 64 bits hold are not rounded on the way into the specification.
#[test]
fn numbers_beyond_64_bits_are_kept_digit_for_digit() {
    let path = workspace::root().join("tests/fixtures/awkward/numbers_beyond_64_bits.md");
    let page = fs::read_to_string(&path).expect("a fixture");
    let said = specification(&path).to_string();
    for number in
        ["99999999999999999999", "18446744073709551615", "-9223372036854775808", "340282366920938463463374607431768211456"]
    {
        assert!(page.contains(number) && said.contains(number), "{number}: {said}");
    }
}
