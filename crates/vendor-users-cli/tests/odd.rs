//! Odd input and odd surroundings: what is told is true, and what is written down is whole.

use std::process::Stdio;
use std::time::Duration;

use provisioning::Store as _;
use provisioning::jiff::Timestamp;
use provisioning::store::SqlStore;
use vendor_users::testing::Fault;

use crate::support::world::{World, people};
use crate::support::{Ran, folder, run};

/// Starts an apply of thirty new people, and gives it once some of them have been sent.
fn half_done(world: &World) -> std::process::Child {
    world.write("people.csv", &people(30));
    world.server.inject(Fault::delay(Duration::from_millis(30)));
    let mut program = world.program();
    program.args(["apply", "people.csv", "--yes", "--results", "results.csv", "--format", "json"]);
    let mut child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    while world.writes().len() < 3 {
        std::thread::sleep(Duration::from_millis(5));
        assert!(child.try_wait().expect("asked").is_none(), "it has ended");
    }
    child
}

/// What was done and what was left open add up, in the summary and in the results by row; the next run does the rest.
fn tells_what_is_left(world: &World, child: std::process::Child, why: &str) {
    let ran = Ran::of(child.wait_with_output().expect("it ends")).ends_with(1);
    let told: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    let instance = &told["instances"][0];
    let count = |name: &str| instance["counts"][name].as_u64().unwrap_or_default();
    assert!(count("create") >= 1 && count("left open") >= 1, "{}", instance["counts"]);
    assert_eq!(count("create") + count("left open"), 30, "{}", instance["counts"]);
    assert!(instance["error"].as_str().is_some_and(|words| words.contains(why)), "{}", instance["error"]);
    let rows = world.read("results.csv");
    assert_eq!(rows.matches(",left open,").count() as u64, count("left open"), "{rows}");
    world.server.heal();
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    assert_eq!(world.accounts().len(), 30);
}

#[test]
fn a_run_that_is_taken_for_dead_tells_what_is_left_open() {
    let world = World::new();
    let child = half_done(&world);
    world.runtime.block_on(async {
        let store = SqlStore::sqlite(&world.path().join("vendor-users.db")).expect("the store");
        let run = store.runs("claims", 1).await.expect("read").pop().expect("a run");
        store.end_run(&run.id, Timestamp::now(), &serde_json::Value::Null).await.expect("ended");
    });
    tells_what_is_left(&world, child, "");
}

/// Ctrl-C, and what service managers send.
#[cfg(unix)]
#[test]
fn a_run_that_is_told_to_end_ends_after_the_request_under_way_and_tells_what_is_left_open() {
    for signal in ["-INT", "-TERM"] {
        let world = World::new();
        let child = half_done(&world);
        let sent = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().expect("it runs");
        assert!(sent.success());
        tells_what_is_left(&world, child, "interrupted");
    }
}

#[test]
fn a_row_that_cannot_be_read_is_told_by_its_key() {
    let world = World::with_people(3);
    world.write("people.csv", &people(3).replace("\n1,Person 1,", "\n1,"));
    let explained = world.run(&["explain", "people.csv", "1"]).ends_with(0);
    assert!(explained.out.contains("the row cannot be read: line 3: the row has 4 cells"), "{}", explained.out);
    let only = world.run(&["plan", "people.csv", "--only", "1"]).ends_with(1);
    assert!(only.out.contains("line 3: the row has 4 cells"), "{}", only.out);
    world.write("people.csv", "");
    for words in
        [["explain", "people.csv", "1"].as_slice(), &["disable", "--from", "people.csv", "--yes"], &["plan", "people.csv"]]
    {
        let ran = world.run(words).ends_with(3);
        assert!(format!("{}{}", ran.out, ran.err).contains("the file is empty"), "{words:?}: {}{}", ran.out, ran.err);
    }
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[test]
fn a_dry_run_and_an_instance_that_fails_are_told_in_the_results() {
    let world = World::with_people(2);
    world.write("people.csv", &people(3));
    world.run(&["apply", "people.csv", "--dry-run", "--results", "results.csv"]).ends_with(2);
    assert!(world.read("results.csv").contains("create,planned,"), "{}", world.read("results.csv"));
    world.server.inject(Fault::status(403).on("GET", "users"));
    world.run(&["apply", "people.csv", "--yes", "--results", "results.csv"]).ends_with(1);
    assert!(world.read("results.csv").contains(",,claims,,failed,,"), "{}", world.read("results.csv"));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt as _;
    let world = World::with_people(2);
    world.write("real.csv", "");
    std::os::unix::fs::symlink("real.csv", world.path().join("link.csv")).expect("a link");
    world.run(&["apply", "people.csv", "--yes", "--results", "link.csv"]).ends_with(0);
    assert!(world.path().join("link.csv").symlink_metadata().expect("there").is_symlink());
    assert!(world.read("real.csv").starts_with("line,key"), "{}", world.read("real.csv"));
    let made = std::process::Command::new("mkfifo").arg(world.path().join("pipe")).status().expect("it runs");
    assert!(made.success());
    let path = world.path().join("pipe");
    let reader = std::thread::spawn(move || std::fs::read_to_string(path).expect("read"));
    world.run(&["apply", "people.csv", "--yes", "--results", "pipe"]).ends_with(0);
    assert!(reader.join().expect("text").starts_with("line,key"));
    assert!(world.path().join("pipe").metadata().expect("there").file_type().is_fifo());
}

/// A program that reads a part of what was told would take it for the whole.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_fails_and_a_closed_pipe_does_not() {
    let world = World::with_people(2);
    let full = || std::fs::File::options().write(true).open("/dev/full").expect("there");
    for (words, code) in [(["list"].as_slice(), 1), (&["export"], 1), (&["plan", "people.csv", "--format", "json"], 1)] {
        let output = world.program().args(words).stdout(full()).output().expect("it runs");
        assert_eq!(output.status.code(), Some(code), "{words:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("No space left"), "{words:?}: {output:?}");
    }
    let mut child = world.program().args(["plan", "people.csv"]).stdout(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_new_configuration_can_be_read() {
    let folder = folder();
    for (words, told) in [
        (["init", "my claims=twosms"].as_slice(), "is no name of an instance"),
        (&["init", "twosms", "twosms"], "is there twice"),
        (&["init", "twosms", "--key", "a\"b"], "is no name of a column"),
    ] {
        let ran = run(folder.path(), words).ends_with(64);
        assert!(ran.err.contains(told), "{words:?}: {}", ran.err);
        assert!(!folder.path().join("vendor-users.toml").exists());
    }
    run(folder.path(), &["init", "billingplatform", "--key", "Personal Nr"]).ends_with(0);
    let config = std::fs::read_to_string(folder.path().join("vendor-users.toml")).expect("written");
    assert!(config.contains("id = \"row['Personal Nr']\""), "{config}");
}

#[test]
fn json_is_what_is_told_whatever_is_asked_for() {
    let world = World::with_people(2);
    let exported = world.run(&["export", "--format", "json"]).ends_with(0).out;
    assert!(exported.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{exported}");
    world.server.inject(Fault::status(403).on("GET", "users"));
    for words in [["explain", "people.csv", "1"].as_slice(), &["plan", "people.csv"], &["check"], &["list"]] {
        let ran = world.run(&[words, &["--format", "json"]].concat()).ends_with(1);
        assert!(serde_json::from_str::<serde_json::Value>(&ran.out).is_ok(), "{words:?}: {}", ran.out);
    }
}
