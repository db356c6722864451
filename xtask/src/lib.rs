//! From the references that vendors publish to specifications, client crates and the facade.

pub mod api;
pub mod assemble;
pub mod client;
pub mod diagnostic;
pub mod dialect;
pub mod document;
pub mod examples;
pub mod explain;
pub mod facade;
pub mod failure;
pub mod files;
pub mod finding;
pub mod import;
pub mod items;
pub mod lint;
pub mod nodes;
pub mod normalize;
pub mod openapi;
pub mod overlay;
pub mod regen;
pub mod report;
pub mod sample;
pub mod specification;
pub mod table;
pub mod vendor;
pub mod words;
