//! What a gateway does when something fails, takes too long or is too much, over sockets.

use std::sync::Arc;
use std::time::Duration;

use scim_gateway::settings::OnDelete;
use scim_gateway::{InstanceSettings, Limits, token};
use serde_json::{Value as Json, json};
use vendor_users::directory::DirectoryFuture;
use vendor_users::search::Found;
use vendor_users::testing::memory::Memory;
use vendor_users::testing::vbasoftware::{self, Vba};
use vendor_users::testing::{Emulator, Fault};
use vendor_users::{By, Capabilities, Directory, Error, ErrorKind, Outcome, Switched, User, UserDraft, adapter};

use crate::support::Served;
use crate::support::instances::{self, Instance};

const NAME: &str = "vbasoftware";

/// A gateway over an emulator, which a test has in its hand.
async fn claims(settings: InstanceSettings) -> (Served, Emulator<Vba>) {
    let emulator = vbasoftware::start().await.expect("an emulator");
    let login = emulator.settings().defaults(vbasoftware::flags());
    let directory = adapter::vbasoftware::connect(login).await.expect("a login");
    (Served::start(vec![Instance::new(NAME, Arc::new(directory), ())], settings).await, emulator)
}

fn user(name: &str) -> Json {
    json!({ "userName": name, "externalId": name, "active": true, "emails": [{ "type": "work", "value": format!("{name}@ex.org") }] })
}

async fn made(served: &Served, name: &str) -> String {
    let made = served.send(NAME, "POST", "Users", &user(name)).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.body["id"].as_str().expect("an identifier").to_owned()
}

#[tokio::test]
async fn a_list_that_fails_in_the_middle_is_no_shorter_list() {
    let (served, vendor) = claims(InstanceSettings::default()).await;
    for number in 0..3 {
        made(&served, &format!("user{number}")).await;
    }
    for status in [500, 404, 400] {
        vendor.inject(Fault::status(status).on("GET", "users"));
        let failed = served.send(NAME, "GET", "Users", &Json::Null).await;
        assert_eq!(failed.status, 503, "{status}: {failed:?}");
        assert!(failed.headers.contains_key("retry-after"), "{failed:?}");
        vendor.heal();
    }
    assert_eq!(served.send(NAME, "GET", "Users", &Json::Null).await.body["totalResults"], 3);
}

#[tokio::test]
async fn the_vendors_rate_limit_is_passed_on() {
    let (served, vendor) = claims(InstanceSettings::default()).await;
    let id = made(&served, "kim").await;
    vendor.inject(Fault::status(429));
    let limited = served.send(NAME, "GET", &format!("Users/{id}"), &Json::Null).await;
    assert_eq!(limited.status, 429, "{limited:?}");
    assert!(limited.headers["retry-after"].parse::<u64>().is_ok_and(|wait| wait > 0), "{limited:?}");
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_told_to_come_again_and_its_write_goes_on() {
    let (patient, vendor) = claims(InstanceSettings::default()).await;
    let id = made(&patient, "kim").await;
    let same = Instance::new(NAME, Arc::clone(&patient.instances[0].directory), ());
    let hasty = Limits::default().deadline(Duration::from_millis(300));
    let settings = InstanceSettings::default();
    let hasty = Served::over(Arc::clone(&patient.store), vec![same], settings, |builder| builder.limits(hasty)).await;
    vendor.inject(Fault::delay(Duration::from_millis(500)).on("PUT", "users").times(1));
    let patch = json!({ "Operations": [{ "op": "replace", "path": "title", "value": "Clerk" }] });
    let late = hasty.send(NAME, "PATCH", &format!("Users/{id}"), &patch).await;
    assert_eq!(late.status, 503, "{late:?}");
    for _ in 0..100 {
        let read = patient.send(NAME, "GET", &format!("Users/{id}"), &Json::Null).await;
        if read.body["title"] == "Clerk" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the write was given up");
}

#[tokio::test]
async fn deactivations_count_although_what_came_behind_them_failed() {
    let (served, _vendor) = claims(InstanceSettings::default().max_deactivations_per_hour(Some(1))).await;
    let (kim, sam) = (made(&served, "kim").await, made(&served, "sam").await);
    let patch = |title: &str| {
        json!({ "Operations": [
            { "op": "replace", "path": "title", "value": title }, { "op": "replace", "path": "active", "value": false }] })
    };
    let half = served.send(NAME, "PATCH", &format!("Users/{kim}"), &patch(&"long".repeat(100))).await;
    assert_eq!((half.status, &half.body["scimType"]), (400, &json!("invalidValue")), "{half:?}");
    assert_eq!(served.send(NAME, "GET", &format!("Users/{kim}"), &Json::Null).await.body["active"], false);
    let off = json!({ "Operations": [{ "op": "replace", "path": "active", "value": false }] });
    assert_eq!(served.send(NAME, "PATCH", &format!("Users/{sam}"), &off).await.status, 503);
    // Sending the half again finishes it, and is no second deactivation.
    let whole = served.send(NAME, "PATCH", &format!("Users/{kim}"), &patch("Gone")).await;
    assert_eq!((whole.status, &whole.body["title"]), (200, &json!("Gone")), "{whole:?}");
}

/// A directory of which nobody knows whether a removal was done.
#[derive(Debug)]
struct Unsure(Memory);

impl Unsure {
    fn unsure<'a, T: Send + 'a>(&'a self, kind: ErrorKind) -> DirectoryFuture<'a, T> {
        let error = Error::new(kind, self.0.capabilities().instance(), "the response was lost").with_may_have_arrived(true);
        Box::pin(std::future::ready(Err(error)))
    }
}

impl Directory for Unsure {
    fn capabilities(&self) -> &Capabilities {
        self.0.capabilities()
    }

    fn get<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Box<dyn User>> {
        self.0.get(id)
    }

    fn find<'a>(&'a self, by: By<'a>) -> DirectoryFuture<'a, Found> {
        self.0.find(by)
    }

    fn create<'a>(&'a self, draft: &'a UserDraft) -> DirectoryFuture<'a, Outcome> {
        self.0.create(draft)
    }

    fn deactivate<'a>(&'a self, _: &'a str) -> DirectoryFuture<'a, Switched> {
        self.unsure(ErrorKind::Unverified)
    }

    fn delete<'a>(&'a self, _: &'a str) -> DirectoryFuture<'a, ()> {
        self.unsure(ErrorKind::Unavailable)
    }
}

/// What was asked of the vendor and may have been done counts, whatever the vendor said.
#[tokio::test]
async fn removals_that_nobody_has_seen_count() {
    let off = json!({ "Operations": [{ "op": "replace", "path": "active", "value": false }] });
    for (method, body, on_delete) in [
        ("PATCH", &off, OnDelete::Deactivate),
        ("DELETE", &Json::Null, OnDelete::Deactivate),
        ("DELETE", &Json::Null, OnDelete::Delete),
    ] {
        let settings = InstanceSettings::default().max_deactivations_per_hour(Some(1)).on_delete(on_delete);
        let instance = Instance::new(NAME, Arc::new(Unsure(Memory::new(NAME))), ());
        let served = Served::start(vec![instance], settings).await;
        let (kim, sam) = (made(&served, "kim").await, made(&served, "sam").await);
        let lost = served.send(NAME, method, &format!("Users/{kim}"), body).await;
        assert_eq!(lost.status, 503, "{method}: {lost:?}");
        assert!(lost.body["detail"].as_str().is_some_and(|detail| detail.contains("lost")), "{lost:?}");
        let next = served.send(NAME, "PATCH", &format!("Users/{sam}"), &off).await;
        assert_eq!(next.status, 503, "{method} {on_delete:?}: {next:?}");
        assert!(next.body["detail"].as_str().is_some_and(|detail| detail.contains("max_deactivations_per_hour")), "{next:?}");
    }
}

#[tokio::test]
async fn deactivations_at_the_same_time_keep_to_the_limit() {
    let (served, _vendor) = claims(InstanceSettings::default().max_deactivations_per_hour(Some(3))).await;
    let mut users = Vec::new();
    for number in 0..8 {
        users.push(made(&served, &format!("user{number}")).await);
    }
    let off = json!({ "Operations": [{ "op": "replace", "path": "active", "value": false }] });
    let sent = users.iter().map(|id| {
        let (served, off, path) = (&served, &off, format!("Users/{id}"));
        async move { served.send(NAME, "PATCH", &path, off).await.status }
    });
    let statuses = futures_util::future::join_all(sent).await;
    let done = statuses.iter().filter(|status| **status == 200).count();
    assert!((1..=3).contains(&done), "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 200 | 503)), "{statuses:?}");
}

#[tokio::test]
async fn a_user_that_the_vendor_locked_is_not_unlocked_by_the_way() {
    let (served, _vendor) = claims(InstanceSettings::default()).await;
    let id = made(&served, "kim").await;
    served.instances[0].directory.disable("kim").await.expect("an operator at the vendor");
    let whole = served.send(NAME, "PUT", &format!("Users/{id}"), &user("kim")).await;
    assert_eq!((whole.status, &whole.body["active"]), (200, &json!(false)), "{whole:?}");
    let on = json!({ "Operations": [{ "op": "replace", "path": "active", "value": true }] });
    let refused = served.send(NAME, "PATCH", &format!("Users/{id}"), &on).await;
    assert_eq!(refused.status, 403, "{refused:?}");
}

/// What a vendor is asked for is part of an address there.
#[tokio::test]
async fn names_that_no_vendor_could_be_asked_for_are_wrong_values() {
    let served = Served::start(vec![instances::vbasoftware().await.expect("an emulator")], InstanceSettings::default()).await;
    let long = "x".repeat(100_000);
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    for body in [json!({ "userName": long }), json!({ "userName": "kim", enterprise: { "manager": { "value": long } } })] {
        let response = served.send("vbasoftware", "POST", "Users", &body).await;
        let refused = (response.status, response.body["scimType"].as_str());
        assert_eq!(refused, (400, Some("invalidValue")), "{:?}", response.body);
        assert!(
            response.body["detail"].as_str().is_some_and(|detail| detail.contains("100000 characters")),
            "{:?}",
            response.body
        );
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let instance = instances::vbasoftware().await.expect("an emulator");
    let limits = Limits::default().body(2000).operations(3);
    let served = Served::with(vec![instance], InstanceSettings::default(), |builder| builder.limits(limits)).await;
    let mut large = user("kim");
    large["title"] = json!("x".repeat(3000));
    assert_eq!(served.send(NAME, "POST", "Users", &large).await.status, 413);
    let id = made(&served, "kim").await;
    let many = json!({ "Operations": vec![json!({ "op": "remove", "path": "title" }); 4] });
    assert_eq!(served.send(NAME, "PATCH", &format!("Users/{id}"), &many).await.body["scimType"], "tooMany");
    let deep = format!("Users?filter={}title%20pr{}", "(".repeat(40), ")".repeat(40));
    assert_eq!(served.send(NAME, "GET", &deep, &Json::Null).await.body["scimType"], "invalidFilter");
    let long = format!("Users?filter={}", "x".repeat(20_000));
    assert_eq!(served.send(NAME, "GET", &long, &Json::Null).await.status, 414);
    let long_name = json!({ "userName": "seventeen.letters", "emails": [{ "value": "s@ex.org" }] });
    let refused = served.send(NAME, "POST", "Users", &long_name).await;
    assert_eq!((refused.status, &refused.body["scimType"]), (400, &json!("invalidValue")), "{refused:?}");
    assert!(refused.body["detail"].as_str().is_some_and(|detail| detail.contains("16")), "{refused:?}");
}

#[tokio::test]
async fn locations_follow_what_is_believed() {
    let forwarded = [("x-forwarded-proto", "https"), ("x-forwarded-host", "scim.example.com")];
    for (trusts, public, expected) in [
        (false, None, None),
        (true, None, Some("https://scim.example.com")),
        (true, Some("https://id.example.com/base/"), Some("https://id.example.com/base")),
    ] {
        let instance = instances::vbasoftware().await.expect("an emulator");
        let served = Served::with(vec![instance], InstanceSettings::default(), |builder| {
            let builder = builder.root(NAME).trust_forwarded(trusts);
            match public {
                Some(url) => builder.public_url(url),
                None => builder,
            }
        })
        .await;
        let made = served.request("POST", "Users", &forwarded, &user("kim")).await;
        let start = [expected.unwrap_or(&served.url), "Users", ""].join("/");
        assert_eq!(made.status, 201, "{made:?}");
        assert!(made.body["meta"]["location"].as_str().is_some_and(|at| at.starts_with(&start)), "{start}: {made:?}");
        let schemas = served.request("GET", "Schemas", &[], &Json::Null).await;
        assert_eq!(schemas.status, 200, "{schemas:?}");
        assert_eq!(served.send(NAME, "GET", "Users", &Json::Null).await.body["totalResults"], 1);
    }
}

#[tokio::test]
async fn tokens_have_a_scope_an_end_and_can_be_revoked() {
    let (served, _vendor) = claims(InstanceSettings::default()).await;
    let store = served.store.as_ref();
    let reader = token::make(store, "reader", &[NAME], token::Scope::Read, None).await.expect("a token");
    let elsewhere = token::make(store, "elsewhere", &["other"], token::Scope::Write, None).await.expect("a token");
    let past = provisioning::jiff::Timestamp::UNIX_EPOCH;
    let ended = token::make(store, "ended", &[NAME], token::Scope::Write, Some(past)).await.expect("a token");
    let status = async |token: &vendor_users::client_core::Secret, method: &str, body: Json| {
        let bearer = format!("Bearer {}", token.expose());
        served.request(method, &format!("v/{NAME}/Users"), &[("authorization", &bearer)], &body).await.status
    };
    assert_eq!(status(&reader, "GET", Json::Null).await, 200);
    assert_eq!(status(&reader, "POST", user("kim")).await, 403);
    assert_eq!(status(&elsewhere, "GET", Json::Null).await, 401);
    assert_eq!(status(&ended, "GET", Json::Null).await, 401);
    let id = reader.expose().split('.').next().expect("an identifier").to_owned();
    let listed = token::list(store).await.expect("a list");
    let found = listed.iter().find(|token| token.id == id).expect("the token");
    assert_eq!(
        (found.client.as_str(), found.instances.as_slice(), found.scope),
        ("reader", &[NAME.to_owned()][..], token::Scope::Read)
    );
    let kept = format!("{:?}", store.documents("scim-token", past).await.expect("documents"));
    assert!(!kept.contains(reader.expose().split('.').next_back().expect("a secret")), "{kept}");
    assert!(token::revoke(store, &id).await.expect("the store"));
    assert_eq!(status(&reader, "GET", Json::Null).await, 401);
}
