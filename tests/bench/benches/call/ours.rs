//! Our client as it is used: credentials by name, the path guarded, the body checked, the response read leniently.

use vbasoftware::{
    Auth, Response,
    types::{User, UserEnvelope},
};

use crate::{DATABASE, KEY, TOKEN, USER};

pub struct Client {
    client: vbasoftware::Client,
    body: User,
}

impl Client {
    pub async fn new(address: &str) -> Self {
        let client = vbasoftware::Client::builder(address)
            .auth(Auth::new().api_key_auth(KEY).bearer_auth(TOKEN))
            .vbasoftware_database(DATABASE)
            .build();
        let body = serde_json::from_str(bench::UPDATE).expect("the sample fits");
        Self { client: client.expect("a client"), body }
    }

    pub async fn call(&self) -> Response<UserEnvelope> {
        self.client.update_user(USER, &self.body).await.expect("a response")
    }
}

pub fn name(response: &Response<UserEnvelope>) -> Option<&str> {
    response.data.as_ref()?.name.as_deref()
}
