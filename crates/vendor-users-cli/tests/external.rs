//! A vendor with two kinds of user: an instance has one kind of them.

use vendor_users::client_core::serde_json::json;
use vendor_users::testing::billingplatform as emulator;

use crate::support::{folder, run};

const CONFIG: &str = r#"
[people]
key = "number"
[instances.customers]
vendor = "billingplatform"
base_url = "URL"
accept_weak = ["get", "list", "find"]
[instances.customers.settings]
user = "USER"
password = { command = ["printf", "PASSWORD"] }
users = "external"
[instances.customers.map]
user_name = "email"
email = "email"
family_name = "name"
"#;

#[test]
fn external_users_are_an_instance_of_their_own() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let server = runtime.block_on(emulator::start()).expect("a port");
    let user = |id: usize, name: &str| {
        json!({ "Id": id.to_string(), "Username": format!("p{id}@example.com"), "Email": format!("p{id}@example.com"), "Last_Name": name, "Status": "ACTIVE",
            "RoleId": 1, "LanguageCode": 1, "TimeZoneId": 12, "AccountId": 5 })
    };
    server.with(|vendor| {
        (1..=3).for_each(|id| vendor.external.put(user(id, "Old")));
        (1..=3).for_each(|id| vendor.users.put(user(id, "Colleague")));
    });
    let before = server.with(|vendor| vendor.users.all().to_vec());
    let folder = folder();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    let config = CONFIG.replace("URL", &server.url()).replace("USER", emulator::LOGIN.0).replace("PASSWORD", emulator::LOGIN.1);
    write("vendor-users.toml", &config);
    write("people.csv", "number,email,name\n1,p1@example.com,New\n2,p2@example.com,Old\n4,p4@example.com,Joiner\n");
    let run = |words: &[&str]| run(folder.path(), words);

    let shown = run(&["vendors"]).ends_with(0);
    assert!(shown.out.contains("customers (BillingPlatform, external users)"), "{}", shown.out);
    let all = run(&["vendors", "--all"]).ends_with(0);
    assert!(all.out.contains("billingplatform (BillingPlatform, external users)"), "{}", all.out);
    run(&["check"]).ends_with(0);
    let listed = run(&["list"]).ends_with(0);
    assert_eq!(listed.out.lines().count(), 4, "{}", listed.out);

    let applied = run(&["apply", "people.csv", "--adopt", "--yes"]).ends_with(0);
    assert!(applied.out.contains("add the external user in the platform, at its account"), "{}", applied.out);
    let names = || server.with(|vendor| vendor.external.all().iter().map(|user| user["Last_Name"].clone()).collect::<Vec<_>>());
    assert_eq!(names(), ["New", "Old", "Old"]);
    assert_eq!(server.with(|vendor| vendor.users.all().to_vec()), before, "the other kind of user was touched");

    // The store has the accounts of external users; those of the other kind have the same numbers.
    write("vendor-users.toml", &config.replace("users = \"external\"", "users = \"application\""));
    let ran = run(&["apply", "people.csv", "--yes"]).ends_with(3);
    assert!(ran.out.contains("the store knows the accounts of"), "{}", ran.out);
    assert_eq!(server.with(|vendor| vendor.users.all().to_vec()), before);

    for (from, to, told) in [
        ("\"external\"", "\"guests\"", "the setting `users` is \"application\" or \"external\""),
        ("[instances.customers.map]", "[instances.customers.defaults]\nRoleId = 1\n[instances.customers.map]", "leave them out"),
    ] {
        write("vendor-users.toml", &config.replace(from, to));
        let ran = run(&["plan", "people.csv"]).ends_with(78);
        assert!(ran.err.contains(told), "{}", ran.err);
    }
}

#[test]
fn a_new_configuration_says_that_there_are_two_kinds() {
    let folder = folder();
    run(folder.path(), &["init", "customers=billingplatform"]).ends_with(0);
    let config = std::fs::read_to_string(folder.path().join("vendor-users.toml")).expect("written");
    assert!(config.contains("# users = \"external\" # "), "{config}");
}
