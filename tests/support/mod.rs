//! What the tests share.

pub(crate) mod outline;
pub(crate) mod swagger;
