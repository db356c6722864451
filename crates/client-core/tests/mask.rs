//! What is hidden in a vendor's words, and what is not.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::support::api::{self, CREATE_USER, Problem, User};
use crate::support::{Server, answer};
use base64::Engine as _;
use client_core::{Credential, Mask, Secret};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// A password with all the signs that some encoding escapes.
const PASSWORD: &str = r#"hun<t"er&2 +/é%"#;

fn mask() -> Mask {
    let builder = api::builder("https://api.example.com").credential("ticket", Credential::key("7T:planted"));
    let client = builder.credential("basic", Credential::basic("admin", "b4sic-planted")).build().unwrap();
    client.mask().with(&Secret::from(PASSWORD)).with(&Secret::from("42"))
}

#[test]
fn our_own_secrets_are_found_in_every_form() {
    let encoded = utf8_percent_encode(PASSWORD, NON_ALPHANUMERIC).to_string();
    let json = serde_json::to_string(PASSWORD).unwrap();
    let forms = [
        PASSWORD.to_owned(),
        PASSWORD.to_uppercase(),
        encoded.clone(),
        encoded.to_lowercase(),
        encoded.replace("%20", "+"),
        encoded.replace('%', "%25"),
        encoded.replace('%', "%2525"),
        "hun&lt;t&quot;er&amp;2 +/&#233;%".to_owned(),
        "hun&#60;t&#x22;er&#38;2&nbsp;+/é%".to_owned(),
        json.trim_matches('"').to_owned(),
        serde_json::to_string(&json).unwrap(),
        r"hun\u003ct\u0022er\u00262 +\/\u00e9%".to_owned(),
        r"hun\x3ct\x22er\x262 +/é%".to_owned(),
        r"hun\\u003ct\\\u0022er\\u00262 +\/\\u00e9%".to_owned(),
        "hun<t\"er&2\r\n +/é%".to_owned(),
        "aHVuPHQiZXImMiArL8OpJQ==".to_owned(),
        "aHVuPHQiZXImMiArL8OpJQ".to_owned(),
        "YWRtaW46aHVuPHQiZXImMiArL8OpJQ==".to_owned(),
        "YTpodW48dCJlciYyICsvw6kl".to_owned(),
        "68756e3c74226572263220".to_owned() + "2b2fc3a925",
        "b4sic-<b>planted</b>".to_owned(),
        "B4SIC-PLANTED".to_owned(),
        "YWRtaW46YjRzaWMtcGxhbnRlZA==".to_owned(),
        "YWRtaW46YjRzaWMt\r\ncGxhbnRlZA==".to_owned(),
        "7T%3Aplanted".to_owned(),
        "42".to_owned(),
    ];
    let mask = mask();
    for form in forms {
        for text in [format!("value {form} is bad"), format!("value[{form}]is bad"), format!("a=1&v={form}&b=is bad")] {
            let shown = mask.text(&text);
            let known = ["value", "is bad", "a=1&v=", "&b=", "[", "]", "***", " ", "\\", "\""];
            let left = known.iter().fold(shown.clone(), |left, known| left.replace(known, ""));
            assert!(left.is_empty() && shown.contains("***"), "{text}\nshows {shown}");
        }
    }
    assert_eq!(mask.text("420 of 1420 hunters"), "420 of 1420 hunters");
}

#[test]
fn what_stands_beside_a_word_of_a_secret_is_hidden() {
    let mask = mask();
    let table = [
        ("see /login?user=bob&password=0pal7&x=1", "see /login?user=bob&password=***&x=1"),
        ("see /login?user%3Dbob%26password%3D0pal7%26x%3D1", "see /login?user%3Dbob%26password%3D***%26x%3D1"),
        ("Server=db;User Id=sa;Password=0pal7;Pooling=1", "Server=db;User Id=sa;Password=***;Pooling=1"),
        ("Your new password is 0pal7-secret.", "Your new password is ***."),
        ("password 0pal7-secret rejected", "password *** rejected"),
        ("the password 'plainword' is too weak", "the password '***' is too weak"),
        ("password is too weak", "password is too weak"),
        ("Password must have 8 characters", "Password must have 8 characters"),
        ("array('password' => '0pal7', 'id' => 7)", "array('password' => '***', 'id' => 7)"),
        ("api_key: 0pal7, x-api-key = \"0t her\" end", "api_key: ***, x-api-key = \"***\" end"),
        (
            r#"{\"user\": \"bob\", \"password\" : \"0th er\", \"x\": 1}"#,
            r#"{\"user\": \"bob\", \"password\" : \"***\", \"x\": 1}"#,
        ),
        ("&quot;password&quot;:&quot;0pal7&quot;,&quot;x&quot;:1", "&quot;password&quot;:&quot;***&quot;,&quot;x&quot;:1"),
        ("Authorization: Bearer abc.def next", "Authorization: Bearer *** next"),
        ("Authorization: SOTicket 7T:0pal7 next", "Authorization: SOTicket *** next"),
        ("SoTicketId=7T:0pal7; ticket: 7T:0pal7", "SoTicketId=***; ticket: ***"),
        ("use Bearer abc now", "use Bearer *** now"),
        ("Basic authentication is off", "Basic authentication is off"),
        ("could not reach https://svc:0pal7@db/x", "could not reach https://svc:***@db/x"),
        ("<user><password>0pal7</password><id>7</id></user>", "*** 7"),
        ("<user password=\"0pal7\" id=\"7\"/> done", "done"),
        ("<td>Password:</td><td>0pal7</td> done", "Password: *** done"),
        ("<style>b{}</style><h1>Bad\r\nGateway</h1>a < b", "Bad Gateway a < b"),
        ("<script>never closed", ""),
        ("use code 834921, error code 1004", "use code ***, error code 1004"),
        ("key=0pal7-1 beside key=user_ID", "key=*** beside key=user_ID"),
        ("code:password=0pal7", "code:password=***"),
        ("token AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDDEEEE", "token ***"),
        ("AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDDEEEE end", "*** end"),
        ("password=", "password="),
        ("password: null, token = true", "password: null, token = true"),
        ("\u{202e}evil\u{0}x", "evil x"),
    ];
    for (text, expected) in table {
        assert_eq!(mask.text(text), expected, "{text}");
    }
}

#[tokio::test]
async fn excerpts_of_json_hide_by_member() {
    let table = [
        (
            r#"{"Password":"x","message":"no","nested":[{"sessionId":7}]}"#,
            r#"{"Password":"***","message":"no","nested":[{"sessionId":"***"}]}"#,
        ),
        (r#"{"m":420,"n":42,"passwordExpired":true,"token":null}"#, r#"{"m":420,"n":"***","passwordExpired":true,"token":null}"#),
        (
            r#"{"pass":"a","accessKey":"b","auth":"c","key":"d1","code":"invalid"}"#,
            r#"{"accessKey":"***","auth":"***","code":"invalid","key":"***","pass":"***"}"#,
        ),
        (
            r#"{"fields":[{"name":"Password","value":"x"},{"name":"Id","value":"7"}]}"#,
            r#"{"fields":[{"name":"Password","value":"***"},{"name":"Id","value":"7"}]}"#,
        ),
        (
            r#"{"message":"{\"user\":\"bob\", \"password\" : {\"a\":\"x\"}}"}"#,
            r#"{"message":"{\"password\":\"***\",\"user\":\"bob\"}"}"#,
        ),
        (r#"{"errors":{"hun<t\"er&2 +/é%":["too weak"]}}"#, r#"{"errors":{"***":["too weak"]}}"#),
        (r#"{"password":"cut of"#, r#"{"password":"***"#),
        (r#"{"password":"one two three", "x": 1, "#, r#"{"password":"***", "x": 1,"#),
        ("\u{feff}{\"b\":1,\"a\":2}", r#"{"a":2,"b":1}"#),
    ];
    for (body, expected) in table {
        let server = Server::start(vec![answer(400, &[("content-type", "application/json")], body)]).await;
        let client = api::builder(&server.url()).build().unwrap();
        let user = User { password: PASSWORD.into(), pin: "42".into(), ..api::user() };
        let error = client.call(&CREATE_USER).json(&user).send::<User, Problem>().await.unwrap_err();
        assert_eq!(error.to_string(), format!("CreateUser at 127.0.0.1 returned status 400: {expected}"));
    }
}

#[tokio::test]
async fn masking_takes_linear_time_whatever_the_body_is() {
    let fills = [
        "<script>",
        "<",
        "</script",
        "password ",
        "code:",
        "key:",
        "password=\"",
        "&amp;",
        "%25",
        "\\\\",
        "\\u005c",
        "://",
        "a ",
        "[{\"",
        "hun<t",
    ];
    let mut slowest = (Duration::ZERO, "");
    for fill in fills {
        for json in [false, true] {
            let text = fill.repeat((256 << 10) / fill.len());
            let body = if json { serde_json::to_string(&[text]).unwrap() } else { text };
            let server = Server::start(vec![answer(500, &[("content-type", "text/plain")], &body)]).await;
            let client =
                api::builder(&server.url()).timeout(Duration::from_secs(60)).deadline(Duration::from_secs(60)).build().unwrap();
            let start = Instant::now();
            let error = client.call(&CREATE_USER).form("x", &Secret::from(PASSWORD)).send::<User, Problem>().await.unwrap_err();
            slowest = slowest.max((start.elapsed(), fill));
            assert_eq!(error.status().map(|status| status.as_u16()), Some(500), "{error}");
            assert!(error.to_string().chars().count() < 500);
        }
        // Words of any length, as an adapter hands them on: four times as long, some four times as slow.
        let mask = mask();
        let time = |length: usize| {
            let text = fill.repeat(length / fill.len());
            // The best of several: a busy machine holds a run up, and none is faster than the work takes.
            let runs = (0..3).map(|_| {
                let start = Instant::now();
                assert!(mask.text(&text).len() <= text.len() + 3 * text.len());
                start.elapsed()
            });
            runs.min().unwrap_or_default()
        };
        let (short, long) = (time(8 << 10), time(32 << 10));
        assert!(long < 12 * short + Duration::from_millis(200), "{fill}: {short:?}, then {long:?}");
    }
    assert!(slowest.0 < Duration::from_secs(3), "{slowest:?}");
}

/// One layer of escapes.
fn escape(text: &str, layer: u8) -> String {
    match layer {
        0 => utf8_percent_encode(text, NON_ALPHANUMERIC).to_string(),
        1 => text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;"),
        2 => text.chars().map(|letter| format!("&#x{:x};", u32::from(letter))).collect(),
        3 => {
            let quoted = serde_json::to_string(text).unwrap();
            quoted[1..quoted.len() - 1].replace("\\\"", "\\u0022")
        }
        _ => text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect(),
    }
}

/// Of Base64 a plus is not compared, since forms send it as a space: what is left of a short password is compared all the same.
#[test]
fn a_short_password_is_hidden_in_base64_with_pluses() {
    for password in ["> A00", ">>>>>", "\u{fb}\u{ef}\u{be}", "~>~>~>"] {
        let client = api::builder("https://api.example.com").credential("basic", Credential::basic("user", password));
        let mask = client.build().unwrap().mask();
        for user in ["user", "us", "use"] {
            let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
            for form in [encoded.clone(), encoded.replace('+', "-").replace('/', "_"), encoded.replace('+', "%2B")] {
                let shown = mask.text(&format!("refused {form} at once"));
                assert!(!shown.contains(&form), "{password}: {shown}");
            }
        }
    }
}

/// What stands behind it, such as the quote that ends a JSON string, would be read as the rest of the escape.
#[test]
fn a_secret_that_ends_as_an_escape_begins_is_hidden() {
    for secret in ["0 <0\\", "open<sesame\\", "open<sesame%", "open<sesame&", "<12\\\\"] {
        let client = api::builder("https://api.example.com").credential("basic", Credential::basic("user", secret));
        let mask = client.build().unwrap().mask();
        for layers in [[1, 0], [1, 4], [0, 4], [3, 0], [1, 2], [2, 0], [0, 0]] {
            let form = layers.iter().fold(secret.to_owned(), |text, layer| escape(&text, *layer));
            for behind in ["\"", "n", "lt;", "41", "/"] {
                let shown = mask.text(&format!(r#"{{"errors":{{"{form}{behind}:"x"}}}}"#));
                let found = [secret, form.as_str()].into_iter().find(|form| shown.contains(form));
                assert_eq!(found, None, "{layers:?} {behind}: {shown}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever a secret is, however it is escaped and wherever it stands.
    #[test]
    fn no_form_of_a_secret_survives(
        secret in "[!-~é ]{5,24}",
        encoding in 0u8..5,
        layers in prop::collection::vec(0u8..5, 0..3),
        around in ("[ -~é]{0,40}", "[ -~é]{0,40}"),
        place in 0u8..5,
    ) {
        prop_assume!(secret.trim().len() >= 5);
        let base64 = base64::engine::general_purpose::STANDARD;
        let inner = match encoding {
            0 => base64.encode(format!("user:{secret}")),
            1 => base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&secret),
            2 => secret.to_ascii_uppercase(),
            _ => secret.clone(),
        };
        let form = layers.iter().fold(inner.clone(), |text, layer| escape(&text, *layer));
        let (before, after) = (format!("{} ", around.0), format!(" {}", around.1));
        let body = match place {
            0 => format!("{before}{form}{after}"),
            1 => serde_json::json!({ "detail": [format!("{before}{form}{after}")] }).to_string(),
            2 => serde_json::json!({ "errors": { (form.clone()): "x" } }).to_string(),
            3 => format!("<p>{}{form}{}</p>", before.replace('<', ""), after.replace('<', "")),
            _ => format!(r#"{{"cut":"{before}{form}"#),
        };
        let client = api::builder("https://api.example.com").credential("basic", Credential::basic("user", secret.as_str()));
        let shown = client.build().unwrap().mask().text(&body);
        for form in [&secret, &inner, &form] {
            prop_assert!(!shown.contains(form.as_str()), "{body}\nshows {form} in {shown}");
        }
    }
}
