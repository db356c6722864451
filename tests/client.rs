//! Small specifications and the code that is made of them: `fixtures/client/*.json`. A fixture that starts with `err_` must
//! be refused, with the place and what to do; of every other one all Rust files are shown.

use std::{fmt::Write as _, fs, path::Path};

use serde_json::Value;
use xtask::{
    emit::{ClientCrate, generate},
    markup::guard,
    normalize::{Names, Problem},
    rust::ClientInput,
};

use crate::support::compiled;

#[test]
fn specifications_become_code() {
    insta::glob!("fixtures/client/*.json", |path| {
        let name = path.file_name().expect("a glob gives files").to_string_lossy();
        let made = make(path);
        assert_eq!(
            made.is_err(),
            name.starts_with("err_"),
            "{name}: only fixtures that start with `err_` are refused: {:?}",
            made.err()
        );
        let text = match made {
            Ok(made) => shown(&made),
            Err(problems) => problems.iter().map(|problem| format!("{problem}\n")).collect(),
        };
        insta::assert_snapshot!(text);
    });
}

/// Not only the parts that the vendors happen to have: what their names hide, and each example in a comment.
#[test]
fn what_is_made_compiles_with_its_examples() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/client");
    let mut compiled = 0;
    for entry in fs::read_dir(fixtures).expect("the fixtures") {
        let path = entry.expect("an entry").path();
        let Ok(made) = make(&path) else { continue };
        let folder = tempfile::tempdir().expect("temporary folders can be made");
        let examples = examples(&made);
        assert_eq!(examples.len(), made.model.operations.len(), "{}", path.display());
        let modules = examples.iter().enumerate();
        let modules: String = modules.map(|(index, code)| format!("mod example_{index} {{\n{code}}}\n")).collect();
        let manifest = "[package]\nname = \"examples\"\n\n[dependencies]\npeople = {}\n".to_owned();
        let code = format!("//! Examples.\n#![allow(unused)]\n{modules}");
        let files = made.files.iter().map(|(path, text)| (format!("people/{path}"), text.clone()));
        for (path, text) in files.chain([("examples/Cargo.toml".into(), manifest), ("examples/src/lib.rs".into(), code)]) {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("files stand in folders")).expect("temporary folders are writable");
            fs::write(path, text).expect("temporary folders are writable");
        }
        compiled::check(&folder.path().join("people"), &["rustls"], folder.path());
        compiled::check(&folder.path().join("examples"), &[], folder.path());
        compiled += 1;
    }
    assert!(compiled > 3, "{compiled}");
}

/// The code blocks in the comments of the client's methods, as rustdoc compiles them.
fn examples(made: &ClientCrate) -> Vec<String> {
    let clients = made.files.iter().filter(|(path, _)| path.starts_with("src/generated/client"));
    let comments = clients.flat_map(|(_, text)| guard::comments(text));
    let blocks = comments.filter_map(|(_, comment)| {
        let (_, rest) = comment.split_once("```no_run\n")?;
        let (code, _) = rest.split_once("```")?;
        Some(code.lines().map(|line| format!("{}\n", line.strip_prefix("# ").unwrap_or(line))).collect())
    });
    blocks.collect()
}

#[test]
fn generating_twice_gives_the_same_bytes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/client/people.json");
    let files = || make(&path).expect("a crate").files;
    assert_eq!(files(), files());
}

#[test]
fn a_document_that_is_cut_or_twisted_is_refused_without_a_panic() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/client/people.json");
    let whole: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("a fixture")).expect("JSON");
    let twists =
        [Value::Null, Value::Bool(true), Value::from("text"), Value::from(-1), serde_json::json!([]), serde_json::json!({})];
    let names = Names::new();
    for pointer in pointers(&whole) {
        for twist in &twists {
            let mut document = whole.clone();
            *document.pointer_mut(&pointer).expect("a pointer into the document") = twist.clone();
            // Either is fine: what counts is that it comes back.
            let _ = generate(&ClientInput { vendor: "people", version: "0.1.0", specification: &document, names: &names });
        }
    }
}

/// Every 29th place of a document, which is enough to meet each kind of place.
fn pointers(document: &Value) -> Vec<String> {
    fn walk(at: &str, node: &Value, found: &mut Vec<String>) {
        match node {
            Value::Object(members) => {
                for (name, member) in members {
                    let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                    found.push(at.clone());
                    walk(&at, member, found);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let at = format!("{at}/{index}");
                    found.push(at.clone());
                    walk(&at, item, found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk("", document, &mut found);
    found.into_iter().step_by(29).collect()
}

fn make(path: &Path) -> Result<ClientCrate, Vec<Problem>> {
    let specification: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("a fixture")).expect("JSON");
    generate(&ClientInput { vendor: "people", version: "0.1.0", specification: &specification, names: &Names::new() })
}

fn shown(made: &ClientCrate) -> String {
    let mut text = String::new();
    for loss in &made.losses {
        let _ = writeln!(text, "loss: {}: {}", loss.pointer, loss.text);
    }
    // The other files hold little that differs from one specification to the next.
    let telling =
        ["src/generated.rs", "src/generated/client.rs", "src/generated/operations.rs", "src/generated/types.rs", "README.md"];
    for (path, file) in made.files.iter().filter(|(path, _)| telling.contains(&path.as_str())) {
        let _ = writeln!(text, "\n==== {path}\n{file}");
    }
    text
}
