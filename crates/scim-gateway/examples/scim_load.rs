//! Load for a SCIM server: creates users, then looks them up, reads and changes them, and lists; says how many requests a second
//! that were and how long they took: `cargo run --release -p scim-gateway --example scim_load URL TOKEN [USERS] [AT_ONCE]`.
//! `tests/tools/scim-load` runs it against this gateway and others.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use serde_json::{Value as Json, json};
use vendor_users::client_core::reqwest::{Client, Method};

#[derive(Debug)]
struct Server {
    client: Client,
    url: String,
    token: String,
}

impl Server {
    async fn send(&self, method: Method, path: &str, body: Option<Json>) -> Result<(Duration, Json), String> {
        let mut request = self.client.request(method, format!("{}/{path}", self.url));
        request = request.header("authorization", format!("Bearer {}", self.token));
        if let Some(body) = body {
            request = request.header("content-type", "application/scim+json").body(body.to_string());
        }
        let begun = Instant::now();
        let response = request.send().await.map_err(|error| error.to_string())?;
        let status = response.status();
        let bytes = response.bytes().await.map_err(|error| error.to_string())?;
        if !status.is_success() {
            return Err(format!("{path}: {status} {}", String::from_utf8_lossy(&bytes)));
        }
        Ok((begun.elapsed(), serde_json::from_slice(&bytes).unwrap_or_default()))
    }
}

/// Sends one request for each number, so many at once; returns what came back.
async fn measure<F>(name: &str, numbers: usize, at_once: usize, send: impl Fn(usize) -> F) -> Result<Vec<Json>, String>
where
    F: Future<Output = Result<(Duration, Json), String>>,
{
    let begun = Instant::now();
    let mut times = Vec::with_capacity(numbers);
    let mut bodies = Vec::with_capacity(numbers);
    let mut sent = stream::iter(0..numbers).map(send).buffer_unordered(at_once);
    while let Some(done) = sent.next().await {
        let (took, body) = done?;
        times.push(took);
        bodies.push(body);
    }
    times.sort();
    let at =
        |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1))).copied().unwrap_or_default();
    let rate = f64::from(u32::try_from(times.len()).unwrap_or(u32::MAX)) / begun.elapsed().as_secs_f64();
    println!("{name:<8} {rate:>8.0} requests/s   p50 {:>8.2?}   p99 {:>8.2?}", at(50), at(99));
    Ok(bodies)
}

#[tokio::main]
async fn main() -> Result<(), String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [url, token, rest @ ..] = words.as_slice() else { return Err("load URL TOKEN [USERS] [AT_ONCE]".to_owned()) };
    let number = |at: usize, or: usize| rest.get(at).and_then(|word| word.parse().ok()).unwrap_or(or);
    let (users, at_once) = (number(0, 1000), number(1, 16));
    let client = Client::builder().no_proxy().build().map_err(|error| error.to_string())?;
    let server = Arc::new(Server { client, url: url.trim_end_matches('/').to_owned(), token: token.clone() });
    let user = |number: usize| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": format!("user{number}@example.com"),
            "name": { "givenName": "Kim", "familyName": format!("Lee {number}") }, "active": true,
            "emails": [{ "type": "work", "primary": true, "value": format!("user{number}@example.com") }],
        })
    };
    let made = measure("create", users, at_once, |number| server.send(Method::POST, "Users", Some(user(number)))).await?;
    let ids: Vec<String> = made.iter().filter_map(|user| user["id"].as_str().map(str::to_owned)).collect();
    let some = users.min(2000);
    let id = |number: usize| format!("Users/{}", ids.get(number * 7919 % ids.len().max(1)).map_or("", String::as_str));
    let path = |number: usize| format!("Users?filter=userName%20eq%20%22user{}@example.com%22", number * 7919 % users);
    measure("find", some, at_once, |number| {
        let (server, path) = (Arc::clone(&server), path(number));
        async move { server.send(Method::GET, &path, None).await }
    })
    .await?;
    measure("read", some, at_once, |number| {
        let (server, path) = (Arc::clone(&server), id(number));
        async move { server.send(Method::GET, &path, None).await }
    })
    .await?;
    measure("change", some, at_once, |number| {
        let (server, path) = (Arc::clone(&server), id(number));
        let operation = json!({ "op": "replace", "path": "title", "value": format!("Clerk {number}") });
        let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation] });
        async move { server.send(Method::PATCH, &path, Some(body)).await }
    })
    .await?;
    let listed = measure("list", 3, 1, |_| server.send(Method::GET, "Users?startIndex=1&count=100", None)).await?;
    let total = listed.first().map(|list| list["totalResults"].clone()).unwrap_or_default();
    println!("{total} users");
    if total.as_u64().is_none_or(|total| usize::try_from(total).is_ok_and(|total| total < users)) {
        return Err(format!("{users} users were created, and the list has {total}"));
    }
    Ok(())
}
