//! From the references that vendors publish to specifications, client crates and the facade.

pub mod api;
pub mod assemble;
pub mod diagnostic;
pub mod dialect;
pub mod document;
pub mod finding;
pub mod openapi;
pub mod sample;
pub mod words;
