//! Configurations that are read, and errors at their places.

use provisioning::config::{Config, Limit, SecretSource};

const GOOD: &str = r#"[people]
key = "number"
delimiter = ";"
[limits]
max_disable = "2.5%"
[instances.claims]
vendor = "vbasoftware"
match = ["user_name", "email"]
active = "status == 'active'"
settings = { user = "admin", password = { env = "CLAIMS_PASSWORD" } }
[instances.claims.limits]
max_create = 50
[instances.claims.scim]
required = ["family_name"]
[instances.claims.map]
user_name = "email | before('@') | ascii | cut(16)"
title = { from = "title", authority = "create" }
[instances.claims.scim.map]
id = { from = "employee_number", authority = "create" }
"#;

#[test]
fn a_good_configuration_is_read_whole() {
    let config = Config::parse("c.toml", GOOD).expect("good");
    let claims = &config.instances["claims"];
    assert_eq!(claims.settings["password"], SecretSource::Env("CLAIMS_PASSWORD".to_owned()));
    assert_eq!(claims.limits[&provisioning::store::Kind::Disable], Limit::Share(250));
    assert_eq!(claims.limits[&provisioning::store::Kind::Create], Limit::Absolute(50));
    assert_eq!(claims.limits[&provisioning::store::Kind::Delete], Limit::Share(1000), "a limit stands where none is given");
    assert_eq!(claims.map.len(), 2);
    let made = claims.scim.map.as_ref().expect("mappings");
    assert!(made.contains_key(&vendor_users::Attribute::Id), "{made:?}");
    assert!(claims.scim.required.contains(&vendor_users::Attribute::FamilyName), "{:?}", claims.scim);
}

#[test]
fn every_error_is_told_at_its_place() {
    // What is replaced by what, and the error.
    let table = [
        ("key = \"number\"", "kee = \"number\"", "c.toml:2:1: `kee` is not known here"),
        ("key = \"number\"", "key = \" \"", "c.toml:2:7: `key` is empty"),
        ("\"vbasoftware\"", "7", "c.toml:7:10: `vendor` is text"),
        ("\"2.5%\"", "\"much\"", "c.toml:5:15: `max_disable` is a number such as 20"),
        ("\"email\"]", "\"mailbox\"]", "c.toml:8:23: there is no attribute `mailbox`"),
        ("cut(16)", "truncate(16)", "c.toml:16:13: there is no filter `truncate`"),
        ("status == 'active'", "status ==", "c.toml:9:10: the expression"),
        ("{ env = \"CLAIMS_PASSWORD\" }", "\"hunter2\"", "c.toml:10:41: `password` is a credential"),
        ("{ env = \"CLAIMS_PASSWORD\" }", "{ value = \"x\" }", "c.toml:10:41: `password` has its `value` in this file"),
        ("authority = \"create\"", "authority = \"never\"", "c.toml:17:39: `authority` is \"always\" or \"create\""),
        ("title =", "created =", "c.toml:17:1: `created` is the vendor's to give"),
        ("\"family_name\"", "\"surname\"", "c.toml:14:13: there is no attribute `surname`"),
        ("[people]", "[people", "c.toml:1:8: "),
    ];
    for (good, bad, wanted) in table {
        let text = GOOD.replace(good, bad);
        assert_ne!(text, GOOD, "{good}");
        let errors = Config::parse("c.toml", &text).expect_err(bad);
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|error| error.starts_with(wanted)), "{bad}: {told:#?}");
        assert!(!told.iter().any(|error| error.contains("hunter2")), "a credential is repeated: {told:#?}");
    }
}

#[test]
fn all_errors_are_told_at_once() {
    let text = GOOD.replace("\"2.5%\"", "true").replace("cut(16)", "shorten(16)");
    assert_eq!(Config::parse("c.toml", &text).expect_err("two").len(), 2);
}

#[test]
fn a_share_is_rounded_down_to_one_at_least() {
    let table = [(1000, 100, 10), (1000, 99, 9), (1000, 5, 1), (1000, 0, 0), (0, 100, 0), (10_000, 7, 7)];
    for (hundredths, managed, allowed) in table {
        assert_eq!(Limit::Share(hundredths).allowed(managed), allowed, "{hundredths} of {managed}");
    }
}
