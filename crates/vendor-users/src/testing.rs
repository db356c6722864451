//! Emulators of the vendors: HTTP servers in memory, for tests without credentials.
//!
//! Each speaks its vendor's paths, headers, envelopes, errors and quirks on a free port of 127.0.0.1, and remembers what it was
//! told. It says what the documents say; where those are silent, a comment says what was assumed. Its state can be read and
//! changed ([`Emulator::with`]), its exchanges looked at ([`Emulator::exchanges`]), [faults](Fault) injected, and a vendor
//! wrapped: [`Vendor`] is a trait, and each module gives its logins and the settings for any address.
//!
//! ```no_run
//! # #[cfg(feature = "vbasoftware")]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use vendor_users::testing::{Fault, vbasoftware};
//! use vendor_users::{Directory, adapter};
//!
//! let emulator = vbasoftware::start().await?;
//! let directory = adapter::vbasoftware::connect(emulator.settings()).await?;
//! emulator.inject(Fault::status(503).on("GET", "users").every(3));
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
mod exchange;
mod fault;
mod http;
pub mod memory;
mod records;
#[cfg(feature = "superoffice")]
pub mod superoffice;
#[cfg(feature = "twosms")]
pub mod twosms;
#[cfg(feature = "vbasoftware")]
pub mod vbasoftware;

pub use exchange::{Exchange, Reply, Request};
pub use fault::Fault;
pub use records::Records;

/// A vendor's side of the conversation. To change what a vendor does, wrap it: answer what is to be different, and hand all else
/// to the vendor's own.
pub trait Vendor: Send + 'static {
    /// What comes before the paths of the specification, such as `/vbasoftware`.
    const BASE: &'static str;

    /// Logs a caller in, and returns the headers that authenticate its requests.
    fn authenticate(&mut self) -> Vec<(&'static str, String)>;

    /// Responds to one request, whose path is below [`Vendor::BASE`].
    fn respond(&mut self, request: &Request) -> Reply;
}

/// A running emulator of one vendor; it ends when this is dropped.
#[derive(Debug)]
pub struct Emulator<V> {
    address: SocketAddr,
    shared: Arc<Shared<V>>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared<V> {
    vendor: Mutex<V>,
    exchanges: Mutex<Vec<Exchange>>,
    faults: Mutex<Vec<Fault>>,
}

impl<V: Vendor> Emulator<V> {
    /// Starts `vendor` on a free port of this machine.
    ///
    /// # Errors
    ///
    /// The system gives no port.
    pub async fn start(vendor: V) -> io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { vendor: Mutex::new(vendor), exchanges: Mutex::default(), faults: Mutex::default() });
        let task = tokio::spawn(http::serve(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, task })
    }

    /// Returns the base URL for the vendor's client.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, V::BASE)
    }

    /// Headers that authenticate a request, for clients of others.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        self.with(V::authenticate)
    }

    /// Reads the vendor's state, or changes it.
    pub fn with<R>(&self, visit: impl FnOnce(&mut V) -> R) -> R {
        visit(&mut lock(&self.shared.vendor))
    }

    /// Lets a fault happen from now on, beside those that were injected before.
    pub fn inject(&self, fault: Fault) {
        lock(&self.shared.faults).push(fault);
    }

    /// Ends all faults.
    pub fn heal(&self) {
        lock(&self.shared.faults).clear();
    }

    /// Returns the requests and responses so far, in order, logins included.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        lock(&self.shared.exchanges).clone()
    }

    /// Forgets the requests and responses so far.
    pub fn forget(&self) {
        lock(&self.shared.exchanges).clear();
    }
}

impl<V> Drop for Emulator<V> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A test that failed while it held the lock has said so already.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
