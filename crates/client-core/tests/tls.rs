//! Servers that are not to be trusted are refused at once, and an authority that the program adds holds for derived clients.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::support::api::{self, CREATE_USER, OPEN};
use client_core::reqwest::Certificate;
use client_core::{Client, Json};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    // A certificate whose subject is its issuer's name is taken for self-signed by OpenSSL.
    params.distinguished_name.push(DnType::CommonName, "An authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Parameters of a certificate that is good now.
fn good(name: &str) -> CertificateParams {
    CertificateParams::new([name.to_owned()]).unwrap()
}

/// A server with this certificate; the number of its connections.
async fn serve(certificate: CertificateDer<'static>, key: &KeyPair) -> (String, Arc<AtomicU32>) {
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut bytes = [0; 4096];
            let _ = stream.read(&mut bytes).await;
            let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (url, count)
}

fn client(url: &str, authority: Option<&CertifiedIssuer<'static, KeyPair>>) -> Client {
    let added: Vec<_> = authority.map(|issuer| Certificate::from_der(issuer.der()).unwrap()).into_iter().collect();
    api::builder(url).http(move |http| http.tls_certs_merge(added)).build().unwrap()
}

#[tokio::test]
async fn an_authority_that_is_added_is_trusted_by_derived_clients_too() {
    let (issuer, key) = (authority(), KeyPair::generate().unwrap());
    let (url, _) = serve(good("localhost").signed_by(&key, &issuer).unwrap().der().clone(), &key).await;
    let base = client(&url, Some(&issuer));
    for client in
        [&base, &base.to_builder().build().unwrap(), &base.to_builder().http(|http| http.https_only(true)).build().unwrap()]
    {
        client.call(&OPEN).send::<Json, ()>().await.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_trusted_is_refused_without_another_attempt() {
    let (issuer, key) = (authority(), KeyPair::generate().unwrap());
    let signed = |params: CertificateParams| params.signed_by(&key, &issuer).unwrap().der().clone();
    let mut expired = good("localhost");
    (expired.not_before, expired.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    let cases = [
        ("unknown authority", signed(good("localhost")), None),
        ("wrong host", signed(good("elsewhere.example")), Some(&issuer)),
        ("expired", signed(expired), Some(&issuer)),
        ("self-signed", good("localhost").self_signed(&key).unwrap().der().clone(), Some(&issuer)),
    ];
    for (name, certificate, trusted) in cases {
        let (url, count) = serve(certificate, &key).await;
        let user = api::user();
        let error = client(&url, trusted).call(&CREATE_USER).json(&user).send::<Json, ()>().await.unwrap_err();
        assert!(!error.may_have_arrived(), "{name}: {error}");
        assert_eq!((error.attempts(), count.load(Ordering::SeqCst)), (1, 1), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_server_of_an_old_protocol_is_refused_without_another_attempt() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = [0; 4096];
            let _ = stream.read(&mut bytes).await;
            // What a server says that speaks no later TLS than 1.1: a fatal alert about the version of the protocol.
            let _ = stream.write_all(&[21, 3, 2, 0, 2, 2, 70]).await;
            let _ = stream.shutdown().await;
        }
    });
    let error = client(&url, None).call(&OPEN).send::<Json, ()>().await.unwrap_err();
    assert_eq!((error.attempts(), error.may_have_arrived()), (1, false), "{error}");
}

#[tokio::test]
async fn a_proxy_that_wants_credentials_is_asked_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = client_core::reqwest::Proxy::https(format!("http://{}", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = [0; 4096];
            let _ = stream.read(&mut bytes).await;
            let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n";
            let _ = stream.write_all(refusal.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    let client = api::builder("https://vendor.example").http(move |http| http.proxy(proxy)).build().unwrap();
    let error = client.call(&OPEN).send::<Json, ()>().await.unwrap_err();
    assert_eq!((error.attempts(), error.may_have_arrived()), (1, false), "{error}");
    assert!(error.to_string().contains("proxy authorization required"), "{error}");
}
