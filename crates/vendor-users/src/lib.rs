#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod adapter;
pub mod attribute;
mod batch;
pub mod capability;
pub mod directory;
pub mod draft;
pub mod error;
#[rustfmt::skip]
mod generated;
pub mod patch;
pub mod plan;
pub mod record;
#[cfg(feature = "scim")]
pub mod scim;
#[cfg(feature = "testing")]
pub mod testing;
pub mod user;
pub mod value;

pub use attribute::Attribute;
pub use capability::{Capabilities, Capability, Verb};
pub use client_core;
pub use directory::{By, Directory, Outcome};
pub use draft::{UserDraft, UserDraftBuilder};
pub use error::Error;
pub use generated::*;
pub use patch::UserPatch;
pub use plan::{Action, Plan};
pub use user::User;
