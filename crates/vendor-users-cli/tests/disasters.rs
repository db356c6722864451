//! Disasters, each with the same end: nothing was harmed.

use std::fmt::Write as _;

use provisioning::Store as _;
use provisioning::jiff::{SignedDuration, Timestamp};
use provisioning::store::{Run, SqlStore};

use crate::support::world::{CONFIG, World, is_locked, people, text};

/// What is wrong with the file, how the program ends, and what it says.
type Disaster = (&'static str, fn(&str) -> String, i32, &'static str);

/// Without the first column's values; each person gets the key of the next one.
fn keys_moved(file: &str) -> String {
    let (head, rows) = file.split_once('\n').expect("a header");
    let rows: Vec<&str> = rows.lines().collect();
    let mut text = format!("{head}\n");
    for (place, row) in rows.iter().enumerate() {
        let (_, rest) = row.split_once(',').expect("a key");
        writeln!(text, "{},{rest}", (place + 1) % rows.len()).expect("text");
    }
    text
}

/// The names of the first and the fifth column are each other's.
fn columns_swapped(file: &str) -> String {
    file.replace("number,name,email,title,status", "status,name,email,title,number")
}

#[test]
fn no_file_harms_anybody() {
    let table: [Disaster; 12] = [
        ("empty", |_| String::new(), 3, "the file is empty"),
        ("a header alone", |file| file.lines().next().expect("a header").to_owned() + "\n", 3, "no row"),
        ("cut in a row", |file| file[..file.len() - 20].to_owned(), 3, "no line end"),
        ("cut within quotes", |file| file.replace("Person 30", "\"Person 30"), 3, "within quotes"),
        ("filtered to one department", |file| file.lines().take(11).map(|row| format!("{row}\n")).collect(), 3, "30 to disable"),
        ("another name for the key", |file| file.replace("number", "nr"), 3, "there is no column `number`"),
        ("another name for a column", |file| file.replace("email,title", "mail,title"), 78, "vendor-users.toml:35:"),
        ("another separator than the header says", |file| file.replacen(',', ";", 5), 1, "the row has 1 cells"),
        ("keys of others", keys_moved, 1, "and the person is linked to"),
        ("the key in another column", columns_swapped, 1, "the key `active` is in several rows"),
        ("user names in another case", |file| file.replace("@example", "@EXAMPLE").replace(",p", ",P"), 0, "nothing"),
        (
            "a damaged mark at the beginning",
            |file| format!("\u{feff}{file}").replace('\u{feff}', "\u{fffe}"),
            3,
            "there is no column",
        ),
    ];
    let world = World::with_people(40);
    let before = world.accounts();
    for (what, change, code, words) in table {
        world.write("people.csv", &change(&people(40)));
        let ran = world.run(&["apply", "people.csv", "--yes"]);
        assert_eq!(ran.code, code, "{what}: {}{}", ran.out, ran.err);
        assert!(format!("{}{}", ran.out, ran.err).contains(words), "{what}: {}{}", ran.out, ran.err);
        assert_eq!(world.writes(), Vec::<String>::new(), "{what}");
        assert_eq!(world.accounts(), before, "{what}");
    }
    world.write("people.csv", &people(40));
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    assert_eq!(world.writes(), Vec::<String>::new(), "after all of them nothing has to be put right");
}

/// Whoever had the name has left and loses access; the account is not handed to whoever has the name now.
#[test]
fn a_name_that_somebody_else_uses_again_takes_nothing_over() {
    let world = World::with_people(40);
    let before = world.accounts();
    world.write("people.csv", &people(40).replace("\n7,Person 7,", "\n99,New Person,"));
    let ran = world.run(&["apply", "people.csv", "--yes"]).ends_with(1);
    assert!(ran.out.contains("is managed for person `7`"), "{}", ran.out);
    assert_eq!(world.writes().len(), 1, "{:?}", world.writes());
    let mut after = world.accounts();
    assert!(is_locked(&after["p7"]));
    assert_eq!(text(&after["p7"], "name"), "Person 7");
    after.remove("p7");
    assert!(after.iter().all(|(id, record)| before[id] == *record), "somebody else was changed");
}

#[test]
fn a_store_that_was_deleted_decides_nothing_until_people_are_adopted() {
    let world = World::with_people(40);
    for name in ["vendor-users.db", "vendor-users.db-wal", "vendor-users.db-shm"] {
        let _ = std::fs::remove_file(world.path().join(name));
    }
    // Two are absent: with the store, they would be disabled.
    world.write("people.csv", &people(38));
    // Whoever reads the exit code learns that nobody was put right.
    world.run(&["plan", "people.csv"]).ends_with(2);
    let ran = world.run(&["apply", "people.csv", "--yes"]).ends_with(1);
    assert!(ran.out.contains("would adopt") && ran.out.contains("not managed and left alone: 2"), "{}", ran.out);
    assert_eq!(world.writes(), Vec::<String>::new());
    world.write("people.csv", &people(40));
    world.run(&["apply", "people.csv", "--yes", "--adopt"]).ends_with(0);
    assert_eq!(world.writes(), Vec::<String>::new(), "adopting writes nothing at the vendor");
    world.write("people.csv", &people(38));
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    assert_eq!(world.writes().len(), 2, "{:?}", world.writes());
}

/// Somebody has put back a copy of the store: it does not know who came since, nor what became of the others.
#[test]
fn an_older_store_that_was_put_back_decides_nothing_until_people_are_adopted() {
    let world = World::with_people(40);
    std::fs::copy(world.path().join("vendor-users.db"), world.path().join("backup.db")).expect("a copy");
    world.write("people.csv", &people(45));
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    for name in ["vendor-users.db-wal", "vendor-users.db-shm"] {
        let _ = std::fs::remove_file(world.path().join(name));
    }
    std::fs::copy(world.path().join("backup.db"), world.path().join("vendor-users.db")).expect("put back");
    world.server.forget();
    // Two of those whom the copy knows are absent.
    let absent = people(45)
        .replace("\n3,Person 3,p3@example.com,Manager,active", "")
        .replace("\n4,Person 4,p4@example.com,Clerk,active", "");
    world.write("people.csv", &absent);
    let ran = world.run(&["plan", "people.csv"]).ends_with(2);
    assert!(ran.err.contains("the store does not know the latest run"), "{}", ran.err);
    let ran = world.run(&["apply", "people.csv", "--yes"]).ends_with(1);
    assert!(ran.out.contains("would adopt") && ran.out.contains("leaver"), "{}", ran.out);
    assert_eq!(world.writes(), Vec::<String>::new());
    world.run(&["apply", "people.csv", "--yes", "--adopt"]).ends_with(0);
    assert_eq!(world.writes(), Vec::<String>::new(), "adopting writes nothing at the vendor");
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    assert_eq!(world.writes().len(), 2, "{:?}", world.writes());
}

#[test]
fn another_tenant_gets_nothing_from_the_store_of_this_one() {
    let world = World::with_people(40);
    let other = World::new();
    other.server.with(|vendor| vendor.users = world.server.with(|vendor| vendor.users.clone()));
    world.write("vendor-users.toml", &CONFIG.replace("URL", &other.server.url()));
    world.write("people.csv", &people(38));
    let ran = world.run(&["apply", "people.csv", "--yes"]).ends_with(3);
    assert!(ran.out.contains("the store knows the accounts of"), "{}", ran.out);
    assert_eq!(other.writes(), Vec::<String>::new());
}

/// The vendor has given the tenant another address: a person says so, and nobody is adopted, created or disabled again.
#[test]
fn a_tenant_that_was_moved_is_the_same_once_a_person_says_so() {
    let world = World::with_people(40);
    world.run(&["moved", "claims"]).ends_with(0);
    let new = World::new();
    world.write("vendor-users.toml", &CONFIG.replace("URL", &new.server.url()));
    // Nobody of those whom the store knows is there: it is another tenant, whatever somebody says.
    let ran = world.run(&["moved", "claims", "--yes"]).ends_with(3);
    assert!(ran.out.contains("0 of 40 managed accounts are there"), "{}", ran.out);
    world.run(&["apply", "people.csv", "--yes"]).ends_with(3);

    new.server.with(|vendor| vendor.users = world.server.with(|vendor| vendor.users.clone()));
    let ran = world.run(&["apply", "people.csv", "--yes"]).ends_with(3);
    assert!(ran.out.contains("`vendor-users moved`"), "{}", ran.out);
    let ran = world.run(&["moved", "claims", "--dry-run"]).ends_with(2);
    assert!(ran.out.contains("40 of 40 managed accounts are there"), "{}", ran.out);
    // Nobody is there to say yes.
    world.run(&["moved", "claims"]).ends_with(64);
    world.run(&["apply", "people.csv", "--yes"]).ends_with(3);
    let moved = world.run(&["moved", "claims", "--yes", "--format", "json"]).ends_with(0);
    let moved: serde_json::Value = serde_json::from_str(&moved.out).expect("JSON");
    assert_eq!((&moved["there"], &moved["managed"]), (&40.into(), &40.into()));
    assert!(world.read("audit.jsonl").lines().last().is_some_and(|line| line.contains("\"action\":\"move\"")));
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    assert_eq!(new.writes(), Vec::<String>::new());
    world.write("people.csv", &people(39));
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    assert!(is_locked(&new.accounts()["p39"]));
    assert_eq!(new.writes().len(), 1);
}

#[test]
fn a_vendor_that_lists_nobody_loses_nobody() {
    let world = World::with_people(40);
    let kept = world.emptied();
    let ran = world.run(&["apply", "people.csv", "--yes"]).ends_with(3);
    assert!(ran.out.contains("40 of 40 managed accounts are not in the vendor's list"), "{}", ran.out);
    assert_eq!(world.writes(), Vec::<String>::new());
    world.server.with(|vendor| vendor.users = kept);
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[test]
fn a_clock_that_is_behind_the_store_stops_everything() {
    let world = World::with_people(40);
    let ahead = Timestamp::now() + SignedDuration::from_hours(48);
    let run = Run {
        id: "later".to_owned(),
        instance: "claims".to_owned(),
        purpose: "apply".to_owned(),
        holder: "a machine with the right time".to_owned(),
        started: ahead,
        until: ahead,
        ended: None,
        summary: serde_json::Value::Null,
    };
    world.runtime.block_on(async {
        let store = SqlStore::sqlite(&world.path().join("vendor-users.db")).expect("the store");
        store.start_run(&run).await.expect("started");
        store.end_run(&run.id, ahead, &serde_json::Value::Null).await.expect("ended");
    });
    world.write("people.csv", &people(38));
    let ran = world.run(&["apply", "people.csv", "--yes"]).ends_with(3);
    assert!(ran.out.contains("put the clock right"), "{}", ran.out);
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[test]
fn a_clock_that_is_ahead_deletes_nobody_beyond_the_limit() {
    // Everybody's last day has come, as far as the clock says.
    let world = World::new();
    world.configure(&CONFIG.replace("status == 'active'", "status > today"));
    let file = |until: &str| people(40).replace("active", until);
    world.write("people.csv", &file("2999-01-01"));
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    world.server.forget();
    world.write("people.csv", &file("2020-01-01"));
    let ran = world.run(&["apply", "people.csv", "--yes"]).ends_with(3);
    assert!(ran.out.contains("40 to disable now"), "{}", ran.out);
    assert_eq!(world.writes(), Vec::<String>::new());
}
