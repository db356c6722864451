//! openapi-generator's client as it comes.

use std::cell::RefCell;

use crate::{
    CALLS, DATABASE, KEY, TOKEN, USER, WARM_UP,
    apis::{
        configuration::{ApiKey, Configuration},
        user_api::update_user,
    },
    models::{User, UserEnvelope},
};

pub struct Client {
    configuration: Configuration,
    /// It takes bodies as its own: copies are made beforehand, since a caller may have no need of one.
    bodies: RefCell<Vec<User>>,
}

impl Client {
    pub async fn new(address: &str) -> Self {
        let configuration = Configuration {
            base_path: address.to_owned(),
            client: reqwest::Client::builder().no_proxy().build().expect("a client"),
            api_key: Some(ApiKey { prefix: None, key: KEY.to_owned() }),
            bearer_access_token: Some(TOKEN.to_owned()),
            ..Configuration::default()
        };
        let body: User = serde_json::from_str(bench::UPDATE).expect("the sample fits");
        Self { configuration, bodies: RefCell::new(vec![body; CALLS + WARM_UP]) }
    }

    pub async fn call(&self) -> UserEnvelope {
        let body = self.bodies.borrow_mut().pop().expect("as many bodies as calls");
        update_user(&self.configuration, USER, DATABASE, body).await.expect("a response")
    }
}

pub fn name(response: &UserEnvelope) -> Option<&str> {
    response.data.as_ref()?.name.as_ref()?.as_deref()
}
