//! What the tests share.

pub(crate) mod browser;
pub(crate) mod calls;
pub(crate) mod clock;
pub(crate) mod compiled;
pub(crate) mod harmless;
pub(crate) mod modules;
pub(crate) mod operations;
pub(crate) mod outline;
pub(crate) mod render;
pub(crate) mod skipped;
pub(crate) mod socket;
pub(crate) mod specification;
pub(crate) mod swagger;
pub(crate) mod tree;
pub(crate) mod workspace;
