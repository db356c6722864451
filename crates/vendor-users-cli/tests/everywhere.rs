//! Many people at every vendor, with the configuration that `init` writes.

use std::fmt::Write as _;
use std::process::Command;

use vendor_users::client_core::serde_json::json;
use vendor_users::testing::{self, Emulator, Vendor};

use crate::support::{Ran, folder, program};

const PEOPLE: usize = 200;

fn people(title: &str, away: usize) -> String {
    let mut text = "number,given_name,family_name,email,title,phone,status\n".to_owned();
    for n in 0..PEOPLE {
        let status = if n < away { "away" } else { "active" };
        writeln!(text, "1{n:03},Given{n},Family{n},p{n}@example.com,{title},+49 30 {n},{status}").expect("text");
    }
    text
}

/// Requests that change something: of those with a body, all that do not sign in or read.
fn writes<V: Vendor>(server: &Emulator<V>) -> usize {
    let reads = ["login", "Token", "user-authentication", "GetUser", "Search", "query"];
    let exchanges = server.exchanges().into_iter();
    let count = exchanges.filter(|exchange| {
        let request = &exchange.request;
        request.method != "GET" && !reads.iter().any(|read| request.path.iter().any(|segment| segment == read))
    });
    let count = count.count();
    server.forget();
    count
}

#[test]
fn two_hundred_people_at_every_vendor_are_provisioned_once() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let servers = runtime.block_on(async {
        let (billing, office) = (testing::billingplatform::start().await, testing::superoffice::start().await);
        let (sms, vba) = (testing::twosms::start().await, testing::vbasoftware::start().await);
        (billing.expect("a port"), office.expect("a port"), sms.expect("a port"), vba.expect("a port"))
    });
    let (billing, office, sms, vba) = &servers;
    // Where no page says how to create a user, a person has.
    sms.with(|vendor| {
        for n in 0..PEOPLE {
            vendor.users.put(json!({
                "ID": format!("a2d8b2d2-1673-4f2d-a9ec-{n:012}"), "AccountID": "5a1ca887-9ec4-4ae8-bf61-715056ea9e98", "DisplayName": "Nobody", "EmailAddress": format!("p{n}@example.com"),
                "Enabled": true, "LanguageID": "c2fd9942-2548-483b-875c-a724b208dcaa", "MobilePhone": "+1 555 0000", "TimeZone": "UTC", "Username": format!("p{n}"),
            }));
        }
    });
    let folder = folder();
    let names = ["billingplatform", "superoffice", "twosms", "vbasoftware"];
    let run = |words: &[&str]| {
        let mut command: Command = program(folder.path());
        let login = testing::vbasoftware::LOGIN;
        for (name, value) in [
            ("BILLINGPLATFORM_USER", testing::billingplatform::LOGIN.0),
            ("BILLINGPLATFORM_PASSWORD", testing::billingplatform::LOGIN.1),
            ("SUPEROFFICE_USER", testing::superoffice::LOGIN.0),
            ("SUPEROFFICE_PASSWORD", testing::superoffice::LOGIN.1),
            ("TWOSMS_CLIENT_ID", testing::twosms::CLIENT.0),
            ("TWOSMS_CLIENT_SECRET", testing::twosms::CLIENT.1),
            ("VBASOFTWARE_API_KEY", testing::vbasoftware::KEY),
            ("VBASOFTWARE_DATABASE", testing::vbasoftware::DATABASE),
            ("VBASOFTWARE_USER", login.0),
            ("VBASOFTWARE_PASSWORD", login.1),
            ("VBASOFTWARE_CLIENT_ID", testing::vbasoftware::CLIENT.0),
            ("VBASOFTWARE_CLIENT_CODE", testing::vbasoftware::CLIENT.1),
        ] {
            command.env(name, value);
        }
        Ran::of(command.args(words).output().expect("the program runs"))
    };
    run(&[["init"].as_slice(), &names].concat()).ends_with(0);
    let path = folder.path().join("vendor-users.toml");
    let mut config = std::fs::read_to_string(&path).expect("written");
    config = config.lines().filter(|line| !line.starts_with("base_url")).map(|line| format!("{line}\n")).collect();
    for (name, url) in names.iter().zip([billing.url(), office.url(), sms.url(), vba.url()]) {
        let more = format!("base_url = \"{url}\"\nrate_limit = \"none\"\ncreate_unseen = true\n");
        config = config.replace(&format!("vendor = \"{name}\""), &format!("{more}vendor = \"{name}\""));
    }
    // What no page says outright is accepted, and the words that no page has are given.
    config = config.replace(
        "vendor = \"billingplatform\"",
        "accept_weak = [\"get\", \"list\", \"find\", \"enable\", \"disable\"]\nvendor = \"billingplatform\"",
    );
    config = config.replace(
        "[instances.billingplatform.settings]",
        "[instances.billingplatform.settings]\nactive_word = \"ACTIVE\"\ninactive_word = \"INACTIVE\"",
    );
    config = config.replace("# client_id", "client_id").replace("# client_code", "client_code");
    std::fs::write(&path, config).expect("written");
    let write = |text: String| std::fs::write(folder.path().join("people.csv"), text).expect("written");

    write(people("Clerk", 0));
    let planned = run(&["plan", "people.csv", "--adopt", "--format", "json"]).ends_with(2);
    let planned: serde_json::Value = serde_json::from_str(&planned.out).expect("JSON");
    for instance in planned["instances"].as_array().expect("instances") {
        let counts = instance["counts"].as_object().expect("counts");
        let sum: u64 = counts.values().filter_map(serde_json::Value::as_u64).sum();
        assert_eq!(sum, PEOPLE as u64, "{} does not add up: {counts:?}", instance["instance"]);
    }
    for (place, name) in names.into_iter().enumerate() {
        let sent = || [writes(billing), writes(office), writes(sms), writes(vba)];
        let ran = run(&["apply", "people.csv", "--adopt", "--yes", "-i", name]);
        let first = sent();
        assert!(first.iter().enumerate().all(|(other, writes)| other == place || *writes == 0), "{name}: {first:?}");
        assert_eq!(ran.code, 0, "{name}: {}{}", ran.out, ran.err);
        assert!(first[place] >= PEOPLE, "{name}: {first:?}");
        let plan = run(&["plan", "people.csv", "--adopt", "-i", name, "--format", "json"]).ends_with(0);
        let plan: serde_json::Value = serde_json::from_str(&plan.out).expect("JSON");
        let counts = &plan["instances"][0]["counts"];
        assert_eq!(*counts, json!({ "nothing": PEOPLE }), "{name}: {counts}");
        run(&["apply", "people.csv", "--adopt", "--yes", "-i", name]).ends_with(0);
        assert_eq!(sent(), [0; 4], "{name}: a second apply writes");
    }
    assert_eq!(vba.with(|vendor| vendor.users.all().len()), PEOPLE);

    // Ten leave, at every vendor, and that too is done once.
    write(people("Clerk", 10));
    let left = run(&["apply", "people.csv", "--yes", "--format", "json"]).ends_with(0);
    let left: serde_json::Value = serde_json::from_str(&left.out).expect("JSON");
    for instance in left["instances"].as_array().expect("instances") {
        assert_eq!(instance["counts"], json!({ "disable": 10, "nothing": PEOPLE - 10 }), "{}", instance["instance"]);
    }
    let locked = |record: &serde_json::Map<String, serde_json::Value>| record.get("account_Locked") == Some(&json!(true));
    assert_eq!(vba.with(|vendor| vendor.users.all().iter().filter(|record| locked(record)).count()), 10);
    let out = |record: &serde_json::Map<String, serde_json::Value>| record.get("Status") == Some(&json!("INACTIVE"));
    assert_eq!(billing.with(|vendor| vendor.users.all().iter().filter(|record| out(record)).count()), 10);
    let sent = || [writes(billing), writes(office), writes(sms), writes(vba)];
    sent();
    run(&["apply", "people.csv", "--yes"]).ends_with(0);
    assert_eq!(sent(), [0; 4]);
}
