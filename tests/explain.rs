//! `cargo xtask explain`, on the vendors as they are committed.

use xtask::{
    explain::{Places, explain, node_at},
    nodes,
    regen::Made,
    rust::items::Items,
};

use crate::support::workspace;

/// Whose, what, and what the case shows.
const CASES: &[(&str, &str, &str)] = &[
    ("vbasoftware", "User.mfA_Enabled", "property"),
    ("vbasoftware", "User.account_Locked", "attribute_turned_round"),
    ("vbasoftware", "PUT /users/{userID}", "operation"),
    ("vbasoftware", "GetUser.userID", "path_argument"),
    ("vbasoftware", "types::User::mfa_enabled", "rust_field"),
    ("vbasoftware", "Client::get_user", "rust_method"),
    ("twosms", "ListUsers::include_super_users", "rust_setter"),
    ("superoffice", "User::user_type", "attribute_of_the_facade"),
    ("superoffice", "types::User::type_", "hoisted_enumeration"),
    ("vbasoftware", "#/paths/~1users/get", "fragment"),
    ("vbasoftware", "ListUsers.pageSize", "added_by_the_overlay"),
    ("vbasoftware", "UserAuthentication.vbasoftware-client-code", "constant"),
    ("vbasoftware", "basicAuth", "security_scheme"),
    ("vbasoftware", "BatchOutcome.id", "inside_an_addition"),
    ("billingplatform", "ApplicationUser", "renamed_schema"),
    ("billingplatform", "ApplicationUser.Email", "one_long_line"),
    ("superoffice", "/paths/~1api~1v1~1Agents~1User~1SaveUser/post/responses/200/content", "pointer"),
    ("twosms", "User.AgreementDate", "contradiction"),
    ("twosms", "UpdateUser", "renamed_operation"),
];

#[test]
fn everything_is_told_with_its_places() {
    for (vendor, what, name) in CASES {
        let told = explain(&workspace::root(), vendor, what).unwrap_or_else(|failure| panic!("{vendor} {what}: {failure}"));
        let text = told.text;
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}"), text);
        });
    }
}

#[test]
fn an_unknown_name_is_answered_with_those_near_it() {
    let refused = |what| explain(&workspace::root(), "vbasoftware", what).expect_err("nothing is called so").to_string();
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("unknown", ["User.mfaEnabled", "PUT /user/{userID}", "UpdateUsr", "Client::get_usr", "types::Usr::nme", "/no/such", "?"].map(refused).join("\n"));
    });
}

/// Nodes that say nothing a client could carry.
const WITHOUT_RUST: [&str; 2] = ["/info", "/tags"];

#[test]
fn every_node_has_whole_places_and_every_named_one_its_rust() {
    for (vendor, _) in workspace::specifications() {
        let made = Made::load(&workspace::root(), &vendor).expect("committed vendors are sound");
        let value = &made.specification.value;
        let (items, places) = (Items::of(&made.client.model), Places::of(&made));
        nodes::visit(value, |pointer, kind, node| {
            let found = places.node(pointer, node);
            assert!(!found.is_empty(), "{vendor}: {pointer} stands nowhere");
            for span in found.iter().filter(|span| made.vendor.documents.iter().any(|document| document.id == span.document)) {
                assert!(span.start < span.end, "{vendor}: {pointer} has a place without an end");
            }
            assert_eq!(node_at(value, pointer).map(|(kind, _)| kind), Some(kind));
            let spared = WITHOUT_RUST.iter().any(|start| pointer.as_str().starts_with(start));
            assert!(spared || items.around(pointer).is_some(), "{vendor}: {pointer} became nothing in Rust");
        });
    }
}
