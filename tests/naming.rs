//! The rule that makes Rust names of wire names, as a table.

use xtask::normalize::naming::{shouting, snake, type_name, unique, variant};

#[test]
fn fields_read_well() {
    let table = [
        ("user_ID", "user_id"),
        ("userID", "user_id"),
        ("userIDs", "user_ids"),
        ("mfA_Enabled", "mfa_enabled"),
        ("ssO_User_Name", "sso_user_name"),
        ("is_SSO_User", "is_sso_user"),
        ("vbA_User", "vba_user"),
        ("vbA_Password_Reset", "vba_password_reset"),
        ("iD_Card_Notification", "id_card_notification"),
        ("eMail_Address", "email_address"),
        ("nav_ID_Color", "nav_id_color"),
        ("DPAVersion", "dpa_version"),
        ("SSOEnabled", "sso_enabled"),
        ("EjUserId", "ej_user_id"),
        ("Last_Name", "last_name"),
        ("RequireOAuthForAPIAccess", "require_oauth_for_api_access"),
        ("Lastlogin", "lastlogin"),
        ("planB", "plan_b"),
        ("xAxis", "x_axis"),
        ("IOError", "io_error"),
        ("Address2Line", "address2_line"),
        ("$select", "select"),
        ("odata.nextLink", "odata_next_link"),
        ("expired-id-token", "expired_id_token"),
        ("X-XSRF-TOKEN", "x_xsrf_token"),
    ];
    check(snake, &table);
}

#[test]
fn names_that_rust_cannot_take_get_an_underscore() {
    check(
        snake,
        &[("Type", "type_"), ("self", "self_"), ("Self", "self_"), ("extra", "extra_"), ("2faCode", "_2fa_code"), ("7", "_7")],
    );
}

#[test]
fn names_without_ascii_letters_are_still_names() {
    check(
        snake,
        &[("", "field"), ("$", "field"), ("名前", "field"), ("Größe", "grose"), ("a\u{202e}b", "a_b"), ("../../etc", "etc")],
    );
}

#[test]
fn types_are_words_with_capitals() {
    let table = [
        ("ResponseOfUser", "ResponseOfUser"),
        ("SSOUser", "SsoUser"),
        ("user-list.v1", "UserListV1"),
        ("2fa", "Type2fa"),
        ("self", "SelfType"),
        ("", "Type"),
    ];
    check(type_name, &table);
}

#[test]
fn variants_leave_unknown_to_what_is_not_documented() {
    let table = [
        ("InternalAssociate", "InternalAssociate"),
        ("external-associate", "ExternalAssociate"),
        ("Unknown", "UnknownValue"),
        ("self", "SelfValue"),
        ("", "Empty"),
        ("1", "Value1"),
        ("+", "Value"),
    ];
    check(variant, &table);
}

#[test]
fn statics_shout() {
    check(shouting, &[("MobilePhone", "MOBILE_PHONE"), ("mfA_Code", "MFA_CODE")]);
}

#[test]
fn a_name_that_is_taken_gets_a_number() {
    let taken = ["id", "id_2", "type_"];
    let is_taken = |name: &str| taken.contains(&name);
    assert_eq!(unique("name", "_", is_taken), "name");
    assert_eq!(unique("id", "_", is_taken), "id_3");
    assert_eq!(unique("type_", "_", is_taken), "type_2");
}

fn check(rule: impl Fn(&str) -> String, table: &[(&str, &str)]) {
    let wrong: Vec<_> =
        table.iter().map(|(name, expected)| (name, rule(name), expected)).filter(|(_, got, expected)| got != *expected).collect();
    assert!(wrong.is_empty(), "name, got, expected: {wrong:#?}");
}
