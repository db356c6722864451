//! A server of a router: TLS, connections and their limits, metrics, logs, and an end that lets requests finish.

mod tls;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;

use crate::failure::Failure;
use crate::output::note;

/// How long a client may take for its TLS handshake, and for the head of a request.
const HEAD: Duration = Duration::from_secs(10);
/// How long requests that are under way may take once the server is to end.
const GRACE: Duration = Duration::from_secs(30);
/// Bytes of a request's head.
const HEAD_SIZE: usize = 64 << 10;
/// Headers of a request.
const HEADERS: usize = 64;

/// Where to listen, and how.
#[derive(Debug)]
pub(crate) struct Listening {
    pub(crate) address: String,
    /// Certificate and key.
    pub(crate) tls: Option<(PathBuf, PathBuf)>,
    /// Where metrics are read.
    pub(crate) metrics: Option<String>,
    /// How many connections there may be.
    pub(crate) connections: usize,
}

/// Writes what happens to standard error, a line of JSON each.
pub(crate) fn logs() {
    // A program that has set a subscriber already keeps it.
    let _ = tracing_subscriber::fmt().json().with_max_level(tracing::Level::INFO).with_writer(std::io::stderr).try_init();
}

/// A server that listens, and serves nobody yet.
pub(crate) struct Server {
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    connections: usize,
}

impl Server {
    /// Listens, and serves metrics where that is asked for.
    pub(crate) async fn bind(listening: &Listening) -> Result<Self, Failure> {
        let acceptor = listening.tls.as_ref().map(|(certificate, key)| tls::acceptor(certificate, key)).transpose()?;
        let listener = bind(&listening.address).await?;
        if let Some(address) = &listening.metrics {
            metrics(address).await?;
        }
        Ok(Self { listener, acceptor, connections: listening.connections })
    }

    /// The address of the server.
    pub(crate) fn url(&self) -> Result<String, Failure> {
        let scheme = if self.acceptor.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{}", self.listener.local_addr().map_err(Failure::failed)?))
    }

    /// Serves until `ended`, and lets requests that are under way finish.
    pub(crate) async fn run<T>(self, router: Router, ended: impl Future<Output = T>) {
        let Self { listener, acceptor, connections } = self;
        let free = Arc::new(Semaphore::new(connections));
        let graceful = GracefulShutdown::new();
        let mut ended = std::pin::pin!(ended);
        loop {
            let accepted = tokio::select! {
                accepted = accept(&listener, &free) => accepted,
                _ = &mut ended => break,
            };
            let Some((stream, place)) = accepted else { continue };
            let (router, acceptor, watcher) = (router.clone(), acceptor.clone(), graceful.watcher());
            tokio::spawn(async move {
                let _place = place;
                match acceptor {
                    None => connection(stream, router, watcher).await,
                    Some(acceptor) => {
                        let greeted = tokio::time::timeout(HEAD, acceptor.accept(stream)).await;
                        if let Ok(Ok(stream)) = greeted {
                            connection(stream, router, watcher).await;
                        }
                    }
                }
            });
        }
        drop(listener);
        tracing::info!("ending");
        if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
            tracing::warn!("some requests did not finish; the next process looks what became of them");
        }
    }
}

/// The next connection. Whoever finds no place waits in the system's queue.
async fn accept(listener: &TcpListener, free: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(free).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, place)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

async fn bind(address: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| Failure::failed(format!("{address}: {error}")))
}

async fn connection<S>(stream: S, router: Router, watcher: hyper_util::server::graceful::Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_SIZE).max_headers(HEADERS);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    // Clients hang up as they like.
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Serves metrics for Prometheus, at an address of their own: they are nothing for clients.
async fn metrics(address: &str) -> Result<(), Failure> {
    let handle = PrometheusBuilder::new().install_recorder().map_err(Failure::failed)?;
    let router = Router::new().route("/metrics", get(async move || handle.render()));
    let listener = bind(address).await?;
    note(&format!("serving metrics at http://{}/metrics", listener.local_addr().map_err(Failure::failed)?));
    tokio::spawn(async move {
        // Connections end with what they are watched by.
        let graceful = GracefulShutdown::new();
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            tokio::spawn(connection(stream, router.clone(), graceful.watcher()));
        }
    });
    Ok(())
}
