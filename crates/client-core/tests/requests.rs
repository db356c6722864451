//! A request is awaited; its options differ from what the client's builder says, for this call alone.

#![allow(clippy::unwrap_used)]

use crate::support::api::{self, CREATE_USER, GET_USER, Problem, User};
use crate::support::{Act, Server, answer, json};
use client_core::{Client, Error};
use std::time::{Duration, Instant};

struct Users(Client);

impl Users {
    fn get_user(&self, id: &str) -> GetUser<'_> {
        GetUser::new(self.0.call(&GET_USER).path("userID", id))
    }

    fn create_users<'a>(&'a self, body: &'a [User]) -> CreateUsers<'a> {
        CreateUsers::new(self.0.call(&CREATE_USER).json(body))
    }
}

client_core::codegen::request!(pub(crate) GetUser of Users::get_user -> User, Problem);
client_core::codegen::request!(pub(crate) CreateUsers of Users::create_users -> (), Problem);

impl GetUser<'_> {
    fn page(self, page: i32) -> Self {
        Self { call: self.call.query("page", &page) }
    }
}

async fn users(script: Vec<Act>) -> (Server, Users) {
    let server = Server::start(script).await;
    let client = api::builder(&server.url()).build().unwrap();
    (server, Users(client))
}

#[tokio::test]
async fn the_timeout_of_a_call_is_its_own() {
    let (_server, users) = users(vec![Act::Stall]).await;
    let start = Instant::now();
    let error = users.get_user("ann").timeout(Duration::from_millis(50)).await.unwrap_err();
    assert!(matches!(error, Error::TimedOut(_)) && start.elapsed() < Duration::from_millis(600), "{error}");
    assert!(error.to_string().contains("50ms"), "{error}");
}

#[tokio::test]
async fn the_last_value_of_a_parameter_or_header_counts_and_credentials_stay() {
    let (server, users) = users(vec![json(200, "{}")]).await;
    let request = users.get_user("ann").page(1).header("x-trace", "1").header("x-api-key", "mine");
    request.page(2).header("x-trace", "2").await.unwrap();
    let sent = &server.requests()[0];
    assert!(sent.starts_with("GET /users/ann?page=2 HTTP"), "{sent}");
    assert_eq!(sent.matches("x-trace").count(), 1, "{sent}");
    assert!(sent.contains("x-trace: 2") && sent.contains("x-api-key: k3y-planted") && !sent.contains("mine"), "{sent}");
}

#[tokio::test]
async fn whether_a_call_is_retried_can_be_said() {
    let later = answer(503, &[], "");
    let (server, users) = users(vec![later, json(200, "{}")]).await;
    assert_eq!(users.get_user("ann").retry(false).await.unwrap_err().attempts(), 1);
    assert_eq!(server.requests().len(), 1);
    let (server, users) = self::users(vec![Act::ResetBefore, json(200, "{}")]).await;
    let body = [api::user()];
    assert_eq!(users.create_users(&body).retry(true).await.unwrap().attempts(), 2);
    assert!(server.requests()[1].ends_with(r#"[{"user_ID":"ann","Password":"hunter2-planted"}]"#));
}

#[tokio::test]
async fn the_bytes_of_a_response_are_kept_on_request() {
    let text = r#"{"user_ID": "ann" }"#;
    let (_server, users) = users(vec![json(200, text)]).await;
    assert_eq!(users.get_user("ann").await.unwrap().bytes(), None);
    assert_eq!(users.get_user("ann").keep_bytes().await.unwrap().bytes(), Some(text.as_bytes()));
    let body = [api::user()];
    assert_eq!(users.create_users(&body).keep_bytes().await.unwrap().bytes(), Some(text.as_bytes()));
}
