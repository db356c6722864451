//! From the references that vendors publish to specifications, client crates and the facade.

pub mod api;
pub mod client;
pub mod diagnostic;
pub mod dialect;
pub mod document;
pub mod finding;
pub mod normalize;
pub mod sample;
