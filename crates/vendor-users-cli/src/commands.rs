//! The commands, a module each: what each is told, and how it is carried out.

pub(crate) mod apply;
pub(crate) mod check;
#[cfg(feature = "demo")]
pub(crate) mod demo;
pub(crate) mod export;
pub(crate) mod find;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod plan;
pub(crate) mod vendors;
