//! Requests keep their documented constraints: what is wrong is named all at once, by its wire path, without its value.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::support::api::{Member, User};
use client_core::{ArgumentPlace, At, Check as _, Constraints, Field, Number, Pattern, Violations};
use std::fmt::Write as _;

fn violations_of(user: &User) -> Violations {
    let mut found = Violations::default();
    user.check(&Constraints::NONE, &At::start(ArgumentPlace::Body), &mut found);
    found
}

#[test]
fn a_request_names_all_its_violations_by_wire_path() {
    let role = |id: &str, name: Field<String>| Member { id: id.into(), name, ..Member::default() };
    let good = User { user_id: "ann".into(), ..User::default() };
    let uuid = "A2d8b2d2-1673-4f2d-a9ec-b02947160be7";
    let mut misplaced = good.clone();
    misplaced.extra.insert("user_ID", "bob");
    misplaced.extra.insert("new", 1);
    let table = [
        ("nothing wrong", good.clone()),
        ("nulls in optional members", User { phone: Field::Null, groups: Field::Null, ..good.clone() }),
        ("required but null", User { user_id: Field::Null, ..User::default() }),
        ("sixteen characters of two bytes", User { user_id: "ä".repeat(16).into(), ..User::default() }),
        ("seventeen characters", User { user_id: "ä".repeat(17).into(), ..User::default() }),
        ("empty", User { user_id: "".into(), ..User::default() }),
        ("a phone number", User { phone: "+47 (22) 51-80".into(), ..good.clone() }),
        ("the vendor's own sample", User { phone: "sample string 12".into(), ..good.clone() }),
        ("four digits only", User { phone: "(12) 3-4".into(), ..good.clone() }),
        ("bounds", User { level: 10.into(), claim: Field::Value(Number::from(-1)), ..good.clone() }),
        ("bounds met", User { level: 1.into(), claim: Field::Value(Number::from(0)), ..good.clone() }),
        ("no items", User { groups: Vec::new().into(), ..good.clone() }),
        ("nullable and null", User { role: role(uuid, Field::Null).into(), ..good.clone() }),
        (
            "nested",
            User {
                role: role("no uuid", "longer".into()).into(),
                groups: vec![role(uuid, "ok".into()), role(uuid, Field::Absent), Member::default()].into(),
                tags: vec!["a".to_owned(), "ab".to_owned(), "abcde".to_owned()].into(),
                ..User::default()
            },
        ),
        ("documented member in extra", misplaced),
        ("secret", User { password: "abc".into(), ..good }),
    ];
    let mut report = String::new();
    for (name, user) in table {
        let found = violations_of(&user);
        writeln!(report, "{name}: {}", if found.is_empty() { "fine" } else { "" }).unwrap();
        for violation in &found {
            writeln!(report, "    {violation}").unwrap();
        }
    }
    insta::assert_snapshot!("violations", report);
}

#[test]
fn a_long_text_never_reaches_the_pattern() {
    static SLOW: Pattern = Pattern::new(r"^(a+)+$");
    let mut found = Violations::default();
    let text = "a".repeat(40) + "!";
    Constraints::NONE.max_length(20).pattern(&SLOW).check_text(&text, &At::start(ArgumentPlace::Body), &mut found);
    assert_eq!(found.len(), 1, "it would take minutes");
}

#[test]
fn a_broken_pattern_is_named_rather_than_ignored() {
    static BROKEN: Pattern = Pattern::new("(");
    let mut found = Violations::default();
    Constraints::NONE.pattern(&BROKEN).check_text("x", &At::start(ArgumentPlace::Body), &mut found);
    assert!(found.to_string().contains("the documented pattern is broken"), "{found}");
}
