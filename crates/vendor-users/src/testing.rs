//! Every vendor on your desk: HTTP servers in memory, for tests without credentials.
//!
//! In: nothing but what tests put there. Out: servers on free ports of 127.0.0.1 that speak a vendor's paths, headers,
//! envelopes, errors and quirks, and remember what they were told. They say what the documents say; where those are silent, a
//! comment in the server says what was assumed.
//!
//! ```no_run
//! # #[cfg(feature = "vbasoftware")]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use vendor_users::{Directory, adapter, testing};
//!
//! let server = testing::vbasoftware::start().await?;
//! let directory = adapter::vbasoftware::connect(server.settings()).await?;
//! assert!(directory.get("nobody").await.is_err());
//! # Ok(()) }
//! ```

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

#[cfg(feature = "billingplatform")]
pub mod billingplatform;
mod http;
mod records;
#[cfg(feature = "superoffice")]
pub mod superoffice;
#[cfg(feature = "twosms")]
pub mod twosms;
#[cfg(feature = "vbasoftware")]
pub mod vbasoftware;

pub use http::{Exchange, Reply, Request};
pub use records::Records;

/// A vendor's side of the conversation.
pub trait Vendor: Send + 'static {
    /// What comes before the paths of the specification, such as `/vbasoftware`.
    const BASE: &'static str;

    /// Logs somebody in: the headers that let a request in.
    fn admit(&mut self) -> Vec<(&'static str, String)>;

    /// Answers one request, whose path is below [`Vendor::BASE`].
    fn answer(&mut self, request: &Request) -> Reply;
}

/// A server of one vendor; it ends when this is dropped.
#[derive(Debug)]
pub struct Server<V> {
    address: SocketAddr,
    shared: Arc<Shared<V>>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared<V> {
    vendor: Mutex<V>,
    exchanges: Mutex<Vec<Exchange>>,
}

impl<V: Vendor> Server<V> {
    /// Starts `vendor` on a free port of this machine.
    ///
    /// # Errors
    ///
    /// The system gives no port.
    pub async fn start(vendor: V) -> io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { vendor: Mutex::new(vendor), exchanges: Mutex::default() });
        let task = tokio::spawn(http::serve(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, task })
    }

    /// The base URL for the vendor's client.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, V::BASE)
    }

    /// Headers that let a request in, for clients that are not ours.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        self.with(V::admit)
    }

    /// Looks at the vendor's state, or changes it.
    pub fn with<R>(&self, look: impl FnOnce(&mut V) -> R) -> R {
        look(&mut lock(&self.shared.vendor))
    }

    /// What was asked and answered so far, in order, logins included.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        lock(&self.shared.exchanges).clone()
    }

    /// Forgets what was asked and answered so far.
    pub fn forget(&self) {
        lock(&self.shared.exchanges).clear();
    }
}

impl<V> Drop for Server<V> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A test that failed while it held the lock has said so already.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
