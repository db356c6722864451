//! Conversations of identity providers with the gateway over a vendor's emulator.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use provisioning::store::SqlStore;
use scim_gateway::{Gateway, InstanceSettings, token};
use serde_json::{Value as Json, json};
use tower::ServiceExt as _;
use vendor_users::testing::{Emulator, vbasoftware};

struct Claims {
    router: Router,
    token: String,
    _emulator: Emulator<vbasoftware::Vba>,
}

async fn claims(settings: InstanceSettings) -> Claims {
    let emulator = vbasoftware::start().await.expect("an emulator");
    let settings_of_vendor = emulator.settings().defaults(vbasoftware::flags());
    let directory = vendor_users::adapter::vbasoftware::connect(settings_of_vendor).await.expect("a login");
    let store = Arc::new(SqlStore::in_memory().expect("a store"));
    let token = token::make(store.as_ref(), "okta", &["claims"], token::Scope::Write, None).await.expect("a token");
    let gateway = Gateway::builder(store).instance("claims", Arc::new(directory), settings).build().expect("a gateway");
    Claims { router: gateway.router(), token: token.expose().to_owned(), _emulator: emulator }
}

impl Claims {
    async fn send(&self, method: &str, path: &str, body: Json) -> (u16, Json) {
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let request = Request::builder().method(method).uri(format!("/v/claims/{path}"));
        let request = request.header("authorization", format!("Bearer {}", self.token)).body(body).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("a response");
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a body");
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }
}

fn kim() -> Json {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "Kim.Lee", "externalId": "00u1",
        "name": { "givenName": "Kim", "familyName": "Lee" }, "active": true, "password": "placeholder",
        "emails": [{ "primary": true, "type": "work", "value": "kim@example.com" }],
    })
}

#[tokio::test]
async fn a_user_joins_moves_leaves_and_comes_back() {
    let claims = claims(InstanceSettings::default()).await;
    let (status, probe) = claims.send("GET", "Users?startIndex=1&count=2", Json::Null).await;
    assert_eq!((status, &probe["totalResults"]), (200, &json!(0)), "{probe}");

    let (status, made) = claims.send("POST", "Users", kim()).await;
    assert_eq!(status, 201, "{made}");
    let id = made["id"].as_str().expect("an identifier").to_owned();
    assert_eq!(
        (&made["userName"], &made["externalId"], &made["active"]),
        (&json!("Kim.Lee"), &json!("00u1"), &json!(true)),
        "{made}"
    );
    assert_eq!((&made["name"]["familyName"], &made["emails"][0]["value"]), (&json!("Lee"), &json!("kim@example.com")), "{made}");
    assert!(!made.to_string().contains("placeholder"));

    let (status, again) = claims.send("POST", "Users", kim()).await;
    assert_eq!((status, &again["scimType"]), (409, &json!("uniqueness")), "{again}");

    for filter in [r#"userName eq "kim.lee""#, r#"externalId eq "00u1""#, r#"emails[type eq "work"].value eq "kim@example.com""#]
    {
        let encoded = filter.replace(' ', "%20").replace('"', "%22").replace('[', "%5B").replace(']', "%5D");
        let (status, found) = claims.send("GET", &format!("Users?filter={encoded}"), Json::Null).await;
        assert_eq!(
            (status, &found["totalResults"], &found["Resources"][0]["id"]),
            (200, &json!(1), &json!(id)),
            "{filter}: {found}"
        );
    }

    let one = format!("Users/{id}");
    let rename =
        json!({ "Operations": [{ "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "k.lee@example.com" }] });
    let (status, changed) = claims.send("PATCH", &one, rename.clone()).await;
    assert_eq!((status, &changed["emails"][0]["value"]), (200, &json!("k.lee@example.com")), "{changed}");
    let (_, same) = claims.send("PATCH", &one, rename).await;
    assert_eq!(same["meta"]["version"], changed["meta"]["version"]);

    for (active, expected) in [(json!("False"), false), (json!(true), true), (json!(false), false)] {
        let patch = json!({ "Operations": [{ "op": "replace", "value": { "active": active } }] });
        let (status, switched) = claims.send("PATCH", &one, patch).await;
        assert_eq!((status, &switched["active"]), (200, &json!(expected)), "{switched}");
    }

    assert_eq!(claims.send("DELETE", &one, Json::Null).await.0, 204);
    assert_eq!(claims.send("GET", &one, Json::Null).await.0, 404);
    let (_, gone) = claims.send("GET", "Users", Json::Null).await;
    assert_eq!(gone["totalResults"], json!(0), "{gone}");
    let (status, back) = claims.send("POST", "Users", kim()).await;
    assert_eq!((status, &back["active"]), (201, &json!(true)), "{back}");
    assert_ne!(back["id"], json!(id));
}

#[tokio::test]
async fn posts_at_the_same_time_make_one_user() {
    let claims = claims(InstanceSettings::default()).await;
    let posts = (0..8).map(|_| claims.send("POST", "Users", kim()));
    let statuses: Vec<u16> = futures_util::future::join_all(posts).await.into_iter().map(|(status, _)| status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 201 | 409)), "{statuses:?}");
}

#[tokio::test]
async fn one_deactivation_too_many_is_refused() {
    let claims = claims(InstanceSettings::default().max_deactivations_per_hour(Some(0))).await;
    let (_, made) = claims.send("POST", "Users", kim()).await;
    let one = format!("Users/{}", made["id"].as_str().expect("an identifier"));
    let patch = json!({ "Operations": [{ "op": "replace", "value": { "active": false } }] });
    assert_eq!(claims.send("PATCH", &one, patch).await.0, 503);
    assert_eq!(claims.send("GET", &one, Json::Null).await.1["active"], json!(true));
}

#[tokio::test]
async fn lists_come_in_pages_with_right_totals() {
    let claims = claims(InstanceSettings::default()).await;
    for number in 0..7 {
        let mut user = kim();
        user["userName"] = json!(format!("user{number}"));
        user["externalId"] = json!(format!("x{number}"));
        user["emails"][0]["value"] = json!(format!("user{number}@example.com"));
        assert_eq!(claims.send("POST", "Users", user).await.0, 201);
    }
    let mut seen = Vec::new();
    for start in [1, 4, 7, 10] {
        let (status, page) = claims.send("GET", &format!("Users?startIndex={start}&count=3&sortBy=userName"), Json::Null).await;
        assert_eq!((status, &page["totalResults"], &page["startIndex"]), (200, &json!(7), &json!(start)), "{page}");
        seen.extend(page["Resources"].as_array().expect("a list").iter().map(|user| user["userName"].to_string()));
    }
    assert_eq!(seen, (0..7).map(|number| format!("\"user{number}\"")).collect::<Vec<_>>());
}

#[tokio::test]
async fn strangers_and_wrong_requests_are_told_so() {
    let mut claims = claims(InstanceSettings::default()).await;
    for (method, path, body, expected) in [
        ("GET", "Users/none", Json::Null, 404),
        ("GET", "Groups", Json::Null, 200),
        ("GET", "Schemas", Json::Null, 200),
        ("GET", "ResourceTypes/User", Json::Null, 200),
        ("GET", "ServiceProviderConfig", Json::Null, 200),
        ("PUT", "Users", json!({}), 405),
        ("POST", "Users", json!([]), 400),
        ("POST", "Users", json!({ "active": true }), 400),
        ("GET", "Users?filter=nonsense", Json::Null, 400),
        ("POST", "Bulk", json!({}), 501),
    ] {
        let (status, said) = claims.send(method, path, body).await;
        assert_eq!(status, expected, "{method} {path}: {said}");
    }
    claims.token.push('0');
    assert_eq!(claims.send("GET", "Users", Json::Null).await.0, 401);
}
