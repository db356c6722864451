//! SCIM: the examples of RFC 7643, section 8, to a draft and back.

use std::fmt::Write as _;

use vendor_users::client_core::Timestamp;
use vendor_users::client_core::serde_json::{self, Value};
use vendor_users::scim::scim_v2::models::user::User as ScimUser;
use vendor_users::scim::scim_v2::utils::validation::Validate as _;
use vendor_users::scim::{from_scim, to_scim};
use vendor_users::{User, UserDraft, vbasoftware};

#[test]
fn the_examples_of_the_standard_come_back_and_what_does_not_is_named() {
    insta::glob!("fixtures/rfc7643/*.json", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let user: ScimUser = serde_json::from_str(&text).unwrap();
        let imported = from_scim(&user);
        let back = to_scim(&imported.draft).unwrap();
        back.validate().unwrap();
        assert_eq!(from_scim(&back).draft, imported.draft);
        assert_eq!(from_scim(&back).lost, Vec::<String>::new());

        // What came back is the original without what is reported.
        let (before, after) = (serde_json::to_value(&user).unwrap(), serde_json::to_value(&back).unwrap());
        assert_eq!(count(&before), count(&after) + imported.lost.len());

        let mut told = format!("{:#?}\n\nno place in a draft\n", imported.draft);
        imported.lost.iter().for_each(|path| writeln!(told, "  {}", shortened(path)).unwrap());
        for (vendor, lost) in imported.losses() {
            let names: Vec<&str> = lost.iter().map(|lost| lost.attribute.name()).collect();
            // One vendor shows how it is told; which attributes each of them has is data.
            if vendor.vendor == "vbasoftware" {
                writeln!(told, "no place at {}\n  {}", vendor.title, names.join(", ")).unwrap();
            }
        }
        insta::assert_snapshot!(told);
    });
}

/// Values that are no lists and no objects; the schemas are what the others make them.
fn count(node: &Value) -> usize {
    match node {
        Value::Object(members) => members.iter().filter(|(name, _)| *name != "schemas").map(|(_, member)| count(member)).sum(),
        Value::Array(elements) => elements.iter().map(count).sum(),
        _ => 1,
    }
}

fn shortened(path: &str) -> String {
    if path.len() > 120 { format!("{}…", path.chars().take(100).collect::<String>()) } else { path.to_owned() }
}

#[test]
fn a_vendors_user_is_a_scim_user() {
    let mut user = vbasoftware::types::User::default();
    user.user_id.set("kim");
    user.name.set("Kim Lee");
    user.email_address.set("kim@example.com");
    user.account_locked.set(true);
    user.update_date.set("2024-05-06T07:08:09Z".parse::<Timestamp>().unwrap());
    let user: Box<dyn User> = Box::new(user);
    insta::assert_snapshot!(serde_json::to_string_pretty(&to_scim(&*user).unwrap()).unwrap());
}

#[test]
fn a_user_without_a_user_name_is_no_scim_user() {
    let told = to_scim(&UserDraft::default()).unwrap_err().to_string();
    insta::assert_snapshot!(told, @"the user has no `user_name`, which SCIM demands (RFC 7643, section 4.1)");
}

#[test]
fn the_wanted_one_of_several_is_taken_and_the_others_are_named() {
    let user: ScimUser = serde_json::from_str(
        r#"{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "kim",
            "emails": [{"value": "home@example.com", "type": "home"}, {"value": "main@example.com", "primary": true}],
            "phoneNumbers": [{"value": "1", "type": "radio"}, {"value": "2", "type": "Mobile"}]}"#,
    )
    .unwrap();
    let imported = from_scim(&user);
    assert_eq!(imported.draft.email().as_deref(), Some("main@example.com"));
    assert_eq!((imported.draft.phone_number(), imported.draft.mobile_phone().as_deref()), (None, Some("2")));
    insta::assert_snapshot!(imported.lost.join("\n"));
}
