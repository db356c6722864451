//! How a client may change without breaking its callers, and whether `update` knows: `fixtures/evolution/kinds.toml` has some thirty
//! kinds of change, each with the level that `update` gives it. The compiler is the judge: a program that uses everything of
//! the client before the change is compiled against the client after it.

use std::{fs, path::Path, thread};

use serde_json::Value;
use toml::Table;
use xtask::{
    emit::{ClientCrate, generate},
    normalize::Names,
    rust::ClientInput,
    update,
};

use crate::support::compiled;

/// One kind of change.
struct Kind {
    name: String,
    edits: Vec<Edit>,
    level: String,
    /// Why the level is right although the compiler says otherwise.
    reason: Option<String>,
}

struct Edit {
    at: String,
    to: Option<Value>,
}

/// The table.
fn kinds() -> Vec<Kind> {
    let table: Table = fixture("kinds.toml").parse().expect("TOML");
    let list = |table: &Table, key: &str| -> Vec<Table> {
        let list = table[key].as_array().expect("a list").iter();
        list.map(|entry| entry.as_table().expect("a table").clone()).collect()
    };
    let text = |table: &Table, key: &str| table.get(key).map(|value| value.as_str().expect("a text").to_owned());
    let edit = |edit: &Table| Edit {
        at: text(edit, "at").expect("a pointer"),
        to: text(edit, "to").map(|to| serde_json::from_str(&to).expect("JSON")),
    };
    let kind = |kind: &Table| Kind {
        name: text(kind, "name").expect("a name"),
        edits: list(kind, "edits").iter().map(edit).collect(),
        level: text(kind, "level").expect("a level"),
        reason: text(kind, "reason"),
    };
    list(&table, "kind").iter().map(kind).collect()
}

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/evolution").join(name);
    fs::read_to_string(path).expect("a fixture")
}

#[test]
fn update_gives_each_kind_of_change_the_level_that_the_compiler_confirms() {
    let before: Value = serde_json::from_str(&fixture("api.json")).expect("JSON");
    let before = (&before, &made(&before));
    let kinds = kinds();
    assert!(kinds.len() >= 20, "{}", kinds.len());
    let caller = fixture("caller.rs");
    let halves = kinds.split_at(kinds.len() / 2);
    let half = |kinds: &[Kind]| -> Vec<String> { kinds.iter().filter_map(|kind| fault(kind, before, &caller)).collect() };
    let faults = thread::scope(|scope| {
        let first = scope.spawn(|| half(halves.0));
        let second = half(halves.1);
        [first.join().expect("the other half"), second].concat()
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What is wrong with the table or with `update`.
fn fault(kind: &Kind, before: (&Value, &ClientCrate), caller: &str) -> Option<String> {
    let mut value = before.0.clone();
    kind.edits.iter().for_each(|edit| apply(&mut value, edit));
    let after = made(&value);
    let level = update::level((before.0, &before.1.model), (&value, &after.model)).map_or("none", |level| level.name());
    if level != kind.level {
        return Some(format!("{}: update says {level}, the table {}", kind.name, kind.level));
    }
    let compiled = compiles(&after, caller);
    let agrees = compiled.is_ok() == (level != "major");
    match (agrees, &kind.reason) {
        (true, None) | (false, Some(_)) => None,
        (true, Some(_)) => Some(format!("{}: a reason where the compiler agrees", kind.name)),
        (false, None) => Some(format!("{}: {level}, but the compiler: {compiled:?}", kind.name)),
    }
}

/// Sets or takes out one value.
fn apply(document: &mut Value, edit: &Edit) {
    let (above, last) = edit.at.rsplit_once('/').expect("a pointer below the root");
    let last = last.replace("~1", "/").replace("~0", "~");
    match (document.pointer_mut(above).expect("a place in the document"), edit.to.clone()) {
        (Value::Object(members), Some(to)) => drop(members.insert(last, to)),
        (Value::Object(members), None) => drop(members.remove(&last).expect("something to take out")),
        (Value::Array(items), Some(to)) => items.insert(last.parse().expect("a position"), to),
        (Value::Array(items), None) => drop(items.remove(last.parse().expect("a position"))),
        (other, _) => panic!("{} stands in {other}", edit.at),
    }
}

fn made(specification: &Value) -> ClientCrate {
    let input = ClientInput { vendor: "client", version: "0.1.0", specification, names: &Names::new() };
    generate(&input).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// Whether the program compiles against the client.
fn compiles(client: &ClientCrate, caller: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    let manifest = "[package]\nname = \"caller\"\n\n[dependencies]\nclient = {}\n";
    let files = client.files.iter().map(|(path, text)| (format!("client/{path}"), text.as_str()));
    for (path, text) in files.chain([("caller/Cargo.toml".into(), manifest), ("caller/src/lib.rs".into(), caller)]) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("files stand in folders")).expect("temporary folders are writable");
        fs::write(path, text).expect("temporary folders are writable");
    }
    compiled::check(&folder.path().join("client"), &[], folder.path());
    compiled::outcome(&folder.path().join("caller"), &[], folder.path(), &["-A", "missing-docs"])
}
