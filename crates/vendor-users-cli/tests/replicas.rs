//! Two processes that serve over one store in PostgreSQL: `tests/tools/postgres` starts a server.

use std::path::Path;
use std::thread;
use std::time::Duration;

use provisioning::store::new_id;

use crate::scim::{Served, curl};
use crate::support::{Demo, postgres, program};

fn person(number: usize) -> String {
    format!(
        r#"{{"userName": "p{number}", "externalId": "x{number}", "active": true, "emails": [{{"type": "work", "value": "p{number}@ex.org"}}]}}"#
    )
}

/// Sends until something else than 503, 429 or no response at all comes back.
fn post(folder: &Path, header: &str, url: &str, number: usize) -> String {
    for _ in 0..120 {
        let (status, body) = curl(folder, &["-H", header, "--json", &person(number), url]);
        match status.as_str() {
            "503" | "429" => thread::sleep(Duration::from_millis(500)),
            "201" | "409" => return status,
            _ => panic!("{number}: {status} {body}"),
        }
    }
    panic!("{number} was never created");
}

#[test]
fn two_replicas_make_one_user_and_a_killed_one_loses_nothing() {
    if postgres("two replicas over one store").is_none() {
        return;
    }
    let demo = Demo::start();
    let folder = demo.folder();
    // The server may be shared with other tests, the instance is not.
    let name = format!("claims-{}", new_id().expect("an identifier"));
    let config = std::fs::read_to_string(folder.join("vendor-users.toml")).expect("a configuration");
    let config = config.replace("[instances.vbasoftware", &format!("[instances.{name}"));
    let store = "store = { postgres = { env = \"STORE_TEST_URL\" } }\n";
    std::fs::write(folder.join("vendor-users.toml"), format!("{store}{config}\n[serve]\ndeadline_seconds = 4\n")).expect("it");
    let token = program(&folder).args(["token", "make", "okta", "-i", &name]).output().expect("it runs").stdout;
    let header = format!("Authorization: Bearer {}", String::from_utf8(token).expect("text").trim());
    let start = || Served::start(&folder, &["-i", &name, "--listen", "127.0.0.1:0"]);
    let (one, other) = (start(), start());
    let urls = [&one, &other].map(|served| format!("{}/v/{name}/Users", served.url));
    for number in 0..8 {
        let mut statuses = thread::scope(|scope| {
            let sent: Vec<_> = urls.iter().map(|url| scope.spawn(|| post(&folder, &header, url, number))).collect();
            sent.into_iter().map(|sent| sent.join().expect("a status")).collect::<Vec<_>>()
        });
        statuses.sort();
        assert_eq!(statuses, ["201", "409"], "{number}");
    }
    // One is killed in the middle of its work; the other one gets all of it once more.
    thread::scope(|scope| {
        let url = &urls[0];
        for number in 8..24 {
            let (folder, header) = (&folder, &header);
            scope.spawn(move || curl(folder, &["-H", header, "--json", &person(number), url]));
        }
        thread::sleep(Duration::from_millis(150));
        one.kill();
    });
    for number in 8..24 {
        post(&folder, &header, &urls[1], number);
    }
    let (status, list) = curl(&folder, &["-H", &header, &format!("{}?count=100", urls[1])]);
    assert!(status == "200" && list.contains("\"totalResults\":24"), "{list}");
    for number in 0..24 {
        assert_eq!(list.matches(&format!("\"userName\":\"p{number}\"")).count(), 1, "{number}: {list}");
        assert_eq!(list.matches(&format!("\"externalId\":\"x{number}\"")).count(), 1, "{number}: {list}");
    }
    let listed = program(&folder).args(["list", "-i", &name, "--format", "json"]).output().expect("it runs");
    let listed = String::from_utf8(listed.stdout).expect("text");
    for number in 0..24 {
        assert_eq!(listed.matches(&format!("\"user_ID\": \"p{number}\"")).count(), 1, "{number}: {listed}");
    }
    let (code, log) = other.end();
    assert_eq!(code, Some(0), "{log}");
}
