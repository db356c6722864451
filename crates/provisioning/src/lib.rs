#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod store;

pub use jiff;
pub use store::{Link, Store, StoreError};
