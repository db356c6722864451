//! The generated clients before a validating mock that others wrote, which serves the committed specifications.
//!
//! It takes every request of the clients, and refuses those that were broken on purpose; without the latter, taking them
//! would prove nothing. `tests/tools/conformance` installs the mock and runs this; without it the proof is skipped, and says so.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

/// What is done to a request of a client to break it.
#[derive(Clone, Copy, Debug)]
enum Break {
    /// This header is left out.
    Without(&'static str),
    /// This header says something else.
    Header(&'static str, &'static str),
    /// This property, by its pointer, is left out.
    WithoutField(&'static str),
    /// This property, by its pointer, has another value, as JSON.
    Field(&'static str, &'static str),
    NoBody,
    /// A part of path and query is something else.
    Target(&'static str, &'static str),
    /// Something else is asked for.
    Method(&'static str),
}
use Break::{Field, Header, Method, NoBody, Target, Without, WithoutField};

use crate::support::{
    calls::{self, Outcome, Setup},
    operations,
    skipped::skipped,
    socket::{Recorder, Request},
    workspace,
};

/// Requests that no vendor should get, and the status of the mock's response: 401 without credentials, and otherwise the
/// documented 400, or 415 and 422 of its own where none is documented.
const BROKEN: [(&str, &str, Break, u16); 52] = [
    ("billingplatform", "SaveApplicationUsers", Without("authorization"), 401),
    ("billingplatform", "SaveApplicationUsers", Without("sessionid"), 400),
    ("billingplatform", "SaveApplicationUsers", Header("sessionid", ""), 400),
    ("billingplatform", "SaveApplicationUsers", Header("content-type", "text/plain"), 400),
    ("billingplatform", "SaveApplicationUsers", NoBody, 400),
    ("billingplatform", "SaveApplicationUsers", Field("/brmObjects", "[]"), 400),
    ("billingplatform", "SaveApplicationUsers", Field("/brmObjects/TimeZoneId", "\"351\""), 400),
    ("billingplatform", "SaveApplicationUsers", Field("/brmObjects/TimeZoneId", "351.5"), 400),
    ("billingplatform", "SaveApplicationUsers", Field("/brmObjects/ThemeId", "2"), 400),
    ("billingplatform", "SaveApplicationUsers", WithoutField("/brmObjects/Email"), 400),
    ("billingplatform", "SaveApplicationUsers", Method("DELETE"), 405),
    ("billingplatform", "UpdateExternalUsers", Without("authorization"), 401),
    ("billingplatform", "UpdateExternalUsers", Field("/brmObjects/ThemeId", "\"2\""), 400),
    ("billingplatform", "UpdateExternalUsers", WithoutField("/brmObjects/AccountId"), 400),
    ("billingplatform", "UpdateExternalUsers", Field("/brmObjects/Username", "null"), 400),
    ("superoffice", "SaveUser", Without("authorization"), 401),
    ("superoffice", "SaveUser", Header("content-type", "text/plain"), 400),
    ("superoffice", "SaveUser", Field("/AssociateId", "\"0\""), 400),
    ("superoffice", "SaveUser", Field("/IsOnTravel", "\"no\""), 400),
    ("superoffice", "SaveUser", Field("/Type", "\"Internal\""), 400),
    ("superoffice", "SaveUser", Field("/Credentials", "{}"), 400),
    ("superoffice", "SaveUser", Field("/Credentials/0/Value", "7"), 400),
    ("superoffice", "SaveUser", Field("/Lastlogin", "\"yesterday\""), 400),
    ("superoffice", "SaveUser", Field("/CustomFields", "{\"a\": 1}"), 400),
    ("superoffice", "SaveUser", Target("SaveUser", "SaveUsers"), 404),
    ("twosms", "UpdateUser", Without("authorization"), 401),
    ("twosms", "UpdateUser", Target("a2d8b2d2-1673-4f2d-a9ec-b02947160be7", "7"), 422),
    ("twosms", "UpdateUser", Header("content-type", "image/png"), 415),
    ("twosms", "UpdateUser", WithoutField("/DisplayName"), 422),
    ("twosms", "UpdateUser", Field("/Enabled", "\"true\""), 422),
    ("twosms", "UpdateUser", Field("/LanguageID", "\"en\""), 422),
    ("twosms", "UpdateUser", Field("/MobilePhone", "\"12-34\""), 422),
    ("twosms", "UpdateUser", Field("/Username", "null"), 422),
    ("vbasoftware", "UserAuthentication", Without("authorization"), 401),
    ("vbasoftware", "UserAuthentication", Without("x-api-key"), 401),
    ("vbasoftware", "UserAuthentication", Header("authorization", "Bearer a-token"), 401),
    ("vbasoftware", "UserAuthentication", Without("vbasoftware-client-code"), 422),
    ("vbasoftware", "RefreshUserTokens", Without("refresh-token"), 422),
    ("vbasoftware", "ChangeTemporaryPassword", Field("/newPassword", "\"\""), 422),
    ("vbasoftware", "SubmitMFACode", WithoutField("/session"), 422),
    ("vbasoftware", "CreateUser", Without("authorization"), 401),
    ("vbasoftware", "CreateUser", Without("vbasoftware-database"), 422),
    ("vbasoftware", "CreateUser", Header("content-type", "application/xml"), 415),
    ("vbasoftware", "CreateUser", NoBody, 422),
    ("vbasoftware", "CreateUser", WithoutField("/user_ID"), 422),
    ("vbasoftware", "CreateUser", Field("/user_ID", "\"seventeen letters\""), 422),
    ("vbasoftware", "CreateUser", Field("/account_Locked", "null"), 422),
    ("vbasoftware", "CreateUser", Field("/entry_Date", "\"yesterday\""), 422),
    ("vbasoftware", "ListUsers", Target("page=2", "page=0"), 422),
    ("vbasoftware", "ListUsers", Target("pageSize=50", "pageSize=all"), 422),
    ("vbasoftware", "DeleteUser", Without("x-api-key"), 401),
    ("vbasoftware", "CreateOrUpdateBatchUsers", WithoutField("/0/user_ID"), 422),
];

#[tokio::test]
async fn the_mock_takes_every_request_of_the_clients_and_no_broken_one() {
    let Some(mocks) = Mock::start_all() else { return };
    let mut faults = String::new();
    for (call, operation) in calls::all().into_iter().zip(operations::all()) {
        for schemes in operation.alternatives() {
            let setup = Setup { url: mocks[call.vendor].url.clone(), schemes, without: None };
            let at = format!("{} {} by {}", call.vendor, call.operation, setup.schemes.join(" and "));
            let status = match (call.send)(setup).await {
                // A made-up response may say that the call was refused, as some vendors do with 200.
                Outcome::Answered { status, .. } | Outcome::Refused { status, .. } => status,
                Outcome::Failed(error) => panic!("{at}: {error}"),
            };
            if status != operation.success {
                let (_, response) = recorded(call.vendor, call.operation).await.send(mocks[call.vendor].address()).await;
                let _ = writeln!(faults, "{at}: {status} instead of {}: {response}", operation.success);
            }
        }
    }
    for (vendor, operation, how, expected) in BROKEN {
        let mut request = recorded(vendor, operation).await;
        how.apply(&mut request);
        let (status, response) = request.send(mocks[vendor].address()).await;
        if status != expected {
            let _ = writeln!(faults, "{vendor} {operation} {how:?}: {status} instead of {expected}: {response}");
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

/// The request of a client, with the first documented credential.
async fn recorded(vendor: &str, operation: &str) -> Request {
    let mut calls = calls::all().into_iter().zip(operations::all());
    let found = calls.find(|(call, _)| (call.vendor, call.operation) == (vendor, operation));
    let (call, documented) = found.unwrap_or_else(|| panic!("{vendor} has no {operation}"));
    let recorder = Recorder::start(&[(documented.success, "{}")]).await;
    let schemes = documented.alternatives().swap_remove(0);
    (call.send)(Setup { url: recorder.url(), schemes, without: None }).await;
    recorder.requests().remove(0)
}

impl Break {
    /// Panics where there is nothing to break, since the table is wrong then.
    fn apply(self, request: &mut Request) {
        match self {
            Without(name) => {
                let before = request.headers.len();
                request.headers.retain(|(sent, _)| !sent.eq_ignore_ascii_case(name));
                assert!(request.headers.len() < before, "{name} is not sent");
            }
            Header(name, value) => {
                let header = request.headers.iter_mut().find(|(sent, _)| sent.eq_ignore_ascii_case(name));
                header.unwrap_or_else(|| panic!("{name} is not sent")).1 = value.to_owned();
            }
            WithoutField(pointer) => edit(request, pointer, |members, name| {
                members
                    .as_object_mut()
                    .and_then(|members| members.remove(name))
                    .unwrap_or_else(|| panic!("{pointer} is not sent"));
            }),
            Field(pointer, value) => edit(request, pointer, |members, name| {
                members[name] = serde_json::from_str(value).expect("JSON");
            }),
            NoBody => request.body.clear(),
            Target(from, to) => {
                assert!(request.target.contains(from), "{from} is not in {}", request.target);
                request.target = request.target.replace(from, to);
            }
            Method(method) => request.method = method.to_owned(),
        }
    }
}

/// Changes the object that holds the property at a pointer.
fn edit(request: &mut Request, pointer: &str, change: impl FnOnce(&mut Value, &str)) {
    let mut body: Value = serde_json::from_str(&request.body).expect("a JSON body");
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer to a property");
    change(body.pointer_mut(parent).unwrap_or_else(|| panic!("{parent} is not sent")), name);
    request.body = body.to_string();
}

/// A running mock of one vendor; it ends when it is dropped, because its input does.
struct Mock {
    url: String,
    script: Child,
}

impl Mock {
    /// One mock for each vendor, or none where the tool is not installed.
    fn start_all() -> Option<BTreeMap<String, Self>> {
        let tools = workspace::root().join("tests/tools");
        if !tools.join("node_modules/.bin/prism").exists() {
            skipped("prism is not installed; tests/tools/conformance installs and runs it (needs npm)");
            return None;
        }
        let started: Vec<(String, Child)> = (workspace::called().into_iter())
            .map(|(vendor, _)| {
                let mut script = Command::new(tools.join("conformance"));
                script.arg("serve").arg(workspace::root().join(format!("specs/{vendor}/openapi.json")));
                let script = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the script starts");
                (vendor, script)
            })
            .collect();
        let ready = started.into_iter().map(|(vendor, mut script)| {
            let mut url = String::new();
            let output = script.stdout.take().expect("a pipe");
            BufReader::new(output).read_line(&mut url).expect("text");
            assert!(url.starts_with("http://127.0.0.1:"), "the mock of {vendor} did not start");
            (vendor, Self { url: url.trim().to_owned(), script })
        });
        Some(ready.collect())
    }

    fn address(&self) -> std::net::SocketAddr {
        self.url.trim_start_matches("http://").parse().expect("an address")
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        let _ = self.script.wait();
    }
}
