//! Changes for people who are picked, and what is told of them.

use crate::support::world::{CONFIG, SECRETS, World, is_locked, people, text};

#[test]
fn people_are_picked_by_key_account_condition_and_file() {
    let world = World::with_people(20);
    world.configure(&CONFIG.replace("\"10%\"", "\"50%\""));
    let dry = world.run(&["disable", "3", "--dry-run"]).ends_with(2);
    assert!(dry.out.contains("disable"), "{}", dry.out);
    assert_eq!(world.writes(), Vec::<String>::new());
    world.run(&["disable", "3", "--yes"]).ends_with(0);
    assert!(is_locked(&world.accounts()["p3"]));
    world.run(&["enable", "3", "--yes"]).ends_with(0);
    assert!(!is_locked(&world.accounts()["p3"]));
    world.run(&["set", "--id", "p4", "title=Boss", "--yes"]).ends_with(0);
    world.run(&["set", "--where", "title=Boss", "display_name=The Boss", "--yes"]).ends_with(0);
    world.write("some.csv", "number\n5\n6\n");
    world.run(&["set", "--from", "some.csv", "title=Agent", "--yes"]).ends_with(0);
    let accounts = world.accounts();
    assert_eq!(text(&accounts["p4"], "name"), "The Boss");
    assert_eq!([text(&accounts["p5"], "title"), text(&accounts["p6"], "title")], ["Agent", "Agent"]);
    world.run(&["reset-password", "7", "--yes"]).ends_with(0);
    assert!(world.writes().iter().any(|write| write.ends_with("users/p7/admin-reset-password")), "{:?}", world.writes());
    let history = world.run(&["history", "3"]).ends_with(0);
    let actions: Vec<&str> = history.out.lines().filter_map(|line| line.split_whitespace().nth(2)).collect();
    assert_eq!(actions, ["action", "create", "disable", "enable"], "{}", history.out);
}

#[test]
fn nobody_who_is_protected_unmanaged_or_ours_alone_is_touched_by_name() {
    let world = World::with_people(20);
    let mut svc = world.accounts()["p1"].clone();
    svc.insert("user_ID".to_owned(), "svc-mail".into());
    let mut other = svc.clone();
    other.insert("user_ID".to_owned(), "other".into());
    let mut own = svc.clone();
    own.insert("user_ID".to_owned(), "admin".into());
    world.server.with(|vendor| [svc, other, own].into_iter().for_each(|record| vendor.users.put(record.into())));
    for (words, code, told) in [
        (["disable", "--id", "svc-mail", "--unmanaged", "--yes"].as_slice(), 0, "protected"),
        (&["disable", "--id", "admin", "--unmanaged", "--yes"], 0, "protected"),
        (&["disable", "--id", "other", "--yes"], 1, "not managed"),
        (&["disable", "nobody", "--yes"], 1, "nobody with this key"),
        (&["delete", "1", "--yes"], 1, "leavers = \"delete\""),
        (&["set", "1", "user_name=q", "--yes"], 1, "cannot change"),
        (&["set", "1", "nick_name=q", "--yes"], 1, "no place for"),
        (&["disable", "--where", "email^=p", "--yes"], 3, "20 to disable"),
    ] {
        let ran = world.run(words);
        assert_eq!(ran.code, code, "{words:?}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains(told), "{words:?}: {}{}", ran.out, ran.err);
    }
    assert_eq!(world.writes(), Vec::<String>::new());
    world.run(&["disable", "--id", "other", "--unmanaged", "--yes"]).ends_with(0);
    assert!(is_locked(&world.accounts()["other"]));
    // That did not make it managed.
    let plan = world.run(&["plan", "people.csv"]).ends_with(0);
    assert!(plan.out.contains("not managed and left alone: 3"), "{}", plan.out);
}

/// The vendor's own record says who is one, so that nobody has to configure it.
#[test]
fn administrators_are_not_touched_unless_the_configuration_says_so() {
    let world = World::with_people(20);
    world.server.with(|vendor| {
        let record = vendor.users.get_mut("p3").expect("there");
        record.insert("administrator".to_owned(), true.into());
    });
    let changed = people(20).replace("3,Person 3,", "3,Moved 3,").replace("\n4,Person 4,p4", "\n4,Moved 4,p4");
    world.write("people.csv", &changed);
    let ran = world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    assert!(ran.out.contains("the account is an administrator's"), "{}", ran.out);
    world.run(&["disable", "3", "--yes"]).ends_with(0);
    assert_eq!(text(&world.accounts()["p3"], "name"), "Person 3");
    assert_eq!(text(&world.accounts()["p4"], "name"), "Moved 4");
    assert!(!is_locked(&world.accounts()["p3"]));
    world.configure(&CONFIG.replace("protect =", "administrators = true\nprotect ="));
    world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
    assert_eq!(text(&world.accounts()["p3"], "name"), "Moved 3");
}

#[test]
fn an_account_is_deleted_after_three_words_and_once_it_is_disabled() {
    let world = World::with_people(20);
    world.configure(&CONFIG.replace("leavers = \"disable\"", "leavers = \"delete\""));
    world.run(&["delete", "1", "--yes"]).ends_with(1);
    world.run(&["disable", "1", "--yes"]).ends_with(0);
    world.run(&["delete", "1", "--yes"]).ends_with(0);
    assert!(!world.accounts().contains_key("p1"));
}

#[test]
fn somebody_is_created_by_the_rules_of_a_file() {
    let world = World::with_people(5);
    world.run(&["create", "77", "user_name=kim.lee", "email=kim.lee@example.com", "--yes"]).ends_with(0);
    assert!(world.accounts().contains_key("kim.lee"));
    // The name is somebody's.
    let ran = world.run(&["create", "78", "user_name=KIM.LEE", "email=other@example.com", "--yes"]).ends_with(1);
    assert!(ran.out.contains("managed for person `77`"), "{}", ran.out);
    assert_eq!(world.writes().len(), 1, "{:?}", world.writes());
}

#[test]
fn generated_passwords_are_handed_out_once_into_a_private_file() {
    let world = World::new();
    world.configure(&CONFIG.replace("leavers =", "password = \"generated\"\nleavers ="));
    world.write("people.csv", &people(3));
    let ran = world.run(&["apply", "people.csv", "--yes"]).ends_with(64);
    assert!(ran.err.contains("--passwords FILE"), "{}", ran.err);
    assert_eq!(world.writes(), Vec::<String>::new(), "nobody is created whose password nobody would know");
    let ran = world.run(&["apply", "people.csv", "--yes", "--passwords", "new.csv", "--results", "results.csv"]).ends_with(0);
    let handed_out = world.read("new.csv");
    let passwords: Vec<&str> = handed_out.lines().skip(1).filter_map(|line| line.rsplit(',').next()).collect();
    assert_eq!(passwords.len(), 3, "{handed_out}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(world.path().join("new.csv")).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let elsewhere = [ran.out, ran.err, world.read("audit.jsonl"), world.read("results.csv")].concat();
    let store = ["vendor-users.db", "vendor-users.db-wal"].map(|name| std::fs::read(world.path().join(name)).unwrap_or_default());
    let store = String::from_utf8_lossy(&store.concat()).into_owned();
    for password in passwords {
        assert!(!elsewhere.contains(password) && !store.contains(password), "a password is somewhere else");
    }
    // The file is never written over.
    world.write("people.csv", &people(4));
    world.run(&["apply", "people.csv", "--yes", "--passwords", "new.csv"]).ends_with(64);
    assert_eq!(world.read("new.csv"), handed_out);
}

#[test]
fn no_command_shows_a_secret_and_each_run_adds_to_the_audit_log() {
    let world = World::with_people(3);
    world.write("people.csv", &people(4));
    let mut said = String::new();
    for words in [
        ["check"].as_slice(),
        &["vendors"],
        &["list"],
        &["get", "p1"],
        &["find", "user_name=P1"],
        &["export", "--as", "jsonl"],
        &["export", "--as", "scim"],
        &["explain", "people.csv", "3"],
        &["plan", "people.csv", "--format", "json"],
        &["apply", "people.csv", "--yes", "--format", "json"],
        &["history", "3", "--format", "json"],
    ] {
        let ran = world.run(words);
        assert!([0, 2].contains(&ran.code), "{words:?}: {}{}", ran.out, ran.err);
        said += &(ran.out + &ran.err);
    }
    // Wrong credentials are told without the credentials.
    world.write("password", "wrong-and-secret");
    let ran = world.run(&["check"]).ends_with(1);
    assert!(ran.out.contains("credentials"), "{}", ran.out);
    said += &(ran.out + &ran.err + &world.read("audit.jsonl"));
    for secret in SECRETS.into_iter().chain(["wrong-and-secret", "emulator-id-token"]) {
        assert!(!said.contains(secret), "`{secret}` was shown");
    }
    let lines: Vec<serde_json::Value> =
        world.read("audit.jsonl").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 4, "{lines:#?}");
    assert!(lines.iter().all(|line| line["actor"] == "tester" && line["action"] == "create"), "{lines:#?}");
}

#[test]
fn a_canary_walks_through_every_verb_and_is_gone() {
    let world = World::with_people(3);
    let before = world.accounts();
    let ran = world.run(&["verify", "--canary", "canary.one", "--yes"]).ends_with(0);
    for verb in ["find", "create", "get", "list", "update", "deactivate", "activate", "reset_password", "delete"] {
        assert!(ran.out.contains(&format!("  {verb} ")), "{verb}: {}", ran.out);
    }
    assert_eq!(world.accounts(), before);
    let log = world.read("audit.jsonl");
    let told = log.lines().filter(|line| line.contains("\"account\":\"canary.one\"")).count();
    assert_eq!(told, 1 + world.writes().len(), "{log}");
    let ran = world.run(&["verify", "--canary", "p1", "--yes"]).ends_with(64);
    assert!(ran.err.contains("somebody's account"), "{}", ran.err);
    assert_eq!(world.accounts(), before);
}
