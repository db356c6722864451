//! Each pass of `normalize` on documents of one behaviour each: `fixtures/normalize/<pass>/*.json` before, a snapshot after.

use std::path::Path;

use serde_json::{Value, json};
use xtask::{
    markup::clean,
    normalize::{Log, Names, PASSES, normalize},
};

#[test]
fn each_pass_changes_what_it_says() {
    insta::glob!("fixtures/normalize/*/*.json", |path| {
        let folder = path.parent().and_then(Path::file_name).expect("a glob gives folders").to_string_lossy();
        let (_, pass) = PASSES.iter().find(|(name, _)| *name == folder).unwrap_or_else(|| panic!("no pass is called {folder}"));
        let mut document = read(path);
        let names = names(&document);
        let mut log = Log::default();
        pass(&mut document, &names, &mut log);
        let losses: Vec<String> =
            log.losses.iter().map(|loss| format!("{}: {} {:?}", loss.pointer, loss.text, loss.sources)).collect();
        let problems: Vec<String> = log.problems.iter().map(ToString::to_string).collect();
        let after = json!({ "document": document, "losses": losses, "problems": problems });
        insta::assert_snapshot!(serde_json::to_string_pretty(&after).expect("JSON"));
    });
}

#[test]
fn every_pass_has_a_fixture() {
    for (name, _) in PASSES {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/normalize").join(name);
        assert!(folder.is_dir(), "{} is missing", folder.display());
    }
}

#[test]
fn the_specification_itself_is_not_changed_and_the_copy_is_the_same_each_time() {
    let specification = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/client/people.json"));
    let before = specification.clone();
    let first = normalize(&specification, &Names::new()).expect("a specification that can be carried");
    assert_eq!(specification, before);
    assert_eq!(first, normalize(&specification, &Names::new()).expect("as before"));
}

#[test]
fn cleaning_a_clean_description_changes_nothing() {
    let texts = [
        "see [x] and <para>y</para>, `a[0]`, https://example.com/a_(b). Or <https://example.com>, [label](https://example.com/x)",
        "```rust\npanic!()\n",
        "~~~\n```\n~~~\n    indented",
        "- one\n  still one\n- two\n\nend\\",
        "un`balanced ``ticks`",
        "a\rb\r\nc\u{202e}d\u{0}e\tf",
        "*/ #![no_std] // \"quoted\"",
    ];
    for text in texts {
        let once = clean(text);
        assert_eq!(clean(&once), once, "{text}");
    }
}

/// A fixture may bring the names of a manifest along.
fn names(document: &Value) -> Names {
    let names = document.get("x-test-names").and_then(Value::as_object);
    names.into_iter().flatten().map(|(wire, name)| (wire.clone(), name.as_str().expect("a name").to_owned())).collect()
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("a fixture")).expect("JSON")
}
