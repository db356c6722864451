//! What the caller changes of the transport holds for every request of a directory, logins included. Over sockets.

use std::error::Error as StdError;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use vendor_users::client_core::reqwest::{ClientBuilder, Proxy, redirect};
use vendor_users::{Directory as _, Error, UserDraft, adapter, superoffice};

type Result<T> = std::result::Result<T, Box<dyn StdError>>;

/// A server that sends whoever comes to another place, and remembers the first lines of the requests.
async fn start() -> Result<(String, Arc<Mutex<Vec<String>>>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let lines = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&lines);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = [0; 4096];
            let read = stream.read(&mut bytes).await.unwrap_or_default();
            let head = String::from_utf8_lossy(bytes.get(..read).unwrap_or_default()).into_owned();
            if let (Some(line), Ok(mut seen)) = (head.lines().next(), seen.lock()) {
                seen.push(line.to_owned());
            }
            let moved =
                "HTTP/1.1 307 Moved\r\nlocation: http://elsewhere.example/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            let _ = stream.write_all(moved.as_bytes()).await;
        }
    });
    Ok((url, lines))
}

/// The first error at each vendor, for clients changed by `$tune`.
macro_rules! first_errors {
    ($url:expr, |$builder:ident| $tune:expr) => {{
        let url: &str = $url;
        let billingplatform = adapter::billingplatform::Settings::new(url, "ann", "planted");
        let twosms = adapter::twosms::Settings::new("ann", "planted").base_url(url);
        let vbasoftware = adapter::vbasoftware::Settings::new("key", "ACME", "ann", "planted").client("c", "d").base_url(url);
        let superoffice = adapter::superoffice::Settings::new(url, superoffice::Auth::new().basic("ann", "planted"));
        let draft = UserDraft::builder().user_name("kim").build();
        [
            adapter::billingplatform::connect_with(billingplatform, |$builder| $tune).await.err(),
            adapter::twosms::connect_with(twosms, |$builder| $tune).await.err(),
            adapter::vbasoftware::connect_with(vbasoftware, |$builder| $tune).await.err(),
            match adapter::superoffice::connect_with(superoffice, |$builder| $tune).await {
                Ok(users) => users.create(&draft).await.err(),
                Err(error) => Some(error),
            },
        ]
    }};
}

#[tokio::test]
async fn a_proxy_and_plain_http_reach_logins_and_no_redirect_is_followed() -> Result<()> {
    let (proxy, lines) = start().await?;
    let proxy = Proxy::all(proxy)?;
    let through = move |http: ClientBuilder| http.proxy(proxy.clone()).redirect(redirect::Policy::limited(10));
    let errors = first_errors!("http://vendor.example/x", |builder| builder.allow_insecure(true).http(through.clone()));
    for error in errors {
        let text = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(text.contains("307"), "{text}");
    }
    let lines = lines.lock().map_err(|_| "the proxy failed")?;
    let paths: Vec<_> = lines.iter().filter_map(|line| line.strip_prefix("POST http://vendor.example/x/")).collect();
    assert_eq!(paths.len(), 4, "{lines:?}");
    assert!(paths[..3].iter().all(|path| ["login", "Token", "auth"].iter().any(|word| path.contains(word))), "{paths:?}");
    Ok(())
}

#[tokio::test]
async fn a_timeout_reaches_logins() -> Result<()> {
    // It takes connections, and never says anything.
    let silent = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", silent.local_addr()?);
    let start = Instant::now();
    for error in first_errors!(&url, |builder| builder.timeout(Duration::from_millis(200))) {
        assert!(error.is_some_and(|error| error.to_string().contains("timed out")));
    }
    assert!(start.elapsed() < Duration::from_secs(5));
    Ok(())
}

#[tokio::test]
async fn plain_http_to_another_machine_is_refused_unless_it_is_asked_for() {
    for error in first_errors!("http://vendor.example", |builder| builder) {
        assert!(error.as_ref().map(Error::kind) == Some(vendor_users::ErrorKind::Misconfigured), "{error:?}");
    }
}
