//! progenitor's client as it comes: what it does not know of credentials is given to its HTTP client.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};

use crate::{DATABASE, KEY, TOKEN, USER};

#[allow(warnings, reason = "as it comes")]
#[path = "../../../../target/bench/clients/progenitor/src/lib.rs"]
mod made;

use made::{
    ResponseValue,
    types::{User, UserEnvelope},
};

pub struct Client {
    client: made::Client,
    body: User,
}

impl Client {
    pub async fn new(address: &str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", HeaderValue::from_static(KEY));
        headers.insert("authorization", HeaderValue::from_str(&format!("Bearer {TOKEN}")).expect("a token"));
        // As `Client::new` of the generated code sets it up.
        let limit = Duration::from_secs(15);
        let http = reqwest::Client::builder().connect_timeout(limit).timeout(limit);
        let http = http.default_headers(headers).no_proxy().build().expect("a client");
        let body = serde_json::from_str(bench::UPDATE).expect("the sample fits");
        Self { client: made::Client::new_with_client(address, http), body }
    }

    pub async fn call(&self) -> ResponseValue<UserEnvelope> {
        self.client.update_user(USER, DATABASE, &self.body).await.expect("a response")
    }
}

pub fn name(response: &ResponseValue<UserEnvelope>) -> Option<&str> {
    response.data.as_ref()?.name.as_ref().map(|name| name.as_str())
}
