//! Directories of the vendors: one module each, behind the vendor's feature.
//!
//! In: the vendor's own settings. Out: something that is a [`Directory`](crate::Directory). This and the servers for tests
//! are the only places that know a vendor by name.

#[cfg(feature = "billingplatform")]
pub mod billingplatform;
mod login;
#[cfg(feature = "superoffice")]
pub mod superoffice;
#[cfg(feature = "twosms")]
pub mod twosms;
#[cfg(feature = "vbasoftware")]
pub mod vbasoftware;
