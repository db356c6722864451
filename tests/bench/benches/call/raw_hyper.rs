//! The floor: hyper's own connection, headers ready, nothing between it and serde.

use bench::plain::updated::{Envelope, User};
use http_body_util::{BodyExt, Full};
use hyper::{
    Request,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, sync::Mutex};

use crate::{DATABASE, KEY, TOKEN, USER};

pub struct Client {
    host: String,
    bearer: String,
    sender: Mutex<SendRequest<Full<Bytes>>>,
    body: User,
}

impl Client {
    pub async fn new(address: &str) -> Self {
        let host = address.trim_start_matches("http://").to_owned();
        let stream = TcpStream::connect(&host).await.expect("the server listens");
        stream.set_nodelay(true).expect("an open connection");
        let (sender, connection) = handshake(TokioIo::new(stream)).await.expect("the server speaks HTTP");
        tokio::spawn(connection);
        let body = serde_json::from_str(bench::UPDATE).expect("the sample fits");
        Self { host, bearer: format!("Bearer {TOKEN}"), sender: Mutex::new(sender), body }
    }

    pub async fn call(&self) -> Envelope {
        let body = serde_json::to_vec(&self.body).expect("a body");
        let request = Request::put(format!("/users/{USER}"))
            .header("host", &self.host)
            .header("x-api-key", KEY)
            .header("authorization", &self.bearer)
            .header("vbasoftware-database", DATABASE)
            .header("user-agent", "bench")
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))
            .expect("a request");
        let mut sender = self.sender.lock().await;
        sender.ready().await.expect("the connection is open");
        let response = sender.send_request(request).await.expect("a response");
        assert!(response.status().is_success(), "{}", response.status());
        let bytes = response.into_body().collect().await.expect("the whole response").to_bytes();
        serde_json::from_slice(&bytes).expect("the response fits")
    }
}

pub fn name(response: &Envelope) -> Option<&str> {
    response.data.as_ref()?.name.as_deref()
}
