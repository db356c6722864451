//! How a client may change without breaking its callers, and whether `update` knows: `fixtures/evolution/kinds.toml` has some thirty
//! kinds of change, each with the level that `update` gives it. The compiler is the judge: a program that uses everything of
//! the client before the change is compiled against the client after it. Beside it stands the verdict of
//! `cargo semver-checks`, which `tests/tools/semver` renews.

use std::{
    env, fs,
    path::{Path, PathBuf},
    thread,
};

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
    verdict: Verdict,
}

/// What `cargo semver-checks` says of the client before and after.
struct Verdict {
    level: String,
    /// The lints that found something.
    lints: Vec<String>,
    /// What it does not look at, where it says another level.
    missed: Option<String>,
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
    // A new row has no verdict yet; the test of the levels asks for one.
    let verdict = |kind: &Table| Verdict {
        level: text(kind, "verdict").unwrap_or_default(),
        lints: kind.get("lints").map(|lints| lints.clone().try_into().expect("names of lints")).unwrap_or_default(),
        missed: text(kind, "missed"),
    };
    let kind = |kind: &Table| Kind {
        name: text(kind, "name").expect("a name"),
        edits: list(kind, "edits").iter().map(edit).collect(),
        level: text(kind, "level").expect("a level"),
        reason: text(kind, "reason"),
        verdict: verdict(kind),
    };
    list(&table, "kind").iter().map(kind).collect()
}

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/evolution").join(name);
    fs::read_to_string(path).expect("a fixture")
}

#[test]
fn update_gives_each_kind_of_change_the_level_that_the_compiler_and_semver_checks_confirm() {
    let before: Value = serde_json::from_str(&fixture("api.json")).expect("JSON");
    let before = (&before, &made(&before));
    let kinds = kinds();
    assert!(kinds.len() >= 20, "{}", kinds.len());
    let caller = fixture("caller.rs");
    let halves = kinds.split_at(kinds.len() / 2);
    let half = |kinds: &[Kind]| -> Vec<String> { kinds.iter().flat_map(|kind| faults(kind, before, &caller)).collect() };
    let faults = thread::scope(|scope| {
        let first = scope.spawn(|| half(halves.0));
        let second = half(halves.1);
        [first.join().expect("the other half"), second].concat()
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
#[ignore = "makes what tests/tools/semver looks at"]
fn clients_before_and_after_each_kind_of_change_are_described() {
    let folder = PathBuf::from(env::var_os("DESCRIBED").expect("DESCRIBED names a folder"));
    let before: Value = serde_json::from_str(&fixture("api.json")).expect("JSON");
    describe(&made(&before), &folder.join("before"));
    for (number, kind) in kinds().iter().enumerate() {
        describe(&changed(kind, &before).1, &folder.join(number.to_string()));
    }
}

/// What is wrong with the table or with `update`.
fn faults(kind: &Kind, before: (&Value, &ClientCrate), caller: &str) -> Vec<String> {
    let (value, after) = changed(kind, before.0);
    let level = update::level((before.0, &before.1.model), (&value, &after.model)).map_or("none", |level| level.name());
    let compiled = compiles(&after, caller);
    let Verdict { level: verdict, lints, missed } = &kind.verdict;
    let mut faults = Vec::new();
    if level != kind.level {
        faults.push(format!("update says {level}, the table {}", kind.level));
    }
    match (compiled.is_err() == (level == "major"), &kind.reason) {
        (true, None) | (false, Some(_)) => {}
        (true, Some(_)) => faults.push("a reason where the compiler agrees".to_owned()),
        (false, None) => faults.push(format!("{level}, but the compiler: {compiled:?}")),
    }
    // It sees no words of documentation.
    let seen = if level == "patch" { "none" } else { level };
    match (verdict == seen, missed, &kind.reason) {
        (true, None, _) | (false, Some(_), None) | (false, None, Some(_)) => {}
        (true, Some(_), _) => faults.push("something missed where semver-checks agrees".to_owned()),
        (false, Some(_), Some(_)) => faults.push("something missed, and a reason that says as much".to_owned()),
        (false, None, None) => {
            faults.push(format!("{level}, but semver-checks says {verdict:?} for {lints:?}: run tests/tools/semver"))
        }
    }
    if (verdict == "none") != lints.is_empty() {
        faults.push(format!("no verdict: {verdict:?} for {lints:?}; run tests/tools/semver"));
    }
    faults.into_iter().map(|fault| format!("{}: {fault}", kind.name)).collect()
}

/// The specification after a change, and the client of it.
fn changed(kind: &Kind, before: &Value) -> (Value, ClientCrate) {
    let mut value = before.clone();
    kind.edits.iter().for_each(|edit| apply(&mut value, edit));
    let client = made(&value);
    (value, client)
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
    place(client, folder.path());
    write(&folder.path().join("caller/Cargo.toml"), "[package]\nname = \"caller\"\n\n[dependencies]\nclient = {}\n");
    write(&folder.path().join("caller/src/lib.rs"), caller);
    compiled::check(&folder.path().join("client"), &[], folder.path());
    compiled::outcome(&folder.path().join("caller"), &[], folder.path(), &["-A", "missing-docs"])
}

/// Writes what is public in the client, as rustdoc describes it, into `folder`.
fn describe(client: &ClientCrate, folder: &Path) {
    let sources = tempfile::tempdir().expect("temporary folders can be made");
    place(client, sources.path());
    compiled::describe(&sources.path().join("client"), folder);
}

fn place(client: &ClientCrate, folder: &Path) {
    client.files.iter().for_each(|(path, text)| write(&folder.join("client").join(path), text));
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("files stand in folders")).expect("temporary folders are writable");
    fs::write(path, text).expect("temporary folders are writable");
}
