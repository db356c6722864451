#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod carried;
mod digest;
mod failure;
mod gateway;
mod mapped;
pub mod protocol;
mod resource;
mod routes;
mod schemas;
mod service;
pub mod settings;
pub mod token;
mod wanted;

pub use gateway::{Gateway, GatewayBuilder};
pub use settings::{InstanceSettings, Limits};
