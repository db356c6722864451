//! Runs that are killed, interrupted or started side by side leave a tree that is whole, or one that the next run makes so.
//!
//! The test's own binary is started once more as the run: [`child`] is what it does then.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Child, Command},
    thread,
    time::Duration,
};

use xtask::files::{self, Outputs, Session};

/// Says to a child what it is to do, and where.
const TASK: &str = "INTERRUPTED_TASK";
const ROOT: &str = "INTERRUPTED_ROOT";

const KILLS: u32 = 100;
const FOLDER: &str = "crates/example";

/// One state of the tree: files that differ in number, place and text.
fn outputs(state: u8) -> Outputs {
    let mut outputs = Outputs::default();
    for number in 0..40 {
        let folder = if number % 3 == 0 { format!("of_{state}") } else { "always".to_owned() };
        let text = format!("// @generated\n{}\n", format!("state {state} ").repeat(200 + number));
        outputs.file(format!("{FOLDER}/src/{folder}/{number}.rs"), text).expect("a file");
    }
    outputs.file(format!("{FOLDER}/LICENSE"), format!("licence {state}")).expect("a file");
    outputs.list(FOLDER, "@generated").expect("a list");
    outputs
}

fn wanted(state: u8) -> BTreeMap<String, String> {
    outputs(state).files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

fn tree(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
                found.insert(name, fs::read_to_string(path).expect("text"));
            }
        }
    }
    found.retain(|path, _| !path.starts_with(".regen/"));
    found
}

fn start(task: &str, root: &Path) -> Child {
    Command::new(std::env::current_exe().expect("this binary"))
        .args(["--exact", "interrupted::child", "--quiet", "--test-threads=1"])
        .env(TASK, task)
        .env(ROOT, root)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("a child")
}

/// Does nothing in an ordinary run of the tests.
#[test]
fn child() {
    let (Ok(task), Some(root)) = (std::env::var(TASK), std::env::var_os(ROOT)) else { return };
    if task == "exit" {
        thread::spawn(|| {
            thread::sleep(Duration::from_millis(10 + u64::from(std::process::id() % 23)));
            files::exit_whole(130)
        });
    }
    let rounds = if task == "race" { 8 } else { u32::MAX };
    for round in 0..rounds {
        files::write(Path::new(&root), &outputs(u8::from(round % 2 == 0))).expect("nothing is in the way");
    }
}

/// Different moments, the same on each run of the test.
fn moment(number: u32) -> Duration {
    Duration::from_micros(u64::from(number.wrapping_mul(2_654_435_761) >> 15) % 40_000)
}

#[test]
fn a_killed_run_is_finished_or_undone_by_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    files::write(root, &outputs(0)).expect("nothing is in the way");
    let mut journals = 0;
    for number in 0..KILLS {
        let mut child = start("write", root);
        thread::sleep(Duration::from_millis(8) + moment(number));
        child.kill().expect("it runs until then");
        child.wait().expect("it ended");
        journals += u32::from(root.join(".regen/journal").exists());
        drop(Session::begin(root).unwrap_or_else(|failure| panic!("kill {number}: {failure}")));
        let found = tree(root);
        assert!([0, 1].iter().any(|state| found == wanted(*state)), "kill {number} left a mixture: {:?}", found.keys());
        files::write(root, &outputs(0)).unwrap_or_else(|failure| panic!("kill {number}: {failure}"));
        assert_eq!(tree(root), wanted(0), "kill {number}");
    }
    assert!(journals > 0, "no kill met a run while it wrote");
}

#[test]
fn what_a_person_changed_after_a_kill_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    files::write(root, &outputs(0)).expect("nothing is in the way");
    // As a run leaves it that is killed right after it has said what it will do.
    let path = format!("{FOLDER}/src/always/1.rs");
    let before = xtask::vendor::digest(wanted(0)[&path].as_bytes());
    fs::create_dir_all(root.join(".regen/new")).expect("a folder");
    fs::write(root.join(".regen/new/0"), "new").expect("a file");
    fs::write(root.join(".regen/journal"), format!(r#"[{{"path":"{path}","before":"{before}","after":"0"}}]"#)).expect("a file");
    fs::write(root.join(&path), "a person's").expect("a file");
    drop(Session::begin(root).expect("it can be repaired"));
    assert_eq!(fs::read_to_string(root.join(&path)).expect("text"), "a person's");
    assert!(!root.join(".regen/journal").exists() && !root.join(".regen/new").exists());
}

#[test]
fn an_interrupted_run_leaves_the_old_tree_or_the_new_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    files::write(root, &outputs(0)).expect("nothing is in the way");
    for number in 0..20 {
        let status = start("exit", root).wait().expect("it ended");
        assert_eq!(status.code(), Some(130));
        let found = tree(root);
        assert!([0, 1].iter().any(|state| found == wanted(*state)), "interrupt {number} left a mixture");
    }
}

#[test]
fn runs_side_by_side_do_not_mix() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let mut children: Vec<Child> = (0..4).map(|_| start("race", root)).collect();
    for child in &mut children {
        assert!(child.wait().expect("it ended").success());
    }
    let found = tree(root);
    assert!([0, 1].iter().any(|state| found == wanted(*state)), "{:?}", found.keys());
}
