//! The writer in temporary folders: what is written, what is refused, and what is told of differences.

#![allow(clippy::expect_used, reason = "a helper that cannot go on says why, as a test does")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;
use xtask::{
    files::{self, Outputs, State},
    table::{self, Row},
};

const COMMAND: &str = "cargo xtask regen example";

/// A workspace with `files` in it.
fn workspace(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().expect("temporary folders can be made");
    for (path, contents) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().expect("files stand in folders")).expect("temporary folders are writable");
        fs::write(path, contents).expect("temporary folders are writable");
    }
    root
}

/// Outputs of `files` with the folder `crates/example` wholly generated.
fn outputs(files: &[(&str, &str)]) -> Outputs {
    let mut outputs = Outputs::default();
    outputs.folder("crates/example").expect("the folder is inside");
    for (path, contents) in files {
        outputs.file(*path, *contents).expect("the files are inside");
    }
    outputs
}

/// Every file and every empty folder below `root`, links as they are.
fn tree(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        let entries: Vec<_> =
            fs::read_dir(&folder).expect("the folder is there").map(|entry| entry.expect("entries can be read")).collect();
        let name = |path: &Path| path.strip_prefix(root).expect("it is below the root").to_string_lossy().into_owned();
        if entries.is_empty() {
            found.insert(format!("{}/", name(&folder)), String::new());
        }
        for entry in entries.iter().filter(|entry| entry.file_name() != ".regen") {
            if entry.file_type().expect("it has a type").is_dir() {
                open.push(entry.path());
            } else {
                found.insert(name(&entry.path()), fs::read_to_string(entry.path()).unwrap_or_default());
            }
        }
    }
    found
}

fn text(tree: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    tree.iter().map(|(path, contents)| (path.as_str(), contents.as_str())).collect()
}

#[test]
fn writes_what_differs_and_removes_what_is_stale() {
    let root = workspace(&[
        ("crates/example/src/lib.rs", "// @generated\nold"),
        ("crates/example/Cargo.toml", "# @generated"),
        ("crates/example/src/gone/deep.rs", "// @generated"),
        ("crates/other/src/lib.rs", "mine"),
        ("specs/example/notes.md", "mine"),
    ]);
    let files = [
        ("crates/example/src/lib.rs", "// @generated\nnew"),
        ("crates/example/Cargo.toml", "# @generated"),
        ("specs/example/openapi.json", "{}"),
        ("specs/new/deep/findings.md", "<!-- @generated -->"),
    ];
    let gone = "crates/example/src/gone/deep.rs";
    let digest = xtask::vendor::digest(b"// @generated");
    fs::write(root.path().join("crates/example").join(files::LIST), format!("# @generated\n{digest}  {gone}\n")).expect("a list");
    let mut outputs = outputs(&files);
    outputs.list("crates/example", "@generated").expect("the folder is inside");
    let report = files::write(root.path(), &outputs).expect("nothing is in the way");
    let states: Vec<(&str, State)> = report.files.iter().map(|(path, state)| (path.as_str(), *state)).collect();
    assert_eq!(
        states,
        [
            ("crates/example/Cargo.toml", State::Unchanged),
            ("crates/example/generated.sha256", State::Written),
            ("crates/example/src/gone/deep.rs", State::Removed),
            ("crates/example/src/lib.rs", State::Written),
            ("specs/example/openapi.json", State::Written),
            ("specs/new/deep/findings.md", State::Written),
        ]
    );
    assert_eq!((report.count("crates/example", State::Written), report.count("", State::Written)), (2, 4));
    let list = fs::read_to_string(root.path().join("crates/example").join(files::LIST)).expect("a list");
    assert!(
        list.contains(&format!("{digest}  crates/example/Cargo.toml").replace(&digest, &xtask::vendor::digest(b"# @generated")))
    );
    let mut wanted = files.to_vec();
    wanted.extend([
        ("crates/example/generated.sha256", list.as_str()),
        ("crates/other/src/lib.rs", "mine"),
        ("specs/example/notes.md", "mine"),
    ]);
    wanted.sort_unstable();
    assert_eq!(text(&tree(root.path())), wanted);
}

#[test]
fn twice_changes_nothing() {
    let root = workspace(&[]);
    let outputs = outputs(&[("crates/example/src/lib.rs", "// @generated"), ("specs/example/openapi.json", "{}")]);
    files::write(root.path(), &outputs).expect("nothing is in the way");
    let modified = |path| fs::metadata(root.path().join(path)).and_then(|metadata| metadata.modified()).expect("it is there");
    let before = modified("specs/example/openapi.json");
    let report = files::write(root.path(), &outputs).expect("nothing is in the way");
    assert!(report.files.iter().all(|(_, state)| *state == State::Unchanged));
    assert_eq!(before, modified("specs/example/openapi.json"));
    assert_eq!(files::check(root.path(), &outputs, COMMAND).expect("nothing differs"), report);
}

#[test]
fn what_a_person_wrote_is_neither_replaced_nor_removed() {
    let mine = [
        ("crates/example/src/lib.rs", "mine"),
        ("crates/example/src/notes.txt", "mine as well"),
        ("crates/example/src/same.rs", "by chance the same"),
    ];
    let root = workspace(&mine);
    let outputs = outputs(&[
        ("crates/example/src/lib.rs", "// @generated"),
        ("crates/example/src/same.rs", "by chance the same"),
        ("crates/example/src/new.rs", "// @generated"),
    ]);
    let failure = files::write(root.path(), &outputs).expect_err("two files are in the way");
    insta::assert_snapshot!(failure.to_string());
    assert_eq!(text(&tree(root.path())), mine);
}

/// What a run of `files` leaves in an empty workspace, with its list.
fn written(files: &[(&str, &str)]) -> TempDir {
    let root = workspace(&[]);
    let mut outputs = outputs(files);
    outputs.list("crates/example", "@generated").expect("the folder is inside");
    files::write(root.path(), &outputs).expect("nothing is in the way");
    root
}

#[test]
fn a_file_that_cannot_carry_the_marker_is_known_by_its_digest() {
    let root = written(&[("crates/example/LICENSE", "old"), ("crates/example/renamed/LICENSE", "words")]);
    files::write(root.path(), &outputs(&[("crates/example/LICENSE", "words")])).expect("both were written by a run");
    assert_eq!(text(&tree(root.path())), [("crates/example/LICENSE", "words")]);
}

#[test]
fn only_what_a_run_wrote_and_nobody_changed_is_removed() {
    for (path, contents) in [
        ("crates/example/essay.md", "about files that say @generated"),
        ("crates/example/src/other.rs", "// @generated by cargo xtask regen from specs/other. Do not edit."),
        ("crates/example/src/changed.rs", "// @generated\n// and changed by a person"),
    ] {
        let root = written(&[("crates/example/src/changed.rs", "// @generated")]);
        fs::write(root.path().join(path), contents).expect("temporary folders are writable");
        let before = tree(root.path());
        let failure = files::write(root.path(), &outputs(&[])).expect_err("a person wrote it");
        assert!(failure.to_string().contains(path), "{failure}");
        assert_eq!(tree(root.path()), before);
    }
}

#[test]
fn only_a_file_of_the_same_maker_is_replaced() {
    let root = workspace(&[("crates/example/src/lib.rs", "// @generated by cargo xtask regen from specs/other. Do not edit.\n")]);
    let ours = outputs(&[("crates/example/src/lib.rs", "// @generated by cargo xtask regen from specs/example. Do not edit.\n")]);
    files::write(root.path(), &ours).expect_err("another vendor's file stands there");
}

#[test]
#[cfg(unix)]
fn modes_are_kept_and_nothing_is_read_from_a_pipe() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = written(&[("crates/example/src/lib.rs", "// @generated\nold")]);
    let path = root.path().join("crates/example/src/lib.rs");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("a mode");
    files::write(root.path(), &outputs(&[("crates/example/src/lib.rs", "// @generated\nnew")])).expect("nothing is in the way");
    assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o640);

    let pipe = root.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    for path in [pipe.as_path(), Path::new("/dev/zero")] {
        let refusal = files::input(path).expect_err("it has no end").to_string();
        assert!(refusal.contains("is no plain file"), "{refusal}");
        files::text(path).expect_err("it has no end");
        files::put(path, "text").expect_err("a device is no place for a page");
    }
}

#[test]
fn paths_that_leave_the_root_are_refused() {
    for path in [
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a/..",
        ".",
        "a//b",
        "a/",
        "./a",
        "a/./b",
        "C:\\x",
        "C:x",
        "a\\b",
        "a\0b",
        "\\\\host\\x",
    ] {
        let mut outputs = Outputs::default();
        assert!(outputs.file(path, "").is_err(), "{path:?} as a file");
        assert!(outputs.folder(path).is_err(), "{path:?} as a folder");
    }
}

#[test]
fn one_place_is_written_once() {
    let mut outputs = Outputs::default();
    outputs.file("crates/example/src/user.rs", "").expect("the first is fine");
    for path in ["crates/example/src/user.rs", "crates/example/src/User.rs"] {
        outputs.file(path, "").expect_err("file systems may not tell them apart");
    }
    let other = outputs.clone();
    outputs.extend(other).expect_err("both have the same file");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;

    let outside = workspace(&[("lib.rs", "// @generated\nprecious")]);
    let file = outside.path().join("lib.rs");
    type Link<'a> = &'a dyn Fn(&Path);
    let cases: [(&str, Link); 4] = [
        ("the folder", &|root| symlink(outside.path(), root.join("crates/example")).expect("links can be made")),
        ("above the folder", &|root| {
            fs::remove_dir(root.join("crates")).expect("it is empty");
            symlink(outside.path(), root.join("crates")).expect("links can be made");
        }),
        ("the file", &|root| {
            fs::create_dir(root.join("crates/example")).expect("it is not there");
            symlink(&file, root.join("crates/example/lib.rs")).expect("links can be made");
        }),
        ("a stale file", &|root| {
            fs::create_dir(root.join("crates/example")).expect("it is not there");
            symlink(&file, root.join("crates/example/stale.rs")).expect("links can be made");
        }),
    ];
    for (what, link) in cases {
        let root = workspace(&[]);
        fs::create_dir(root.path().join("crates")).expect("it is not there");
        link(root.path());
        let outputs = outputs(&[("crates/example/lib.rs", "// @generated\nnew")]);
        files::write(root.path(), &outputs).expect_err(what);
        files::check(root.path(), &outputs, COMMAND).expect_err(what);
        assert_eq!(text(&tree(outside.path())), [("lib.rs", "// @generated\nprecious")], "{what}");
    }
}

#[test]
fn nothing_is_written_when_one_file_cannot_be() {
    // A folder stands where the second file belongs, a file where the third needs a folder.
    for (obstacle, path) in [("specs/b.json/x", "specs/b.json"), ("specs/c", "specs/c/d.json")] {
        let root = workspace(&[(obstacle, "mine"), ("crates/example/old.rs", "// @generated"), ("specs/a.json", "@generated 1")]);
        let before = tree(root.path());
        let files = [("specs/a.json", "@generated 2"), (path, "@generated"), ("specs/new/e.json", "@generated")];
        files::write(root.path(), &outputs(&files)).expect_err("something is in the way");
        assert_eq!(tree(root.path()), before);
    }
}

#[test]
fn check_shows_what_differs_and_writes_nothing() {
    let lines = |from: usize| (from..from + 300).map(|line| format!("line {line}\n")).collect::<String>();
    let root = workspace(&[
        ("crates/example/changed.rs", "// @generated\none\ntwo\nthree\n"),
        ("crates/example/foreign.rs", "mine"),
        ("crates/example/long.rs", &format!("// @generated\n{}", lines(0))),
        ("crates/example/odd.rs", &format!("// @generated\n{}\u{202e}\u{7}", "long ".repeat(100))),
        ("crates/example/same.rs", "same"),
        ("crates/example/stale.rs", "// @generated\nstale\n"),
    ]);
    let before = tree(root.path());
    let outputs = outputs(&[
        ("crates/example/changed.rs", "// @generated\none\n2\nthree\n"),
        ("crates/example/foreign.rs", "// @generated"),
        ("crates/example/long.rs", &format!("// @generated\n{}", lines(300))),
        ("crates/example/missing.rs", "// @generated\nmissing\n"),
        ("crates/example/odd.rs", "// @generated\nshort"),
        ("crates/example/same.rs", "same"),
    ]);
    let failure = files::check(root.path(), &outputs, COMMAND).expect_err("five files differ");
    insta::assert_snapshot!(failure.to_string());
    assert_eq!(tree(root.path()), before);
}

#[test]
fn a_difference_of_everything_stays_readable() {
    let files: Vec<(String, String)> =
        (0..500).map(|index| (format!("crates/example/{index}.rs"), "line\n".repeat(500))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, contents)| (path.as_str(), contents.as_str())).collect();
    let failure = files::check(workspace(&[]).path(), &outputs(&files), COMMAND).expect_err("all are missing");
    let lines = failure.to_string().lines().count();
    assert!(lines < 1500, "{lines} lines");
}

#[test]
fn the_table_is_aligned_and_rounds_down() {
    let row = |vendor: &str, accounted, written| Row {
        vendor: vendor.to_owned(),
        documents: 2,
        operations: 18,
        elsewhere: 4,
        properties: 1234,
        accounted,
        characters: 10_000,
        assumptions: 7,
        written,
        unchanged: 5,
    };
    let one = table::render(&[row("example", 10_000, 0)]);
    let several = table::render(&[row("example", 10_000, 0), row("a-longer-name", 9_999, 12), row("none", 0, 1)]);
    insta::assert_snapshot!(format!("{one}\n{several}"));
}
