#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod adapter;
pub mod attribute;
pub mod batch;
pub mod capabilities;
pub mod capability;
pub mod choice;
mod derived;
pub mod directory;
pub mod draft;
pub mod error;
#[rustfmt::skip]
mod generated;
pub mod instance;
pub mod intent;
pub mod operations;
pub mod outcome;
mod password;
pub mod patch;
pub mod plan;
pub mod primitives;
pub mod query;
pub mod record;
mod same;
#[cfg(feature = "scim")]
pub mod scim;
pub mod search;
mod shape;
pub mod switch;
#[cfg(feature = "testing")]
pub mod testing;
pub mod user;
pub mod value;
mod value_error;

pub use attribute::Attribute;
pub use batch::Batch;
pub use capabilities::{AttributeConstraints, Capabilities, CapabilitiesBuilder, Clearing, DroppedAttribute};
pub use capability::{Capability, Evidence, Means, Operation, Verb};
pub use choice::{Choice, FirstCredential};
pub use client_core;
pub use directory::Directory;
pub use draft::{UserDraft, UserDraftBuilder};
pub use error::{Error, ErrorKind, Problem};
pub use generated::*;
pub use instance::Instance;
pub use intent::Intent;
pub use operations::DocumentedUsers;
pub use outcome::{Effect, Outcome};
pub use patch::UserPatch;
pub use plan::{Action, Plan};
pub use primitives::Primitives;
pub use query::{ListQuery, UserPage};
pub use search::{By, Found, MatchKey};
pub use switch::{Switched, Taken};
pub use user::User;
