//! Plans that are kept and applied later.

use crate::support::world::{CONFIG, SECRETS, World, people, text};

#[test]
fn a_saved_plan_is_applied_exactly_once_and_stale_people_are_skipped() {
    let world = World::with_people(10);
    let moved = people(11).replace("3,Person 3,", "3,Person Three,").replace("4,Person 4,", "4,Person Four,");
    world.write("people.csv", &moved);
    world.run(&["plan", "people.csv", "--out", "friday.plan"]).ends_with(2);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(world.path().join("friday.plan")).expect("kept").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let kept = world.read("friday.plan");
    assert!(SECRETS.iter().all(|secret| !kept.contains(secret)), "{kept}");
    // The file changes after the plan was made, and so does one of the accounts.
    world.write("people.csv", &people(5));
    world.server.with(|vendor| {
        let record = vendor.users.get_mut("p3").expect("there");
        record.insert("name".to_owned(), "Somebody else's word".into());
        // Counters and sign-ins make nothing stale.
        let other = vendor.users.get_mut("p4").expect("there");
        other.insert("last_Login_Date".to_owned(), "2026-01-31T08:00:00Z".into());
    });
    let ran = world.run(&["apply", "--plan", "friday.plan", "--yes"]).ends_with(1);
    assert!(ran.out.contains("claims: update 3: stale"), "{}", ran.out);
    let accounts = world.accounts();
    assert_eq!(text(&accounts["p4"], "name"), "Person Four");
    assert_eq!(text(&accounts["p3"], "name"), "Somebody else's word");
    assert!(accounts.contains_key("p10"), "{accounts:?}");
    assert_eq!(world.writes().len(), 2, "{:?}", world.writes());
    // Once more: what was done is stale now, and nothing is sent.
    world.server.forget();
    world.run(&["apply", "--plan", "friday.plan", "--yes"]).ends_with(1);
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[test]
fn an_old_plan_and_one_of_another_configuration_are_refused() {
    let world = World::with_people(10);
    world.write("people.csv", &people(11));
    world.run(&["plan", "people.csv", "--out", "a.plan"]).ends_with(2);
    let kept = world.read("a.plan");
    let year = kept.split("\"made\": \"").nth(1).expect("a time").get(..4).expect("a year").to_owned();
    for (change, words) in [
        (kept.replace(&format!("\"made\": \"{year}"), "\"made\": \"2020"), "is older than `plan_age_hours = 24`"),
        (kept.replace(&format!("\"made\": \"{year}"), "\"made\": \"2999"), "look at the clock"),
        (kept.replace("\"format\": 1", "\"format\": 2"), "it is of form 2"),
        ("{".to_owned(), "it is no saved plan"),
    ] {
        world.write("a.plan", &change);
        let ran = world.run(&["apply", "--plan", "a.plan", "--yes"]).ends_with(1);
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    world.write("a.plan", &kept);
    world.configure(&CONFIG.replace("\"10%\"", "\"11%\""));
    let ran = world.run(&["apply", "--plan", "a.plan", "--yes"]).ends_with(1);
    assert!(ran.err.contains("the configuration was changed"), "{}", ran.err);
    assert_eq!(world.writes(), Vec::<String>::new());
}
