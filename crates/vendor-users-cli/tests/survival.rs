//! Runs that are killed, and vendors that fail: in the end everybody is as the file says. The oracle reads the file and the
//! vendor's records itself, and shares no code with the planner.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use vendor_users::client_core::serde_json::json;
use vendor_users::testing::{Fault, Reply};

use crate::support::world::{CONFIG, World, is_locked, people, text};

/// Everybody in the file who is active has one account that may log in; whoever is not may not; nobody else has an account.
#[track_caller]
fn holds(world: &World, file: &str, leavers: &[&str]) {
    let mut accounts = world.accounts();
    for row in file.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let [_, name, email, title, status] = cells[..] else { panic!("{row}") };
        let id = email.split('@').next().expect("a name");
        let Some(account) = accounts.remove(id) else {
            assert_ne!(status, "active", "{id} has no account");
            continue;
        };
        assert_eq!(is_locked(&account), status != "active", "{id}");
        if status == "active" {
            let has = ["name", "eMail_Address", "title"].map(|property| text(&account, property));
            assert_eq!(has, [name, email, title], "{id}");
        }
    }
    for leaver in leavers {
        assert!(is_locked(&accounts.remove(*leaver).expect("a leaver keeps the account")), "{leaver} may still log in");
    }
    assert!(accounts.is_empty(), "accounts that nobody asked for: {:?}", accounts.keys());
}

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn up_to(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

#[test]
fn killed_at_fifty_moments_and_resumed_nobody_is_lost_or_there_twice() {
    let world = World::new();
    world.configure(&CONFIG.replace("\"10%\"", "\"100%\""));
    world.server.inject(Fault::delay(Duration::from_millis(2)));
    let mut dice = Dice(7);
    let mut file = String::new();
    for round in 0..50_u64 {
        // Somebody joins in each round, somebody moves, and somebody is away for it.
        let away = dice.up_to(20);
        file = people(20 + usize::try_from(round).expect("small"));
        file = file
            .replace(&format!("\n{}00,", round % 3), "\n")
            .replace(&format!("Person {},", round % 20), &format!("Moved {round},"));
        let rows = file.lines().map(|row| {
            let is_away = row.starts_with(&format!("{away},"));
            format!("{}\n", if is_away { row.replace(",active", ",away") } else { row.to_owned() })
        });
        file = rows.collect();
        world.write("people.csv", &file);
        let mut program = world.program();
        let mut child = program
            .args(["apply", "people.csv", "--yes"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        std::thread::sleep(Duration::from_millis(30 + dice.up_to(400)));
        let _ = child.kill();
        let _ = child.wait();
    }
    world.server.heal();
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    holds(&world, &file, &[]);
    world.server.forget();
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[test]
fn a_vendor_that_fails_in_any_way_is_put_right_by_the_next_runs() {
    let busy = || Fault::reply(Reply::json(429, json!({})).header("retry-after", "0"));
    let faults: BTreeMap<&str, Vec<Fault>> = BTreeMap::from([
        ("429", vec![busy().every(4)]),
        ("503", vec![Fault::status(503).every(5)]),
        ("resets before", vec![Fault::reset().every(6)]),
        ("resets after", vec![Fault::reset_after().every(5)]),
        ("slow", vec![Fault::delay(Duration::from_millis(15))]),
        ("all of them", vec![busy().every(13), Fault::status(503).every(11), Fault::reset_after().every(7)]),
    ]);
    for (what, faults) in faults {
        let world = World::with_people(20);
        world.configure(&CONFIG.replace("\"10%\"", "\"50%\""));
        let file = people(30).replace("\n5,Person 5,", "\n5,Moved 5,").replace("\n6,Person 6,p6@example.com,Clerk,active", "");
        world.write("people.csv", &file);
        faults.into_iter().for_each(|fault| world.server.inject(fault));
        for _ in 0..3 {
            let ran = world.run(&["apply", "people.csv", "--yes"]);
            assert!([0, 1].contains(&ran.code), "{what}: {}{}", ran.out, ran.err);
        }
        world.server.heal();
        world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
        holds(&world, &file, &["p6"]);
        world.server.forget();
        world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
        assert_eq!(world.writes(), Vec::<String>::new(), "{what}");
    }
}

#[test]
fn one_run_holds_an_instance_and_a_killed_one_frees_it() {
    let world = World::new();
    world.write("people.csv", &people(30));
    world.server.inject(Fault::delay(Duration::from_millis(40)));
    let mut first = world.program();
    let mut first = first.args(["apply", "people.csv", "--yes"]).stdout(Stdio::null()).spawn().expect("it starts");
    while world.writes().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
        assert!(first.try_wait().expect("asked").is_none(), "it has ended");
    }
    let ran = world.run(&["apply", "people.csv", "--yes"]).ends_with(1);
    assert!(ran.err.contains("another run is under way"), "{}", ran.err);
    let _ = first.kill();
    let _ = first.wait();
    world.server.heal();
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    holds(&world, &people(30), &[]);
}

#[test]
fn people_who_sign_in_while_a_run_is_under_way_make_nothing_stale() {
    let world = World::with_people(30);
    let file = people(30).replace("Clerk", "Agent");
    world.write("people.csv", &file);
    world.server.inject(Fault::delay(Duration::from_millis(3)));
    let mut child = world.program().args(["apply", "people.csv", "--yes"]).stdout(Stdio::null()).spawn().expect("it starts");
    let mut signed_in = 0;
    let status = loop {
        if let Some(status) = child.try_wait().expect("asked") {
            break status;
        }
        signed_in += 1;
        world.server.with(|vendor| {
            let id = format!("p{}", signed_in % 30);
            if let Some(record) = vendor.users.get_mut(&id) {
                record.insert("last_Login_Date".to_owned(), format!("2026-01-31T08:00:00.{signed_in:03}Z").into());
                record.insert("failed_Login_Count".to_owned(), (signed_in % 7).into());
            }
        });
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(signed_in > 10, "{signed_in}");
    assert_eq!(status.code(), Some(0));
    world.server.heal();
    holds(&world, &file, &[]);
}
