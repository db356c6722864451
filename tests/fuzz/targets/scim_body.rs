//! Any body for a gateway over a directory in memory: whatever is sent, it responds in SCIM's words, and never with 500.

#![no_main]

use std::sync::{Arc, LazyLock};

use axum::{Router, body::Body, http::Request};
use libfuzzer_sys::fuzz_target;
use provisioning::store::SqlStore;
use scim_gateway::{Gateway, InstanceSettings, token};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;
use vendor_users::testing::memory::Memory;

/// A runtime, a gateway and a token; made anew for each input, since inputs must not depend on each other.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Builder::new_current_thread().enable_all().build().expect("a runtime"));

async fn gateway() -> (Router, String) {
    let store = Arc::new(SqlStore::in_memory().expect("a store"));
    let token = token::make(store.as_ref(), "fuzz", &["memory"], token::Scope::Write, None).await.expect("a token");
    let gateway = Gateway::builder(store).instance("memory", Arc::new(Memory::new("memory")), InstanceSettings::default());
    (gateway.build().expect("a gateway").router(), format!("Bearer {}", token.expose()))
}

async fn send(router: &Router, token: &str, method: &str, path: &str, body: &[u8]) -> (u16, serde_json::Value) {
    let request = Request::builder().method(method).uri(format!("/v/memory/{path}")).header("authorization", token);
    let request = request.body(Body::from(body.to_vec())).expect("a request");
    let response = router.clone().oneshot(request).await.expect("a response");
    let status = response.status().as_u16();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 22).await.expect("a body");
    (status, if bytes.is_empty() { serde_json::Value::Null } else { serde_json::from_slice(&bytes).expect("JSON") })
}

fuzz_target!(|body: &[u8]| {
    RUNTIME.block_on(async {
        let (router, token) = gateway().await;
        let (_, kim) = send(&router, &token, "POST", "Users", br#"{"userName": "kim", "title": "Clerk"}"#).await;
        let one = format!("Users/{}", kim["id"].as_str().expect("an identifier"));
        for (method, path) in [("POST", "Users"), ("PUT", &*one), ("PATCH", &*one), ("POST", "Users/.search")] {
            let (status, said) = send(&router, &token, method, path, body).await;
            assert!(matches!(status, 200 | 201 | 400 | 403 | 409 | 413), "{method} {path}: {status} {said}");
            assert!(status < 400 || said["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{said}");
        }
        let (status, list) = send(&router, &token, "GET", "Users", b"").await;
        assert_eq!(status, 200, "{list}");
    });
});
