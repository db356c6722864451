//! The protocol by tables made from RFC 7644.

use scim_gateway::protocol::evaluate::holds;
use scim_gateway::protocol::filter::{Filter, FilterLimits};
use scim_gateway::protocol::patch;
use scim_gateway::protocol::projection::Projection;
use serde_json::{Map, Value as Json, json};

fn kim() -> Map<String, Json> {
    let user = json!({
        "id": "1", "externalId": "Ab", "userName": "Kim.Lee", "active": true, "title": "Clerk",
        "name": { "givenName": "Kim", "familyName": "Lee" },
        "emails": [{ "type": "work", "value": "kim@example.com", "primary": true }],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "Sales" },
        "meta": { "lastModified": "2024-05-06T07:08:09Z" },
    });
    user.as_object().cloned().expect("an object")
}

#[test]
fn filters_hold_as_the_standard_says() {
    let table = [
        (r#"userName eq "kim.lee""#, true),
        (r#"USERNAME EQ "KIM.LEE""#, true),
        (r#"externalId eq "ab""#, false),
        (r#"externalId eq "Ab""#, true),
        (r#"name.familyName co "E""#, true),
        (r#"userName sw "K" and not (title eq "Boss")"#, true),
        (r#"title pr and nickName pr"#, false),
        (r#"title pr or nickName pr and active eq false"#, true),
        (r#"emails[type eq "work" and value ew "example.com"]"#, true),
        (r#"emails[type eq "work"].value eq "kim@example.com""#, true),
        (r#"emails eq "kim@example.com""#, true),
        (r#"emails.type eq "home""#, false),
        (r#"emails.type ne "home""#, true),
        (r#"active eq "True""#, true),
        (r#"meta.lastModified gt "2024-05-06T07:08:08+00:00""#, true),
        (r#"meta.lastModified le "2024-05-06T07:08:08Z""#, false),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "kim.lee""#, true),
        (r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "sales""#, true),
        (r#"nickName eq null"#, true),
    ];
    for (text, expected) in table {
        let filter = Filter::parse(text, FilterLimits::default()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(holds(&filter, &kim()), expected, "{text}");
    }
}

#[test]
fn what_is_no_filter_is_refused_whatever_its_size() {
    let deep = format!("{}a pr{}", "(".repeat(100_000), ")".repeat(100_000));
    let nots = format!("{}(a pr)", "not ".repeat(20));
    let many = vec!["a pr"; 500].join(" or ");
    for text in [
        "",
        "userName",
        "userName eq",
        "eq eq",
        "a eq \"x",
        "a xx 1",
        "(a pr",
        "a pr)",
        "a[b pr",
        "a gt true",
        &deep,
        &nots,
        &many,
    ] {
        let error = Filter::parse(text, FilterLimits::default()).expect_err(text);
        assert_eq!(error.scim_type.map(|kind| kind.name()), Some("invalidFilter"), "{text:.40}");
    }
}

#[test]
fn patches_of_both_dialects_are_understood() {
    let table = [
        (json!([{ "op": "Replace", "value": { "active": "False" } }]), "/active", json!("False")),
        (json!([{ "op": "replace", "path": "active", "value": false }]), "/active", json!(false)),
        (json!([{ "op": "Add", "value": { "name.givenName": "Kay" } }]), "/name/givenName", json!("Kay")),
        (
            json!([{ "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "k@x.org" }]),
            "/emails/0/value",
            json!("k@x.org"),
        ),
        (
            json!([{ "op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "1" }]),
            "/phoneNumbers/0",
            json!({ "type": "mobile", "value": "1" }),
        ),
        (json!([{ "op": "Remove", "path": "emails[type eq \"work\"]" }]), "/emails", json!([])),
        // There is one preferred value at most.
        (
            json!([{ "op": "add", "path": "emails", "value": [{ "type": "home", "value": "h@x.org", "primary": true }] }]),
            "/emails/0",
            json!({ "type": "work", "value": "kim@example.com", "primary": false }),
        ),
        (
            json!([
                { "op": "add", "path": "emails", "value": { "type": "home", "value": "h@x.org" } },
                { "op": "replace", "path": "emails[type eq \"home\"].primary", "value": "True" },
            ]),
            "/emails/0/primary",
            json!(false),
        ),
        (
            json!([{ "op": "remove", "path": "title" }, { "op": "add", "path": "title", "value": "Boss" }]),
            "/title",
            json!("Boss"),
        ),
        (
            json!([{ "op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "IT" }]),
            "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department",
            json!("IT"),
        ),
    ];
    for (operations, pointer, expected) in table {
        let parsed = patch::parse(&json!({ "Operations": operations }), 10, FilterLimits::default()).expect("a patch");
        let mut user = kim();
        patch::apply(&mut user, &parsed, FilterLimits::default()).unwrap_or_else(|error| panic!("{operations}: {error}"));
        assert_eq!(Json::Object(user).pointer(pointer), Some(&expected), "{operations}");
    }
}

#[test]
fn patches_that_cannot_be_done_say_why() {
    let table = [
        (json!([{ "op": "move", "path": "title" }]), "invalidSyntax"),
        (json!([{ "op": "remove" }]), "noTarget"),
        (json!([{ "op": "replace", "path": "emails[type eq \"home\"].value", "value": "x" }]), "noTarget"),
        (json!([{ "op": "replace", "path": "id", "value": "x" }]), "mutability"),
        (json!([{ "op": "replace", "path": "nothing", "value": "x" }]), "invalidPath"),
        (json!([{ "op": "replace", "path": "emails[type eq", "value": "x" }]), "invalidPath"),
        (json!([{ "op": "add", "path": "title" }]), "invalidValue"),
        (json!([{ "op": "add", "value": "x" }]), "invalidValue"),
        (json!(vec![json!({ "op": "remove", "path": "title" }); 11]), "tooMany"),
    ];
    for (operations, expected) in table {
        let done = patch::parse(&json!({ "Operations": operations }), 10, FilterLimits::default())
            .and_then(|parsed| patch::apply(&mut kim(), &parsed, FilterLimits::default()));
        let kind = done.expect_err(expected).scim_type.map(|kind| kind.name());
        assert_eq!(kind, Some(expected), "{operations}");
    }
}

#[test]
fn responses_have_the_attributes_that_are_wanted() {
    let names = |attributes, excluded| {
        let projected = Projection::parse(attributes, excluded).expect("names").of(kim());
        let names: std::collections::BTreeSet<_> = projected.keys().cloned().collect();
        names.into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(Some("userName,name.familyName"), None), "id name userName");
    assert!(!names(None, Some("emails,id")).contains("emails"));
    assert!(names(None, Some("emails,id")).contains("id"));
}
