//! Directories of the vendors: one module each, behind the vendor's feature.
//!
//! Each takes the vendor's own settings and gives the [`Primitives`](crate::Primitives) of a [`Directory`](crate::Directory).
//! This and the emulators are the only places that know a vendor by name.

#[cfg(feature = "billingplatform")]
pub mod billingplatform;
mod login;
mod settings;
#[cfg(feature = "superoffice")]
pub mod superoffice;
#[cfg(feature = "twosms")]
pub mod twosms;
#[cfg(feature = "vbasoftware")]
pub mod vbasoftware;
