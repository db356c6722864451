//! From the references that vendors publish to specifications, client crates and the facade.

pub mod api;
pub mod assemble;
pub mod diagnostic;
pub mod dialect;
pub mod document;
pub mod facade;
pub mod failure;
pub mod finding;
pub mod nodes;
pub mod openapi;
pub mod overlay;
pub mod sample;
pub mod vendor;
pub mod words;
