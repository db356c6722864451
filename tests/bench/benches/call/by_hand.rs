//! What a person writes with reqwest: what never changes is given to the client once, the rest to each request.

use bench::plain::updated::{Envelope, User};
use reqwest::header::{HeaderMap, HeaderValue};

use crate::{DATABASE, KEY, TOKEN, USER};

pub struct Client {
    http: reqwest::Client,
    address: String,
    body: User,
}

impl Client {
    pub async fn new(address: &str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", HeaderValue::from_static(KEY));
        headers.insert("vbasoftware-database", HeaderValue::from_static(DATABASE));
        headers.insert("accept", HeaderValue::from_static("application/json"));
        let http = reqwest::Client::builder().default_headers(headers).user_agent("bench").no_proxy().build();
        let body = serde_json::from_str(bench::UPDATE).expect("the sample fits");
        Self { http: http.expect("a client"), address: address.to_owned(), body }
    }

    pub async fn call(&self) -> Envelope {
        let request = self.http.put(format!("{}/users/{USER}", self.address)).bearer_auth(TOKEN).json(&self.body);
        let response = request.send().await.expect("a response").error_for_status().expect("a success");
        response.json().await.expect("the response fits")
    }
}

pub fn name(response: &Envelope) -> Option<&str> {
    response.data.as_ref()?.name.as_deref()
}
