//! The commands: what each is told, and how it is carried out. Those that do one change for who is picked are `targets` alone.

pub(crate) mod apply;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod create;
#[cfg(feature = "demo")]
pub(crate) mod demo;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod find;
pub(crate) mod get;
pub(crate) mod history;
pub(crate) mod init;
pub(crate) mod list;
pub(crate) mod moved;
pub(crate) mod plan;
pub(crate) mod serve;
pub(crate) mod set;
pub(crate) mod token;
pub(crate) mod vendors;
pub(crate) mod verify;
