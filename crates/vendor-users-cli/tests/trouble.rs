//! Files and disks that cannot be written: nothing is sent that could not be written down, and what was sent is told.

use vendor_users::client_core::serde_json::json;
use vendor_users::testing::twosms;

use crate::support::world::{CONFIG, World, people};
use crate::support::{Ran, folder, run};

fn audited(file: &str) -> String {
    CONFIG.replace("audit = \"audit.jsonl\"", &format!("audit = \"{file}\""))
}

#[test]
fn an_audit_log_that_cannot_be_opened_stops_everything_before_anything_is_sent() {
    let world = World::with_people(20);
    world.write("people.csv", &people(21));
    world.write("file", "");
    for wrong in [".", "file/audit.jsonl", "nowhere/audit.jsonl"] {
        world.configure(&audited(wrong));
        for words in [
            ["apply", "people.csv", "--yes"].as_slice(),
            &["disable", "3", "--yes"],
            &["create", "77", "user_name=kim.lee", "email=kim@example.com", "--yes"],
            &["verify", "--canary", "canary.one", "--yes"],
            &["serve", "--listen", "127.0.0.1:0"],
        ] {
            let ran = world.run(words).ends_with(1);
            assert!(ran.err.contains("the audit log") && ran.err.contains("cannot be written"), "{words:?}: {}", ran.err);
        }
        assert_eq!(world.writes(), Vec::<String>::new(), "{wrong}");
        // Looking needs no log.
        world.run(&["plan", "people.csv"]).ends_with(2);
        world.run(&["disable", "3", "--dry-run"]).ends_with(2);
    }
}

/// The store has the lines from the moment on at which their requests had a result.
#[cfg(target_os = "linux")]
#[test]
fn lines_that_a_full_disk_did_not_take_are_told_of_and_written_by_the_next_run() {
    let world = World::new();
    world.configure(&audited("/dev/full"));
    world.write("people.csv", &people(3));
    let ran = world.run(&["apply", "people.csv", "--yes"]).ends_with(1);
    assert!(ran.err.contains("the audit log /dev/full cannot be written: No space left"), "{}", ran.err);
    assert!(ran.out.contains("create"), "what was done is told: {}", ran.out);
    assert_eq!(world.writes().len(), 3);
    assert!(world.run(&["history", "1"]).ends_with(0).out.contains("create"));
    world.configure(CONFIG);
    for _ in 0..2 {
        world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
        let log = world.read("audit.jsonl");
        assert_eq!(log.matches("\"action\":\"create\"").count(), 3, "{log}");
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_was_killed_leaves_a_line_for_each_of_its_requests() {
    use std::process::Stdio;
    use std::time::Duration;
    use vendor_users::testing::Fault;
    let world = World::new();
    world.write("people.csv", &people(10));
    // The vendor does what it is asked, the response is lost, and whoever looks what became of it waits for ever.
    world.server.inject(Fault::delay(Duration::from_millis(500)).on("POST", "users"));
    world.server.inject(Fault::reset_after().on("POST", "users"));
    let mut child = world.program().args(["apply", "people.csv", "--yes"]).stdout(Stdio::null()).spawn().expect("it starts");
    let is_listed = || world.server.exchanges().iter().any(|exchange| exchange.request.path.iter().any(|part| part == "users"));
    let mut until = |is_so: &dyn Fn() -> bool| {
        while !is_so() {
            std::thread::sleep(Duration::from_millis(5));
            assert!(child.try_wait().expect("asked").is_none(), "it has ended");
        }
    };
    until(&is_listed);
    std::thread::sleep(Duration::from_millis(100));
    world.server.inject(Fault::delay(Duration::from_secs(60)).on("GET", "users"));
    until(&|| !world.accounts().is_empty());
    child.kill().expect("killed");
    child.wait().expect("ended");
    world.server.heal();
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    assert_eq!(world.accounts().len(), 10);
    let log = world.read("audit.jsonl");
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 10, "{log}");
    let settled: Vec<&serde_json::Value> = lines.iter().filter(|line| line.get("error").is_some()).collect();
    let [settled] = settled[..] else { panic!("{log}") };
    assert_eq!(
        (&settled["actor"], &settled["outcome"], &settled["action"]),
        (&"tester".into(), &"done".into(), &"create".into())
    );
    assert_eq!(settled["changes"]["user_name"], json!([null, settled["account"]]), "{settled}");
}

/// Runs the program with files of at most so many kilobytes, as on a disk that is full by then.
#[cfg(target_os = "linux")]
fn with_room_for(world: &World, blocks: u64, words: &str) -> Ran {
    // Without the signal, a write that is too long fails as one to a full disk does.
    limited(world, &format!("trap '' XFSZ; ulimit -f {blocks}"), words)
}

/// Runs the program within limits of the system.
#[cfg(target_os = "linux")]
fn limited(world: &World, limits: &str, words: &str) -> Ran {
    use vendor_users::testing::vbasoftware as emulator;
    let program = env!("CARGO_BIN_EXE_vendor-users");
    let script = format!("{limits}; exec {program} {words}");
    let mut shell = std::process::Command::new("bash");
    shell.args(["-c", &script]).current_dir(world.path()).env("CLAIMS_KEY", emulator::KEY).env("USER", "tester");
    shell.env_remove("VENDOR_USERS_CONFIG").env_remove("SUDO_USER").stdin(std::process::Stdio::null());
    Ran::of(shell.output().expect("bash runs"))
}

#[cfg(target_os = "linux")]
#[test]
fn a_store_on_a_full_disk_lets_nothing_be_sent_that_it_does_not_have() {
    let world = World::with_people(5);
    world.write("people.csv", &people(200));
    let accounts = || world.accounts().len();
    let mut was_cut = false;
    for blocks in (0..200).map(|step| step * 32) {
        world.server.forget();
        let before = accounts();
        let ran = with_room_for(&world, blocks, "apply people.csv --yes");
        let sent = world.writes().len();
        assert_eq!(sent, accounts() - before);
        if ran.code == 0 {
            break;
        }
        assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
        assert!(format!("{}{}", ran.out, ran.err).contains("the store"), "{blocks}: {}{}", ran.out, ran.err);
        was_cut |= sent > 0;
    }
    assert!(was_cut, "no run was cut in the middle");
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    assert_eq!(accounts(), 200, "somebody is there twice or not at all");
    let log = world.read("audit.jsonl");
    let done = |line: &&str| line.contains("\"action\":\"create\"") && line.contains("\"outcome\":\"done\"");
    assert_eq!(log.lines().filter(done).count(), 200, "each account has its line once");
    assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "a part of a line is left");
    world.server.forget();
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    assert_eq!(world.writes(), Vec::<String>::new());
}

/// The file is read row by row; what is kept of each person is small.
#[cfg(target_os = "linux")]
#[test]
fn a_hundred_thousand_rows_are_planned_in_bounded_memory() {
    let world = World::new();
    let long = "x".repeat(1000);
    let rows = people(100_000).replace(",active", &format!(",active,{long}")).replace("status\n", "status,remarks\n");
    assert!(rows.len() > 100_000_000);
    world.write("people.csv", &rows);
    let ran = limited(&world, "ulimit -d 409600", "plan people.csv").ends_with(2);
    assert!(ran.out.contains("100000"), "{}", ran.out);
}

#[cfg(target_os = "linux")]
#[test]
fn a_store_that_cannot_be_written_is_told_before_anything_is_sent() {
    let world = World::with_people(5);
    world.write("people.csv", &people(6));
    // Whatever the user of the test may do, nobody writes below a file or in place of a folder.
    for store in ["people.csv/store.db", ".", "nowhere/store.db"] {
        world.configure(&format!("store = \"{store}\"\n{CONFIG}"));
        let ran = world.run(&["apply", "people.csv", "--yes"]).ends_with(1);
        assert!(ran.err.contains("the store") && ran.err.contains("cannot be used"), "{store}: {}", ran.err);
    }
    // One that may be read and not written.
    world.configure(CONFIG);
    let ran = with_room_for(&world, 0, "apply people.csv --yes");
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(format!("{}{}", ran.out, ran.err).contains("the store"), "{}{}", ran.out, ran.err);
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[test]
fn whoever_scim_has_no_word_for_is_left_out_of_an_export_and_told() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let server = runtime.block_on(twosms::start()).expect("a port");
    server.with(|vendor| {
        for (id, name) in
            [("a2d8b2d2-1673-4f2d-a9ec-b02947160001", Some("kim.lee")), ("a2d8b2d2-1673-4f2d-a9ec-b02947160002", None)]
        {
            vendor.users.put(json!({ "ID": id, "Username": name, "EmailAddress": "x@example.com", "Enabled": true }));
        }
    });
    let folder = folder();
    let config = "[people]\nkey = \"number\"\n[instances.messages]\nvendor = \"twosms\"\nrate_limit = \"none\"\nbase_url = \"URL\"\n\
                  [instances.messages.settings]\nclient_id = \"ID\"\nclient_secret = { command = [\"printf\", \"SECRET\"] }\n";
    let config = config.replace("URL", &server.url()).replace("ID", twosms::CLIENT.0).replace("SECRET", twosms::CLIENT.1);
    std::fs::write(folder.path().join("vendor-users.toml"), config).expect("written");
    let ran = run(folder.path(), &["export", "--as", "scim"]).ends_with(1);
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    assert!(ran.out.contains("kim.lee"), "{}", ran.out);
    let told = "error: messages: a2d8b2d2-1673-4f2d-a9ec-b02947160002 is left out: the user has no `user_name`";
    assert!(ran.err.contains(told), "{}", ran.err);
    // Other forms have everybody.
    assert_eq!(run(folder.path(), &["export", "--as", "jsonl"]).ends_with(0).out.lines().count(), 2);
    assert_eq!(run(folder.path(), &["export", "--as", "csv"]).ends_with(0).out.lines().count(), 3);
}
