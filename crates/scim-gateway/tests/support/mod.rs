//! A gateway on a socket of this machine, over directories in memory and vendors' emulators.

use std::collections::BTreeMap;
use std::sync::Arc;

use provisioning::Store;
use provisioning::store::SqlStore;
use scim_gateway::{Gateway, GatewayBuilder, InstanceSettings, token};
use serde_json::Value as Json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use vendor_users::client_core::reqwest;

// The example serves the same ones to tools that are not ours.
#[path = "../../examples/serve/instances.rs"]
pub(crate) mod instances;

use instances::Instance;

/// A gateway that serves until it is dropped.
pub(crate) struct Served {
    /// Its address, without a path.
    pub(crate) url: String,
    /// A token that may write at all instances.
    pub(crate) token: String,
    /// Its store.
    pub(crate) store: Arc<dyn Store>,
    pub(crate) instances: Vec<Instance>,
    client: reqwest::Client,
    task: JoinHandle<()>,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Json,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Served {
    /// Serves these instances with the same settings each.
    pub(crate) async fn start(instances: Vec<Instance>, settings: InstanceSettings) -> Self {
        Self::with(instances, settings, |builder| builder).await
    }

    /// The same with a gateway of other settings.
    pub(crate) async fn with(
        instances: Vec<Instance>,
        settings: InstanceSettings,
        change: impl FnOnce(GatewayBuilder) -> GatewayBuilder,
    ) -> Self {
        let store: Arc<dyn Store> = Arc::new(SqlStore::in_memory().expect("a store"));
        Self::over(store, instances, settings, change).await
    }

    /// The same over a store that others use, too.
    pub(crate) async fn over(
        store: Arc<dyn Store>,
        instances: Vec<Instance>,
        settings: InstanceSettings,
        change: impl FnOnce(GatewayBuilder) -> GatewayBuilder,
    ) -> Self {
        let mut builder = Gateway::builder(Arc::clone(&store));
        for instance in &instances {
            builder = builder.instance(instance.name, Arc::clone(&instance.directory), instance.settings(settings.clone()));
        }
        let names: Vec<&str> = instances.iter().map(|instance| instance.name).collect();
        let token = token::make(store.as_ref(), "client", &names, token::Scope::Write, None).await.expect("a token");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = change(builder).build().expect("a gateway").router();
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { url, token: token.expose().to_owned(), store, instances, client, task }
    }

    /// Sends a request to the path below the gateway's address.
    pub(crate) async fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Json) -> Response {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.client.request(method, format!("{}/{path}", self.url));
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization")) {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !body.is_null() {
            if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
                request = request.header("content-type", "application/scim+json");
            }
            request = request.body(body.to_string());
        }
        let response = request.send().await.expect("a response");
        let status = response.status().as_u16();
        let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        let bytes = response.bytes().await.expect("a body");
        Response { status, headers, body: serde_json::from_slice(&bytes).unwrap_or_default() }
    }

    /// Sends a request about an instance.
    pub(crate) async fn send(&self, instance: &str, method: &str, path: &str, body: &Json) -> Response {
        self.request(method, &format!("v/{instance}/{path}"), &[], body).await
    }
}

/// `text` as it may stand in a query.
pub(crate) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
