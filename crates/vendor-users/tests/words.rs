//! What a vendor says inside of a successful response is shown without secrets. Over sockets.

use std::error::Error as StdError;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use vendor_users::{Directory as _, UserDraft, adapter, twosms};

use crate::support::required;

type Result<T> = std::result::Result<T, Box<dyn StdError>>;

/// A server with one body for logins and one for all else, that has no user to be read.
async fn start(login: &'static str, other: (u16, &'static str)) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = [0; 16 << 10];
            let read = stream.read(&mut bytes).await.unwrap_or_default();
            let head = String::from_utf8_lossy(bytes.get(..read).unwrap_or_default()).into_owned();
            let line = head.lines().next().unwrap_or_default();
            let is_login = line.contains("/Token") || line.contains("user-authentication");
            let (status, body) = match line.starts_with("GET ") {
                true if line.contains("IncludeSuperUsers") => {
                    (200, r#"{"Error":null,"ResponseData":{"Result":"OK","Detail":[]}}"#)
                }
                true => (404, r#"{"data":null,"error":{"title":"Not Found","status":404},"Error":{"ErrorCode":"404"}}"#),
                false if is_login => (200, login),
                false => other,
            };
            let response = format!(
                "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len(),
            );
            let _ = stream.write_all(response.as_bytes()).await;
        }
    });
    Ok(url)
}

fn all_of(error: &(dyn StdError + 'static)) -> String {
    let mut text = format!("{error} {error:?}");
    if let Some(source) = error.source() {
        text += &all_of(source);
    }
    text
}

#[tokio::test]
async fn the_reason_beside_one_user_of_a_batch_is_masked() -> Result<()> {
    let outcome = r#"{"data":[{"id":[{"key":"user_ID","value":"kim"}],"status":400,"body":{"title":"Bad Request","detail":"'Hunter2-planted' is too weak, said t0ken-planted"}}]}"#;
    let url = start(r#"{"data":{"authenticationResult":{"idToken":"t0ken-planted"}}}"#, (207, outcome)).await?;
    let settings = adapter::vbasoftware::Settings::new("key", "db", "admin", "pw").client("c", "cc").base_url(url);
    let directory = adapter::vbasoftware::connect(settings).await?;
    let mut record = required::vba_user("kim");
    record.password.set("Hunter2-planted");
    let draft = UserDraft::builder().record(record).title("Clerk").replace_existing(true).build();
    for outcome in directory.save_all(&[draft]).await? {
        let error = all_of(&outcome.err().ok_or("expected an error")?);
        assert!(error.contains("is too weak") && !error.contains("planted"), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn the_reason_in_an_envelope_is_masked() -> Result<()> {
    let refused = r#"{"Error":{"ErrorCode":"7","ErrorReason":"Pin 8812 and Hunter2-planted are too weak"},"ResponseData":null}"#;
    let url = start(r#"{"access_token":"t0ken-planted","expires_in":100}"#, (200, refused)).await?;
    let directory = adapter::twosms::connect(adapter::twosms::Settings::new("id", "planted").base_url(url)).await?;
    let required = twosms::types::UserRequired {
        display_name: "Kim".into(),
        email_address: "kim@example.com".into(),
        enabled: true,
        language_id: "c2fd9942-2548-483b-875c-a724b208dcaa".into(),
        mobile_phone: "+1 555 0100".into(),
        time_zone: "UTC".into(),
        username: "kim".into(),
    };
    let mut record = twosms::types::User::new(required);
    record.id.set("a2d8b2d2-1673-4f2d-a9ec-b02947160be7");
    record.password.set("Hunter2-planted");
    record.pin.set("8812");
    let error = directory
        .save(&UserDraft::builder().record(record).display_name("Kim Lee").replace_existing(true).build())
        .await
        .err()
        .ok_or("expected an error")?;
    let error = all_of(&error);
    assert!(error.contains("are too weak") && !error.contains("planted") && !error.contains("8812"), "{error}");
    Ok(())
}
