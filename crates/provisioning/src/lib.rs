#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod apply;
pub mod config;
pub mod mapping;
pub mod people;
pub mod place;
pub mod planner;
pub mod saved;
pub mod snapshot;
pub mod store;

pub use jiff;
pub use store::{Link, Store, StoreError};
